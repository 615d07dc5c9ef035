"""A headless Chromium that says what it loaded, and what moved on the page."""

import json
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
]
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""An argument by which no other host is found."""

NOTE_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => {
        for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts.push(e.value);
    }).observe({type: 'layout-shift', buffered: true});
"""


@contextmanager
def chromium(*more: str, trace: str = "") -> Iterator[webdriver.Chrome]:
    """A browser that keeps a log of what it asks for, until the context ends.

    ``more`` are arguments beyond the usual ones, ``trace`` the categories of a trace that is kept
    with the log.
    """
    options = Options()
    options.binary_location = CHROMIUM
    for argument in (*ARGUMENTS, *more):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if trace:
        options.add_experimental_option("perfLoggingPrefs", {"traceCategories": trace})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_page_load_timeout(110)  # a long page on a busy machine; the driver waits 120
    driver.set_script_timeout(110)
    command(driver, "Network.enable")
    command(driver, "Network.setCacheDisabled", cacheDisabled=True)
    # Else a window that the machine does not bring to the front gets neither keys nor blur events.
    command(driver, "Emulation.setFocusEmulationEnabled", enabled=True)
    command(driver, "Page.addScriptToEvaluateOnNewDocument", source=NOTE_SHIFTS)
    try:
        yield driver
    finally:
        driver.quit()


def command(driver: webdriver.Chrome, name: str, **options: object) -> dict:
    return driver.execute_cdp_cmd(name, options)


def shown_at(driver: webdriver.Chrome, width: int, theme: str = "light") -> None:
    """Make the screen as wide as that, and the system light or dark."""
    command(driver, "Emulation.setDeviceMetricsOverride",
            width=width, height=900, deviceScaleFactor=1, mobile=width < 600)  # fmt: skip
    wish = {"name": "prefers-color-scheme", "value": theme}
    command(driver, "Emulation.setEmulatedMedia", features=[wish])


def loaded(driver: webdriver.Chrome) -> dict[str, int]:
    """What was asked for since the last call, with the bytes that came over the wire."""
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        about = message["params"]
        if message["method"] == "Network.requestWillBeSent":
            addresses[about["requestId"]] = about["request"]["url"]
        elif message["method"] == "Network.loadingFinished":
            sizes[about["requestId"]] = int(about["encodedDataLength"])
    web = {number: url for number, url in addresses.items() if not url.startswith("data:")}
    return {url: sizes.get(number, 0) for number, url in web.items()}


def said(driver: webdriver.Chrome) -> list[str]:
    """What was written to the console since the last call."""
    return [entry["message"] for entry in driver.get_log("browser")]
