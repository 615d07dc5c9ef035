"""One pool per tier for all attacks; the next submission must find it in order."""

import os

import pytest

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Cell
from coursekit.sandbox.pool import WorkerPool

LIMITS = Limits(
    cell_cpu_seconds=2.0, call_cpu_seconds=1.0, patience_seconds=3.0, patience_factor=10.0,
    memory=256 * 2**20, processes=16, value_bytes=4 * 2**20, scratch=8 * 2**20,
    file_size=4 * 2**20, callbacks=500,
)  # fmt: skip
HONEST = "import numpy as np\ndef honest(x):\n    return x * x + 1\n"


class Stage:
    """Runs an attack beside an honest exercise of the same submission."""

    def __init__(self, pool):
        self.pool = pool

    def play(self, source, *, args=(), bindings=None, cpu_seconds=1.0, before=""):
        """Outcome of the student's function `attack`; honest code must be graded all the same."""
        cells = [Cell("early", before or "pass"), Cell("honest", HONEST), Cell("attack", source)]
        with self.pool.submission(cells, LIMITS) as run:
            assert run.fault is None, run.fault
            assert run.cells[1].status == "ok", run.cells
            outcome = run.call("attack", args, bindings=bindings, cpu_seconds=cpu_seconds)
            self.check_honest(run)
        return outcome

    def check_honest(self, run):
        import numpy as np

        outcome = run.call("honest", (np.array([2.0, 3.0]),))
        assert type(outcome).__name__ == "Returned", (outcome, run.cells)
        np.testing.assert_array_equal(outcome.value, [5.0, 10.0])


@pytest.fixture(scope="session", params=["bwrap", "landlock"])
def tier(request):
    return request.param


@pytest.fixture(scope="session")
def pool(tier):
    os.environ["COURSE_SECRET_AT_START"] = "1"
    opened = WorkerPool(1, tier)
    del os.environ["COURSE_SECRET_AT_START"]
    yield opened
    opened.close()


@pytest.fixture
def stage(pool):
    return Stage(pool)
