"""What the package promises about its own text: docstrings, sizes and import directions."""

import ast
import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

import backprop

ROOT = Path(backprop.__file__).parent
SUBMODULES = sorted(module.name for module in pkgutil.walk_packages(backprop.__path__, "backprop."))
MODULES = ["backprop", *SUBMODULES]
# A function that calls one of these raises ValueError, although it does not say `raise` itself.
VALIDATORS = re.compile(r"\b(raise ValueError|as_float_\w+\(|check_\w+\()")
MAX_LINES = 250


def public_objects(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Public functions and classes that the module defines, with the public methods."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield name, thing
        elif inspect.isclass(thing):
            yield name, thing
            for method, function in vars(thing).items():
                if not method.startswith("_") and is_method(function, module):
                    yield f"{name}.{method}", function


def is_method(thing: object, module: ModuleType) -> bool:
    """Whether an attribute is a method of this module; matplotlib adds own ones to subclasses."""
    kinds = property | cached_property | classmethod | staticmethod
    if not (inspect.isfunction(thing) or isinstance(thing, kinds)):
        return False
    return getattr(underlying(thing), "__module__", None) == module.__name__


def underlying(thing: object) -> Callable:
    if isinstance(thing, property):
        return thing.fget
    if isinstance(thing, cached_property):
        return thing.func
    return getattr(thing, "__func__", thing)


def objects(kind: Callable[[object], bool]) -> list:
    return [
        pytest.param(thing, id=f"{module_name}.{name}")
        for module_name in MODULES
        for name, thing in public_objects(importlib.import_module(module_name))
        if kind(thing)
    ]


FUNCTIONS = objects(lambda thing: not inspect.isclass(thing))
CLASSES = objects(inspect.isclass)


def section(thing: object, title: str) -> str | None:
    """Text of a numpydoc section, or None where there is no such section."""
    lines = (inspect.getdoc(thing) or "").splitlines()
    for start, line in enumerate(lines[:-1]):
        if line == title and lines[start + 1] == "-" * len(title):
            body = lines[start + 2 :]
            ends = [k for k in range(len(body) - 1) if re.fullmatch("-{3,}", body[k + 1])]
            return "\n".join(body[: ends[0]] if ends else body)
    return None


def documented_parameters(text: str | None) -> dict[str, str]:
    """Type slot of each documented parameter; ``a, b : int`` documents both."""
    slots = {}
    for line in (text or "").splitlines():
        match = re.match(r"([*\w][\w*, ]*?)\s*:\s+(.+)", line)
        if match and not line.startswith(" "):
            for name in match[1].split(","):
                slots[name.strip().lstrip("*")] = match[2]
    return slots


def signature_of(thing: object) -> inspect.Signature:
    signature = inspect.signature(underlying(thing))
    kept = [p for p in signature.parameters.values() if p.name not in ("self", "cls")]
    return signature.replace(parameters=kept)


def annotations_of(thing: object) -> dict[str, str]:
    """Annotations as the source writes them: the alias Array hides an Any of NumPy's own."""
    source = textwrap.dedent(inspect.getsource(underlying(thing)))
    node = ast.parse(source).body[0]
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    texts = {a.arg: ast.unparse(a.annotation) if a.annotation else "" for a in every}
    texts["return"] = ast.unparse(node.returns) if node.returns else ""
    return {name: text for name, text in texts.items() if name not in ("self", "cls")}


def fields_with_text(thing: type) -> list[str]:
    """Fields that are followed by a string of their own, as Sphinx reads them."""
    body = ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0].body
    return [
        field.target.id
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign) and is_text(text)
    ]


def is_array(text: str) -> bool:
    """Whether an argument is one array, rather than a collection or a function of arrays."""
    return bool(re.search(r"(^|\| )(Array|ArrayLike|np\.ndarray)\b", text))


@pytest.mark.parametrize("thing", [*FUNCTIONS, *CLASSES])
def test_everything_public_has_a_summary_that_is_one_sentence(thing):
    paragraphs = (inspect.getdoc(thing) or "").split("\n\n")
    assert paragraphs[0].strip(), "there is no docstring"
    assert paragraphs[0].endswith("."), f"the summary ends without a full stop: {paragraphs[0]!r}"
    assert "\n" not in paragraphs[0], f"the summary needs more than one line: {paragraphs[0]!r}"


@pytest.mark.parametrize("thing", FUNCTIONS)
def test_documented_parameters_are_those_of_the_signature(thing):
    documented = documented_parameters(section(thing, "Parameters"))
    assert list(documented) == list(signature_of(thing).parameters)


