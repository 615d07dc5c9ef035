"""Imports where Landlock hides packages: their names are seen, and their files cannot be opened.

An import would end with a ``PermissionError``, which no program expects.  Here it ends as if the
package was not there.  What keeps it from being read is Landlock, not this.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from types import ModuleType

_LOADERS = (
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (SourceFileLoader, SOURCE_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
)


def narrow(sites: Collection[str], modules: Collection[str]) -> None:
    """Have imports find some modules only in the folders of packages.

    Parameters
    ----------
    sites : collection of str
    modules : collection of str
        What an import begins with.
    """
    known = frozenset(modules)

    class Narrowed(FileFinder):
        def find_spec(self, name: str, target: ModuleType | None = None) -> ModuleSpec | None:
            return super().find_spec(name, target) if name.partition(".")[0] in known else None

    def hook(path: str) -> Narrowed:
        if path not in sites:
            raise ImportError(path)
        return Narrowed(path, *_LOADERS)

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
