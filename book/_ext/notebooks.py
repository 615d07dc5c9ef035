"""Give each page that computes something as a notebook, and the package that it needs as a wheel.

The notebook lies beside its page, and its first cells say what it is and how to get the package.
The wheel lies at the top of the site. It holds the answers of the exercises, as the package does,
so the course edition has none: its notebooks say whom to ask.

Where the setting ``notebooks_branch`` names a branch of the repository that holds the notebooks, as
whoever publishes the site can push it, each page has buttons that open them on Binder and Colab.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from urllib.parse import quote, urljoin

import nbformat
from docutils import nodes
from markdown_cells import Cell, Writer, is_cell
from nbformat import v4
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import backprop

ROOT = Path(__file__).parents[2]
MASTERS = "autograder/problem_sets/"
"""Pages whose notebooks a course releases."""
RECORDED = re.compile(r"(?:\.\./)+(tests/golden/([\w-]+\.json))")
"""The place of a file that was recorded elsewhere, in a cell that reads it."""
CHECKOUT = re.compile(r"[\"'](?:\.\./)+(?!\.\./|tests/golden/)")
"""In a cell that reads from anywhere else in a checkout."""
LAST = 991
"""Behind the theme, which makes the list of buttons."""
WHEEL = f"backprop_book-{backprop.__version__}-py3-none-any.whl"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
logger = logging.getLogger(__name__)


def take_settings(app, config) -> None:
    config.notebooks_branch = os.environ.get("BOOK_NOTEBOOKS_BRANCH", config.notebooks_branch)


def has_wheel(app) -> bool:
    """Whether the site has the package; without what builds it one installs from a checkout."""
    in_checkout = (Path(app.srcdir) / "pyproject.toml").is_file()
    return app.config.edition == "textbook" and in_checkout and bool(find_spec("hatchling"))


def has_notebook(name: str, page: nodes.document | None) -> bool:
    """Whether a page computes something, from nothing that only a checkout has."""
    if page is None or name.startswith(MASTERS):
        return False
    cells = [cell.astext() for cell in page.findall(is_cell)]
    return bool(cells) and not any(map(CHECKOUT.search, cells))


# What a notebook says of itself


def install_line(app) -> str:
    """What to type for the package: a whole address, or the file that lies beside."""
    if address := app.config.html_baseurl:
        return f'pip install "backprop-book[plot] @ {address}{WHEEL}"'
    return f'pip install "./{WHEEL}[plot]"'


def bring_recorded(app, folder: Path, cells: list[Cell]) -> tuple[list[Cell], list[str]]:
    """Put the files that cells read beside the notebook, and have the cells read them there."""
    found = {
        name: file for cell in cells if cell.code for file, name in RECORDED.findall(cell.text)
    }
    for name, file in found.items():
        shutil.copyfile(Path(app.srcdir) / file, folder / name)
    moved = [Cell(RECORDED.sub(r"\2", cell.text), True) if cell.code else cell for cell in cells]
    return moved, sorted(found)


def whereabouts(file: str) -> str:
    """Where a reader who has a notebook, and not the address of its site, finds what it needs."""
    if file == WHEEL:
        return "from the page *How to use this book* of the same site"
    return "from the folder of the site in which the notebook lies"


INSTALL = """\
from importlib.util import find_spec

if find_spec("backprop") is None:
    %{line} --quiet"""
FETCH = """\
from pathlib import Path
from urllib.request import urlretrieve