@pytest.mark.parametrize("thing", FUNCTIONS)
def test_every_array_argument_says_its_shape(thing):
    documented = documented_parameters(section(thing, "Parameters"))
    variadic = [
        p.name for p in signature_of(thing).parameters.values() if p.kind is p.VAR_POSITIONAL
    ]
    arrays = [name for name, text in annotations_of(thing).items() if is_array(text)]
    needed = [name for name in arrays if name not in ("return", *variadic)]
    assert [name for name in needed if "shape" not in documented.get(name, "")] == []


@pytest.mark.parametrize("thing", FUNCTIONS)
def test_what_is_returned_is_documented_and_nothing_else(thing):
    returns = annotations_of(thing)["return"]
    documented = section(thing, "Returns") or section(thing, "Yields")
    if isinstance(thing, property | cached_property) and documented is None:
        return  # an attribute to its reader: the summary says what it is
    assert (documented is not None) == (returns != "None"), f"returns {returns}"


@pytest.mark.parametrize("thing", FUNCTIONS)
def test_whatever_raises_a_value_error_says_so(thing):
    source = inspect.getsource(underlying(thing))
    body = source.replace(underlying(thing).__doc__ or "", "").split(":\n", 1)[-1]
    if VALIDATORS.search(body):
        assert "ValueError" in (section(thing, "Raises") or ""), "there is no Raises section"


@pytest.mark.parametrize("thing", FUNCTIONS)
def test_public_signatures_are_annotated_without_any(thing):
    annotations = annotations_of(thing)
    missing = [name for name, text in annotations.items() if not text]
    loose = [name for name, text in annotations.items() if re.search(r"\bAny\b", text)]
    assert (missing, loose) == ([], [])


@pytest.mark.parametrize("thing", CLASSES)
def test_classes_document_their_fields_or_their_parameters(thing):
    documented = documented_parameters(section(thing, "Parameters"))
    documented |= documented_parameters(section(thing, "Attributes"))
    documented |= dict.fromkeys(fields_with_text(thing))
    if hasattr(thing, "_fields"):
        expected = list(thing._fields)
    elif dataclasses.is_dataclass(thing):
        expected = [field.name for field in dataclasses.fields(thing) if field.init]
    elif "__init__" in vars(thing):
        expected = list(signature_of(thing.__init__).parameters)
    else:
        expected = []
    assert [name for name in expected if name not in documented] == []


@pytest.mark.parametrize("module_name", MODULES)
def test_the_examples_in_the_docstrings_print_what_they_say(module_name):
    result = doctest.testmod(importlib.import_module(module_name))
    assert result.failed == 0


# ---- sizes and imports


def files() -> list:
    return [
        pytest.param(path, id=str(path.relative_to(ROOT))) for path in sorted(ROOT.rglob("*.py"))
    ]


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is a bare string: a docstring, or the text of an attribute."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def docstring_lines(tree: ast.Module) -> set[int]:
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and is_text(node)]
    return {line for node in texts for line in range(node.lineno, node.end_lineno + 1)}


@pytest.mark.parametrize("path", files())
def test_no_module_is_too_long_to_read_in_one_sitting(path):
    text = path.read_text(encoding="utf-8")
    skipped = docstring_lines(ast.parse(text))
    code = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() and n not in skipped]
    assert len(code) <= MAX_LINES


def imported_modules(path: Path) -> set[str]:
    """Absolute names of all modules that a file imports, wherever in the file."""
    package = ("backprop", *path.relative_to(ROOT).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", files())
def test_the_package_imports_numpy_only_and_nothing_imports_plotting(path):
    allowed = {"backprop", "numpy", *sys.stdlib_module_names}
    is_plotting = path.relative_to(ROOT).parts[0].startswith("plotting")
    if is_plotting:
        allowed.add("matplotlib")
    imported = imported_modules(path)
    assert {name.split(".")[0] for name in imported} <= allowed
    if not is_plotting:
        assert not [name for name in imported if name.startswith("backprop.plotting")]


def test_no_module_is_called_utils():
    assert not [name for name in MODULES if re.search("util|helper|misc|common", name)]


# ---- the checks themselves


def test_the_section_parser_reads_what_numpydoc_reads():
    def sample(a: int, b: int, **c: float) -> int:
        """Do nothing.

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
        """

    assert documented_parameters(section(sample, "Parameters")) == {
        "a": "int",
        "b": "int",
        "c": "float",
    }
    assert section(sample, "Returns").splitlines()[0] == "int"
    assert section(sample, "Raises") is None


def test_there_is_something_to_check():
    assert len(FUNCTIONS) > 100
    assert len(MODULES) > 10
