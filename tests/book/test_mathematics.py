"""Formulas are typeset when the book is built, wherever they stand; a wrong one ends the build."""

import re
import sys

import pytest
from tests.book.conftest import FRONT_MATTER, ROOT, build_small

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from mathematics import with_lines

PLACES = (
    FRONT_MATTER
    + r"""# Plain

In a line $a_1$, and in the *next* one:

$$
a_2 = 1 \\
b_2 = 2
$$ (eq-second)

## How $a_3$ stands in a title

| $a_4$ | as in {eq}`eq-second` |
|-------|-----------------------|
| $a_5$ | code `$a$`            |

```{note}
:class: dropdown
$a_6$
```

```{math}
:label: eq-seventh

a_7 & = 1

b_7 & = 2
```

\begin{align}
a_8 &= 1
\end{align}

```{code-cell} ipython3
from IPython.display import Math
Math("a_9")
```
"""
)


def aligned(tex: str) -> str:
    return rf"\begin{{aligned}}{tex}\end{{aligned}}"


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("a", "a"),
        (r"a \\ b", aligned(r"a \\ b")),
        ("a\n\nb", aligned(r"a \\ b")),
        ("a\n  \n" + r"b \\ c", aligned("a " + r"\\ " + aligned(r"b \\ c"))),
    ],
)
def test_lines_of_a_formula_stand_as_sphinx_has_them(tex, expected):
    assert with_lines(tex) == expected


@pytest.mark.xdist_group("book")
def test_formulas_are_typeset_wherever_they_stand(small_book):
    (small_book / "book/plain.md").write_text(PLACES, encoding="utf-8")
    built = build_small(small_book)
    assert built.status == 0, built.log[-3000:]
    page = (built.html / "book/plain.html").read_text(encoding="utf-8")
    sources = " ".join(re.findall(r"<annotation[^>]*>([^<]*)", page))
    assert set(re.findall(r"a_(\d)", sources)) == set("123456789")
    assert not re.search(r"\\[(\[]", re.sub("<annotation.*?</annotation>", "", page))
    assert "<code" in page
    assert "$a$" in page
    for number, label in enumerate(("eq-second", "eq-seventh"), 1):
        assert re.search(rf'id="equation-{label}">\s*<span class="eqno">\({number}\)', page)
    assert '<a class="reference internal" href="#equation-eq-second">(1)</a>' in page
    fonts = {path.name for path in (built.html / "_static/fonts").iterdir()}
    assert {"KaTeX_Main-Regular.woff2", "KaTeX_Math-Italic.woff2"} <= fonts
    assert "KaTeX_Fraktur-Regular.woff2" not in fonts


@pytest.mark.xdist_group("book")
def test_a_wrong_formula_ends_the_build_and_is_named(small_book):
    page = small_book / "book/plain.md"
    page.write_text(f"{FRONT_MATTER}# Plain\n\nThe sum $\\summ_i a_i$.\n", encoding="utf-8")
    built = build_small(small_book, "--keep-going")
    assert built.status != 0
    assert re.search(r"plain\.md:\d+: a formula cannot be typeset\s+\\summ_i a_i", built.log)
