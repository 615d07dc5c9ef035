"""A forward pass with pencil and paper, each student with numbers of their own."""

import numpy as np

from backprop.activations import logistic
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.worker.personal import my_numbers

from .pages import COST, UNITS
from .passes_by_hand import pass_of, somebody, trace_of, typed
from .squashing import squash


def forward_by_hand(student_id):
    r"""Forward pass of a small network, with the student's own numbers.

    Parameters
    ----------
    student_id : str
        The name under which you hand in. Your answer is a dict that you type, so you need not
        use it.

    Returns
    -------
    dict
        "set", the number of your set, and, to four digits each: "z_hidden", "a_hidden" of the
        hidden unit, "z_1", "a_1", "z_2", "a_2" of the two output units, and the "cost".
    """
    own = my_numbers(student_id)
    z_hidden = own["w1"] * own["x1"] + own["w2"] * own["x2"] + own["b"]
    a_hidden = logistic(z_hidden)
    z_1, z_2 = own["v1"] * a_hidden + own["c1"], own["v2"] * a_hidden + own["c2"]
    a_1, a_2 = logistic(z_1), logistic(z_2)
    cost = ((own["y1"] - a_1) ** 2 + (own["y2"] - a_2) ** 2) / 2
    answers = {"set": own["set"], "z_hidden": z_hidden, "a_hidden": a_hidden}
    return answers | {"z_1": z_1, "a_1": a_1, "z_2": z_2, "a_2": a_2, "cost": cost}


EXERCISE = Exercise(
    forward_by_hand,
    cases=[Cases("your own numbers", somebody, share=1, count=1)],
    hints=[
        "Is the number that is called wrong the first one that you worked out, or does it build "
        "on another one?",
        "Go unit by unit: first z, then a. Look at what each unit receives, and keep all digits "
        "until you type.",
        "Most often a bias is left out, a z is passed on where an a belongs, the minus in the "
        "exponent is lost, or digits were rounded on the way.",
    ],
    situation="microscope?step=2&ask=1",
    rtol=5e-3,
    personal=True,
    no_example="every student has other numbers",
)


@EXERCISE.in_package
def by_backprop(student_id):
    own, trace = trace_of(student_id)
    (z_hidden,), (z_1, z_2) = trace.pre_activations
    _, (a_hidden,), (a_1, a_2) = trace.activations
    answers = {"set": own["set"], "z_hidden": z_hidden, "a_hidden": a_hidden, "cost": trace.cost}
    return answers | {"z_1": z_1, "a_1": a_1, "z_2": z_2, "a_2": a_2}


def forward_from(own, z_hidden, squash=logistic):
    """The rest of the forward pass, and what it rests on."""
    a_hidden = squash(z_hidden)
    z_1, z_2 = own["v1"] * a_hidden + own["c1"], own["v2"] * a_hidden + own["c2"]
    a_1, a_2 = squash(z_1), squash(z_2)
    cost = ((own["y1"] - a_1) ** 2 + (own["y2"] - a_2) ** 2) / 2
    answers = {"set": own["set"], "z_hidden": z_hidden, "a_hidden": a_hidden}
    return answers | {"z_1": z_1, "a_1": a_1, "z_2": z_2, "a_2": a_2, "cost": cost}


@EXERCISE.misconception(
    "The pre-activation of the hidden unit lacks its bias.", f"{UNITS}#The bias"
)
def bias_forgotten(student_id):
    own = my_numbers(student_id)
    return forward_from(own, own["w1"] * own["x1"] + own["w2"] * own["x2"])


@EXERCISE.misconception(
    "You pass the pre-activation of the hidden unit on to the output units. What does a unit send?",
    f"{UNITS}#The forward pass",
)
def pre_activation_sent_on(student_id):
    own, answers = my_numbers(student_id), forward_by_hand(student_id)
    for unit in "12":
        answers[f"z_{unit}"] = own[f"v{unit}"] * answers["z_hidden"] + own[f"c{unit}"]
        answers[f"a_{unit}"] = logistic(answers[f"z_{unit}"])
    errors = [own["y1"] - answers["a_1"], own["y2"] - answers["a_2"]]
    return answers | {"cost": (errors[0] ** 2 + errors[1] ** 2) / 2}


