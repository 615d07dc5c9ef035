"""What is handed in is found or named, whatever it is called and however it is packed."""

import io
import json
import os
import zipfile
import zlib

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.authoring.render import grade_metadata
from coursekit.courses import init_course
from coursekit.submissions import finding
from coursekit.submissions.finding import Asked, read_file, read_plainly
from coursekit.submissions.handed_in import handed_in
from coursekit.submissions.misplaced import doubled, misplaced

FUNCTIONS = ("slope", "cost", "step")


def notebook(answers=(), problem_set="ps1", functions=FUNCTIONS, marked=True):
    """A notebook of a problem set with answers to some functions."""
    made = new_notebook(cells=[new_markdown_cell("# A title"), new_code_cell("import numpy")])
    for name in functions:
        body = "return 1" if name in answers else "raise NotImplementedError()"
        metadata = {"nbgrader": grade_metadata(f"{problem_set}-{name}", solution=True)}
        source = f"def {name}(x):\n    {body}"
        made.cells.append(new_code_cell(source, metadata=metadata if marked else {}))
        check = {"nbgrader": grade_metadata(f"{problem_set}-{name}-check", points=1)}
        made.cells.append(new_code_cell(f"check({name})", metadata=check if marked else {}))
    return made


def as_bytes(*answers, **options):
    return nbformat.writes(notebook(answers, **options)).encode()


def script(*answers):
    return "\n\n\n".join(f"def {name}(x):\n    return 1" for name in answers).encode()


