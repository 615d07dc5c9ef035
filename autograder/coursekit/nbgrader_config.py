"""nbgrader's configuration of one course; ``course init`` copies this file into a new course."""

from coursekit.nbgrader_plugin.formgrader import guard
from coursekit.nbgrader_plugin.stubs import code_stubs

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader supplies it

c.CourseDirectory.course_id = "backpropagation"

# Every notebook is rebuilt from the release before it is graded: from a submission come only
# the sources of the cells that the student was asked to fill in. Then the judge takes the place
# of nbgrader's execution; what comes after it is nbgrader's own.
c.Autograde.exporter_class = "coursekit.nbgrader_plugin.exporter.RebuildingExporter"
c.Autograde.autograde_preprocessors = [
    "coursekit.nbgrader_plugin.preprocessor.JudgePreprocessor",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What is late and what it costs stands in course.toml; "nbgrader" there means what stands here.
c.AssignLatePenalties.plugin_class = "coursekit.nbgrader_plugin.late.CourseLatePolicy"

# Names of folders and files are the students': formgrader shows names as they are, and gets only
# those that can be shown; the export quotes them and makes none a formula; the log shows by its
# number what would act in a terminal.
guard()
c.ExportApp.plugin_class = "coursekit.nbgrader_plugin.export.QuotedCsv"
c.Application.logging_config = {
    "formatters": {"console": {"class": "coursekit.nbgrader_plugin.log.HarmlessFormatter"}}
}

c.ClearSolutions.code_stub = code_stubs(python="# your code here\nraise NotImplementedError()")
