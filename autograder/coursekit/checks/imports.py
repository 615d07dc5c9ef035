"""What an answer imports that is not there when it is graded."""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from coursekit.checks.cell_names import readable
from coursekit.worker.kept_answers import names_in

MODULES: frozenset[str] = frozenset()
"""Modules that grading has beside the standard library; a release names them. None: any."""

CATCHES = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")


def refused_import(function: Callable[..., Any]) -> str:
    """The first module that an answer needs and grading has not; '' if there is none."""
    if not MODULES:
        return ""
    known = MODULES | sys.stdlib_module_names | {"__main__", "checks"}
    return next((name for name in needed_modules(function) if name not in known), "")


def needed_modules(function: Callable[..., Any]) -> Iterator[str]:
    """What a function uses of other modules, and what is imported in the cells that define it.

    A function that it calls, and that the notebook defines, counts as a part of it.
    """
    waiting: list[object] = [function]
    seen: set[CodeType] = set()
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, ModuleType):
            yield top_name(thing.__name__)
        elif isinstance(thing, type) and thing.__module__ == "__main__":
            waiting += vars(thing).values()
        elif isinstance(thing, FunctionType) and thing.__module__ == "__main__":
            thing = inspect.unwrap(thing)
            if thing.__code__ not in seen:
                seen.add(thing.__code__)
                yield from imported("".join(linecache.getlines(thing.__code__.co_filename)))
                waiting += [thing.__globals__.get(name) for name in names_in(thing.__code__)]
        elif isinstance(thing, type | FunctionType):
            yield top_name(thing.__module__)


def top_name(module: str) -> str:
    return module.partition(".")[0]


def imported(source: str) -> Iterator[str]:
    """What a cell imports, but for an import that may fail."""
    _, tree = readable(source)
    waiting: list[ast.AST] = [tree] if tree else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (top_name(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield top_name(node.module)
        elif isinstance(node, ast.Try) and any(map(catches_import, node.handlers)):
            waiting += [*node.orelse, *node.finalbody, *node.handlers]
        else:
            waiting += ast.iter_child_nodes(node)


def catches_import(handler: ast.ExceptHandler) -> bool:
    kinds = ast.walk(handler.type) if handler.type else ()
    return handler.type is None or any(getattr(kind, "id", "") in CATCHES for kind in kinds)
