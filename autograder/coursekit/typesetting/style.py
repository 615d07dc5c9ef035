"""The style of typeset formulas, and the fonts that a page of them needs."""

import base64
import re
from functools import lru_cache

from coursekit.typesetting.formulas import KATEX

FACE = re.compile(r"@font-face\{[^}]*?url\(fonts/(?P<file>KaTeX_(?P<family>\w+)-(?P<face>\w+))"
                  r"\.woff2\)[^}]*\}")  # fmt: skip
SOURCES = re.compile(r"src:url\((?P<woff2>[^)]*)\)[^;}]*")
RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
CLASSES = re.compile(r'class="([^"]*)"')


@lru_cache(1)
def katex_style() -> str:
    """KaTeX's own style sheet; its fonts lie in ``fonts/`` beside it, as WOFF2 only."""
    style = (KATEX / "katex.min.css").read_text(encoding="utf-8")
    return SOURCES.sub(r'src:url(\g<woff2>) format("woff2")', style)


def font(file: str) -> bytes:
    """The font of a name such as ``KaTeX_Main-Regular``, as WOFF2."""
    return (KATEX / "fonts" / f"{file}.woff2").read_bytes()


def classes_in(html: str) -> set[str]:
    """All classes that a page names."""
    return {name for names in CLASSES.findall(html) for name in names.split()}


@lru_cache(1)
def _fonts_by_class() -> list[tuple[frozenset[str], str, str]]:
    """Which classes, all in one element, ask for which family, or for which weight or slant."""
    found = []
    for rule in RULE.finditer(FACE.sub("", katex_style())):
        family = re.search(r"font(?:-family)?:[^;}]*KaTeX_(\w+)", rule["body"])
        bold = re.search(r"font-weight:(?:700|bold)", rule["body"])
        italic = re.search(r"font-style:italic", rule["body"])
        traits = ("Bold" if bold else "") + ("Italic" if italic else "")
        if family or traits:
            for selector in rule["selectors"].split(","):
                classes = frozenset(re.findall(r"\.([\w-]+)", selector.split()[-1]))
                found.append((classes, family[1] if family else "", traits))
    return found


def fonts_for(classes: set[str]) -> list[str]:
    """The fonts that formulas with these classes may ask for, by the names of their files."""
    asked = [(family, traits) for needed, family, traits in _fonts_by_class() if needed <= classes]
    named = {(family, traits or "Regular") for family, traits in asked if family}
    families = {family for family, _ in named}
    anywhere = "".join(traits for family, traits in asked if not family)

    def needed(family: str, face: str) -> bool:
        traits = re.findall("[A-Z][a-z]+", face)
        return (family, face) in named or (
            family in families and all(trait in anywhere for trait in traits)
        )

    faces = FACE.finditer(katex_style())
    return [face["file"] for face in faces if needed(face["family"], face["face"])]


def style_with_fonts(html: str) -> str:
    """The style of a page that stands alone, with the fonts in it; nothing if it has no formula."""
    classes = classes_in(html)
    if "katex" not in classes:
        return ""
    kept = set(fonts_for(classes))
    return FACE.sub(lambda face: _inlined(face[0], face["file"], kept), katex_style())


def _inlined(rule: str, file: str, kept: set[str]) -> str:
    if file not in kept:
        return ""
    return rule.replace(f"url(fonts/{file}.woff2)", f"url({_address(file)})")


@lru_cache(32)
def _address(file: str) -> str:
    return f"data:font/woff2;base64,{base64.b64encode(font(file)).decode()}"
