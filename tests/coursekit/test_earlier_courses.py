"""A course keeps the configuration that it was made with: the names in it go on working."""

import logging.config
import sys

import pytest
from traitlets.utils.importstring import import_item

from coursekit.courses import CONFIG_TEMPLATE, init_course
from coursekit.nbgrader_out.converters import load_config
from coursekit.nbgrader_plugin.export import QuotedCsv
from coursekit.nbgrader_plugin.exporter import RebuildingExporter
from coursekit.nbgrader_plugin.formgrader import FORMGRADER
from coursekit.nbgrader_plugin.log import HarmlessFormatter
from coursekit.nbgrader_plugin.preprocessor import JudgePreprocessor

EARLIER = '''\
"""nbgrader's configuration of one course; ``course init`` copies this file into a new course."""

from coursekit.frame.formgrader import guard

c = get_config()  # noqa: F821 (nbgrader supplies it)

c.CourseDirectory.course_id = "backpropagation"
c.Autograde.exporter_class = "coursekit.frame.exporter.RebuildingExporter"
c.Autograde.autograde_preprocessors = [
    "coursekit.frame.preprocessor.JudgePreprocessor",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
guard()
c.ExportApp.plugin_class = "coursekit.frame.export.QuotedCsv"
c.Application.logging_config = {
    "formatters": {"console": {"class": "coursekit.frame.log.HarmlessFormatter"}}
}
c.ClearSolutions.code_stub = {"python": "# your code here\\nraise NotImplementedError()"}
'''


@pytest.fixture(params=[EARLIER, CONFIG_TEMPLATE.read_text(encoding="utf-8")], ids=["then", "now"])
def course(tmp_path, request):
    made = init_course(tmp_path / "course")
    made.config.write_text(request.param, encoding="utf-8")
    return made


def test_each_name_leads_to_the_thing_itself(course):
    config = load_config(course)
    assert import_item(config.Autograde.exporter_class) is RebuildingExporter
    assert import_item(config.Autograde.autograde_preprocessors[0]) is JudgePreprocessor
    assert import_item(config.ExportApp.plugin_class) is QuotedCsv


def test_the_formatter_is_found_as_logging_looks_for_it(course):
    formatters = load_config(course).Application.logging_config["formatters"]
    name = formatters["console"]["class"]
    configured = logging.config.DictConfigurator({"version": 1, "formatters": {}})
    assert isinstance(configured.configure_formatter({"class": name}), HarmlessFormatter)


def test_the_guard_acts(course, monkeypatch):
    class Stock:
        pass

    base = type(sys)("base")
    base.NbGraderAPI = Stock
    monkeypatch.setitem(sys.modules, FORMGRADER, base)
    load_config(course)
    assert base.NbGraderAPI is not Stock
    assert issubclass(base.NbGraderAPI, Stock)
