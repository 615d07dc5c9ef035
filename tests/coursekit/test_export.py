"""Grade files in the columns that each platform imports: whose, how many, and nothing computes."""

import csv
import io
import shutil
import stat

import pytest
from nbgrader.api import Gradebook
from tests.coursekit.earlier_courses import PACKED, unpack
from tests.coursekit.lms_archives import (
    BLACKBOARD_ROSTER,
    BRIGHTSPACE_ROSTER,
    CANVAS_ROSTER,
    MOODLE_ROSTER,
)

from coursekit.cli import main
from coursekit.commands.exported import lines
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.exports.platforms import PLATFORMS, Export, plain_table
from coursekit.exports.scores import Cell, ClassScores
from coursekit.nbgrader_out.converters import programs_on_path
from coursekit.nbgrader_out.gradebook import read_graded, writing
from coursekit.nbgrader_out.roster import known_students
from coursekit.roster import Roster, merged, read_roster
from coursekit.tables import read_table, write_table

SCORES = ClassScores(
    ("ps1",),
    {
        ("jdoe", "ps1"): Cell(27, 35, words="Due: 2027-01-10."),
        ("asmith", "ps1"): Cell(0, 35),
        ("jmunoz", "ps1"): Cell(31.125, 35, excused=True),
    },
)
"""Right in the main, nothing, and excused."""

ADA = "ada-right"
TITLES = {"ps1": "Problem set 1 (123)"}


@pytest.fixture
def roster(tmp_path) -> Roster:
    found = Roster()
    for number, text in enumerate(
        (CANVAS_ROSTER, MOODLE_ROSTER, BLACKBOARD_ROSTER, BRIGHTSPACE_ROSTER)
    ):
        path = tmp_path / f"{number}.csv"
        path.write_text(text, encoding="utf-8")
        found = merged(found, path).roster
    return found


def exported(tmp_path, lms, roster, text=None, scores=SCORES, titles=None):
    """What is written, read again as a platform would read it, and what was said."""
    job = Export(PLATFORMS[lms], scores, roster, titles or {})
    made = job.from_roster() if text is None else job.into(table(tmp_path, text))
    path = tmp_path / "out.csv"
    write_table(path, made.columns, made.rows, made.delimiter)
    text = path.read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter=made.delimiter)), made


def table(tmp_path, text):
    path = tmp_path / "downloaded.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path)


# Each platform


def test_canvas_gets_its_student_columns_and_ex_for_an_excuse(roster, tmp_path):
    rows, made = exported(tmp_path, "canvas", roster, CANVAS_ROSTER, titles=TITLES)
    column = "Problem set 1 (123)"
    assert made.columns == ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", column)
    assert [row[column] for row in rows] == ["35", "27.00", "0.00", "EX", ""][: len(rows)]
    assert rows[0]["Student"].strip() == "Points Possible"
    assert [row["ID"] for row in rows[1:]] == ["1234", "1235", "1236"]
    assert made.unknown == ()  # the test student is no news


def test_lines_of_nobody_are_named_and_those_of_canvas_are_passed_over(roster, tmp_path):
    text = CANVAS_ROSTER.replace('Test",1,,,A', 'Test",1,,3fa9c0,A')
    head, rest = text.split("\n", 1)
    text = f'{head}\n,,,,,Manual Posting\n{rest}"New, Man",99,,mnew,B,\n'
    rows, made = exported(tmp_path, "canvas", roster, text, titles=TITLES)
    assert made.unknown == ("line 8: New, Man, 99, mnew, B",)
    assert len(rows) == 4
    said = lines(made, tmp_path / "out.csv", "canvas", ())
    assert said[1:] == [
        "nobody whom the roster knows in 1 of its lines:", "  - line 8: New, Man, 99, mnew, B",
    ]  # fmt: skip


def test_canvas_from_the_roster_has_the_columns_that_its_importer_asks_for(roster, tmp_path):
    rows, made = exported(tmp_path, "canvas", roster, titles={"ps1": "Set 1 (7)"})
    assert made.columns[:5] == ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    by_id = {row["ID"]: row for row in rows}
    assert by_id["1236"]["Student"] == "José Muñoz"  # as the last list called him
    assert {number: row["Set 1 (7)"] for number, row in by_id.items()} == {
        "1234": "27.00", "1235": "0.00", "1236": "EX",
    }  # fmt: skip