def packed(files, method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return content.getvalue()


RIGHT = as_bytes(*FUNCTIONS)
HALF = as_bytes("slope")
STUB = as_bytes()
PAGE = b"\n<!DOCTYPE html>\n<html><head></head><body>def slope(x): return 1</body></html>"
OTHER_SET = as_bytes("tanh", problem_set="ps3", functions=("tanh", "relu"))


@pytest.fixture
def course(tmp_path):
    made = init_course(tmp_path / "course")
    made.release("ps1").mkdir(parents=True)
    nbformat.write(notebook(), made.release("ps1") / "ps1.ipynb")
    (made.release("ps1") / "checks.py").write_text("def slope(x): ...\n", encoding="utf-8")
    return made


@pytest.fixture
def found(course):
    """What is found of files that ann hands in."""

    def find(files):
        folder = course.submitted() / "ann" / "ps1"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        asked = Asked("ps1", {"ps1": notebook()})
        with handed_in(course, "ann", "ps1") as hand_in:
            return read_file(hand_in, "ps1", asked)

    return find


def test_what_was_asked_for_is_taken_and_nothing_is_odd(found):
    beside = {"checks.py": b"def slope(x): ...", "timestamp.txt": b"2027-01-10 12:00:00 UTC"}
    file = found({"ps1.ipynb": RIGHT, **beside, ".ipynb_checkpoints/ps1-checkpoint.ipynb": HALF})
    assert (file.content, file.oddities, file.advice) == (RIGHT, (), ())


@pytest.mark.parametrize(
    "name",
    [
        "PS1.IPYNB", "ps1.ipynb.txt", "ps1.ipynb.json", "ps1.json", "ps1", "ps1 (2).ipynb",
        "ps1/ps1.ipynb", "ps1/ps1/homework.ipynb", "Kopie von ps1.IPYNB", "ps1.ipynb.download",
    ],
)  # fmt: skip
def test_a_notebook_is_found_under_any_name_and_a_folder_too_deep(found, name):
    file = found({name: RIGHT, "checks.py": b"def slope(x): ...", "__MACOSX/._ps1.ipynb": b"x"})
    assert file.content == RIGHT
    assert file.oddities == (f"ps1.ipynb is missing; {name} was graded instead",)
    assert file.advice[-1] == "Hand in one notebook, ps1.ipynb, and nothing else"


@pytest.mark.parametrize(
    "path", ["ps1.ipynb", "ps1/ps1.ipynb", "ann/ps1/HOMEWORK.IPYNB", "ps1\\ps1.ipynb"]
)
def test_a_notebook_in_a_zip_is_found(found, path):
    release = {"ps1/checks.py": b"def slope(x): ...", "__MACOSX/ps1/._ps1.ipynb": b"x"}
    file = found({"ps1.zip": packed({**release, path: RIGHT})})
    place = path.replace("\\", "/")
    assert file.content == RIGHT
    assert file.oddities == (f"ps1.ipynb is missing; {place} in ps1.zip was graded instead",)


def test_a_zip_under_the_name_of_the_notebook_is_opened(found):
    file = found({"ps1.ipynb": packed({"ps1/ps1.ipynb": RIGHT})})
    assert file.content == RIGHT
    assert file.oddities == ("ps1.ipynb is a zip; ps1/ps1.ipynb in ps1.ipynb was graded",)


def test_a_zip_in_a_zip_is_named_and_not_opened(found):
    file = found({"ps1.zip": packed({"inner.zip": packed({"ps1.ipynb": RIGHT})})})
    assert file.content is None
    assert "inner.zip in ps1.zip is a zip in a zip, which is not opened" in file.oddities


def test_a_zip_that_grows_without_end_is_not_read(found, monkeypatch):
    bomb = packed({"ps1.ipynb": b" " * 20_000_000})
    asked_for = []
    real = zlib.decompressobj

    class Counted:
        def __init__(self, *options):
            self.stream = real(*options)

        def decompress(self, data, most):
            given = self.stream.decompress(data, most)
            asked_for.append(len(given))
            return given

        def __getattr__(self, name):
            return getattr(self.stream, name)

    monkeypatch.setattr(zipfile.zlib, "decompressobj", Counted)
    file = found({"ps1.zip": bomb})
    assert file.content is None
    assert "ps1.ipynb in ps1.zip is too large when it is unpacked" in file.oddities
    assert 0 < sum(asked_for) < 8_000_000


def test_what_a_zip_says_of_its_sizes_is_not_believed(found):
    lying = packed({"ps1.ipynb": b" " * 20_000_000}).replace(
        (20_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    )
    assert found({"ps1.zip": lying}).content is None


def test_a_zip_of_too_many_files_is_named(found):
    many = packed(dict.fromkeys(map(str, range(2100)), b""), zipfile.ZIP_STORED)
    file = found({"ps1.zip": many})
    assert "ps1.zip is a zip of more than 2000 files" in file.oddities


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 and no more", "a damaged zip"),
        (packed({"ps1.ipynb": RIGHT})[:400], "a damaged zip"),
        (packed({"notes.txt": b"x", "a/../../etc": b"y"}), "neither a notebook nor a script"),
        (packed({}), "a zip without a notebook"),
        (packed({"ps1.ipynb": RIGHT}, zipfile.ZIP_LZMA), "packed in a way that is not read here"),
    ],
)
def test_what_cannot_be_taken_from_a_zip_is_named(found, content, said):
    file = found({"ps1.zip": content})
    assert file.content is None
    assert said in " ".join(file.oddities)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ps1.html", PAGE, "ps1.html is a web page"),
        ("ps1.ipynb", PAGE, "ps1.ipynb is a web page"),
        ("ps1.pdf", b"%PDF-1.7", "ps1.pdf is a PDF"),
        ("ps1.tar.gz", b"\x1f\x8b\x08", "ps1.tar.gz is an archive (gzip)"),
        ("photo.jpg", b"\xff\xd8\xff\xe0", "photo.jpg is a picture"),
        ("notes.txt", b"on paper", "notes.txt is neither a notebook nor a script"),
        ("Untitled.ipynb", as_bytes(functions=()), "is a notebook without a cell of ps1"),
    ],
)
def test_what_is_no_notebook_is_named(found, name, content, said):
    file = found({name: content})
    assert file.content is None
    assert said in " ".join(file.oddities)
    assert said in " ".join(file.advice)
    assert "Hand in one notebook, ps1.ipynb" in file.advice[-1]


