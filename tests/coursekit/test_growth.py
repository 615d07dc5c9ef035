"""What students send is read in linear time: expressions are looked at, and not timed."""

import re
from pathlib import Path

import numpy as np
import pytest
from tests.coursekit.growth import expressions, slow_parts

import coursekit
from coursekit.checks import answer_cells
from coursekit.checks.answer_cells import CodeCell
from coursekit.checks.cell_names import cell_names
from coursekit.checks.compare import MOST_KEYS, compare, ending
from coursekit.checks.model import Raised
from coursekit.checks.patterns import answer_pattern
from coursekit.checks.words import ERRORS, MOST_CHARACTERS, error_advice, short

CODE = Path(coursekit.__file__).parent
READ_STUDENTS = ("checks", "grading", "nbgrader_out", "nbgrader_plugin", "sandbox", "submissions",
                 "worker")  # fmt: skip
"""Packages whose expressions meet what students send; the others read what instructors write.

``student_markdown`` is left out: it takes no more than ``MAX_MARKDOWN`` characters.
"""
SLOW = {
    r"^\s*[%!?]|=\s*[%!]|\?\s*$": re.MULTILINE,
    r"unsupported operand type\(s\) for .*'list'": 0,
    r"\s+$": 0,
    r"(a+)+b": 0,
    r"(?:a*)*": 0,
    r"<(\w+)[^<>]*>": 0,
    r"<[^>]*>": 0,
    r"<img (?![^>]*\balt=)": 0,
    r"x\d+\d+y": 0,
    r"a.*b.*c": 0,
}
FAST = {
    r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$": re.MULTILINE,
    r"unsupported operand type\(s\) for [^\n(]*'list'": 0,
    r"<(\w++)[^<>]*>": 0,
    r"<img (?![^<>]*\balt=)": 0,
    r"\w+": 0,
    r"(?:def|class) (\w+)": 0,
    r"(a|b)*": 0,
}


@pytest.mark.parametrize("pattern", SLOW)
def test_an_expression_that_is_slow_is_known(pattern):
    assert list(slow_parts(pattern, SLOW[pattern]))


@pytest.mark.parametrize("pattern", FAST)
def test_an_expression_that_is_fast_is_admitted(pattern):
    assert not list(slow_parts(pattern, FAST[pattern]))


@pytest.mark.parametrize("package", READ_STUDENTS)
def test_no_expression_that_meets_what_students_send_is_slow(package):
    slow = {
        place: (pattern, why)
        for place, pattern, flags, anchored in expressions(CODE / package)
        if (why := sorted(set(slow_parts(pattern, flags, anchored))))
    }
    assert slow == {}


def test_no_advice_on_errors_is_found_slowly():
    assert [pattern for pattern, _ in ERRORS if list(slow_parts(pattern))] == []


def test_advice_on_lists_is_still_given():
    message = "unsupported operand type(s) for -: 'float' and 'list'"
    assert "A list is no array" in next(error_advice(message))


def test_of_an_error_a_bounded_number_of_characters_is_read_and_shown():
    raised = Raised("E" * 10**5, "x" * 10**5)
    assert len(ending(raised)) < MOST_CHARACTERS + 200
    assert list(error_advice(" " * 10**5 + "truth value of an array")) == []


def test_a_list_of_texts_is_no_array_and_none_is_made():
    texts = ["x" * 10**7, *[""] * 10**5]  # as an array 4 TB
    assert compare(np.zeros(2), texts).prop == "type"
    assert compare(np.zeros(2), [[texts]]).prop == "type"


def test_of_thousands_of_keys_some_are_named():
    found = {f"k{k}" * 300: 0 for k in range(9000)}
    text = compare({"a": 1}, found).text
    assert text.count("k0") > 0
    assert text.endswith(", ...")
    assert len(text) < MOST_KEYS * 100


def test_a_long_text_in_the_place_of_an_answer_is_shown_by_its_beginning():
    assert len(answer_pattern(["left"], ["y" * 10**6])) < 300
    assert len(short("y" * 10**6)) == 160


@pytest.mark.parametrize("piece", ["except A:\n    pass", "x = (", ")", "else:\n    pass"])
def test_an_answer_in_many_halves_is_read_a_few_times(piece, monkeypatch):
    def characters_read(pieces):
        read = []

        def counted(source):
            read.append(len(source))
            return cell_names(source)

        monkeypatch.setattr(answer_cells, "cell_names", counted)
        cells = [CodeCell("e", "try:\n    pass"), *[CodeCell("e", piece)] * pieces]
        answer_cells.rejoined(cells, {"e": "f"})
        return sum(read)

    assert characters_read(400) < 2.5 * characters_read(200)
