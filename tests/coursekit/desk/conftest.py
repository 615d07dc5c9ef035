import shutil

import pytest
from tests.coursekit.desk.classes import graded_class


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """A graded class with one answer of each kind that the desk has something to say of."""
    return graded_class(tmp_path_factory.mktemp("desk") / "course")


@pytest.fixture
def course(graded, tmp_path):
    """A copy of it that a test may change."""
    shutil.copytree(graded.root, tmp_path / "course")
    return type(graded)(tmp_path / "course")
