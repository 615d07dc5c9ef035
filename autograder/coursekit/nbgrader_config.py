"""nbgrader's configuration of one course; ``course init`` copies this file into a new course."""

c = get_config()  # noqa: F821 (nbgrader supplies it)

c.CourseDirectory.course_id = "backpropagation"

# Every notebook is rebuilt from the release before it is graded: from a submission come only
# the sources of the cells that the student was asked to fill in. Then the judge takes the place
# of nbgrader's execution; what comes after it is nbgrader's own.
c.Autograde.exporter_class = "coursekit.frame.exporter.RebuildingExporter"
c.Autograde.autograde_preprocessors = [
    "coursekit.frame.preprocessor.JudgePreprocessor",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

c.ClearSolutions.code_stub = {"python": "# your code here\nraise NotImplementedError()"}
