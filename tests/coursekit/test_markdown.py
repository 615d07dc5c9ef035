"""MyST becomes the Markdown that a bare notebook shows."""

from coursekit.authoring.markdown import docstring_math, plain_markdown


def test_roles_become_words_and_mathematics_stays():
    assert plain_markdown("See {ref}`the page <label>`, $x$ and {math}`y`.") == (
        "See *the page*, $x$ and $y$."
    )


def test_links_lead_to_the_published_book():
    text = "the page [A unit](../../book/chain_rule/units.md#bias)"
    assert plain_markdown(text, "https://book.example/") == (
        "the page [A unit](https://book.example/book/chain_rule/units.html#bias)"
    )
    assert plain_markdown(text) == "the page *A unit*"


def test_links_to_other_sites_stay():
    assert plain_markdown("[x](https://a.example/b)") == "[x](https://a.example/b)"


def test_directives_become_quotations():
    text = ":::{admonition} Before you read on\n:class: tip\nHow many?\n:::\nafter"
    assert plain_markdown(text).splitlines() == [
        "> **Before you read on**",
        ">",
        "> How many?",
        "",
        "after",
    ]


def test_labels_disappear():
    assert plain_markdown("(a-label)=\n## Title") == "## Title"


def test_docstring_mathematics_becomes_markdown():
    text = ".. math:: z = x\n          + b\n\nwhere :math:`x` comes in."
    assert docstring_math(text) == "$$\nz = x\n+ b\n$$\n\nwhere $x$ comes in."