for name in {files}:
    if not Path(name).exists():
        urlretrieve("{folder}" + name, name)"""


def how_to_begin(app, name: str, title: str, files: list[str]) -> list[Cell]:
    """The first cells: where the notebook is from, and what brings what it needs."""
    address, wheel = app.config.html_baseurl, has_wheel(app)
    page = address + app.builder.get_target_uri(name)
    source = f"[{title}]({page})" if address else f"*{title}*"
    said = [f"This notebook is the page {source} of the book *{app.config.html_title}*."]
    if not wheel:
        said.append("It needs the course's package, `backprop`: ask whoever gave you the notebook.")
    elif address:
        said.append("The next cell installs the package of the book if it is not there.")
    needed = [*files, WHEEL] if wheel else files
    if needed and not address:
        named = " and ".join(f"`{file}` ({whereabouts(file)})" for file in needed)
        said.append(f"Put {named} beside it before you run it.")
    code = [INSTALL.format(line=install_line(app))] if wheel else []
    if files and address:
        code.append(FETCH.format(files=json.dumps(files), folder=urljoin(page, ".")))
    return [Cell("\n".join(said)), *([Cell("\n\n".join(code), code=True)] if code else [])]


def as_notebook(cells: list[Cell]) -> str:
    notebook = v4.new_notebook(metadata={"kernelspec": KERNEL})
    for number, cell in enumerate(cells, 1):
        new = v4.new_code_cell if cell.code else v4.new_markdown_cell
        notebook.cells.append(new(cell.text, id=f"cell-{number}"))
    return nbformat.writes(notebook) + "\n"


def place_in(address: str, page: str, target: str) -> str | None:
    """The full address of what a page links to; none where nobody knows that of the site."""
    if target.startswith(("http:", "https:")):
        return target
    return urljoin(address + page, target) if address else None


def write_notebook(app, pagename, templatename, context, doctree) -> None:
    if app.builder.format != "html" or not has_notebook(pagename, doctree):
        return
    uri = app.builder.get_target_uri(pagename)
    writer = Writer(
        place=lambda target: place_in(app.config.html_baseurl, uri, target),
        numbers=SimpleNamespace(builder=app.builder),
    )
    title = doctree.next_node(nodes.title).astext()
    path = Path(app.outdir) / f"{pagename}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    cells, files = bring_recorded(app, path.parent, writer.cells(doctree))
    begin = how_to_begin(app, pagename, title, files)
    path.write_text(as_notebook(begin + cells), encoding="utf-8")
    add_buttons(context["header_buttons"], launchers(app.config, pagename), path.name)


# Buttons


def launchers(config, name: str) -> list[dict]:
    """What opens a notebook on a server of others, if the repository has a branch with it."""
    host, _, repository = config.repository.partition("https://github.com/")
    if host or not repository or not config.notebooks_branch:
        return []
    branch, file = quote(config.notebooks_branch, safe=""), f"{name}.ipynb"
    binder = f"https://mybinder.org/v2/gh/{repository}/{branch}?labpath={quote(file, safe='')}"
    colab = f"https://colab.research.google.com/github/{repository}/blob/{branch}/{quote(file)}"
    return [
        {"type": "link", "url": binder, "text": "Binder", "tooltip": "Run this page on Binder",
         "icon": "fas fa-rocket", "label": "binder"},
        {"type": "link", "url": colab, "text": "Colab", "tooltip": "Run this page on Colab",
         "icon": "fas fa-rocket", "label": "colab"},
    ]  # fmt: skip


def add_buttons(buttons: list[dict], launch: list[dict], notebook: str) -> None:
    """Put the notebook before the other downloads, and what runs it before these."""
    download = {"type": "link", "url": notebook, "text": ".ipynb", "icon": "fas fa-code",
                "tooltip": "Download this page as a notebook", "label": "notebook"}  # fmt: skip
    for group in buttons:
        if group.get("label") == "download-buttons":
            group["buttons"].insert(0, download)
    if launch:
        buttons.insert(0, {"type": "group", "tooltip": "Run this page", "icon": "fas fa-rocket",
                           "buttons": launch, "label": "launch-buttons"})  # fmt: skip


# The package


def build_wheel(app, exception) -> None:
    if exception or app.builder.format != "html" or not has_wheel(app):
        return
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(app.outdir)]
    done = subprocess.run(
        command, cwd=app.srcdir, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode or not (Path(app.outdir) / WHEEL).is_file():
        logger.warning("the package could not be built as %s:\n%s", WHEEL, done.stdout)


class InstallLine(SphinxDirective):
    """What to type for the package, and the file where one has to fetch it."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        if not has_wheel(app):
            line = "pip install ."
            said = nodes.paragraph("", "In a checkout of the course:")
        else:
            line = install_line(app)
            depth = len(PurePosixPath(self.env.docname).parent.parts)
            file = nodes.reference("", WHEEL, refuri=f"{'../' * depth}{WHEEL}")
            said = nodes.paragraph("", "", nodes.Text("The package, as a file: "), file)
        return [said, nodes.literal_block(line, line, language="console")]


def setup(app):
    app.add_config_value("notebooks_branch", "", "html")
    app.connect("config-inited", take_settings)
    app.connect("html-page-context", write_notebook, priority=LAST)
    app.connect("build-finished", build_wheel)
    app.add_directive("install-line", InstallLine)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
