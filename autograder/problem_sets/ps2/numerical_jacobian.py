"""Measure a Jacobian, column by column."""

import numpy as np

from backprop import derivatives
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.checks.values import Code

from .pages import JACOBIAN, NUMERICAL


def numerical_jacobian(f, x, h=2.0**-17):
    r"""Jacobian of a function of a vector, measured by central differences.

    Parameters
    ----------
    f : callable
        Takes an array of shape (n,) and returns an array of shape (m,).
    x : Array, shape (n,)
        Where to differentiate; it may hold whole numbers, and must not be changed.
    h : float, default 2**-17
        Step, greater than 0, the same for every entry.

    Returns
    -------
    Array, shape (m, n)
        Entry [i, j] is the central difference of output i in the direction of input j.

    Notes
    -----
    .. math:: J_{ij} \approx \frac{f_i(x + h e_j) - f_i(x - h e_j)}{2h}

    where :math:`e_j` is 1 at place j and 0 elsewhere.

    Examples
    --------
    >>> f = lambda x: np.array([x[0] * x[1], 3 * x[1]])
    >>> numerical_jacobian(f, np.array([2.0, 5.0]), 0.5)
    array([[5., 2.],
           [0., 3.]])
    """
    x = np.asarray(x, dtype=float)
    columns = []
    for j in range(len(x)):
        step = np.zeros(len(x))
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.stack(columns, axis=1)


def vector_function(rng, m, n):
    A = rng.uniform(-1.5, 1.5, (m, n)).round(2).tolist()
    c = rng.uniform(0.5, 1.5, m).round(2).tolist()
    return Code(f"lambda x: np.sin(np.array({A}) @ x) + np.array({c}) * np.sum(x**2) * x[0]")


def function_and_place(m, n, h):
    def draw(rng):
        return vector_function(rng, m, n), rng.uniform(-1, 1, n), h

    return draw


def whole_place(rng):
    return vector_function(rng, 2, 3), rng.integers(1, 4, 3), 0.25


EXERCISE = Exercise(
    numerical_jacobian,
    cases=[
        Cases("three outputs of two inputs", function_and_place(3, 2, 0.25), share=0.35),
        Cases("two outputs of four inputs", function_and_place(2, 4, 2.0**-6), share=0.25),
        Cases("as many outputs as inputs", function_and_place(3, 3, 0.25), share=0.1),
        Cases("one output", function_and_place(1, 3, 2.0**-17), share=0.1, count=2),
        Cases("at whole numbers", whole_place, share=0.2),
    ],
    hints=[
        "If you move one input a little, how many numbers change, and do they form a row or a "
        "column of the Jacobian?",
        "Look at the loop: move one input to both sides, hold the others still, and put that "
        "input back before the next turn. The axis of np.stack decides between rows and columns.",
        "Most often the table comes out transposed, all inputs move at once, an input is not put "
        "back, the step is lost because x holds whole numbers, or the two places are one array "
        "under two names.",
    ],
    axes={"m": "output", "n": "input"},
    equivalent={
        "np.asarray(x, dtype=float) -> np.asarray(x)": "the steps are decimals, so the sums are",
    },
)


@EXERCISE.in_package
def by_backprop(f, x, h=2.0**-17):
    return derivatives.numerical_jacobian(f, x, h=h)


@EXERCISE.misconception(
    "You wrote a row for each input. Here each input gets a column.", f"{JACOBIAN}#The definition"
)
def transposed(f, x, h=2.0**-17):
    return numerical_jacobian(f, x, h).T


@EXERCISE.misconception(
    "You look to one side only. The central difference looks to both sides.",
    f"{NUMERICAL}#The best step",
)
def one_sided(f, x, h=2.0**-17):
    steps = h * np.eye(len(x))
    return np.stack([(f(x + step) - f(x)) / h for step in steps], axis=1)


@EXERCISE.misconception(
    "Everything is twice as large as it should be. How far apart are the two places at which "
    "you call f?",
    f"{NUMERICAL}#Error one: truncation",
)
def divided_by_h(f, x, h=2.0**-17):
    return 2 * numerical_jacobian(f, x, h)


@EXERCISE.misconception(
    "This is right for decimals, but an array of whole numbers cuts off the decimals when you add "
    "the step to an entry. Turn x into an array of decimals first.",
    f"{NUMERICAL}#Many variables",
)
def whole_number_steps(f, x, h=2.0**-17):
    columns = []
    for j in range(len(x)):
        right, left = x.copy(), x.copy()
        right[j] += h
        left[j] -= h
        columns.append((f(right) - f(left)) / (2 * h))
    return np.stack(columns, axis=1)


@EXERCISE.misconception(
    "The first column is right. When you get to the next one, the entry that you moved before is "
    "still moved.",
    f"{NUMERICAL}#Many variables",
)
def not_put_back(f, x, h=2.0**-17):
    right, left, columns = x.astype(float), x.astype(float), []
    for j in range(len(x)):
        right[j] += h
        left[j] -= h
        columns.append((f(right) - f(left)) / (2 * h))
    return np.stack(columns, axis=1)


@EXERCISE.misconception(
    "You use a step of your own. Use the step h that the caller gives you.",
    f"{NUMERICAL}#The best step",
)
def own_step(f, x, h=2.0**-17):
    return numerical_jacobian(f, x, 1e-5)


