"""Kinds of questions that any exercise can give: shapes, one step, the mistake, the message."""

import ast
from collections.abc import Iterator
from weakref import WeakKeyDictionary

import numpy as np

from coursekit.authoring.axes import axes_of
from coursekit.authoring.exercises import Answer, Misconception, draw_cases
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.reference_source import indented_docstring, without_sections
from coursekit.authoring.standalone import standalone_source
from coursekit.checks.prints import parts_of
from coursekit.errors import CourseError
from coursekit.exams.friendly import Call, apart_in, friendly_calls, leaves, result_of
from coursekit.exams.questions import Asked, Block, Question, Slip, in_figures, visibly_apart

MOST_ASKED = 3
"""Numbers that a question asks for."""
LONGEST = 24
"""Lines of code that are shown."""
OPTIONS = 4
LEFT_OUT = ("Notes", "Raises", "References", "Examples")
"""Sections of a docstring that an exam does not show."""


def one_step(exercise: PlacedExercise, rng: np.random.Generator) -> Question | None:
    """What a function returns for round numbers, and what is earned with each known mistake."""
    for call in friendly_calls(exercise, rng):
        asked = entries_to_ask(call, rng)
        if not asked:
            continue
        return Question(
            "One step",
            exercise.id,
            (Block("text", "Work out what this function returns."), *told(call)),
            tuple(Asked(name, call.entries[name]) for name in asked),
            slips=tuple(slips_of(call, asked)),
            section=first_section(exercise),
        )
    return None


def entries_to_ask(call: Call, rng: np.random.Generator) -> list[str]:
    """Up to three entries of a result; none if nothing has to be worked out for them."""
    given = {in_figures(float(v)) for _, leaf in call.given() for v in np.ravel(leaf)}
    worked = [name for name, value in call.entries.items() if in_figures(value) not in given]
    chosen = rng.permutation(len(worked))[:MOST_ASKED].tolist()
    found = [worked[k] for k in sorted(chosen)]
    small = any(0 < abs(call.entries[name]) < 0.05 for name in found)
    return [] if small or len({round(call.entries[n], 3) for n in found}) < len(found) else found


def slips_of(call: Call, asked: list[str]) -> Iterator[Slip]:
    """The known mistakes whose numbers differ, with a point less than what is right of them."""
    for mistake in call.exercise.declaration.misconceptions:
        found = call.of(mistake)
        if found is None or not apart_in(found, call.entries, asked):
            continue
        right = sum(not visibly_apart(found[name], call.entries[name]) for name in asked)
        yield Slip(
            mistake.message,
            tuple(in_figures(found[name]) for name in asked),
            max(right, len(asked) - 1),
        )


def shapes(exercise: PlacedExercise, rng: np.random.Generator) -> Question | None:
    """Which shapes come out, for arrays whose sizes all differ."""
    if exercise.declaration.personal:
        return None
    drawn = draw_cases(exercise.declaration, rng)
    for number in rng.permutation(len(drawn)).tolist():
        arguments = drawn[number].arguments
        given = [leaf for leaf in leaves("", arguments) if isinstance(leaf[1], np.ndarray)]
        sizes = {size for _, leaf in given for size in leaf.shape}
        expected = drawn[number].expected
        if len(given) < 2 or len(sizes) < 2 or 1 in sizes or expected is not None:
            continue
        call = Call(exercise, arguments, {})
        asked = tuple(shapes_asked(exercise, arguments))
        if not asked or any(callable(leaf) for _, leaf in leaves("", arguments)):
            continue
        text = [f"{name} has shape {shape_of(leaf)}" for name, leaf in call.given()
                if isinstance(leaf, np.ndarray)]  # fmt: skip
        return Question(
            "Shapes",
            exercise.id,
            (
                Block("text", "Which shape has each thing that this function returns?"),
                Block("code", stub_of(exercise)),
                Block("text", "; ".join(text) + "."),
            ),
            asked,
            section=first_section(exercise),
        )
    return None


def shapes_asked(exercise: PlacedExercise, arguments: tuple[object, ...]) -> Iterator[Asked]:
    names = axes_of(exercise.reference.docstring, exercise.declaration.axes)
    result = result_of(exercise.reference.function, arguments)
    for place, part in parts_of(result):
        called = (names.get(place) or ("",))[0] or place.replace("the result", "result")
        for name, leaf in leaves(called, part):
            if isinstance(leaf, np.ndarray) and leaf.ndim:
                yield Asked(name, shape_of(leaf))


def shape_of(array: np.ndarray) -> str:
    return str(tuple(int(size) for size in array.shape))


def which_message(exercise: PlacedExercise, rng: np.random.Generator) -> Question | None:
    """Results of a wrong function, and four messages of which one is about it."""
    mistakes = exercise.declaration.misconceptions
    if len(mistakes) < OPTIONS:
        return None
    for call in friendly_calls(exercise, rng):
        found = [(mistake, call.of(mistake)) for mistake in mistakes]
        for number in rng.permutation(len(found)).tolist():
            mistake, result = found[number]
            if result is None or not told_apart_from_all(call, mistake, result, found):
                continue
            others = [m for m, _ in found if m is not mistake]
            chosen = [others[k] for k in rng.permutation(len(others))[: OPTIONS - 1].tolist()]
            options = [mistake.message, *(one.message for one in chosen)]
            order = rng.permutation(len(options)).tolist()
            came = ", ".join(f"{name} = {in_figures(value)}" for name, value in result.items())
            return Question(
                "Which message fits?",
                exercise.id,
                (
                    Block("text", "A student's function is called, and makes one mistake."),
                    *told(call),
                    Block("text", f"What comes back is {came}. Which message fits?"),
                ),
                options=tuple(options[k] for k in order),
                right=order.index(0),
                section=mistake.section,
            )
    return None


