"""``course doctor`` finds what is wrong, says what to do, and changes nothing."""

import hashlib
import os
import stat
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from coursekit.cli import main
from coursekit.courses import Course, init_course, make_private
from coursekit.health import course as looking
from coursekit.health import machine
from coursekit.health.findings import ADVICE, GOOD, MEND
from coursekit.nbgrader_out.converters import programs_on_path
from coursekit.nbgrader_out.roster import add_students
from coursekit.sandbox.worker_process import SandboxUnavailableError

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def course(tmp_path) -> Course:
    made = init_course(tmp_path / "course")
    folder = made.release("ps1")
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").write_text("{}", encoding="utf-8")
    return made


def found(course, state, what=None, now=None):
    return [
        one.words
        for one in looking.about_course(course, now or datetime.now(UTC))
        if one.state == state and what in (None, one.what)
    ]


def settings(course, text):
    (course.root / "course.toml").write_text(text, encoding="utf-8")


def contents(root):
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in files}


def test_a_new_course_is_well_and_nothing_is_changed(course):
    assert found(course, MEND) == found(course, ADVICE) == []
    before = contents(course.root)
    assert len(found(course, GOOD)) >= 8
    assert contents(course.root) == before


def test_the_secret(course):
    (course.root / "secret").write_bytes(b"short")
    assert "holds 5 bytes only" in found(course, ADVICE, "secret")[0]
    (course.root / "secret").unlink()
    assert "Put it back from a copy" in found(course, MEND, "secret")[0]


def test_rights(course):
    (course.root / "feedback").chmod(0o755)
    (course.root / "gradebook.db").chmod(0o644)
    words = found(course, MEND, "rights")[0]
    assert words.endswith("chmod o-rwx feedback gradebook.db")
    assert not found(course, ADVICE, "rights")
    course.submitted().chmod(0o755)
    assert found(course, ADVICE, "rights")[0].endswith("chmod o-rwx submitted")


