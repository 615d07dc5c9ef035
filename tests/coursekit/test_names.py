"""Names that a course takes, and what it says of those that it does not take."""

import pytest

from coursekit.names import fault_of_name


@pytest.mark.parametrize(
    "name",
    [
        "ada", "Doe, Jane", "o'brien@uni.de", "José Núñez", "Jose\u0301", "中村", "Ann & Bob",
        "group #7", "x+y", "(late) kim", "a" * 200, "12345", "می\u200cخواهم", "क्\u200dष",
    ],
)  # fmt: skip
def test_names_that_people_have_are_taken(name):
    assert fault_of_name(name) == ""


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("<img src=x>", "less-than"), ('a"b', "quotation mark"), ("a%3Cb", "percent"),
        ("a;b", "semicolon"), ("a\tb", "U+0009"), ("a\nb", "U+000A"), ("\x1b[31m", "U+001B"),
        ("a\u202eb", "right-to-left override"), ("ad\u200cmin", "U+200C"), ("a\u200bb", "U+200B"),
        ("\udcff\udcfe", "a byte that is no text"), ("=1+1", "equals sign"), ("+1", "begin"),
        ("@sum", "begin"), ("-rf", "begin"), ("a ", "ends with a space"), ("", "begin"),
        ("a" * 201, "201 characters"),
    ],
)  # fmt: skip
def test_names_that_act_somewhere_are_refused_by_the_character(name, word):
    assert word in fault_of_name(name)