def told_apart_from_all(
    call: Call,
    mistake: Misconception,
    result: dict[str, float],
    found: list[tuple[Misconception, dict[str, float] | None]],
) -> bool:
    """Whether only this mistake gives these numbers, by an amount that everybody sees."""
    names = list(result)
    if not all(np.isfinite(value) and abs(value) < 1000 for value in result.values()):
        return False
    rest = [numbers for other, numbers in found if other is not mistake]
    return apart_in(result, call.entries, names) and all(
        apart_in(numbers, result, names) for numbers in rest
    )


def find_the_mistake(exercise: PlacedExercise, rng: np.random.Generator) -> Question | None:
    """Code with one mistake: what it returns, and what is wrong with it."""
    mistakes = exercise.declaration.misconceptions
    for call in friendly_calls(exercise, rng):
        for number in rng.permutation(len(mistakes)).tolist():
            mistake = mistakes[number]
            numbers = call.of(mistake)
            code = readable_source(exercise, mistake) if numbers is not None else ""
            if numbers is None or not code:
                continue
            differing = [
                name for name in numbers if visibly_apart(numbers[name], call.entries[name])
            ]
            if not differing or not all(np.isfinite(numbers[name]) for name in differing):
                continue
            name = differing[int(rng.integers(len(differing)))]
            return Question(
                "Find the mistake",
                exercise.id,
                (
                    Block("text", "The docstring says what the function should return:"),
                    *told(call),
                    Block("text", "This function makes one mistake:"),
                    Block("code", code),
                    Block("text", f"Give {name}: as it should be, and as this function has it."),
                ),
                (
                    Asked(f"{name}, right", call.entries[name]),
                    Asked(f"{name}, with the mistake", numbers[name]),
                ),
                essay="What is wrong, and in which line? One sentence.",
                good=mistake.message,
                points_for_words=2,
                section=mistake.section,
            )
    return None


SOURCES: WeakKeyDictionary[Answer, str] = WeakKeyDictionary()
"""Of wrong functions, as :func:`plain_source` gives them: finding one out takes long."""


def readable_source(exercise: PlacedExercise, mistake: Misconception) -> str:
    """A function that makes a mistake, as a student would write it; empty if it is too involved."""
    for wrong in (mistake.wrong, *mistake.second):
        if wrong not in SOURCES:
            SOURCES[wrong] = plain_source(exercise, wrong)
    found = [SOURCES[wrong] for wrong in (mistake.wrong, *mistake.second) if SOURCES[wrong]]
    return min(found, key=len, default="")


def plain_source(exercise: PlacedExercise, wrong: Answer) -> str:
    """The source of a function by itself, without decorators and helpers; else empty."""
    try:
        source = standalone_source(exercise.own_room(), wrong)
    except CourseError:
        return ""
    nodes = [one for one in ast.parse(source).body if not isinstance(one, ast.Import)]
    if len(nodes) != 1 or not isinstance(nodes[0], ast.FunctionDef) or nodes[0].decorator_list:
        return ""
    function = nodes[0]
    function.name = exercise.reference.name
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:]
    text = ast.unparse(function)
    return text if len(text.splitlines()) <= LONGEST else ""


def told(call: Call) -> Iterator[Block]:
    """What the function is, and the numbers that it gets."""
    yield Block("code", stub_of(call.exercise))
    yield Block("text", "It is called with")
    for name, leaf in call.given():
        yield Block("formula", f"{code_in_tex(name)} = {number_in_tex(leaf)}")


def stub_of(exercise: PlacedExercise) -> str:
    text = without_sections(exercise.reference.docstring, LEFT_OUT)
    return f"{exercise.reference.signature}\n{indented_docstring(text)}"


def code_in_tex(name: str) -> str:
    return r"\texttt{" + name.replace("_", r"\_") + "}"


def number_in_tex(leaf: object) -> str:
    array = np.asarray(leaf)
    if not array.ndim:
        return plain(float(array))
    rows = np.atleast_2d(array)
    body = r" \\ ".join(" & ".join(plain(float(v)) for v in row) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}" if array.ndim > 1 else vector(array)


def vector(array: np.ndarray) -> str:
    return "[" + r",\; ".join(plain(float(value)) for value in array) + "]"


def plain(value: float) -> str:
    if value and abs(value) < 1e-3:
        mantissa, exponent = f"{value:e}".split("e")
        return rf"{float(mantissa):g}\cdot 10^{{{int(exponent)}}}"
    return f"{value:g}"


def first_section(exercise: PlacedExercise) -> str:
    """Where the book teaches an exercise: the section of most of its messages."""
    sections = [mistake.section for mistake in exercise.declaration.misconceptions]
    return max(sections, key=sections.count, default="")
