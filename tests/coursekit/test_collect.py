"""Archives of learning platforms become hand-ins: whose, when, which attempt; and back again."""

import errno
import os
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest
from tests.coursekit.lms_archives import (
    ARCHIVES,
    CANVAS_ROSTER,
    CLASS,
    IDENTITY,
    ROSTERS,
    TIMED,
    pack,
    unpacked,
)

from coursekit.cli import main
from coursekit.collecting import archives, storing
from coursekit.course_lock import only_run
from coursekit.courses import Course, init_course
from coursekit.nbgrader_out.roster import known_students, names_of_students
from coursekit.roster import compared, read_roster


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A course in which ps1 is released, as far as collecting looks at it."""
    course = init_course(tmp_path_factory.mktemp("collect") / "course")
    unpacked(course.release("ps1"), {"ps1.ipynb": "{}"})
    (course.root / "course.toml").write_text(
        '[dates]\ntime_zone = "Europe/Berlin"\n', encoding="utf-8"
    )
    known_students(course)  # makes the tables of the gradebook, once for all
    return course


@pytest.fixture
def course(begun, tmp_path) -> Course:
    shutil.copytree(begun.root, tmp_path / "course")
    return Course(tmp_path / "course")


def run(course, *words) -> int:
    return main([str(words[0]), *map(str, words[1:]), "--course", str(course.root)])


def roster(course, text=CANVAS_ROSTER, *options) -> int:
    path = course.root.parent / "students.csv"
    path.write_text(text, encoding="utf-8")
    return run(course, "roster", path, *options)


def collect(course, files, *options, links=None) -> int:
    return run(course, "collect", "ps1", pack(course.root.parent / "class.zip", files, links),
               *options)  # fmt: skip


def lies(course, folder="submitted") -> dict[str, str]:
    root = course.root / folder
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


# Each platform


@pytest.fixture(params=ARCHIVES)
def platform(request, course):
    options = ["--id", IDENTITY[request.param]] if request.param in IDENTITY else []
    assert roster(course, ROSTERS[request.param], *options) == 0
    return request.param


def students(platform) -> tuple[str, ...]:
    if platform == "gradescope":  # has no accounts
        return ("S1", "S2", "S3")
    return tuple(f"{name}@uni.example" if platform in IDENTITY else name for name in CLASS)


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
def test_what_a_platform_exports_is_placed(platform, packed, course, capsys):
    files = ARCHIVES[platform]
    if packed:
        status = collect(course, files)
    else:
        status = run(course, "collect", "ps1", unpacked(course.root.parent / "class", files))
    said = capsys.readouterr().out
    assert status == 0, said
    jane, ann, jose = students(platform)
    found = {name: text for name, text in lies(course).items() if "timestamp" not in name}
    below = "sub/" if platform == "moodle" else ""
    assert found == {
        f"{jane}/ps1/{below}ps1.ipynb": "jane",
        f"{ann}/ps1/ps1.ipynb": "ann",
        f"{jose}/ps1/homework 1.ipynb": "josé",
        f"{jose}/ps1/notes.txt": "josé's notes",
    }
    assert "3 handed in ps1, 0 handed in again, 0 were collected before" in said
    assert f": {platform.split()[0]}, {len(files)} files" in said


def test_times_are_those_of_the_archive_or_none(platform, course, capsys):
    assert collect(course, ARCHIVES[platform]) == 0
    said = capsys.readouterr().out
    times = {name: text for name, text in lies(course).items() if "timestamp" in name}
    if platform not in TIMED:
        assert times == {}
        assert "when 3 of 3 handed in is not known, which costs nothing" in said
        assert ("calls 1 of them late" in said) == (platform == "canvas")
        return
    jane, ann, jose = students(platform)
    assert times == {
        f"{jane}/ps1/timestamp.txt": "2027-01-10 09:00:00.000000 UTC",
        f"{ann}/ps1/timestamp.txt": "2027-01-10 10:00:00.000000 UTC",
        f"{jose}/ps1/timestamp.txt": "2027-01-10 11:00:00.000000 UTC",
    }


def test_earlier_attempts_are_kept_and_the_last_one_counts(platform, course):
    assert collect(course, ARCHIVES[platform]) == 0
    earlier = lies(course, "attempts")
    several = any("before" in text for text in ARCHIVES[platform].values())
    assert earlier.get("1/jdoe/ps1/ps1.ipynb") == ("jane, before" if several else None)
    assert len(earlier) == 2 * several


def test_a_platform_that_is_named_is_not_guessed(course, capsys):
    roster(course)
    assert collect(course, ARCHIVES["canvas"], "--from", "moodle") == 2
    assert "no file in it has a name as moodle gives them" in capsys.readouterr().err
    assert lies(course) == {}


def test_the_archive_of_a_mac_that_does_not_say_its_names_are_utf8(course, capsys):
    roster(course)
    path = course.root.parent / "class.zip"
    name = "muñozjosé_1236_779_ps1.ipynb"
    pack(path, {name.encode().decode("cp437"): "josé", "__MACOSX/._x_1_2_y.ipynb": ""})
    content = path.read_bytes()
    for entry in (b"PK\x03\x04", b"PK\x01\x02"):
        place = content.index(entry) + (6 if entry[2] == 3 else 8)
        flags = int.from_bytes(content[place : place + 2], "little") & ~0x800
        content = content[:place] + flags.to_bytes(2, "little") + content[place + 2 :]
    raw = name.encode().decode("cp437").encode()
    content = content.replace(raw, name.encode().ljust(len(raw), b"_"))
    path.write_bytes(content)
    assert run(course, "collect", "ps1", path) == 0, capsys.readouterr()
    assert next(iter(lies(course))).startswith("jmunoz/ps1/ps1.ipynb")


# Whose it is


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "newman_99_7_ps1.ipynb",
            "the roster has nobody with the lms id '99' or the name 'newman'",
        ),
        ("anon_x7Kq2_7_ps1.ipynb", "the roster has nobody with the anonymous 'x7Kq2'"),
        ("LATE_anon_x7Kq2_ps1.ipynb", "the roster has nobody with the anonymous 'x7Kq2'"),
        ("readme.txt", "no name as canvas gives them"),
    ],
)
def test_what_is_nobodys_is_named_and_stays_in_the_archive(name, words, course, capsys):
    roster(course)
    assert collect(course, {"doejane_1234_777_ps1.ipynb": "jane", name: "?"}) == 1
    said = capsys.readouterr().out
    assert f"  - {name}: {words}" in said
    assert [*lies(course)] == ["jdoe/ps1/ps1.ipynb"]
    assert "nothing came yet from 2: asmith, jmunoz" in said


def test_a_name_that_two_have_is_nobodys_without_a_number(course, capsys):
    roster(course, "student,first_name,last_name\na,Jane,Doe\nb,Jane,Doe\n")
    assert collect(course, {"Jane Doe_5_assignsubmission_file_/ps1.ipynb": "?"}) == 1
    assert "the participant '5' or the name 'Jane Doe' may be a or b" in capsys.readouterr().out


def test_a_number_counts_before_a_name(course):
    roster(course)
    assert collect(course, {"doejane_1236_777_ps1.ipynb": "josé"}) == 0
    assert [*lies(course)] == ["jmunoz/ps1/ps1.ipynb"]


def test_placing_again_with_a_better_roster_adds_what_was_missing(course, capsys):
    roster(course)
    files = {"doejane_1234_777_ps1.ipynb": "jane", "newman_99_7_ps1.ipynb": "new"}
    assert collect(course, files) == 1
    roster(course, 'Student,ID,SIS Login ID\n"New, Man",99,mnew\n')
    capsys.readouterr()
    assert collect(course, files) == 0
    assert "1 handed in ps1, 0 handed in again, 1 were collected before" in capsys.readouterr().out
    assert lies(course)["mnew/ps1/ps1.ipynb"] == "new"
    assert not (course.root / "attempts" / "1").exists()


def test_groups_count_for_each_member(course, capsys):
    roster(course)
    (course.root / "groups.csv").write_text(
        'group,student,problem_set\nTeam Ärger,jdoe,\nTeam Ärger,"Muñoz, José",ps1\n'
        "Team Ärger,asmith,ps2\n",
        encoding="utf-8",
    )
    assert collect(course, {"teamärger_77_1_ps1.ipynb": "ours"}) == 0, capsys.readouterr()
    assert lies(course) == {"jdoe/ps1/ps1.ipynb": "ours", "jmunoz/ps1/ps1.ipynb": "ours"}


def test_submitters_of_gradescope_are_a_group(course):
    roster(course)
    metadata = "submission_1:\n  :submitters:\n  - :sid: S1\n  - :sid: S2\n"
    files = {"x/submission_metadata.yml": metadata, "x/submission_1/ps1.ipynb": "both"}
    assert collect(course, files) == 0
    assert lies(course) == {"jdoe/ps1/ps1.ipynb": "both", "asmith/ps1/ps1.ipynb": "both"}


def test_a_group_of_strangers_is_said_with_its_line(course, capsys):
    roster(course)
    (course.root / "groups.csv").write_text("group,student\nA,nobody\n", encoding="utf-8")
    assert collect(course, ARCHIVES["canvas"]) == 2
    assert "groups.csv, line 2: the roster has no student 'nobody'" in capsys.readouterr().err


def groups(course, text):
    (course.root / "groups.csv").write_text(f"group,student\n{text}", encoding="utf-8")


def test_a_file_that_is_called_after_one_of_a_group_is_said_and_counts_for_that_one(course, capsys):
    roster(course)
    groups(course, "Team Noether,jdoe\nTeam Noether,asmith\n")
    files = {"doejane_1234_777_ps1.ipynb": "ours", "muñozjosé_1236_779_ps1.ipynb": "josé"}
    assert collect(course, files) == 0
    said = capsys.readouterr().out
    assert "jdoe is in Team Noether, and the file bears the name of jdoe alone" in said
    assert "call the group jdoe in groups.csv" in said
    assert "asmith/ps1/ps1.ipynb" not in lies(course)
    groups(course, '"Doe, Jane",jdoe\n"Doe, Jane",asmith\n')
    assert collect(course, files) == 0
    assert lies(course) == {
        "jdoe/ps1/ps1.ipynb": "ours", "asmith/ps1/ps1.ipynb": "ours", "jmunoz/ps1/ps1.ipynb": "josé"
    }  # fmt: skip
    assert "bears the name" not in capsys.readouterr().out


def test_a_group_with_the_name_of_somebody_else_takes_nobodys_file(course):
    roster(course)
    groups(course, "jmunoz,jdoe\njmunoz,asmith\n")
    assert collect(course, {"muñozjosé_1236_779_ps1.ipynb": "josé"}) == 0
    assert [*lies(course)] == ["jmunoz/ps1/ps1.ipynb"]


def test_who_hands_in_apart_from_the_group_is_no_news(course, capsys):
    roster(course)
    groups(course, "Team Noether,jdoe\nTeam Noether,asmith\n")
    assert collect(course, ARCHIVES["canvas"]) == 0
    assert "Team Noether" not in capsys.readouterr().out


# The wrong archive


def notebook(*exercises, code="def f(x):\n    return x") -> str:
    """A notebook with a cell for each exercise, as a release has it."""
    made = nbformat.v4.new_notebook()
    for name in exercises:
        cell = nbformat.v4.new_code_cell(code)
        cell.metadata["nbgrader"] = {"grade_id": name, "solution": True, "grade": False,
                                     "locked": False, "schema_version": 3}  # fmt: skip
        made.cells.append(cell)
    return nbformat.writes(made)


@pytest.fixture
def two_sets(course) -> Course:
    """A course with two sets, of which everybody has handed in the first."""
    unpacked(course.root / "release", {
        "ps1/ps1.ipynb": notebook("ps1-cost", "ps1-unit"), "ps0/ps0.ipynb": notebook("ps0-add"),
    })  # fmt: skip
    roster(course)
    assert collect(course, of_class("ps1.ipynb", notebook("ps1-cost"))) == 0
    return course


def of_class(name, content) -> dict[str, str]:
    return {f"{who}_{name}": content for who in
            ("doejane_1234_777", "oneilannsmith_1235_778", "muñozjosé_1236_779")}  # fmt: skip


WRONG = {
    "the cells of another set": ("ps1.ipynb", notebook("ps0-add"), "have ps0"),
    "the name of another set": ("ps0-1.ipynb", "no notebook", "have ps0"),
    "a zip with the name of another set": ("ps0.zip", "PK", "have ps0"),
    "a set that is not released": ("homework.ipynb", notebook("ps3-loss"), "have ps3"),
    "a notebook of another course": (
        "lab 7.ipynb", notebook("lab7-x", code="def g(x): pass"), "have no set of this course"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_the_archive_of_another_set_is_refused_and_replaces_nothing(kind, two_sets, capsys):
    name, content, words = WRONG[kind]
    before = lies(two_sets)
    assert collect(two_sets, of_class(name, content)) == 2
    error = capsys.readouterr().err
    assert (
        f"class.zip is not what was handed in for ps1, by the cells or the names of its files: "
        f"of 3 students 3 {words}" in error
    )
    assert ("`course collect ps0 class.zip`" in error) == ("ps0" in words)
    assert lies(two_sets) == before
    assert lies(two_sets, "attempts") == {}


def test_what_is_meant_is_taken_anyway(two_sets, capsys):
    assert collect(two_sets, of_class("ps1.ipynb", notebook("ps0-add")), "--anyway") == 0
    assert "0 handed in ps1, 3 handed in again" in capsys.readouterr().out


def test_one_wrong_file_among_right_ones_is_collected_and_named(two_sets, capsys):
    files = of_class("ps1.ipynb", notebook("ps1-unit"))
    files["doejane_1234_777_ps1.ipynb"] = notebook("ps0-add")
    assert collect(two_sets, files) == 0
    assert "of ps0, by cells or name, and not of ps1: jdoe" in capsys.readouterr().out
    assert "ps0-add" in lies(two_sets)["jdoe/ps1/ps1.ipynb"]


RIGHT = {
    "another name": ("ps0.ipynb", notebook("ps1-cost")),
    "no identities": ("homework.ipynb", notebook().replace("[]", '[{"source": "def f(x): 1"}]')),
    "a script": ("answers.py", "def f(x):\n    return x\n"),
    "a picture": ("page 1.jpg", "JFIF"),
    "nothing that can be read": ("ps1-2.ipynb", ""),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_what_may_be_of_the_set_is_no_news(kind, two_sets, capsys):
    assert collect(two_sets, of_class(*RIGHT[kind])) == 0
    assert "and not of ps1" not in capsys.readouterr().out


def test_a_file_of_another_set_beside_the_right_one_is_no_news(two_sets, capsys):
    files = of_class("ps1.ipynb", notebook("ps1-unit")) | of_class("ps0.ipynb", notebook("ps0-add"))
    assert collect(two_sets, files) == 0
    assert "and not of ps1" not in capsys.readouterr().out


# Times


def test_a_table_gives_times_and_counts_before_the_archive(course, capsys):
    roster(course)
    assert collect(course, ARCHIVES["canvas"]) == 0
    times = course.root.parent / "times.csv"
    times.write_text(
        "student,time\njdoe,2027-01-10 23:59:59\n\"Muñoz, José\",2027-01-10 22:00:00 UTC\n"
        "asmith,\n", encoding="utf-8",
    )  # fmt: skip
    capsys.readouterr()
    assert collect(course, ARCHIVES["canvas"], "--times", times) == 0
    said = capsys.readouterr().out
    assert "2 hand-ins that were there have another time now" in said
    assert "when 1 of 3 handed in is not known" in said
    assert lies(course)["jdoe/ps1/timestamp.txt"] == "2027-01-10 22:59:59.000000 UTC"
    assert lies(course)["jmunoz/ps1/timestamp.txt"] == "2027-01-10 22:00:00.000000 UTC"
    assert run(course, "collect", "ps1", "--undo") == 0
    assert not [name for name in lies(course) if "timestamp" in name]
    assert len(lies(course)) == 4


@pytest.mark.parametrize(
    ("row", "words"),
    [("jdoe,soon", "line 2: 'soon' is no time"), ("zoe,2027-01-01", "line 2: the roster has no")],
)
def test_a_time_that_is_none_is_said_with_its_line(row, words, course, capsys):
    roster(course)
    times = course.root.parent / "times.csv"
    times.write_text(f"student,time\n{row}\n", encoding="utf-8")
    assert collect(course, ARCHIVES["canvas"], "--times", times) == 2
    assert words in capsys.readouterr().err
    assert lies(course) == {}


def test_a_time_that_the_student_wrote_is_none(course, capsys):
    roster(course)
    files = {"jdoe/ps1.ipynb": "jane", "jdoe/timestamp.txt": "2020-01-01", "asmith/ps1.ipynb": "a",
             "asmith/TimeStamp.TXT": "2020-01-01"}  # fmt: skip
    assert collect(course, files, "--from", "folders") == 1
    assert capsys.readouterr().out.count("a time that the student may have written") == 2
    assert [*lies(course)] == ["asmith/ps1/ps1.ipynb", "jdoe/ps1/ps1.ipynb"]
    assert not [name for name in lies(course) if name.lower().endswith("timestamp.txt")]


def times_of(course, text) -> Path:
    path = course.root.parent / "times.csv"
    path.write_text(text, encoding="utf-8")
    return path


WORKSHEET = """\
Identifier,Full name,Email address,Last modified (submission)
Participant 901,Jane Doe,jdoe@uni.example,"Sunday, 10 January 2027, 11:59 PM"
Participant 77,"Ann Smith O'Neil",,"Monday, 11 January 2027, 12:30 AM"
Participant 903,José Muñoz,jmunoz@uni.example,-
"""
TABLES = {
    "Moodle's worksheet": WORKSHEET,
    "its identifiers": """student,time
