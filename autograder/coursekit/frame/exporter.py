"""A name in the configuration of courses made earlier."""

from coursekit.nbgrader_plugin.exporter import RebuildingExporter

__all__ = ["RebuildingExporter"]
