"""Three questions about a hand-in's own lines: about what stands there, the same each time."""

import ast

import nbformat
import pytest

from coursekit.cli import main
from coursekit.exams.own_lines import FEATURES, PLAIN, spots
from coursekit.exams.viva import viva

tier = pytest.mark.tier("auto")
LAYER = """\
import numpy as np

def layer(X, dY):
    dW = X.T @ dY
    db = np.sum(dY, axis=0)
    if len(X) > 3:
        db = db / len(X)
    return dW, db * (1 - db)
"""


def found(source, function="layer"):
    return {(spot.feature.name, spot.line, spot.part) for spot in spots(source, function)}


def test_places_are_found_in_the_lines_as_they_are_written():
    assert found(LAYER) >= {
        ("transpose", 4, "X.T"),
        ("product", 4, "X.T @ dY"),
        ("axis", 5, "np.sum(dY, axis=0)"),
        ("division", 7, "db / len(X)"),
        ("slope", 8, "1 - db"),
        ("value", 4, "X.T @ dY"),
    }


def test_lines_of_other_functions_are_not_asked_about():
    assert {line for _, line, _ in found(LAYER + "\ndef helper(A):\n    return A.T\n")} == {
        4,
        5,
        7,
        8,
    }


def test_an_answer_that_is_bound_by_an_assignment_has_lines_too():
    assert ("axis", 1, "X.sum(axis=1)") in found("layer = lambda X: X.sum(axis=1)")


@pytest.mark.parametrize("source", ["def layer(", "", "def layer(x):\n    pass", "(" * 5000])
def test_what_has_no_lines_gives_no_question(source):
    assert found(source) == set()


def test_each_kind_of_place_says_which_messages_are_about_it():
    assert all(feature.words for feature in FEATURES)
    assert not PLAIN.words
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)


@tier
def test_questions_are_about_lines_that_stand_in_the_hand_in(graded):
    questions = viva(graded, "ada", "ps1")
    notebook = nbformat.read(graded.autograded("ada", "ps1"), as_version=4)
    sources = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in notebook.cells
    }
    assert len({question.exercise for question in questions}) == 3
    for question in questions:
        lines = " ".join(sources[question.exercise].split())
        assert question.statement in lines
        assert ast.parse(question.statement.replace("return ", "x = "))
        assert question.good
        assert "#" in question.section
    assert viva(graded, "ada", "ps1") == questions


@tier
def test_another_hand_in_is_asked_something_else(graded):
    asked = {
        student: [q.statement for q in viva(graded, student, "ps1")]
        for student in ("ada", "Doe, Jane", "josé")
    }
    assert len({tuple(statements) for statements in asked.values()}) == 3


@tier
def test_the_command_says_the_line_the_question_and_a_good_answer(graded, capsys):
    assert main(["viva", "ada", "ps1", "--course", str(graded.root)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1. ps1-")
    assert out.count("The book has it in") == 3
    assert max(map(len, out.splitlines())) < 200


@tier
@pytest.mark.parametrize(
    ("student", "problem_set", "words"),
    [
        ("adda", "ps1", "'adda' has no graded ps1; is ada meant?"),
        ("nora", "ps1", "nora answered no exercise of ps1"),
        ("ada", "ps7", "ps7 is not released; is ps1 meant?"),
    ],
)
def test_of_whom_nothing_can_be_asked_is_said(graded, capsys, student, problem_set, words):
    assert main(["viva", student, problem_set, "--course", str(graded.root)]) == 2
    assert words in capsys.readouterr().err
