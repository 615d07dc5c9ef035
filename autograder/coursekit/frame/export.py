"""A name in the configuration of courses made earlier."""

from coursekit.nbgrader_plugin.export import QuotedCsv

__all__ = ["QuotedCsv"]
