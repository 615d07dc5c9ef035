"""What editors and students do to a notebook of right answers; none of it should cost a point.

Each function changes a notebook of problem set 1 in place. What an editor does to metadata when it
splits, merges or copies a cell is done here as the editor does it.
"""

import copy
import random
from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

VARIANTS: dict[str, Callable[[NotebookNode], object]] = {}
COST = "def mean_cost(A, Y):\n    return half(A - Y) / len(A)"
HALF = "def half(E):\n    return 0.5 * np.sum(E**2)"
TRY_OUT = "print(mean_cost(np.ones((2, 2)), np.zeros((2, 2))))"
STUB = (
    'def mean_cost(A, Y):\n    """Cost."""\n    # your code here\n    raise NotImplementedError()'
)


def variant(change: Callable[[NotebookNode], object]) -> Callable[[NotebookNode], object]:
    VARIANTS[change.__name__] = change
    return change


def place_of(notebook: NotebookNode, name: str) -> int:
    """Where the cell of an exercise is, by the end of its id."""
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return ids.index(f"ps1-{name}")


def answer(notebook: NotebookNode, name: str, source: str) -> None:
    notebook.cells[place_of(notebook, name)].source = source


def split(notebook: NotebookNode, name: str, *sources: str, metadata: bool = True) -> None:
    """Split an answer: JupyterLab copies the metadata, VS Code gives the later parts none."""
    place = place_of(notebook, name)
    first = notebook.cells[place]
    first.source = sources[0]
    for number, source in enumerate(sources[1:], start=1):
        made = new_code_cell(source, metadata=copy.deepcopy(first.metadata) if metadata else {})
        notebook.cells.insert(place + number, made)


def own(notebook: NotebookNode, source: str, before: str = "", behind: str = "") -> None:
    """Put a cell of one's own before or behind an answer, or at the end."""
    place = len(notebook.cells)
    if before or behind:
        place = place_of(notebook, before or behind) + bool(behind)
    notebook.cells.insert(place, new_code_cell(source))


# Split


@variant
def split_helper_above(notebook):
    split(notebook, "mean-cost", HALF, COST)


@variant
def split_try_out_below(notebook):
    split(notebook, "mean-cost", f"{HALF}\n{COST}", TRY_OUT)


@variant
def split_helper_below(notebook):
    split(notebook, "mean-cost", COST, HALF)


@variant
def split_in_three(notebook):
    split(notebook, "mean-cost", HALF, COST, TRY_OUT)


@variant
def split_within_the_function(notebook):
    head, _, tail = COST.partition("\n    return")
    split(notebook, "mean-cost", f"{HALF}\n{head}\n    n = len(A)", f"    return{tail}")


@variant
def split_within_the_function_with_fresh_metadata(notebook):
    head, _, tail = COST.partition("\n    return")
    sources = (f"{HALF}\n{head}", "    n = len(A)\n", f"    return{tail}")
    split(notebook, "mean-cost", *sources, metadata=False)


@variant
def split_with_fresh_metadata_helper_above(notebook):
    split(notebook, "mean-cost", HALF, COST, metadata=False)


@variant
def split_with_fresh_metadata_try_out_below(notebook):
    split(notebook, "mean-cost", f"{HALF}\n{COST}", TRY_OUT, metadata=False)


@variant
def split_and_the_try_out_takes_the_name(notebook):
    taken = "mean_cost = mean_cost(np.ones((2, 2)), np.zeros((2, 2)))"
    place = place_of(notebook, "mean-cost")
    split(notebook, "mean-cost", f"{HALF}\n{COST}")
    again = new_code_cell(taken, metadata=copy.deepcopy(notebook.cells[place].metadata))
    notebook.cells.insert(place + 2, again)


@variant
def split_and_a_part_does_not_run(notebook):
    split(notebook, "mean-cost", f"{HALF}\n{COST}", "mean_cost(3)", "print(")


# Merged


@variant
def merged_and_the_second_is_gone(notebook):
    first, second = (place_of(notebook, name) for name in ("mean-cost", "central-difference"))
    notebook.cells[first].source += f"\n\n{notebook.cells[second].source}"
    del notebook.cells[second]


@variant
def merged_and_the_second_is_empty(notebook):
    first, second = (place_of(notebook, name) for name in ("mean-cost", "central-difference"))
    notebook.cells[first].source += f"\n\n{notebook.cells[second].source}"
    notebook.cells[second].source = ""


@variant
def merged_upwards_so_that_the_first_is_gone(notebook):
    first, second = (place_of(notebook, name) for name in ("logistic", "logistic-derivative"))
    notebook.cells[
        second
    ].source = f"{notebook.cells[first].source}\n\n{notebook.cells[second].source}"
    del notebook.cells[first]


@variant
def merged_with_its_check(notebook):
    place = place_of(notebook, "mean-cost")
    notebook.cells[place].source += f"\n{notebook.cells.pop(place + 1).source}"


