"""What the benchmark of ordinary notebooks reckons; its seconds are nobody's test."""

import argparse
import sys

import pytest
from tests.benchmarks.grading import Timing, timed
from tests.benchmarks.ordinary import page, together


def test_what_each_took_is_reckoned_without_the_start():
    start, whole = Timing(10, 100), Timing(30, 300)
    assert whole.beyond(start, 5) == Timing(4, 300)
    assert together([Timing(1, 50), Timing(3, 40)]) == Timing(4, 50)


def test_a_program_that_fails_stops_the_benchmark_with_its_words(tmp_path):
    with pytest.raises(RuntimeError, match="no such thing"):
        timed([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)


def test_the_page_has_a_ratio_for_each_assignment():
    options = argparse.Namespace(rounds=2, students=8, stock=4, jobs=2)
    rounds = [(Timing(1, 9), Timing(5, 9)), (Timing(1, 9), Timing(7, 9))]
    text = "\n".join(page({"one": rounds}, 1.25, options))
    assert "| one | 1.00 | 6.00 | 6.0 |" in text
    assert "1.25 seconds" in text
