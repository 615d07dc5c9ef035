"""Tests that share something expensive run in one process, where ``make test`` uses two."""

import os

import pytest


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="SKIPPED: runs in one process")
@pytest.mark.xdist_group("groups")
def test_the_mark_of_a_group_reaches_those_who_share_the_tests_out(request):
    assert request.config.getoption("loadgroup"), "run with --dist loadgroup, as make test does"
    assert request.node.nodeid.endswith("@groups")
