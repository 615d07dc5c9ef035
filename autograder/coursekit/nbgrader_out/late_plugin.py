"""nbgrader's plugin for late penalties: it is there, and nothing else takes points off."""

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from coursekit.course_toml import BY_NBGRADER
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.nbgrader_out.converters import load_config

OUR_PLUGIN = "coursekit.nbgrader_plugin.late.CourseLatePolicy"
"""For nbgrader's own commands; it takes off what course.toml says."""


def require_late_plugin(course: Course) -> None:
    """Find the plugin for late penalties before anybody is graded.

    Raises
    ------
    CourseError
    """
    config = load_config(course)
    require_one_policy(course, config)
    try:
        AssignLatePenalties(config=config).init_plugin()
    except Exception as error:
        plugin = config.AssignLatePenalties.get("plugin_class", "")
        raise CourseError(
            f"nbgrader_config.py names {plugin!r} for late penalties, which cannot be had "
            f"({type(error).__name__}: {error}). A class of your own stands in a file of the "
            "course directory: late.SubMarks is the class SubMarks in late.py"
        ) from error


def require_one_policy(course: Course, config: Config) -> None:
    """Refuse two things that both take points off.

    Raises
    ------
    CourseError
    """
    late, plugin = course.settings.policies.late, config.AssignLatePenalties.get("plugin_class", "")
    if isinstance(plugin, type):
        plugin = f"{plugin.__module__}.{plugin.__qualname__}"
    other = plugin and plugin != OUR_PLUGIN
    method = config.LateSubmissionPlugin.get("penalty_method", "none") != "none"
    if late != BY_NBGRADER and (other or method):
        named = repr(plugin) if other else "LateSubmissionPlugin.penalty_method"
        raise CourseError(
            f'course.toml says late = "{late}", and nbgrader_config.py names {named}: only one '
            f'may take points off. Set late = "{BY_NBGRADER}", or take that line out'
        )
