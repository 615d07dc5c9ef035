"""One order of arguments over the whole package, options by their names, one name for one thing.

Read from the source, as the docstrings are. The decision, with its reasons, stands in the book:
``book/developing/decisions.md``.
"""

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from docstring_rules import HANDED_OUT, ROOT, Documented, Offence, parsed, public

from backprop import (
    activations,
    columns,
    descent,
    layers,
    networks,
    plotting,
    tensors,
    training,
    units,
)
from backprop.optimizers import Adam
from backprop.running_example import running_example

PLACES = (
    ("functions and their derivatives", "f function derivative schedule output"),
    ("sizes", "n n_in n_out sizes points condition"),
    ("what is trained", "params network weights biases theta start tree"),
    (
        "what is added to it, or comes from behind",
        "grads gradients updates changes dA dS dY dY_hat d_loss d_penalty delta deltas deltas_next",
    ),
    ("state of an optimizer", "state previous"),
    (
        "data, and what was computed from them",
        "x X Phi inputs a activations prediction Y_hat analytic numerical value row",
    ),
    ("targets", "y Y labels"),
    ("directions", "v V u U du dv df dg upstream"),
    ("cache", "cache caches"),
    ("an index", "layer i j index operand"),
    ("how it is done", "loss_and_gradients gradient optimizer"),
    (
        "numbers",
        "learning_rate momentum batch_size steps step t l2 h half explicit classes shape "
        "initial factor every low high name kind",
    ),
    ("random numbers", "rng"),
)
"""From the first place to the last; a name has one place in the whole package."""

OPERANDS = (
    "A B G J J_f J_g J_u J_v M T W W_next Z b e g s w z "
    "slopes outer inner partials rates factors jvps vjps"
)
"""They stand as in the formula: ``XW + b`` is ``(X, W, b)``, ``Wx + b`` is ``(W, x, b)``."""

CALLED_ALIKE = ("zeros",)
"""An initializer is called as ``(n_in, n_out, rng)``, whether it needs random numbers or not."""

AS_IN_NUMPY = ("axis", "keepdims")

FREE = frozenset(OPERANDS.split())
PLACE = {name: place for place, (_, names) in enumerate(PLACES) for name in names.split()}
BEHIND, TARGETS, DIRECTIONS, CACHE = (
    next(place for place, (title, _) in enumerate(PLACES) if title.startswith(start))
    for start in ("what is added", "targets", "directions", "cache")
)


def positional(thing: Documented) -> list[str]:
    arguments = thing.node.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    return [name for name in names if name not in ("self", "cls")]


def order(thing: Documented) -> Iterator[str]:
    """Parameters, then data, then targets, then how, then numbers."""
    names = positional(thing)
    for name in names:
        if name not in (*PLACE, *FREE, *AS_IN_NUMPY):
            yield f"{name} has no place: say in PLACES which"
    for before, after in pairwise(name for name in names if name in PLACE):
        if PLACE[before] > PLACE[after]:
            titles = [PLACES[PLACE[name]][0] for name in (after, before)]
            yield f"{before} stands before {after}; expected {titles[0]}, then {titles[1]}"


def backward(thing: Documented) -> Iterator[str]:
    """A backward pass takes what comes from behind first and its cache last."""
    if thing.name.endswith("_backward"):
        names = positional(thing)
        ends = [PLACE.get(name) for name in (names[0], names[-1])]
        if ends not in ([BEHIND, CACHE], [TARGETS, CACHE]):
            yield f"takes {names}; expected an upstream gradient or the target, then the cache"


def products(thing: Documented) -> Iterator[str]:
    """A product with a Jacobian takes the place first and the direction last."""
    if thing.name.endswith(("_jvp", "_vjp")):
        are = [PLACE.get(name) == DIRECTIONS for name in positional(thing)]
        if are != sorted(are):
            yield f"takes {positional(thing)}; expected the direction last"


def options(thing: Documented) -> Iterator[str]:
    """What has a default is passed by its name."""
    given = thing.node.args.defaults
    late = positional(thing)[-len(given) :] if given else []
    late = [name for name in late if name not in AS_IN_NUMPY]
    if late and thing.name not in (*HANDED_OUT, *CALLED_ALIKE):
        yield f"takes {late} by position; expected * before them"


RULES = (order, backward, products, options)


