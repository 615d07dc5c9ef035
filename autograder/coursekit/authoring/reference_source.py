"""Turn a function of the reference package into a student's stub and its solution.

The function is written once, in ``backprop``. Its signature and docstring become the stub, its
body becomes the solution region. The stub must run in a bare notebook, which holds NumPy as
``np`` and nothing of ours: so annotations are dropped, and the solution brings its own imports.
"""

import ast
import builtins
import importlib
import inspect
import re
import symtable
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

from coursekit.errors import CourseError

SUPPLIED_NAMES = {"np": "numpy"}
"""What the first cell of every released notebook imports, by the name that it gives."""

REFERENCE_PACKAGE = "backprop"

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Reference:
    """A function of the reference package, in the parts that a notebook needs.

    Attributes
    ----------
    name : str
        Name of the function, which the student's function keeps.
    signature : str
        ``def`` line without annotations.
    docstring : str
        Text of the docstring, roles resolved to plain words, not indented.
    body : str
        Source of the body without the docstring, not indented.
    imports : tuple of str
        Import lines that the body needs beside :data:`SUPPLIED_NAMES`.
    function : callable
    """

    name: str
    signature: str
    docstring: str
    body: str
    imports: tuple[str, ...]
    function: FunctionType

    @property
    def in_package(self) -> bool:
        """Whether it is written in the reference package, and not in a room."""
        return is_of_package(self.function)

    def stub(self) -> str:
        """Source of the cell as the student gets it, without a body.

        Left out of the docstring are the Notes, whose formula the statement typesets (or hides),
        the errors, which nobody is asked to raise, and the sources.
        """
        text = without_sections(self.docstring, ("Notes", "Raises", "References"))
        return f"{self.signature}\n{indented_docstring(text)}"

    def solution_cell(self) -> str:
        """Source of the cell of the instructor's notebook, the body between nbgrader's markers."""
        region = "\n".join([BEGIN_SOLUTION, *self.imports, self.body, END_SOLUTION])
        return f"{self.stub()}\n{textwrap.indent(region, '    ')}"

    def source(self) -> str:
        """Source of the function, complete and without a docstring."""
        return f"{self.signature}\n{textwrap.indent(self.complete_body(), '    ')}"

    def complete_body(self) -> str:
        """The body behind the imports that it needs."""
        return "\n".join([*self.imports, self.body])


def indented_docstring(text: str) -> str:
    """A docstring as it stands in the body of a function."""
    quote = 'r"""' if "\\" in text else '"""'
    lines = f'{quote}{text}\n"""' if "\n" in text else f'{quote}{text}"""'
    return textwrap.indent(lines, "    ", lambda line: bool(line.strip()))


def resolve(path: str, beside: Mapping[str, object] | None = None) -> FunctionType:
    """The function that a dotted path names.

    Parameters
    ----------
    path : str
        ``backprop.module.function``, or ``.function`` for one that stands in ``beside``.
    beside : mapping, optional
        Namespace of the declarations file next to the master.

    Raises
    ------
    CourseError
        If there is no such module or function.
    """
    module_path, _, name = path.rpartition(".")
    if not module_path:
        found = (beside or {}).get(name)
        place = "the declarations beside the master"
    else:
        found = getattr(_module(module_path, path), name, None)
        place = f"module {module_path}"
    if not isinstance(found, FunctionType):
        raise CourseError(
            f"reference {path!r} is unknown: {place} has no function {name!r}. "
            "Write module.function, or .function for one beside the master."
        )
    return found


def _module(module_path: str, path: str) -> ModuleType:
    try:
        return importlib.import_module(module_path)
    except ModuleNotFoundError as error:
        raise CourseError(
            f"reference {path!r} is unknown: there is no module {error.name!r}"
        ) from error


