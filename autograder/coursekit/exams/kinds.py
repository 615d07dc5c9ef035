"""Kinds of questions that any exercise can give: shapes, one step, the mistake, the message.

Each kind yields the questions that an exercise gives, in an order that is drawn: those that are
alike, but for their numbers, become the forms of an exam.
"""

import math
from collections.abc import Iterator

import numpy as np

from coursekit.authoring.exercises import Misconception, draw_cases
from coursekit.authoring.masters import PlacedExercise
from coursekit.exams.friendly import Call, friendly_calls, given, result_of
from coursekit.exams.mending import Mend, Place, mend_of
from coursekit.exams.questions import Asked, Block, Question, Slip, in_figures, visibly_apart
from coursekit.exams.statements import (
    exactly,
    is_repair,
    numbered,
    returned,
    stub_without_shapes,
    told,
)
from coursekit.exams.trees import Leaf, Result, are_numbers, named_result

MOST_ASKED = 3
"""Numbers, or shapes, that a question asks for."""
NUMBERS_FOR_A_POINT = 4
"""Numbers that a call gives, for a point of working with them."""
MOST_HIDDEN = 1 / 3
"""Share of the known mistakes that may leave most numbers right: some change one entry alone."""
SMALLEST = 0.05
"""Of a number that is asked for: three decimals are to say something."""
OPTIONS = 4
MINUTES_FOR_A_POINT = 2.0
MINUTES_TO_READ = 3.0


def one_step(exercise: PlacedExercise, rng: np.random.Generator) -> Iterator[Question]:
    """What a function returns for round numbers, and what is earned with each known mistake."""
    order = rng.random(1000)
    found = [
        (hidden(call, asked), call, asked)
        for call in friendly_calls(exercise, rng)
        if (asked := entries_to_ask(call, order))
    ]
    fewest = min((count for count, _, _ in found), default=0)
    for count, call, asked in found:
        if count == fewest and count <= MOST_HIDDEN * len(call.wrong):
            worth = math.ceil(call.size / NUMBERS_FOR_A_POINT)
            each = max(1, round(worth / len(asked)))
            yield Question(
                "One step",
                exercise.id,
                (
                    Block("text", "Work out what this function returns, as far as it is asked."),
                    *told(exercise, call.given()),
                ),
                tuple(Asked(name, call.entries[name], points=each) for name in asked),
                slips=() if is_repair(exercise) else tuple(slips_of(call, asked, each)),
                section=first_section(exercise),
                minutes=MINUTES_FOR_A_POINT * each * len(asked),
                alike=(tuple(asked), *forms_of(call.given())),
            )