def test_tables_of_names_are_closed_or_it_is_said(course):
    for name in ("extensions.csv", "my times.csv"):
        (course.root / name).write_text("student,problem_set\n", encoding="utf-8")
        (course.root / name).chmod(0o644)
    words = found(course, MEND, "rights")[0]
    assert words.endswith("chmod o-rwx extensions.csv 'my times.csv'")
    make_private(course)
    assert not found(course, MEND, "rights")
    assert stat.S_IMODE((course.root / "extensions.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize("days", [1, 20_000])
def test_a_clock_that_was_set_back(course, days):
    now = datetime.now(UTC) - timedelta(days=days)
    assert "set it (timedatectl)" in found(course, MEND, "clock", now)[0]


def test_a_damaged_gradebook(course):
    looking.known_students(course)
    whole = course.gradebook.read_bytes()
    course.gradebook.write_bytes(whole[: len(whole) // 2])
    (course.root / "extensions.csv").write_text("student,problem_set\n", encoding="utf-8")
    assert "put a whole copy of gradebook.db in its place" in found(course, MEND, "gradebook")[0]
    course.gradebook.write_bytes(b"no database" * 100)
    assert "file is not a database" in found(course, MEND, "gradebook")[0]


def test_settings_that_are_not_right(course):
    settings(course, "[dates]\ntime_zone = 'Mars'\n")
    assert "there is no such time zone" in found(course, MEND, "settings")[0]


def test_wrong_settings_do_not_hide_what_else_is_wrong(course, monkeypatch, capsys):
    settings(course, "[policies]\nlate = 'nothin'\n[course]\nlmz = 'canvas'\n")
    (course.root / "roster.csv").write_text("student\nada\n", encoding="utf-8")
    (course.root / "groups.csv").write_text("group,student\nA,adda\n", encoding="utf-8")
    (course.submitted() / "=x").mkdir()
    assert machine.about_sandbox(course).state == ADVICE
    words = "\n".join(found(course, MEND))
    for part in ("line 2: policies.late", "line 4: there is no course.lmz", "no student 'adda'",
                 "submitted/=x has the character ="):  # fmt: skip
        assert part in words
    monkeypatch.setattr(machine, "about_packages", lambda: iter(()))
    assert main(["doctor", "--course", str(course.root)]) == 1
    assert "to mend" in capsys.readouterr().out


def test_dates_of_sets_that_there_are_not_and_dates_gone_by(course):
    settings(
        course,
        "[dates.due]\nps11 = 2027-01-01\nps2 = 2020-01-01\n[policies]\nextra_credit = ['ps77']\n",
    )
    assert found(course, MEND, "dates")[0].startswith(
        "dates.due names ps11, which is no set; is ps1"
    )
    assert found(course, MEND, "dates")[1].startswith("policies.extra_credit names ps77")
    assert found(course, ADVICE, "dates") == [
        "no due date in course.toml for ps1", "due already and not released: ps2",
    ]  # fmt: skip


def extensions(course, rows):
    (course.submitted() / "ada" / "ps1").mkdir(parents=True, exist_ok=True)
    (course.root / "roster.csv").write_text(
        "student,name,login\nada,Ada Lovelace,al1\nkim1,Kim Lee,k1\nkim2,Kim Lee,k2\n",
        encoding="utf-8",
    )
    (course.root / "extensions.csv").write_text(
        f"student,problem_set,hours,excused\n{rows}", encoding="utf-8"
    )


def test_extensions_for_nobody(course):
    settings(course, "[dates.due]\nps1 = 2027-01-01\n")
    extensions(course, "adda,ps1,2,\nada,ps12,2,\nada,*,2,\nKim Lee,ps1,2,\nada,ps2,2,yes\n")
    assert found(course, MEND, "extensions") == [
        "extensions.csv, line 2: nobody is called 'adda'; is ada meant?",
        "extensions.csv, line 3: there is no set 'ps12'; is ps2 meant?",
        "extensions.csv, line 5: 'Kim Lee' may be kim1 or kim2; write which of these accounts",
        "extensions.csv, line 6: it moves no date, as [dates.due] in course.toml has none for ps2",
    ]


def test_groups_of_nobody(course):
    (course.root / "roster.csv").write_text("student,name\nada,Ada Lovelace\n", encoding="utf-8")
    (course.root / "groups.csv").write_text("group,student,problem_set\nA,Ada Lovelace,\n", "utf-8")
    assert found(course, MEND, "groups") == []
    assert found(course, GOOD, "groups") == ["every line of groups.csv names a student"]
    with (course.root / "groups.csv").open("a", encoding="utf-8") as groups:
        groups.write("A,adda,ps1\n,ada,ps12\n")
    assert found(course, MEND, "groups") == [
        "groups.csv, line 3: the roster has no student 'adda'",
        "groups.csv, line 4: there is no group",
        "groups.csv, line 4: there is no set 'ps12'",
    ]
    (course.root / "groups.csv").write_text("team,student\n", encoding="utf-8")
    assert "has no column group" in found(course, MEND, "groups")[0]


def test_who_has_left_the_course_is_named_with_the_command(course):
    add_students(course, [{"student": "ada"}, {"student": "bo b"}])
    assert found(course, ADVICE, "roster") == []  # there is no roster
    (course.root / "roster.csv").write_text("student\nada\n", encoding="utf-8")
    (words,) = found(course, ADVICE, "roster")
    assert words.startswith("in the gradebook and not in roster.csv: bo b; who has left the course")
    assert "`nbgrader db student remove 'bo b' --force`" in words


def test_extensions_where_nothing_is_due(course):
    extensions(course, "Ada Lovelace,*,2,\nAL1,ps1,,yes\n")
    assert found(course, MEND, "extensions") == [
        "extensions.csv, line 2: it moves no date, as [dates.due] in course.toml has none for "
        "any set"
    ]


def test_penalties_without_times(course):
    for lms, late, said in (
        ("canvas", 'late = "per day"', True),
        ("moodle", "late_days = 2", True),
        ("canvas", 'late = "lms"', False),
        ("blackboard", 'late = "per day"', False),
    ):
        settings(course, f'[course]\nlms = "{lms}"\n[policies]\n{late}\n')
        assert bool(found(course, ADVICE, "late")) == said


def test_totals_that_cannot_be_compared(course):
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        for name, points in (("ps1", 27), ("ps2", 43)):
            gradebook.update_or_create_assignment(name)
            gradebook.update_or_create_notebook(name, name)
            gradebook.update_or_create_grade_cell(
                "a", name, name, max_score=points, cell_type="code"
            )
    drop = "[policies]\ndrop_lowest = 1\n"
    extensions(course, "ada,ps1,,yes\n")
    settings(course, drop)
    said = found(course, ADVICE, "total")
    assert [words.partition(",")[0] for words in said] == [
        "drop_lowest takes away sets that count different points (ps1 27",
        "who is excused from a set has a total out of fewer points",
    ]
    assert all("`total = 100` below [policies.points]" in words for words in said)
    settings(course, f"{drop}[policies.points]\ntotal = 100\n")
    assert not found(course, ADVICE, "total")


def test_a_configuration_of_an_earlier_version(course):
    text = course.config.read_text(encoding="utf-8")
    course.config.write_text(
        text.replace("c.AssignLatePenalties.plugin_class", "late_plugin"), encoding="utf-8"
    )
    assert "lacks the line c.AssignLatePenalties" in found(course, ADVICE, "nbgrader")[0]
    course.config.write_text("this is no Python", encoding="utf-8")
    assert "cannot be run" in found(course, MEND, "nbgrader")[0]


def test_two_things_that_take_points_off(course):
    settings(course, '[policies]\nlate = "per day"\n')
    with course.config.open("a", encoding="utf-8") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    assert "only one may take points off" in found(course, MEND, "nbgrader")[0]


def test_names_and_places(course):
    for name in ("=x", "Jose\u0301", "Jos\u00e9"):
        (course.submitted() / name / "ps1").mkdir(parents=True)
    (course.submitted() / "ada").mkdir()
    (course.submitted() / "ada" / "ps1.ipynb").write_text("{}", encoding="utf-8")
    words = found(course, MEND, "names")[0]
    for part in ("submitted/=x has the character =", "is there 2 times", "submitted/ada/ps1.ipynb"):
        assert part in words


def test_a_roster_where_a_platform_is_named(course):
    settings(course, '[course]\nlms = "canvas"\n')
    assert "`course roster FILE`" in found(course, ADVICE, "roster")[0]
    (course.root / "roster.csv").write_text("student\na\na\n=b\n", encoding="utf-8")
    assert "line 4: the student '=b'" in found(course, MEND, "roster")[0]


# The machine


@pytest.mark.parametrize(("version", "state"), [((3, 10, 9), MEND), ((3, 11, 0), GOOD)])
def test_python(version, state):
    assert machine.about_python(version).state == state


def test_packages_that_are_missing_or_old(monkeypatch):
    (one,) = machine.about_packages()
    assert one.state == GOOD
    monkeypatch.setattr(
        machine.importlib.metadata,
        "requires",
        lambda name: ["numpy>=99", "no-such-thing; extra == 'grader'", "x; extra == 'book'"],
    )
    (one,) = machine.about_packages()
    assert one.state == MEND
    assert "expected is >=99; no-such-thing is not installed: " in one.words
    assert "pip install '.[grader]'" in one.words


def test_programs(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    states = {one.what: one for one in machine.about_programs(Path(machine.sys.executable).parent)}
    assert states["alembic"].state == ADVICE
    assert "is not on the PATH" in states["alembic"].words
    states = {one.what: one for one in machine.about_programs(tmp_path)}
    assert states["alembic"].state == MEND


@pytest.mark.parametrize(("free", "state"), [(2**20, MEND), (2**30, ADVICE), (2**40, GOOD)])
def test_disk(free, state, tmp_path, monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda place: Usage(2**41, 0, free))
    assert machine.about_disk(tmp_path).state == state


def test_a_sandbox_that_cannot_be_had(course, monkeypatch):
    def refuse(*_):
        raise SandboxUnavailableError("student code cannot be locked in here.")

    monkeypatch.setattr(machine, "tested", refuse)
    assert machine.about_sandbox(course).state == MEND


# The command


def healthy(monkeypatch):
    monkeypatch.setattr(machine, "about_machine", lambda course: iter(()))


def test_the_command_says_each_finding_and_its_status_tells(course, capsys, monkeypatch):
    healthy(monkeypatch)
    assert main(["doctor", "--course", str(course.root)]) == 0
    assert capsys.readouterr().out.endswith("All is well.\n")
    os.remove(course.root / "secret")
    assert main(["doctor", "--course", str(course.root)]) == 1
    said = capsys.readouterr().out
    assert "! secret      `secret` cannot be read" in said
    assert said.endswith("1 to mend, 0 to think about\n")


def test_outside_of_a_course_it_is_one_sentence(tmp_path, capsys):
    assert main(["doctor", "--course", str(tmp_path)]) == 2
    assert "is not in a course directory" in capsys.readouterr().err
