"""The worker as the judge uses it: cells as in a kernel, calls, callbacks, objects."""

import json
import re
import threading
import time
from collections import namedtuple

import numpy as np
import pytest
from tests.coursekit.tiers import first_tier

from coursekit.sandbox import blame
from coursekit.sandbox.attempts import Attempt
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.outcomes import (
    BadValue,
    Cell,
    Crashed,
    Missing,
    Raised,
    Returned,
    SandboxFault,
    TimedOut,
    TooLarge,
)
from coursekit.sandbox.pool import WorkerPool
from coursekit.worker import kept_answers
from coursekit.worker.channel import Channel, pair
from coursekit.worker.kept_answers import enclosed, names_needed
from coursekit.worker.listener import Listener

pytestmark = pytest.mark.tier("auto")

PROGRAM = """
import numpy as np

def logistic(z):
    return 1 / (1 + np.exp(-z))

def in_place(x, y, *, scale=1):
    print("changing")
    x *= scale
    return x

def uses_earlier(z):
    return 2 * logistic(z)

class Adam:
    def __init__(self, rate, beta=0.9):
        self.rate, self.beta, self.steps = rate, beta, 0
    def update(self, g):
        self.steps += 1
        return -self.rate * g / self.steps
    def state(self):
        return self, (self.steps, "kept")

def rows(X):
    total = 0.0
    for row in X:
        total += row.sum()
    return total

def whole(X):
    return X.sum()

def steps_of(optimizer):
    return optimizer.steps

def gradient(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)

def measures(x):
    return gradient(lambda t: t ** 3, x, 1e-4)

def measures_with_help(x):
    return gradient(lambda t: logistic(t) ** 2, x, 1e-4)

def measures_what_fails(x):
    try:
        return gradient(lambda t: 1 / 0, x, 1e-4)
    except ZeroDivisionError as error:
        return f"caught: {error}"

def measures_without_end(x):
    return gradient(lambda t: measures_without_end(t), x, 1e-4)

def lends_and_leaves(x):
    return gradient(lambda t: exec("raise SystemExit"), x, 1e-4)

def draws(rng):
    return rng.normal(size=3)

def fails(x):
    return [1, 2][x]

def loops():
    while True: pass
"""


@pytest.fixture(scope="module")
def pool():
    with open_pool() as opened:
        yield opened


@pytest.fixture
def run(pool):
    limits = Limits(patience_seconds=5)
    with pool.submission([Cell("program", PROGRAM), Cell("bad", "1 / 0")], limits) as run:
        yield run


def test_a_call_returns_the_value_that_the_function_computed(run):
    outcome = run.call("logistic", (np.array([0.0, np.log(3.0)]),))
    assert isinstance(outcome, Returned)
    np.testing.assert_allclose(outcome.value, [0.5, 0.75], rtol=1e-15)
    assert outcome.mutated == ()
    assert 0 < outcome.cpu_seconds < 60  # seconds, and not their thousandths


def test_the_arguments_that_a_function_changes_are_named(run):
    x, y = np.ones(2), np.ones(2)
    outcome = run.call("in_place", (x, y), {"scale": 3})
    assert outcome.mutated == ("0",)
    assert outcome.stdout == "changing\n"
    np.testing.assert_array_equal(x, [1, 1])


def test_an_earlier_name_is_bound_to_our_function_for_this_call_only(run):
    asked = []

    def logistic(z):
        asked.append(z)
        return 10 * z

    outcome = run.call("uses_earlier", (np.ones(2),), bindings={"logistic": logistic})
    np.testing.assert_array_equal(outcome.value, [20, 20])
    assert len(asked) == 1
    np.testing.assert_allclose(run.call("uses_earlier", (0.0,)).value, 1.0)


def slope(f, x, h):
    """A reference that calls what it is given."""
    return (f(x + h) - f(x - h)) / (2 * h)


def test_a_function_of_ours_may_be_given_one_of_the_students(run):
    outcome = run.call("measures", (2.0,), bindings={"gradient": slope})
    np.testing.assert_allclose(outcome.value, 12.0, rtol=1e-7)


def test_one_that_is_given_may_ask_another_function_of_ours(run):
    bindings = {"gradient": slope, "logistic": lambda t: t**2}
    outcome = run.call("measures_with_help", (2.0,), bindings=bindings)
    np.testing.assert_allclose(outcome.value, 32.0, rtol=1e-6)


