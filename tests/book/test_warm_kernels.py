"""Kernels that are forked from one process start as fresh as others, and end as others do."""

import os
import re
import sys

import nbformat
import psutil
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from tests.book.conftest import FRONT_MATTER, ROOT, build_small

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import warm_kernels
from kernel_sockets import execute

pytestmark = [
    pytest.mark.xdist_group("book"),
    pytest.mark.skipif(sys.platform != "linux", reason="SKIPPED: forked on Linux alone"),
]


@pytest.fixture
def nursery(monkeypatch):
    """A nursery that is open."""
    ours = warm_kernels.Nursery()
    monkeypatch.setattr(warm_kernels, "NURSERY_OF_THE_BUILD", ours)
    monkeypatch.delenv("PYTHONPATH", raising=False)  # means another folder to each, if relative
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", factory.default_provisioner_name)
    warm_kernels.open_nursery(None, None, ["a page"])
    yield ours
    ours.close()


def told(*cells: str, **options) -> str:
    """What a notebook of these cells prints."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    execute(notebook, kernel_name="python3", **options)
    return "".join(output.text for cell in notebook.cells for output in cell.outputs)


WHERE = """\
import os, sys, warnings, numpy, matplotlib.pyplot
print(os.getcwd(), sys.path, matplotlib.get_backend(), sorted(map(str, warnings.filters)))
"""
PARENT = "import os; print(os.getppid())"


def test_a_kernel_of_the_nursery_finds_what_any_kernel_finds(nursery, tmp_path):
    assert told(PARENT) == f"{nursery.process.pid}\n"
    warm = told(WHERE, cwd=str(tmp_path))
    nursery.close()
    assert told(PARENT) == f"{os.getpid()}\n"
    assert told(WHERE, cwd=str(tmp_path)) == warm


def test_a_kernel_of_the_nursery_shows_figures(nursery):
    plot = nbformat.v4.new_code_cell("import matplotlib.pyplot as plt; plt.plot([1, 2]);")
    notebook = nbformat.v4.new_notebook(cells=[plot])
    execute(notebook, kernel_name="python3")
    assert [output.output_type for output in plot.outputs] == ["display_data"]


def test_no_kernel_sees_what_another_did(nursery):
    told("import numpy, matplotlib.pyplot as plt; numpy.left = 1; plt.rcParams['font.size'] = 99")
    look = "import numpy, matplotlib.pyplot as plt; print(hasattr(numpy, 'left'))"
    assert told(look, "print(plt.rcParams['font.size'] < 99)") == "False\nTrue\n"


def test_kernels_do_not_draw_the_same_numbers(nursery):
    draw = "import numpy, random; print(numpy.random.random(), random.random())"
    first, second = told(draw).split(), told(draw).split()
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_a_kernel_that_dies_is_said_to_be_dead(nursery):
    with pytest.raises(DeadKernelError):
        told("import os; os._exit(1)")
    assert told("print(1)") == "1\n"


def test_a_cell_that_takes_too_long_ends_with_its_kernel(nursery):
    with pytest.raises(CellTimeoutError):
        told("import time; time.sleep(60)", timeout=1)
    _, left = psutil.wait_procs(psutil.Process(nursery.process.pid).children(), timeout=30)
    assert not left


def test_a_kernel_is_gone_when_its_notebook_is_done(nursery):
    slow_to_go = "import atexit, os, time; atexit.register(time.sleep, 1); print(os.getpid())"
    assert not psutil.pid_exists(int(told(slow_to_go)))


def test_kernels_end_with_the_nursery(nursery):
    kernel = nursery.kernel(["-f", "/nowhere/to/be/read.json"], "/")
    assert kernel.poll() is None
    assert psutil.Process(kernel.pid).ppid() == nursery.process.pid
    nursery.close()
    kernel.connection.settimeout(30)
    assert kernel.wait() == 0
    assert kernel.poll() == 0
    kernel.kill()  # says nothing, and hits nobody who has the number now


def test_a_nursery_that_cannot_open_is_done_without(nursery, monkeypatch, tmp_path):
    nursery.close()
    monkeypatch.setattr(warm_kernels, "NURSERY", tmp_path / "missing.py")
    nursery.start()
    nursery.process.wait(30)
    assert told(PARENT) == f"{os.getpid()}\n"


def test_nothing_opens_where_no_page_is_to_be_read(monkeypatch):
    ours = warm_kernels.Nursery()
    monkeypatch.setattr(warm_kernels, "NURSERY_OF_THE_BUILD", ours)
    warm_kernels.open_nursery(None, None, [])
    assert ours.process is None


def test_pages_of_a_build_run_in_kernels_of_the_nursery(small_book):
    page = small_book / "book" / "plain.md"
    ask = (
        "import psutil\nprint(psutil.Process().parent().cmdline())\nprint(psutil.Process().ppid())"
    )
    page.write_text(f"{FRONT_MATTER}# Plain\n\n```{{code-cell}}\n{ask}\n```\n", encoding="utf-8")
    built = build_small(small_book)
    assert built.status == 0, built.log
    shown = (built.html / "book" / "plain.html").read_text(encoding="utf-8")
    assert "nursery.py" in shown
    assert not psutil.pid_exists(int(re.search(r"\n(\d+)\n</pre>", shown)[1]))
