"""What a student's function may return, and what comes of everything else."""

import numpy as np
import pytest

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import (
    BadValue,
    Cell,
    Crashed,
    Missing,
    Raised,
    Returned,
    TimedOut,
    TooLarge,
)

LIMITS = Limits(cell_cpu_seconds=2.0, call_cpu_seconds=1.0, patience_seconds=1.0)

REFUSED = {
    "object whose equality is always true": (
        "class A:\n    def __eq__(self, other): return True\n    __hash__ = None\n"
        "def attack(): return A()",
        BadValue,
        "A",
    ),
    "object that turns into an array when compared": (
        "class A:\n    def __array__(self, *a, **k): return np.ones(3)\n"
        "    def __array_ufunc__(self, *a, **k): return np.True_\ndef attack(): return A()",
        BadValue,
        "A",
    ),
    "array of objects": (
        "def attack(): return np.array([1, 'a', None], object)",
        BadValue,
        "dtype",
    ),
    "structured array": ("def attack(): return np.zeros(2, [('a', 'f8')])", BadValue, "dtype"),
    "dates": ("def attack(): return np.zeros(2, 'M8[s]')", BadValue, "dtype"),
    "strings in an array": ("def attack(): return np.array(['a', 'b'])", BadValue, "dtype"),
    "generator": ("def attack(): return (k for k in range(3))", BadValue, "generator"),
    "function": ("def attack(): return attack", BadValue, "function"),
    "module": ("def attack(): return np", BadValue, "module"),
    "set": ("def attack(): return {1, 2}", BadValue, "set"),
    "metaclass that lies and fails": (
        "class M(type):\n    def __hash__(cls): raise SystemExit\n"
        "    def __getattribute__(cls, name): raise KeyboardInterrupt\n"
        "class A(metaclass=M): pass\ndef attack(): return A()",
        BadValue,
        "",
    ),
    "keys that are no strings": ("def attack(): return {1: 2}", BadValue, "keys"),
    "lone surrogate": ("def attack(): return '\\ud800'", BadValue, "surrogate"),
    "200 MB": ("def attack(): return np.ones(25_000_000)", (TooLarge, Raised), ""),
    "view that pretends to 8 TB": (
        "def attack(): return np.broadcast_to(1.0, (10**12,))",
        TooLarge,
        "",
    ),
    "integer of 4000 bits": ("def attack(): return 2**4000", TooLarge, "integer"),
    "a million values": ("def attack(): return [0] * 10**6", TooLarge, "values"),
    "list that contains itself": (
        "def attack():\n    a = []\n    a.append(a)\n    return a",
        TooLarge,
        "deep",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_value_that_could_fool_the_judge_is_described_not_taken(stage, name):
    source, kinds, word = REFUSED[name]
    outcome = stage.play(source)
    assert isinstance(outcome, kinds), outcome
    assert word in getattr(outcome, "reason", word)


PLAIN = {
    "subclass of ndarray": (
        "class A(np.ndarray):\n    def __sub__(self, other): return np.zeros(3)\n"
        "    def __array_function__(self, *_): return True\n"
        "def attack(): return np.full(3, 2.0).view(A)",
        np.full(3, 2.0),
    ),
    "numpy.matrix": ("def attack(): return np.ones((2, 2)).view(np.matrix)", np.ones((2, 2))),
    "masked array": ("def attack(): return np.ma.ones(3)", np.ones(3)),
    "extended precision": ("def attack(): return np.longdouble(1)", np.float64(1)),
    "subclass of float": (
        "class A(float):\n    def __eq__(self, o): return True\ndef attack(): return A(2)",
        2.0,
    ),
    "text of NumPy": ("def attack(): return np.array(['a', 'b'])[0]", "a"),
    "dictionary that changes while it is read": (
        "class A(dict):\n    def items(self): return iter(lambda: ('a', 1), 0)\n"
        "def attack(): return A(b=1.5)",
        {"b": 1.5},
    ),
}


@pytest.mark.parametrize("name", PLAIN)
def test_of_a_value_that_carries_behaviour_the_plain_content_is_taken(stage, name):
    source, plain = PLAIN[name]
    value = stage.play(source).value
    assert type(value) is type(plain)
    np.testing.assert_array_equal(value, plain)


def test_arrays_come_back_exact_and_in_native_order(stage):
    outcome = stage.play(
        "def attack():\n"
        "    return {'big': np.arange(6, dtype='>i4').reshape(2, 3).T, 'none': np.ones((0, 2)),\n"
        "            'zero': np.array(1.5), 'half': np.float16(2), 'flag': np.array([True])}"
    )
    value = outcome.value
    assert all(type(item) in (np.ndarray, np.float16) for item in value.values())
    np.testing.assert_array_equal(value["big"], [[0, 3], [1, 4], [2, 5]])
    assert value["big"].dtype == np.dtype("=i4")
    assert value["big"].flags.writeable
    assert value["big"].flags.owndata or value["big"].base is not None
    assert value["none"].shape == (0, 2)
    assert value["zero"].shape == ()


FORGERIES = {
    "a result with another value": ("b'm' + b'\\x00' * 4", BadValue),
    "bytes that are no tree": ("b'\\xff' * 40", BadValue),
    "a boolean that is neither": (
        "T({'outcome': 'returned', 'value': np.array([True]), 'mutated': [], 'lines': None})"
        ".replace(b'\\x01' * 2, b'\\x01\\x07')",
        (BadValue, Returned),
    ),
    "an outcome that only the grader may give": (
        "T({'outcome': 'fault', 'reason': 'x'})",
        BadValue,
    ),
    "a timeout of the grader": ("T({'outcome': 'over', 'why': 'wall'})", BadValue),
    "a tag for a callback": ("b'C\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00'", BadValue),
}
WRITE = (
    "import os, struct, stat, sys\n"
    "def T(value):\n"
    "    return sys.modules['worker.trees'].encode(value)\n"
    "def write(kind, payload, length=None):\n"
    "    for fd in range(3, 64):\n"
    "        try:\n"
    "            if stat.S_ISSOCK(os.fstat(fd).st_mode):\n"
    "                size = len(payload) if length is None else length\n"
    "                os.write(fd, struct.pack('>BI', kind, size) + payload)\n"
    "        except OSError: pass\n"
)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_result_is_read_as_strictly_as_any_and_spoils_only_its_own_call(stage, name):
    payload, kinds = FORGERIES[name]
    source = WRITE + f"def attack():\n    write(31, {payload})\n    os._exit(0)"
    assert isinstance(stage.play(source), kinds)


@pytest.mark.parametrize("kind", [0, 1, 6, 11, 13, 15, 22, 255])
def test_a_frame_of_another_kind_ends_the_call(stage, kind):
    source = WRITE + f"def attack():\n    write({kind}, b'N')\n    return 1"
    assert isinstance(stage.play(source), Crashed)


def test_a_frame_that_announces_four_gigabytes_is_not_waited_for(stage):
    source = WRITE + "def attack():\n    write(31, b'', 2**32 - 1)\n    return 1"
    assert isinstance(stage.play(source), TooLarge)


def test_half_a_frame_and_silence_costs_only_the_call(stage):
    source = WRITE + (
        "import time\ndef attack():\n    write(31, b'abc', 1000)\n    time.sleep(600)"
    )
    outcome = stage.play(source, cpu_seconds=0.1)
    assert isinstance(outcome, TimedOut)
    assert outcome.reason == "asleep"


def test_a_cell_that_forges_frames_is_never_an_error_of_the_grader(pool):
    cells = [
        Cell("forger", WRITE + "write(12, b'N'); write(13, b'')"),
        Cell("b", "def attack(): return 7"),
    ]
    with pool.submission(cells, LIMITS) as run:
        assert run.fault is None
        assert isinstance(run.call("attack"), (Returned, Crashed, Missing))
        assert run.fault is None


def test_a_patched_codec_forges_no_more_than_its_own_answer(stage):
    outcome = stage.play(
        "import sys\n"
        "def attack():\n"
        "    sys.modules['worker.student_calls'].CallServer.answer = lambda *a: b'l\\xff\\xff'\n"
        "    sys.modules['worker.student_calls'].write_frame(\n"
        "        [fd for fd in range(3, 60) if is_socket(fd)][0], 31, b'l\\xff\\xff')\n"
        "    return 1",
        before="import os, stat\n"
        "def is_socket(fd):\n"
        "    try: return stat.S_ISSOCK(os.fstat(fd).st_mode)\n"
        "    except OSError: return False",
    )
    assert isinstance(outcome, BadValue)


def test_patched_numpy_stays_in_its_process(stage):
    source = (
        "np.allclose = np.array_equal = np.testing.assert_allclose = lambda *a, **k: True\n"
        "np.ndarray = float\n"
        "def attack(): return np.zeros(2)"
    )
    outcome = stage.play(source)
    np.testing.assert_array_equal(outcome.value, np.zeros(2))
    assert not np.allclose(outcome.value, 1.0)


CALLBACKS = {
    "a million calls": ("def attack():\n    for _ in range(10**6): given(1.0)", TooLarge),
    "an object as argument": (
        "class A: pass\ndef attack():\n    try:\n        given(A())\n"
        "    except Exception as error:\n        return type(error).__name__",
        Returned,
    ),
    "a number that is not there": (
        WRITE + "def attack():\n    write(32, T([7, [], {}]))\n    os.read(3, 10**6)",
        (Crashed, Raised, Returned, TimedOut),
    ),
    "no list at all": (
        WRITE + "def attack():\n    write(32, b'N')\n    return 1",
        (Returned, BadValue, Crashed),
    ),
    "an answer to what nobody asked": (
        WRITE + "def attack():\n    write(32, T([-1, [1.0], {}]))\n    os.read(3, 10**6)",
        (Crashed, Raised, Returned, TimedOut),
    ),
    "a function that is lent in an answer": (
        WRITE + "def attack():\n    write(32, T([-1, [0], {}])[:-1] + b'L\\0\\0\\0\\0')\n"
        "    os.read(3, 10**6)",
        (Crashed, Raised, Returned, TimedOut),
    ),
    "a function that it cannot use": ("def attack(): return given(lambda: 1)", Raised),
    "recursion through it": ("def attack(): return given(given)", (Returned, Raised)),
}


@pytest.mark.parametrize("name", CALLBACKS)
def test_a_function_of_ours_can_be_called_but_not_broken(stage, name):
    source, kinds = CALLBACKS[name]
    asked = []

    def given(x):
        asked.append(x)
        return 2 * x

    outcome = stage.play(source, bindings={"given": given}, cpu_seconds=1.0)
    assert isinstance(outcome, kinds), outcome
    assert len(asked) <= 500
