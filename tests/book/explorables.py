"""Bare pages of the explorables, without a build of the book, and a browser that touches them."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pydata_sphinx_theme
import pytest
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait
from tests.book.conftest import ROOT

from coursekit.authoring.masters import find_master, known_problem_sets, read_master
from coursekit.typesetting.style import FACE, font, katex_style

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import explorables
from site_style import IMPORT, THEME
from svg_figures import figure_variables
from tests.site.browsing import CHROMIUM, DRIVER, chromium, said
from tests.site.serving import served

TOUCHING = """
    const touch = (p, q) => p.left < q.right - 1 && q.left < p.right - 1
        && p.top < q.bottom - 4 && q.top < p.bottom - 4;
    const words = [...document.querySelectorAll(`.explorable-live ${arguments[0]} text`)]
        .filter((e) => e.textContent && e.checkVisibility({visibilityProperty: true}))
        .map((e) => [e.textContent, e.getBoundingClientRect()]);
    return words.flatMap(([a, p], k) =>
        words.slice(k + 1).filter(([, q]) => touch(p, q)).map(([b]) => `${a} | ${b}`));
"""
"""Words of a drawing that lie on each other; a line has room above and below its letters."""

needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
)
MOUNTED = "return Boolean(document.querySelector('.explorable-on'))"


def write_site(folder: Path) -> Path:
    """Every explorable on a page of its own, with the style of the book before it is trimmed."""
    static = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
    sheets = [(static / name).read_text(encoding="utf-8") for name in THEME]
    colours = [f"html{{{figure_variables(0)}}}", f"html[data-theme=dark]{{{figure_variables(1)}}}"]
    ours = (ROOT / "book/_static/course.css").read_text(encoding="utf-8")
    style = IMPORT.sub("", "\n".join([*sheets, *colours, katex_style(), ours]))
    (folder / "fonts").mkdir(parents=True)
    (folder / "book.css").write_text(style, encoding="utf-8")
    for found in FACE.finditer(katex_style()):
        (folder / f"fonts/{found['file']}.woff2").write_bytes(font(found["file"]))
    explorables.write_beside(folder / "explorables")
    starter = (explorables.SOURCES / "start.js").read_bytes()
    (folder / "explorables/start.js").write_bytes(starter)
    return folder


class Page:
    """A bare page in a browser."""

    def __init__(self, driver: Chrome, address: str, name: str) -> None:
        self.driver, self.address, self.name = driver, address, name

    def visit(self, state: str = "", *, whole: bool = True) -> "Page":
        """Open a situation, with all that comes later unless told otherwise."""
        self.driver.get("about:blank")
        query = f"#{self.name}?v=1&{state}" if state else ""
        self.driver.get(f"{self.address}/explorables/{self.name}.html{query}")
        self.wait(MOUNTED)
        if whole:
            self.driver.execute_async_script(
                "const [name, done] = arguments;"
                "document.getElementById(name).explorable.touched().then(done)",
                self.name,
            )
        return self.settle()

    def settle(self) -> "Page":
        """Until what was asked for is drawn."""
        self.driver.execute_async_script(
            "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
        )
        return self

    def wait(self, condition: str) -> None:
        WebDriverWait(self.driver, 60).until(lambda driver: driver.execute_script(condition))

    def run(self, script: str, *arguments: object) -> object:
        """Run a script that knows the explorable as ``frame`` and all of them as ``kit``."""
        place = f"document.getElementById({self.name!r})"
        prelude = f"const kit = window.explorables, frame = {place}.explorable;"
        return self.driver.execute_script(prelude + script, *arguments)

    def text(self, selector: str) -> str:
        return self.driver.find_element("css selector", f".explorable-live {selector}").text

    def touching(self, drawing: str) -> list[str]:
        """Words of a drawing that lie on each other."""
        return self.driver.execute_script(TOUCHING, drawing)

    def faults(self) -> list[str]:
        return [message for message in said(self.driver) if "favicon" not in message]


LINK = re.compile(r"\{explore\}`[^`<]+<([a-z-]+)\??([^>]*)>`")


def links() -> list[tuple[str, str, str]]:
    """All links to situations in the book, the problem sets and their hints: name, place, state."""
    texts = [*(ROOT / "book").rglob("*.md"), *(ROOT / "autograder/problem_sets").glob("*.md")]
    found = {
        (name, path.stem, state)
        for path in texts
        if not {"_build", "_static"} & set(path.parts)
        for name, state in LINK.findall(path.read_text(encoding="utf-8"))
    }
    masters = [read_master(find_master(problem_set)) for problem_set in known_problem_sets()]
    for exercise in (exercise for master in masters for exercise in master.exercises):
        name, _, state = exercise.declaration.situation.partition("?")
        found |= {(name, exercise.id, state)} if name else set()
    return sorted(found)


@contextmanager
def opened(folder: Path, name: str) -> Iterator[Page]:
    """A browser at the bare page of an explorable, served."""
    with served(write_site(folder)) as address, chromium() as driver:
        yield Page(driver, address, name)


# What is done with a page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        ActionChains(page.driver).send_keys(key).perform()
    page.settle()


def state(page: Page) -> dict:
    return page.run("return frame.state")


def hears(page: Page, words: str) -> None:
    """Wait until the live region says the words."""
    page.wait(
        "return document.querySelector('.explorable-live > [aria-live]').textContent"
        f".includes({words!r})"
    )


def click(page: Page, words: str) -> None:
    """Press the button that shows the words."""
    button = page.driver.find_element("xpath", f"//button[.='{words}']")
    page.driver.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button
    )
    button.click()
    page.settle()


def unfold(page: Page) -> None:
    page.driver.execute_script(
        "document.querySelectorAll('.explorable-live details').forEach(d => { d.open = true; })"
    )
    page.settle()


def typed_in(page: Page, field: WebElement, text: str) -> None:
    """Write into a field as a program does, so that any text can be tried."""
    page.driver.execute_script(
        "arguments[0].value = arguments[1];"
        "arguments[0].dispatchEvent(new Event('input', {bubbles: true}))", field, text)  # fmt: skip
    page.settle()


def focus(page: Page, selector: str, number: int = 0) -> WebElement:
    found = page.driver.find_elements("css selector", f".explorable-live {selector}")[number]
    page.driver.execute_script("arguments[0].focus()", found)
    return found


def answer(page: Page, text: str) -> str:
    """Type a prediction; what is said to it."""
    field = focus(page, ".predict input")
    field.clear()
    field.send_keys(text, Keys.ENTER)
    page.settle()
    return page.text(".verdict[id]")


def said_to(page: Page, where: str, before: list[str], typed: str) -> str:
    """What is said to a prediction, behind right ones."""
    page.visit(f"{where}&ask=1".removeprefix("&"))
    for right in before:
        assert answer(page, right).startswith("Right"), right
    return answer(page, typed)