def test_nothing_is_missing_and_no_more(found):
    assert found({"checks.py": b"def slope(x): ..."}).oddities == ("ps1.ipynb is missing",)


@pytest.mark.parametrize("content", [script(*FUNCTIONS), b"#%%\n" + script(*FUNCTIONS)])
@pytest.mark.parametrize("name", ["ps1.py", "ps1.py.txt", "ps1.ipynb"])
def test_a_script_counts_where_there_is_no_notebook(found, name, content):
    assert found({name: content}).content == content


@pytest.mark.parametrize(
    ("files", "graded", "words"),
    [
        ({"ps1.ipynb": STUB, "ps1 (1).ipynb": RIGHT}, RIGHT, "ps1.ipynb has no answers"),
        ({"ps1 (1).ipynb": STUB, "ps1-final.ipynb": RIGHT}, RIGHT, "ps1 (1).ipynb was not graded"),
        ({"ps1.ipynb": HALF, "ps1-final.ipynb": RIGHT}, RIGHT, "ps1.ipynb has 1 answer;"),
        ({"ps1.ipynb": RIGHT, "old.ipynb": HALF}, RIGHT, "old.ipynb was not graded"),
        ({"ps1.ipynb": HALF, "a.ipynb": as_bytes("cost")}, HALF, "a.ipynb was not graded"),
        ({"ps1.ipynb": STUB, "deep/right.zip": packed({"x.ipynb": RIGHT})}, RIGHT, "zip has 3"),
        ({"ps1.ipynb": STUB, "ps1.py": script("cost")}, script("cost"), "ps1.py has 1"),
        ({"ps1.ipynb": b"{ damaged", "ps1.py": script("cost")}, script("cost"), "ps1.py has 1"),
        ({"ps1.ipynb": PAGE, "ps1 (1).ipynb": RIGHT}, RIGHT, "ps1.ipynb is a web page"),
        ({"ps1.ipynb": as_bytes("cost", marked=False), "b.ipynb": RIGHT}, RIGHT, "b.ipynb has 3"),
    ],
)  # fmt: skip
def test_of_two_files_the_one_with_answers_counts_and_the_other_is_named(
    found, files, graded, words
):
    file = found(files)
    assert file.content == graded
    assert words in " ".join(file.oddities)
    assert words in " ".join(file.advice)


def test_a_module_beside_a_notebook_is_no_second_answer(found):
    file = found({"ps1.ipynb": HALF, "helpers.py": script(*FUNCTIONS)})
    assert file.content == HALF
    assert "helpers.py was not graded; it has 3 answers" in file.oddities


def test_a_copy_is_not_worth_a_word(found):
    assert found({"ps1.ipynb": RIGHT, "ps1 (1).ipynb": RIGHT}).oddities == ()


def test_another_problem_set_under_this_name_is_named(course, found):
    course.release("ps3").mkdir()
    other = notebook(problem_set="ps3", functions=("tanh", "relu"))
    nbformat.write(other, course.release("ps3") / "ps3.ipynb")
    file = found({"ps1.ipynb": OTHER_SET})
    assert file.content is None
    assert file.oddities == ("ps1.ipynb is the notebook of ps3, not of ps1",)
    unmarked = as_bytes("tanh", functions=("tanh", "relu"), marked=False)
    assert found({"ps1.ipynb": unmarked}).oddities == file.oddities


def test_another_problem_set_is_known_before_it_is_released(found):
    assert found({"ps1.ipynb": OTHER_SET}).oddities == (
        "ps1.ipynb is the notebook of ps3, not of ps1",
    )


def test_of_two_notebooks_of_two_sets_the_right_one_is_graded(found):
    file = found({"ps1.ipynb": OTHER_SET, "ps3.ipynb": RIGHT})
    assert file.content == RIGHT
    assert "ps3.ipynb has 3 and was graded instead" in file.oddities[0]


