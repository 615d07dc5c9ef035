"""A page of a problem set in a browser, as its reader uses it."""

import json
import time
from collections.abc import Callable

from selenium.webdriver import ActionChains, Chrome, Keys
from tests.site.browsing import command

SECONDS = 240
"""How long something may take on a machine that is busy with other things."""

KEEP_DOWNLOADS = """
    const make = URL.createObjectURL.bind(URL);
    window.downloads = [];
    URL.createObjectURL = (what) => { window.downloads.push(what); return make(what); };
"""
PASTE = """
    const data = new DataTransfer();
    data.setData("text/plain", arguments[1]);
    arguments[0].dispatchEvent(new ClipboardEvent(
        "paste", {clipboardData: data, bubbles: true, cancelable: true}));
"""
OPEN_FILE = """
    const [text, name] = arguments, data = new DataTransfer();
    data.items.add(new File([text], name));
    const input = document.querySelector(".live-offer input[type=file]");
    input.files = data.files;
    input.dispatchEvent(new Event("change"));
"""


LONG = """
    window.outcome = null;
    const done = found => {{ window.outcome = {{found}}; }};
    (function () {{ {script} }}).apply(null, [...arguments, done]);
"""


def long_script(driver: Chrome, script: str, *arguments: object, seconds: float = 900) -> object:
    """What a script calls its last argument with, which may take longer than a driver waits."""
    driver.execute_script(LONG.format(script=script), *arguments)
    end = time.monotonic() + seconds
    while (outcome := driver.execute_script("return window.outcome")) is None:
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for a script")
        time.sleep(0.2)
    return outcome["found"]


class LivePage:
    """Presses, types and reads on a page.

    Parameters
    ----------
    driver : Chrome
    address : str
        Of the page.
    """

    def __init__(self, driver: Chrome, address: str) -> None:
        self.driver, self.address = driver, address
        found = command(driver, "Page.addScriptToEvaluateOnNewDocument", source=KEEP_DOWNLOADS)
        self.script = found["identifier"]

    def close(self) -> None:
        command(self.driver, "Page.removeScriptToEvaluateOnNewDocument", identifier=self.script)

    def visit(self, **kept: str) -> None:
        """Load the page in a browser that knows nothing of it, or that has kept these texts."""
        self.driver.get(self.address)
        self.js("localStorage.clear()")
        for name, text in kept.items():
            self.keep(name, text)
        self.driver.get(self.address)

    def keep(self, name: str, text: str) -> None:
        self.js("localStorage.setItem(arguments[0], arguments[1])", self.prefix + name, text)

    @property
    def prefix(self) -> str:
        name = self.js("return document.querySelector('.live-offer').dataset.set")
        return f"live /some/course/live/ {name} "

    def kept(self, name: str) -> str | None:
        return self.js("return localStorage.getItem(arguments[0])", self.prefix + name)

    def begin(self) -> None:
        self.js("document.querySelector('.live-begin').click()")
        self.until_begun()

    def until_begun(self) -> None:
        self.wait(lambda: self.js("return !!document.querySelector('.live-answer .cm-editor')"))

    def press(self, key: str, label: str) -> None:
        self.js(
            "[...document.querySelectorAll(`#live-${arguments[0]} button`)]"
            ".find(button => button.textContent === arguments[1]).click()", key, label
        )  # fmt: skip

    def press_above(self, label: str) -> None:
        self.js(
            "[...document.querySelectorAll('.live-offer button')]"
            ".find(button => button.textContent.startsWith(arguments[0])).click()", label
        )  # fmt: skip

    def done(self, key: str, label: str) -> str:
        """Press a button of a cell, wait until it is done; what stands below the cell then."""
        self.press(key, label)
        self.wait(lambda: not self.runs(key))
        return self.output(key)

    def runs(self, key: str) -> bool:
        return self.js(
            "return document.querySelector(`#live-${arguments[0]}`).matches('.live-runs')", key
        )

    def text(self, key: str, part: str) -> str:
        found = self.js("return document.querySelector(arguments[0])?.textContent",
                        f"#live-{key} {part}")  # fmt: skip
        return found or ""

    def text_above(self) -> str:
        """What is said of the whole set."""
        return self.js("return document.querySelector('.live-offer').textContent")

    def told(self, key: str) -> str:
        return self.text(key, ".live-told")

    def output(self, key: str) -> str:
        return self.text(key, ".live-output")

    def state(self, key: str) -> str:
        return self.text(key, ".live-state")

    def editor(self, key: str) -> str:
        return self.js(
            "return [...document.querySelectorAll(`#live-${arguments[0]} .cm-line`)]"
            ".map(line => line.textContent).join('\\n')", key
        )  # fmt: skip

    def type(self, key: str, text: str) -> None:
        """Put a text into an editor, in place of what is there."""
        content = self.driver.find_element("css selector", f"#live-{key} .cm-content")
        self.js("arguments[0].focus()", content)
        keys = ActionChains(self.driver)
        keys.key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).perform()
        self.js(PASTE, content, text)

    def downloaded(self) -> dict:
        """The notebook that the reader gets."""
        self.press_above("Download")
        return json.loads(self.driver.execute_async_script(
            "window.downloads.at(-1).text().then(arguments[0])"))  # fmt: skip

    def open_file(self, text: str, name: str = "ps.ipynb") -> None:
        self.js(OPEN_FILE, text, name)

    def js(self, script: str, *arguments: object):
        return self.driver.execute_script(script, *arguments)

    def wait(self, holds: Callable[[], object]) -> None:
        end = time.monotonic() + SECONDS
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"waited {SECONDS} s; the page: {self.driver.title}")
            time.sleep(0.1)
