"""VS Code in a browser, driven by its keyboard: what it leaves of a notebook that was edited.

    python -m tests.coursekit.students.vscode PROGRAM FILE

PROGRAM is `code-server`, which serves VS Code with its own notebook editor; the npm package of
that name installs it, for the Node that it names and with the headers of Kerberos and X11. What
it leaves is written to FILE; the tests keep it, marked with the version, beside this file.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from selenium.webdriver import ActionChains, Keys
from tests.coursekit.students.editors import answers, browser, left_by, notebook_to_edit, wait_for

PAUSE = 0.4
"""Seconds after a key: VS Code works through them one after another, and says nothing."""

CELLS = ".notebookOverlay .cell-list-container"

SETTINGS = {
    "chat.disableAIFeatures": True,
    "workbench.startupEditor": "none",
    "workbench.editorAssociations": {"*.ipynb": "jupyter-notebook"},
}


class Driver:
    """The keys of a notebook in VS Code.

    Parameters
    ----------
    driver : webdriver
        With the notebook open.
    ids : list of str or None
        The ids of the cells, in the order in which they stand; kept as they are moved.
    """

    def __init__(self, driver, ids: list[str | None]) -> None:
        self.driver, self.ids = driver, ids

    def press(self, *keys: str) -> None:
        """Press keys together."""
        actions = ActionChains(self.driver)
        for key in keys[:-1]:
            actions.key_down(key)
        actions.send_keys(keys[-1])
        for key in reversed(keys[:-1]):
            actions.key_up(key)
        actions.perform()
        time.sleep(PAUSE)

    def command(self, name: str) -> None:
        """Run a command by its name, as the palette does."""
        self.press(Keys.F1)
        self.type(name)
        self.press(Keys.ENTER)

    def type(self, text: str) -> None:
        ActionChains(self.driver).send_keys(text).perform()
        time.sleep(2 * PAUSE)

    def choose(self, grade_id: str) -> int:
        """Select the cell with an id; gives its place."""
        place = self.ids.index(grade_id)
        self.at(place)
        return place

    def at(self, place: int) -> None:
        """Select a cell by its place, which the status bar counts from 1."""
        self.press(Keys.ESCAPE)
        self.press(Keys.CONTROL, Keys.HOME)
        wait_for(lambda: self.place() == 0)
        for number in range(place):
            self.press(Keys.ARROW_DOWN)
            wait_for(lambda number=number: self.place() == number + 1)

    def place(self) -> int:
        bar = self.driver.find_element("css selector", ".statusbar").text
        found = re.search(r"Cell (\d+) of", bar)
        return int(found[1]) - 1 if found else -1

    def split(self, grade_id: str, line: int) -> None:
        """Split a cell above a line; the second part has no id."""
        place = self.choose(grade_id)
        self.press(Keys.ENTER)
        self.press(Keys.CONTROL, Keys.HOME)
        for _ in range(line):
            self.press(Keys.ARROW_DOWN)
        self.command("Notebook: Split Cell")
        self.ids.insert(place + 1, None)

    def move_up(self, place: int) -> None:
        self.press(Keys.ALT, Keys.ARROW_UP)
        self.ids.insert(place - 1, self.ids.pop(place))


def edited(program: str, folder: Path, notebook: NotebookNode) -> NotebookNode:
    """What VS Code leaves of a notebook that lies in a folder of its own, after the same edits."""
    path = folder / "ps1.ipynb"
    nbformat.write(notebook, path)
    before = path.read_bytes()
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    with served(program, folder) as address, browser() as driver:
        driver.get(f"{address}/?folder={folder}")
        keys = Driver(driver, ids)
        wait_for(lambda: driver.find_elements("css selector", f"[aria-label^='{path.name}']"))
        wait_for(lambda: opened(keys, path.name))
        time.sleep(10 * PAUSE)
        edit(keys)
        driver.save_screenshot(str(folder / "seen.png"))
    if path.read_bytes() == before:
        raise RuntimeError(f"VS Code wrote nothing; it shows {folder / 'seen.png'}")
    return nbformat.read(path, as_version=4)


def opened(keys: Driver, name: str) -> bool:
    """Whether a file is open as a notebook, after asking for it once more."""
    keys.press(Keys.ESCAPE)
    keys.press(Keys.CONTROL, "p")
    keys.type(name)
    keys.press(Keys.ENTER)
    time.sleep(10 * PAUSE)
    return bool(keys.driver.find_elements("css selector", CELLS))


def edit(keys: Driver) -> None:
    """The edits that the other editors are given, too."""
    keys.driver.find_element("css selector", CELLS).click()
    keys.split("ps1-mean-cost", 3)  # a helper above, the function below
    keys.split("ps1-output-deltas", 2)  # the function above, a try-out below
    keys.split("ps1-hidden-deltas", 2)  # in the middle of the function
    place = keys.choose("ps1-layer-preactivation")  # up to the answer above, and merged with it
    while keys.ids[place - 1] != "ps1-unit-preactivation":
        keys.move_up(place)
        place -= 1
    keys.command("Notebook: Merge with Previous Cell")
    keys.ids.pop(place)
    place = keys.choose("ps1-logistic")  # copied and pasted
    keys.press(Keys.CONTROL, "c")
    keys.press(Keys.CONTROL, "v")
    keys.ids.insert(place + 1, "ps1-logistic")
    keys.choose("ps1-central-difference")  # cut, and pasted at the end
    keys.press(Keys.CONTROL, "x")
    keys.ids.remove("ps1-central-difference")
    keys.at(len(keys.ids) - 1)
    keys.press(Keys.CONTROL, "v")
    keys.ids.append("ps1-central-difference")
    keys.choose("ps1-which-mistake")  # moved
    for _ in range(2):
        keys.press(Keys.ALT, Keys.ARROW_DOWN)
    keys.press(Keys.CONTROL, "s")
    time.sleep(5 * PAUSE)


@contextmanager
def served(program: str, folder: Path) -> Iterator[str]:
    """Start the server; gives its address."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    home = folder / "home"
    home.mkdir()
    options = ["--auth", "none", "--disable-telemetry", "--disable-update-check"]
    options += ["--disable-workspace-trust", "--disable-getting-started-override"]
    settings = home / "data" / "User" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    options += ["--user-data-dir", str(home / "data"), "--extensions-dir", str(home / "extensions")]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [program, *options, "--bind-addr", f"127.0.0.1:{port}", str(folder)],
            env=os.environ | {"HOME": str(home)},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(f"{address}/healthz"))
        yield address
    finally:
        server.terminate()
        server.wait(30)


def version_of(program: str) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, encoding="utf-8", check=True)
    return said.stdout.strip().splitlines()[-1]


def main() -> None:
    program, target = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        left = edited(program, Path(scratch), notebook_to_edit())
        shown = Path(scratch, "seen.png").read_bytes()
    Path(target).write_text(left_by(left, f"code-server {version_of(program)}"), encoding="utf-8")
    Path(target).with_suffix(".png").write_bytes(shown)


if __name__ == "__main__":
    main()
