"""What the course says of nbgrader's commands is so: they exist, and formgrader opens in a browser.

What it says is read from the command line's help, the README of a course and the guide.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import DbApp, NbGraderApp
from tests.coursekit.own_sets import begin

from coursekit.authoring.release import release
from coursekit.cli import DESCRIPTION
from coursekit.courses import README, init_course
from coursekit.nbgrader_out.converters import programs_on_path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "book" / "teaching").glob("*.md"))
TEXTS = {"help": DESCRIPTION, "README of a course": README} | {
    page.name: page.read_text(encoding="utf-8") for page in [*PAGES, ROOT / "README.md"]
}
IN_WORDS = re.compile(r"`nbgrader (\w+)")
ON_A_LINE = re.compile(r"^ *nbgrader (\w+)", re.MULTILINE)
BLOCK = re.compile(r"^```console\n(.*?)^```|^((?: {2,}.*\n)+)", re.MULTILINE | re.DOTALL)
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
SECONDS = 180


def commands_in(text):
    """What is named in quotation marks, and in blocks of commands."""
    blocks = "\n".join("".join(block) for block in BLOCK.findall(text))
    return {*IN_WORDS.findall(text), *ON_A_LINE.findall(blocks)}


@pytest.mark.parametrize("text", TEXTS)
def test_each_command_of_nbgrader_that_is_named_is_one(text):
    assert commands_in(TEXTS[text]) <= set(NbGraderApp.subcommands)


def test_a_command_that_is_none_would_be_found():
    text = "See `nbgrader autograde ps1`, as\nnbgrader says.\n\n    nbgrader formgrader  or\n"
    assert commands_in(text) == {"formgrader", "autograde"}
    assert commands_in("```console\nls\nnbgrader export  # a table\n```\n") == {"export"}
    assert "formgrader" not in NbGraderApp.subcommands


def test_the_commands_of_the_database_that_are_named_are_some():
    for text in TEXTS.values():
        for kind, verb in re.findall(r"nbgrader db (\w+) (\w+)", text):
            app = DbApp.subcommands[kind][0]
            assert verb in app.subcommands


@pytest.mark.parametrize("text", ["help", "README of a course", "index.md"])
def test_it_is_said_how_formgrader_is_opened(text):
    assert "jupyter lab" in TEXTS[text]
    assert "/formgrader" in TEXTS[text]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a problem set that somebody handed in."""
    made = init_course(tmp_path_factory.mktemp("formgrader") / "course")
    begin(made.root / "exercises")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        release(made, "mine")
        with programs_on_path(), Gradebook(f"sqlite:///{made.gradebook}") as gradebook:
            gradebook.add_student("ann", first_name="Ann", last_name="Lee")
            gradebook.add_submission("mine", "ann")
    return made


@contextmanager
def lab(course):
    """JupyterLab in the course's folder, as the guide says; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    programs = Path(sys.executable).parent
    options = [f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token="]
    own = course.root.parent / "jupyter"
    folders = {f"JUPYTER_{name}_DIR": str(own / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    environment = os.environ | folders | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    with (course.root.parent / "lab.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            ["jupyter", "lab", "--no-browser", "--allow-root", *options],
            cwd=course.root, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_for(address, server):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/api", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("JupyterLab did not start")


@contextmanager
def chromium():
    from selenium.webdriver import Chrome
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"):
        options.add_argument(argument)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        browser = Chrome(options=options, service=Service(DRIVER))
        try:
            yield browser
        finally:
            browser.quit()


@pytest.mark.slow
@pytest.mark.xdist_group("formgrader")
@pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
)
def test_formgrader_opens_in_a_browser_as_the_guide_says(course):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    with lab(course) as address, chromium() as browser:
        wait = WebDriverWait(browser, SECONDS)
        browser.get(f"{address}/formgrader")
        wait.until(lambda page: "mine" in page.find_element(By.TAG_NAME, "tbody").text)
        browser.get(f"{address}/formgrader/manage_students")
        wait.until(lambda page: "Lee, Ann" in page.find_element(By.TAG_NAME, "tbody").text)
