"""Functions of the package become stubs and solutions."""

import ast
import inspect
import re
import subprocess
import sys

import numpy as np
import pytest

from backprop import units
from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.reference_source import (
    plain_words,
    read_reference,
    resolve,
    section,
    without_sections,
)
from coursekit.errors import CourseError

DELTAS = read_reference(units.output_deltas)


def exercises():
    return [
        exercise
        for path in sorted(MASTERS.glob("*.md"))
        for exercise in read_master(path).exercises
    ]


def test_the_stub_has_no_annotations_and_keeps_its_parameters():
    tree = ast.parse(DELTAS.stub()).body[0]
    assert tree.returns is None
    assert [argument.arg for argument in tree.args.args] == ["a", "y"]
    assert not any(argument.annotation for argument in tree.args.args)


def test_the_stub_says_shapes_but_neither_formula_nor_errors():
    assert "shape (n_out,)" in DELTAS.stub()
    assert ".. math::" not in DELTAS.stub()
    assert "ValueError" not in DELTAS.stub()


def test_the_source_computes_what_the_function_computes():
    namespace = {"np": np}
    exec(DELTAS.source(), namespace)
    a, y = np.array([0.2, 0.7]), np.array([1.0, 0.0])
    np.testing.assert_array_equal(namespace["output_deltas"](a, y), units.output_deltas(a, y))


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: exercise.id)
def test_every_stub_and_every_solution_runs_in_a_bare_notebook(exercise):
    for code in (exercise.reference.stub(), exercise.reference.source()):
        program = f"import numpy as np\n{code}\nprint({exercise.reference.name}.__name__)"
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, encoding="utf-8"
        )
        assert done.stdout.strip() == exercise.reference.name, done.stderr


def test_an_unknown_function_is_a_clear_error():
    with pytest.raises(CourseError, match=r"module backprop.units has no function 'nothing'"):
        resolve("backprop.units.nothing")


def test_an_unknown_module_is_a_clear_error():
    with pytest.raises(CourseError, match=r"there is no module 'backprop.nowhere'"):
        resolve("backprop.nowhere.function")


def test_a_local_reference_is_found_beside_the_master():
    def mine(x):
        return x

    assert resolve(".mine", {"mine": mine}) is mine
    with pytest.raises(CourseError, match="beside the master"):
        resolve(".other", {"mine": mine})


def test_a_function_without_docstring_is_no_exercise():
    with pytest.raises(CourseError, match="needs a docstring"):
        read_reference(lambda_free_function)


def lambda_free_function(x):
    return x


@pytest.mark.parametrize("answer", [None, len, type])
def test_what_is_not_written_with_def_is_no_reference_and_is_named(answer):
    with pytest.raises(CourseError, match=f"written with def, not {re.escape(repr(answer))}"):
        read_reference(answer)


def test_roles_become_words():
    assert plain_words("see :func:`~backprop.units.train_network` and ``W``") == (
        "see `backprop.units.train_network` and `W`"
    )


def test_sections_are_found_and_left_out():
    text = inspect.getdoc(units.output_deltas)
    assert section(text, "Notes").startswith(".. math::")
    assert section(text, "Warnings") == ""
    shorter = without_sections(text, ("Notes", "Raises"))
    assert "Notes\n" not in shorter
    assert "References\n" in shorter