Participant 901,"Sunday, 10 January 2027, 11:59\u202fPM"
Participante 902,11 January 2027 00:30
Participant 903,
""",
    "its names": """student,time
Jane Doe,"January 10, 2027, 11:59 pm"
"Ann Smith O'Neil","Mon, 11 Jan 2027, 0:30"
""".replace("Mon, ", "Monday, "),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_moodle_gives_times(table, course, capsys):
    roster(course, ROSTERS["moodle"], "--id", "Email address")
    times = times_of(course, TABLES[table])
    assert collect(course, ARCHIVES["moodle"], "--times", times) == 0, capsys.readouterr()
    came = {name: text[:16] for name, text in lies(course).items() if "timestamp" in name}
    assert came == {
        "jdoe@uni.example/ps1/timestamp.txt": "2027-01-10 22:59",
        "asmith@uni.example/ps1/timestamp.txt": "2027-01-10 23:30",
    }
    said = capsys.readouterr().out
    assert "when 1 of 3 handed in is not known, jmunoz@uni.example, which costs nothing" in said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Participant 7,Sunday", "the roster has no student 'Participant 7'"),
        ("Participant 901,yesterday", "or such as Thursday, 26 November 2026, 8:00 PM"),
        ("Participant 901,10/01/2027 11:59 PM", "is no time such as 2027-01-10 23:59:59"),
        ('Participant 901,"10 Smarch 2027, 11:59 PM"', "has no month in English"),
        ('Participant 901,"10 January 2027, 23:59 PM"', "has no hour from 1 to 12"),
        ('Participant 901,"31 February 2027, 11:59 PM"', "day "),
    ],
)
def test_a_line_of_moodle_that_says_no_time_is_refused(row, words, course, capsys):
    roster(course, ROSTERS["moodle"], "--id", "Email address")
    times = times_of(course, f"student,time\n{row}\n")
    assert collect(course, ARCHIVES["moodle"], "--times", times) == 2
    error = capsys.readouterr().err
    assert "times.csv, line 2" in error
    assert words in error


def test_times_that_are_known_stay_known_and_those_that_are_not_are_named(course, capsys):
    roster(course)
    times = times_of(course, "student,time\njdoe,2027-01-10 20:00:00\njmunoz,2027-01-10 21:00:00\n")
    assert collect(course, ARCHIVES["canvas"], "--times", times) == 0
    capsys.readouterr()
    assert collect(course, ARCHIVES["canvas"]) == 0
    said = capsys.readouterr().out
    assert (
        "when 1 of 3 handed in is not known, asmith, which costs nothing; the platform calls "
        "1 of them late: asmith; --times FILE gives times" in said
    )


def late_again(content) -> dict[str, str]:
    """What Canvas exports after Jane has handed in once more, too late."""
    files = dict(ARCHIVES["canvas"])
    del files["doejane_1234_777_ps1-1.ipynb"]
    return files | {"doejane_LATE_1234_800_ps1-2.ipynb": content}


def test_a_table_of_before_gives_a_later_hand_in_no_time(course, capsys):
    roster(course)
    times = times_of(course, "student,time\njdoe,2027-01-10 20:00:00\n")
    assert collect(course, ARCHIVES["canvas"], "--times", times) == 0
    capsys.readouterr()
    assert collect(course, late_again("jane, late"), "--times", times) == 0
    said = capsys.readouterr().out
    assert "the table has the time of another hand-in of theirs" in said
    assert "that of this one: jdoe" in said
    assert "the platform calls 2 of them late: asmith, jdoe" in said
    assert lies(course)["jdoe/ps1/ps1.ipynb"] == "jane, late"
    assert "jdoe/ps1/timestamp.txt" not in lies(course)
    assert lies(course, "attempts")["1/jdoe/ps1/timestamp.txt"].startswith("2027-01-10 19:00:00")


def test_an_archive_of_before_with_the_times_of_today_replaces_nothing(course):
    roster(course)
    assert collect(course, ARCHIVES["canvas"]) == 0
    for table in ("jdoe,2027-01-10 20:00:00", "jdoe,2027-01-12 20:00:00"):
        last = late_again("jane, late") if "12" in table[12:15] else ARCHIVES["canvas"]
        assert collect(course, last, "--times", times_of(course, f"student,time\n{table}\n")) == 0
    now = lies(course)
    assert now["jdoe/ps1/ps1.ipynb"] == "jane, late"
    assert collect(course, ARCHIVES["canvas"], "--times", course.root.parent / "times.csv") == 0
    assert lies(course) == now


def test_who_is_late_by_the_platform_and_in_time_by_the_table_is_named(course, capsys):
    roster(course)
    with (course.root / "course.toml").open("a", encoding="utf-8") as settings:
        settings.write("[dates.due]\nps1 = 2027-01-10 23:59:59\n")
    for time, said in (("2027-01-10 20:00:00", True), ("2027-01-11 00:00:00", False)):
        times = times_of(course, f"student,time\nasmith,{time}\njdoe,2027-01-10 20:00:00\n")
        capsys.readouterr()
        assert collect(course, ARCHIVES["canvas"], "--times", times) == 0
        words = "late by the platform, and in time by the table; is it of before? asmith"
        assert (words in capsys.readouterr().out) == said


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        ("05 March 2026 612 PM", "2026-03-05 17:12"),
        ("Jul 30, 2026 1053 PM", "2026-07-30 20:53"),
        ("25 Oct 2026 230 AM", "2026-10-25 00:30"),
        ("03/05/2026 612 PM", None),
        ("Smarch 3, 2026 612 PM", None),
    ],
)
def test_a_time_of_brightspace_is_read_only_where_it_is_one(day, utc, course):
    roster(course)
    name = f"1-2 - jdoe Jane Doe - {day}/ps1.ipynb".replace("03/05", "03.05")
    assert collect(course, {name: "jane"}, "--from", "brightspace") == 0
    time = lies(course).get("jdoe/ps1/timestamp.txt")
    assert time is None if utc is None else time.startswith(utc)


# Attempts, again and undo


def blackboard(time, text) -> dict[str, str]:
    return {f"x_jdoe_attempt_2027-01-{time}-00-00-00_ps1.ipynb": text}


def test_a_later_archive_replaces_and_an_earlier_one_does_not(course, capsys):
    roster(course)
    assert collect(course, blackboard(10, "first")) == 0
    assert collect(course, blackboard(12, "third")) == 0
    capsys.readouterr()
    assert collect(course, blackboard(11, "second")) == 0
    assert "older than what is there, and kept in attempts/: jdoe" in capsys.readouterr().out
    assert lies(course)["jdoe/ps1/ps1.ipynb"] == "third"
    kept = lies(course, "attempts")
    assert [kept[f"{n}/jdoe/ps1/ps1.ipynb"] for n in (1, 2)] == ["first", "second"]


def test_who_goes_back_to_an_earlier_attempt_has_handed_that_in(course):
    roster(course)
    for day, text in ((10, "a"), (11, "b"), (12, "a"), (11, "b"), (12, "a")):
        assert collect(course, blackboard(day, text)) == 0
    assert lies(course)["jdoe/ps1/ps1.ipynb"] == "a"
    assert lies(course)["jdoe/ps1/timestamp.txt"].startswith("2027-01-11 23:00:00")
    kept = lies(course, "attempts")
    assert [kept[f"{n}/jdoe/ps1/ps1.ipynb"] for n in (1, 2)] == ["a", "b"]
    assert len(kept) == 4


def test_the_same_file_handed_in_twice_is_two_attempts_and_stays_so(course, capsys):
    roster(course)
    twice = blackboard(10, "same") | blackboard(11, "same")
    for _ in range(3):
        assert collect(course, twice) == 0
        assert lies(course)["jdoe/ps1/timestamp.txt"].startswith("2027-01-10 23:00:00")
        assert len(lies(course, "attempts")) == 2
    assert "another time" not in capsys.readouterr().out


def test_a_time_of_the_table_is_that_of_the_last_attempt(course):
    roster(course)
    times = course.root.parent / "times.csv"
    times.write_text("student,time\njdoe,2027-01-10 20:00:00\n", encoding="utf-8")
    assert collect(course, ARCHIVES["blackboard"], "--times", times) == 0
    assert lies(course)["jdoe/ps1/timestamp.txt"].startswith("2027-01-10 19:00:00")
    earlier = lies(course, "attempts")["1/jdoe/ps1/timestamp.txt"]
    assert earlier.startswith("2027-01-09 09:00:00")


def test_undoing_brings_back_what_was_there_step_by_step(course, capsys):
    roster(course)
    states = [lies(course)]
    for day in (10, 12, 11):
        assert collect(course, {**blackboard(day, f"of {day}"), **ARCHIVES["blackboard"]}) == 0
        states.append(lies(course) | {f"a/{k}": v for k, v in lies(course, "attempts").items()})
    for state in reversed(states[:-1]):
        assert run(course, "collect", "ps1", "--undo") == 0
        now = lies(course) | {f"a/{k}": v for k, v in lies(course, "attempts").items()}
        assert now == state
    assert "is taken back" in capsys.readouterr().out
    assert run(course, "collect", "ps1", "--undo") == 2
    assert "no collection of ps1 is there that could be undone" in capsys.readouterr().err
    kept = lies(course, ".results/collections")
    assert {"of 10", "of 11", "of 12"} <= {*kept.values()}  # nothing was deleted


def test_undo_stops_where_somebody_has_changed_what_it_made(course, capsys):
    roster(course)
    assert collect(course, blackboard(10, "jane")) == 0
    os.rename(course.submitted() / "jdoe", course.submitted() / "doe")
    assert run(course, "collect", "ps1", "--undo") == 2
    assert "submitted/jdoe/ps1 is not there any more" in capsys.readouterr().err
    assert [*lies(course)] == ["doe/ps1/ps1.ipynb", "doe/ps1/timestamp.txt"]


@pytest.mark.parametrize("moved", range(7))
def test_a_collection_that_was_killed_is_finished_by_the_next_command(moved, course, monkeypatch):
    roster(course)
    assert collect(course, blackboard("09", "before")) == 0
    real, count = os.rename, iter(range(100))

    def killed(source, target):
        if next(count) == moved:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(storing.os, "rename", killed)
    try:
        assert collect(course, ARCHIVES["blackboard"]) == 0
    except KeyboardInterrupt:
        assert moved < 5
    monkeypatch.setattr(storing.os, "rename", real)
    assert collect(course, {}) in (0, 2)
    storing.Store(course).finish()
    assert lies(course)["jdoe/ps1/ps1.ipynb"] == "jane"
    kept = lies(course, "attempts")
    assert {text for name, text in kept.items() if "ipynb" in name} == {"before", "jane, before"}
    assert len([name for name in lies(course) if name.endswith(".ipynb")]) == 3


def test_a_full_disk_changes_nothing(course, monkeypatch, capsys):
    roster(course)
    real, count = Path.write_bytes, iter(range(100))

    def full(path, content):
        if next(count) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert collect(course, ARCHIVES["canvas"]) == 2
    assert "the disk is full; make room, and run it again" in capsys.readouterr().err
    assert lies(course) == {}
    monkeypatch.setattr(Path, "write_bytes", real)
    assert collect(course, ARCHIVES["canvas"]) == 0
    assert len(lies(course)) == 4


def test_two_at_once_are_refused(course, capsys, monkeypatch):
    roster(course)
    monkeypatch.setattr("coursekit.course_lock.LOCK_SECONDS", 0.1)
    with only_run(course):
        assert collect(course, ARCHIVES["canvas"]) == 2
    assert "another class run or collection is on" in capsys.readouterr().err


# What may not get out of an archive


HOSTILE = {
    "../../outside_1234_1_ps1.ipynb": "leads out of the archive",
    "/etc/doejane_1234_2_ps1.ipynb": "leads out of the archive",
    "C:\\temp\\doejane_1234_3_ps1.ipynb": "leads out of the archive",
    "a/../../doejane_1234_4_ps1.ipynb": "leads out of the archive",
}


def test_nothing_is_written_outside_and_no_link_is_followed(course, capsys):
    roster(course)
    before = {*course.root.parent.rglob("*")}
    links = {"doejane_1234_5_ps1.ipynb": str(course.root / "secret")}
    files = HOSTILE | {"oneilannsmith_1235_778_ps1.ipynb": "ann"}
    assert collect(course, files, links=links) == 1
    said = capsys.readouterr().out
    for name, words in HOSTILE.items():
        assert words in said, name
    assert "a link, which is not followed" in said
    assert [*lies(course)] == ["asmith/ps1/ps1.ipynb"]
    new = set(course.root.parent.rglob("*")) - before
    assert {path for path in new if not path.is_relative_to(course.root)} == {
        course.root.parent / "class.zip"
    }


def test_a_link_in_a_folder_is_not_followed(course, capsys):
    roster(course)
    folder = unpacked(course.root.parent / "class", {"oneilannsmith_1235_778_ps1.ipynb": "ann"})
    (folder / "doejane_1234_5_ps1.ipynb").symlink_to(course.root / "secret")
    (folder / "muñozjosé_1236_7_all").symlink_to(course.root)
    os.mkfifo(folder / "muñozjosé_1236_7_ps1.ipynb")
    assert run(course, "collect", "ps1", folder) == 1
    assert capsys.readouterr().out.count("a link or no plain file") == 3
    assert [*lies(course)] == ["asmith/ps1/ps1.ipynb"]


def test_a_bomb_is_not_unpacked(course, capsys, monkeypatch):
    roster(course)
    monkeypatch.setattr(archives, "MAX_BYTES", 10 * 2**20)
    bomb = {"doejane_1234_5_ps1.ipynb": bytes(30 * 2**20), "oneilannsmith_1235_7_ps1.ipynb": "ann"}
    assert collect(course, bomb) == 1
    assert "  - doejane_1234_5_ps1.ipynb: too large when it is unpacked" in capsys.readouterr().out
    assert [*lies(course)] == ["asmith/ps1/ps1.ipynb"]


def test_an_archive_of_too_many_files_is_not_looked_at(course, capsys, monkeypatch):
    roster(course)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    assert collect(course, ARCHIVES["blackboard"]) == 2
    assert "a zip of more than 3 files" in capsys.readouterr().err


def test_names_that_act_are_written_as_they_can_be_shown(course):
    roster(course)
    assert collect(course, {"doejane_1234_5_a\x1b[2J..\u202egnp.ipynb": "jane"}) == 0
    (name,) = lies(course)
    assert name.isprintable()
    assert name.isascii()


# Wrong usage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("collect", "ps1"), "expected is either ARCHIVE, or --undo"),
        (("collect", "ps1", "x.zip", "--undo"), "expected is either ARCHIVE, or --undo"),
        (("collect", "ps1", "x.zip", "--from", "ilias"), "invalid choice: 'ilias'"),
        (("roster",), "required: FILE"),
    ],
)
def test_a_command_that_means_nothing_is_refused(words, said, course, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(course, *words)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("collect", "ps1", "nowhere.zip"), "nowhere.zip cannot be read: No such file"),
        (("collect", "ps7", "nowhere.zip"), "ps7 is not released, so nobody can have handed it in"),
        (("collect", "ps1", __file__), "is a text; the zip that the learning platform exports"),
        (("collect", "ps1", "--undo"), "no collection of ps1 is there"),
        (("roster", "nowhere.csv"), "nowhere.csv cannot be read"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_status_2(words, said, course, capsys):
    assert run(course, *words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_without_a_roster_nobody_is_guessed(course, capsys):
    assert collect(course, ARCHIVES["canvas"]) == 2
    error = capsys.readouterr().err
    assert "there is no roster" in error
    assert "the list of students that Canvas exports" in error


def test_folders_that_are_called_after_students_need_no_roster(course):
    files = {"all/ada/ps1/ps1.ipynb": "ada", "all/bo/ps1.ipynb": "bo", "all/=x/ps1.ipynb": "x"}
    assert collect(course, files) == 1
    assert lies(course) == {"ada/ps1/ps1.ipynb": "ada", "bo/ps1/ps1.ipynb": "bo"}


def test_one_file_that_is_called_as_on_a_platform_does_not_make_it_one(course):
    roster(course)
    files = {"jdoe/ps1.ipynb": "jane", "asmith/ps1.ipynb": "ann", "asmith/a_1_2_b.txt": "hers"}
    assert collect(course, files) == 0
    assert lies(course)["asmith/ps1/a_1_2_b.txt"] == "hers"
    assert lies(course)["jdoe/ps1/ps1.ipynb"] == "jane"


def test_a_damaged_zip_is_said(course, capsys):
    roster(course)
    path = pack(course.root.parent / "class.zip", ARCHIVES["canvas"])
    path.write_bytes(path.read_bytes()[:200])
    assert run(course, "collect", "ps1", path) == 2
    assert "is a damaged zip; export it again" in capsys.readouterr().err


def test_a_corrupt_gradebook_is_said_and_the_roster_stays(course, capsys):
    course.gradebook.write_bytes(b"no database " * 100)
    assert roster(course) == 2
    assert "it is damaged" in capsys.readouterr().err
    assert not (course.root / "roster.csv").exists()


# The roster


def test_a_list_comes_into_the_gradebook_too(course):
    assert roster(course) == 0
    assert "José Muñoz" in names_of_students(course)["jmunoz"]
    assert "1236" in names_of_students(course)["jmunoz"]


def test_the_test_student_of_canvas_is_none_though_it_has_a_login(course, capsys):
    text = CANVAS_ROSTER + '"Student, Test",77,S9,tstudent,A,\n'
    assert roster(course, text.replace('Test",1,,,A', 'Test",1,,3fa9c0,A')) == 0
    assert "4 students, 4 of them new" in capsys.readouterr().out
    assert read_roster(course.root).people["tstudent"]["sis_id"] == "S9"  # is called so, and is one


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ('Identifier,Full name,Username\nParticipant 1,"José Nuñez, Jr.",a\n', "", ""),
        ('student,name,first_name\na,"José Nuñez, Jr.",José\n', "José", ""),
        ('Student,ID,SIS Login ID\n"Nuñez, José",1,a\n', "José", "Nuñez"),
    ],
)
def test_only_canvas_puts_the_last_name_before_a_comma(text, first, last, course):
    assert roster(course, text) == 0
    person = read_roster(course.root).people["a"]
    assert (person["first_name"], person["last_name"]) == (first, last)
    assert "," in person["name"]


def test_lists_of_several_platforms_are_one_roster(course, capsys):
    roster(course)
    roster(course, MOODLE := ROSTERS["moodle"])
    roster(course, MOODLE.replace("Participant 9", "Participant 8"))
    assert "3 students, 0 of them new, 3 changed" in capsys.readouterr().out
    jane = read_roster(course.root).people["jdoe"]
    assert (jane["participant"], jane["email"]) == ("901;801", "jdoe@uni.example")
    for archive in (ARCHIVES["moodle"], ARCHIVES["gradescope"]):
        assert collect(course, archive) == 0


def test_what_begins_a_formula_is_text_in_the_roster(course):
    text = 'student,first_name,last_name,email\njdoe,=HYPERLINK("x"),"@Doe, x",+1@x.example\n'
    assert roster(course, text) == 0
    written = (course.root / "roster.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK" in written
    assert '"\'@Doe, x"' in written
    jane = read_roster(course.root).people["jdoe"]
    assert jane["first_name"] == '=HYPERLINK("x")'
    assert roster(course, text) == 0
    assert (course.root / "roster.csv").read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("a,b\n1,2\n", (), "has no column that names students"),
        ("student\n=x\n", (), "line 2: the student '=x' has the character ="),
        ("first name,last name\nJane,Doe\n", (), "name a column with --id"),
        ("student,login\na,x\nb,X\n", (), "a and b have one login, 'x'"),
        ("student,email\na,x@y.z\n", ("--id", "matriculation"), "has no column 'matriculation'"),
        ("\n", (), "is empty"),
    ],
)
def test_a_list_that_is_not_right_changes_nothing(text, options, words, course, capsys):
    assert roster(course, text, *options) == 2
    assert words in capsys.readouterr().err
    assert not (course.root / "roster.csv").exists()


def test_names_are_compared_without_forms_capitals_and_signs():
    forms = ("O'Neil, Zoë", "o’neil zoë", "ONEIL_ZOE\u0308", "oneilzoë")
    assert len({compared("name", form) for form in forms}) == 1
    assert compared("login", "#JDoe ") == "jdoe"


def test_a_zip_is_read_from_its_file_member_by_member(tmp_path):
    path = pack(tmp_path / "x.zip", {"a/b.txt": "b", "__MACOSX/c": "", ".DS_Store": ""})
    with archives.open_archive(path) as members:
        assert [(one.path, one.read()) for one in members] == [(("a", "b.txt"), b"b")]
    assert zipfile.is_zipfile(path)