def read_reference(function: Callable[..., Any] | None) -> Reference:
    """Take a function apart.

    Raises
    ------
    CourseError
        If it is no function that is written with def, or has no docstring, which would leave the
        exercise without a statement.
    """
    if not isinstance(function, FunctionType):
        raise CourseError(f"a reference is a function that is written with def, not {function!r}")
    source = textwrap.dedent(inspect.getsource(function))
    tree = ast.parse(source).body[0]
    docstring = inspect.getdoc(function)
    if not isinstance(tree, ast.FunctionDef) or not docstring or len(tree.body) < 2:
        raise CourseError(f"{function.__qualname__} needs a docstring and a body to be an exercise")
    body = _lines(source, tree.body[1].lineno, tree.body[-1].end_lineno)
    return Reference(
        name=function.__name__,
        signature=_bare_signature(tree),
        docstring=plain_words(docstring),
        body=body,
        imports=tuple(_imports(function, tree)),
        function=function,
    )


def _lines(source: str, first: int, last: int | None) -> str:
    return textwrap.dedent("\n".join(source.splitlines()[first - 1 : last]))


def _bare_signature(tree: ast.FunctionDef) -> str:
    arguments = tree.args
    for argument in ast.walk(arguments):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return f"def {tree.name}({ast.unparse(arguments)}):"


def _imports(function: FunctionType, tree: ast.FunctionDef) -> Iterator[str]:
    """Import lines for the names in the body that live in the function's module.

    Raises
    ------
    CourseError
        If one of them stands beside the reference, where no notebook can import it.
    """
    for name in sorted(global_names(ast.unparse(tree)) - {tree.name}):
        value = function.__globals__.get(name, builtins)
        if value is builtins or getattr(value, "__name__", "") == SUPPLIED_NAMES.get(name):
            continue
        if _is_beside(value, function):
            raise CourseError(
                f"the reference {function.__name__} uses {name}, which stands beside it; the "
                "solution cell can import NumPy, the standard library and backprop only: write "
                f"{name} into the function, or put it into backprop"
            )
        if isinstance(value, ModuleType):
            yield f"import {value.__name__} as {name}"
        else:
            yield f"from {_home(value, function)} import {name}"


def global_names(code: str) -> set[str]:
    """The names that the functions and classes in a piece of code take from around it."""
    found, tables = set(), list(symtable.symtable(code, "<code>", "exec").get_children())
    while tables:
        table = tables.pop()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        tables += table.get_children()
    return found


def _home(value: object, function: FunctionType) -> str:
    return getattr(value, "__module__", None) or function.__module__


def _is_beside(value: object, function: FunctionType) -> bool:
    """Whether a value comes from where the function is written, and that is no package of ours."""
    home = value.__name__ if isinstance(value, ModuleType) else _home(value, function)
    package = function.__module__.partition(".")[0]
    return package != REFERENCE_PACKAGE and home.partition(".")[0] == package


def is_of_package(value: object) -> bool:
    """Whether a function, a class or a module is one of the reference package."""
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return isinstance(home, str) and home.partition(".")[0] == REFERENCE_PACKAGE


def plain_words(docstring: str) -> str:
    """Docstring as a reader of a bare notebook can read it: roles and double backticks gone."""
    text = re.sub(r":[a-z:]+:`~?([^`<]+?)(?: <[^`>]+>)?`", r"`\1`", docstring)
    return text.replace("``", "`")


def section(docstring: str, title: str) -> str:
    """Text of one numpydoc section, without its title; empty if there is none."""
    found = re.search(_section_pattern(title), docstring, re.MULTILINE | re.DOTALL)
    return found["text"].strip() if found else ""


def without_sections(docstring: str, titles: tuple[str, ...]) -> str:
    """Docstring without some of its numpydoc sections."""
    for title in titles:
        pattern = re.compile(r"\n*" + _section_pattern(title), re.MULTILINE | re.DOTALL)
        docstring = pattern.sub("\n\n", docstring).strip()
    return docstring


def _section_pattern(title: str) -> str:
    return rf"^{title}\n-+\n(?P<text>.*?)(?=^\S[^\n]*\n-{{3,}}\n|\Z)"
