r"""The directive ``question``: a question of the page that its reader answers there.

It stands in front of the folded answer, which stays, and stays alone where scripts do not run.

    ```{question}
    $\frac{\partial G}{\partial x}$ =
    = -3 / 32
    ~ 3 / 32: The minus of the derivative of $1/F$ is lost.
    ```

    ```{question}
    Every error is doubled.
    + Every δ doubles.: What adds and multiplies by fixed numbers is linear.
    - No δ changes.: The errors are what enters.
    ```

The first line leads to the answer. Of a number, ``=`` is the right one and ``~`` a mistake with
what is said of it; both are calculations in whole numbers, so that they can be read. Of a choice,
``+`` is right and ``-`` is not. Words may hold formulas and code.
"""

import ast
import hashlib
import math
import operator
import re
from html import escape

from docutils import nodes
from explorables import KIT, explorable, html, inside, opening
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from coursekit.typesetting.formulas import typeset

NAME = "question"
REST, ROW = 60, 38
"""Pixels of what leads to the answer and of what is said of it, and of a row of buttons."""
INLINE = re.compile(r"\$([^$]+)\$|`([^`]+)`")
OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg,
}  # fmt: skip
FUNCTIONS = {"sqrt": math.sqrt, "ln": math.log, "exp": math.exp}


def calculated(text: str) -> float:
    """The value of a calculation such as ``-3 / 32`` or ``sqrt(2)``."""
    try:
        return float(_value(ast.parse(text.strip(), mode="eval").body))
    except (SyntaxError, KeyError, TypeError, ZeroDivisionError, ValueError) as error:
        raise ExtensionError(
            f"{text!r} is no calculation; write numbers, + - * / **, brackets, "
            f"{', '.join(FUNCTIONS)}"
        ) from error


def _value(node: ast.AST) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=op, operand=operand):
            return OPERATORS[type(op)](_value(operand))
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left), _value(right))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return FUNCTIONS[name](_value(argument))
    raise TypeError(type(node).__name__)


def inline(text: str) -> str:
    """Words with formulas and code in them, as HTML."""
    parts, end = [], 0
    for found in INLINE.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(typeset(found[1]) if found[1] else f"<code>{escape(found[2])}</code>")
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def read_question(lines: list[str]) -> dict:
    """What the script needs of a question, from the lines of its directive."""
    label = [line for line in lines if line[:1] not in ("=", "~", "+", "-")]
    marked = [(line[0], line[1:].strip()) for line in lines if line[:1] in ("=", "~", "+", "-")]
    kinds = {mark for mark, _ in marked}
    asked = {"label": inline(" ".join(label))}
    if kinds <= {"=", "~"} and "=" in kinds:
        (right,) = (calculated(text) for mark, text in marked if mark == "=")
        mistakes = [_split(text) for mark, text in marked if mark == "~"]
        return asked | {
            "right": right,
            "mistakes": [{"value": calculated(m), "words": inline(words)} for m, words in mistakes],
        }
    if kinds == {"+", "-"}:
        known = [(mark == "+", *_split(text)) for mark, text in marked]
        return asked | {
            "choices": [
                {"text": inline(text), "right": right, "words": inline(words)}
                for right, text, words in known
            ]
        }
    raise ExtensionError(
        f"a question has the marks {sorted(kinds)}; expected = and ~ for a number, "
        "or + and - for a choice"
    )


def _split(text: str) -> tuple[str, str]:
    head, colon, words = text.partition(": ")
    if not colon:
        raise ExtensionError(f"{text!r} says nothing of itself; write it as `answer: words`")
    return head, words


def name_of(lines: list[str]) -> str:
    """By which a browser keeps that it was answered: another question has another one."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:10]


class Question(SphinxDirective):
    """``{question}`` in front of a folded answer."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        shown = explorable(NAME)
        for path in explorable(KIT).files + shown.files:
            self.env.note_dependency(str(path))
        lines = [line.strip() for line in self.content if line.strip()]
        try:
            asked = read_question(lines)
        except (ExtensionError, ValueError) as error:
            source, line = self.get_source_info()
            raise ExtensionError(f"{source}:{line}: {error}") from error
        number = self.env.temp_data.setdefault("questions", 0)
        self.env.temp_data["questions"] = number + 1
        kept = {"page": self.env.docname, "key": name_of(lines)}
        rows = len(asked.get("choices", []))
        height = (REST + ROW * max(1, (rows + 1) // 2), REST + ROW * max(1, rows))
        return [html(opening(shown, number, height) + inside(shown, asked | kept) + "</div>")]


def setup(app):
    app.add_directive("question", Question)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
