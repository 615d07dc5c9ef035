"""A name in the configuration of courses made earlier."""

from coursekit.nbgrader_plugin.log import HarmlessFormatter

__all__ = ["HarmlessFormatter"]