@EXERCISE.misconception(
    "You move all inputs at once, so their influences are added up. Move one, and hold the "
    "others still.",
    f"{NUMERICAL}#Error one: truncation",
)
def all_inputs_at_once(f, x, h=2.0**-17):
    return (np.asarray(f(x + h)) - np.asarray(f(x - h))) / (2 * h)


@EXERCISE.misconception(
    "You go half a step to each side. Here h is the way from x to either of the two places.",
    f"{NUMERICAL}#Error one: truncation",
)
def half_steps(f, x, h=2.0**-17):
    return numerical_jacobian(f, x, h / 2)


@EXERCISE.misconception(
    "While one input moves, you hold the others at 0. Hold them where they are in x: the slope "
    "depends on the place.",
    f"{NUMERICAL}#Many variables",
)
def others_at_zero(f, x, h=2.0**-17):
    places = np.diag(np.asarray(x, dtype=float))
    steps = h * np.eye(len(x))
    pairs = zip(places, steps, strict=True)
    return np.stack([(f(at + step) - f(at - step)) / (2 * h) for at, step in pairs], axis=1)


@EXERCISE.misconception(
    "Your columns are all alike: each time, all inputs move. For the column of one input, the "
    "others have to stand still.",
    f"{NUMERICAL}#Many variables",
)
def columns_alike(f, x, h=2.0**-17):
    slopes = (np.asarray(f(x + h)) - np.asarray(f(x - h))) / (2 * h)
    return np.outer(slopes, np.ones(len(x)))


@EXERCISE.misconception(
    "You move each input by a share of itself. The step is h for every input, however large or "
    "small that input is.",
    f"{NUMERICAL}#Many variables",
)
def step_in_percent(f, x, h=2.0**-17):
    moves = h * np.diag(x)
    return np.stack([(f(x + move) - f(x - move)) / (2 * h) for move in moves], axis=1)


@EXERCISE.right
def by_columns(f, x, h=2.0**-17):
    n = len(x)
    J = None
    for j in range(n):
        right, left = np.array(x, dtype=float), np.array(x, dtype=float)
        right[j] += h
        left[j] -= h
        column = (np.asarray(f(right)) - np.asarray(f(left))) / (2 * h)
        if J is None:
            J = np.zeros((len(column), n))
        J[:, j] = column
    return J


@EXERCISE.right
def by_identity(f, x, h=2.0**-17):
    steps = h * np.identity(len(x))
    rows = [(f(x + step) - f(x - step)) / (h + h) for step in steps]
    return np.transpose(rows)


@EXERCISE.second(transposed)
def rows(f, x, h=2.0**-17):
    rows = []
    for j in range(len(x)):
        e = np.zeros(len(x))
        e[j] = h
        rows.append((f(x + e) - f(x - e)) / (2 * h))
    return np.array(rows)


@EXERCISE.second(one_sided)
def forward(f, x, h=2.0**-17):
    here = f(x.astype(float))
    J = np.zeros((len(here), len(x)))
    for j in range(len(x)):
        moved = x.astype(float)
        moved[j] += h
        J[:, j] = (f(moved) - here) / h
    return J


@EXERCISE.second(divided_by_h)
def over_h(f, x, h=2.0**-17):
    return np.transpose([(f(x + e) - f(x - e)) / h for e in h * np.eye(len(x))])


@EXERCISE.second(whole_number_steps)
def whole(f, x, h=2.0**-17):
    J = []
    for j in range(len(x)):
        moved = np.array(x)
        moved[j] = x[j] + h
        above = np.asarray(f(moved))
        moved[j] = x[j] - h
        J.append((above - f(moved)) / (2 * h))
    return np.array(J).T


@EXERCISE.second(not_put_back)
def moved(f, x, h=2.0**-17):
    step, columns = np.zeros(len(x)), []
    for j in range(len(x)):
        step[j] = h
        columns.append((f(x + step) - f(x - step)) / (2 * h))
    return np.column_stack(columns)


@EXERCISE.second(own_step)
def step(f, x, h=2.0**-17):
    h = 1e-6
    return by_identity(f, x, h)


@EXERCISE.second(all_inputs_at_once)
def together(f, x, h=2.0**-17):
    step = np.full(len(x), h)
    return [float(d) / h / 2 for d in np.subtract(f(x + step), f(x - step))]


@EXERCISE.second(half_steps)
def one_step_wide(f, x, h=2.0**-17):
    steps = h / 2 * np.eye(len(x))
    return np.array([(f(x + step) - f(x - step)) / h for step in steps]).T


@EXERCISE.second(others_at_zero)
def alone(f, x, h=2.0**-17):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        right, left = np.zeros(len(x)), np.zeros(len(x))
        right[j], left[j] = x[j] + h, x[j] - h
        J[:, j] = (f(right) - f(left)) / (2 * h)
    return J


@EXERCISE.second(columns_alike)
def same_step_each_time(f, x, h=2.0**-17):
    J = np.zeros((len(f(x)), len(x)))
    for j in range(len(x)):
        J[:, j] = (f(x + h) - f(x - h)) / (2 * h)
    return J


@EXERCISE.second(step_in_percent)
def relative(f, x, h=2.0**-17):
    columns = []
    for j in range(len(x)):
        right, left = np.array(x, dtype=float), np.array(x, dtype=float)
        right[j] *= 1 + h
        left[j] *= 1 - h
        columns.append((f(right) - f(left)) / (2 * h))
    return np.column_stack(columns)
