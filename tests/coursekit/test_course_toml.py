"""``course.toml``: what it sets, and how it says what is wrong."""

import re
import tomllib
from dataclasses import fields

import pytest

from coursekit.cli import main
from coursekit.course_toml import (
    NAME,
    CourseSettings,
    OrdinaryLimits,
    ProblemSetLimits,
    read_settings,
    template,
)
from coursekit.courses import init_course
from coursekit.errors import CourseError
from coursekit.grading.settings import scope_of
from coursekit.sandbox.limits import ORDINARY, Limits
from coursekit.toml_schema import in_force


def settings(folder, text: str) -> CourseSettings:
    (folder / NAME).write_text(text, encoding="utf-8")
    return read_settings(folder)


def faults(folder, text: str) -> list[str]:
    with pytest.raises(CourseError) as caught:
        settings(folder, text)
    return [line.strip() for line in str(caught.value).splitlines()]


def test_a_course_without_the_file_has_the_defaults(tmp_path):
    found = read_settings(tmp_path)
    assert found == CourseSettings()
    assert found.limits_of(ordinary=False) == Limits()
    assert found.limits_of(ordinary=True) == ORDINARY
    assert found.packages_of(ordinary=False) == ()
    assert found.packages_of(ordinary=True) is None


def test_a_new_course_has_a_file_in_which_nothing_is_set(tmp_path):
    course = init_course(tmp_path / "course")
    assert (course.root / NAME).read_text(encoding="utf-8") == template()
    assert course.settings == CourseSettings()


@pytest.mark.parametrize(
    ("below", "words"),
    [
        ('[course]\nlms = "canvas"\n', "; [course] stands in line {section} already: put there"),
        ('late = "lms"\nlate = "all"  # or\n', "; late stands in line {last} already: put there"),
        ("late = \n", ""),
    ],
)
def test_what_was_pasted_below_is_said_to_be_there_already(below, words, tmp_path):
    text = template()
    lines = text.splitlines()
    words = words.format(section=lines.index("[course]") + 1, last=len(lines) + 1)
    (said,) = faults(tmp_path, text + below)
    assert " is no TOML: " in said
    assert words in said
    assert ("already" in said) == bool(words)


def test_a_setting_may_stand_in_each_section(tmp_path):
    text = "[limits.ordinary]\nprocesses = 9\n[limits.problem_sets]\nprocesses = 9\n"
    assert "line 4 already" in faults(tmp_path, f"{text}processes = 8\n")[0]


def test_each_line_of_that_file_sets_what_it_says(tmp_path):
    text = re.sub(r"^# (\w+ = )", r"\1", template(), flags=re.MULTILINE)
    text = text.replace('"pandas", ', "")  # which the tests need not have
    found = settings(tmp_path, text)
    assert found.packages_of(ordinary=True) == ("scipy",)
    assert found.limits_of(ordinary=True) == ORDINARY
    assert found.limits_of(ordinary=False) == Limits()
    written = tomllib.loads(text)["limits"]
    assert set(written["ordinary"]) == {entry.name for entry in fields(OrdinaryLimits)}
    assert set(written["problem_sets"]) == {entry.name for entry in fields(ProblemSetLimits)}


def test_limits_are_set_in_their_units_and_apart(tmp_path):
    text = "[limits.ordinary]\nmemory_mb = 100\ncell_seconds = 1.5\noutput_kb = 3\n"
    limits = settings(tmp_path, text).limits_of(ordinary=True)
    assert limits.memory == 100 * 2**20
    assert limits.cell_cpu_seconds == 1.5
    assert limits.output == 3 * 2**10
    assert limits.scratch == ORDINARY.scratch
    assert settings(tmp_path, text).limits_of(ordinary=False) == Limits()