def test_what_a_function_that_was_given_raises_comes_out_where_the_student_can_catch_it(run):
    outcome = run.call("measures_what_fails", (2.0,), bindings={"gradient": slope})
    assert outcome.value == "caught: division by zero"


@pytest.mark.parametrize("name", ["measures_without_end", "lends_and_leaves"])
def test_nothing_waits_for_a_function_that_never_answers(run, name):
    before = threading.active_count()
    outcome = run.call(name, (2.0,), bindings={"gradient": slope})
    assert isinstance(outcome, Raised)
    deadline = time.monotonic() + 30
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
    assert run.call("measures", (2.0,), bindings={"gradient": slope}).value == pytest.approx(12)


def test_a_function_may_be_an_argument(run):
    outcome = run.call("gradient", (lambda x: x**3, 2.0, 1e-4))
    np.testing.assert_allclose(outcome.value, 12.0, rtol=1e-7)


def test_an_error_of_our_function_reaches_the_student_by_its_type(run):
    def refuse(x):
        raise ValueError("W has 3 rows but X has 4 columns")

    outcome = run.call("gradient", (refuse, 2.0, 1e-4))
    assert (outcome.error.type, outcome.error.message) == (
        "ValueError", "W has 3 rows but X has 4 columns",
    )  # fmt: skip


def test_a_generator_draws_the_same_numbers_there_and_here(run):
    outcome = run.call("draws", (np.random.default_rng(7),))
    np.testing.assert_array_equal(outcome.value, np.random.default_rng(7).normal(size=3))
    assert outcome.mutated == ()


def test_an_exception_is_described_as_the_student_sees_it(run):
    outcome = run.call("fails", (5,))
    assert isinstance(outcome, Raised)
    assert (outcome.error.type, outcome.error.message) == ("IndexError", "list index out of range")
    assert outcome.error.line == "return [1, 2][x]"


def test_a_name_that_the_cells_do_not_define_is_missing(run):
    assert run.call("nothing") == Missing(name="nothing", cpu_seconds=pytest.approx(0, abs=1))


def test_a_wrong_number_of_arguments_is_the_function_s_error(run):
    assert run.call("fails", (1, 2, 3)).error.type == "TypeError"


def test_many_calls_share_a_fork_and_go_on_after_one_that_does_not_end(pool):
    source = "n = 0\ndef f(k):\n    global n\n    n += 1\n    while k == 2: pass\n    return n"
    with pool.submission([Cell("a", source)]) as run:
        outcomes = run.call_many("f", [(k,) for k in range(5)], cpu_seconds=0.1)
    assert [getattr(o, "value", None) for o in outcomes] == [1, 2, None, 1, 2]
    assert isinstance(outcomes[2], TimedOut)


def test_each_of_many_calls_may_ask_as_often_as_one(pool):
    source = "def f(g, n): return sum(g(k) for k in range(n))"
    with pool.submission([Cell("a", source)], Limits(callbacks=20)) as run:
        outcomes = run.call_many("f", [(abs, n) for n in (15, 15, 21)])
    assert [getattr(o, "value", None) for o in outcomes] == [105, 105, None]
    assert isinstance(outcomes[2], TooLarge)


def test_many_calls_that_are_too_large_for_one_request_are_made_one_by_one(pool):
    limits = Limits(value_bytes=2**16)
    with pool.submission([Cell("a", "def f(x): return x.sum()")], limits) as run:
        outcomes = run.call_many("f", [(np.full(5000, k),) for k in range(4)])
    assert [outcome.value for outcome in outcomes] == [0, 5000, 10000, 15000]


def test_an_argument_that_cannot_be_read_there_spoils_its_own_call_only(pool):
    pair = namedtuple("Pair", ["x"])
    source = (
        "class Pair:\n    _fields = ('x',)\n"
        "    def __init__(self, x):\n        if x == 1: raise ValueError(x)\n"
        "def f(x): return 7"
    )
    with pool.submission([Cell("a", source)]) as run:
        outcomes = run.call_many("f", [(pair(k),) for k in range(3)])
    assert [getattr(o, "value", None) for o in outcomes] == [7, None, 7]


def test_after_three_calls_that_do_not_end_no_more_is_tried(run):
    outcomes = run.call_many("loops", [()] * 1000, cpu_seconds=0.05)
    assert len(outcomes) == 1000
    assert all(isinstance(outcome, TimedOut) for outcome in outcomes)
    assert len(set(map(id, outcomes))) == 3  # the last stands for all that were not tried


