"""Write the one style sheet of the book, and the fonts that it needs, when all pages are written.

Into it go the style sheets of the theme, of the extensions and of the course, in their order, each
cut down to what some page uses; then the icons, and the style of formulas. What no page loads any
more is removed, and scripts keep their notes to themselves.
"""

import base64
import hashlib
import html
import posixpath
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from subset_fonts import cut_once
from trimmed_css import moved, trimmed, words_of_page, words_of_script

from coursekit.typesetting.style import FACE, font, fonts_for, katex_style

THEME = ("styles/theme.css", "styles/bootstrap.css", "styles/pydata-sphinx-theme.css")
"""The theme's own, which come before all others."""
FONT_AWESOME = "vendor/fontawesome/*"
ICON = re.compile(r"\\([ef][0-9a-f]{3})\b|([\ue000-\uf8ff])")
"""A character of a font of icons, as style sheets write it: by its number, or itself."""
IMPORT = re.compile(r"@import\s+[\"'](?P<name>[^\"']+)[\"'][^;]*;")
FORMULA = 'class="katex-html"'
"""Begins the half of a formula that is seen."""
SPAN = re.compile(r"<(/?)span\b")
UNLOADED = ("vendor", "styles", "locales", "basic.css", "**/*.map", "**/*.LICENSE.txt",
            "*webpack-macros.html", "sphinx-thebe.*", "play-solid.svg",
            "searchtools.js")  # fmt: skip
"""Among the static files: what the style sheet has taken in, and what was never loaded."""
AFTER_THE_THEME = 800
"""Of `finish`: only then does the theme write the colours of code, for light and for dark."""
ICONS = {"solid-900": ("900", {"fa-solid", "fas"}), "regular-400": ("400", {"fa-regular", "far"})}
"""Fonts of icons, the weight of each, and the classes that ask for it."""


class Site:
    """The built pages, and what lies beside them.

    Parameters
    ----------
    folder : Path
        Of the pages.
    kept : Path
        Where fonts that were cut stay for the next build.
    """

    def __init__(self, folder: Path, kept: Path) -> None:
        self.static, self.kept = folder / "_static", kept
        pages = [page for page in folder.rglob("*.html") if self.static not in page.parents]
        texts = [page.read_text(encoding="utf-8") for page in pages]
        own_style = self.static / "explorables"
        scripts = [
            path.read_text(encoding="utf-8")
            for path in self.static.rglob("*.js")
            if own_style not in path.parents
            and path.name != "pages.js"  # the text of the book, see search_index.py
        ]
        self.classes = set[str]().union(*map(words_of_page, texts))
        self.words = self.classes.union(*map(words_of_script, scripts))
        self.symbols = {c for text in texts for shown in formulas_in(text) for c in shown}

    def style(self, sheets: list[str]) -> str:
        """All that the pages use of these style sheets, with icons and formulas."""
        theirs = "".join(map(self._sheet, [*THEME, *sheets[:-1]]))
        ours = "".join(map(self._sheet, sheets[-1:]))  # has the last word
        return self._icons(theirs) + theirs + self._formulas() + ours

    def _sheet(self, name: str) -> str:
        return trimmed(self._whole(name), self.words)

    def _whole(self, name: str) -> str:
        """A style sheet among the static files, with those that it imports."""
        folder = posixpath.dirname(name)
        css = moved((self.static / name).read_text(encoding="utf-8"), folder)

        def imported(found: re.Match[str]) -> str:
            return self._whole(posixpath.normpath(posixpath.join(folder, found["name"])))

        return IMPORT.sub(imported, css)

    def _icons(self, rest: str) -> str:
        folder = next(self.static.glob(FONT_AWESOME))
        css = trimmed((folder / "css/all.min.css").read_text(encoding="utf-8"), self.words)
        css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
        found = ICON.findall(css + rest)
        shown = {icon or chr(int(number, 16)) for number, icon in found}
        for name, (weight, asked) in ICONS.items():
            if asked & self.classes:
                font_file = (folder / f"webfonts/fa-{name}.woff2").read_bytes()
                data = base64.b64encode(cut_once(font_file, shown, self.kept)).decode()
                css += (f'@font-face{{font-family:"Font Awesome 6 Free";font-weight:{weight};'
                        f'src:url(data:font/woff2;base64,{data}) format("woff2")}}\n')  # fmt: skip
        return css

    def _formulas(self) -> str:
        """The style of formulas; their fonts are files, which a browser asks for as it needs."""
        needed = set(fonts_for(self.classes)) if "katex" in self.classes else set()
        folder = self.static / "fonts"
        folder.mkdir(exist_ok=True)
        for name in needed:
            (folder / f"{name}.woff2").write_bytes(cut_once(font(name), self.symbols, self.kept))
        css = FACE.sub(lambda face: face[0] if face["file"] in needed else "", katex_style())
        return trimmed(css.replace("font-display:block", "font-display:swap"), self.words)


def formulas_in(page: str) -> Iterator[str]:
    """What the formulas of a page show."""
    start = page.find(FORMULA)
    while start >= 0:
        depth, end = 1, len(page)
        for tag in SPAN.finditer(page, start):
            depth += -1 if tag[1] else 1
            if not depth:
                end = tag.start()
                break
        shown = page[page.index(">", start) + 1 : end]
        yield html.unescape(re.sub("<[^>]*>", "", shown))
        start = page.find(FORMULA, end)


def quiet(script: str) -> str:
    """A script that does not write to the console, and names no file that is not there."""
    script = re.sub(r"\bconsole\.(?:log|debug|info)\(", "void(", script)
    return re.sub(r"^//# sourceMappingURL=.*$", "", script, flags=re.MULTILINE)


def remove(static: Path, patterns: list[str]) -> None:
    for path in [path for pattern in patterns for path in static.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def note_static_files(app, config) -> None:
    """A style sheet or a script of ours that has changed has the pages written again."""
    files = (
        path
        for folder in config.html_static_path
        for path in sorted(Path(app.srcdir, folder).rglob("*"))
        if path.is_file()
    )
    contents = b"".join(path.read_bytes() for path in files)
    config.book_static_files = hashlib.sha256(contents).hexdigest()[:16]


def finish(app, exception) -> None:
    """Write it, if pages were written: Sphinx copies the static files then, and only then."""
    static = Path(app.outdir) / "_static"
    if exception or app.builder.format != "html" or not (static / THEME[0]).is_file():
        return
    sheets = [str(sheet.filename).removeprefix("_static/") for sheet in app.builder._css_files]
    site = Site(Path(app.outdir), Path(app.doctreedir) / "fonts")
    (static / "book.css").write_text(site.style(sheets), encoding="utf-8")
    remove(static, [*UNLOADED, *(sheet for sheet in sheets if "/" not in sheet)])
    for script in static.rglob("*.js"):
        script.write_text(quiet(script.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app):
    app.add_config_value("book_static_files", "", "html")
    app.connect("config-inited", note_static_files)
    app.connect("build-finished", finish, priority=AFTER_THE_THEME)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
