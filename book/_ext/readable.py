"""Say in plain text what a page shows: for descriptions of pages, and for the search.

A formula is read off its MathML: ``σ(z) = 1/(1 + e^(−z))``, and not its TeX.
"""

import re
from functools import cache
from unicodedata import normalize
from xml.etree import ElementTree

from docutils import nodes

from coursekit.typesetting.formulas import FormulaError, typeset

MATHML = re.compile(r"<math\b.*?</math>", re.DOTALL)
SPACED = frozenset("=<>≤≥≈≠+−⋅·×⇒→←↦∈⊙∘∼≪≫±")
"""Operators that stand between blanks."""
UNSEEN = dict.fromkeys(map(ord, "\u2062\u2063\u200b"))
APPLIED = "\u2061"
"""What stands unseen behind the name of a function."""
SIGN = re.compile(rf"(^|[(\[]| [{''.join(SPACED)}]|[,;]) ?− ")
"""A minus that belongs to the number behind it, as nothing stands before it."""
BRACES = ("⏟", "⏞")
ACCENTS = {
    "^": "\u0302",
    "ˆ": "\u0302",
    "~": "\u0303",
    "ˉ": "\u0304",
    "‾": "\u0304",
    "˙": "\u0307",
    "⃗": "\u20d7",
}
"""What stands above a letter, and the character that puts it there."""
POWER = re.compile(r"\w\^\([^()]*\)")
INDEXED = ("msub", "msup", "msubsup", "munder", "munderover", "mfrac")
UNREAD = (nodes.comment, nodes.raw, nodes.image, nodes.target, nodes.substitution_definition)


@cache
def formula(tex: str) -> str:
    """A formula in one line of plain text."""
    try:
        found = MATHML.search(typeset(tex))
    except FormulaError:  # it is typeset elsewhere, too, where an error ends the build
        return tex
    said = _said(ElementTree.fromstring(found[0].translate(UNSEEN)))
    said = re.sub(rf"\s*{APPLIED}\s*(?=[(\[])", "", said).replace(APPLIED, " ")
    said = " ".join(said.split()).replace(" ,", ",").replace(" )", ")").replace(" /", "/")
    return SIGN.sub(_signed, said)


def _signed(found: re.Match) -> str:
    return f"{found[1]} −" if found[1] not in ("", "(", "[") else f"{found[1]}−"


def _kind(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _said(element: ElementTree.Element) -> str:
    kind = _kind(element)
    if kind in INDEXED:
        parts = [_said(part) for part in element if part.text != APPLIED]
    else:
        parts = list(map(_said, element))
    match kind, parts:
        case "annotation", _:
            return ""
        case "mover" | "munder", [base, brace] if brace in BRACES:
            return base + brace
        case "mfrac", [above, below]:
            power = POWER.fullmatch(above.strip())
            return f"{power[0] if power else _grouped(above)}/{_grouped(below)}"
        case "mover", [base, accent] if accent in ACCENTS:
            return normalize("NFC", base + ACCENTS[accent])
        case "msup" | "mover", [base, above]:
            return _raised(base, above)
        case "munder" | "mover", [base, _] if base.endswith(BRACES):
            return base[:-1]  # what a brace says is beside the formula
        case "msub" | "munder", [base, below]:
            return f"{base}_{_grouped(below)}"
        case "msubsup" | "munderover", [base, below, above]:
            return _raised(f"{base}_{_grouped(below)}", above)
        case "msqrt", _:
            return f"√{_grouped(''.join(parts))}"
        case "mspace", _:
            return " "
        case "mi", [] if len(element.text or "") > 1:
            return f" {element.text} "
        case "mo", []:
            return _operator(element.text or "")
    return (element.text or "") + _row(element, parts)


def _row(element: ElementTree.Element, parts: list[str]) -> str:
    """Parts beside one another; a name with an index does not run into the next one."""
    if _kind(element) == "mtable":
        return "; ".join(part.strip() for part in parts)
    kinds = map(_kind, element)
    apart = _kind(element) == "mtr"
    beside = zip(kinds, parts, strict=True)
    return "".join(part + " " * (apart or kind in INDEXED) for kind, part in beside)


def _raised(base: str, above: str) -> str:
    if set(above) <= set("′∗⊤T"):
        return f"{base.rstrip()}{above}"
    return f"{base}^({above})" if "_" in above else f"{base}^{_grouped(above)}"


def _operator(sign: str) -> str:
    return f" {sign} " if sign in SPACED else f"{sign} " if sign in ",;" else sign


def _grouped(said: str) -> str:
    """In brackets, if it is more than one thing."""
    said = said.strip()
    return said if re.fullmatch(r"[\w∂]*|\(\w*\)", said) else f"({said})"


def text_of(node: nodes.Node) -> str:
    """The text of a part of a page, in one line."""
    return re.sub(r" +([.,;:!?)])", r"\1", " ".join(_text(node).split()))


def _text(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, (nodes.math, nodes.math_block)):
        said = formula(node.astext())
        return said if isinstance(node, nodes.math) else f" {said} "
    if isinstance(node, UNREAD):
        return ""
    inner = "".join(map(_text, node.children))
    return inner if isinstance(node, nodes.Inline) else f" {inner} "
