"""An answer of a room as a student could have handed it in: its source, with all that it needs.

A right answer, or a wrong one, is verified beside student code, in a worker that has NumPy and the
standard library and nothing of ours. So of a room and the shared files that it imports there goes
what one answer needs: imports and definitions, each behind what it needs, without declarations.
"""

import ast
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coursekit.authoring.exercises import Answer
from coursekit.authoring.reference_source import global_names
from coursekit.authoring.rooms import BOUND_TO, Room, short
from coursekit.errors import CourseError

OURS = ("backprop", "coursekit")
SUPPLIED = {"from coursekit.worker.personal import my_numbers": "from checks import my_numbers"}
"""What students get of ours, and how their notebook imports it."""


@dataclass
class Source:
    """A file of a room's folder: which statement makes which name."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def makers(self) -> dict[str, ast.stmt]:
        """The statement that binds a name."""
        return {name: node for node in ast.parse(self.text).body for name in bound_by(node)}

    def code(self, node: ast.stmt) -> str:
        """A definition as it is written, without what declares it."""
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            bare = undeclared(node)
            return self.written(node) if bare is node else ast.unparse(bare)
        kept = [self.written(one) for one in decorators(node)]
        lines = self.text.splitlines()[node.lineno - 1 : node.end_lineno]
        return "\n".join([*(f"@{one}" for one in kept), *lines])

    def written(self, node: ast.stmt | ast.expr) -> str:
        """A part of the file as it stands there."""
        return ast.get_source_segment(self.text, node) or ast.unparse(node)


def standalone_source(room: Room, answer: Answer) -> str:
    """Source that defines an answer under its own name, and needs NumPy and no file of ours.

    Raises
    ------
    CourseError
        If the answer has no name in its room, or needs what the worker does not have.
    """
    return "\n\n\n".join(Collector(room.path).everything_for(name_in(room, answer)))


def name_in(room: Room, answer: Answer) -> str:
    """The name under which a room knows an answer."""
    for name, value in room.namespace.items():
        if value is answer:
            return name
    raise CourseError(
        f"{short(room.path)}: an answer has no name: write it as a def, or assign it to a name"
    )


class Collector:
    """Collects what a name needs, through the files of a folder.

    Parameters
    ----------
    room : Path
        The file that is begun with.
    """

    def __init__(self, room: Path) -> None:
        self.room = room
        self.sources: dict[Path, Source] = {}
        self.imports: dict[str, str] = {}
        self.begun: dict[str, Path] = {}
        self.definitions: list[str] = []
        """Each behind what it needs, as some are run at once."""

    def everything_for(self, name: str) -> Iterator[str]:
        self.collect(self.room, name)
        if self.imports:
            yield "\n".join(sorted(set(self.imports.values())))
        yield from dict.fromkeys(self.definitions)

    def collect(self, path: Path, name: str) -> None:
        """Take what binds a name in a file, and then what that needs."""
        source = self.source(path)
        if name not in source.makers:
            return  # a builtin, or a name of an inner scope
        node = source.makers[name]
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.collect_import(path, node, name)
            return
        if name in self.begun:
            if self.begun[name] != path:
                raise CourseError(
                    f"{short(self.room)}: {name} means two things, in {short(path)} and in "
                    f"{short(self.begun[name])}; rename one of them"
                )
            return
        code = source.code(node)
        self.begun[name] = path
        for needed in names_used(code):
            self.collect(path, needed)
        self.definitions.append(code)

    def collect_import(self, path: Path, node: ast.Import | ast.ImportFrom, name: str) -> None:
        alias = next(one for one in node.names if bound_as(one) == name)
        if isinstance(node, ast.ImportFrom) and node.level:
            if node.module is None or alias.asname:
                raise CourseError(
                    f"{short(path)}, line {node.lineno}: an answer needs {name}; import it as "
                    "`from .file import name`, under its own name"
                )
            self.collect(path.with_name(f"{node.module}.py"), alias.name)
            return
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        line = ast.unparse(
            ast.ImportFrom(node.module, [alias], 0)
            if isinstance(node, ast.ImportFrom)
            else ast.Import([alias])
        )
        line = SUPPLIED.get(line, line)
        if module.partition(".")[0] in OURS and line not in SUPPLIED.values():
            raise CourseError(
                f"{short(path)}, line {node.lineno}: an answer uses {name} of {module}; what "
                "students could hand in has NumPy and the standard library alone"
            )
        self.imports[name] = line

    def source(self, path: Path) -> Source:
        return self.sources.setdefault(path, Source(path))


def bound_as(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def bound_by(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a file binds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from map(bound_as, node.names)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def names_used(code: str) -> list[str]:
    """The names that a definition takes from around it, in alphabetical order."""
    top = symtable.symtable(code, "<code>", "exec").get_symbols()
    at_once = {symbol.get_name() for symbol in top if symbol.is_referenced()}
    return sorted(at_once | global_names(code))


def decorators(node: ast.FunctionDef | ast.ClassDef) -> list[ast.expr]:
    """The decorators that change what a function does: those of the Exercise only note it."""
    return [one for one in node.decorator_list if not declares(one)]


def undeclared(node: ast.stmt) -> ast.stmt:
    """An assignment without a declaration around its value.

    ``wrong = EXERCISE.second("id")(factory(2))`` becomes ``wrong = factory(2)``.
    """
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        call = node.value
        if declares(call.func) and len(call.args) == 1:
            return ast.copy_location(ast.Assign(node.targets, call.args[0]), node)
    return node


def declares(node: ast.expr) -> bool:
    """Whether an expression is ``EXERCISE.something`` or a call of it."""
    called = node.func if isinstance(node, ast.Call) else node
    return (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id == BOUND_TO
    )
