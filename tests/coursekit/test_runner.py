"""An exercise's process ends when it has served, whatever student code has patched."""

import os
import signal
import sys

import numpy as np
import pytest
from tests.coursekit.tiers import first_tier

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell, Crashed, Returned, TimedOut
from coursekit.sandbox.pool import WorkerPool
from coursekit.worker import runner

WENT_ON = 77


def returns(*_):
    return None


def raises(*_):
    raise RuntimeError("student code")


def leaves():
    sys.exit(5)


def interrupted():
    raise KeyboardInterrupt


def ended(serve, monkeypatch, **patched):
    """How a process ended that served and then, if it could, went on to exit with `WENT_ON`."""
    pid, leave = os.fork(), os._exit
    if pid == 0:
        for name in ("_exit", "abort", "kill", "fork"):
            monkeypatch.setattr(os, name, returns)
        monkeypatch.setattr(sys, "exit", returns if serve is not leaves else sys.exit)
        for name, function in patched.items():
            monkeypatch.setattr(runner, name, function)
        signal.alarm(1)  # the supervisor, who kills what does not end
        try:
            runner._in_exercise(serve)
        finally:
            leave(WENT_ON)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(
    ("serve", "status"), [(returns, 0), (raises, 1), (leaves, 1), (interrupted, 1)]
)
def test_it_ends_however_serving_ends(serve, status, monkeypatch):
    assert ended(serve, monkeypatch) == status


@pytest.mark.parametrize("in_its_place", [returns, raises, leaves])
def test_where_student_code_took_the_way_out_it_stays_until_it_is_killed(in_its_place, monkeypatch):
    assert ended(returns, monkeypatch, _exit=in_its_place) == -signal.SIGALRM


SECOND_RUNNER = """
import os, socket, sys
module = sys.modules["worker.student_calls"]
os._exit = os.abort = sys.exit = lambda *status: None
socket.socket.close = lambda self: None

def served(x):
    module.read_frame = lambda fd: None
    return x + 1

def honest(x):
    return x * x
"""
TAKES_THE_WAY_OUT = "\nsys.modules['worker.runner']._exit = lambda status: None\n"
LIMITS = Limits(call_cpu_seconds=1.0, patience_seconds=3.0)


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(1, first_tier()) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.tier("auto")
@pytest.mark.parametrize(("source", "kind"), [("", Crashed), (TAKES_THE_WAY_OUT, TimedOut)])
def test_no_second_runner_answers_in_the_place_of_the_first(pool, source, kind):
    with pool.submission([Cell("cell", SECOND_RUNNER + source)], LIMITS) as run:
        session = run.session()
        assert isinstance(session.call("served", (1.0,)), Returned)
        assert isinstance(session.call("honest", (3.0,)), kind)
        for value in range(4):
            outcome = run.call("honest", (np.array([float(value)]),))
            assert isinstance(outcome, Returned)
            assert outcome.value == value**2
    assert run.left_clean
