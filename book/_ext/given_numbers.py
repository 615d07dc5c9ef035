"""The role ``given``: a decimal that the text chooses, where no code could compute it.

A decimal in prose must come from code by ``glue``, stand in a formula, or be marked as given,
as in "with a step of {given}`0.05`". A test reads every page for the ones that are not.
"""

from docutils import nodes


def given(name, rawtext, text, lineno, inliner, options=None, content=None):
    return [nodes.inline(rawtext, text)], []


def setup(app):
    app.add_role("given", given)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
