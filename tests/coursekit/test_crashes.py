"""A class run that is killed and started again ends as one that was not.

More moments: ``python -m tests.coursekit.crashes --moments 100``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.coursekit.crashes import prepared
from tests.coursekit.tiers import first_tier

from coursekit.grading import class_run, grader_process
from coursekit.grading.class_run import ClassRun, Settings
from coursekit.sandbox import leases
from coursekit.sandbox.worker_process import SandboxUnavailableError

ROOT = Path(__file__).resolve().parents[2]
grade_student = grader_process.grade_student

pytestmark = [pytest.mark.xdist_group("class run"), pytest.mark.tier("auto")]


@pytest.mark.slow
def test_killed_at_any_moment_and_resumed_the_grades_are_the_same():
    command = [sys.executable, "-W", "ignore", "-m", "tests.coursekit.crashes", "--moments", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=3600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 moments, 0 with a difference" in done.stdout


def ends_its_process(student):
    if student == "ben":
        os._exit(9)
    return grade_student(student)


@pytest.mark.slow
def test_a_submission_that_ends_the_graders_process_stops_nobody_else(monkeypatch):
    monkeypatch.setattr(class_run, "grade_student", ends_its_process)
    with prepared() as (course, _):
        run = ClassRun(course, "mine", Settings(2, first_tier()))
        results = {result.student: result for result in run.grade(course.students("mine"))}
    assert results.pop("ben").fault == "the process that graded it ended by itself"
    assert len(results) == 5
    assert all(result.final for result in results.values())


@pytest.mark.slow
def test_a_sandbox_that_does_not_start_is_a_fault_and_not_a_traceback(monkeypatch, capfd):
    def refused(*_, **__):
        raise SandboxUnavailableError("bwrap does not start: no room")

    monkeypatch.setattr(leases, "WorkerProcess", refused)
    with prepared() as (course, _):
        run = ClassRun(course, "mine", Settings(2, "bwrap"))
        results = list(run.grade(course.students("mine")))
    assert len(results) == 6
    assert all("bwrap does not start: no room" in result.fault for result in results)
    assert "Traceback" not in capfd.readouterr().err
