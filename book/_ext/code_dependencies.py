"""Rebuild a page when the code that it uses has changed, and no other page.

Two memories could serve stale figures. Sphinx skips a page whose source is unchanged, so every
page is told which modules it imports, directly and through other modules. And the cache of
executed notebooks knows a page by its cells alone, so the cache lives in a folder that is named
after the contents of all code that pages use: changed code starts with an empty one. The
environment variable ``BOOK_CACHE`` lets the two editions share it.

What builds the book, the modules beside this one, concerns every page: when one of them changes
all pages are read again.
"""

import ast
import hashlib
import os
import re
import shutil
from pathlib import Path

import matplotlib
import numpy
from jupyter_cache import get_cache

PACKAGES = {"backprop": "solutions/backprop", "coursekit": "autograder/coursekit"}
STYLE = "book/course.mplstyle"
RESULTS = "tests/benchmarks/results"
"""What the benchmarks write, and a page reads."""
KEPT_CACHES = 3


def module_file(root: Path, name: str) -> Path | None:
    """The file of a module of the two packages; None for anything else, or for an attribute."""
    package, *rest = name.split(".")
    if package not in PACKAGES:
        return None
    base = root.joinpath(PACKAGES[package], *rest)
    candidates = (base / "__init__.py", base.with_suffix(".py"))
    return next((path for path in candidates if path.is_file()), None)


def imported_names(code: str, package: str = "") -> set[str]:
    """Full names in the import statements of code that lies in a package."""
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = ".".join(filter(None, [package if node.level else "", node.module]))
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


def page_imports(text: str) -> set[str]:
    """Modules that the code cells of a page import; cells with magics do not parse, lines do."""
    lines = re.findall(r"^\s*((?:from|import) (?:backprop|coursekit)\b[^\n(]*)$", text, re.M)
    lines += [
        re.sub(r"\s+", " ", found)
        for found in re.findall(r"^\s*(from (?:backprop|coursekit)[^\n(]*\([^)]*\))", text, re.M)
    ]
    return {name for line in lines for name in imported_names(line.strip())}


def files_behind(root: Path, names: set[str]) -> set[Path]:
    """The files of these modules and of everything that they import from the two packages."""
    found, queue = set(), list(names)
    while queue:
        name = queue.pop()
        parents = [name.rsplit(".", depth)[0] for depth in range(name.count(".") + 1)]
        for path in filter(None, (module_file(root, parent) for parent in parents)):
            if path not in found:
                found.add(path)
                package = ".".join(path.parent.relative_to(root).parts[1:])
                queue.extend(imported_names(path.read_text(), package))
    return found


def note_code(app, docname, source) -> None:
    root = Path(app.srcdir)
    files = files_behind(root, page_imports(source[0]))
    if files:
        app.env.dependencies[docname].update(str(path) for path in (*files, root / STYLE))
    if RESULTS in source[0]:
        app.env.dependencies[docname].update(map(str, (root / RESULTS).glob("*.json")))


def code_digest(root: Path) -> str:
    """A name for all code that any page uses, and for the libraries that draw and compute."""
    digest = hashlib.sha256(f"{numpy.__version__} {matplotlib.__version__}".encode())
    names = {
        name for page in (root / "book").rglob("*.md") for name in page_imports(page.read_text())
    }
    data = [*(root / PACKAGES["backprop"]).rglob("*.npz"), *(root / RESULTS).glob("*.json")]
    for path in sorted({root / STYLE, *files_behind(root, names), *data}):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def machinery_digest() -> str:
    """A name for the modules that build the book."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in modules)).hexdigest()[:16]


def place_cache(app, config) -> None:
    """Point ``current`` at the cache for the code as it is.

    The setting names the link, which stays the same: a setting that changes would make Sphinx
    read every page again.
    """
    root = Path(app.srcdir)
    caches = Path(os.environ.get("BOOK_CACHE") or Path(app.outdir).parent / "executed").resolve()
    cache, current = caches / code_digest(root), caches / "current"
    cache.mkdir(parents=True, exist_ok=True)
    cache.touch()
    current.unlink(missing_ok=True)
    current.symlink_to(cache.name)
    folders = [path for path in caches.iterdir() if not path.is_symlink()]
    for old in sorted(folders, key=lambda path: path.stat().st_mtime)[:-KEPT_CACHES]:
        shutil.rmtree(old)
    get_cache(str(current)).db  # noqa: B018 (makes the data base, before several readers would)
    config.nb_execution_cache_path = str(current)
    config.book_machinery = machinery_digest()


def setup(app):
    app.add_config_value("book_machinery", "", "env")
    app.connect("config-inited", place_cache)
    app.connect("source-read", note_code)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
