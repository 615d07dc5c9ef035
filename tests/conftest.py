"""Names of tests, and which of them run."""

import pytest


def pytest_make_parametrize_id(val, argname):
    """Name a long value by its argument: a whole notebook says little, and has ids of chance."""
    return argname if isinstance(val, str | bytes) and len(val) > 100 else None


def pytest_addoption(parser):
    parser.addoption(
        "--thorough",
        action="store_true",
        help="all values of the tests that take some of very many (make test-thorough)",
    )


def pytest_collection_modifyitems(config, items):
    """Leave out what is marked as thorough, unless it is asked for or named itself."""
    if config.getoption("thorough"):
        return
    named = {argument.rpartition("/")[2] for argument in config.args if "[" in argument}
    left_out = [
        item
        for item in items
        if item.get_closest_marker("thorough") and item.nodeid.rpartition("/")[2] not in named
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        without = set(map(id, left_out))
        items[:] = [item for item in items if id(item) not in without]


@pytest.hookimpl(trylast=True)
def pytest_report_header(config):
    asked = config.getoption("thorough")
    return None if asked else "of many values of the same test some are tried; --thorough: all"
