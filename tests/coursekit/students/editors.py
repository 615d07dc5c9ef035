"""JupyterLab and Notebook, driven in a browser: what they leave of a notebook that was edited.

    python -m tests.coursekit.students.editors FOLDER

Writes what the installed versions leave into a folder; the tests keep such notebooks, marked with
the editor and its version, beside this file. The commands are the editors' own, given to them as
their menus give them.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import nbformat
from nbformat import NotebookNode

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
EDITORS = {
    "jupyterlab": ("lab", "lab/tree"),
    "notebook": ("notebook", "notebooks"),
}
"""By the package: the program of ``jupyter``, and where it opens a file."""

HALF = "def half(E):\n    return 0.5 * np.sum(E**2)"
BEFORE = {
    "ps1-mean-cost": f"{HALF}\n\ndef mean_cost(A, Y):\n    return half(A - Y) / len(A)",
    "ps1-output-deltas": (
        "def output_deltas(a, y):\n    return (a - y) * a * (1 - a)\n"
        "output_deltas(np.ones(2), np.zeros(2))"
    ),
    "ps1-hidden-deltas": (
        "def hidden_deltas(W_next, deltas_next, a):\n    pulled = W_next.T @ deltas_next\n"
        "    return pulled * a * (1 - a)"
    ),
}
"""Answers that are edited in what follows."""

STEPS = """
const [done] = arguments;
const app = window.jupyterapp;
const wait = seconds => new Promise(resolve => setTimeout(resolve, 1000 * seconds));
const until = async test => { while (!test()) await wait(0.1); };
const panel = () => app.shell.currentWidget;
const cells = () => panel().content.widgets;
const idOf = cell => (cell.model.getMetadata('nbgrader') || {}).grade_id;
const run = (command, args) => app.commands.execute('notebook:' + command, args);
const choose = id => {
    const place = cells().findIndex(cell => idOf(cell) === id);
    panel().content.deselectAll();
    panel().content.activeCellIndex = place;
    return place;
};
const split = async (id, line) => {
    choose(id);
    panel().content.mode = 'edit';
    const editor = panel().content.activeCell.editor;
    await until(() => panel().content.activeCell.editor);
    panel().content.activeCell.editor.setCursorPosition({line, column: 0});
    await run('split-cell-at-cursor');
    panel().content.mode = 'command';
};
(async () => {
    await until(() => panel() && panel().content && panel().content.widgets);
    await panel().context.ready;
    await panel().revealed;
    await until(() => cells().length > 20);
    await split('ps1-mean-cost', 3);          // a helper above, the function below
    await split('ps1-output-deltas', 2);      // the function above, a try-out below
    await split('ps1-hidden-deltas', 2);      // in the middle of the function
    choose('ps1-layer-preactivation');        // up to the answer above, and merged with it
    await run('move-cell-up');
    while (idOf(cells()[panel().content.activeCellIndex - 1]) !== 'ps1-unit-preactivation')
        await run('move-cell-up');
    await run('merge-cell-above');
    choose('ps1-logistic');                   // copied and pasted
    await run('copy-cell');
    await run('paste-cell-below');
    choose('ps1-central-difference');         // cut, and pasted at the end
    await run('cut-cell');
    panel().content.activeCellIndex = cells().length - 1;
    await run('paste-cell-below');
    choose('ps1-which-mistake');              // moved
    for (let k = 0; k < 3; k++) await run('move-cell-down');
    await wait(0.5);
    await panel().context.save();
    done('saved');
})().catch(error => done(String(error && error.stack || error)));
"""


def edited(package: str, folder: Path, notebook: NotebookNode) -> NotebookNode:
    """What an editor leaves of a notebook that lies in a folder of its own."""
    path = folder / "ps1.ipynb"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    with served(package, folder) as address, browser() as driver:
        driver.get(f"{address}/{EDITORS[package][1]}/ps1.ipynb")
        driver.set_script_timeout(240)
        wait_for(lambda: driver.execute_script("return !!window.jupyterapp"))
        said = driver.execute_async_script(STEPS)
    if said != "saved" or path.read_bytes() == before:
        raise RuntimeError(f"{package} did not get to the end: {said}")
    return nbformat.read(path, as_version=4)


@contextmanager
def served(package: str, folder: Path) -> Iterator[str]:
    """Start an editor's server; gives its address."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    home = folder / "home"
    home.mkdir()
    program = [sys.executable, "-m", "jupyter", EDITORS[package][0], "--no-browser"]
    options = ["--allow-root", "--expose-app-in-browser", f"--port={port}", "--ip=127.0.0.1"]
    options += ["--IdentityProvider.token=", "--ServerApp.password=", f"--notebook-dir={folder}"]
    options += ["--ServerApp.disable_check_xsrf=True", "--LabApp.news_url="]
    environment = os.environ | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    with (home / "log").open("wb") as log:
        server = subprocess.Popen([*program, *options], env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(f"{address}/api"))
        yield address
    finally:
        server.terminate()
        server.wait(30)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


def wait_for(test, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            raise RuntimeError("it did not start")
        time.sleep(0.2)


@contextmanager
def browser() -> Iterator:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,1000"):
        options.add_argument(argument)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        try:
            yield driver
        finally:
            driver.quit()


def notebook_to_edit() -> NotebookNode:
    """Problem set 1 with right answers, as its release gives them room."""
    from coursekit.authoring.masters import find_master, read_master
    from coursekit.authoring.render import render_notebook
    from coursekit.demo import sample_answers
    from coursekit.demo.sample_class import answered, source_as

    master = read_master(find_master("ps1"))
    right = {
        exercise.id: source_as(exercise, getattr(sample_answers, exercise.reference.name))
        for exercise in master.exercises
    }
    return answered(render_notebook(master), right | BEFORE)


def write(target: Path, scratch: Path) -> None:
    """Write what each editor leaves, its name and version in the name of the file."""
    for package in EDITORS:
        folder = scratch / package
        folder.mkdir()
        left = edited(package, folder, notebook_to_edit())
        text = left_by(left, f"{package} {metadata.version(package)}")
        (target / f"{package}.ipynb").write_text(text, encoding="utf-8")


def left_by(notebook: NotebookNode, editor: str) -> str:
    """A notebook as the tests keep it: marked with the editor, and without its text."""
    notebook.metadata["left_by"] = editor
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = ""  # it is not what is tested
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        write(Path(sys.argv[1]), Path(scratch))