WRONG = {
    "unknown": ("\nlimit = 4\n", "line 2: there is no limit; is limits meant? There are: "),
    "unlike anything": (
        "xyzzy = 4",
        "line 1: there is no xyzzy; There are: course, dates, policies",
    ),
    "in a section": (
        "[limits.ordinary]\n\nmemry_mb = 5",
        "line 3: there is no limits.ordinary.memry_mb; is memory_mb meant?",
    ),
    "type": (
        "[limits.ordinary]\nmemory_mb = '9'",
        "line 2: limits.ordinary.memory_mb is '9'; expected is a whole number from 64 to ",
    ),
    "fraction": (
        "[limits.ordinary]\nmemory_mb = 99.5",
        "line 2: limits.ordinary.memory_mb is 99.5; expected is a whole number",
    ),
    "truth": ("limits.ordinary.memory_mb = true", "line 1: limits.ordinary.memory_mb is True;"),
    "too small": (
        "[limits.problem_sets]\ncell_seconds = 0",
        "line 2: limits.problem_sets.cell_seconds is 0; expected is a number from 1 to 86400",
    ),
    "infinite": ("limits.ordinary.cell_seconds = inf", "line 1: limits.ordinary.cell_seconds"),
    "word": (
        "[checks]\n# a comment\nsealed_answers = 'no'",
        "line 3: checks.sealed_answers is 'no'; expected is 'released' or 'kept'",
    ),
    "no table": ("limits = 5", "line 1: limits is 5; expected is a table, [limits]"),
    "inline": ("limits = {ordinary = {memry = 1}}", "line 1: there is no limits.ordinary.memry"),
    "quoted": ('\n"limits"."ordinary"."memry" = 1', "line 2: there is no limits.ordinary.memry"),
    "several lines": (
        "[packages]\nproblem_sets = [\n  'numpy',\n  'no-such-package',\n]",
        "line 2: packages.problem_sets is ['numpy', 'no-such-package']: 'no-such-package' is not "
        "installed",
    ),
    "no zone": (
        "[dates]\ntime_zone = 'Europe/Berln'",
        "line 2: dates.time_zone is 'Europe/Berln': there is no such time zone; expected is the",
    ),
    "path as a zone": ("dates.time_zone = '../../etc/passwd'", "line 1: dates.time_zone is '../.."),
    "no date": (
        "[dates.due]\nps0 = 2027-01-03\nps1 = 'Sunday'",
        "line 3: dates.due.ps1 is 'Sunday'; expected is a time such as 2027-01-10 23:59:59",
    ),
    "time without a day": ("[dates]\ndue.ps1 = 23:59:00", "line 2: dates.due.ps1 is 23:59:00; exp"),
    "no table of names": (
        "dates.due = 2027-01-03",
        "line 1: dates.due is 2027-01-03; expected is a",
    ),
    "policy": (
        "[policies]\nlate = 'per week'",
        "line 2: policies.late is 'per week'; expected is 'nbgrader' or 'nothing' or 'per day' or",
    ),
    "points": (
        "[policies.points]\nps1 = 10\n'ps 2' = -1",
        "line 3: policies.points.ps 2 is -1; expected is a number from 0 to 10000",
    ),
    "text": ("[course]\ntitle = 'a\\tb'\nterm = 3", "line 3: course.term is 3; expected is a text"),
    "no list": ("packages.ordinary = 'numpy'", "line 1: packages.ordinary is 'numpy'; expected is"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_names_file_line_and_key(name, tmp_path):
    text, words = WRONG[name]
    heading, fault = faults(tmp_path, text)
    assert heading == f"{tmp_path / NAME} is not right:"
    assert fault.startswith(words)


def test_all_errors_are_said_at_once(tmp_path):
    text = "a = 1\n[checks]\nb = 2\n[limits.ordinary]\nmemory_mb = 0\n"
    assert [fault.split(":")[0] for fault in faults(tmp_path, text)[1:]] == [
        "line 1", "line 3", "line 5",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["a = \n", "[a\n", "a = 1\nb = = 2\na = 3\n"])
def test_what_is_no_toml_is_said_with_its_line(text, tmp_path):
    (fault,) = faults(tmp_path, text)
    assert f"{tmp_path / NAME} is no TOML: " in fault
    assert "at line" in fault


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match="cannot be read"):
        read_settings(tmp_path)
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).mkdir()
    with pytest.raises(CourseError, match="cannot be read"):
        read_settings(tmp_path)


def test_a_mark_of_its_encoding_does_no_harm(tmp_path):
    (tmp_path / NAME).write_bytes(b"\xef\xbb\xbf[limits.ordinary]\nprocesses = 9\n")
    assert read_settings(tmp_path).limits_of(ordinary=True).processes == 9


def test_what_is_in_force_is_said_and_can_be_read_again(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    text = "[limits.ordinary]\nmemory_mb = 100\n[packages]\nproblem_sets = ['scipy']\n"
    found = settings(course.root, text)
    assert main(["settings", "--course", str(course.root)]) == 0
    said = capsys.readouterr().out
    assert said == in_force(found) + "\n"
    assert "\nmemory_mb = 100\n" in said
    assert "\n# folder_mb = 2048\n" in said
    assert '# ordinary = "all that is installed"' in said
    assert settings(course.root, said) == found


def test_times_and_names_are_said_as_they_can_be_read_again(tmp_path):
    text = """
[course]
columns = {"ps1" = "Problem set 1 (123)", "week 2" = "Häuser"}
[dates]
time_zone = "Asia/Kathmandu"
[dates.due]
ps1 = 2027-01-10 23:59:59
ps2 = 2027-01-10T23:59:59+05:45
ps3 = 2027-02-01
[policies]
extra_credit = ["ps3"]
points.ps1 = 12.5
"""
    found = settings(tmp_path, text)
    assert settings(tmp_path, in_force(found)) == found
    assert found.dates.due["ps3"].isoformat() == "2027-02-01"
    assert "\nps1 = 2027-01-10 23:59:59\n" in in_force(found)
    assert '\n"week 2" = "Häuser"' in in_force(found)


def test_a_file_that_is_not_right_ends_a_command_before_it_does_anything(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    settings_file = course.root / NAME
    settings_file.write_text("nothing = 1\n", encoding="utf-8")
    for command in (["settings"], ["release", "ps0"]):
        assert main([*command, "--course", str(course.root)]) == 2
        assert "course.toml is not right:\n  line 1: there is no nothing" in capsys.readouterr().err
    assert not course.release("ps0").exists()


def test_limits_that_a_run_is_given_count_and_packages_are_the_course_s(tmp_path):
    course = init_course(tmp_path / "course")
    settings(course.root, "[packages]\nordinary = ['scipy']\n")
    given = Limits(memory=2**30)
    assert scope_of(course, "week", given).limits == given
    assert scope_of(course, "week").limits == ORDINARY
    assert scope_of(course, "week").packages == ("scipy",)
    assert scope_of(course, "ps1").limits == Limits()
    assert scope_of(course, "ps1").packages == ()
