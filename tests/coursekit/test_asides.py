"""What is wrong beside the numbers has hints of its own, and only where all that fails is that."""

import numpy as np
import pytest

from coursekit.checks.asides import aside_of
from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.hints import ladder
from coursekit.checks.model import Case, Task
from coursekit.checks.patterns import pattern_of

HINTS = ("What should the row add up to?", "Look at the axis.", "Most often the axis is another.")
INPUTS = [np.array([[0.0, 1.0, -2.0], [3.0, 0.0, 1.0]]) * k for k in (1, 2, 3, 4)]


def twice(x):
    return 2 * x


def both(x):
    return x + 1, x.sum(axis=0)


def verdict_of(wrong, reference=twice, may_mutate=False):
    cases = tuple(
        Case("small" if k < 2 else "large", (x,), reference(x.copy())) for k, x in enumerate(INPUTS)
    )
    task = Task("f", ("x",), cases, hints=HINTS, may_mutate=may_mutate)
    return examine(task, [call(wrong, ("x",), case.arguments) for case in cases])


def in_place(x):
    x *= 2
    return x


def in_place_and_wrong(x):
    x += 1
    return 3 * x


def returns_none(x):
    x * 2


def returns_at_times(x):
    return 2 * x if x.max() > 7 else None


def as_text(x):
    return "twice"


SAID = {
    in_place: "All results are right. What is wrong is that the call changes `x`",
    returns_none: "Nothing comes back. Either no `return` is met; or",
    returns_at_times: "In 2 of 4 cases nothing comes back. Either no `return` is met: one way",
    as_text: "What comes back is not of the kind that is asked for. The result is the text 'twice'",
}


@pytest.mark.parametrize(
    ("wrong", "words"), SAID.items(), ids=lambda one: getattr(one, "__name__", "")
)
def test_it_is_named_and_nothing_is_said_of_the_numbers(wrong, words):
    verdict = verdict_of(wrong)
    asks, looks, names = ladder(verdict)
    assert asks[0].startswith("In the case '")
    assert asks[0].endswith("?")
    assert words in names[0]
    assert words in pattern_of(verdict)
    text = " ".join([*asks, *looks, *names])
    assert not any(hint in text for hint in HINTS)
    assert "Right but for" not in text


def test_one_of_the_parts_alone_is_named_by_its_place():
    assert "is the second of the parts" in pattern_of(verdict_of(lambda x: both(x)[1], both))
    assert "is the first of the parts" in pattern_of(verdict_of(lambda x: both(x)[0], both))
    assert "of the parts" not in pattern_of(verdict_of(lambda x: both(x)[0] + 1, both))


def test_one_answer_for_all_entries_is_asked_for():
    found = pattern_of(verdict_of(lambda x: x > 0, lambda x: bool((x > 0).all())))
    assert "one answer, True or False, for all entries together" in found


def right_but_changing_in_one_case(x):
    if x.max() < 4:
        x *= 2
        return x
    return 7 * x**2


def stops_at_times(x):
    if x.max() > 7:
        raise ValueError("large")


def number_at_times(x):
    return None if x.max() > 7 else 3 * x


@pytest.mark.parametrize(
    "wrong",
    [right_but_changing_in_one_case, stops_at_times, number_at_times, lambda x: 3 * x, twice],
)
def test_where_numbers_are_wrong_too_the_exercise_asks(wrong):
    assert aside_of(verdict_of(wrong)) is None


def test_wrong_numbers_and_a_changed_argument_are_both_said():
    besides = "Besides, the call changes `x`"
    assert besides in pattern_of(verdict_of(in_place_and_wrong))
    assert besides not in pattern_of(verdict_of(in_place_and_wrong, may_mutate=True))
    assert besides not in pattern_of(verdict_of(lambda x: 3 * x))


def test_where_to_look_is_called_likely_where_nothing_is_known():
    _, looks, _ = ladder(verdict_of(lambda x: np.cos(x) + x))
    assert looks == [f"Most often it goes wrong here. {HINTS[1]}"]
