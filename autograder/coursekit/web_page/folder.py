"""A folder with the page of a problem set: for any web server, or for a learning platform.

In it lie the page, what students get, and Python for the browser, which comes from a book that was
built with it. Nothing in it asks another server for anything.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from coursekit.authoring.release import read_problem_set
from coursekit.authoring.student_files import zip_folder
from coursekit.courses import Course, checkout
from coursekit.errors import CourseError
from coursekit.nbgrader_out.page_formulas import FormulaRenderer
from coursekit.replacing import new_folder_for, put_in_place
from coursekit.typesetting.pages import page
from coursekit.web_page.offer import NOTEBOOK, PYTHON, loaded, offer_of, write_sections

TEMPLATES = Path(__file__).with_name("templates")
LIVE = "live"
BUILT = ("build/textbook/_build/html", "build/site")
"""Where a checkout has a built book."""
SCRIPTS = ("*.js", "*.css", "*.py")
NO_PYTHON = (
    "{place} has no Python for the browser. In a checkout of the book type `make live` and then "
    "`make book`, or name the folder `live` of a published book: --live FOLDER"
)


def write_page(course: Course, problem_set: str, live: Path | None = None) -> Path:
    """Make the folder ``pages/PROBLEM_SET`` of a course from the release, and a zip beside it.

    Parameters
    ----------
    course : Course
    problem_set : str
    live : Path, optional
        The folder of that name in a built book; else that of the checkout.

    Raises
    ------
    CourseError
        If nothing was released, or there is no Python for the browser.
    """
    release = course.release(problem_set)
    if not (release / f"{problem_set}.ipynb").is_file():
        raise CourseError(
            f"{problem_set} is not released: type `course release {problem_set}` first"
        )
    source = live or live_of_checkout()
    python = python_in(source)
    place = course.root / "pages" / problem_set
    folder = new_folder_for(place)
    copy_live(source, python, folder / LIVE)
    master = read_problem_set(course, problem_set)
    copy_release(release, folder / LIVE / problem_set)
    write_sections(folder / LIVE / problem_set, master, course.settings.book.url or "")
    offer = offer_of(problem_set, loaded(python), live=f"{LIVE}/",
                     python=f"{LIVE}/{python.name}/")  # fmt: skip
    notebook = nbformat.read(release / f"{problem_set}.ipynb", as_version=4)
    cells = with_offer(list(shown(notebook)), offer)
    html = page(TEMPLATES, "set.html.j2", title=master.title, cells=cells)
    (folder / "index.html").write_text(html, encoding="utf-8")
    put_in_place(folder, place)
    zip_folder(place)
    return place


def live_of_checkout() -> Path:
    """The live files of a built book in the checkout, of the first if none has Python."""
    places = [(checkout() or Path()) / built / LIVE for built in BUILT]
    return next((place for place in places if any(place.glob(f"{PYTHON}*"))), places[0])


def python_in(live: Path) -> Path:
    """The folder of Python among the live files of a book."""
    found = sorted(path.parent for path in live.glob(f"{PYTHON}*/about.json"))
    if not found:
        raise CourseError(NO_PYTHON.format(place=live))
    return found[-1]


def copy_live(live: Path, python: Path, target: Path) -> None:
    """Copy what any page loads; what a book has besides stays there."""
    target.mkdir()
    for pattern in SCRIPTS:
        for path in live.glob(pattern):
            shutil.copyfile(path, target / path.name)
    shutil.copytree(python, target / python.name, ignore=shutil.ignore_patterns("*.gz", "*.br"))


def copy_release(release: Path, target: Path) -> None:
    """Copy what a page needs of what students get."""
    name = release.name
    target.mkdir()
    for file in (f"{name}_cases.npz", "checks.py"):
        shutil.copyfile(release / file, target / file)
    shutil.copyfile(release / f"{name}.ipynb", target / NOTEBOOK)


def shown(notebook: nbformat.NotebookNode) -> Iterator[dict[str, str]]:
    """The cells of a release as the page has them until somebody works on it."""
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        id, source = grading.get("grade_id", cell.id), cell.source
        if cell.cell_type == "markdown" and grading.get("solution"):
            yield {"kind": "words", "id": id, "content": source}
        elif cell.cell_type == "markdown":
            yield {"kind": "text", "id": id, "content": rendered(source)}
        elif not grading.get("grade") or grading.get("solution"):
            yield {"kind": "code", "id": id, "content": source}


def with_offer(cells: list[dict[str, str]], offer: str) -> list[dict[str, str]]:
    """The cells with the offer behind the first paragraph of the text, as in the book."""
    first = next((cell for cell in cells if "</p>" in cell["content"]), None)
    if first is None:
        return [{"kind": "text", "id": "", "content": offer}, *cells]
    first["content"] = first["content"].replace("</p>", f"</p>{offer}", 1)
    return cells


def rendered(text: str) -> str:
    """HTML of Markdown, its formulas typeset."""
    return str(
        MarkdownWithMath(renderer=FormulaRenderer(escape=False, exclude_anchor_links=True)).render(
            text
        )
    )
