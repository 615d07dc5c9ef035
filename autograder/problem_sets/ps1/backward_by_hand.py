"""A backward pass with pencil and paper, factor by factor."""

from backprop.activations import logistic
from backprop.units import weight_gradients
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.worker.personal import my_numbers

from .forward_by_hand import forward_by_hand
from .pages import HIDDEN, OUTPUT, TWO_PATHS
from .passes_by_hand import pass_of, somebody, trace_of, typed


def backward_by_hand(student_id):
    r"""Backward pass of the same network, factor by factor.

    Parameters
    ----------
    student_id : str
        The name under which you hand in. Your answer is a dict that you type, so you need not
        use it.

    Returns
    -------
    dict
        "set", the number of your set, and, to four digits each: "delta_1" and "delta_2" of the
        output units, "influence" of the hidden activation on the cost, "delta_hidden", and the
        gradients "dv1" of the weight v1, "dw1" of the weight w1 and "db" of the bias b.
    """
    own = my_numbers(student_id)
    a_hidden = logistic(own["w1"] * own["x1"] + own["w2"] * own["x2"] + own["b"])
    a_1 = logistic(own["v1"] * a_hidden + own["c1"])
    a_2 = logistic(own["v2"] * a_hidden + own["c2"])
    delta_1 = (a_1 - own["y1"]) * a_1 * (1 - a_1)
    delta_2 = (a_2 - own["y2"]) * a_2 * (1 - a_2)
    influence = own["v1"] * delta_1 + own["v2"] * delta_2
    delta_hidden = influence * a_hidden * (1 - a_hidden)
    answers = {"set": own["set"], "delta_1": delta_1, "delta_2": delta_2, "influence": influence}
    gradients = {"dv1": delta_1 * a_hidden, "dw1": delta_hidden * own["x1"], "db": delta_hidden}
    return answers | {"delta_hidden": delta_hidden} | gradients


EXERCISE = Exercise(
    backward_by_hand,
    cases=[Cases("your own numbers", somebody, share=1, count=1)],
    hints=[
        "Write the number that is called wrong as a product of symbols. Which value did you put"
        " in for each symbol, and is each value right?",
        "Look at the pattern: every delta is an influence times a slope, and every gradient is a "
        "delta times what comes in along the weight.",
        "Most often a slope is missing, or one of the two paths from the hidden unit to the cost, "
        "or the weight on such a path.",
    ],
    situation="microscope?step=12&ask=1",
    rtol=5e-3,
    personal=True,
    no_example="every student has other numbers",
)


@EXERCISE.in_package
def by_backprop(student_id):
    own, trace = trace_of(student_id)
    (delta_hidden,), (delta_1, delta_2) = trace.deltas
    into_hidden, into_output = (
        weight_gradients(deltas, inputs)
        for deltas, inputs in zip(trace.deltas, trace.activations[:-1], strict=True)
    )
    return {
        "set": own["set"],
        "delta_1": delta_1,
        "delta_2": delta_2,
        "influence": trace.influences[0][0],
        "delta_hidden": delta_hidden,
        "dv1": into_output[0, 0],
        "dw1": into_hidden[0, 0],
        "db": delta_hidden,
    }


def backward_from(student_id, delta_1, delta_2, influence=None, slope=None):
    """The rest of the backward pass, where a mistake goes on rightly."""
    own, a_hidden = my_numbers(student_id), forward_by_hand(student_id)["a_hidden"]
    if influence is None:
        influence = own["v1"] * delta_1 + own["v2"] * delta_2
    delta_hidden = influence * (a_hidden * (1 - a_hidden) if slope is None else slope)
    answers = {"set": own["set"], "delta_1": delta_1, "delta_2": delta_2, "influence": influence}
    gradients = {"dv1": delta_1 * a_hidden, "dw1": delta_hidden * own["x1"], "db": delta_hidden}
    return answers | {"delta_hidden": delta_hidden} | gradients


@EXERCISE.misconception(
    "Your deltas are the influences of the activations. The slopes of the output units "
    "are missing.",
    f"{OUTPUT}#The number δ",
)
def slope_missing(student_id):
    own, passed = my_numbers(student_id), forward_by_hand(student_id)
    return backward_from(student_id, passed["a_1"] - own["y1"], passed["a_2"] - own["y2"])


def right_deltas(student_id):
    right = backward_by_hand(student_id)
    return right["delta_1"], right["delta_2"]


