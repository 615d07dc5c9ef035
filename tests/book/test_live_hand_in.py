"""What a page gives to download is graded as what Jupyter saves: right answers have full points."""

import json

import nbformat
import pytest

pytest.importorskip("selenium.webdriver")
from tests.book.live_browser import LivePage
from tests.book.live_pages import SETS, given_notebook, live_site, needs_assets, needs_browser
from tests.site.browsing import ONLY_THIS_MACHINE, chromium
from tests.site.serving import served

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.grading.judge import judge
from coursekit.sandbox.opening import open_pool
from coursekit.submissions.rebuild import rebuild
from coursekit.verification.in_sandbox import answer_cell

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live"), needs_assets, needs_browser]

STUDENT = "ada"


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """For each set what was given, and what is downloaded where the last answer is missing."""
    folder = tmp_path_factory.mktemp("live")
    below = live_site(folder, SETS)
    found = {}
    with served(folder) as address, chromium(ONLY_THIS_MACHINE) as driver:
        for name in SETS:
            page = LivePage(driver, f"{address}/some/course/{name}.html")
            answers = answers_in(name)
            page.visit(opened="yes", **{f"text {key}": text for key, text in answers.items()})
            page.until_begun()
            found[name] = given_notebook(below / "live", name), page.downloaded()
            page.close()
    return found


def answers_in(name):
    """A right answer to each exercise but the last, by the id of its cell."""
    exercises = read_master(MASTERS / f"{name}.md").exercises
    return {
        exercise.id: answer_cell(exercise, exercise.declaration.right_answers[0]).source
        for exercise in exercises[:-1]
    }


def as_read(notebook):
    """A notebook as it is when it has been read from its file."""
    return nbformat.reads(json.dumps(notebook), as_version=4)


@pytest.mark.parametrize("name", SETS)
def test_what_is_downloaded_is_graded_like_any_notebook(handed_in, name):
    given, downloaded = handed_in[name]
    master = read_master(MASTERS / f"{name}.md")
    nbformat.validate(as_read(downloaded))
    rebuilt = rebuild(as_read(given), json.dumps(downloaded).encode())
    assert rebuilt.oddities == ()
    with open_pool() as pool:
        judged = judge(master, rebuilt.notebook, STUDENT, b"secret", pool)
    got = {result.id: result.points for result in judged.exercises}
    personal = {one.id for one in master.exercises if one.declaration.personal}
    right = {one.id: one.points for one in master.exercises[:-1] if one.id not in personal}
    assert {key: got[key] for key in right} == right
    assert got[master.exercises[-1].id] == 0
