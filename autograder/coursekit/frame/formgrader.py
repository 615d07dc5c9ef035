"""A name in the configuration of courses made earlier."""

from coursekit.nbgrader_plugin.formgrader import guard

__all__ = ["guard"]