def test_moodles_worksheet_comes_back_with_grades_and_all_else_as_it_was(roster, tmp_path):
    scores = ClassScores(
        SCORES.columns, {k: Cell(c.score, 100, c.excused, words=c.words)
                         for k, c in SCORES.cells.items()},
    )  # fmt: skip
    text = MOODLE_ROSTER + "Participant 7,Nobody,,x@y.z,,5.00,100.00,Yes,-,-,\n"
    rows, made = exported(tmp_path, "moodle", roster, text, scores)
    before = list(csv.DictReader(io.StringIO(text)))
    assert made.columns == tuple(before[0])
    assert [row["Grade"] for row in rows] == ["27.00", "0.00", "", "5.00"]
    assert rows[0]["Feedback comments"] == "Due: 2027-01-10."
    untouched = set(before[0]) - {"Grade", "Feedback comments"}
    assert [{k: r[k] for k in untouched} for r in rows] == [
        {k: r[k] for k in untouched} for r in before
    ]
    assert made.unknown == ("line 5: Participant 7, Nobody, x@y.z",)


def test_a_grade_that_moodle_would_pass_over_is_refused(roster, tmp_path):
    with pytest.raises(CourseError, match=r"ps1 counts 35 points here and 100 in the worksheet"):
        exported(tmp_path, "moodle", roster, MOODLE_ROSTER)


def test_moodle_needs_its_worksheet(roster, tmp_path):
    with pytest.raises(CourseError, match="takes back the worksheet"):
        exported(tmp_path, "moodle", roster)


def test_blackboard_gets_its_tabs_and_its_column(roster, tmp_path):
    column = "Problem set ps1 [Total Pts: 35 Score] |403340"
    text = BLACKBOARD_ROSTER.replace("Student ID\n", f"Student ID\tOther\t{column}\n")
    rows, made = exported(tmp_path, "blackboard", roster, text)
    assert made.delimiter == "\t"
    assert made.columns == ("Last Name", "First Name", "Username", "Student ID", column)
    assert {row["Username"]: row[column] for row in rows} == {
        "jdoe": "27.00", "asmith": "0.00", "jmunoz": "",
    }  # fmt: skip
    rows, made = exported(tmp_path, "blackboard", roster)
    assert made.columns[-1] == "ps1 [Total Pts: 35 Score]"


def test_brightspace_gets_its_signs_and_its_last_column(roster, tmp_path):
    rows, made = exported(tmp_path, "brightspace", roster)
    assert made.columns[:2] == ("OrgDefinedId", "Username")
    assert made.columns[-2:] == ("ps1 Points Grade", "End-of-Line Indicator")
    assert {row["Username"]: row["ps1 Points Grade"] for row in rows} == {
        "#jdoe": "27.00", "#asmith": "0.00", "#jmunoz": "",
    }  # fmt: skip
    assert {row["End-of-Line Indicator"] for row in rows} == {"#"}
    text = BRIGHTSPACE_ROSTER.replace(",End", ",ps1 Points Grade,End").replace(
        "example,#", "example,,#"
    )
    again, made = exported(tmp_path, "brightspace", roster, text)
    assert [row["OrgDefinedId"] for row in again] == ["#S1", "#S2", "#S3"]
    assert made.columns[-1] == "End-of-Line Indicator"


def test_our_own_table_has_a_line_for_each_student(roster, tmp_path):
    made = plain_table(SCORES, roster)
    write_table(tmp_path / "own.csv", made.columns, made.rows)
    rows = {row["student"]: row.cells for row in read_table(tmp_path / "own.csv").rows}
    assert rows["jmunoz"]["ps1"] == "excused"
    assert rows["asmith"]["last_name"] == "O'Neil"
    assert rows["jdoe"]["remarks"] == "Due: 2027-01-10."


# Names, formulas, gaps

FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\tx", '=HYPERLINK("http://x","y")')


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("lms", ["canvas", "blackboard", "brightspace"])
def test_no_name_is_a_formula(formula, lms, tmp_path):
    path = tmp_path / "class.csv"
    name = formula.replace('"', '""')
    path.write_text(
        f'student,first_name,last_name,login,lms_id,sis_id\njdoe,"{name}x","{name}, y",jdoe,1,S1\n',
        encoding="utf-8",
    )
    roster = merged(Roster(), path).roster
    rows, _ = exported(
        tmp_path, lms, roster, scores=ClassScores(("ps1",), {("jdoe", "ps1"): Cell(1, 2)})
    )
    cells = [cell for cell in rows[0].values() if cell]
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]
    assert any(formula.strip() in cell for cell in cells)