@variant
def merged_into_its_check(notebook):
    source = notebook.cells.pop(place_of(notebook, "mean-cost")).source
    check = notebook.cells[place_of(notebook, "mean-cost-check")]
    check.source = f"{source}\n{check.source}"


@variant
def merged_with_the_first_cell(notebook):
    place = place_of(notebook, "mean-cost")
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.source += f"\n{notebook.cells.pop(place).source}"


# Elsewhere


@variant
def in_a_cell_of_ones_own_with_the_stub_left(notebook):
    answer(notebook, "mean-cost", STUB)
    own(notebook, f"{HALF}\n{COST}", behind="mean-cost")


@variant
def in_a_cell_of_ones_own_above_the_stub(notebook):
    answer(notebook, "mean-cost", STUB)
    own(notebook, f"{HALF}\n{COST}", before="mean-cost")


@variant
def in_two_cells_of_ones_own(notebook):
    answer(notebook, "mean-cost", STUB)
    own(notebook, COST, behind="mean-cost")
    own(notebook, HALF, before="mean-cost")


@variant
def in_a_cell_of_ones_own_as_a_lambda(notebook):
    answer(notebook, "mean-cost", STUB)
    own(
        notebook, "mean_cost = lambda A, Y: 0.5 * np.sum((A - Y) ** 2) / len(A)", behind="mean-cost"
    )


@variant
def in_a_cell_of_ones_own_as_what_a_call_gives(notebook):
    answer(notebook, "mean-cost", STUB)
    own(
        notebook,
        "import functools\n"
        "mean_cost = functools.partial(lambda s, A, Y: s * np.sum((A - Y) ** 2) / len(A), 0.5)",
        behind="mean-cost",
    )


@variant
def in_the_cell_of_another_exercise(notebook):
    place = place_of(notebook, "mean-cost")
    notebook.cells[place_of(notebook, "logistic")].source += f"\n{HALF}\n{COST}"
    notebook.cells[place].source = STUB


@variant
def with_an_old_try_of_ones_own_below(notebook):
    own(notebook, "def mean_cost(A, Y):\n    return np.sum(A - Y)")


@variant
def with_an_old_try_of_ones_own_above(notebook):
    own(notebook, "def mean_cost(A, Y):\n    return np.sum(A - Y)", before="mean-cost")


# Pasted, moved


@variant
def pasted_twice(notebook):
    place = place_of(notebook, "mean-cost")
    notebook.cells.insert(place + 1, copy.deepcopy(notebook.cells[place]))


@variant
def pasted_with_an_old_try_above(notebook):
    place = place_of(notebook, "mean-cost")
    notebook.cells.insert(place, copy.deepcopy(notebook.cells[place]))
    notebook.cells[place].source = "def mean_cost(A, Y):\n    return np.mean(A - Y)"


@variant
def pasted_with_a_broken_try_above(notebook):
    place = place_of(notebook, "mean-cost")
    notebook.cells.insert(place, copy.deepcopy(notebook.cells[place]))
    notebook.cells[place].source = "def mean_cost(A, Y):\n    return np.mean(A -"


@variant
def pasted_with_the_stub_above(notebook):
    place = place_of(notebook, "mean-cost")
    notebook.cells.insert(place, copy.deepcopy(notebook.cells[place]))
    notebook.cells[place].source = STUB


@variant
def moved_to_the_end(notebook):
    notebook.cells.append(notebook.cells.pop(place_of(notebook, "mean-cost")))
    notebook.cells.append(new_code_cell("check(mean_cost)"))


@variant
def moved_with_two_helpers_of_one_name(notebook):
    answer(
        notebook,
        "mean-cost",
        "def core(E):\n    return 0.5 * np.sum(E**2)\n"
        "def mean_cost(A, Y):\n    return core(A - Y) / len(A)",
    )
    answer(
        notebook,
        "output-deltas",
        "def core(a):\n    return a * (1 - a)\n"
        "def output_deltas(a, y):\n    return (a - y) * core(a)",
    )
    for name in ("output-deltas-check", "output-deltas"):
        notebook.cells.insert(2, notebook.cells.pop(place_of(notebook, name)))


# Helpers and cells of one's own


@variant
def two_helpers_of_one_name(notebook):
    answer(
        notebook,
        "logistic",
        "def core(z):\n    return np.exp(-np.logaddexp(0.0, -z))\n"
        "def logistic(z):\n    return core(np.asarray(z, dtype=float))",
    )
    answer(
        notebook,
        "mean-cost",
        "def core(E):\n    return 0.5 * np.sum(E**2)\n"
        "def mean_cost(A, Y):\n    return core(A - Y) / len(A)",
    )


