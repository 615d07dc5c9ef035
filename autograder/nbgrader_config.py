"""nbgrader's configuration of one course; ``course init`` copies this file into a new course."""

c = get_config()  # noqa: F821 (nbgrader supplies it)

c.CourseDirectory.course_id = "backpropagation"

# Every notebook is rebuilt from the release before it is graded: from a submission come only
# the sources of the cells that the student was asked to fill in.
c.Autograde.exporter_class = "coursekit.exporter.RebuildingExporter"

c.ClearSolutions.code_stub = {"python": "# your code here\nraise NotImplementedError()"}
c.ExecutePreprocessor.timeout = 60
c.Execute.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
