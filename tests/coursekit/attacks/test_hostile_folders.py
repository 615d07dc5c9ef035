"""A file that is handed in is only a file, and a name is only a name: by `course grade`."""

import io
import json
import os
import stat
import threading
import time
from contextlib import redirect_stdout

import pytest
from tests.coursekit.attacks.courses import grade, our_course
from tests.coursekit.attacks.hostile_folders import (
    HOSTILE_NAMES,
    KEY,
    honest,
    plant_beside,
    plant_files,
    plant_folders,
)

from coursekit.cli import main
from coursekit.courses import Course, init_course, make_private
from coursekit.grading.notebook_outputs import cell_outputs, judge_outputs
from coursekit.grading.results import ExerciseResult
from coursekit.names import fault_of_name
from coursekit.nbgrader_out.gradebook import read_scores
from coursekit.sandbox.outcomes import CellReport, ErrorReport, Output
from coursekit.submissions.handed_in import handed_in

pytestmark = pytest.mark.xdist_group("hostile folders")
WRONG_NAME = b"\xff\xfe\x1b[31m\n[9 of 9] mallory.ipynb"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """One class with all of it, before it is graded."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "id_ed25519").write_text(KEY, encoding="utf-8")
    course = our_course(folder / "course", [])
    said = plant_files(course) | plant_folders(course)
    plant_beside(course, folder / "id_ed25519")
    for name in HOSTILE_NAMES.values():
        honest(course, name)
    honest(course, "wrong-name", os.fsdecode(WRONG_NAME))
    os.link(honest(course, "lender"), honest(course, "borrower").with_name("target (1).ipynb"))
    (course.submitted() / "borrower" / "target" / "target.ipynb").unlink()
    honest(course, "bad-time").with_name("timestamp.txt").write_text(
        "gar\x1bbage", encoding="utf-8"
    )
    os.mkfifo(honest(course, "pipe-time").with_name("timestamp.txt"))
    honest(course, "linked-time").with_name("timestamp.txt").symlink_to("../../../secret")
    honest(course, "zone-time").with_name("timestamp.txt").write_text(
        f"2027-01-10 12:00:00 {folder / 'id_ed25519'}", encoding="utf-8"
    )
    return course, said


@pytest.fixture(scope="module")
def graded(course):
    """What `course grade` says, writes and leaves, and its exit status."""
    said, file = io.StringIO(), course[0].root.parent / "results.json"
    with redirect_stdout(said):
        status = main(["grade", "target", "--course", str(course[0].root), "--json", str(file)])
    return said.getvalue(), json.loads(file.read_text(encoding="utf-8")), status


def test_what_is_no_file_is_named_and_earns_nothing(course, graded):
    results = graded[1]
    for student, sentence in course[1].items():
        result = results[student]
        assert not result["fault"], (student, result)
        assert result["score"] == 0, student
        assert sentence in " ".join(result["oddities"]), (student, result["oddities"])
        assert "grade again" in " ".join(result["oddities"])


def test_the_rest_of_the_class_goes_on(course, graded):
    results, honest_ones = graded[1], {"honest", "beside", "wrong-name", "lender", "borrower"}
    timed = {"bad-time", "pipe-time", "linked-time", "zone-time"}
    for student in honest_ones | timed:
        assert (results[student]["score"], results[student]["fault"]) == (4, ""), student
    scores = {name: score.score for name, score in read_scores(course[0], "target").items()}
    assert scores == {
        name: entry["score"] for name, entry in results.items() if not entry["refused"]
    }


def test_students_who_share_a_file_are_both_named_and_none_loses_by_the_other(graded):
    said = {name: " ".join(graded[1][name]["oddities"]) for name in ("lender", "borrower")}
    assert "is the same file as submitted/borrower/target/target (1).ipynb" in said["lender"]
    assert "is the same file as submitted/lender/target/target.ipynb" in said["borrower"]


def test_a_time_that_is_none_is_odd_and_costs_nothing(graded):
    said = {name: " ".join(entry["oddities"]) for name, entry in graded[1].items()}
    assert "timestamp.txt says 'gar\\x1bbage'" in said["bad-time"]
    assert "timestamp.txt is a named pipe" in said["pipe-time"]
    assert "timestamp.txt is a symbolic link" in said["linked-time"]
    assert "where a time such as 2027-01-10 12:00:00 UTC is expected" in said["zone-time"]


def test_hostile_names_are_refused_with_what_to_rename(course, graded):
    refused = {name: entry for name, entry in graded[1].items() if entry["refused"]}
    assert len(refused) == len(HOSTILE_NAMES)
    assert all("rename it" in entry["refused"] for entry in refused.values())
    assert graded[2] == 1
    assert f"rename the folders of {len(HOSTILE_NAMES)}: " in graded[0]
    known = read_scores(course[0], "target")
    assert not [name for name in known if fault_of_name(name)]
    made = {path.name for path in course[0].root.glob("autograded/*")}
    assert not [name for name in made if fault_of_name(name)]


def test_nothing_that_is_printed_acts_in_a_terminal_or_forges_a_line(graded):
    said = graded[0]
    assert all(character.isprintable() for character in said.replace("\n", ""))
    assert not [line for line in said.splitlines() if line.startswith(("[9 of", "[99 of"))]
    assert "\\udcff\\udcfe" in said


def test_an_error_and_its_text_on_a_page_hold_nothing_that_acts():
    acting = "a\x1b]0;pwned\x07\u202eb\udcff\n\x1b[31mred\x1b[0m 👩\u200d🔬"
    error = ErrorReport(acting, acting, traceback=acting)
    outputs = (Output("stdout", acting), Output("display_data", acting, {"text/plain": acting}))
    cells = cell_outputs(CellReport("1", "error", error=error, outputs=outputs))
    result = ExerciseResult("e", "failed", 0.0, 1.0, message=acting)
    texts = json.dumps([*cells, *judge_outputs(result)], ensure_ascii=False)
    shown = texts.replace("\\u001b[31m", "").replace("\\u001b[0m", "").replace("\u200d", "")
    assert "\\u001b" not in shown
    assert all(character.isprintable() for character in shown)
    assert texts.count("\\u001b[31mred") >= 5  # a colour is a colour


def test_neither_key_nor_secret_nor_solution_reaches_what_goes_back(course, graded):
    assert leaks_in(course[0], "autograded", "feedback", ".results") == []


def leaks_in(course: Course, *folders: str) -> list[str]:
    """Files in which the key, the secret or a solution of the source stands."""
    marks = (KEY.encode(), course.secret, course.secret.hex().encode(), b"BEGIN SOLUTION")
    paths = [path for name in folders for path in (course.root / name).rglob("*")]
    assert paths
    assert not [path for path in paths if path.is_symlink()]
    return [
        str(path)
        for path in paths
        if path.is_file() and any(mark in path.read_bytes() for mark in marks)
    ]


def test_what_others_must_not_read_is_closed(course, graded):
    assert open_to_others(course[0]) == []


def open_to_others(course: Course) -> list[str]:
    """What of the instructor's others could reach."""
    names = ("source", "exercises", "autograded", "feedback", ".results", "gradebook.db", "secret")
    return [name for name in names if stat.S_IMODE((course.root / name).stat().st_mode) & 0o077]


