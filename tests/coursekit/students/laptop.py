"""Run notebooks as students do: restarted, from top to bottom, in IPython.

    python -m tests.coursekit.students.laptop FOLDER ...

Each folder holds a release with one notebook. Prints a JSON list: for each folder the output of
its cells, and what ``summary()`` says of each exercise.
"""

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


def run(folder: Path) -> dict:
    """What a notebook says; in a process that is made for it."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.close(reading)
        with os.fdopen(writing, "w", encoding="utf-8") as answer:
            json.dump(in_notebook(folder), answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text)


def in_notebook(folder: Path) -> dict:
    os.chdir(folder)
    sys.path.insert(0, "")
    sys.stdin = io.StringIO()
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    shell = InteractiveShell.instance(config=config)
    (notebook,) = folder.glob("*.ipynb")
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    outputs = [said_by(shell, source) for source in code]
    last = said_by(shell, "from checks import summary\nsummary()")
    return {"outputs": outputs, "summary": states(last)}


def said_by(shell: InteractiveShell, source: str) -> str:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        shell.run_cell(source, store_history=True)
    return said.getvalue()


def states(text: str) -> dict[str, str]:
    """What stands behind each name in the list of a summary."""
    lines = (line.split(maxsplit=1) for line in text.splitlines())
    return {line[0]: line[1].strip() for line in lines if len(line) == 2}


if __name__ == "__main__":
    print(json.dumps([run(Path(folder).resolve()) for folder in sys.argv[1:]]))