def offences(tree: ast.Module) -> Iterator[tuple[str, Offence]]:
    for thing in public(tree):
        if thing.is_function and not thing.is_property:
            for rule in RULES:
                for words in rule(thing):
                    yield rule.__name__, (thing.node.lineno, f"{thing.name}: {words}")


def modules() -> dict[str, ast.Module]:
    """All modules of the package but those that draw."""
    paths = {str(path.relative_to(ROOT)): path for path in sorted(ROOT.rglob("*.py"))}
    return {name: parsed(path) for name, path in paths.items() if "plotting" not in name}


@pytest.mark.parametrize("rule", [rule.__name__ for rule in RULES])
def test_every_signature_keeps_the_rule(rule):
    found = [
        f"{name}:{line}: {words}"
        for name, tree in modules().items()
        for broken, (line, words) in offences(tree)
        if broken == rule
    ]
    assert not found, "\n".join(["", *found])


PLANTED = {
    "order": [
        "mlp_forward(X, params)",
        "column_forward(x, weights, biases)",
        "train(params, loss_and_gradients, optimizer, X, Y)",
        "training_step(params, X, Y, state)",
        "descend(gradient, optimizer, start, steps)",
        "loss(params, Y, X)",
        "step(params, learning_rate, grads)",
        "draw(rng, sizes)",
        "forward(parameters, X)",
    ],
    "backward": [
        "column_backward(y, cache, layer)",
        "loss_backward(cache)",
        "other_backward(Z, cache)",
    ],
    "products": ["map_vjp(u, T)", "map_jvp(v, A)"],
    "options": ["minibatches(X, Y, batch_size, rng=None)", "mlp_loss(params, X, Y, l2=0.0)"],
}
SOUND = [
    "linear_forward(X, W, b)",
    "layer_preactivation(W, x, b)",
    "linear_backward(dY, cache)",
    "column_backward(y, cache, *, variant='half')",
    "train(params, X, Y, loss_and_gradients, optimizer, *, epochs, batch_size)",
    "training_step(params, state, X, Y, loss_and_gradients, optimizer)",
    "update(grads, state)",
    "tensor_vjp(T, U)",
    "central_difference(f, x, h=1e-6)",
    "sum(axis=None, keepdims=False)",
    "_forward(X, params)",
]


def source(signature: str) -> ast.Module:
    return ast.parse(f"def {signature}: ...")


@pytest.mark.parametrize(
    ("rule", "signature"), [(rule, each) for rule in PLANTED for each in PLANTED[rule]]
)
def test_a_planted_signature_is_found(rule, signature):
    assert {broken for broken, _ in offences(source(signature))} == {rule}


@pytest.mark.parametrize("signature", SOUND)
def test_a_sound_signature_is_left_alone(signature):
    assert list(offences(source(signature))) == []


def test_all_offenders_are_listed_at_once():
    tree = ast.parse("def f(X, params): ...\n\ndef g(Y, X): ...\n")
    assert [line for _, (line, _) in offences(tree)] == [1, 3]


def test_figures_take_their_options_by_name():
    parameters = {
        name: inspect.signature(getattr(plotting, name)).parameters.values()
        for name in plotting.__all__
        if inspect.isfunction(getattr(plotting, name))
    }
    late = {
        name: [p.name for p in of if p.default is not p.empty and p.kind is not p.KEYWORD_ONLY]
        for name, of in parameters.items()
    }
    assert {name: names for name, names in late.items() if names} == {}


# ---- names


def homes(trees: dict[str, ast.Module]) -> dict[str, list[str]]:
    """In which modules each public function and class is defined."""
    found = defaultdict(list)
    for module, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(module)
    return found


def test_a_name_is_defined_in_one_module():
    assert {name: at for name, at in homes(modules()).items() if len(at) > 1} == {}


def test_a_name_that_is_defined_twice_is_found():
    twice = {"units.py": source("train(network)"), "training.py": source("train(params)")}
    assert homes(twice) == {"train": ["units.py", "training.py"]}


def test_every_name_in_a_place_is_used():
    used = {
        name
        for tree in modules().values()
        for thing in public(tree)
        if thing.is_function
        for name in positional(thing)
    }
    assert sorted({*PLACE, *FREE} - used) == []


# ---- calls in another order

