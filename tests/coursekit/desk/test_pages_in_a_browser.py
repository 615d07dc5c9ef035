"""Each page of the instructor's desk in a real browser: no barrier, no request, no overflow."""

import pytest

pytest.importorskip("selenium.webdriver")
from tests.coursekit.desk.looking import faults
from tests.site.browsing import CHROMIUM, DRIVER, chromium

from coursekit.cli import main

pytestmark = [
    pytest.mark.tier("auto"),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
    ),
]


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


def test_the_class_report(course, browser):
    assert main(["report", "ps1", "--course", str(course.root)]) == 0
    assert faults(browser, course.root / "reports" / "ps1.html") == []


@pytest.mark.parametrize("student", ["ada", "Doe, Jane", "josé", "zed"])
def test_a_feedback_page(graded, browser, student):
    assert faults(browser, graded.feedback(student, "ps1")) == []
