"""What is seen of a submission from outside, and what of its time it is said to have used."""

import os

import pytest

from coursekit.worker import watch
from coursekit.worker.processes import ProcessState
from coursekit.worker.watch import Use, waits


def state(pid, letter="R", own=0.0, parent=1, children=0.0, memory=0):
    return ProcessState(pid, parent, letter, own, own + children, memory, 1)


@pytest.fixture(autouse=True)
def born(monkeypatch):
    monkeypatch.setattr(watch, "read_state", lambda pid: state(pid, memory=100))


def used(*looks):
    use = Use(5)
    use.cores = 2
    for states in looks:
        use.note(list(states))
    return use


def test_who_waits_to_run_was_kept_waiting_and_who_sleeps_was_not():
    assert used(*[[state(5)]] * 11).idle() == pytest.approx(0.0)
    assert used(*[[state(5, "S")]] * 11).idle() == 1.0
    assert Use(5).idle() == 1.0


def test_children_that_run_are_no_proof_that_the_working_process_waits():
    assert used(*[[state(5, "S"), state(100 + k)] for k in range(20)]).idle() == 1.0


def test_more_that_run_than_there_are_processors_are_in_their_own_way():
    crowd = [state(5), state(6), state(7)]
    assert used(*[crowd] * 11).idle() == 1.0
    assert used(*[crowd[:2]] * 11).idle() == 0.0


@pytest.mark.parametrize(("parent", "waiting"), [(5, False), (1, True)])
def test_who_waits_for_a_child_that_it_made_with_vfork_does_not_wait_for_a_disk(parent, waiting):
    states = [state(5, "D"), state(6, "S", parent=parent)]
    assert waits(states[0], states) == waiting


def test_a_child_that_nobody_waited_for_stays_counted():
    looks = [[state(5, "S")]]
    looks += [[state(5, "S"), state(10 + k, own=0.1)] for k in range(20)]
    use = used(*looks)
    assert use.cpu([state(5, "S")]) == pytest.approx(2.0)


def test_a_child_that_was_waited_for_is_counted_once():
    use = used([state(5)], [state(5), state(6, own=1.0)], [state(5, children=1.0)])
    assert use.cpu([state(5, children=1.0)]) == pytest.approx(1.0)


def test_what_was_used_before_the_first_look_is_not_counted_here():
    assert used([state(5, own=3.0)]).cpu([state(5, own=3.5)]) == pytest.approx(0.5)


def test_memory_is_what_came_since_birth():
    assert used([state(5, memory=150), state(6, memory=90)]).memory == 50


def test_the_moments_of_looks_cannot_be_foretold(monkeypatch):
    monkeypatch.setattr(watch, "descendants", lambda _: [])
    made = watch.Watch(
        os.getpid(), 9.0, 9.0, 2**40, watch.Scratch(None, 0, 0, 0), watch.Headroom(9, True)
    )
    steps = set()
    for _ in range(20):
        before = made.next_look
        monkeypatch.setattr(watch.time, "monotonic", lambda now=before: now)
        assert made.verdict() is None
        steps.add(round(made.next_look - before, 6))
    assert len(steps) > 5
    assert min(steps) > 0
