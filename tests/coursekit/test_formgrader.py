"""What the course says of nbgrader's commands is so: they exist, and formgrader opens in a browser.

What it says is read from the command line's help, the README of a course and the guide.
"""

import csv
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import DbApp, NbGraderApp
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from tests.coursekit.own_sets import begin_with_words

from coursekit.authoring.release import read_problem_set, release
from coursekit.cli import DESCRIPTION, main
from coursekit.courses import README, init_course
from coursekit.demo.sample_class import answered, hand_in, right_answer
from coursekit.grading.class_run import grade_class
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
ADDRESS = re.compile(r"(?P<address>http://127\.0\.0\.1:\d+)/formgrader\?token=(?P<key>\w+)")


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


GIVEN = {"ann": ("2.5", "Nearly: say it for b, too."), "Doe, Jane": ("1", "Why not?")}
"""Points and comments that are typed for the answer in words."""
STUDENTS = tuple(GIVEN)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a problem set that two have handed in, each with an answer in words."""
    made = init_course(tmp_path_factory.mktemp("formgrader") / "course")
    (exercise,) = begin_with_words(made.root / "exercises").exercises
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = nbformat.read(release(made, "mine") / "mine.ipynb", as_version=4)
        answers = {exercise.id: right_answer(exercise)}
        texts = {
            student: nbformat.writes(answered(given, answers | {"mine-why": f"I am {student}."}))
            for student in STUDENTS
        }
        hand_in(made, "mine", texts)
        assert all(result.final for result in grade_class(made, "mine"))
        with gradebook_of(made) as gradebook:
            gradebook.update_or_create_student("ann", first_name="Ann", last_name="Lee")
    return made


@contextmanager
def gradebook_of(course):
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        yield gradebook


@contextmanager
def marking(course):
    """`course marking` in a process of its own; gives the address that it says, without its key."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = course.root.parent / "jupyter"
    folders = {f"JUPYTER_{name}_DIR": str(own / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    path = course.root.parent / f"lab-{port}.log"
    with path.open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "coursekit", "marking", "--no-browser", "--port", str(port)],
            cwd=course.root, env=os.environ | folders, stdout=log, stderr=log,
            preexec_fn=let_it_be_interrupted,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}", server)
            said = ADDRESS.search(path.read_text(encoding="utf-8"))
            yield said["address"], said["key"]
        finally:
            server.send_signal(signal.SIGINT)  # Ctrl-C
            server.wait(SECONDS)


def let_it_be_interrupted():
    """What a shell runs in the background is deaf to Ctrl-C, and so is all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


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


def opened(browser, wait, server):
    """Follow the address that was said: formgrader lies behind it."""
    address, key = server
    browser.get(f"{address}/formgrader?token={key}")
    wait.until(lambda page: "mine" in page.find_element(By.TAG_NAME, "tbody").text)
    return address


def give(browser, wait, page, points, words):
    """Type points and a comment as a person does, and go on."""
    browser.get(page)
    wait.until(lambda page: page.find_element(By.ID, "mine-why-comment"))
    for place in (".extra-credit", "#mine-why-comment"):  # what stands there has come by then
        wait.until(
            lambda page, place=place: all(
                one.get_attribute("placeholder")
                for one in page.find_elements(By.CSS_SELECTOR, place)
            )
        )
    for place, text in (("mine-why", points), ("mine-why-comment", words)):
        browser.find_element(By.ID, place).send_keys(text, Keys.TAB)


def marks_of(course, student):
    """What the gradebook has for the answer in words: points, comment, whether it waits."""
    with gradebook_of(course) as gradebook:
        place = ("mine", "mine", student)
        grade = gradebook.find_grade("mine-why", *place)
        comment = gradebook.find_comment("mine-why", *place)
        return grade.manual_score, comment.manual_comment, bool(grade.needs_manual_grade)


def notebook_of(course, student):
    """By which formgrader's pages know a student's notebook."""
    with gradebook_of(course) as gradebook:
        return gradebook.find_submission_notebook("mine", "mine", student).id


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
@pytest.mark.xdist_group("formgrader")
@pytest.mark.tier("auto")
@pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
)
def test_two_people_mark_at_one_time_and_what_they_give_is_seen_everywhere(course, capsys):
    with ExitStack() as open_ones:
        desks = []
        for _ in STUDENTS:  # all are open before the first mark is given
            server = open_ones.enter_context(marking(course))
            browser = open_ones.enter_context(chromium())
            wait = WebDriverWait(browser, SECONDS)
            desks.append((browser, wait, opened(browser, wait, server)))
        browser, wait, address = desks[0]
        browser.get(f"{address}/formgrader/manage_students")
        wait.until(lambda page: "Lee, Ann" in page.find_element(By.TAG_NAME, "tbody").text)
        for (browser, wait, address), student in zip(desks, STUDENTS, strict=True):
            page = f"{address}/formgrader/submissions/{notebook_of(course, student)}"
            give(browser, wait, page, *GIVEN[student])
        for student, (points, words) in GIVEN.items():
            expected = (float(points), words, False)
            wait.until(lambda _, of=student, mark=expected: marks_of(course, of) == mark)
    at = ("--course", str(course.root))
    assert main(["grade", "mine", *at]) == 0
    assert "to be marked by hand" not in capsys.readouterr().out
    for student, (_, words) in GIVEN.items():
        assert words in course.feedback(student, "mine").read_text(encoding="utf-8")
    assert main(["report", "mine", *at]) == 0
    exercises = table(course.root / "reports" / "mine-exercises.csv")
    (of_words,) = (row for row in exercises if row["exercise"] == "mine-why")
    assert (of_words["waiting"], of_words["share_earned"]) == ("0", f"{3.5 / 6:.4f}")
    assert main(["export", "mine", *at]) == 0
    exported = {row["student"]: row for row in table(course.root / "csv-mine.csv")}
    judged = read_problem_set(course, "mine").exercises[0].points
    assert {student: row["mine"] for student, row in exported.items()} == {
        student: f"{judged + float(points):.2f}" for student, (points, _) in GIVEN.items()
    }
