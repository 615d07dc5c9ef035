import functools
import os
import sys

import pytest
from hypothesis import HealthCheck, settings
from tests.coursekit.tiers import refusal

# A busy machine is no failure: no deadline, no check of speed.
# Derandomized: a red run can be repeated.
settings.register_profile(
    "course", deadline=None, max_examples=40, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("course")


def pytest_configure(config):
    config.addinivalue_line("markers", "tier(name): needs a tier of the sandbox, or any (auto)")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip what needs a tier that this machine lacks.

    Here, and not in the fixtures: skips from one place for one reason are reported in one line.
    """
    ask_alembic_once()
    tier = needed_tier(item)
    if tier and (why := refusal(tier)):
        if os.environ.get("COURSE_REQUIRE_SANDBOX"):
            pytest.fail(why)
        pytest.skip(f"NOT TESTED: {why}")


def ask_alembic_once():
    """nbgrader starts a process for each new gradebook, and is told the same by it each time."""
    api = sys.modules.get("nbgrader.api")
    if api and not hasattr(api.get_alembic_version, "cache_info"):
        api.get_alembic_version = functools.cache(api.get_alembic_version)


def needed_tier(item):
    """The tier in the mark of a test, or in its parameter of this name."""
    if mark := item.get_closest_marker("tier"):
        return mark.args[0]
    return item.callspec.params.get("tier") if hasattr(item, "callspec") else None