def forms_of(leaves: list[Leaf]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """What the same question has in each form: the names and the shapes of what it gives."""
    return tuple((leaf.name, np.shape(leaf.value)) for leaf in leaves)


def entries_to_ask(call: Call, order: np.ndarray) -> list[str]:
    """Up to three entries of a result; none if nothing has to be worked out for them.

    Parameters
    ----------
    call : Call
    order : array
        Which entries come first, the same for all forms.
    """
    plain = {in_figures(abs(float(v))) for leaf in call.given() for v in np.ravel(leaf.value)}
    found: list[str] = []
    worked = [
        name
        for leaf in call.right.leaves
        for name, value in leaf.entries()
        if leaf.array.dtype.kind == "f"  # a whole number is a size, and part of a shape
        and abs(value) >= SMALLEST
        and in_figures(abs(value)) not in plain
    ]
    place = {name: k for k, name in enumerate(call.entries)}
    for name in sorted(worked, key=lambda name: order[place[name] % len(order)]):
        others = [call.entries[other] for other in found]
        if all(visibly_apart(call.entries[name], other) for other in others):
            found.append(name)
    return sorted(found[:MOST_ASKED], key=lambda name: place[name])


def hidden(call: Call, asked: list[str]) -> int:
    """How many known mistakes leave most right numbers of an array of which they change others."""
    found = 0
    for wrong in call.wrong.values():
        differing = call.right.differing(wrong)
        touched = {call.right.part_of[name] for name in differing}
        at_risk = [name for name in asked if call.right.part_of[name] in touched]
        found += 2 * sum(name not in differing for name in at_risk) > len(at_risk)
    return found


def slips_of(call: Call, asked: list[str], each: int) -> Iterator[Slip]:
    """The known mistakes that show: a number that one leads to has half of its points."""
    for mistake in call.exercise.declaration.misconceptions:
        found = call.of(mistake)
        differing = call.right.differing(found) & set(asked) if found else set()
        if found and differing and all(map(np.isfinite, found.entries.values())):
            figures = tuple(in_figures(found.entries[name]) for name in asked)
            yield Slip(mistake.message, figures, each * (len(asked) - len(differing) / 2))


def shapes(exercise: PlacedExercise, rng: np.random.Generator) -> Iterator[Question]:
    """Which shapes come out, for arrays whose sizes differ."""
    if exercise.declaration.personal:
        return
    order = rng.random(1000)
    drawn = [case for case in draw_cases(exercise.declaration, rng) if case.expected is None]
    for number in rng.permutation(len(drawn)).tolist():
        arguments = drawn[number].arguments
        leaves = given(exercise, arguments)
        arrays = [leaf for leaf in leaves if np.ndim(leaf.value) and not callable(leaf.value)]
        found = {np.shape(leaf.value) for leaf in arrays}
        sizes = {size for shape in found for size in shape}
        if len(found) < 2 or len(sizes) < 2 or 1 in sizes or any(callable(v.value) for v in leaves):
            continue
        value = result_of(exercise.reference.function, arguments)
        asked = shapes_to_ask(named_result(exercise.reference.docstring, value), arrays, order)
        if asked:
            yield Question(
                "Shapes",
                exercise.id,
                (
                    Block("text", "Which shape has what this function returns?"),
                    Block("code", stub_without_shapes(exercise)),
                    Block("text", f"{'; '.join(map(as_given, filter(is_plain, leaves)))}."),
                ),
                tuple(Asked(leaf.name, shape_of(leaf)) for leaf in asked),
                section=first_section(exercise),
                minutes=MINUTES_TO_READ / 2 + len(asked),
                alike=(tuple(leaf.name for leaf in asked),),
            )


def is_plain(leaf: Leaf) -> bool:
    return isinstance(leaf.value, np.ndarray | int | float | tuple | list)


def as_given(leaf: Leaf) -> str:
    """The shape of an array, and the value of a number."""
    if isinstance(leaf.value, np.ndarray) and leaf.value.ndim:
        return f"{leaf.name} has shape {shape_of(leaf)}"
    return f"{leaf.name} is {leaf.value if are_numbers(leaf.value) else exactly(leaf.value)}"


def shapes_to_ask(result: Result, given: list[Leaf], order: np.ndarray) -> list[Leaf]:
    """Up to three arrays of different shapes, one of which no argument of the same name has."""
    arrays = [leaf for leaf in result.leaves if np.ndim(leaf.value)]
    found: list[Leaf] = []
    for _, leaf in sorted(zip(order.tolist(), arrays, strict=False), key=lambda pair: pair[0]):
        if shape_of(leaf) not in map(shape_of, found):
            found.append(leaf)
    found = sorted(found[:MOST_ASKED], key=arrays.index)
    return found if any(not is_copied(leaf, given) for leaf in found) else []


def is_copied(leaf: Leaf, given: list[Leaf]) -> bool:
    """Whether its shape is that of the argument that it belongs to, as dW to W."""
    return any(
        shape_of(leaf) == shape_of(other)
        and (plain_name(leaf) == plain_name(other) or place_of(leaf) == place_of(other) != "")
        for other in given
    )


def plain_name(leaf: Leaf) -> str:
    """What an array is called without the d of its gradient, or the record that it is part of."""
    name = leaf.head.rpartition(".")[2]
    return name.removeprefix("d").removeprefix("_")


def place_of(leaf: Leaf) -> str:
    """Which one of a list it is."""
    return leaf.head.partition("[")[2]


def shape_of(leaf: Leaf) -> str:
    return str(tuple(int(size) for size in np.shape(leaf.value)))


def which_message(exercise: PlacedExercise, rng: np.random.Generator) -> Iterator[Question]:
    """Results of a wrong function, and four messages of which one is about it."""
    mistakes = exercise.declaration.misconceptions
    if len(mistakes) < OPTIONS or is_repair(exercise):
        return
    calls = friendly_calls(exercise, rng)
    for number in rng.permutation(len(mistakes)).tolist():
        mistake = mistakes[number]
        others = [one for one in mistakes if one is not mistake]
        chosen = [others[k] for k in rng.permutation(len(others))[: OPTIONS - 1].tolist()]
        messages = frozenset(one.message for one in (mistake, *chosen))
        for call in calls:
            found = call.of(mistake)
            if found is None or not is_only_one(call, mistake, found):
                continue
            options = [one.message for one in (mistake, *chosen)]
            order = rng.permutation(len(options)).tolist()
            yield Question(
                "Which message fits?",
                exercise.id,
                (
                    Block("text", "A student's function is called, and makes one mistake."),
                    *told(exercise, call.given()),
                    Block("text", "What comes back is"),
                    *returned(found.leaves),
                    Block("text", "Which message fits?"),
                ),
                options=tuple(options[k] for k in order),
                right=order.index(0),
                section=mistake.section,
                minutes=MINUTES_TO_READ + call.size / NUMBERS_FOR_A_POINT,
                alike=(mistake.id, messages, *forms_of(call.given())),
                gives_away=messages,
            )


def is_only_one(call: Call, mistake: Misconception, found: Result) -> bool:
    """Whether only this mistake gives these numbers, by an amount that everybody sees."""
    if not all(np.isfinite(value) and abs(value) < 1000 for value in found.entries.values()):
        return False
    rest = [numbers for name, numbers in call.wrong.items() if name != mistake.id]
    return all(found.differing(numbers) for numbers in (call.right, *rest))


def find_the_mistake(exercise: PlacedExercise, rng: np.random.Generator) -> Iterator[Question]:
    """Code with one mistake: what it returns, and what is wrong with it."""
    mistakes = exercise.declaration.misconceptions
    calls = [] if is_repair(exercise) else friendly_calls(exercise, rng)
    order = rng.random(1000)
    for number in rng.permutation(len(mistakes)).tolist():
        mistake = mistakes[number]
        telling = [call for call in calls if call.of(mistake)]
        mend = mend_of(exercise, mistake) if telling else None
        for call in telling if mend else ():
            name = entry_to_compare(call, call.wrong[mistake.id], order)
            if mend and name:
                yield with_mistake(call, mistake, mend, name)


def entry_to_compare(call: Call, wrong: Result, order: np.ndarray) -> str:
    """An entry that the mistake changes, and that is right by no accident."""
    names = list(call.entries)
    fitting = [
        name for name in call.right.differing(wrong)
        if np.isfinite(wrong.entries[name]) and abs(call.entries[name]) >= SMALLEST
    ]  # fmt: skip
    return min(fitting, key=lambda name: order[names.index(name) % len(order)], default="")


def with_mistake(call: Call, mistake: Misconception, mend: Mend, name: str) -> Question:
    wrong = call.wrong[mistake.id]
    return Question(
        "Find the mistake",
        call.exercise.id,
        (
            Block("text", "The docstring says what the function should return:"),
            *told(call.exercise, call.given()),
            Block("text", "This function makes one mistake, in one line:"),
            Block("code", numbered(mend.code)),
            Block("text", f"Give {name}: as it should be, and as this function has it."),
        ),
        (
            Asked(f"{name}, right", call.entries[name]),
            Asked(f"{name}, with the mistake", wrong.entries[name]),
        ),
        essay="In which line is the mistake, and what is wrong there? One sentence.",
        good=(
            f"The place: {' Or '.join(map(place_in_words, mend.places))}",
            f"The reason. The feedback says of it: {mistake.message}",
        ),
        section=mistake.section,
        minutes=MINUTES_TO_READ + call.size / NUMBERS_FOR_A_POINT,
        alike=(mistake.id, name, *forms_of(call.given())),
        asks_for=frozenset({mistake.message}),
    )


def place_in_words(place: Place) -> str:
    return f"line {place.line}, `{place.wrong}`; right is, for instance, `{place.right}`."


def first_section(exercise: PlacedExercise) -> str:
    """Where the book teaches an exercise: the section of most of its messages."""
    sections = [mistake.section for mistake in exercise.declaration.misconceptions]
    return max(sections, key=sections.count, default="")
