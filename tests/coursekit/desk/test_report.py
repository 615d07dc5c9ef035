"""What a class understood: read from the results that stand, shown on a page that stands alone."""

import csv
import io
import stat

import numpy as np
import pytest
from bs4 import BeautifulSoup

from coursekit.book_links import link_to
from coursekit.class_report.mistakes import kind_of, without_words
from coursekit.class_report.report import class_report, exercise_rows, report_page, written
from coursekit.class_report.statistics import UPSIDE_DOWN, distribution, exercise_statistics
from coursekit.cli import main
from coursekit.courses import init_course
from coursekit.grading.recorded import recorded
from coursekit.grading.results import OPEN, ExerciseResult, GroupResult, Result
from coursekit.nbgrader_out.gradebook import read_scores

tier = pytest.mark.tier("auto")


def exercise(name, points, of=2.0, outcome=""):
    return ExerciseResult(name, outcome or ("passed" if points == of else "failed"), points, of)


def result(number, *exercises, **more):
    return Result(f"s{number}", "ps1", exercises, **more)


def test_a_full_score_is_in_the_last_tenth_and_none_in_the_first():
    bins = distribution([result(1, exercise("a", 2)), result(2, exercise("a", 0))])
    assert (bins[-1].students, bins[0].students, sum(bin.students for bin in bins)) == (1, 1, 2)


def test_who_was_not_graded_is_in_no_number():
    found = [result(1, exercise("a", 2)), result(2, fault="not graded yet")]
    assert exercise_statistics(found)[0].graded == 1
    assert sum(bin.students for bin in distribution(found)) == 1


def test_what_waits_for_a_mark_is_not_hard():
    found = [result(1, exercise("a", 2)), result(2, exercise("a", 0, outcome=OPEN))]
    (one,) = exercise_statistics(found)
    assert (one.share, one.graded, one.waiting) == (1.0, 1, 1)


def class_of(count, points):
    rng = np.random.default_rng(3)
    rest = rng.uniform(0, 2, count)
    return [
        result(n, exercise("a", points(r)), exercise("b", float(r)), exercise("c", float(r)))
        for n, r in enumerate(rest)
    ]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (lambda r: 2.0 if r > 1 else 0.0, "tells strong from weak"),
        (lambda r: 0.0 if r > 1 else 2.0, UPSIDE_DOWN),
    ],
)
def test_an_exercise_tells_strong_from_weak_by_the_rest_of_the_score(points, words):
    found = class_of(30, points)
    one = exercise_statistics(found)[0]
    own = [r.exercises[0].points for r in found]
    rest = [r.exercises[1].points + r.exercises[2].points for r in found]
    assert one.correlation == pytest.approx(np.corrcoef(own, rest)[0, 1])
    assert one.tells == words


def test_of_few_students_or_of_equal_points_nothing_is_said():
    assert exercise_statistics(class_of(9, lambda r: 2.0 if r > 1 else 0.0))[0].tells == ""
    assert exercise_statistics(class_of(30, lambda r: 2.0))[0].tells == ""


def test_wrong_answers_are_alike_by_what_they_do_or_else_by_what_fails():
    one = ExerciseResult("a", "failed", 0, 2, failed_by="value", behaviour="12")
    other = ExerciseResult("a", "failed", 1, 2, failed_by="shape", behaviour="12")
    assert kind_of(one) == kind_of(other)
    groups = (GroupResult("many", 0, 2, 0, 3),)
    endless = ExerciseResult("a", "failed", 0, 2, failed_by="endless", groups=groups)
    assert kind_of(endless) == ("a", ("endless", ("many",)))


def test_an_example_names_nobody_in_a_comment_or_a_docstring():
    source = 'def f(x):\n    """By Ben."""\n    return x  # Ben wrote this\n'
    assert without_words(source) == "def f(x):\n    return x"
    assert without_words('def f(x):\n    """By Ben."""') == "def f(x):\n    pass"
    assert without_words("def f(:") == "def f(:"


def test_a_table_has_no_formula_and_keeps_negative_numbers(tmp_path):
    columns = ("exercise", "group", "correlation")
    row = {"exercise": "=1+1", "group": '@x, "y"', "correlation": "-0.25"}
    text = written(tmp_path / "t.csv", columns, [row]).read_text(encoding="utf-8")
    (read,) = csv.DictReader(io.StringIO(text))
    assert read == {"exercise": "'=1+1", "group": '\'@x, "y"', "correlation": "-0.25"}


