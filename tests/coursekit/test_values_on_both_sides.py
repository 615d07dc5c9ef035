"""What ``check`` accepts, grading accepts; what one refuses the other refuses in the same words."""

import functools
import textwrap

import numpy as np
import pytest

from coursekit.checks.calling import call
from coursekit.checks.compare import inspect_outcome
from coursekit.checks.model import Case, Task
from coursekit.grading.judge import plain_outcome
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.outcomes import Cell

pytestmark = pytest.mark.tier("auto")

ONES, TEXT, TRUTH = np.ones(2), "sign", True
PAIR, TABLE = (1.0, ONES), {"W": ONES}
CLASSES = """\
import array, collections, enum, fractions, decimal, numpy as np
class L(list): pass
class T(tuple): pass
class D(dict): pass
class A(np.ndarray): pass
class S(str): pass
class F(float): pass
class I(int): pass
class E(str, enum.Enum): X = "sign"
class Arrayish:
    def __array__(self, *_, **__): return np.ones(2)
P = collections.namedtuple("P", "a b")
"""
GOOD = {
    # arrays
    "np.ones(2)": ONES, "[1, 1]": ONES, "(1.0, 1)": ONES, "L([1, 1])": ONES, "T([1, 1])": ONES,
    "np.ones(2, np.float32)": ONES, "np.ones(2, np.float16)": ONES, "np.ones(2, int)": ONES,
    "np.ones(2, np.longdouble)": ONES, "np.ma.ones(2)": ONES, "np.ones(2).view(A)": ONES,
    "np.ones(2, bool)": ONES, "np.ones(2, np.uint8)": ONES, "np.ones((2, 2))[0]": ONES,
    "np.ones(4)[::2]": ONES, "np.ones(2, '>f8')": ONES, "np.broadcast_to(1.0, 2)": ONES,
    "np.asfortranarray(np.ones((2, 1))).ravel()": ONES, "[np.float64(1), np.int8(1)]": ONES,
    "np.asarray(np.ones((1, 2)).view(np.matrix)).ravel()": ONES, "[F(1), I(1)]": ONES,
    "np.ma.array([1, 1], mask=[0, 1])": ONES, "np.lib.stride_tricks.as_strided(np.ones(2))": ONES,
    # numbers
    "1": 1.0, "1.0": 1.0, "np.float64(1)": 1.0, "np.float32(1)": 1.0, "np.longdouble(1)": 1.0,
    "np.array(1.0)": 1.0, "np.ma.array(1.0)": 1.0, "F(1)": 1.0, "I(1)": 1.0, "np.int64(1)": 1.0,
    "np.True_": 1.0, "True": 1.0, "np.ones(1)[0]": 1.0, "np.array(1.0).view(A)": 1.0,
    # texts and truths
    "'sign'": TEXT, "np.str_('sign')": TEXT, "np.array(['sign'])[0]": TEXT, "S('sign')": TEXT,
    "E.X": TEXT, "bool(1)": TRUTH, "np.bool_(1)": TRUTH, "np.ones(2).all()": TRUTH,
    # containers
    "(1.0, np.ones(2))": PAIR, "[1, [1, 1]]": PAIR, "P(1, np.ones(2))": PAIR,
    "T([1, L([1, 1])])": PAIR,
    "{'W': np.ones(2)}": TABLE, "D(W=[1, 1])": TABLE, "{np.str_('W'): np.ones(2)}": TABLE,
    "collections.OrderedDict(W=(1, 1))": TABLE, "{E.X.value.replace('sign', 'W'): [1, 1]}": TABLE,
    "collections.defaultdict(list, W=[1, 1])": TABLE, "{S('W'): np.ma.ones(2)}": TABLE,
}  # fmt: skip
BAD = {
    "None": ONES, "range(2)": ONES, "{1, 2}": ONES, "Arrayish()": ONES, "(k for k in [1, 1])": ONES,
    "array.array('d', [1, 1])": ONES, "memoryview(np.ones(2))": ONES, "np": ONES, "len": ONES,
    "np.ones(2, object)": ONES, "np.array(['1', '1'])": ONES, "np.zeros(2, 'M8[s]')": ONES,
    "np.zeros(2, [('a', 'f8')])": ONES, "np.datetime64('2020')": 1.0, "'1'": 1.0, "1j": 1.0,
    "fractions.Fraction(1)": 1.0, "decimal.Decimal(1)": 1.0, "[[1, 1]]": ONES, "[1, [1]]": ONES,
    "2**4000": 1.0, "'\\ud800'": TEXT, "b'sign'": TEXT, "np.array('sign')": TEXT, "1": TEXT,
    "0": TRUTH, "1 ": TRUTH, "np.array(True)": TRUTH, "(1.0,)": PAIR, "1.0": PAIR,
    "np.ones(2)": PAIR,
    "[np.ones(2)] * 3": PAIR, "{'W': 1.0}": TABLE, "{1: np.ones(2)}": TABLE,
    "{np.int64(1): 2}": TABLE,
    "{}": TABLE, "[('W', np.ones(2))]": TABLE, "{'W': np.ones(2)}.items()": TABLE,
    "np.ones((2,) * 9)": ONES, "[0] * 200_000": ONES,
    "functools.reduce(lambda a, _: [a], range(40))": ONES,
}  # fmt: skip
KINDS = {**GOOD, **BAD}


def source_of(number: int, expression: str) -> str:
    return f"import functools\ndef f{number}(x):\n    return {expression}\n"


@pytest.fixture(scope="module")
def graded():
    """What the worker sends, by expression."""
    cells = [Cell("classes", CLASSES)]
    cells += [Cell(str(k), source_of(k, expression)) for k, expression in enumerate(KINDS)]
    found = {}
    with open_pool() as pool, pool.submission(cells) as run:
        assert run.fault is None
        session = run.session()
        for number, expression in enumerate(KINDS):
            found[expression] = plain_outcome(session.call(f"f{number}", (1.0,)), ("x",))
    return found


@pytest.fixture(scope="module")
def checked():
    """What ``check`` makes of it on the laptop, by expression."""
    namespace = {"functools": functools, "__name__": "__main__"}
    exec(textwrap.dedent(CLASSES), namespace)
    found = {}
    for number, expression in enumerate(KINDS):
        exec(source_of(number, expression), namespace)
        found[expression] = call(namespace[f"f{number}"], ("x",), (1.0,))
    return found


def finding(expected, outcome):
    case = Case("a case", (1.0,), expected)
    return inspect_outcome(Task("f", ("x",), (case,)), case, outcome)


@pytest.mark.parametrize("expression", GOOD)
def test_what_is_right_is_right_on_both_sides(graded, checked, expression):
    assert finding(GOOD[expression], checked[expression]) is None
    assert finding(GOOD[expression], graded[expression]) is None


@pytest.mark.parametrize("expression", BAD)
def test_what_is_refused_is_refused_in_the_same_words(graded, checked, expression):
    said = finding(BAD[expression], checked[expression])
    assert said is not None
    assert said == finding(BAD[expression], graded[expression])
    assert said.prop in ("type", "shape", "dtype")
