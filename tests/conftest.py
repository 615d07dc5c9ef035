"""Names of tests."""


def pytest_make_parametrize_id(val, argname):
    """Name a long value by its argument: a whole notebook says little, and has ids of chance."""
    return argname if isinstance(val, str | bytes) and len(val) > 100 else None
