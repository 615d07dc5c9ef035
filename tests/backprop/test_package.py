"""The package as a whole: its map, its modules on demand, its types."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import backprop

ROOT = Path(backprop.__file__).parents[2]
MODULES = sorted(module.name for module in pkgutil.iter_modules(backprop.__path__))
FOLDERS = {"1": "chain_rule", "2": "jacobians", "3": "matrix_backprop", "4": "optimizers"}


def the_map() -> dict[str, dict[str, str]]:
    """What ``help(backprop)`` says of each module, under the titles of its parts."""
    parts = re.findall(r"^(\S.*)\n\n((?:  \w+ +\S.*\n)+)", backprop.__doc__, re.M)
    return {title: dict(re.findall(r"^  (\w+) +(.*)$", rows, re.M)) for title, rows in parts}


def test_the_map_holds_every_module_once():
    assert sorted(name for rows in the_map().values() for name in rows) == MODULES


def test_the_map_says_of_each_module_what_its_docstring_begins_with():
    for rows in the_map().values():
        for name, line in rows.items():
            summary = importlib.import_module(f"backprop.{name}").__doc__.splitlines()[0]
            assert summary.startswith(line.rstrip(".")), name


def test_a_page_of_its_chapter_imports_each_module():
    for title, rows in the_map().items():
        chapter = re.match(r"Chapter (\d), ", title)
        pages = (ROOT / "book" / FOLDERS[chapter[1]]).glob("*.md") if chapter else ()
        text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
        imported = set(re.findall(r"\bbackprop\.(\w+)|from backprop import (\w+)", text))
        names = {name for pair in imported for name in pair}
        assert not chapter or rows.keys() <= names, title


def test_the_letters_of_the_sources_are_those_of_the_book():
    rows = re.findall(
        r"^\| ([A-Z]) \|", (ROOT / "book/sources/index.md").read_text(encoding="utf-8"), re.M
    )
    legend = re.findall(r"\b([A-Z]), the ", " ".join(backprop.__doc__.split()))
    assert sorted(legend) == sorted(rows)


def fresh(code: str) -> str:
    """What a new process prints, in which nothing of ours is loaded."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


def test_importing_the_package_loads_none_of_its_modules_and_no_numpy():
    before = "import sys; before = set(sys.modules); import backprop; "
    loaded = fresh(before + "print(*sorted(set(sys.modules) - before))")
    assert set(loaded.split()) <= {"backprop", "__future__"}


def test_a_module_is_loaded_when_it_is_asked_for():
    loaded = fresh(
        "import sys, backprop; backprop.dual.Dual(1, 1); import backprop.tape as tape; "
        "assert backprop.tape is tape; print(*sys.modules)"
    ).split()
    assert "backprop.dual" in loaded
    assert "backprop.networks" not in loaded


def test_every_module_is_listed_and_can_be_asked_for():
    assert {*MODULES, "__version__"} <= set(dir(backprop))
    assert sorted({*backprop.__all__, "plotting"}) == MODULES
    for name in MODULES:
        assert getattr(backprop, name).__name__ == f"backprop.{name}"


def test_a_module_that_there_is_not_is_refused_by_its_name():
    with pytest.raises(AttributeError, match="module 'backprop' has no attribute 'nonsense'"):
        backprop.nonsense  # noqa: B018


def test_without_matplotlib_only_the_figures_are_missing_and_help_still_works():
    output = fresh(
        "import sys; sys.modules['matplotlib'] = None\n"
        "import backprop, pydoc\n"
        "assert 'Chapter 1' in pydoc.render_doc(backprop)\n"
        "try: backprop.plotting\n"
        "except AttributeError as error: print(error)\n"
    )
    assert "backprop.plotting needs matplotlib" in output


def test_help_opens_with_a_signature_that_can_be_read():
    header = fresh(
        "import pydoc; from backprop.layers import linear_forward; "
        "print(pydoc.plain(pydoc.render_doc(linear_forward)).splitlines()[2])"
    )
    plain = "linear_forward(X: ArrayLike, W: ArrayLike, b: ArrayLike) -> tuple[Array, LinearCache]"
    assert header.replace("'", "").strip() == plain


# ---- types

SOUND = """
import numpy as np

import backprop
from backprop.datasets import load_digits
from backprop.descent import descend
from backprop.dual import Dual, derivative
from backprop.networks import accuracy, initialize_mlp, mlp_backward, mlp_forward
from backprop.networks import mlp_input_gradient, mlp_loss_and_gradients
from backprop.optimizers import Adam, Nesterov, apply_updates
from backprop.tape import Variable, backward
from backprop.training import train, training_step
from backprop.validation import Array

def trained(rng: np.random.Generator) -> float:
    X, labels = load_digits()
    params = initialize_mlp([64, 32, 10], rng)
    params, history = train(params, X, labels, mlp_loss_and_gradients, Adam(1e-3),
                            epochs=3, batch_size=32, metrics={"mine": lambda p: p[0].W.max()})
    print(history.epochs[-1].metrics["mine"])
    return accuracy(params, X, labels)

def stepped() -> Array:
    optimizer, params = Nesterov(0.1), {"W": np.ones((2, 2))}
    state = optimizer.init(params)
    updates, state = optimizer.update(optimizer.lookahead(params, state), state)
    print(state.velocity)
    return apply_updates(params, updates)["W"]

def differentiated(x: Array) -> Array:
    y = Variable(x) * 2 + 1
    print(derivative(lambda d: d * d, 3.0), Dual(1.0, 1.0).T.value)
    return backward((y * y).sum())[y]

def passed() -> Array:
    params = initialize_mlp([2, 3], np.random.default_rng(0))
    Y_hat, caches = mlp_forward(params, [[1, 2]])
    print(mlp_backward(Y_hat, caches)[0].W, backprop.layers, backprop.__version__)
    return mlp_input_gradient([[1, 2, 3]], caches)

def walked() -> Array:
    return descend([1.0, 2.0], lambda x: 2 * x, Adam(), steps=3)
"""
FAULTS = """
from backprop.layers import linear_forward
from backprop.networks import mlp_input_gradient
from backprop.optimizers import Adam, Momentum

def f(x):  # no-untyped-def
    return x

linear_forward(1, 2)  # call-arg
Adam().update(1.0, Momentum().init(1.0))  # arg-type
x: list[int] = mlp_input_gradient([[1]], [])  # assignment
"""


@pytest.mark.slow
def test_who_uses_the_package_with_types_gets_them(tmp_path):
    (tmp_path / "sound.py").write_text(SOUND, encoding="utf-8")
    (tmp_path / "faults.py").write_text(FAULTS, encoding="utf-8")
    settings = ["--config-file", "pyproject.toml", "--cache-dir", str(tmp_path / "cache")]
    files = [str(tmp_path / "sound.py"), str(tmp_path / "faults.py")]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *settings, *files],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    found = re.findall(r"(\w+\.py):(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.M)
    lines = enumerate(FAULTS.splitlines(), 1)
    expected = [("faults.py", str(n), line.split("# ")[1]) for n, line in lines if "# " in line]
    assert found == expected, done.stdout + done.stderr
