"""Right answers stay where they are: no release holds one, and student code finds none."""

import ast
import json
import re

import pytest
from tests.leaks import squeezed

from coursekit.authoring.masters import MASTERS, known_problem_sets, read_master
from coursekit.authoring.release import release
from coursekit.authoring.standalone import standalone_source
from coursekit.courses import init_course
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.outcomes import Cell
from coursekit.verification.counterparts import body_of

pytestmark = pytest.mark.xdist_group("class run")
SHORTEST = 30
"""Characters of a body that says how an exercise is solved, without white space."""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return init_course(tmp_path_factory.mktemp("hidden") / "course")


def bodies(exercise):
    """What each right answer and each counterpart does, as the parser prints it."""
    for answer in exercise.declaration.right_answers:
        for node in ast.parse(standalone_source(exercise.room, answer)).body:
            if isinstance(node, ast.FunctionDef):
                yield "\n".join(map(ast.unparse, node.body))
    for counterpart in exercise.declaration.counterparts:
        yield body_of(counterpart.function)


@pytest.mark.parametrize("problem_set", known_problem_sets())
def test_no_release_holds_a_right_answer(course, problem_set):
    folder = release(course, problem_set)
    notebook = json.loads((folder / f"{problem_set}.ipynb").read_text(encoding="utf-8"))
    texts = ["".join(cell["source"]) for cell in notebook["cells"]]
    texts += [
        path.read_text(encoding="utf-8")
        for path in folder.iterdir()
        if path.suffix in (".py", ".md", ".txt")
    ]
    text = "\n".join(texts)
    haystack = squeezed(text)
    master = read_master(MASTERS / f"{problem_set}.md")
    needles = [squeezed(body) for exercise in master.exercises for body in bodies(exercise)]
    telling = [body for body in needles if len(body) >= SHORTEST]
    assert telling
    assert [body for body in telling if body in haystack] == []
    assert "in_package" not in text
    assert not re.search(r"^\s*(import|from) backprop\b", text, re.M)


LOOK = """
import pathlib

def look(names):
    found = []
    for name in names:
        try:
            found.append(open(name).read())
        except OSError:
            pass
    return found, [str(path) for path in pathlib.Path("/").rglob("cross_entropy_forward*")]
"""


def test_student_code_finds_no_room():
    rooms = [str(path) for path in sorted(MASTERS.glob("*/*.py"))]
    assert any(name.endswith("cross_entropy_forward.py") for name in rooms)
    with open_pool() as pool, pool.submission([Cell("look", LOOK)]) as run:
        outcome = run.call("look", (rooms,))
    assert outcome.value == ([], [])