@pytest.mark.parametrize("name", ['Doe, "Jo" Jane', "Łukasz Żółć", "O'Brien", "李 明", "a;b\tc"])
def test_names_come_back_as_they_were(name, roster, tmp_path):
    quoted = name.replace('"', '""')
    text = f'Student,ID,Section,ps1 (1)\n"{quoted}",1234,A,\n'
    rows, _ = exported(tmp_path, "canvas", roster, text)
    assert rows[0]["Student"] == name
    assert rows[0]["ps1 (1)"] == "27.00"


def test_a_number_by_which_a_platform_finds_students_is_no_formula_either(tmp_path):
    path = tmp_path / "class.csv"
    path.write_text("student,lms_id\njdoe,=1+1\n", encoding="utf-8")
    roster = merged(Roster(), path).roster
    scores = ClassScores(("ps1",), {("jdoe", "ps1"): Cell(1, 2)})
    rows, made = exported(tmp_path, "canvas", roster, scores=scores)
    assert rows == []
    assert made.left_out == ("jdoe: ID '=1+1' begins as a formula does",)


def test_who_has_a_grade_and_is_not_in_the_file_is_named(roster, tmp_path):
    text = "\n".join(CANVAS_ROSTER.splitlines()[:3])
    _, made = exported(tmp_path, "canvas", roster, text, titles=TITLES)
    assert made.left_out == (
        "asmith: downloaded.csv has no such student",
        "jmunoz: downloaded.csv has no such student",
    )
    assert made.graded == 1


def test_who_handed_in_nothing_has_an_empty_cell(roster, tmp_path):
    scores = ClassScores(("ps1",), {("jdoe", "ps1"): Cell(27, 35)})
    rows, _ = exported(tmp_path, "canvas", roster, CANVAS_ROSTER, scores, TITLES)
    assert [row["Problem set 1 (123)"] for row in rows[1:]] == ["27.00", "", ""]


def test_columns_that_cannot_be_told_are_asked_for(roster, tmp_path):
    text = "Student,ID,ps1 (1),ps1 again (2),ps10 (3)\n"
    with pytest.raises(CourseError, match=r"has 2 columns that may be ps1; say which one"):
        exported(tmp_path, "canvas", roster, text)
    _, made = exported(tmp_path, "canvas", roster, text, titles={"ps1": "ps1 (1)"})
    assert made.columns == ("Student", "ID", "ps1 (1)")
    with pytest.raises(CourseError, match="has no column ps1"):
        exported(tmp_path, "canvas", roster, text, titles={"ps1": "ps1 (9)"})
    with pytest.raises(CourseError, match="names no students as Canvas does"):
        exported(tmp_path, "canvas", roster, "name,ps1\n")


def test_a_table_in_utf16_with_tabs_is_read(tmp_path):
    path = tmp_path / "gc.xls"
    path.write_bytes(BLACKBOARD_ROSTER.encode("utf-16"))
    found = read_table(path)
    assert (found.delimiter, found.rows[2]["Last Name"]) == ("\t", "Muñoz")


# The command


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Course:
    folder = tmp_path_factory.mktemp("export")
    unpack(PACKED[-1], folder / "course")
    return Course(folder / "course")


def run(course, *words) -> int:
    return main(["export", *words, "--course", str(course.root)])


def test_the_command_writes_what_the_gradebook_has(begun, tmp_path, capsys):
    file = tmp_path / "grades.csv"
    assert run(begun, "ps1", "mine", "total", "--to", str(file)) == 0
    said = capsys.readouterr().out
    assert f"{file}: grades of " in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = {row["student"]: row for row in read_table(file).rows}
    ada = rows["ada-right"]
    assert float(ada["total"]) == float(ada["ps1"]) + float(ada["mine"])
    assert float(ada["mine"]) == 5.0


@pytest.fixture
def own(begun, tmp_path) -> Course:
    """A copy of the course that a test may change."""
    shutil.copytree(begun.root, tmp_path / "own")
    return Course(tmp_path / "own")


def agree(course, settings="", rows=""):
    (course.root / "course.toml").write_text(settings, encoding="utf-8")
    (course.root / "extensions.csv").write_text(
        f"student,problem_set,hours,excused\n{rows}", encoding="utf-8"
    )


def totals(course, tmp_path):
    file = tmp_path / "grades.csv"
    run(course, "total", "--to", str(file))
    return {row["student"]: row for row in read_table(file).rows}


