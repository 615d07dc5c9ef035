"""What the package promises about its own text: docstrings, examples, sizes, import directions."""

import ast
import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import docstring_rules
import pytest
from docstring_rules import RULES, is_text, offences, parsed, section

import backprop

ROOT = Path(backprop.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
MODULES = ["backprop", *(m.name for m in pkgutil.walk_packages(backprop.__path__, "backprop."))]
MAX_LINES = 250


def function(signature: str, text: str, body: str = "pass") -> str:
    text, body = (textwrap.indent(part, "    ") for part in (text, body))
    return f'def {signature}:\n    """Do it.\n\n{text}\n    """\n{body}\n'


def parameter(slot: str, text: str = "What it is.") -> str:
    return f"Parameters\n----------\nx : {slot}\n    {text}\n"


CHECKED = "check_positive(x=x)"
RAISES = "\nRaises\n------\nValueError\n    If it is not.\n"
RETURNS = "\nReturns\n-------\nfloat\n    A number.\n"
PLANTED = {
    "text": ["def f() -> None:\n    pass\n", "class A:\n    pass\n"],
    "parameters": [
        function("f(x: int) -> None", "More."),
        function("f() -> None", parameter("int")),
        function("f(y: int, x: int) -> None", parameter("int") + "y : int\n    The other.\n"),
        'class A(NamedTuple):\n    """A."""\n\n    x: int\n',
    ],
    "shapes": [
        function("f(x: ArrayLike) -> None", parameter("ArrayLike")),
        function("f(x: int | Array) -> None", parameter("int or Array")),
        function("f(x: Sequence[Array]) -> None", parameter("sequence of Array")),
        'class A(NamedTuple):\n    """A.\n\n    Attributes\n    ----------\n    x : Array\n'
        '        X.\n    """\n\n    x: Array\n',
    ],
    "ranges": [function("f(x: float) -> None", parameter("float") + RAISES, CHECKED)],
    "returns": [
        function("f() -> float", "More."),
        function("f() -> None", RETURNS.lstrip()),
        function("f() -> Iterator[float]", "More.", "yield 1.0"),
    ],
    "raises": [
        function("f(x: float) -> None", parameter("float, > 0"), CHECKED),
        function("f() -> None", "More.", 'raise ValueError("no")'),
        function("f() -> None", "More.", "validation.check_finite(y=1)"),
        function("f() -> None", "More.", "raise ValueError"),
        'class A:\n    """A."""\n\n    def __post_init__(self) -> None:\n'
        "        check_positive(x=self.x)\n",
        function("f(x: ArrayLike) -> None", parameter("ArrayLike, any shape"),
                 'x = as_float_array(x, "x")'),
    ],
    "types": [
        function("f(x: Any) -> None", parameter("object")),
        function("f(x: dict[str, Any]) -> None", parameter("dict")),
        function("f() -> Any", RETURNS.lstrip()),
    ],
    "dialect": [
        function("f() -> None", "First.  Second."),
        function("f(x: ArrayLike) -> None", parameter("array_like, any shape")),
        function("f(x: int = 1) -> None", parameter("int, default 1")),
        '"""A module.  It is."""\n',
        'class A:\n    """A.\n\n    Attributes\n    ----------\n    x : int\n        X.\n    """\n'
        '\n    x: int\n    """X."""\n',
    ],
}  # fmt: skip
SOUND = [
    function("f(x: ArrayLike) -> float", parameter("ArrayLike, shape (n,)") + RETURNS, "return x"),
    function("f(x: float) -> None", parameter("float, > 0") + RAISES, CHECKED),
    function("f(x: float) -> None", parameter("float", "A positive number.") + RAISES, CHECKED),
    function("f(x: Callable[[Array], Array]) -> None", parameter("callable")),
    function("_f(x: Any) -> None", "Nobody but us calls it."),
    'class A:\n    """A."""\n\n    @property\n    def x(self) -> int:\n        """X."""\n',
]


@pytest.mark.parametrize("rule", RULES)
def test_the_docstrings_keep_the_rule(rule):
    found = [
        f"{path.relative_to(ROOT.parent)}:{line}: {words}"
        for path in FILES
        for broken, line, words in offences(parsed(path))
        if broken == rule
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    ("rule", "source"), [(rule, source) for rule in RULES for source in PLANTED[rule]]
)
def test_a_planted_offence_is_found_where_it_is(rule, source):
    found = list(offences(ast.parse(f"\n\n{source}")))
    assert {broken for broken, _, _ in found} == {rule}
    assert all(2 < line <= 2 + source.count("\n") for _, line, _ in found)


@pytest.mark.parametrize("source", SOUND)
def test_what_is_sound_is_left_alone(source):
    assert list(offences(ast.parse(source))) == []


def test_a_method_inherits_the_text_of_its_base_class_and_is_held_to_it():
    adaptive = {thing.name: thing for thing in docstring_rules.public(parsed(FILES_BY["adaptive"]))}
    update = adaptive["RMSprop.update"]
    assert ast.get_docstring(update.node) is None
    assert "What is to be added to the parameters" in update.text
    assert list(docstring_rules.parameters(update)) == []


FILES_BY = {path.stem: path for path in FILES}


def test_the_section_parser_reads_what_numpydoc_reads():
    text = inspect.cleandoc("""Do nothing.

        Parameters
        ----------
        a, b : int
            Two numbers: both : ignored.
        **c : float
            More.

        Returns
        -------
        int
            Nothing.
        """)
    thing = docstring_rules.Documented("f", ast.parse(f'def f():\n    """{text}"""').body[0])
    assert thing.slots == {"a": "int", "b": "int", "c": "float"}
    assert section(text, "Returns").splitlines()[0] == "int"
    assert section(text, "Raises") is None


def test_there_is_something_to_check():
    things = [thing for path in FILES for thing in docstring_rules.public(parsed(path))]
    assert sum(thing.is_function for thing in things) > 250
    assert sum("shape" in slot for thing in things for slot in thing.slots.values()) > 200


def test_ruff_asks_for_the_form_of_a_docstring():
    planted = '"""A module."""\n\nfrom __future__ import annotations\n\n\n' + "\n\n".join(
        [
            "def f() -> None:\n    pass\n",
            'def g() -> None:\n    """Do it"""\n',
            'def h() -> None:\n    """Do what needs\n    two lines.\n    """\n',
        ]
    )
    assert re.findall(r"(D\d+) ", ruff(planted)) == ["D103", "D400", "D205"]


def test_ruff_asks_for_signatures_that_read_as_they_are_written():
    assert "I002" in ruff('"""A module."""\n\nimport numpy as np\n\nX = np.ones(1)\n')


def ruff(source: str) -> str:
    command = [sys.executable, "-m", "ruff", "check", "--output-format", "concise", "--no-cache"]
    place = str(ROOT / "planted.py")
    done = subprocess.run([*command, "--stdin-filename", place, "-"], input=source,
                          encoding="utf-8", capture_output=True, cwd=ROOT.parents[1])  # fmt: skip
    return done.stdout


# ---- examples

BY_EXAMPLE = {
    "activations": ("logistic", "relu", "softmax", "tanh"),
    "datasets": ("xor",),
    "derivatives": ("gradient_check", "numerical_gradient"),
    "descent": ("descend",),
    "dual": ("Dual", "derivative", "jvp"),
    "layers": ("linear_backward", "linear_forward"),
    "losses": (
        "binary_cross_entropy_forward", "half_squared_error_forward",
        "softmax_cross_entropy_backward", "softmax_cross_entropy_forward",
    ),
    "minibatches": ("minibatches",),
    "networks": (
        "accuracy", "initialize_mlp", "mlp_backward", "mlp_forward", "mlp_loss",
        "mlp_loss_and_gradients", "mlp_predict_labels",
    ),
    "schedules": ("cosine_decay", "step_decay", "warmup"),
    "tape": ("Variable", "backward", "gradients"),
    "training": ("train",),
    "units": ("backward_pass", "forward_pass", "train_network"),
}  # fmt: skip
"""What people use first. The text of an exercise is handed out: the module's has its example.
Of the optimizers each has one: `test_optimizers.py` asks for it.
"""


def test_the_examples_in_the_docstrings_print_what_they_say(capsys):
    modules = [importlib.import_module(name) for name in MODULES]
    failed = sum(doctest.testmod(module).failed for module in modules)
    assert failed == 0, capsys.readouterr().out


def test_what_people_use_first_has_an_example():
    names = [(module, name) for module, every in BY_EXAMPLE.items() for name in every]
    assert [f"{module}.{name}" for module, name in names if not has_example(module, name)] == []


def has_example(module_name: str, name: str) -> bool:
    module = importlib.import_module(f"backprop.{module_name}")
    texts = (getattr(module, name).__doc__, module.__doc__)
    calls = (line for text in texts for line in lines(text))
    return any(re.search(rf"\b{name}\(", line) for line in calls)


def lines(text: str) -> Iterator[str]:
    for example in doctest.DocTestParser().get_examples(text or ""):
        yield example.source


# ---- sizes and imports


def docstring_lines(tree: ast.Module) -> set[int]:
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and is_text(node)]
    return {line for node in texts for line in range(node.lineno, node.end_lineno + 1)}


