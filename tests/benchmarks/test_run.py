import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_benchmark_runs_and_prints_every_task_and_every_share():
    command = [sys.executable, "-m", "tests.benchmarks.run", "--quick"]
    root = Path(__file__).parents[2]
    run = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", timeout=3600)
    assert run.returncode == 0, run.stderr
    rows = [line for line in run.stdout.splitlines() if re.match(r"\| (784|digits)", line)]
    assert len(rows) == 2 * 8
    for row in rows[8:]:
        shares = [int(share) for share in re.findall(r"(-?\d+) %", row)]
        assert len(shares) == 5
        assert abs(sum(shares) - 100) <= 3