@EXERCISE.misconception(
    "Your deltas have the wrong sign: where an activation is above its target, delta is positive.",
    f"{OUTPUT}#The number δ",
)
def sign_turned_round(student_id):
    delta_1, delta_2 = right_deltas(student_id)
    return backward_from(student_id, -delta_1, -delta_2)


@EXERCISE.misconception(
    "The hidden unit feeds two output units, and you followed only the second path.",
    f"{TWO_PATHS}#Why they add",
)
def second_path_only(student_id):
    deltas = right_deltas(student_id)
    return backward_from(student_id, *deltas, my_numbers(student_id)["v2"] * deltas[1])


@EXERCISE.misconception(
    "The hidden unit feeds two output units, and you followed only the first path.",
    f"{TWO_PATHS}#Why they add",
)
def first_path_only(student_id):
    deltas = right_deltas(student_id)
    return backward_from(student_id, *deltas, my_numbers(student_id)["v1"] * deltas[0])


@EXERCISE.misconception(
    "The influence is right, but delta also needs the slope of the hidden unit.",
    f"{HIDDEN}#The number δ of a hidden unit",
)
def hidden_slope_missing(student_id):
    return backward_from(student_id, *right_deltas(student_id), slope=1)


@EXERCISE.misconception(
    "In 'dw1' you multiply by the activation of the hidden unit. The weight w1 leads from an "
    "input to the hidden unit: what comes in along it?",
    f"{HIDDEN}#The number δ of a hidden unit",
)
def activation_for_input(student_id):
    right = backward_by_hand(student_id)
    return right | {"dw1": right["delta_hidden"] * forward_by_hand(student_id)["a_hidden"]}


def backward_dict(student_id, output_slope=True, sign=1, path=None, hidden_slope=True):
    own, layers, _, (x, h, a) = pass_of(student_id)
    delta = sign * (a - [own["y1"], own["y2"]]) * (a * (1 - a) if output_slope else 1)
    weights = layers[1][0][:, 0]
    influence = weights @ delta if path is None else weights[path] * delta[path]
    delta_hidden = influence * (h[0] * (1 - h[0]) if hidden_slope else 1)
    return {
        "set": own["set"],
        "delta_1": delta[0],
        "delta_2": delta[1],
        "influence": influence,
        "delta_hidden": delta_hidden,
        "dv1": delta[0] * h[0],
        "dw1": delta_hidden * x[0],
        "db": delta_hidden,
    }


@EXERCISE.misconception(
    "Your influence is the sum of the two deltas alone. Seen from the hidden unit, the weight on "
    "each path says how much of its activation arrives.",
    f"{HIDDEN}#The influence of a hidden unit",
)
def weights_missing(student_id):
    deltas = right_deltas(student_id)
    return backward_from(student_id, *deltas, sum(deltas))


@EXERCISE.right
def in_matrices(student_id):
    return backward_dict(student_id)


@EXERCISE.right
def typed_in_matrices(student_id):
    return typed(backward_dict(student_id))


@EXERCISE.second(slope_missing)
def errors_as_deltas(student_id):
    return typed(backward_dict(student_id, output_slope=False))


@EXERCISE.second(sign_turned_round)
def negative(student_id):
    return typed(backward_dict(student_id, sign=-1))


@EXERCISE.second(second_path_only)
def second_path(student_id):
    return backward_dict(student_id, path=1)


@EXERCISE.second(first_path_only)
def first_path(student_id):
    return typed(backward_dict(student_id, path=0))


@EXERCISE.second(hidden_slope_missing)
def no_hidden_slope(student_id):
    return backward_dict(student_id, hidden_slope=False)


@EXERCISE.second(activation_for_input)
def activation_as_input(student_id):
    answers = backward_dict(student_id)
    _, _, _, signals = pass_of(student_id)
    answers["dw1"] = answers["db"] * signals[1][0]
    return typed(answers)


@EXERCISE.second(weights_missing)
def deltas_added(student_id):
    _, _, _, (x, h, _) = pass_of(student_id)
    answers = backward_dict(student_id)
    answers["influence"] = answers["delta_1"] + answers["delta_2"]
    answers["delta_hidden"] = answers["db"] = answers["influence"] * h[0] * (1 - h[0])
    answers["dw1"] = answers["db"] * x[0]
    return typed(answers)