def test_links_are_not_followed_to_look_for_a_notebook(course, found, tmp_path):
    (tmp_path / "outside.ipynb").write_bytes(RIGHT)
    folder = course.submitted() / "ann" / "ps1"
    folder.mkdir(parents=True)
    (folder / "ps1 (1).ipynb").symlink_to(tmp_path / "outside.ipynb")
    (folder / "deep").symlink_to(tmp_path)
    os.link(course.root / "secret", folder / "ps1.py")
    file = found({})
    assert file.content is None
    assert "ps1.py is the same file as secret" in file.oddities[0]
    assert not any("secret" in sentence for sentence in file.advice)


def test_two_notebooks_that_are_asked_for_are_told_apart_by_their_cells(course):
    releases = {"a": notebook(problem_set="a"), "b": notebook(problem_set="b", functions=("f",))}
    folder = course.submitted() / "ann" / "week"
    folder.mkdir(parents=True)
    first = as_bytes("cost", problem_set="a")
    second = as_bytes("f", problem_set="b", functions=("f",))
    (folder / "1.ipynb").write_bytes(second)
    (folder / "2.ipynb").write_bytes(first)
    with handed_in(course, "ann", "week") as hand_in:
        asked = Asked("week", releases, "all")
        contents = [read_file(hand_in, name, asked).content for name in releases]
    assert contents == [first, second]


def test_a_damaged_notebook_is_graded_as_such_where_there_is_nothing_else(found):
    assert found({"ps1.ipynb": b'{"cells": ['}).content == b'{"cells": ['


def test_json_that_is_no_notebook_is_named(found):
    file = found({"data.json": json.dumps([1, 2]).encode()})
    assert "data.json is neither a notebook nor a script" in " ".join(file.oddities)


@pytest.mark.parametrize(
    "path", ["ann/ps1.ipynb", "ann/PS1/ps1.ipynb", "ann/ps1 (1).zip", "ps1.zip", "ann_ps1.ipynb"]
)
def test_what_lies_where_nobody_looks_is_named(course, path):
    (course.submitted() / path).parent.mkdir(parents=True, exist_ok=True)
    (course.submitted() / path).write_bytes(RIGHT)
    (said,) = misplaced(course, "ps1")
    assert said.startswith(
        f"submitted/{path.removesuffix('/ps1.ipynb') if 'PS1' in path else path}"
    )
    assert "a hand-in lies at submitted/STUDENT/ps1/ps1.ipynb" in said


def test_what_lies_where_it_should_is_not_named(course):
    for path in ("ann/ps1/ps1.ipynb", "ben/ps2/ps2.ipynb", "ben/notes.txt", "ann/ps1.ipynb"):
        (course.submitted() / path).parent.mkdir(parents=True, exist_ok=True)
        (course.submitted() / path).write_bytes(RIGHT)
    (course.submitted() / "list.csv").touch()
    assert list(misplaced(course, "ps1")) == []


def test_two_folders_of_one_name_are_named():
    name = "Jos\u00e9"
    (said,) = doubled([name, "ann", "Jose\u0301"])
    assert said.startswith(f"submitted/{name} is there 2 times")
    assert list(doubled([name, "ann", "Jose"])) == []


def test_the_file_of_a_name_can_be_had_without_a_search(course, monkeypatch):
    monkeypatch.setattr(finding, "Search", None)
    folder = course.submitted() / "ann" / "ps1"
    folder.mkdir(parents=True)
    (folder / "ps1.zip").write_bytes(packed({"ps1.ipynb": RIGHT}))
    with handed_in(course, "ann", "ps1") as hand_in:
        assert read_plainly(hand_in, "ps1").content is None
        (folder / "ps1.ipynb").write_bytes(STUB)
        assert read_plainly(hand_in, "ps1").content == STUB
