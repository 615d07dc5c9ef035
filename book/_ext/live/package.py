"""The package as pages get it: an archive without what draws, and without answers where it must be.

In the course edition the functions that exercises ask for have no body. What uses one of them,
directly or through others, can then not run in a page.
"""

import ast
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import backprop
from backprop import plotting
from coursekit.authoring.masters import MASTERS, read_master
from coursekit.verification.counterparts import body_of

from .slimming import OLDEST

PACKAGE = Path(backprop.__file__).parent
DRAWS = "backprop.plotting"
"""What needs matplotlib, which no page has: there something else stands in its place."""
STAND_IN = Path(__file__).with_name("stand_in.py")

NO_BODY = '    raise NotImplementedError("{} is an exercise: this edition has no body of it")\n'


def is_part_of(name: str, package: str) -> bool:
    """Whether a full name is that of a package, or of something in it."""
    return f"{name}.".startswith(f"{package}.")


@cache
def modules() -> dict[str, Path]:
    """The files of the package that pages get, by the full names of their modules."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if not is_part_of(name, DRAWS):
            found[name] = path
    return found


# Answers, and what uses one


@cache
def answers() -> frozenset[str]:
    """Full names of the functions of the package that are the answer to an exercise.

    Those count, too, that do the same in the same words: two losses may have one gradient.
    """
    exercises = [one for master in sorted(MASTERS.glob("*.md"))
                 for one in read_master(master).exercises]  # fmt: skip
    bodies = {body_of(exercise.reference.function) for exercise in exercises}
    bodies |= {body_of(one.function) for exercise in exercises
               for one in exercise.declaration.counterparts}  # fmt: skip
    return frozenset(
        f"{module}.{node.name}"
        for module, path in modules().items()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and without_docstring(node) in bodies
    )


def without_docstring(function: ast.FunctionDef) -> str:
    """What a function does, as the parser prints it."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return "\n".join(map(ast.unparse, statements))


@cache
def uses() -> dict[str, frozenset[str]]:
    """For each name at the top of a module what it uses of the package, by full names."""
    return {
        f"{module}.{name}": used
        for module, path in modules().items()
        for name, used in _uses_in(module, ast.parse(path.read_text(encoding="utf-8")))
    }


def _uses_in(module: str, tree: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    imported = dict(imports(tree))
    own = {name: f"{module}.{name}" for statement in tree.body for name in _bound(statement)}
    yield from ((name, frozenset([full])) for name, full in imported.items())
    for statement in tree.body:
        names = _bound(statement)
        used = frozenset(_used(statement, imported | own)) if names else frozenset()
        yield from ((name, used) for name in names)


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The names that imports bind, with the full names of what they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((a.asname or a.name, f"{node.module}.{a.name}") for a in node.names)


def _bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _used(statement: ast.stmt, known: dict[str, str]) -> Iterator[str]:
    """What a statement names: of a module its attribute, and all of it if it is handed on."""
    inner = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            full = known.get(node.value.id, "")
            if full in modules():
                inner.add(node.value)
                yield f"{full}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id in known and node not in inner:
            yield known[node.id]


def needs_answer(names: Iterable[str]) -> bool:
    """Whether something of these full names uses a function that an exercise asks for."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        waiting += uses().get(name, ())
        if name in modules():
            waiting += [inner for inner in uses() if inner.rpartition(".")[0] == name]
    return not seen.isdisjoint(answers())


# The archive


def without_bodies(source: str, names: set[str]) -> str:
    """A module in which some functions keep their head and docstring alone."""
    lines = source.splitlines(keepends=True)
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and node.name in names:
            start = node.body[0].end_lineno if ast.get_docstring(node) else node.body[0].lineno - 1
            lines[start : node.end_lineno] = [NO_BODY.format(node.name)]
    return "".join(lines)


def files(edition: str) -> Iterator[tuple[str, bytes]]:
    """The files of the package that pages of an edition get, by their names in an archive."""
    for module, path in modules().items():
        source = path.read_text(encoding="utf-8")
        if edition == "course":
            hidden = {name.rpartition(".")[2] for name in answers()
                      if name.rpartition(".")[0] == module}  # fmt: skip
            source = without_bodies(source, hidden)
        yield path.relative_to(PACKAGE.parent).as_posix(), source.encode()
    stand_in = STAND_IN.read_text(encoding="utf-8").replace("= ()", f"= {tuple(plotting.__all__)}")
    yield "backprop/plotting.py", stand_in.encode()
    for path in sorted((PACKAGE / "data").iterdir()):
        if path.is_file():
            yield path.relative_to(PACKAGE.parent).as_posix(), path.read_bytes()


def archive(edition: str) -> bytes:
    """The package of an edition as a zip archive; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for name, data in files(edition):
            kept = zipfile.ZipInfo(name, OLDEST)
            kept.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(kept, data)
    return made.getvalue()


def archive_name(data: bytes) -> str:
    """The file of an archive among the live files: other contents have another name."""
    return f"backprop-{hashlib.sha256(data).hexdigest()[:12]}.zip"


def forget() -> None:
    """Read the package anew: a process may build several times."""
    for cached in (answers, modules, uses):
        cached.cache_clear()