def test_a_section_is_linked_where_the_book_is_known_to_be():
    link = link_to("book/matrix_backprop/minibatch#Sum or mean", "https://x.example/b")
    assert link.href == "https://x.example/b/book/matrix_backprop/minibatch.html#sum-or-mean"
    assert link_to("book/a#B", None).href == ""


@tier
def test_the_report_is_read_from_what_stands_in_the_gradebook(graded):
    found = {one.student: one for one in recorded(graded, "ps1")}
    scores = read_scores(graded, "ps1")
    assert {name: one.score for name, one in found.items()} == {
        name: pytest.approx(score.score) for name, score in scores.items()
    }
    report = class_report(graded, "ps1")
    assert (report.students, report.graded, report.tried) == (8, 8, 6)
    assert report.mean == pytest.approx(sum(one.score for one in scores.values()) / 8)
    for one in report.exercises:
        earned = sum(score.by_exercise[one.id] for score in scores.values())
        assert one.share == pytest.approx(earned / 8 / one.points)


@tier
def test_the_report_says_what_is_misunderstood_and_what_has_no_name_yet(graded):
    report = class_report(graded, "ps1")
    first = report.mistakes[0]
    assert (first.exercise, first.name, first.students) == ("ps1-mean-cost", "sum-for-mean", 2)
    assert first.message.startswith("You add up the costs of all patterns")
    assert report.teach[0].link.page == "book/chain_rule/cost"
    cubes = report.alike[0]
    assert (cubes.exercise, cubes.students) == ("ps1-mean-cost", ("ben", "josé"))
    assert cubes.same_results
    assert "Ben" not in cubes.source
    assert [one.exercise for one in report.alike[1:]] == ["ps1-mean-cost"]  # mia's error
    assert {one.student for one in report.look} == {"zed"}


@tier
def test_the_page_stands_alone_and_escapes_what_students_wrote(graded):
    report = class_report(graded, "ps1")
    html = report_page(report, "https://x.example/b")
    page = BeautifulSoup(html, "html.parser")
    addresses = [tag.get("src") or tag.get("href") for tag in page.select("[src], link, script")]
    assert addresses == ["data:,"]
    assert "Doe, Jane" not in html  # nobody is named beside a mistake
    assert 'href="https://x.example/b/book/chain_rule/cost.html#many-patterns"' in html
    assert "no_such&lt;" not in html


@tier
def test_the_files_are_the_instructors_alone(course, capsys):
    assert main(["report", "ps1", "--course", str(course.root)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["reports/ps1.html", "reports/ps1-exercises.csv", "reports/ps1-mistakes.csv"]
    folder = course.root / "reports"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    text = (folder / "ps1-exercises.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [{key: value for key, value in row.items() if value} for row in rows] == [
        {key: str(value) for key, value in row.items() if value != ""}
        for row in exercise_rows(class_report(course, "ps1"))
    ]


@tier
def test_who_is_not_graded_is_one_to_look_at(course):
    new = course.submitted() / "late" / "ps1"
    new.mkdir(parents=True)
    (new / "ps1.ipynb").write_text("{}", encoding="utf-8")
    looks = {one.student: one.reasons for one in class_report(course, "ps1").look}
    assert looks["late"] == ("not graded yet: `course grade ps1` does it",)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ps1"], "ps1 is not released; released are: none"),
        (["ps9"], "ps9 is not released; released are"),
    ],
)
def test_a_set_that_was_not_released_is_a_sentence(tmp_path, capsys, arguments, words):
    course = init_course(tmp_path / "course")
    assert main(["report", *arguments, "--course", str(course.root)]) == 2
    assert words in capsys.readouterr().err


@tier
def test_where_nobody_was_graded_there_is_nothing_to_report(course, capsys):
    for path in course.results("ps1").glob("*.json"):
        path.unlink()
    assert main(["report", "ps1", "--course", str(course.root)]) == 2
    assert "nobody's ps1 was graded yet: `course grade ps1` comes first" in capsys.readouterr().err