@variant
def two_helpers_of_one_name_in_cells_of_ones_own(notebook):
    answer(notebook, "mean-cost", "def mean_cost(A, Y):\n    return core(A - Y) / len(A)")
    answer(notebook, "output-deltas", "def output_deltas(a, y):\n    return (a - y) * core(a)")
    own(notebook, "def core(E):\n    return 0.5 * np.sum(E**2)", before="mean-cost")
    own(notebook, "def core(a):\n    return a * (1 - a)", before="output-deltas")


@variant
def a_constant_that_changes(notebook):
    answer(
        notebook,
        "mean-cost",
        "SCALE = 0.5\ndef mean_cost(A, Y):\n    return SCALE * np.sum((A - Y) ** 2) / len(A)",
    )
    answer(
        notebook,
        "output-deltas",
        "SCALE = 1\ndef output_deltas(a, y):\n    return SCALE * (a - y) * a * (1 - a)",
    )


@variant
def a_helper_below_its_use(notebook):
    answer(notebook, "mean-cost", COST)
    own(notebook, HALF, behind="mean-cost-check")


@variant
def a_star_import_of_ones_own(notebook):
    own(notebook, "from math import *", before="logistic")
    answer(
        notebook,
        "unit-preactivation",
        "def unit_preactivation(w, x, b):\n    return fsum(map(float, w * x)) + b",
    )


@variant
def a_table_that_is_filled_later(notebook):
    own(notebook, "TABLE = {}", before="mean-cost")
    own(notebook, "TABLE['half'] = 0.5", before="mean-cost")
    answer(
        notebook,
        "mean-cost",
        "def mean_cost(A, Y):\n    return TABLE['half'] * np.sum((A - Y) ** 2) / len(A)",
    )


@variant
def a_name_taken_for_a_result(notebook):
    own(notebook, "mean_cost = mean_cost(np.ones((2, 2)), np.zeros((2, 2)))\nx = 3")


@variant
def a_name_taken_for_a_number_in_a_cell_that_is_needed(notebook):
    answer(
        notebook,
        "shared-weight",
        "def shared_weight_slope(w, x, y):\n"
        "    h = float(logistic(w * x)); a = float(logistic(w * h))\n"
        "    return ONE * (a - y) * a * (1 - a) * (h + w * h * (1 - h) * x)",
    )
    own(notebook, "ONE = 1.0\nmean_cost = 7\noutput_deltas = [1, 2]", behind="train-step-check")


@variant
def names_of_arguments_bound_outside(notebook):
    own(notebook, "A = Y = a = y = x = w = b = None\nsum = 3", before="logistic")


@variant
def magics_around_the_function(notebook):
    place = place_of(notebook, "mean-cost")
    notebook.cells[place].source = f"%%time\n{HALF}\n{COST}"


@variant
def a_cell_that_does_not_run_above(notebook):
    own(notebook, "def broken(:\n", before="logistic")
    own(notebook, "1 / 0", before="logistic")


# The file


@variant
def the_metadata_is_gone(notebook):
    for cell in notebook.cells:
        cell.metadata = NotebookNode()


@variant
def as_colab_saves_it(notebook):
    """Colab gives each cell an id in its metadata, and its notebook is of format 4.0."""
    notebook.nbformat_minor = 0
    notebook.metadata["colab"] = {"provenance": [], "toc_visible": True}
    for number, cell in enumerate(notebook.cells):
        cell.pop("id", None)
        cell.metadata["id"] = f"cell{number:08}"
        cell.metadata.setdefault("outputId", "0")


@variant
def as_colab_saves_it_with_the_answers_in_new_cells(notebook):
    as_colab_saves_it(notebook)
    answer(notebook, "mean-cost", STUB)
    place = place_of(notebook, "mean-cost")
    made = new_code_cell(f"{HALF}\n{COST}", metadata={"id": "abcdefgh"})
    made.pop("id")
    notebook.cells.insert(place + 1, made)


@variant
def as_vs_code_saves_it(notebook):
    """As its serializer is written: a split or a paste leaves no metadata or the same cell id."""
    split(notebook, "mean-cost", HALF, COST, metadata=False)
    place = place_of(notebook, "output-deltas")
    notebook.cells.insert(place + 1, copy.deepcopy(notebook.cells[place]))
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.cells[place_of(notebook, "mean-cost") + 1].pop("id")


@variant
def carriage_returns_and_tabs(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = cell.source.replace("    ", "\t").replace("\n", "\r\n")


@variant
def shuffled_answers(notebook):
    answers = [
        place
        for place, cell in enumerate(notebook.cells)
        if cell.metadata.get("nbgrader", {}).get("solution")
    ]
    order = answers.copy()
    random.Random(1).shuffle(order)
    cells = list(notebook.cells)
    for place, source in zip(answers, order, strict=True):
        notebook.cells[place] = cells[source]


@variant
def text_between_everything(notebook):
    notebook.cells = [
        part for cell in notebook.cells for part in (new_markdown_cell("Mine."), cell)
    ]