def test_an_object_keeps_its_state_between_calls(run):
    adam = run.open_object("Adam", (0.5,), {"beta": 0.8})
    assert adam.call("update", (np.ones(2),)).value.tolist() == [-0.5, -0.5]
    assert adam.call("update", (1.0,)).value == -0.25
    assert adam.attribute("steps").value == 2
    assert adam.attribute("beta").value == 0.8
    assert isinstance(adam.attribute("nothing"), Raised)
    assert isinstance(adam.call("state"), BadValue)


def test_a_held_object_may_be_an_argument_and_be_taken_apart(run):
    session = run.session()
    adam = session.held_object(session.call("Adam", (0.5,), keep=True))
    adam.call("update", (1.0,))
    assert session.call("steps_of", (adam.handle,)).value == 1
    pair = adam.call("state", keep=True).value
    assert session.item(session.item(pair, 1, keep=True).value, 0).value == 1


def test_an_object_is_made_again_after_a_call_that_did_not_end(run):
    session = run.session()
    adam = session.held_object(session.call("Adam", (0.5,), keep=True))
    adam.call("update", (1.0,))
    assert isinstance(session.call("loops", cpu_seconds=0.1), TimedOut)
    assert adam.attribute("steps").value == 1


def test_two_sessions_may_take_turns(run):
    first, second = (run.open_object("Adam", (rate,)) for rate in (1.0, 2.0))
    assert [first.call("update", (1.0,)).value, second.call("update", (1.0,)).value] == [-1, -2]
    assert [first.call("update", (1.0,)).value, second.call("update", (1.0,)).value] == [-0.5, -1]


def test_a_class_that_cannot_be_made_gives_the_outcome(run):
    assert isinstance(run.open_object("Adam"), Raised)


def test_executed_lines_grow_with_the_rows_only_in_a_loop(run):
    lines = {
        (name, M): run.call(name, (np.ones((M, 2)),), count_lines=True).lines
        for name in ("rows", "whole")
        for M in (5, 50)
    }
    assert lines["whole", 5] == lines["whole", 50] == 1
    assert lines["rows", 50] - lines["rows", 5] == 90


def test_a_named_tuple_of_ours_arrives_with_its_fields(pool):
    cache = namedtuple("LinearCache", "X W")
    source = "def back(dY, cache):\n    X, W = cache\n    return dY * cache.W + X"
    with pool.submission([Cell("a", source)]) as run:
        assert run.call("back", (2.0, cache(X=1.0, W=5.0))).value == 11.0


def test_an_argument_that_cannot_be_sent_is_the_caller_s_error(run):
    with pytest.raises(ValueError, match="cannot be taken"):
        run.call("logistic", ({1, 2},))


def test_global_randomness_is_the_same_at_each_grading(pool):
    source = (
        "import random\ndef f():\n    return random.random(), np.random.rand(), list({*'abcd'})"
    )
    values = []
    for _ in range(2):
        with (
            WorkerPool(1, pool.tier) as other,
            other.submission([Cell("a", "import numpy as np\n" + source)]) as run,
        ):
            values.append(run.call("f").value)
    assert values[0] == values[1]


# As in a kernel

NOTEBOOK = [
    "print('a'); 1 + 1", "import sys; print('e', file=sys.stderr)", "display({'a': 1}); 'x'",
    "_ + 'y'", "Out[1]", "%matplotlib inline",
    "import matplotlib.pyplot as plt; plt.plot([1, 2]);",
    "plt.figure(); plt.plot([1]); plt.show(); print('after')", "%pylab --no-import-all inline",
    "!echo shell", "x = !echo captured\nx", "%%bash\necho bash", "%timeit -n1 -r1 1 + 1",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'", "async def g(): return 3\nawait g()",
    "input()", "1 / 0", "def f(:\n    pass",
    # the kernel hands on what a program wrote a moment later than the rest
    "import os, time; code = os.system('echo system'); time.sleep(2); code",
    "import subprocess; done = subprocess.run(['echo', 'sub']); time.sleep(2); done",
    "raise KeyboardInterrupt", "%pwd\n1",
    "%who_ls int", "print?", "from IPython.display import HTML; HTML('<b>x</b>')",
    "%env FOO=1", "%%capture c\nprint('hidden')", "c.stdout",
    "%config InlineBackend.figure_format = 'svg'", "import numpy as np; np.array([1, 2])",
    "print('no newline', end='')", "%debug", "1 / 0", "import nothing_of_this_name",
    "len(In) > 3", "%precision 3\n3.14159", "exit()", "print('after exit')", "quit",
    "for k in range(3): print(k); display(k)",
]  # fmt: skip


