"""Give every page the course's figure style, with no line of it in the pages.

Kernels inherit the environment of the build: matplotlib finds the style file as its defaults,
IPython finds a profile that asks for SVG, and each kernel computes with one thread, because
several run side by side.
"""

import os
from pathlib import Path

PROFILE = 'c.InlineBackend.figure_formats = {"svg"}\n'


def prepare_kernels(app, config) -> None:
    profile = Path(app.outdir).parent / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(PROFILE, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(profile.parent)
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    os.environ["MATPLOTLIBRC"] = str(Path(app.srcdir) / "book" / "course.mplstyle")


def setup(app):
    app.connect("config-inited", prepare_kernels)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
