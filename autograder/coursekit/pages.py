"""Feedback pages, rendered as nbgrader renders them but for one pass."""

import re

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode

NO_ALT = re.compile(r"<img (?![^>]*\balt=)")
ALT = '<img alt="Image without a description" '


class PageExporter(HTMLExporter):
    """nbconvert's exporter without its second reading of the finished page.

    That pass parses the page to give images a text and cells a tab stop, and takes as long as
    all the rest; here the images are found by their tag.
    """

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **options: object
    ) -> tuple[str, dict]:
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name", "ipython3"))
        resources = self._init_resources(resources)
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        widgets = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("filter_data_type", widgets)
        html, resources = TemplateExporter.from_notebook_node(self, nb, resources, **options)
        return NO_ALT.sub(ALT, html), resources
