"""In the browser every known answer gets the verdict and the message that it gets in CPython."""

import pytest

pytest.importorskip("selenium.webdriver")
from book._ext.live import python_folder
from tests.book.live_answers import (
    PRELUDE,
    as_without_float_flags,
    cells_to_try,
    let_references_run,
    said_in_cpython,
    said_in_messages,
)
from tests.book.live_browser import long_script
from tests.book.live_pages import ASSETS, SETS, live_site, needs_assets, needs_browser
from tests.site.browsing import ONLY_THIS_MACHINE, chromium
from tests.site.serving import served

from coursekit.authoring import standalone
from coursekit.authoring.masters import MASTERS, read_master

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live"), needs_assets, needs_browser]

START = """
    const [set, python, first, done] = arguments;
    const live = `${location.origin}/some/course/live/`;
    import(`${live}python.js`).then(({Python}) => {
        const files = ["checks.py", `${set}_cases.npz`, "packages.zip"].map(
            path => ({url: `${live}${set}/${path}`, path}));
        window.python = new Python({base: `${live}${python}/`, files}, () => {});
        return window.python.run({cells: [{name: "first", source: first}], seconds: 60});
    }).then(errors => done([...errors]), error => done(String(error)));
"""
RUN = """
    const [cells, done] = arguments, heard = [];
    window.python.run({cells, seconds: 100, on: message => heard.push(message)})
        .then(() => done(heard), error => done(String(error)));
"""


def said_in_browser(address, name, batches):
    said = {}
    with chromium(ONLY_THIS_MACHINE) as driver:
        driver.get(f"{address}/some/course/{name}.html")
        started = long_script(driver, START, name, python_folder(ASSETS), PRELUDE)
        assert started == [["first", None]]
        for cells in batches:
            heard = long_script(driver, RUN, cells)
            assert isinstance(heard, list), heard
            said |= said_in_messages(heard)
    return said


@pytest.mark.parametrize("name", SETS)
def test_all_known_answers_get_the_same_words(tmp_path, monkeypatch, name):
    monkeypatch.setattr(standalone, "OURS", ())  # some answers import what the references do
    folder = live_site(tmp_path, [name]) / "live" / name
    let_references_run(folder)
    exercises = read_master(MASTERS / f"{name}.md").exercises
    batches = [cells_to_try(exercise) for exercise in exercises]
    tried = " ".join(cell["name"] for cells in batches for cell in cells)
    known = [mistake.id for one in exercises for mistake in one.declaration.misconceptions]
    assert not [mistake for mistake in known if f"wrong {mistake} " not in tried]
    first = [{"name": "first", "source": PRELUDE}]
    expected = said_in_cpython(folder, sum(batches, first))
    with served(tmp_path) as address:
        found = said_in_browser(address, name, batches)
    del expected["first"]
    assert found.keys() == expected.keys()
    pairs = {cell: (as_without_float_flags(expected[cell]), found[cell]) for cell in found}
    assert {cell: pair for cell, pair in pairs.items() if pair[0] != pair[1]} == {}
