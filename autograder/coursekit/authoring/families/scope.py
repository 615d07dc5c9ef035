"""What stands in a function, in the words of its statement: arguments, or made of them."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from coursekit.checks.values import is_record

PASSED_ON = ("reversed", "list", "tuple", "iter", "enumerate", "float", "copy")
"""Calls that give what they are given, or its parts."""

MOST = 2
"""Arguments that are named where a place is known by what it is computed from."""


class Scope:
    """The names of a function, and which arguments their values come from.

    Parameters
    ----------
    definition : ast.AST
        Of the function, or of a helper.
    arguments : mapping
        What the student's function takes, by name, with the values of one case. Of a helper, those
        of its parameters that bear the same name are meant.
    """

    def __init__(self, definition: ast.AST, arguments: Mapping[str, Any]) -> None:
        taken = parameters_of(definition)
        self.arguments = {name: arguments[name] for name in taken if name in arguments}
        self.bound: dict[str, list[tuple[ast.AST, bool]]] = {}
        for node in ast.walk(definition):
            self.note(node)
        self.parents = {
            child: node for node in ast.walk(definition) for child in ast.iter_child_nodes(node)
        }

    @property
    def variables(self) -> list[str]:
        """All names that a value may be looked up under, arguments first."""
        return [*self.arguments, *(name for name in self.bound if name not in self.arguments)]

    def note(self, node: ast.AST) -> None:
        """Remember which names a statement or a loop binds, and to what."""
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self.bind(target, node.value, True)
        elif isinstance(node, ast.AugAssign):
            self.bind(node.target, node.value, False)
        elif isinstance(node, ast.For | ast.comprehension):
            self.bind_each(node.target, node.iter)

    def bind(self, target: ast.AST, value: ast.AST, same: bool) -> None:
        """Bind names to a value; ``same`` says that a name may stand for the value itself."""
        if isinstance(target, ast.Starred):
            target = target.value
        if isinstance(target, ast.Tuple):
            parts = value.elts if isinstance(value, ast.Tuple) else [value] * len(target.elts)
            for name, part in zip(target.elts, parts, strict=False):
                self.bind(name, part, same)
        elif isinstance(target, ast.Name):
            self.bound.setdefault(target.id, []).append((value, same))
        elif isinstance(target, ast.Subscript):
            self.bind(target.value, value, False)

    def bind_each(self, target: ast.AST, values: ast.AST) -> None:
        """Bind the names of a loop to what it goes through."""
        given = values.args if isinstance(values, ast.Call) else []
        called = plain_name(values)
        if called == "zip" and isinstance(target, ast.Tuple):
            for name, part in zip(target.elts, given, strict=False):
                self.bind_each(name, part)
        elif called == "enumerate" and isinstance(target, ast.Tuple):
            self.bind_each(target.elts[-1], given[0])
        elif called in PASSED_ON and given:
            self.bind_each(target, given[0])
        else:
            self.bind(target, values, called != "range")

    def alias(self, name: str, seen: frozenset[str] = frozenset()) -> str:
        """The argument that a name stands for, itself or a part of it; '' if there is none."""
        if name in self.arguments:
            return name
        values = self.bound.get(name, [])
        found = {self.base(value, seen | {name}) if same else "" for value, same in values}
        return found.pop() if len(found) == 1 and name not in seen else ""

    def base(self, node: ast.AST, seen: frozenset[str]) -> str:
        while isinstance(node, ast.Subscript | ast.Starred):
            node = node.value
        if isinstance(node, ast.Attribute):
            field = self.field(node)
            return field or self.base(node.value, seen)
        return self.alias(node.id, seen) if isinstance(node, ast.Name) else ""

    def field(self, node: ast.AST) -> str:
        """The field of a record among the arguments, such as ``cache.Z``; '' for anything else."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return ""
        record = self.arguments.get(node.value.id)
        known = is_record(record) and node.attr in record._fields
        return f"{node.value.id}.{node.attr}" if known else ""

    def places(self, node: ast.AST) -> tuple[str, ...]:
        """The arguments that stand in a piece of code; else what its values are computed from."""
        direct = tuple(dict.fromkeys(self.named(node)))
        if direct:
            return direct
        made_of = self.origins(node)
        return made_of if len(made_of) <= MOST else ()

    def named(self, node: ast.AST) -> Iterator[str]:
        field = self.field(node)
        if field:
            yield field
        elif isinstance(node, ast.Name):
            if self.alias(node.id):
                yield self.alias(node.id)
        else:
            for child in ast.iter_child_nodes(node):
                yield from self.named(child)

    def origins(self, node: ast.AST) -> tuple[str, ...]:
        """The arguments that a piece of code depends on, directly or through others."""
        found: dict[str, None] = {}
        waiting, seen = [node], set()
        while waiting:
            part = waiting.pop(0)
            if isinstance(part, ast.Name) and part.id in self.arguments:
                found[part.id] = None
            elif isinstance(part, ast.Name) and part.id not in seen:
                seen.add(part.id)
                waiting += [value for value, _ in self.bound.get(part.id, [])]
            waiting += ast.iter_child_nodes(part)
        return tuple(found)


def expression(template: str, **parts: ast.AST) -> ast.expr:
    """A piece of code, with other pieces put in."""
    code = template.format(**{name: ast.unparse(part) for name, part in parts.items()})
    return ast.parse(code, mode="eval").body


def parameters_of(definition: ast.AST) -> list[str]:
    """The names of what a function, or a lambda with a name, takes."""
    taken = next((node for node in ast.walk(definition) if isinstance(node, ast.arguments)), None)
    if taken is None:
        return []
    return [a.arg for a in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]


def plain_name(node: ast.AST) -> str:
    """The name of the function that a node calls, if it is a plain one; else ''."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id
    return ""
