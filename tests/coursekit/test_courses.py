"""Course directories."""

import os
import stat

import pytest

from coursekit.courses import find_course, init_course
from coursekit.errors import CourseError


def test_a_new_course_has_configuration_secret_and_folders(tmp_path):
    course = init_course(tmp_path / "course")
    assert course.config.is_file()
    assert len(course.secret) == 32
    assert {path.name for path in course.root.iterdir()} == {
        ".results", "README.md", "attempts", "autograded", "course.toml", "exercises", "feedback",
        "gradebook.db", "nbgrader_config.py", "secret", "source", "submitted",
    }  # fmt: skip


def test_only_its_owner_can_read_the_secret(tmp_path):
    os.umask(0)
    try:
        course = init_course(tmp_path / "course")
    finally:
        os.umask(0o022)
    assert stat.S_IMODE((course.root / "secret").stat().st_mode) == 0o600


def test_two_courses_have_two_secrets(tmp_path):
    assert init_course(tmp_path / "a").secret != init_course(tmp_path / "b").secret


def test_a_folder_with_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="is not empty"):
        init_course(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_course_is_found_from_a_folder_inside_it(tmp_path):
    course = init_course(tmp_path / "course")
    assert find_course(course.root / "submitted").root == course.root


def test_outside_a_course_the_message_says_what_to_do(tmp_path):
    with pytest.raises(CourseError, match="make one with `course init DIR`"):
        find_course(tmp_path)


def test_students_are_those_with_a_folder_for_the_problem_set(tmp_path):
    course = init_course(tmp_path / "course")
    for name in ("zoe/ps1", "ada/ps1", "ben/ps2"):
        (course.submitted() / name).mkdir(parents=True)
    (course.submitted() / "notes.txt").write_text("x", encoding="utf-8")
    assert course.students("ps1") == ["ada", "zoe"]
