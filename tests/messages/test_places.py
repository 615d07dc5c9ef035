"""A change that mends an answer by coincidence, or at another place, is not told as its mistake."""

import pytest
from tests.messages.repair import OURS, what_is_said
from tests.messages.trying import wrong_answers_by_id

ONE_IDEA = [
    "ps0-errors/table-then-first-column",
    "ps1-output-deltas/cost-itself-times-slope",
    "ps2-elementwise-jacobian/one-became-identity",
    "ps3-combined-gradient/relative-to-a-full-one",
    "ps4-clip/shares-of-the-limit",
    "ps4-stable-step/fastest-not-largest",
]
"""Answers whose one wrong idea two small changes happen to mend."""

TWO = [
    "ps2-numerical-jacobian/backwards-and-one-short",
    "ps3-tied/minus-and-slope-of-the-activation",
    "ps1-layer-preactivation/indices-from-one",
]

NAMED = [
    "ps2-layer-vjp/measured-sum-of-outputs",
    "ps3-expose/one-example-tells-all",
    "ps3-linear-backward/forgets-to-turn-the-input",
]
"""Answers whose mistake is known, and which a change of a right line mends, too."""

COINCIDENCES = {
    "ps1-logistic-derivative/exponent-brought-down": "a term there",
    "ps1-logistic/both-halves-alike": "where sizes",
    "ps1-which-mistake/near-by-a-twentieth": "a root",
    "ps2-shapes/chain-joined-at-the-wrong-ends": "the right way round",
    "ps0-column-sums/dictionary-by-column": "must be texts",
}
"""Answers that a change mends which has nothing to do with what is wrong, and its words."""


def said(name: str) -> str:
    return what_is_said(wrong_answers_by_id()[name])[OURS]


@pytest.mark.parametrize("name", ONE_IDEA)
def test_one_idea_is_not_told_as_two_mistakes(name):
    assert "each of these lines" not in said(name)


@pytest.mark.parametrize("name", TWO)
def test_two_mistakes_are(name):
    assert "each of these lines" in said(name)


@pytest.mark.parametrize("name", NAMED)
def test_where_the_mistake_is_known_no_other_place_is(name):
    assert "small thing" not in said(name)


@pytest.mark.parametrize("name", COINCIDENCES)
def test_a_coincidence_is_not_told(name):
    assert COINCIDENCES[name] not in said(name)
