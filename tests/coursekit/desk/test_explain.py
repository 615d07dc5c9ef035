"""Why an exercise has its points: the judge, once more, on the same inputs."""

import json
import re
import shutil

import pytest
from tests.coursekit.desk.classes import CUBED

from coursekit.cli import main
from coursekit.commands.explained import explained
from coursekit.commands.report import result_line
from coursekit.exams.viva import viva
from coursekit.grading import replaying
from coursekit.grading.recorded import recorded
from coursekit.grading.replaying import replay

pytestmark = pytest.mark.tier("auto")


def explain(course, student, exercise):
    return "\n".join(explained(replay(course, student, exercise)))


def results_of(course, student):
    for path in course.results("ps1").glob("*.json"):
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields["student"] == student:
            return path, fields
    raise AssertionError(student)


def test_an_exercise_is_judged_again_on_the_same_inputs_and_is_what_was_graded(graded, capsys):
    assert main(["explain", "josé", "ps1-mean-cost", "--course", str(graded.root)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("josé, ps1-mean-cost: 0 of 2 points\nfile:      sha256 ")
    assert "    return float(np.sum(np.abs(np.array(Y) - A) ** 3))" in text
    _, recorded = results_of(graded, "josé")
    (graded_as,) = (e for e in recorded["exercises"] if e["id"] == "ps1-mean-cost")
    shown = re.search(
        r"entry .*|the result is [-\d.e]+; expected is [-\d.e]+", graded_as["message"]
    )
    assert shown[0].split("; ")[0] in text
    assert "This is identical to what was graded: points, outcome and words." in text
    assert "Changed since" not in text
    assert "The gradebook has the same 0 points." in text


def test_each_group_says_what_its_calls_earned_and_they_add_up(graded):
    found = replay(graded, "ada", "ps1-logistic")
    assert sum(group.points for group in found.now.groups) == found.now.points == 2
    text = "\n".join(explained(found))
    for group in found.now.groups:
        assert f"'{group.name}': {group.passed} of {group.cases} call" in text
    assert len(re.findall(r"call \d+ of \d+: right", text)) == sum(
        group.cases for group in found.now.groups
    )


def test_another_file_is_named_as_what_changed(course):
    place = course.submitted() / "josé" / "ps1" / "ps1.ipynb"
    right = (course.submitted() / "ada" / "ps1" / "ps1.ipynb").read_text(encoding="utf-8")
    place.write_text(right, encoding="utf-8")
    found = replay(course, "josé", "ps1-mean-cost")
    text = "\n".join(explained(found))
    assert (found.now.points, found.before.points, found.same) == (2, 0, False)
    assert "This is not what was graded: 0 of 2 points." in text
    assert "Changed since: the file that was handed in is another one." in text


def test_another_secret_and_other_versions_are_named_as_what_changed(course):
    (course.root / "secret").write_bytes(b"another secret of thirty-two b.")
    path, fields = results_of(course, "ada")
    fields["versions"]["numpy"] = "1.0"
    path.write_text(json.dumps(fields), encoding="utf-8")
    text = explain(course, "ada", "ps1-logistic")
    assert "Changed since: `secret` is another one, so other inputs are drawn." in text
    assert "Changed since: numpy: 1.0, now " in text
    assert "This is identical to what was graded" in text  # right is right for any inputs


def test_nothing_is_written(graded):
    before = {path: path.stat().st_mtime_ns for path in graded.results("ps1").iterdir()}
    explain(graded, "mia", "ps1-mean-cost")
    assert {path: path.stat().st_mtime_ns for path in graded.results("ps1").iterdir()} == before


def test_an_error_in_the_code_is_what_came_back(graded):
    text = explain(graded, "mia", "ps1-mean-cost")
    assert "came back: nothing: NameError: name 'undefined' is not defined" in text
    assert "in the line `return undefined`" in text


def test_student_and_exercise_are_called_as_elsewhere(course):
    (course.root / "roster.csv").write_text("student,name\nada,Ada Lovelace\n", encoding="utf-8")
    found = replay(course, "Ada Lovelace", "logistic")
    assert (found.student, found.now.id) == ("ada", "ps1-logistic")
    assert viva(course, "Ada Lovelace", "ps1") == viva(course, "ada", "ps1")


def test_a_name_that_two_students_or_two_sets_have_is_asked_about(course, capsys, monkeypatch):
    (course.root / "roster.csv").write_text(
        "student,name\nada,Al Ba\nben,Al Ba\n", encoding="utf-8"
    )
    shutil.copytree(course.release("ps1"), course.release("ps9"))
    monkeypatch.setattr(replaying, "exercises_of", lambda course, name: [f"{name}-logistic"])
    for words, said in (
        (("Al Ba", "ps1-logistic"), "'Al Ba' may be ada or ben: write which of these accounts"),
        (
            ("ada", "logistic"),
            "2 problem sets have an exercise 'logistic'; write which: ps1-logistic",
        ),
    ):
        assert main(["explain", *words, "--course", str(course.root)]) == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("student", ["nora", "zed"])
def test_where_nothing_is_answered_nothing_is_called(graded, student):
    text = explain(graded, student, "ps1-logistic")
    assert "No answer was found: the cell of the exercise is as it was given out." in text
    assert "call 1 of" not in text
    assert "The answer that counts" not in text
    (result,) = (one for one in recorded(graded, "ps1") if one.student == student)
    assert "- no answer was found" in result_line(result)


def test_where_something_is_answered_the_line_does_not_say_otherwise(graded):
    lines = [result_line(one) for one in recorded(graded, "ps1")]
    assert sum("no answer was found" in line for line in lines) == 2


@pytest.mark.parametrize(
    ("student", "exercise", "words"),
    [
        ("adda", "ps1-logistic", "no submission of 'adda' to ps1; is ada meant? 8 handed it in"),
        ("ada", "ps1-logistik", "no exercise 'ps1-logistik'; is ps1-logistic meant?"),
        ("ada", "logistik", "expected is its name or its id, such as logistic or ps1-logistic"),
        ("ada", "ps2-softmax", "no exercise of a released problem set"),
    ],
)
def test_who_or_what_is_not_there_is_said_with_a_guess(graded, capsys, student, exercise, words):
    assert main(["explain", student, exercise, "--course", str(graded.root)]) == 2
    assert words in capsys.readouterr().err


def test_a_broken_gradebook_is_a_sentence(course, capsys):
    course.gradebook.write_bytes(b"this is no gradebook" * 500)
    assert main(["explain", "ada", "ps1-logistic", "--course", str(course.root)]) == 2
    assert "not a database: it is damaged" in capsys.readouterr().err


def test_who_was_not_graded_yet_is_told_so(course, capsys):
    for path in course.results("ps1").glob("*.json"):
        path.unlink()
    assert main(["explain", "josé", "ps1-mean-cost", "--course", str(course.root)]) == 0
    assert "It was not graded yet: `course grade ps1` does it." in capsys.readouterr().out


def test_the_undeclared_mistake_is_shown_with_its_code(graded):
    assert CUBED.splitlines()[1].strip() in explain(graded, "josé", "ps1-mean-cost")
