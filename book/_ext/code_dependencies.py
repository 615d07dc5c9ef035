"""Rebuild a page when the code that it uses has changed, and no other page.

Two memories could serve stale figures. Sphinx skips a page whose source is unchanged, so every
page is told which files its cells depend on: the modules that it imports, directly and through
other modules, and what these read. And the cache of executed notebooks knows a page by its cells
alone, so each page has caches of its own, in folders that are named after the contents of these
files: changed code starts with an empty one. The environment variable ``BOOK_CACHE`` lets
several builds share them.

What builds the book, the modules beside and below this one, concerns every page: when one of them
changes all pages are read again.
"""

import ast
import functools
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase

PACKAGES = {"backprop": "solutions/backprop", "coursekit": "autograder/coursekit"}
STYLE = "book/course.mplstyle"
RECORDED = ("tests/benchmarks/results", "tests/golden")
"""Folders of what was measured or recorded elsewhere, and is read by pages."""
READ_BY = {
    "solutions/backprop/datasets.py": ["solutions/backprop/data/*"],
    "autograder/coursekit/authoring/masters.py": [
        "autograder/problem_sets/*.md",
        "autograder/problem_sets/**/*.py",
        "solutions/backprop/**/*.py",
    ],
}
"""Files that a module reads, or imports by names that stand in no import statement."""
KEPT_CACHES = 3
"""Of each page."""


@functools.cache
def module_file(root: Path, name: str) -> Path | None:
    """The file of a module of the two packages; None for anything else, or for an attribute."""
    package, *rest = name.split(".")
    if package not in PACKAGES:
        return None
    base = root.joinpath(PACKAGES[package], *rest)
    candidates = (base / "__init__.py", base.with_suffix(".py"))
    return next((path for path in candidates if path.is_file()), None)


@functools.cache
def imported_names(code: str, package: str = "") -> frozenset[str]:
    """Full names in the import statements of code that lies in a package."""
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = ".".join(filter(None, [package if node.level else "", node.module]))
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return frozenset(names)


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
                queue.extend(imported_names(path.read_text(encoding="utf-8"), package))
    return found


def files_of_page(root: Path, text: str) -> list[Path]:
    """The files that decide what the cells of a page compute and draw."""
    code = files_behind(root, page_imports(text))
    patterns = [p for module, read in READ_BY.items() if root / module in code for p in read]
    patterns += [f"{folder}/*.json" for folder in RECORDED if folder in text]
    return sorted({root / STYLE, *code, *(path for p in patterns for path in root.glob(p))})


def digest_of(root: Path, files: list[Path]) -> str:
    """A name for the contents of files, and for the libraries that draw and compute."""
    digest = hashlib.sha256(f"{numpy.__version__} {matplotlib.__version__}".encode())
    for path in files:
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def machinery_digest(folder: Path) -> str:
    """A name for the modules that build the book."""
    modules = sorted(folder.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in modules)).hexdigest()[:16]


def drop_old_caches(caches: Path) -> None:
    if caches.is_dir():
        folders = sorted(caches.iterdir(), key=lambda path: path.stat().st_mtime)
        for old in folders[:-KEPT_CACHES]:
            shutil.rmtree(old, ignore_errors=True)


def note_code(app, docname, source) -> None:
    """Tell Sphinx and myst-nb, which reads the page next, what the page depends on."""
    root = Path(app.srcdir)
    files = files_of_page(root, source[0])
    app.env.dependencies[docname].update(map(str, files))
    caches = Path(app.config.nb_execution_cache_path) / docname.replace("/", ".")
    cache = caches / digest_of(root, files)
    if cache.is_dir():
        cache.touch()
    drop_old_caches(caches)
    app.env.mystnb_config = app.env.mystnb_config.copy(execution_cache_path=str(cache))


def place_caches(app, config) -> None:
    """Set the folder of all caches. A setting that changes makes Sphinx read every page again."""
    caches = os.environ.get("BOOK_CACHE") or Path(app.outdir).parent / "executed"
    config.nb_execution_cache_path = str(Path(caches).resolve())
    config.book_machinery = machinery_digest(Path(__file__).parent)


def store_beside_others(store: Callable) -> Callable:
    """Store an executed page also where its place is taken.

    Another build stores the same page at this moment, or one that was ended in the middle left a
    folder without the page.
    """

    @functools.wraps(store)
    def stored(cache: JupyterCacheBase, bundle: CacheBundleIn, *rest: object, **options: object):
        try:
            return store(cache, bundle, *rest, **options)
        except FileExistsError:
            time.sleep(1.0)
            _, name = cache.create_hashed_notebook(bundle.nb)
            place = Path(cache.path) / "executed" / name
            if not (place / "base.ipynb").exists():
                shutil.rmtree(place, ignore_errors=True)
            return store(cache, bundle, *rest, **options)

    stored.beside_others = True
    return stored


def setup(app):
    if not hasattr(JupyterCacheBase.cache_notebook_bundle, "beside_others"):
        JupyterCacheBase.cache_notebook_bundle = store_beside_others(
            JupyterCacheBase.cache_notebook_bundle
        )
    app.add_config_value("book_machinery", "", "env")
    app.connect("config-inited", place_caches)
    app.connect("source-read", note_code)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
