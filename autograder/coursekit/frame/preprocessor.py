"""A name in the configuration of courses made earlier."""

from coursekit.nbgrader_plugin.preprocessor import JudgePreprocessor

__all__ = ["JudgePreprocessor"]
