"""A page as the cells of a notebook, in plain Markdown that any notebook shows."""

import ast
import json
import re
import sys
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from nbclient import NotebookClient
from nbformat import read, validate
from sphinx_design.dropdown import dropdown_main, dropdown_title
from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from markdown_cells import Cell, Writer

pytestmark = pytest.mark.xdist_group("book")
RUN = ["book/chain_rule/xor", "book/jacobians/layouts", "book/optimizers/variants"]
"""A training run, a page of tabs, and one that reads what was recorded."""

PAGE = r"""
Title
=====

A *word*, a **strong** one, ``code``, :math:`x_1`; costs $5_ [x].

- first

  with more
- second

1. one
2. two

.. math:: y = x^2

term
   its meaning

.. note:: Mind the `gap <https://x.example>`__.

======  ======
a       b
======  ======
1 | 2   3
======  ======

Below
-----

.. code:: python

   print(1)
"""
MARKDOWN = r"""# Title

A *word*, a **strong** one, `code`, $x_1$; costs \$5\_ \[x\].

- first

  with more
- second

1. one
2. two

$$
y = x^2
$$

term

  its meaning

> Mind the [gap](https://x.example).

| a | b |
| --- | --- |
| 1 \| 2 | 3 |

## Below

```python
print(1)
```"""


def writer(place=lambda target: target) -> Writer:
    return Writer(place, SimpleNamespace())


def document(*children: nodes.Node) -> nodes.document:
    found = nodes.document(SimpleNamespace(), SimpleNamespace())
    found += children
    return found


def cell(code: str, *more: nodes.Node) -> nodes.container:
    source = nodes.container("", nodes.literal_block(code, code), classes=["cell_input"])
    return nodes.container("", source, *more, classes=["cell"])


def test_markup_becomes_markdown():
    page = publish_doctree(PAGE, settings_overrides={"doctitle_xform": False})
    for block in page.findall(nodes.literal_block):
        block["language"] = "python"
    (found,) = writer().cells(page)
    assert not found.code
    assert found.text == MARKDOWN


def test_code_is_a_cell_and_what_it_drew_is_its_caption():
    figure = nodes.figure("", nodes.image(uri="x.svg"), nodes.caption("", "Two lines."))
    page = document(
        nodes.section(
            "",
            nodes.title("", "T"),
            nodes.paragraph("", "a"),
            cell("x = 1", figure),
            nodes.paragraph("", "b"),
        )
    )
    assert writer().cells(page) == [
        Cell("# T\n\na"),
        Cell("x = 1", code=True),
        Cell("*Two lines.*\n\nb"),
    ]


def test_what_is_folded_stays_so():
    title = dropdown_title("", "", nodes.inline("", "If "), nodes.math("", "x < 1"))
    page = document(dropdown_main("", title, nodes.paragraph("", "An answer.")))
    (found,) = writer().cells(page)
    assert found.text == ("<details>\n<summary>If x &lt; 1</summary>\n\nAn answer.\n\n</details>")


def test_a_link_without_an_address_is_its_text():
    link = nodes.reference("", "there", refuri="b.html")
    assert writer().inline(link) == "[there](b.html)"
    assert writer(lambda target: None).inline(link) == "there"
    assert writer().inline(nodes.reference("", "here", refid="x")) == "here"


def notebook_of(editions, name: str):
    return read(editions["textbook"].html / f"{name}.ipynb", as_version=4)


def test_each_page_that_computes_is_a_notebook(editions):
    html = editions["textbook"].html
    pages = [
        page.relative_to(html).with_suffix("")
        for page in editions["textbook"].pages
        if 'class="cell ' in page.read_text(encoding="utf-8")
    ]
    computing = {p.as_posix() for p in pages if p.parts[0] == "book"} - {
        "book/developing/measurements"
    }
    written = {p.relative_to(html).with_suffix("").as_posix() for p in html.rglob("*.ipynb")}
    assert written == computing
    assert len(written) > 50
    for name in written:
        page = (html / f"{name}.html").read_text(encoding="utf-8")
        (link,) = re.findall(rf'<a href="{name.rpartition("/")[2]}\.ipynb"[^>]*>', page)
        assert " download" in link, name


def test_notebooks_hold_no_markup_that_only_the_build_knows(editions):
    unknown = re.compile(r"^:::|\{(?:ref|eq|numref|cite|glue|given|bdg)|^\(\S+\)=$|<svg|<div", re.M)
    for path in editions["textbook"].html.rglob("*.ipynb"):
        notebook = read(path, as_version=4)
        validate(notebook)
        texts = [c.source for c in notebook.cells if c.cell_type == "markdown"]
        assert not [found for text in texts if (found := unknown.search(text))], path.name
        for code in [c.source for c in notebook.cells if c.cell_type == "code"][1:]:
            ast.parse(code)


def test_the_package_lies_beside_the_textbook_and_not_beside_the_course(editions):
    import notebooks

    assert (editions["textbook"].html / notebooks.WHEEL).stat().st_size > 100_000
    assert not list(editions["course"].html.rglob("*.whl"))
    assert notebooks.WHEEL not in json.dumps(
        read(editions["course"].html / "book/chain_rule/units.ipynb", as_version=4)
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", RUN)
def test_a_downloaded_notebook_runs(editions, name, tmp_path):
    notebook = notebook_of(editions, name)
    for file in (editions["textbook"].html / name).parent.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    printed = [cell.get("outputs") for cell in notebook.cells if cell.cell_type == "code"]
    assert any(printed)
