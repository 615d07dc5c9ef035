"""The pages as Jupyter Book builds them by itself: ``python -m tests.site.stock FOLDER``.

What our pages say needs our directives; all that makes the site ours is left out: typesetting,
trimming, drawings in the page, the search, styles. MathJax lies on the same host, so that the two
can be compared where there is no other.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tests.site.node import ROOT, modules

CONTENT = ("own_packages", "api_reference", "code_dependencies", "editions", "figure_style",
           "given_numbers", "kernel_sockets", "notebooks", "parallel_build", "poster",
           "problem_set_pages", "published", "reading")  # fmt: skip
"""Extensions without which the pages could not be read."""
OURS = ("html_math_renderer", "html_css_files", "html_theme_options", "nb_code_prompt_show",
        "nb_code_prompt_hide")  # fmt: skip
MATHJAX = "mathjax/es5/tex-mml-chtml.js"


def settings() -> dict:
    found = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    for kept_by_default in ("html", "launch_buttons"):
        found.pop(kept_by_default, None)
    sphinx = found["sphinx"]
    known = sphinx["local_extensions"]
    sphinx["local_extensions"] = {name: known[name] for name in CONTENT if name in known}
    sphinx["config"] = {k: v for k, v in sphinx["config"].items() if k not in OURS}
    sphinx["config"]["mathjax_path"] = MATHJAX
    return found


def main(target: str) -> int:
    """Build a copy of the book, in which nothing but the settings differs."""
    folder = Path(target).resolve()
    source = folder / "source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns("build", "_build", ".venv", ".git", "__pycache__"),
    )
    (source / "_config.yml").write_text(yaml.safe_dump(settings()), encoding="utf-8")
    mathjax = source / "book" / "_static" / "mathjax"
    shutil.copytree(modules() / "mathjax", mathjax, ignore=shutil.ignore_patterns("node_modules"))
    program = str(Path(sys.executable).with_name("jupyter-book"))
    return subprocess.call([program, "build", "--path-output", str(folder), str(source)])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