def test_no_lock_lies_in_the_course_folder(course, graded):
    assert {path.name for path in course[0].root.iterdir() if path.is_file()} == {
        "README.md", "course.toml", "gradebook.db", "nbgrader_config.py", "secret",
    }  # fmt: skip


def test_a_link_that_was_mended_is_graded_and_one_that_came_is_named(tmp_path):
    course = our_course(tmp_path / "course", [])
    (course.submitted() / "ann" / "target").mkdir(parents=True)
    assert "is missing" in grade(course)["ann"].oddities[0]
    place = course.submitted() / "ann" / "target" / "target.ipynb"
    place.symlink_to("../../../source/target/target.ipynb")
    result = grade(course)["ann"]
    assert (result.score, "is a symbolic link" in result.oddities[0]) == (0, True)
    place.unlink()
    honest(course, "ann")
    assert (grade(course)["ann"].score, grade(course)["ann"].oddities) == (4, ())


def test_submitted_itself_may_be_a_link_to_another_disk(tmp_path):
    course = init_course(tmp_path / "course")
    course.submitted().rename(tmp_path / "disk")
    course.submitted().symlink_to(tmp_path / "disk")
    (tmp_path / "disk" / "ann" / "target").mkdir(parents=True)
    (tmp_path / "disk" / "ann" / "target" / "target.ipynb").write_text("{}", encoding="utf-8")
    assert course.students("target") == ["ann"]
    with handed_in(course, "ann", "target") as hand_in:
        assert hand_in.read("target.ipynb", 10) == b"{}"


