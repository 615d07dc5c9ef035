"""What only we ask of the docstrings of the reference package, read from its source.

Ruff holds their form. Here is what their readers rely on: parameters by their names, arrays with
their shapes, numbers with their ranges, what comes back, what is raised, and one dialect.
``make lint`` calls this file, which prints every offence with its place.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2] / "solutions/backprop"
# A function that calls one of these raises ValueError, although it does not say `raise` itself.
VALIDATORS = re.compile(r"as_float_\w+|check_\w+")
RANGE = re.compile(
    r"[<≤≥]|(?<!-)>|\bfrom \d|\bbetween\b|\bpositive\b|\bnegative\b|\bgreater\b|\bat least\b"
)
BARE_ARRAY = re.compile(r"(^|\| |\[)(Array|ArrayLike|np\.ndarray)\b")
HANDED_OUT = ("central_difference", "least_squares_gradient", "total_derivative")
"""Exercises whose stub names the default: what students have been given stays to the letter."""

CONSTRUCTORS = ("__init__", "__post_init__")

Function = ast.FunctionDef
Offence = tuple[int, str]
"""Line, and what is wrong there."""


@dataclass(frozen=True, eq=False)
class Documented:
    """A public function, method or class."""

    name: str
    node: Function | ast.ClassDef
    base: "Documented | None" = None

    @cached_property
    def text(self) -> str:
        """Docstring; that of the base class where the method has none of its own."""
        inherited = self.base.text if self.base else ""
        return ast.get_docstring(self.node) or inherited

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, Function)

    @property
    def is_property(self) -> bool:
        return any("property" in ast.unparse(name) for name in self.node.decorator_list)

    @cached_property
    def body(self) -> list[ast.AST]:
        """All that a call runs: of a class, what makes an instance."""
        parts = self.node.body
        if not self.is_function:
            parts = [node for node in parts if getattr(node, "name", "") in CONSTRUCTORS]
        return [node for part in parts for node in ast.walk(part)]

    @cached_property
    def annotations(self) -> dict[str, str]:
        """Annotations as the source writes them; those of the fields where this is a class."""
        if not self.is_function:
            init = next((n for n in self.node.body if getattr(n, "name", "") == "__init__"), None)
            if init:
                return without(Documented(self.name, init).annotations, "return")
            fields = [node for node in self.node.body if isinstance(node, ast.AnnAssign)]
            texts = {ast.unparse(node.target): ast.unparse(node.annotation) for node in fields}
            return {name: text for name, text in texts.items() if "ClassVar" not in text}
        arguments = self.node.args
        every = [*arguments.posonlyargs, *arguments.args]
        every += [argument for argument in (arguments.vararg,) if argument]
        every += [*arguments.kwonlyargs, *(a for a in (arguments.kwarg,) if a)]
        texts = {a.arg: ast.unparse(a.annotation) if a.annotation else "" for a in every}
        texts["return"] = ast.unparse(self.node.returns) if self.node.returns else ""
        return without(texts, "self", "cls")

    @property
    def variadic(self) -> list[str]:
        arguments = self.node.args if self.is_function else ast.arguments()
        starred = (getattr(arguments, kind, None) for kind in ("vararg", "kwarg"))
        return [argument.arg for argument in starred if argument]

    @cached_property
    def slots(self) -> dict[str, str]:
        """Type slot of each documented parameter or field; ``a, b : int`` documents both."""
        return {name: slot for name, slot, _ in self.entries}

    @cached_property
    def entries(self) -> list[tuple[str, str, str]]:
        """Name, type slot and text of all that Parameters and Attributes document."""
        found = []
        for part in (self.section("Parameters"), self.section("Attributes")):
            for match in re.finditer(
                r"^([*\w][\w*, ]*?)\s*: (.+)\n?((?: .*\n?|\n)*)", part or "", re.M
            ):
                found += [(n.strip(" *"), match[2], match[3]) for n in match[1].split(",")]
        return found

    def section(self, title: str) -> str | None:
        """Text of a numpydoc section, or None where there is no such section."""
        return section(self.text, title)


def section(text: str, title: str) -> str | None:
    """Text of a numpydoc section of a docstring, or None where there is no such section."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=\n\S[^\n]*\n-{{3,}}\n|\Z)", text, re.M | re.S)
    return found[1].strip("\n") if found else None


def without(texts: dict[str, str], *names: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name not in names}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def classes(root: Path = ROOT) -> dict[str, ast.ClassDef]:
    """Every class of the package by its name: whom a method may inherit its text from."""
    trees = [parsed(path) for path in root.rglob("*.py")]
    return {
        node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)
    }