def _plain(text):
    text = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r\n", "\n")
    text = re.sub(r"/tmp/\S*|\(\S+\.py, |\(<\S+?, |<ipython\S*|\d+\.py", "FILE ", text)
    return re.sub(r"0x[0-9a-f]+|\d+(\.\d+)? ([nmuµμ]?s)\b.*", "N", text)


def _from_kernel(cells, folder):
    import nbformat
    from book._ext.kernel_sockets import execute

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    execute(notebook, cwd=str(folder), timeout=600, allow_errors=True, kernel_name="python3")
    return [_joined(map(_of_kernel, cell.outputs)) for cell in notebook.cells]


def _joined(outputs):
    """Outputs with pieces of one stream put together: where a kernel cuts them is up to timing."""
    joined = []
    for output in outputs:
        if joined and output[0] in ("stdout", "stderr") and joined[-1][0] == output[0]:
            joined[-1] = (output[0], joined[-1][1] + output[1])
        else:
            joined.append(output)
    return joined


def _of_kernel(output):
    if output.output_type == "stream":
        return output.name, _plain(output.text)
    if output.output_type == "error":
        return "error", output.ename, _plain(output.evalue)
    return output.output_type, sorted(output.data), _plain(output.data.get("text/plain", ""))


def _of_worker(report):
    found = []
    for output in report.outputs:
        stream = output.kind in ("stdout", "stderr")
        text = _plain(output.text)
        found.append((output.kind, text) if stream else (output.kind, sorted(output.data), text))
    if report.error is not None:
        found.append(("error", report.error.type, _plain(report.error.message)))
    return _joined(found)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_cells_give_what_a_kernel_gives(pool, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, a kernel does not capture subprocesses
    expected = _from_kernel(NOTEBOOK, tmp_path)
    cells = [Cell(str(k), source) for k, source in enumerate(NOTEBOOK)]
    with pool.submission(cells) as run:
        found = [_of_worker(report) for report in run.cells]
    different = {
        source: (kernel, ours)
        for source, kernel, ours in zip(NOTEBOOK, expected, found, strict=True)
        if json.loads(json.dumps(kernel)) != json.loads(json.dumps(ours))
    }
    assert not different


def test_an_error_ends_its_cell_and_not_the_next(run):
    assert [cell.status for cell in run.cells] == ["ok", "error"]
    assert run.cells[1].error.type == "ZeroDivisionError"
    assert "----> 1 1 / 0" in run.cells[1].error.traceback


def test_reading_standard_input_is_an_error_and_not_a_wait(pool):
    with pool.submission(
        [Cell("a", "import sys\nx = sys.stdin.read()"), Cell("b", "input()")]
    ) as run:
        assert [cell.status for cell in run.cells] == ["ok", "error"]


# When it is our fault


def test_a_worker_that_dies_is_replaced_and_the_submission_is_run_again(pool):
    with pool.submission([Cell("a", "def f(): return 1")]) as run:
        assert run.call("f").value == 1
        run._lease.worker().process.kill()
        run._lease.worker().control.close()
        run._attempt.channel.close()
        assert run.call("f").value == 1
        assert run.fault is None


def test_a_worker_that_dies_twice_is_a_fault_of_the_grader(pool):
    with pool.submission([Cell("a", "def f(): return 1")]) as run:
        for _ in range(2):
            if run._attempt is not None:
                run._attempt.channel.close()
            outcome = run.call("f")
        assert isinstance(outcome, SandboxFault)
        assert run.fault
    with pool.submission([Cell("a", "def f(): return 1")]) as run:
        assert run.call("f").value == 1


def over(why, **measured):
    none = {"cpu": 0.0, "wall": 30.0, "own": 0.0, "memory": 0.0, "status": None, "outputs": []}
    return {"event": "over", "why": why, **none, **measured}


class Scripted:
    """A submission whose supervisor says what the test wants, from a certain event on."""

    def __init__(self, monkeypatch, event):
        honest, self.event = Attempt._event, event

        def told(attempt, wall):
            came = honest(attempt, wall)
            if came["event"] == "result":
                attempt.clock.note(self.event, attempt.limits)
                return self.event
            return came

        monkeypatch.setattr(Attempt, "_event", told)


def test_a_call_that_was_kept_waiting_is_a_fault_and_costs_nobody_a_point(pool, monkeypatch):
    Scripted(monkeypatch, over("wall", own=14.0))
    with pool.submission([Cell("a", "def f(): return 1")]) as run:
        assert isinstance(run.call("f"), SandboxFault)
        assert run.fault


def test_a_call_that_slept_most_of_its_time_is_out_of_time(pool, monkeypatch):
    Scripted(monkeypatch, over("wall", own=16.0))
    with pool.submission([Cell("a", "def f(): return 1")]) as run:
        assert run.call("f").reason == "asleep"
        assert run.fault is None


@pytest.mark.parametrize(("memory", "kind"), [(2.0**20, SandboxFault), (2.0**30, Crashed)])
def test_a_process_that_the_kernel_ends_for_want_of_memory_is_the_fault_of_who_has_it(
    pool, monkeypatch, memory, kind
):
    kills = iter([3, 3])
    monkeypatch.setattr(blame, "count_oom_kills", lambda: next(kills, 4))
    Scripted(monkeypatch, over("exit", memory=memory, status=-9))
    with pool.submission([Cell("a", "def f(): return 1")]) as run:
        blame.count_oom_kills()
        assert isinstance(run.call("f"), kind)


def test_the_kernel_says_how_often_it_ended_a_process_for_want_of_memory():
    assert blame.count_oom_kills() >= 0


def test_a_submission_as_a_whole_has_a_time_on_the_clock(pool):
    source = "import time\ndef f(x):\n    time.sleep(0.4)\n    return x"
    with pool.submission([Cell("a", source)], Limits(submission_seconds=1.0)) as run:
        found = run.call_many("f", [(k,) for k in range(9)])
        assert [type(outcome) for outcome in found[:3]] == [Returned, Returned, TimedOut]
        assert isinstance(found[-1], Crashed)
        assert "the submission as a whole took more than 1 s" in found[-1].reason
        assert "as a whole" in run.call("f", (1,)).reason
        assert run.fault is None


def test_cells_that_sleep_through_the_time_of_the_submission_are_skipped(pool):
    cells = [Cell("a", "def f(): return 1"), Cell("b", "import time; time.sleep(60)")]
    with pool.submission(cells, Limits(submission_seconds=0.5)) as run:
        assert [cell.status for cell in run.cells] == ["skipped", "hung"]
        assert "as a whole" in run.cells[0].reason
        assert isinstance(run.call("f"), Crashed)
        assert run.fault is None


def test_a_submission_that_was_kept_waiting_for_all_of_its_time_is_a_fault(pool, monkeypatch):
    with pool.submission([Cell("a", "def f(): return 1")]) as run:
        run.clock.own, run.clock.ends = 100.0, 0.0
        assert isinstance(run.call("f"), SandboxFault)


STOPS = "__import__('os').kill(__import__('os').getpid(), 19)"


def test_who_stops_himself_is_seen_at_once(pool):
    cells = [Cell("a", f"def f():\n    {STOPS}"), Cell("b", STOPS)]
    with pool.submission(cells) as run:
        outcome = run.call("f")
    assert run.cells[1].status == "crashed"
    assert "SIGSTOP" in run.cells[1].reason
    assert "SIGSTOP" in outcome.reason


def test_an_endless_loop_around_a_given_function_ends_after_one_case(pool):
    source = "def f(g):\n    while True: g(1.0)"
    asked = []
    with pool.submission([Cell("a", source)], Limits(callbacks=50)) as run:
        found = run.call_many("f", [(asked.append,)] * 12)
    assert len(found) == 12
    assert {type(outcome) for outcome in found} == {TooLarge}
    assert len(asked) == 50


def test_what_given_functions_compute_counts_as_the_time_of_the_call(pool):
    source = "def f(g):\n    for _ in range(1000): g(1.0)\n    return 1"
    asked = []

    def slow(x):
        began = time.thread_time()
        while time.thread_time() - began < 0.1:
            asked.append(x)

    with pool.submission([Cell("a", source)]) as run:
        outcome = run.call("f", (slow,), cpu_seconds=0.3)
    assert isinstance(outcome, TooLarge)
    assert "compute for more than 0.3 s" in outcome.reason


def test_a_given_function_is_not_called_with_more_than_a_case_could_need(pool):
    source = (
        "import numpy as np\ndef f(g):\n    try: g(np.zeros(2**18))\n"
        "    except Exception as error: return str(error)"
    )
    asked = []
    with pool.submission([Cell("a", source)]) as run:
        assert "at most" in run.call("f", (asked.append,)).value
    assert asked == []


def test_a_submission_that_is_interrupted_in_its_cells_gives_its_worker_back(pool, monkeypatch):
    from coursekit.sandbox.attempts import Attempt

    def interrupted(self, sources, archives):
        raise KeyboardInterrupt

    idle = pool.workers._idle.qsize()
    with monkeypatch.context() as patched:
        patched.setattr(Attempt, "run_cells", interrupted)
        with pytest.raises(KeyboardInterrupt), pool.submission([Cell("a", "")]):
            raise AssertionError("there is no run before its cells have run")
    assert pool.workers._idle.qsize() == idle  # else the next submission waits for ever
    with pool.submission([Cell("a", "def f(): return 1")]) as run:
        assert run.call("f").value == 1


def test_submissions_may_run_in_threads_that_end_before_the_pool():
    values = []

    def grade(pool, k):
        with pool.submission([Cell("a", f"def f(): return {k}")]) as run:
            values.append(run.call("f").value)

    with WorkerPool(2, first_tier()) as pool:
        threads = [threading.Thread(target=grade, args=(pool, k)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        grade(pool, 4)
    assert sorted(values) == [0, 1, 2, 3, 4]


def test_a_submission_without_cells_is_one(pool):
    with pool.submission([]) as run:
        assert run.cells == ()
        assert isinstance(run.call("f"), Missing)


def test_a_crash_says_by_which_signal(pool):
    with pool.submission([Cell("a", "import ctypes\ndef f(): ctypes.string_at(0)")]) as run:
        outcome = run.call("f")
    assert isinstance(outcome, Crashed)
    assert "SIGSEGV" in outcome.reason


def test_the_traceback_of_a_deep_recursion_is_short(pool):
    source = "def f(n): return f(n + 1) + 1\nf(0)"
    with pool.submission([Cell("a", source)]) as run:
        outcome = run.call("f", (0,))
        error = run.cells[0].error
    assert error.type == outcome.error.type == "RecursionError"
    assert "return f(n + 1) + 1" in error.traceback
    assert error.traceback.count("\n") < 100
    assert outcome.error.line == "def f(n): return f(n + 1) + 1"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def g(x):\n    return 1 / x\ndef f(x):\n    return g(x) + 1", "return 1 / x"),
        ("import numpy as np\ndef f(x):\n    return np.ones(3) @ np.ones(2)",
         "return np.ones(3) @ np.ones(2)"),
        ("f = eval('lambda x: 1 / x')", ""),
        ("def f(x):\n    " + "y = 1 / x " + "+ 1" * 99, "y = 1 / x " + "+ 1" * 35 + "+ ..."),
        ("import linecache\nlinecache.getline = lambda *_: 1 / 0\ndef f(x):\n    1 / x", ""),
        ("import linecache\nlinecache.getline = lambda *_: 7\ndef f(x):\n    1 / x", ""),
    ],
    ids=["the innermost", "not of a library", "no source", "long", "broken", "7"],
)  # fmt: skip
def test_the_failing_line_is_the_innermost_of_the_student(pool, source, line):
    with pool.submission([Cell("a", source)]) as run:
        assert run.call("f", (0,)).error.line == line


def test_an_order_that_comes_while_a_long_report_is_sent_is_not_lost():
    ours, theirs = pair()
    with ours, theirs:
        listener = Listener(Channel(ours))
        judge = Channel(theirs)

        def answer_at_once():
            judge.wait(60.0)
            judge.put(2, b"an order")

        answering = threading.Thread(target=answer_at_once)
        answering.start()
        listener.tell("result", body=bytes(2**22))
        answering.join()
        assert listener.trusted.wait(5.0) == (2, b"an order")


def test_functions_that_keep_themselves_or_each_other_are_looked_at_once(monkeypatch):
    def answer():
        def down(n):
            return abs(n) if n < 1 else up(n - 1)

        def up(n):
            return down(n - 1) + up(n - 2)

        return up

    looked_at = []

    def counted(function):
        looked_at.append(function.__name__)
        assert len(looked_at) < 10
        return enclosed(function)

    monkeypatch.setattr(kept_answers, "enclosed", counted)
    assert names_needed(answer(), {"abs": abs}) == {"abs"}
    assert sorted(looked_at) == ["down", "up"]