EXAMPLE = running_example()
X, Y, x, y = EXAMPLE.X, EXAMPLE.Y, EXAMPLE.X[0], EXAMPLE.Y[0]
PARAMS = [networks.Layer(EXAMPLE.W1, EXAMPLE.b1), networks.Layer(EXAMPLE.W2, EXAMPLE.b2)]
NETWORK = EXAMPLE.unit_network
LOSS, ADAM = networks.mlp_loss_and_gradients, Adam()
STATE = ADAM.init(PARAMS)
OUTPUT, CACHES = networks.mlp_forward(PARAMS, X)
WEIGHTS, BIASES = [layer.W for layer in NETWORK], [layer.b for layer in NETWORK]
COLUMN = columns.column_forward(WEIGHTS, BIASES, x)
LAYERS_FIRST = r"params(\[0\])? .*, expected layers \(W, b\); the parameters come before the data"
NETWORK_FIRST = LAYERS_FIRST.replace("params", "network")
RECTANGLE = "must be a rectangular array"
CACHE_LAST = "cache has shape .* comes first, then the cache"
HOW = "is of type .*, expected .*; parameters come first, then the data"
RUN = {"epochs": 1, "batch_size": 2}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: networks.mlp_forward(X, PARAMS), LAYERS_FIRST),
        (lambda: networks.mlp_forward(X.tolist(), PARAMS), LAYERS_FIRST),
        (lambda: networks.mlp_forward(X[:, :2].tolist(), PARAMS), LAYERS_FIRST),
        (lambda: networks.mlp_loss(X, PARAMS, Y), LAYERS_FIRST),
        (lambda: networks.mlp_loss(PARAMS, Y, X), "W has 4 rows but X has 3 columns"),
        (lambda: networks.mlp_loss_and_gradients(X, Y, PARAMS), LAYERS_FIRST),
        (lambda: networks.mlp_predict_probabilities(X, PARAMS), LAYERS_FIRST),
        (lambda: networks.mlp_predict_labels(X, PARAMS), LAYERS_FIRST),
        (lambda: networks.accuracy(X, PARAMS, [0] * 5), LAYERS_FIRST),
        (lambda: networks.mlp_backward(CACHES, OUTPUT), CACHE_LAST),
        (lambda: networks.mlp_input_gradient(CACHES, OUTPUT), RECTANGLE),
        (lambda: layers.linear_backward(CACHES[0].linear, X @ EXAMPLE.W1), CACHE_LAST),
        (lambda: activations.relu_backward(CACHES[0].activation, X @ EXAMPLE.W1), CACHE_LAST),
        (lambda: columns.column_forward(x, WEIGHTS, BIASES), "2 biases but 4 weights"),
        (lambda: columns.column_backward(COLUMN, y), CACHE_LAST),
        (lambda: columns.column_deltas(COLUMN, y), CACHE_LAST),
        (lambda: columns.loss_prefixes(COLUMN, y), CACHE_LAST),
        (lambda: columns.bias_gradient_factors(COLUMN, y, 1), CACHE_LAST),
        (lambda: columns.entry_derivative(COLUMN, y, 1, 0, 0), CACHE_LAST),
        (lambda: columns.layer_jacobian(1, COLUMN), "cache is 1, .* then the cache"),
        (lambda: training.train(PARAMS, LOSS, ADAM, X, Y, **RUN), HOW),
        (lambda: training.train(PARAMS, X, Y, ADAM, LOSS, **RUN), HOW),
        (lambda: training.train(X, Y, PARAMS, LOSS, ADAM, **RUN), RECTANGLE),
        (lambda: training.training_step(PARAMS, STATE, ADAM, LOSS, X, Y), HOW),
        (lambda: training.training_step(X, STATE, PARAMS, Y, LOSS, ADAM), LAYERS_FIRST),
        (lambda: training.training_step(PARAMS, STATE, X, Y, LOSS, LOSS), HOW),
        (lambda: descent.descend(np.negative, ADAM, [1.0], 3), HOW),
        (lambda: descent.descend([1.0], ADAM, np.negative, 3), HOW),
        (lambda: units.forward_pass(x, NETWORK), NETWORK_FIRST),
        (lambda: units.backward_pass([x, x], NETWORK, y), NETWORK_FIRST),
        (lambda: units.train_step(x, NETWORK, y, 1.0), NETWORK_FIRST),
        (lambda: units.batch_gradients(X, NETWORK, Y), RECTANGLE),
        (lambda: tensors.tensor_vjp(np.ones(2), np.ones((2, 3))), "T has shape"),
    ],
)
def test_a_call_in_another_order_is_refused_in_words(call, says):
    with pytest.raises(ValueError, match=says):
        call()
