"""Python in the browser, whatever it is given: it says what happened, and the next run works."""

import pytest

pytest.importorskip("selenium.webdriver")
from book._ext.live import python_folder
from tests.book.live_answers import said_in_messages
from tests.book.live_pages import ASSETS, live_site, needs_assets, needs_browser
from tests.site.browsing import ONLY_THIS_MACHINE, chromium
from tests.site.serving import served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live"), needs_assets, needs_browser]

RUN = """
    const [python, source, seconds, done] = arguments, heard = [];
    const live = `${location.origin}/some/course/live/`;
    import(`${live}python.js`).then(({Python}) => {
        window.python ??= new Python({base: `${live}${python}/`, files: []}, () => {});
        return window.python.run({
            cells: [{name: "c", source}], seconds, on: message => heard.push(message)});
    }).then(() => done([heard, ""]), error => done([heard, error.message]));
"""
SWALLOWS = """\
while True:
    try:
        while True:
            pass
    except:
        pass
"""
LOOPS_BACK = "class A:\n    def __repr__(self):\n        return repr(self)\nA()"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a cell: what it said, and why it was ended from outside."""
    folder = tmp_path_factory.mktemp("live")
    live_site(folder, ["ps0"])
    with served(folder) as address, chromium(ONLY_THIS_MACHINE) as driver:
        driver.set_script_timeout(300)
        driver.get(f"{address}/some/course/ps0.html")

        def run(source, seconds=60):
            heard, ended = driver.execute_async_script(RUN, python_folder(ASSETS), source, seconds)
            return said_in_messages(heard).get("c", ""), ended

        yield run


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 0\nwhile True:\n    x += 1", "It ran for 1 seconds and was stopped."),
        ("def f(n):\n    return f(n + 1)\nf(0)", "A function calls itself without an end."),
        ("import numpy as np\nnp.ones(268_435_456)", "take fewer or smaller arrays"),
        (
            "a = []\nwhile True:\n    a.append(bytearray(100_000_000))",
            "take fewer or smaller arrays",
        ),
        ("import pandas", "In this page there are NumPy and Python's standard library."),
        ("input()", "nobody can: write the value into the code"),
        ("for k in range(100_000): print(k)", "and 99,500 more lines"),
        ("import sys; sys.exit()", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("print('\\ud800')", "?"),
    ],
)
def test_what_goes_wrong_is_said_and_names_are_kept(run, source, expected):
    assert run("kept = 'kept'") == ("", "")
    said, ended = run(source, 1 if "+= 1" in source else 60)
    assert ended == ""
    assert expected in said
    assert run("kept") == ("'kept'", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("sum(range(10**11))", "It did not come back in 1 seconds, so Python was ended"),
        (SWALLOWS, "It did not come back in 1 seconds, so Python was ended"),
        (LOOPS_BACK, "Python stopped for good: something calls itself without an end."),
    ],
)
def test_what_cannot_be_stopped_ends_python_and_the_next_run_starts_it(run, source, expected):
    _, ended = run(source, 1)
    assert ended.startswith(expected)
    assert run("1 + 1") == ("2", "")
