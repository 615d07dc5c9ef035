"""What the benchmark of ordinary notebooks reckons; its seconds are nobody's test."""

import argparse
import os
import sys

import pytest
from tests.benchmarks.grading import Timing, timed
from tests.benchmarks.ordinary import page, together


def test_what_each_took_is_reckoned_without_the_start():
    start, whole = Timing(10, 4, 100), Timing(30, 9, 300)
    assert whole.beyond(start, 5) == Timing(4, 1, 300)
    assert together([Timing(1, 2, 50), Timing(3, 4, 40)]) == Timing(4, 6, 50)


def test_processor_seconds_of_what_a_program_starts_are_counted(tmp_path):
    spin = "import time\nwhile time.process_time() < 0.5: pass"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {spin!r}])"
    assert timed([sys.executable, "-c", nested], tmp_path).processor > 0.5


def test_a_program_that_fails_stops_the_benchmark_with_its_words(tmp_path):
    with pytest.raises(RuntimeError, match="no such thing"):
        timed([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)


def test_the_page_has_ratios_and_those_of_the_clock_on_a_quiet_machine_only(monkeypatch):
    options = argparse.Namespace(rounds=2, students=8, stock=4, jobs=2)
    rounds = [(Timing(1, 2, 9), Timing(5, 8, 9)), (Timing(1, 2, 9), Timing(7, 12, 9))]
    monkeypatch.setattr(os, "getloadavg", lambda: (9.0, 9.0, 99.0))
    assert "clock |" not in "\n".join(page({"one": rounds}, 1.25, options))
    monkeypatch.setattr(os, "getloadavg", lambda: (9.0, 9.0, 1.0))
    text = "\n".join(page({"one": rounds, "two": rounds}, 1.25, options))
    assert "| one | processors | 2.00 | 10.00 | 5.0 |" in text
    assert "| one | clock | 1.00 | 6.00 | 6.0 |" in text
    assert "1.25 seconds" in text
