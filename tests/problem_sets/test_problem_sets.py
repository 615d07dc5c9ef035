"""The problem sets of the course are what `course verify` asks of them."""

import pytest
from tests.some_of_many import some_of

from coursekit.authoring.masters import MASTERS, known_problem_sets, read_master
from coursekit.cli import main
from coursekit.commands.verifying import sandbox_problems
from coursekit.verification.undeclared import tried_on
from coursekit.verification.verify import verify

SETS = known_problem_sets()


@pytest.mark.parametrize("problem_set", SETS)
def test_every_problem_set_is_verified(problem_set):
    report = verify(read_master(MASTERS / f"{problem_set}.md"))
    assert report.problems == []
    assert report.advice == []
    assert len(report.exercises) == len(report.master.exercises)


@pytest.mark.slow
@pytest.mark.xdist_group("class run")
@pytest.mark.parametrize("problem_set", some_of(SETS, len(SETS)))
def test_the_worker_gives_the_same_verdicts(problem_set):
    assert sandbox_problems(read_master(MASTERS / f"{problem_set}.md"), (), ()) == []


@pytest.mark.slow
@pytest.mark.xdist_group("class run")
def test_the_command_verifies_in_the_sandbox_too(capsys):
    assert main(["verify", "ps0", "--seeds", "1", "--sandbox"]) == 0, capsys.readouterr().out


def test_no_docstring_gives_the_answer_of_a_derivation_away():
    exercises = read_master(MASTERS / "ps2.md")
    linear = exercises.exercise("linear-jacobian").reference.stub()
    tensor = exercises.exercise("matvec-tensor").reference.stub()
    assert "matrix A itself" not in linear
    assert "x_q where" not in tensor


@pytest.mark.parametrize(("name", "numeric"), [("linear-forward", True), ("expose", False)])
def test_an_exercise_whose_result_is_numbers_is_tried_with_undeclared_mistakes(name, numeric):
    assert tried_on(read_master(MASTERS / "ps3.md").exercise(name), 3).numeric == numeric
