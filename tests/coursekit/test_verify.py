"""Every problem set is verified; and verifying finds what is wrong in one."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from coursekit.authoring.exercises import Cases, Exercise, Misconception
from coursekit.authoring.masters import MASTERS, PlacedExercise, read_master
from coursekit.authoring.references import read_reference
from coursekit.authoring.tasks import make_task
from coursekit.checks.diagnosis import diagnose
from coursekit.cli import main
from coursekit.verification.kill_matrix import markdown_table
from coursekit.verification.variants import Variants, read_variants
from coursekit.verification.verify import verdict_of, verify, verify_exercise

PROBLEM_SETS = sorted(path.stem for path in MASTERS.glob("*.md"))
TABLES = Path(__file__).parents[2] / "book" / "teaching" / "kill_matrix_tables.txt"


def row_means(X):
    """Mean of each row."""
    return X.sum(axis=1) / X.shape[1]


def row_sums(X):
    return X.sum(axis=1)


def draw(rng):
    return (rng.normal(size=(3, 4)),)


SUMS = Misconception("sum", row_sums, "You add up.", "page#Section")
EXERCISE = PlacedExercise(
    "small",
    read_reference(row_means),
    1.0,
    Exercise(cases=[Cases("all", draw, share=1)], misconceptions=[SUMS]),
)


def problems_of(exercise=EXERCISE, variants=None, **changes):
    declaration = dataclasses.replace(exercise.declaration, **changes)
    changed = dataclasses.replace(exercise, declaration=declaration)
    return verify_exercise(changed, variants or Variants(), seeds=1).problems


@pytest.mark.parametrize("problem_set", PROBLEM_SETS)
def test_every_problem_set_is_verified(problem_set):
    master = read_master(MASTERS / f"{problem_set}.md")
    variants = read_variants(problem_set)
    reports = verify(master, variants)
    assert [problem for report in reports for problem in report.problems] == []
    for report, exercise in zip(reports, master.exercises, strict=True):
        assert all(report.kills.values()), f"{report.id}: some mistake keeps all points by chance"
        assert report.right >= 2, f"{report.id} has no two right implementations"
        declared = {mistake.id for mistake in exercise.declaration.misconceptions}
        assert set(variants.wrong.get(report.id, {})) == declared
    renew = f"run `course verify --markdown {TABLES.relative_to(TABLES.parents[2])}`"
    assert markdown_table(master, reports) in TABLES.read_text(encoding="utf-8"), renew
    named, wrong = sum(r.named for r in reports), sum(r.wrong for r in reports)
    assert named >= 0.95 * wrong


def test_a_sound_exercise_has_no_problems():
    assert problems_of() == []


def test_a_weak_case_lets_a_mutant_survive():
    weak = [Cases("one column", lambda rng: (rng.normal(size=(3, 1)),), share=1)]
    found = problems_of(cases=weak)
    assert any("the misconception sum passes" in problem for problem in found)
    assert any("survives 2 of 2" in problem for problem in found)


def test_an_equivalent_mutant_must_be_one():
    found = problems_of(equivalent={"1 -> 2": "it is not"})
    assert "small: listed as equivalent, but it fails: 1 -> 2" in found
    assert any("no such mutant" in p for p in problems_of(equivalent={"x -> y": "none"}))


def test_two_misconceptions_that_cannot_be_told_apart_are_found():
    twin = dataclasses.replace(SUMS, id="twin")
    assert any("is named" in problem for problem in problems_of(misconceptions=[SUMS, twin]))


def test_a_right_variant_that_fails_is_found():
    variants = Variants({"small": [row_sums]})
    found = problems_of(variants=variants)
    assert any("the right variant row_sums fails" in problem for problem in found)
    assert "small: the right variant row_sums is diagnosed" in found


def test_a_second_wrong_one_that_passes_is_found():
    variants = Variants(wrong={"small": {"sum": [row_means]}})
    assert "small: the second wrong row_means passes" in problems_of(variants=variants)


def test_a_broken_reference_is_found():
    def row_means(X):
        """Mean of each row, and never the same."""
        return X.sum(axis=1) + next(counter)

    counter = iter(range(10**6))
    broken = dataclasses.replace(
        EXERCISE, reference=dataclasses.replace(EXERCISE.reference, function=row_means)
    )
    task = make_task(broken, np.random.default_rng(0))
    assert not verdict_of(task, row_means).passed
    assert not diagnose(verdict_of(task, row_means))


def test_the_command_prints_the_kill_matrix_and_writes_it(tmp_path, capsys):
    page = tmp_path / "kills.md"
    assert main(["verify", "ps1", "--seeds", "1", "--markdown", str(page)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"ps1-mean-cost: \d+ misconceptions", out)
    assert re.search(r"sum-for-mean +fails in five patterns, three outputs; four patterns", out)
    assert out.endswith("Nothing is to mend.\n")
    assert "| sum-for-mean | caught | caught | – |" in page.read_text(encoding="utf-8")


def test_the_command_fails_where_something_is_to_mend(tmp_path, capsys):
    (tmp_path / "ps1.py").write_text(
        "RIGHT = {'ps1-mean-cost': [lambda A, Y: 0.0]}\nWRONG = {}\n", encoding="utf-8"
    )
    status = main(["verify", "ps1", "--seeds", "1", "--variants", str(tmp_path)])
    assert status == 1
    assert "ps1-mean-cost: the right variant <lambda> fails" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.xdist_group("class run")
@pytest.mark.parametrize("problem_set", PROBLEM_SETS)
def test_the_worker_gives_the_same_verdicts(problem_set, capsys):
    assert main(["verify", problem_set, "--seeds", "0", "--sandbox"]) == 0, capsys.readouterr().out
