"""The two editions of the book, and the directive whose content only one of them has.

The edition is the setting ``edition`` of ``_config.yml``, ``textbook`` or ``course``; the
environment variable ``EDITION`` overrides it, so that both can be built from one checkout.
The course edition holds no body of an exercise's function.
"""

import os

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

from coursekit.authoring.reference_source import read_reference, resolve

EDITIONS = ("textbook", "course")


def choose_edition(app, config) -> None:
    config.edition = os.environ.get("EDITION", config.edition)
    if config.edition not in EDITIONS:
        raise ConfigError(f"edition is {config.edition!r}; expected one of {', '.join(EDITIONS)}")


class ReferenceDirective(SphinxDirective):
    """``{reference} backprop.units.output_deltas``: the function's source, folded away.

    In the course edition the directive leaves nothing.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        function = resolve(self.arguments[0])
        self.env.note_dependency(function.__code__.co_filename)
        if self.config.edition != "textbook":
            return []
        text = [
            f":::{{dropdown}} The same in the course's package: `{self.arguments[0]}`",
            "```python",
            *read_reference(function).source().splitlines(),
            "```",
            ":::",
        ]
        container = nodes.container()
        self.state.nested_parse(StringList(text, self.get_location()), 0, container)
        return container.children


def setup(app):
    app.add_config_value("edition", "textbook", "env")
    app.connect("config-inited", choose_edition)
    app.add_directive("reference", ReferenceDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
