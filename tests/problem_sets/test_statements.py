"""What a statement says is enough to write the function, and its examples run."""

import doctest
import re
import runpy
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.references import section

HERE = Path(__file__).parent
SETS = sorted(path.stem for path in MASTERS.glob("*.md"))
WITHOUT_EXAMPLE = {
    "ps1-forward-by-hand": "every student has other numbers",
    "ps1-backward-by-hand": "every student has other numbers",
    "ps5-train": "any network that learns will do",
}
PLACED = [
    (problem_set, exercise.id)
    for problem_set in SETS
    for exercise in read_master(MASTERS / f"{problem_set}.md").exercises
    if exercise.id not in WITHOUT_EXAMPLE
]


def statement_of(problem_set, exercise_id):
    """The Markdown between the heading of an exercise and its cell."""
    text = (MASTERS / f"{problem_set}.md").read_text(encoding="utf-8")
    return text[: text.index(f"id: {exercise_id}\n")].rpartition("\n## ")[2]


def names_of(problem_set):
    """What the cells of the statement define: NumPy, and named tuples."""
    text = (MASTERS / f"{problem_set}.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(\w+) = namedtuple\((.+)\)$", text, re.MULTILINE)
    return {"np": np} | {name: namedtuple(*eval(f"({fields})")) for name, fields in lines}


def failures(source, names):
    examples = doctest.DocTestParser().get_doctest(source, dict(names), "statement", None, 0)
    assert examples.examples
    lines = []
    doctest.DocTestRunner().run(examples, out=lines.append)
    return "".join(lines)


@pytest.mark.parametrize(("problem_set", "exercise_id"), PLACED)
def test_every_exercise_has_an_example_that_runs(problem_set, exercise_id):
    exercise = read_master(MASTERS / f"{problem_set}.md").exercise(exercise_id)
    reference = exercise.reference
    in_docstring = section(reference.docstring, "Examples")
    if in_docstring:
        names = names_of(problem_set) | {reference.name: reference.function}
        assert not failures(in_docstring, names)
        return
    statement = statement_of(problem_set, exercise_id)
    in_text = "\n".join(re.findall(r"```python\n(>>> .*?)```", statement, re.DOTALL))
    right = runpy.run_path(str(HERE / f"{problem_set}.py"))["RIGHT"][exercise_id]
    told = [
        failures(in_text, names_of(problem_set) | {reference.name: function})
        for function in (reference.function, *right)
    ]
    assert "" in told, told[0]


@pytest.mark.parametrize(("problem_set", "exercise_id"), PLACED)
def test_every_statement_names_the_page_that_teaches_it(problem_set, exercise_id):
    text = statement_of(problem_set, exercise_id)
    assert re.search(r"\]\(\.\./\.\./book/|[Nn]o page", text) or exercise_id.startswith("ps0"), text


def test_no_docstring_gives_the_answer_of_a_derivation_away():
    exercises = read_master(MASTERS / "ps2.md")
    linear = exercises.exercise("ps2-linear-jacobian").reference.stub()
    tensor = exercises.exercise("ps2-matvec-tensor").reference.stub()
    assert "matrix A itself" not in linear
    assert "x_q where" not in tensor