def test_a_total_says_out_of_what_it_is_and_that_others_are_out_of_less(own, tmp_path, capsys):
    agree(own, "[policies]\ndrop_lowest = 1\n", f"{ADA},mine,,yes\nben,mine,,yes\nben,ps1,,yes\n")
    with programs_on_path(), Gradebook(f"sqlite:///{own.gradebook}") as gradebook:
        gradebook.update_or_create_student("ben")
    rows = totals(own, tmp_path)
    said = capsys.readouterr().out
    assert (float(rows[ADA]["total"]), float(rows[ADA]["total_of"])) == (27, 27)
    assert (rows["ben"]["total"], rows["ben"]["total_of"]) == ("excused", "")
    assert "total is out of 5 to 27 points" in said
    assert "so the larger may be the worse one: `total = 100` below [policies.points]" in said
    agree(
        own, "[policies]\ndrop_lowest = 1\n[policies.points]\ntotal = 100\n", f"{ADA},mine,,yes\n"
    )
    rows = totals(own, tmp_path)
    assert {row["total_of"] for row in rows.values()} == {"100.00"}
    assert float(rows[ADA]["total"]) == 100
    assert "is out of" not in capsys.readouterr().out


LATE = '[dates.due]\nmine = 2027-01-10 12:00:00\n[policies]\nlate = "all"\n'


def test_penalties_of_before_the_dates_were_changed_are_said(own, capsys):
    (own.submitted() / ADA / "mine" / "timestamp.txt").write_text(
        "2027-01-12 12:00:00 UTC", encoding="utf-8"
    )
    agree(own, LATE)

    def graded():
        path = own.autograded(ADA, "mine")
        with writing(own, "mine") as gradebook:
            gradebook.write(ADA, {"mine": read_graded(path.read_text(encoding="utf-8"))})

    graded()
    for rows in (f"{ADA},mine,72,\n", f"{ADA},mine,,yes\n"):
        capsys.readouterr()
        assert run(own, "mine", "--lms", "csv") == 0
        assert "dates, extensions" not in capsys.readouterr().out
        agree(own, LATE, rows)
        for columns in ("mine", "total"):
            assert run(own, columns, "--lms", "csv") == 1
            said = capsys.readouterr().out
            assert f"penalty or excuse of {ADA}: run `course grade mine`, and export again" in said
        graded()
    assert run(own, "mine", "--lms", "csv") == 0


def test_lines_of_extensions_without_effect_are_said(own, capsys):
    agree(own, LATE, "ada-rihgt,mine,24,\n")
    run(own, "mine")
    assert "line 2: nobody is called 'ada-rihgt'; is ada-right meant?" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ps9",), "nobody has a grade for ps9; is ps1 meant? graded are: mine, ps1"),
        (("ps1", "mine", "--lms", "moodle"), "export one set at a time"),
        (("ps1", "ps1"), "names something twice"),
        (("ps1", "--lms", "moodle"), "takes back the worksheet that it exports"),
        (("ps1", "--lms", "canvas", "--from", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("ps1", "--from", "nowhere.csv"), "filled into no other"),
        (("ps1", "--to", "/nowhere/at/all.csv"), "No such file or directory"),
    ],
)
def test_what_cannot_be_exported_is_a_sentence(begun, words, said, capsys):
    assert run(begun, *words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_who_is_not_in_the_roster_any_more_is_named_with_the_command(begun, tmp_path, capsys):
    shutil.copytree(begun.root, tmp_path / "course")
    course = Course(tmp_path / "course")
    everybody = known_students(course)
    left = "ada-right"
    names = "\n".join(name for name in everybody if name != left)
    (course.root / "roster.csv").write_text(f"student\n{names}\n", encoding="utf-8")
    assert run(course, "ps1", "total") == 0
    said = capsys.readouterr().out
    assert f"in the gradebook and not in roster.csv: {left}; who has left the course" in said
    assert f"`nbgrader db student remove {left} --force`" in said


def test_a_file_of_the_platform_is_not_written_over(begun, tmp_path, capsys):
    file = tmp_path / "canvas.csv"
    file.write_text("Student,ID,ps1\n", encoding="utf-8")
    assert run(begun, "ps1", "--lms", "canvas", "--from", str(file), "--to", str(file)) == 2
    assert "would be written over" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "Student,ID,ps1\n"


def test_students_without_a_number_are_named_with_status_1(begun, capsys):
    assert run(begun, "ps1", "--lms", "canvas") == 1
    said = capsys.readouterr().out
    assert "with a grade are not in it:" in said
    assert "ada-right: the roster has no lms id or sis id or login" in said
    assert read_roster(begun.root).people == {}