def lines_of_code(path: Path) -> int:
    skipped = docstring_lines(parsed(path))
    text = path.read_text(encoding="utf-8").splitlines()
    return sum(bool(line.strip()) and n not in skipped for n, line in enumerate(text, 1))


def test_no_module_is_too_long_to_read_in_one_sitting():
    sizes = {str(path): lines_of_code(path) for path in FILES}
    assert {path: size for path, size in sizes.items() if size > MAX_LINES} == {}


def imported_modules(path: Path) -> set[str]:
    """Absolute names of all modules that a file imports, wherever in the file."""
    package = ("backprop", *path.relative_to(ROOT).parent.parts)
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def is_plotting(path: Path) -> bool:
    return path.relative_to(ROOT).parts[0].startswith("plotting")


def test_the_package_imports_numpy_only_and_its_figures_matplotlib():
    allowed = {"backprop", "numpy", *sys.stdlib_module_names}
    strangers = {
        f"{path}: {name}"
        for path in FILES
        for name in imported_modules(path)
        if name.split(".")[0] not in allowed | ({"matplotlib"} if is_plotting(path) else set())
    }
    assert strangers == set()


def test_nothing_imports_plotting_but_plotting():
    others = [path for path in FILES if not is_plotting(path)]
    imported = [(path, name) for path in others for name in imported_modules(path)]
    assert [pair for pair in imported if pair[1].startswith("backprop.plotting")] == []


def test_no_module_is_called_utils():
    assert not [name for name in MODULES if re.search("util|helper|misc|common", name)]
