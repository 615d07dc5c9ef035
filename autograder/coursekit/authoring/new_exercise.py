"""Begin an exercise: its room, with a small example that works, and its place in the master."""

import builtins
import keyword
from pathlib import Path

from coursekit.authoring.masters import NAME, read_master, room_file
from coursekit.errors import CourseError

ENDING = "## Before you hand in"
"""The part of a master that stays behind the exercises."""

TAKEN = {
    *("np", "check", "check_environment", "hint", "log_attempts", "summary", "my_numbers"),
    *("Cases", "Exercise"),
    *("EXERCISE", "PAGE", "table", "columns", "sums", "by_product", "by_loop"),
    *("down_the_columns", "added_up"),
}
"""Names that the notebook supplies, and those of the example in a new room."""

MASTER = """\
---
jupytext:
  text_representation: {{extension: .md, format_name: myst}}
kernelspec: {{name: python3, display_name: Python 3}}
---

# Problem set {problem_set}

Say here what it is about.

```{{code-cell}} ipython3
import numpy as np
from checks import check, check_environment, hint, summary

check_environment()
```

## Before you hand in

Restart the kernel, run all cells, and look at what is complete.

```{{code-cell}} ipython3
summary()
```
"""

CELL = """\
## {title}

Say here what is asked, and link the page that teaches it.
No page of the book has this function.

```{{code-cell}} ipython3
---
exercise:
  name: {name}
  points: {points:g}
---
```
"""

ROOM = '''\
"""{title}: an example to be changed, the mean of each row of a table."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

PAGE = "book/prerequisites/shapes"


# What the student writes. The docstring is the text of the exercise, the body its solution.


def {function}(X):
    """Mean of each row of a table.

    Parameters
    ----------
    X : Array, shape (M, n)
        A table of M rows and n columns.

    Returns
    -------
    Array, shape (M,)
        Entry i is the mean of row i.

    Examples
    --------
    >>> {function}(np.array([[1.0, 3.0], [5.0, 9.0]]))
    array([2., 7.])
    """
    return X.sum(axis=1) / X.shape[1]


# What it is called with. A group earns its share of the points all or nothing.


def table(M, n):
    def draw(rng):
        return (rng.normal(size=(M, n)),)

    return draw


EXERCISE = Exercise(
    {function},
    cases=[
        Cases("two rows, three columns", table(2, 3), share=0.6),
        Cases("as many rows as columns", table(3, 3), share=0.4),
    ],
    # A question, where to look, what goes wrong here most often: shown one at a time.
    hints=[
        "A table with 2 rows and 3 columns goes in. How many numbers should come out?",
        "Look at the call that adds: the axis that it names is the one that disappears.",
        "Most often it is the other axis, or a sum that is never divided.",
    ],
    # What the sizes in the docstring count, for the words about the place of a mistake.
    axes={{"M": "row"}},
    # What backprop has in another form is shown under @EXERCISE.in_package, and one step of many
    # under @EXERCISE.steps_in_package, as in ps4/momentum.py; then there is no alone=.
    alone="backprop averages no rows",
)


# Mistakes that students make, each with what they are told and the section that teaches it.


@EXERCISE.misconception(
    "You average each column. The axis that you name is the one that disappears.",
    f"{{PAGE}}#Shapes and axes",
)
def columns(X):
    return X.mean(axis=0)


@EXERCISE.misconception(
    "You add up each row. Divide by how many numbers it has.",
    f"{{PAGE}}#Shapes and axes",
)
def sums(X):
    return X.sum(axis=1)


# Right answers of other kinds, which must get full marks.


@EXERCISE.right
def by_product(X):
    return X @ np.ones(X.shape[1]) / X.shape[1]


@EXERCISE.right
def by_loop(X):
    return [sum(row) / len(row) for row in X]


# Each mistake once more, written without looking at the first.


@EXERCISE.second(columns)
def down_the_columns(X):
    return np.ones(len(X)) @ X / len(X)


@EXERCISE.second(sums)
def added_up(X):
    return [sum(row) for row in X]
'''


def new_exercise(folder: Path, problem_set: str, name: str, points: float = 1.0) -> Path:
    """Write the room of a new exercise and its cell in the master.

    Parameters
    ----------
    folder : Path
        Of the masters; a master that is not there is begun.
    problem_set, name : str
    points : float

    Returns
    -------
    Path
        The room.

    Raises
    ------
    CourseError
        If a name cannot be one, or is taken.
    """
    master = folder / f"{problem_set}.md"
    function = room_file(name)
    room = folder / problem_set / f"{function}.py"
    check_names(problem_set, name)
    if room.exists():
        raise CourseError(f"{problem_set}/{room.name} exists already; take another name")
    text = MASTER.format(problem_set=problem_set)
    if master.is_file():
        check_free(master, name)
        text = master.read_text(encoding="utf-8")
    title = name.replace("-", " ").capitalize()
    room.parent.mkdir(parents=True, exist_ok=True)
    room.write_text(ROOM.format(title=title, function=function), encoding="utf-8")
    cell = CELL.format(title=title, name=name, points=points)
    master.write_text(with_cell(text, cell), encoding="utf-8")
    return room


def check_names(problem_set: str, name: str) -> None:
    for kind, one in (("a problem set", problem_set), ("an exercise", name)):
        if not NAME.fullmatch(one):
            raise CourseError(
                f"{one!r} cannot be the name of {kind}: it is lower-case letters and digits, with "
                "hyphens, and begins with a letter, as in mean-cost"
            )
    function = room_file(name)
    if keyword.iskeyword(function) or hasattr(builtins, function) or function in TAKEN:
        raise CourseError(
            f"{name!r} cannot be the name of an exercise: the function would be called {function}, "
            "which means something else; add a word to it"
        )


def check_free(master: Path, name: str) -> None:
    """That no exercise of a problem set has this name, or this name for its function."""
    there = read_master(master)
    if f"{there.id}-{name}" in {question.id for question in there.questions}:
        raise CourseError(f"{there.id} has an exercise {name!r} already; take another name")
    for exercise in there.exercises:
        if exercise.reference.name == room_file(name):
            raise CourseError(
                f"the function of {exercise.id} is called {exercise.reference.name}; "
                "take another name"
            )


def with_cell(text: str, cell: str) -> str:
    """A master with one more exercise, behind the others and before its ending."""
    before, ending, after = text.partition(f"\n{ENDING}")
    if not ending:
        return f"{text.rstrip()}\n\n{cell}"
    return f"{before.rstrip()}\n\n{cell}{ending}{after}"
