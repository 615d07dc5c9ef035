"""The contents beside a page: as Sphinx would make them, in less time, with names for buttons."""

import sys

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from sidebar import name_chevrons, titles


@pytest.mark.parametrize("classes", ["reference internal", "current reference internal"])
def test_what_unfolds_a_chapter_is_called_after_it(classes):
    html = (f'<a class="{classes}" href="#">1. <em>Rules</em></a><details open="open"><summary>'
            '<span class="toctree-toggle" role="presentation">')  # fmt: skip
    assert '<summary aria-label="Pages of 1. Rules"><span' in name_chevrons(html)


PAGES = {
    "index": "# Book\n\n## Of it\n\n```{toctree}\nchapter\nalone\n```\n",
    "chapter": "# Chapter\n\n## First\n\n### Deep\n\n```{toctree}\npage\n```\n\n## Second\n",
    "page": "# A *page*\n\n## Section\n\n### Within\n\n## Another\n",
    "alone": "# Alone\n",
}


def test_contents_of_titles_are_what_sphinx_makes_of_all(tmp_path):
    for name, text in PAGES.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    with docutils_namespace():
        app = Sphinx(
            tmp_path, None, tmp_path / "html", tmp_path / "trees", "html",
            confoverrides={"extensions": ["myst_parser"]}, status=None, warning=None,
        )  # fmt: skip
        app.build()

        def contents(name: str) -> str:
            return app.builder._get_local_toctree(
                name, collapse=False, includehidden=True, titles_only=True
            )

        of_all = {name: contents(name) for name in PAGES}
        app.env.tocs = titles(app.env)
        assert {name: contents(name) for name in PAGES} == of_all
    assert "page.html" in of_all["alone"]
    assert "Within" not in of_all["alone"]
