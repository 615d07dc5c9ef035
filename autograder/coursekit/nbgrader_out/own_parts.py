"""Which parts of an instructor's own nbgrader configuration `course grade` does without, and why.

What nbgrader's documentation lets an instructor name works: preprocessors of a release and of
feedback, plugins for late penalties, exports and collecting. Two things are not reached, as the
class run is not nbgrader's; that is said, and not passed over.
"""

from collections.abc import Iterator

from traitlets.config import Config

from coursekit.courses import Course
from coursekit.nbgrader_out.converters import read_config

STOCK = {
    "JudgePreprocessor", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata", "Execute",
    "IgnorePattern", "ClearMetadataPreprocessor", "LimitOutput", "ClearOutput", "DeduplicateIds",
    "OverwriteKernelspec", "OverwriteCells",
}  # fmt: skip
"""Preprocessors of nbgrader's and ours, in whose place the class run does what they do."""


def not_reached(course: Course) -> Iterator[str]:
    """What of the configuration counts for nbgrader's own commands only, a sentence each.

    Raises
    ------
    CourseError
        If the configuration cannot be run.
    """
    config = read_config(course)
    own = [
        name
        for part in ("sanitize_preprocessors", "autograde_preprocessors")
        for name in names_in(config, part)
        if name.rpartition(".")[2] not in STOCK
    ]
    if own:
        yield (
            f"`course grade` does not run {', '.join(own)}, which {course.config.name} names for "
            "grading: hand-ins are judged in the sandbox, where no code of the course may run "
            "beside them. `nbgrader autograde` runs it"
        )
    if "template_name" in config.HTMLExporter or "template_file" in config.HTMLExporter:
        yield (
            "the feedback pages of `course grade` have a template of their own, and not that of "
            f"HTMLExporter in {course.config.name}; `nbgrader generate_feedback` uses that"
        )


def names_in(config: Config, part: str) -> Iterator[str]:
    """The preprocessors of a list, each by the name that the configuration gives or a class has."""
    for one in config.Autograde.get(part, ()):
        yield one if isinstance(one, str) else f"{one.__module__}.{one.__qualname__}"
