"""Kernels that start at one time do not get in each other's way."""

import socket
import stat
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from book._ext import kernel_sockets
from book._ext.kernel_sockets import execute, kernel_settings
from jupyter_client.provisioning import local_provisioner
from tests.book.conftest import build_small

pytestmark = pytest.mark.xdist_group("book")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="SKIPPED: Windows stays with TCP")

SAME_PORT = """\
import os
from jupyter_client.provisioning.local_provisioner import LocalPortCache

def setup(app):
    LocalPortCache.find_available_port = lambda self, ip: int(os.environ["SAME_PORT"])
"""
"""Makes every kernel of a build get the same port."""


@pytest.fixture
def notebook():
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("6 * 7")])


@pytest.fixture
def taken_port():
    """A port that somebody else has taken, since Jupyter looked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A function that makes a folder and has temporary files go there."""

    def go(folder: Path) -> Path:
        folder.mkdir(parents=True)
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        return folder

    return go


def result(notebook) -> str:
    return notebook.cells[0].outputs[0].data["text/plain"]


@POSIX
def test_a_port_that_another_has_taken_does_no_harm(notebook, taken_port, monkeypatch):
    monkeypatch.setattr(
        local_provisioner.LocalPortCache, "find_available_port", lambda self, ip: taken_port
    )
    assert result(execute(notebook, kernel_name="python3")) == "42"


@POSIX
def test_nor_does_it_in_a_build_that_would_fail_with_tcp(small_book, taken_port):
    (small_book / "book/_ext/same_port.py").write_text(SAME_PORT, encoding="utf-8")
    settings = small_book / "_config.yml"
    listed = "  local_extensions:\n"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(listed, f"{listed}    same_port: book/_ext\n"),
        encoding="utf-8",
    )
    built = build_small(small_book, SAME_PORT=str(taken_port))
    assert built.status == 0, built.log
    assert "WARNING" not in built.log

    text = settings.read_text(encoding="utf-8").replace("    kernel_sockets: book/_ext\n", "")
    settings.write_text(text, encoding="utf-8")
    built = build_small(small_book, SAME_PORT=str(taken_port), BOOK_CACHE=str(small_book / "none"))
    assert built.status != 0
    assert "Kernel died" in built.log


@POSIX
@pytest.mark.parametrize("name", ["plain", "with blanks", "Ünïcödé ∂"])
def test_a_kernel_leaves_nothing_behind(notebook, temporary, tmp_path, name):
    folder = temporary(Path(tempfile.mkdtemp()) / name)
    with kernel_settings() as settings:
        place = Path(settings.KernelManager.ip)
        assert place.is_relative_to(folder)
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert result(execute(notebook, kernel_name="python3")) == "42"
    assert list(folder.iterdir()) == []
    folder.rmdir()
    folder.parent.rmdir()


@POSIX
@pytest.mark.parametrize("name", ["long" * 30, "not-\udce9-utf-8"])
def test_a_folder_that_cannot_hold_sockets_is_passed_over(notebook, temporary, tmp_path, name):
    folder = temporary(tmp_path / name)
    with kernel_settings() as settings:
        assert settings.KernelManager.ip.startswith("/tmp/kernel-")
    assert result(execute(notebook, kernel_name="python3")) == "42"
    assert list(folder.iterdir()) == []


def test_where_no_folder_can_hold_sockets_kernels_talk_by_tcp(notebook, monkeypatch):
    monkeypatch.setattr(kernel_sockets, "holds_sockets", lambda parent: False)
    with kernel_settings() as settings:
        assert settings == {}
    assert result(execute(notebook, kernel_name="python3")) == "42"


def test_a_line_that_comes_in_two_pieces_stays_one(notebook):
    halting = "import time\nprint('examples:', end=' ', flush=True)\ntime.sleep(1)\nprint(5)"
    notebook.cells[0].source = halting
    execute(notebook, kernel_name="python3")
    assert [output.text for output in notebook.cells[0].outputs] == ["examples: 5\n"]


def test_what_is_printed_after_a_result_stays_after_it(notebook):
    notebook.cells[0].source = "for k in range(3):\n    print(k)\n    display(k)"
    execute(notebook, kernel_name="python3")
    outputs = [
        output.text if output.output_type == "stream" else output.data["text/plain"]
        for output in notebook.cells[0].outputs
    ]
    assert outputs == ["0\n", "0", "1\n", "1", "2\n", "2"]


def test_windows_is_left_to_tcp(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert not kernel_sockets.holds_sockets(tempfile.gettempdir())
