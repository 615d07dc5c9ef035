"""A class run that is killed and started again ends as one that was not.

More moments: ``python -m tests.coursekit.crashes --moments 100``.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.xdist_group("class run")
def test_killed_at_any_moment_and_resumed_the_grades_are_the_same():
    command = [sys.executable, "-W", "ignore", "-m", "tests.coursekit.crashes", "--moments", "4"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 moments, 0 with a difference" in done.stdout
