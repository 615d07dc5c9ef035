"""A sample class: one submission of each kind that an instructor meets, as real notebooks."""

import copy
import inspect
import re
import shutil
import textwrap
from pathlib import Path

import nbformat

from coursekit.authoring.exercises import Answer
from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.standalone import name_in, standalone_source
from coursekit.courses import Course, init_course
from coursekit.demo import sample_answers

MARK = "demo-course"
"""File that marks a folder as a demo."""

WRONG_IN = {
    "wei-wrong-logistic": ("ps1-logistic", "sign-of-exponent"),
    "carl-wrong-cost": ("ps1-mean-cost", "sum-for-mean"),
    "dina-wrong-deltas": ("ps1-output-deltas", "output-derivative-missing"),
}
"""Student to the exercise and the misconception that this student has."""

DELETED = "ps1-shared-weight"
"""The cell that gus deletes."""


def sample_submissions(master: Master, release: nbformat.NotebookNode) -> dict[str, str]:
    """The text of eight submissions, by student.

    Parameters
    ----------
    master : Master
        Problem set 1.
    release : NotebookNode
        What the students were given.
    """
    right = {exercise.id: right_answer(exercise) for exercise in master.exercises}
    submissions = {"ada-right": nbformat.writes(answered(release, right))}
    for student, (exercise_id, misconception) in WRONG_IN.items():
        mistake = source_of_mistake(master.exercise(exercise_id), misconception)
        submissions[student] = nbformat.writes(answered(release, right | {exercise_id: mistake}))
    empty = dict.fromkeys(right, "")
    submissions["emil-empty"] = nbformat.writes(answered(release, empty))
    submissions["fatima-untouched"] = nbformat.writes(release)
    submissions["gus-cell-deleted"] = nbformat.writes(
        without_cell(answered(release, right), DELETED)
    )
    submissions["hana-not-a-notebook"] = "I did it on paper, the photo is attached.\n"
    return submissions


def right_answer(exercise: PlacedExercise) -> str:
    """A student's cell: as the sample class writes it, or else a right answer of the room."""
    written = getattr(sample_answers, exercise.reference.name, None)
    if written:
        return source_as(exercise, written)
    answer = exercise.declaration.right_answers[0]
    return renamed(standalone_source(exercise.own_room(), answer), answer, exercise)


def answered(release: nbformat.NotebookNode, answers: dict[str, str]) -> nbformat.NotebookNode:
    """The release with answers filled in, by ``grade_id``."""
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(grade_id, cell.source)
    return notebook


def without_cell(notebook: nbformat.NotebookNode, grade_id: str) -> nbformat.NotebookNode:
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") != grade_id
    ]
    return notebook


def source_of_mistake(exercise: PlacedExercise, misconception: str) -> str:
    """A student's cell that makes a known mistake, under the exercise's own name."""
    wrong = next(m.wrong for m in exercise.declaration.misconceptions if m.id == misconception)
    return source_of_answer(exercise, wrong)


def source_of_answer(exercise: PlacedExercise, answer: Answer) -> str:
    """A student's cell with an answer of a room, under the exercise's own name.

    Raises
    ------
    CourseError
        If the answer has no name, or needs what students lack.
    """
    room = exercise.own_room()
    name, source = name_in(room, answer), standalone_source(room, answer)
    if name == answer.__name__:
        return renamed(source, answer, exercise)
    asked = exercise.reference.name  # a function that another one made
    return f"{source}\n\n\ndef {asked}(*given):\n    return {name}(*given)\n"


def source_as(exercise: PlacedExercise, function: Answer) -> str:
    """The source of a function, under the name that the exercise asks for."""
    return renamed(textwrap.dedent(inspect.getsource(function)), function, exercise)


def renamed(source: str, function: Answer, exercise: PlacedExercise) -> str:
    """A function under the name of the exercise, also where it calls itself.

    The right one, where it calls that, makes room for it.
    """
    asked = exercise.reference.name
    if function.__name__ != asked:
        source = called_otherwise(source, asked, f"right_{asked}")
    return called_otherwise(source, function.__name__, asked)


def called_otherwise(source: str, name: str, other: str) -> str:
    return re.sub(rf"(?<![\w.]){name}(?=\()", other, source)


def hand_in(course: Course, problem_set: str, submissions: dict[str, str]) -> None:
    """Put submissions where nbgrader's instructors put them."""
    for student, text in submissions.items():
        folder = course.submitted() / student / problem_set
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{problem_set}.ipynb").write_text(text, encoding="utf-8")


def renew(folder: Path) -> None:
    """Remove an earlier demo; a folder that holds anything else is left alone."""
    if (folder / MARK).is_file():
        shutil.rmtree(folder)


def put_mark(folder: Path) -> None:
    """Mark a folder as a demo, which the next one may replace."""
    text = "`course demo` made this folder and may replace it.\n"
    (folder / MARK).write_text(text, encoding="utf-8")


def new_demo_course(folder: Path) -> Course:
    """A course with problem set 1 released and the sample class handed in.

    Parameters
    ----------
    folder : Path
        A folder that holds an earlier demo is made anew.

    Raises
    ------
    CourseError
        If the folder holds anything else.
    """
    from coursekit.authoring.release import read_problem_set, release

    renew(folder)
    course = init_course(folder)
    put_mark(folder)
    released = release(course, "ps1") / "ps1.ipynb"
    master = read_problem_set(course, "ps1")
    hand_in(course, "ps1", sample_submissions(master, nbformat.read(released, as_version=4)))
    return course
