"""Cut style sheets down to the rules that some page uses, and make the dark theme one of screens.

A rule is used if all classes and ids in its selector are in a page, or are words of a script, which
may give them to an element later. What a selector says besides is not looked at: a rule too many
costs some bytes, one too few would show.

On paper a page is black on white, whichever theme its reader has chosen: rules for the dark theme
hold for screens only, and those for the light theme for all paper.
"""

import posixpath
import re
from collections.abc import Iterator

import tinycss2

NAME = re.compile(r"[.#]((?:[\w-]|\\.)+)")
IGNORED = re.compile(r"\[[^\]]*\]|:(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
DARK = re.compile(r"\[data-theme=[\"']?dark[\"']?\]")
LIGHT = re.compile(r"\[data-theme=[\"']?light[\"']?\]")
ADDRESS = re.compile(r"url\(\s*([\"']?)(?!data:|[a-z]+:|/|#)([^)\"']+)\1\s*\)")
CLASS_OR_ID = re.compile(r'\b(?:class|id)="([^"]*)"')


def words_of_page(html: str) -> set[str]:
    """The classes and ids of a page."""
    return {word for names in CLASS_OR_ID.findall(html) for word in names.split()}


def words_of_script(script: str) -> set[str]:
    """What may be a class or an id in a script."""
    return set(re.findall(r"[A-Za-z_][\w-]*", script))


def selectors(prelude: str) -> Iterator[str]:
    """The selectors of a rule, which commas outside of brackets separate."""
    depth, start = 0, 0
    for place, character in enumerate(prelude):
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            yield prelude[start:place].strip()
            start = place + 1
    yield prelude[start:].strip()


def is_used(selector: str, words: set[str]) -> bool:
    names = NAME.findall(IGNORED.sub("", selector))
    return all(name.replace("\\", "") in words for name in names)


def trimmed(css: str, words: set[str]) -> str:
    """The rules of a style sheet that are used."""
    return "".join(_kept(tinycss2.parse_stylesheet(css, skip_whitespace=True), words))


def _kept(rules: list, words: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "comment" and rule.value.startswith("!"):
            yield rule.serialize() + "\n"  # whose it is, and under which licence
        elif rule.type == "qualified-rule":
            used = [s for s in selectors(tinycss2.serialize(rule.prelude)) if is_used(s, words)]
            yield from _for_each_theme(used, tinycss2.serialize(rule.content).strip())
        elif rule.type == "at-rule":
            yield _at_rule(rule, words)


def _for_each_theme(used: list[str], body: str) -> Iterator[str]:
    dark = [selector for selector in used if DARK.search(selector)]
    light = [LIGHT.sub("[data-theme]", s) for s in used if LIGHT.search(s)]
    if others := [selector for selector in used if selector not in dark]:
        yield f"{','.join(others)}{{{body}}}\n"
    if dark:
        yield f"@media not print{{{','.join(dark)}{{{body}}}}}\n"
    if light:
        yield f"@media print{{{','.join(light)}{{{body}}}}}\n"


def _at_rule(rule, words: set[str]) -> str:
    if rule.lower_at_keyword not in ("media", "supports") or rule.content is None:
        return "" if rule.lower_at_keyword == "charset" else rule.serialize() + "\n"
    inner = tinycss2.parse_blocks_contents(rule.content, skip_whitespace=True)
    kept = "".join(_kept(inner, words))
    prelude = tinycss2.serialize(rule.prelude)
    return f"@{rule.at_keyword}{prelude}{{{kept}}}\n" if kept else ""


def moved(css: str, folder: str) -> str:
    """A style sheet of a folder, as one of the folder above all: addresses in it are relative."""

    def address(found: re.Match) -> str:
        return f'url("{posixpath.normpath(posixpath.join(folder, found[2].strip()))}")'

    return ADDRESS.sub(address, css)