def test_a_second_name_outside_of_the_course_is_odd_and_no_more(tmp_path):
    course = init_course(tmp_path / "course")
    place = course.submitted() / "ann" / "target" / "target.ipynb"
    place.parent.mkdir(parents=True)
    place.write_text("{}", encoding="utf-8")
    os.link(place, tmp_path / "backup.ipynb")
    (course.root / "submitted.bak").mkdir()
    os.link(place, course.root / "submitted.bak" / "ann.ipynb")
    os.link(place, place.with_name("again.ipynb"))
    with handed_in(course, "ann", "target") as hand_in:
        assert hand_in.read("target.ipynb", 10) == b"{}"
        assert "has another name (a hard link); it is graded" in hand_in.oddities[0]


def test_what_is_swapped_while_it_is_opened_is_never_read(tmp_path):
    course = init_course(tmp_path / "course")
    folder = course.submitted() / "ann" / "target"
    folder.mkdir(parents=True)
    file, other, place = folder / "file", folder / "link", folder / "target.ipynb"
    stop = threading.Event()

    def swap():
        while not stop.is_set():
            file.write_text("{}", encoding="utf-8")
            file.replace(place)
            other.symlink_to("../../../secret")
            other.replace(place)

    swapper = threading.Thread(target=swap)
    swapper.start()
    seen, reads, end = set(), 0, time.monotonic() + 600
    try:
        while (reads < 2000 or None not in seen) and time.monotonic() < end:
            with handed_in(course, "ann", "target") as hand_in:
                seen.add(hand_in.read("target.ipynb", 100))
            reads += 1
    finally:
        stop.set()
        swapper.join()
    assert None in seen
    assert seen <= {None, b"{}", b""}  # empty while it is written


def test_a_file_without_an_end_is_read_up_to_the_limit(tmp_path):
    course = init_course(tmp_path / "course")
    place = course.submitted() / "ann" / "target" / "target.ipynb"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        file.truncate(2**40)
    with handed_in(course, "ann", "target") as hand_in:
        assert len(hand_in.read("target.ipynb", 1000)) == 1000


@pytest.mark.parametrize("umask", [0, 0o077])
def test_a_new_course_and_one_made_before_are_closed_whatever_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        course = our_course(tmp_path / "course", [])
        assert open_to_others(course) == []
        for path in (course.gradebook, course.source("")):
            path.chmod(0o777)
        (course.root / "gate").touch()
        make_private(course)
    finally:
        os.umask(before)
    assert open_to_others(course) == []
    assert not (course.root / "gate").exists()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in
             [course.release("target"), *course.release("target").iterdir()]}  # fmt: skip
    assert all(mode & 0o444 == 0o444 for name, mode in modes.items() if name != "target")


def test_fellow_instructors_keep_a_course_that_was_opened_to_them(tmp_path):
    course = init_course(tmp_path / "course")
    course.source("").chmod(0o2777)
    course.gradebook.chmod(0o666)
    make_private(course)
    assert stat.S_IMODE(course.source("").stat().st_mode) == 0o2770
    assert stat.S_IMODE(course.gradebook.stat().st_mode) == 0o660