@EXERCISE.misconception(
    "Your cost is twice what it should be: the square has a factor of one half in front.",
    f"{COST}#One pattern",
)
def half_forgotten(student_id):
    answers = forward_by_hand(student_id)
    return answers | {"cost": 2 * answers["cost"]}


@EXERCISE.misconception(
    "You average over the two output units. The cost of one pattern is a sum over them.",
    f"{COST}#One pattern",
)
def mean_over_outputs(student_id):
    answers = forward_by_hand(student_id)
    return answers | {"cost": answers["cost"] / 2}


def forward_dict(own, zs, signals):
    y = np.array([own["y1"], own["y2"]])
    return {
        "set": own["set"],
        "z_hidden": zs[0][0],
        "a_hidden": signals[1][0],
        "z_1": zs[1][0],
        "z_2": zs[1][1],
        "a_1": signals[2][0],
        "a_2": signals[2][1],
        "cost": np.sum((y - signals[2]) ** 2) / 2,
    }


@EXERCISE.misconception(
    "The pre-activations of the two output units lack their biases. Each unit has one, not only "
    "the hidden unit.",
    f"{UNITS}#The bias",
)
def output_biases_forgotten(student_id):
    own = my_numbers(student_id) | {"c1": 0, "c2": 0}
    return forward_from(own, forward_by_hand(student_id)["z_hidden"])


@EXERCISE.misconception(
    "Your z of the hidden unit is right, but its activation lies on the wrong side of one half."
    " The output units have the same mistake. Look at the sign in the exponent: a large z gives"
    " an activation near 1.",
    f"{UNITS}#The logistic function",
)
def sign_of_exponent(student_id):
    own, z_hidden = my_numbers(student_id), forward_by_hand(student_id)["z_hidden"]
    return forward_from(own, z_hidden, lambda z: logistic(-z))


@EXERCISE.right
def in_matrices(student_id):
    own, _, zs, signals = pass_of(student_id)
    return forward_dict(own, zs, signals)


@EXERCISE.right
def typed_in_matrices(student_id):
    return typed(in_matrices(student_id))


@EXERCISE.second(bias_forgotten)
def no_bias(student_id):
    own, layers, _, _ = pass_of(student_id)
    z = np.array([own["w1"] * own["x1"] + own["w2"] * own["x2"]])
    h = squash(z)
    z_out = layers[1][0] @ h + layers[1][1]
    return typed(forward_dict(own, [z, z_out], [None, h, squash(z_out)]))


@EXERCISE.second(pre_activation_sent_on)
def z_sent_on(student_id):
    own, layers, zs, signals = pass_of(student_id)
    z_out = layers[1][0] @ zs[0] + layers[1][1]
    return forward_dict(own, [zs[0], z_out], [None, signals[1], squash(z_out)])


@EXERCISE.second(half_forgotten)
def doubled(student_id):
    answers = in_matrices(student_id)
    answers["cost"] *= 2
    return typed(answers)


@EXERCISE.second(mean_over_outputs)
def halved(student_id):
    answers = in_matrices(student_id)
    answers["cost"] /= 2
    return answers


@EXERCISE.second(output_biases_forgotten)
def no_output_bias(student_id):
    own, layers, zs, signals = pass_of(student_id)
    z_out = layers[1][0] @ signals[1]
    return typed(forward_dict(own, [zs[0], z_out], [None, signals[1], squash(z_out)]))


@EXERCISE.second(sign_of_exponent)
def falling(student_id):
    own, layers, zs, _ = pass_of(student_id)
    h = 1 - squash(zs[0])
    z_out = layers[1][0] @ h + layers[1][1]
    return forward_dict(own, [zs[0], z_out], [None, h, 1 - squash(z_out)])
