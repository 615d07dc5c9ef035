"""`course page` makes a folder with all that a page needs, from the release and a built book."""

import json
import zipfile

import pytest

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.release import release
from coursekit.book_links import addresses
from coursekit.cli import main
from coursekit.courses import init_course
from coursekit.errors import CourseError
from coursekit.web_page.folder import shown, write_page
from coursekit.web_page.offer import NOTEBOOK, SECTIONS, write_sections


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = init_course(tmp_path_factory.mktemp("own") / "course")
    assert main(["new-exercise", "mine", "row-means", "--course", str(made.root)]) == 0
    release(made, "mine")
    return made


@pytest.fixture
def live(tmp_path):
    """The live files of a book, as far as they are copied."""
    folder = tmp_path / "live"
    for name, text in {
        "page.js": "", "runner.py": "", "live.css": "", "backprop-abc.zip": "the package",
        "ps1/checks.py": "", "python-abc/pyodide.js": "", "python-abc/pyodide.js.gz": "",
        "python-abc/about.json": json.dumps({"bytes": {"pyodide.js": 14_000_000}}),
    }.items():  # fmt: skip
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_the_folder_has_what_a_page_needs_and_nothing_else(course, live):
    place = write_page(course, "mine", live)
    found = {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}
    assert found == {
        "index.html", "live/page.js", "live/runner.py", "live/live.css",
        "live/python-abc/pyodide.js", "live/python-abc/about.json", "live/mine/checks.py",
        "live/mine/mine_cases.npz", f"live/mine/{NOTEBOOK}", f"live/mine/{SECTIONS}",
    }  # fmt: skip
    with zipfile.ZipFile(course.root / "pages/mine.zip") as packed:
        assert set(packed.namelist()) == {f"mine/{name}" for name in found}


def test_a_message_leads_to_the_page_that_its_own_exercise_names(tmp_path):
    master = read_master(MASTERS / "ps4.md")
    write_sections(tmp_path, master, "../..")
    found = json.loads((tmp_path / SECTIONS).read_text(encoding="utf-8"))
    rules = {found[name].get("The rule") for name in ("ps4-momentum", "ps4-adam")}
    assert rules == {
        "../../book/optimizers/momentum.html#the-rule", "../../book/optimizers/adam.html#the-rule"
    }  # fmt: skip
    twice = ["book/a#The rule", "book/b#The rule", "book/b#More"]
    assert addresses(twice, "..") == {"More": "../book/b.html#more"}


def test_the_page_has_the_text_the_stub_and_the_offer(course, live):
    html = (write_page(course, "mine", live) / "index.html").read_text(encoding="utf-8")
    assert '<div id="mine-row-means"><pre>def row_means(' in html
    assert 'data-set="mine" data-live="live/" data-python="live/python-abc/"' in html
    assert "The first time 7 MB are loaded." in html
    assert html.index("live-offer") < html.index("row_means(")
    assert "check(row_means)" not in html
    assert "src=" not in html


def test_nothing_of_the_solution_leaves_the_machine(course, live):
    place = write_page(course, "mine", live)
    solution = (course.root / "source/mine/mine.ipynb").read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" in solution
    texts = [path.read_bytes() for path in place.rglob("*") if path.is_file()]
    assert not any(b"BEGIN SOLUTION" in text for text in texts)


def test_answers_in_words_have_a_place_and_checks_have_none():
    def cell(kind, **grading):
        from nbformat import v4

        made = v4.new_code_cell("code") if kind == "code" else v4.new_markdown_cell("$x$ is")
        made.metadata["nbgrader"] = grading
        return made

    cells = [
        cell("text"),
        cell("text", solution=True, grade=True, grade_id="words"),
        cell("code", solution=True, grade_id="answer"),
        cell("code", grade=True, grade_id="check"),
    ]
    found = list(shown(type("Notebook", (), {"cells": cells})))
    assert [(one["kind"], one["id"]) for one in found[1:]] == [
        ("words", "words"),
        ("code", "answer"),
    ]
    assert 'class="katex"' in found[0]["content"]


def test_what_is_missing_is_said_with_what_to_do(course, live, tmp_path):
    with pytest.raises(CourseError, match="ps1 is not released: type `course release ps1` first"):
        write_page(course, "ps1", live)
    with pytest.raises(CourseError, match=r"no Python for the browser\. .* `make live`"):
        write_page(course, "mine", tmp_path)


def test_the_command_says_where_the_page_is(course, live, capsys):
    assert main(["page", "mine", "--live", str(live), "--course", str(course.root)]) == 0
    assert f"{course.root / 'pages/mine'}.zip holds the same" in capsys.readouterr().out
