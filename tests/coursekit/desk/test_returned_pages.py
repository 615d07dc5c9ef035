"""Feedback pages go back under the names that the platform gave."""

import io
import os
import stat
import zipfile

import pytest
from nbgrader.api import Gradebook

from coursekit.cli import main
from coursekit.errors import CourseError
from coursekit.grading.returned_pages import files_of, returned_pages
from coursekit.nbgrader_out import feedback
from coursekit.nbgrader_out.converters import programs_on_path
from coursekit.nbgrader_out.feedback import FeedbackWriter

pytestmark = pytest.mark.tier("auto")
CANVAS = {
    "ada": "adalovelace_12_771_ps1.ipynb",
    "Doe, Jane": "doejane_LATE_13_772_ps1-1.ipynb",
    "josé": "muñozjosé_14_773_ps1.ipynb",
}
MOODLE = {
    "ada": "Ada Lovelace_657693_assignsubmission_file/sub/ps1.ipynb",
    "o'brien": "Kim O'Brien_657694_assignsubmission_file_ps1.ipynb",
}


def archive_of(course, names, path, **more):
    with zipfile.ZipFile(path, "w") as made:
        for student, name in names.items():
            made.write(course.submitted() / student / "ps1" / "ps1.ipynb", name)
        for name, content in more.items():
            made.writestr(name, content)
    return path


@pytest.mark.parametrize("names", [CANVAS, MOODLE], ids=["Canvas", "Moodle"])
def test_each_page_has_the_name_of_its_file_with_another_ending(graded, tmp_path, names):
    found = returned_pages(graded, "ps1", archive_of(graded, names, tmp_path / "a.zip"))
    assert found.placed == {
        name.replace(".ipynb", ".html"): student for student, name in names.items()
    }
    assert found.without == ()
    with zipfile.ZipFile(io.BytesIO(found.content)) as made:
        for name, student in found.placed.items():
            assert made.read(name) == graded.feedback(student, "ps1").read_bytes()


def test_who_handed_in_the_same_is_told_apart_by_name_or_else_named(course, tmp_path):
    same = (course.submitted() / "ada" / "ps1" / "ps1.ipynb").read_bytes()
    (course.submitted() / "ben" / "ps1" / "ps1.ipynb").write_bytes(same)
    names = {"ada": "lovelaceada_12_771_ps1.ipynb", "ben": "someoneelse_13_772_ps1.ipynb"}
    found = returned_pages(course, "ps1", archive_of(course, names, tmp_path / "a.zip"))
    assert found.placed == {"lovelaceada_12_771_ps1.html": "ada"}
    assert found.without == (
        "someoneelse_13_772_ps1.ipynb: 2 students handed in the same, and its name is none of "
        "theirs",
    )
    assert "ben" in found.missing


def test_what_is_nobodys_and_who_is_not_there_is_said(graded, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    archive_of(graded, CANVAS, tmp_path / "a.zip", notes="mine")
    assert main(["feedback", "ps1", "a.zip", "--course", str(graded.root)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        "ps1-feedback.zip: 3 pages",
        "no page for notes: it is not what anybody with a page handed in",
    ]
    assert "no file of zed is in the archive: give the page in another way" in said
    assert stat.S_IMODE(os.stat("ps1-feedback.zip").st_mode) == 0o600


def mark(course, student, points):
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        grade = gradebook.find_grade("ps1-logistic-check", "ps1", "ps1", student)
        grade.manual_score = points
        gradebook.db.commit()


def test_pages_go_out_with_the_points_of_the_gradebook_or_not_at_all(course, tmp_path, capsys):
    arguments = [
        "feedback", "ps1", str(archive_of(course, CANVAS, tmp_path / "a.zip")),
        "--course", str(course.root), "--to", str(tmp_path / "out.zip"),
    ]  # fmt: skip
    mark(course, "josé", 1.25)
    mark(course, "ben", 1.25)  # of whom no file is in the archive
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "than the pages of 1 of these students: josé. `course grade ps1`" in said
    assert not (tmp_path / "out.zip").exists()
    FeedbackWriter(course, "ps1").write("josé")
    assert main(arguments) == 1
    assert "something else" not in capsys.readouterr().out


def test_a_page_that_something_else_made_goes_out_and_is_named(course, tmp_path, capsys):
    course.feedback("ada", "ps1").write_text("<html></html>", encoding="utf-8")
    found = returned_pages(course, "ps1", archive_of(course, CANVAS, tmp_path / "a.zip"))
    assert found.untold == ("ada",)
    assert len(found.placed) == 3
    arguments = ["feedback", "ps1", str(tmp_path / "a.zip"), "--to", str(tmp_path / "out.zip")]
    main([*arguments, "--course", str(course.root)])
    assert "whether their points are those of the gradebook: ada" in capsys.readouterr().out


def test_an_update_makes_no_page_an_older_one(course, tmp_path, monkeypatch):
    monkeypatch.setattr(feedback, "digest_of_renderer", lambda course: b"another")
    assert returned_pages(course, "ps1", archive_of(course, CANVAS, tmp_path / "a.zip")).placed


def test_an_archive_leads_nowhere_else_and_takes_no_more_than_it_may(tmp_path, monkeypatch):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in ("../x.ipynb", "/etc/x.ipynb", "__MACOSX/x.ipynb", "ok.ipynb"):
            made.writestr(name, "x")
        made.writestr("bomb.ipynb", b"0" * 3000)
    monkeypatch.setattr("coursekit.grading.returned_pages.MAX_FILE", 1000)
    assert list(files_of(path)) == [("ok.ipynb", b"x"), ("bomb.ipynb", None)]
    monkeypatch.setattr("coursekit.grading.returned_pages.MOST_FILES", 2)
    with pytest.raises(CourseError, match="holds 5 files, and more than 2 files"):
        list(files_of(path))


def test_what_is_no_archive_is_said(graded, tmp_path, capsys):
    (tmp_path / "a.zip").write_text("no zip", encoding="utf-8")
    for name, words in (("a.zip", " as a zip ("), ("none.zip", ": No such file or directory")):
        arguments = ["feedback", "ps1", str(tmp_path / name), "--course", str(graded.root)]
        assert main(arguments) == 2
        assert f"{name} cannot be read{words}" in capsys.readouterr().err