def public(tree: ast.Module) -> Iterator[Documented]:
    """Public functions and classes of a module, with the public methods."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield Documented(node.name, node)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from methods(node)


def methods(owner: ast.ClassDef) -> Iterator[Documented]:
    for node in owner.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield Documented(f"{owner.name}.{node.name}", node, overridden(owner, node.name))


def overridden(owner: ast.ClassDef, method: str) -> Documented | None:
    """The method of a base class that a method takes the place of."""
    for base in owner.bases:
        parent = classes().get(ast.unparse(base).partition("[")[0])
        if parent:
            found = [thing for thing in methods(parent) if thing.node.name == method]
            return found[0] if found else overridden(parent, method)
    return None


# ---- the rules


def text(thing: Documented) -> Iterator[str]:
    """Everything public says what it is, if only by what it inherits."""
    if not thing.text:
        yield "has no docstring, and none to inherit"


def parameters(thing: Documented) -> Iterator[str]:
    """Parameters are documented in the order of the signature, fields and arguments all."""
    expected, found = list(without(thing.annotations, "return")), list(thing.slots)
    if thing.is_function and found != expected:
        yield f"documents the parameters {found}, has {expected}"
    if not thing.is_function and (missing := [name for name in expected if name not in found]):
        yield f"does not document {missing}, under Attributes or Parameters"


def shapes(thing: Documented) -> Iterator[str]:
    """Every array that goes in, and every field that holds arrays, says its shape."""
    for name, annotation in without(thing.annotations, "return", *thing.variadic).items():
        is_array = BARE_ARRAY.search(annotation) and "Callable" not in annotation
        if is_array and name in thing.slots and "shape" not in thing.slots[name]:
            yield f"{name} : {thing.slots[name]} does not say its shape"


def ranges(thing: Documented) -> Iterator[str]:
    """A number that is refused outside of a range says which."""
    calls = [node for node in thing.body if isinstance(node, ast.Call)]
    checked = {
        keyword.arg
        for call in calls
        if ast.unparse(call.func) in ("check_between", "check_positive")
        for keyword in call.keywords
    }
    for name, slot, explanation in thing.entries:
        if name in checked and not RANGE.search(slot + explanation):
            yield f"{name} : {slot} does not say its range"


def returns(thing: Documented) -> Iterator[str]:
    """What comes back is documented, and nothing where nothing comes back."""
    documented = thing.section("Returns") or thing.section("Yields")
    promised = thing.annotations.get("return", "None")
    if promised == "" or (thing.is_property and documented is None):
        return  # mypy asks for the type; a property is an attribute, and the summary says which
    if (documented is not None) != (promised != "None"):
        yield f"returns {promised}, and documents {'something' if documented else 'nothing'}"


def raises(thing: Documented) -> Iterator[str]:
    """Whatever raises a ValueError, or calls what does, says so."""
    called = [node.func for node in thing.body if isinstance(node, ast.Call)]
    called += [node.exc for node in thing.body if isinstance(node, ast.Raise) and node.exc]
    names = {ast.unparse(function).rpartition(".")[2] for function in called}
    can = "ValueError" in names or any(map(VALIDATORS.fullmatch, names))
    if can and "ValueError" not in (thing.section("Raises") or ""):
        yield "can raise a ValueError, and has no Raises section that says when"


def types(thing: Documented) -> Iterator[str]:
    """No type of a public signature is open."""
    for name, annotation in thing.annotations.items():
        if re.search(r"\bAny\b", annotation):
            yield f"{name} is annotated {annotation}: say which"


def dialect(tree: ast.Module) -> Iterator[Offence]:
    """One blank after a full stop, ArrayLike, no defaults in slots, fields under Attributes."""
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef | ast.Module) and ast.get_docstring(node):
            given = getattr(node, "name", "") in HANDED_OUT
            start = node.body[0].lineno
            for line, words in enumerate(node.body[0].value.value.splitlines(), start):
                if re.search(r"^(?!\s*\.\.\.).*\S[.!?]  +[^\W\d_(`*]", words):
                    yield line, "two blanks after a full stop: one"
                if "array_like" in words:
                    yield line, "array_like: ArrayLike, with its shape"
                if re.match(r"\s+[*\w][\w*, ]* : .*\bdefault\b", words) and not given:
                    yield line, "a default in a type slot: the signature has it"
        if isinstance(node, ast.ClassDef):
            for field, after in zip(node.body, node.body[1:], strict=False):
                if isinstance(field, ast.AnnAssign) and is_text(after):
                    yield after.lineno, "a string below a field, which help() does not show"


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is a bare string: a docstring, or the text of an attribute."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


OF_THINGS: tuple[Callable[[Documented], Iterator[str]], ...] = (
    text, parameters, shapes, ranges, returns, raises, types,
)  # fmt: skip
RULES = (*(rule.__name__ for rule in OF_THINGS), dialect.__name__)


def offences(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Rule, line and words of all that is wrong in a module."""
    for thing in public(tree):
        for rule in OF_THINGS:
            for words in rule(thing):
                yield rule.__name__, thing.node.lineno, f"{thing.name} {words}"
    for line, words in dialect(tree):
        yield dialect.__name__, line, words


def main() -> int:
    found = [
        f"{path.relative_to(ROOT.parents[1])}:{line}: {words} ({rule})"
        for path in sorted(ROOT.rglob("*.py"))
        for rule, line, words in offences(parsed(path))
    ]
    print(*found, sep="\n", end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
