"""A regrade of one exercise lowers nothing unless asked, and touches no other exercise or mark."""

import copy

import nbformat
import pytest
from tests.coursekit.earlier_courses import PACKED, unpack
from tests.coursekit.test_marks import STUDENT, WHY, mark

from coursekit.cli import main
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.regrade import OTHER, Regrade
from coursekit.grading.results import ExerciseResult, Result
from coursekit.nbgrader_out.gradebook import read_graded, read_scores, writing

LEAKY = "mine-leaky"
NOW = Result(STUDENT, "mine", (ExerciseResult(LEAKY, "passed", 1, 2),))


@pytest.fixture
def course(tmp_path) -> Course:
    unpack(PACKED[-1], tmp_path / "course")
    course = Course(tmp_path / "course")
    write(course, graded(course))
    return course


def graded(course):
    return read_graded(course.autograded(STUDENT, "mine").read_text(encoding="utf-8"))


def judged(course, points, words="judged anew", source=None):
    """The notebook as another judge would leave it."""
    notebook = copy.deepcopy(graded(course))
    for cell in notebook.cells:
        mine = cell.metadata.get("nbgrader", {})
        if mine.get("grade_id") == f"{LEAKY}-check":
            cell.outputs[-1].data = {"text/plain": str(points)}
            cell.outputs[-1].metadata.said = words
        elif mine.get("grade_id") == WHY and source:
            cell.source = source
    return notebook


def write(course, notebook):
    with writing(course, "mine") as gradebook:
        return gradebook.write(STUDENT, {"mine": notebook})


def regraded(course, notebook, may_lower=False):
    job = Regrade(course, "mine", "leaky", may_lower)
    with job.beginning(), writing(course, "mine") as gradebook:
        notebooks = job.change(NOW, {"mine": notebook}, gradebook)
        gradebook.write(STUDENT, notebooks)
    return job, notebooks["mine"]


def points(course):
    return read_scores(course, "mine")[STUDENT].by_exercise[LEAKY]


def test_more_points_are_given(course):
    regraded(course, judged(course, 0.5), may_lower=True)
    job, notebook = regraded(course, judged(course, 1.5))
    assert job.changed == {STUDENT: (0.5, 1.5)}
    assert points(course) == 1.5
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert any(output.get("metadata", {}).get("said") for output in outputs)


def test_fewer_points_are_not_taken_now_or_by_the_next_grading(course):
    before, less = points(course), judged(course, 0.5)
    job, notebook = regraded(course, less)
    assert job.notes[STUDENT] == f"{LEAKY}: 0.5 points come out now; the {before:g} of before stay"
    assert points(course) == before
    assert notebook == graded(course)
    standing = write(course, less)
    assert points(course) == before
    assert standing.policies == (
        f"{LEAKY} keeps the {before:g} points that you were given before.",
    )
    assert f"{LEAKY}: 0.5 points come out now; the {before:g} that a regrade kept stay" in (
        standing.oddities
    )


def test_they_are_taken_where_it_is_asked_for(course):
    regraded(course, judged(course, 0.5))
    job, _ = regraded(course, judged(course, 0.5), may_lower=True)
    assert points(course) == 0.5
    assert job.changed
    write(course, judged(course, 0.5))
    assert points(course) == 0.5


def grade_again(course, notebook):
    """What a class run leaves: the notebook as it is judged now, and the points that stand."""
    course.autograded(STUDENT, "mine").write_text(nbformat.writes(notebook), encoding="utf-8")
    write(course, notebook)


def test_what_the_student_was_told_counts_as_before_also_when_grading_came_between(course):
    before = points(course)
    regraded(course, judged(course, 0.5))
    grade_again(course, judged(course, 0.5))
    job, _ = regraded(course, judged(course, 0.5))
    assert job.notes[STUDENT] == f"{LEAKY}: 0.5 points come out now; the {before:g} of before stay"
    assert points(course) == before
    job, _ = regraded(course, judged(course, 0.5), may_lower=True)
    assert job.changed == {STUDENT: (before, 0.5)}
    assert points(course) == 0.5


def test_another_answer_has_no_kept_points(course):
    regraded(course, judged(course, 0.5))
    changed = judged(course, 0.5)
    for cell in changed.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == LEAKY:
            cell.source += "\n# another"
    write(course, changed)
    assert points(course) == 0.5


def test_a_mark_by_hand_survives(course):
    mark(course, WHY, 1.25)
    mark(course, f"{LEAKY}-check", 1.75)
    for may_lower in (False, True):
        job, _ = regraded(course, judged(course, 0.5), may_lower)
        assert not job.changed
        assert job.notes[STUDENT] == f"{LEAKY}: the 1.75 points that a person gave stay"
        assert points(course) == 1.75
        assert read_scores(course, "mine")[STUDENT].by_exercise[WHY] == 1.75  # 0.5 extra credit


def test_who_has_handed_in_something_else_since_is_left_to_grading(course):
    job, notebook = regraded(course, judged(course, 0, source="Another."))
    assert job.notes[STUDENT] == OTHER
    assert notebook == graded(course)


def test_a_regrade_that_was_stopped_still_knows_what_was_graded(course):
    job = Regrade(course, "mine", "leaky", False)
    before = graded(course)
    path = course.autograded(STUDENT, "mine")

    def stopped():
        with job.beginning():
            path.write_text("{}", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    kept = read_graded((job.folder / STUDENT / "mine.ipynb").read_text(encoding="utf-8"))
    assert kept == before
    again = Regrade(course, "mine", "leaky", False)
    with again.beginning():
        assert read_graded(
            (again.folder / STUDENT / "mine.ipynb").read_text(encoding="utf-8")
        ) == before  # fmt: skip
    assert not again.folder.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("mine", "leeky"),
            "mine has no exercise 'leeky'; is mine-leaky meant? there are: mine-le",
        ),
        (("ps9", "leaky"), "ps9 is not released: run `course release ps9` first"),
    ],
)
def test_an_exercise_that_is_none_is_said(course, words, said, capsys):
    assert main(["regrade", *words, "--course", str(course.root)]) == 2
    assert said in capsys.readouterr().err


def test_a_class_that_was_not_graded_is_said(course, capsys):
    for folder in (course.root / "autograded").iterdir():
        (folder / "mine").rename(course.root / f"gone-{folder.name}") if (
            folder / "mine"
        ).exists() else None
    assert main(["regrade", "mine", "leaky", "--course", str(course.root)]) == 2
    assert "nobody was graded for mine: run `course grade mine`" in capsys.readouterr().err
    with pytest.raises(CourseError, match="has no exercise"):
        Regrade(course, "mine", "", False)
