"""Hints and messages are short, plain and different, and climb from a question."""

import numpy as np
import pytest

from coursekit.authoring.exercises import Cases, Exercise
from coursekit.authoring.masters import find_master, known_problem_sets, read_master
from coursekit.authoring.tasks import public_tasks
from coursekit.checks.hints import ladder
from coursekit.verification.answers import verdict_of
from coursekit.verification.plain_words import (
    HARDEST,
    MOST_WORDS,
    alike,
    school_year,
    texts_of,
    troubles,
)

GOOD = (
    "What should come out for z = 2?",
    "Look at the sign in front of the square.",
    "Most often the half is left out.",
)


def exercise(hints=GOOD, message="You add up the rows."):
    made = Exercise(cases=[Cases("all", lambda rng: (rng.normal(),), share=1.0)], hints=hints)
    made.misconception(message, "page#Title", id="wrong")(lambda z: z)
    return made


def test_three_plain_hints_and_a_plain_message_are_what_is_asked_for():
    assert list(troubles(exercise())) == []


@pytest.mark.parametrize(
    ("hints", "words"),
    [
        ((), "it has no hints, where who is stuck asks for one"),
        (GOOD[:1], "it has 1 hint, where"),
        (("Work it out.", *GOOD[1:]), "hint 1 does not end with a question mark"),
        ((*GOOD[:2], "so " * 61), "hint 3 has 61 words; expected are at most 60"),
        ((*GOOD[:2], GOOD[1].replace("square", "root")), "hint 2 and hint 3 say nearly the same"),
        (
            (*GOOD[:2], "Notwithstanding considerable preliminary simplification, incorrectly"
             " standardized multidimensional representations predominate."),
            "hint 3 reads as for school year",
        ),
    ],
)  # fmt: skip
def test_what_is_not_is_said(hints, words):
    said = list(troubles(exercise(hints)))
    assert [sentence for sentence in said if words in sentence], said


def test_a_message_counts_with_its_pointer_and_repeats_no_hint():
    long = next(troubles(exercise(message="so " * 58)))
    assert long.startswith(f"the message of wrong has {58 + 6} words")
    assert "hint 3 and the message of wrong say nearly the same" in next(
        troubles(exercise(message=GOOD[2]))
    )


def test_the_school_year_is_that_of_the_formula():
    """The example of the paper's index: letters and sentences in 100 words, counted by hand."""
    text = "The quick brown fox jumps over the lazy dog. " * 10
    assert school_year(text) == pytest.approx(0.0588 * 3500 / 9 - 0.296 * 100 / 9 - 15.8)


def test_formulas_code_and_terms_do_not_make_a_text_hard():
    plain = "Look at what stands in front of it, and at what you do with it."
    formulas = "Look at what stands in front of δ_i = W[i, j], and at what you do with `dY`."
    assert school_year(formulas) < HARDEST
    terms = "Look at what stands in front of the gradient, and at the derivative of it."
    assert abs(school_year(terms) - school_year(plain)) < 3


def test_words_in_common_are_counted_whatever_their_case():
    assert alike("One two three", "one TWO four") == pytest.approx(2 / 4)
    assert alike("", "") == 0


@pytest.mark.parametrize("problem_set", known_problem_sets())
def test_every_exercise_of_the_course_has_plain_words(problem_set):
    exercises = read_master(find_master(problem_set)).exercises
    assert [t for one in exercises for t in troubles(one.declaration)] == []
    assert all(len(texts_of(one.declaration)) > 2 for one in exercises)


@pytest.mark.parametrize("problem_set", known_problem_sets())
def test_who_makes_a_known_mistake_climbs_from_a_question_to_its_name(problem_set):
    """As they are read: the question speaks of what came, no hint is long, none comes twice."""
    master = read_master(find_master(problem_set))
    for exercise, task in zip(master.exercises, public_tasks(master), strict=True):
        if task.sealed:
            continue
        for number, mistake in enumerate(exercise.declaration.misconceptions, start=1):
            with np.errstate(all="ignore"):
                verdict = verdict_of(task, mistake.wrong)
            *error, asks, looks, names = ladder(verdict)
            assert asks[-1].endswith("?"), exercise.id
            assert bool(error) != asks[0].startswith("In the case '"), exercise.id
            assert task.messages[f"m{number}"] in names, (exercise.id, mistake.id)
            for hint in (asks, looks, *([text] for text in names)):
                assert len(" ".join(hint).split()) <= MOST_WORDS, (exercise.id, mistake.id, hint)
