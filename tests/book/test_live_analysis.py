"""Which listings of a page may run in it, and the package that they get there."""

import io
import re
import zipfile

import pytest
from book._ext.live import listings, package
from docutils import nodes
from tests.leaks import all_exercises, leaks

from backprop import plotting


def lives(*cells, edition="textbook"):
    return list(listings.live(cells, edition))


def unpacked(edition):
    with zipfile.ZipFile(io.BytesIO(package.archive(edition))) as made:
        return {name: made.read(name) for name in made.namelist()}


@pytest.mark.parametrize(
    ("cell", "runs"),
    [
        ("import numpy as np\nnp.ones(2)", True),
        ("from itertools import pairwise\nlist(pairwise('ab'))", True),
        ("from backprop import plotting\nplotting.network([2, 1])", True),
        ("import matplotlib.pyplot as plt", False),
        ("from time import perf_counter", False),
        ("from coursekit import checks", False),
        ("text = open('../../tests/golden/autograd.json').read()", False),
        ("y = x + 1", False),
        ("%timeit 1 + 1", False),
        ("def f(n):\n    return g(n)\ndef g(n):\n    return f(n)", True),
        ("[x for x in range(3)]", True),
    ],
)
def test_what_a_cell_needs_decides(cell, runs):
    assert lives(cell) == [runs]


def test_a_cell_runs_only_after_those_whose_names_it_reads():
    dead = "import pandas\nx = 1"
    assert lives("x = 1", "x + 1") == [True, True]
    assert lives(dead, "x + 1") == [False, False]
    assert lives("x = 2", dead, "x + 1", "x = 3", "x + 1") == [True, False, False, True, True]


def test_what_a_cell_that_cannot_run_may_have_changed_is_not_there_for_those_below():
    cells = (
        "import numpy as np\nrng, n = np.random.default_rng(0), 2",
        "import pandas\nrng.random()",
    )
    assert lives(*cells, "rng.random()", "np.ones(n)") == [True, False, False, True]


def test_in_the_course_edition_a_cell_that_uses_an_answer_stays_as_it_is():
    answer = "from backprop.activations import logistic\nlogistic(0.0)"
    through = "from backprop.units import forward_pass"
    whole = "from backprop import activations"
    free = "from backprop.optimizers import Momentum"
    assert lives(answer, through, whole, free) == [True] * 4
    assert lives(answer, through, whole, free, edition="course") == [False, False, False, True]


def test_what_uses_an_answer_is_found_through_other_names():
    assert package.needs_answer(["backprop.activations.logistic"])
    assert package.needs_answer(["backprop.running_example.running_example"]) is False
    assert package.needs_answer(["backprop.networks.mlp_forward"])
    assert package.needs_answer(["backprop.optimizers.Momentum"]) is False
    assert package.needs_answer(["numpy", "backprop.plotting"]) is False


def document(*cells):
    made = nodes.section()
    for classes, source in cells:
        cell = nodes.container(classes=["cell", *classes])
        if source:
            inside = nodes.container("", nodes.literal_block(source, source))
            inside["classes"].append("cell_input")
            cell += inside
        cell += nodes.container("", nodes.literal_block("1", "1"), classes=["cell_output"])
        made += cell
    return made


def test_cells_are_known_by_their_code_and_a_cell_that_shows_none_is_none():
    page = document(([], "x = 1"), ([], ""), ([], "x = 1"), (["tag_hide-input"], "x + 1"))
    found = listings.live_listings(page, "book/chain_rule/units", "textbook")
    assert [listings.code_of(cell) for cell in found] == ["x = 1", "x = 1", "x + 1"]
    listings.mark(found)
    names = [cell["ids"][0] for cell in found]
    assert re.fullmatch(r"listing-[0-9a-f]{10}", names[0])
    assert names[1] == f"{names[0]}-2"
    assert all("live-listing" in cell["classes"] for cell in found)


def test_pages_that_only_draw_and_pages_outside_the_chapters_have_none():
    drawing = document(([], "from backprop import plotting"), ([], "plotting.network([2, 1])"))
    assert listings.live_listings(drawing, "book/chain_rule/units", "textbook") == []
    plain = document(([], "x = 1"))
    assert listings.live_listings(plain, "book/sources/chain_rule", "textbook") == []


def test_the_course_edition_gets_no_body_of_an_exercise():
    def texts(edition):
        return [data.decode() for name, data in unpacked(edition).items() if name.endswith(".py")]

    own = {exercise.id for exercise in all_exercises()
           if exercise.reference.function.__module__.startswith("backprop")}  # fmt: skip
    assert leaks(texts("textbook"), all_exercises()) >= own
    assert leaks(texts("course"), all_exercises()) == set()


def test_a_function_without_its_body_says_what_it_is():
    source = (
        'def f(x):\n    """Twice."""\n    y = 2\n    return y * x\n\n\ndef g(x):\n    return x\n'
    )
    found = package.without_bodies(source, {"f", "g"})
    names = {}
    exec(found, names)
    assert names["f"].__doc__ == "Twice."
    assert "y * x" not in found
    with pytest.raises(NotImplementedError, match="g is an exercise"):
        names["g"](1)


def test_in_the_place_of_drawings_stands_what_takes_the_same():
    files = unpacked("textbook")
    assert [name for name in files if name.startswith("backprop/plotting")] == [
        "backprop/plotting.py"
    ]
    names = {"__name__": "plotting"}
    exec(files["backprop/plotting.py"], names)
    assert names["NAMES"] == tuple(plotting.__all__)
    figure = names["__getattr__"]("line_chart")([1], [2], title="x")
    figure.axes[0].set_xticks([0, 1])
    assert repr(figure) == "The page cannot draw this figure again; it stays as the book has it."
    with pytest.raises(AttributeError, match=r"'backprop\.plotting' has no attribute 'line_chrat'"):
        names["__getattr__"]("line_chrat")


def test_the_same_package_gives_the_same_archive():
    assert package.archive("textbook") == package.archive("textbook")
    names = {package.archive_name(package.archive(edition)) for edition in ("textbook", "course")}
    assert len(names) == 2
