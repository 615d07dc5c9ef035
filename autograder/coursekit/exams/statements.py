"""How a question says what a function is, what it gets, and what came back."""

import re
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.reference_source import indented_docstring, section, without_sections
from coursekit.exams.questions import Block, in_figures
from coursekit.exams.trees import Leaf

Digits = Callable[[float], str]
LEFT_OUT = ("Notes", "Raises", "References", "Examples")
"""Sections of a docstring that an exam does not show as they are."""
FORMULA = re.compile(r"^\.\. math::[ ]*(?P<tex>[^\n]*\n?(?:[ ]+[^\n]*\n?)*)", re.MULTILINE)
SHAPE_OF_RESULT = re.compile(
    r",? ?(?:of |all of |in )?"
    r"(?:one shape|same shape as \w+|the shape of [^\n,.]+|shape \([^)]*\)),?"
)
"""What would answer a question about shapes."""


def told(exercise: PlacedExercise, given: Iterable[Leaf]) -> Iterator[Block]:
    """What a function is, and the numbers that it gets."""
    yield Block("code", stub_of(exercise))
    yield from formulas_of(exercise)
    yield Block("text", "It is called with")
    for leaf in given:
        yield Block("formula", equation(leaf, exactly))


def stub_of(exercise: PlacedExercise) -> str:
    text = without_sections(exercise.reference.docstring, LEFT_OUT)
    return f"{exercise.reference.signature}\n{indented_docstring(text)}"


def stub_without_shapes(exercise: PlacedExercise) -> str:
    """The stub, with nothing said of the shape of what is returned."""
    returns = section(exercise.reference.docstring, "Returns")
    bare = "\n".join(SHAPE_OF_RESULT.sub("", line).rstrip() for line in returns.splitlines())
    return stub_of(exercise).replace(indented(returns), indented(bare))


def indented(text: str) -> str:
    return indented_docstring(text).strip().strip('r"').strip()


def formulas_of(exercise: PlacedExercise) -> Iterator[Block]:
    """The formulas that the exercise shows above its cell; none if it hides them."""
    if not exercise.hide_notes:
        notes = section(exercise.reference.docstring, "Notes")
        for found in FORMULA.finditer(notes):
            yield Block("formula", " ".join(found["tex"].split()))


def is_repair(exercise: PlacedExercise) -> bool:
    """Whether its statement hands out a function that is to be mended.

    Its known mistakes are what is left of several: they are no single ones, and their messages
    speak of what is left.
    """
    handed_out = rf"^def {re.escape(exercise.reference.name)}\("
    return re.search(handed_out, exercise.statement, re.MULTILINE) is not None


def numbered(code: str) -> str:
    """Code with the numbers of its lines."""
    return "\n".join(f"{k:>2}  {line}" for k, line in enumerate(code.splitlines(), 1))


def equation(leaf: Leaf, digits: Digits) -> str:
    r"""A number or an array by its name, in TeX; the digits of a number come from ``digits``."""
    return rf"\texttt{{{in_tex(leaf.name)}}} = {matrix(leaf.array, digits)}"


def in_tex(name: str) -> str:
    return name.replace("_", r"\_").replace(" ", r"\ ")


def matrix(array: np.ndarray, digits: Digits) -> str:
    if not array.ndim:
        return digits(float(array))
    if array.ndim == 1:
        return "[" + r",\; ".join(digits(float(value)) for value in array) + "]"
    if array.ndim > 2:
        return "[" + r",\; ".join(matrix(part, digits) for part in array) + "]"
    rows = r" \\ ".join(" & ".join(digits(float(value)) for value in row) for row in array)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def exactly(value: float) -> str:
    """A number that is given."""
    if value and abs(value) < 1e-3:
        mantissa, exponent = f"{value:e}".split("e")
        return rf"{float(mantissa):g}\cdot 10^{{{int(exponent)}}}"
    return f"{value:g}"


def returned(leaves: Iterable[Leaf]) -> Iterator[Block]:
    """What came back, to three decimals."""
    for leaf in leaves:
        yield Block("formula", equation(leaf, in_figures))
