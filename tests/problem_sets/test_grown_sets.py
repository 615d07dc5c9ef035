"""A course that released a problem set before it grew goes on with what it released."""

from dataclasses import replace

import pytest

from coursekit.authoring.masters import MASTERS, Master, read_master
from coursekit.authoring.released import as_released, points_of, since_release
from coursekit.authoring.render import render_notebook
from coursekit.courses import Course

GAINED = {
    "ps2": ["ps2-outer-product"],
    "ps3": ["ps3-layer-norm", "ps3-layer-norm-proof"],
}
"""What came into a set after courses had begun to use it."""


def before_it_grew(master: Master) -> Master:
    later = GAINED[master.id]
    return replace(
        master, cells=tuple(cell for cell in master.cells if getattr(cell, "id", "") not in later)
    )


@pytest.mark.parametrize("problem_set", GAINED)
def test_what_came_later_is_said_and_nobody_is_graded_by_it(problem_set, tmp_path):
    master = read_master(MASTERS / f"{problem_set}.md")
    earlier = before_it_grew(master)
    release = render_notebook(earlier)
    assert as_released(master, release).questions == earlier.questions
    assert list(since_release(Course(tmp_path), master, release)) == [
        f"{', '.join(GAINED[problem_set])}: new in the master; not graded, as it was not released"
    ]


@pytest.mark.parametrize("problem_set", GAINED)
def test_a_set_that_grew_gives_the_other_exercises_the_points_that_they_had(problem_set):
    master = read_master(MASTERS / f"{problem_set}.md")
    now, before = (points_of(render_notebook(each)) for each in (master, before_it_grew(master)))
    assert set(now) - set(before) == {
        name if name.endswith("proof") else f"{name}-check" for name in GAINED[problem_set]
    }
    assert before.items() <= now.items()
