"""The commands by which a course and its releases are made."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from coursekit.commands.options import (
    Commands,
    add_book_url,
    add_command,
    add_course_folder,
    add_course_options,
)
from coursekit.courses import Course, find_course, init_course

MADE = """\
A course lies in {root}:

  course.toml          names, due dates and time zone, policies, limits; all explained, none set
  secret               decides the hidden inputs: keep a copy, and keep it to yourself
  exercises/           for problem sets of your own
  submitted/           where hand-ins lie, as STUDENT/ps1/ps1.ipynb
  nbgrader_config.py   nbgrader's configuration
  gradebook.db         nbgrader's gradebook, empty; you alone can read it
  README.md            how to go on

Next, in this folder: course doctor, then course release ps1."""


def add_init(commands: Commands) -> None:
    text = (
        "Make a course directory: its settings, nbgrader's configuration, a folder for your own\n"
        "exercises, and a secret that only you can read. DIR must not exist yet, or be empty."
    )
    command = add_command(commands, "init", run_init, "make a course directory", text)
    command.add_argument("folder", type=Path, metavar="DIR")


def run_init(options: argparse.Namespace) -> int:
    print(MADE.format(root=init_course(options.folder).root))
    return 0


def add_settings(commands: Commands) -> None:
    text = (
        "Say which settings are in force: those of course.toml, and with a # in front those that\n"
        "have their default. Exit status 2 means that course.toml is not right, and the lines are\n"
        "named."
    )
    command = add_command(commands, "settings", run_settings, "show the course's settings", text)
    add_course_folder(command)


def run_settings(options: argparse.Namespace) -> int:
    from coursekit.toml_schema import in_force

    print(in_force(find_course(options.course).settings))
    return 0


def add_render(commands: Commands) -> None:
    text = (
        "Write source/PROBLEM_SET from its master: the notebook with solutions that nbgrader\n"
        "calls the source version. `course release` does this by itself."
    )
    command = add_command(commands, "render", run_render, "write the instructor's notebook", text)
    add_course_options(command)
    add_book_url(command)


def run_render(options: argparse.Namespace) -> int:
    from coursekit.authoring.release import read_problem_set, render_source

    course = find_course(options.course)
    master = read_problem_set(course, options.problem_set)
    with progress(master.id) as begin:
        folder = render_source(course, master, address_of_book(options, course), begin)
    print(f"{folder}: {len(master.exercises)} exercises, {master.points:g} points, with solutions")
    return 0


PERSONAL = """\
In it students work with numbers of their own, which follow from a name: tell them which name to
type. That of their folder in submitted/ is good; so are first and last name, e-mail address and
account where the roster has them{how}."""
NO_ROSTER = ": `course roster FILE` takes your platform's list"

NOT_VERIFIED = """\
`course verify {problem_set}` has not accepted {exercises} in the form of now: run it, and
release again, before you give this out."""


def add_release(commands: Commands) -> None:
    text = (
        "Render the problem set and make release/PROBLEM_SET: the students' notebook without\n"
        "solutions, checks.py, the public cases, and how to set up. release/PROBLEM_SET.zip\n"
        "holds the same in one file for the students."
    )
    command = add_command(commands, "release", run_release, "make the students' version", text)
    add_course_options(command)
    add_book_url(command)


def run_release(options: argparse.Namespace) -> int:
    from coursekit.authoring.release import read_problem_set, release
    from coursekit.authoring.released import Accepted
    from coursekit.roster import FILE as ROSTER

    course = find_course(options.course)
    with progress(options.problem_set) as begin:
        folder = release(
            course, options.problem_set, address_of_book(options, course), print, begin
        )
    print(f"{folder}.zip: give this file to the students; it holds the folder {folder}")
    master = read_problem_set(course, options.problem_set)
    if master.is_personal:
        print(PERSONAL.format(how="" if (course.root / ROSTER).exists() else NO_ROSTER))
    lacks = Accepted.of(course, master).lacks(master)
    if lacks and master.path.parent == course.masters[0]:
        print(NOT_VERIFIED.format(problem_set=master.id, exercises=", ".join(lacks)))
    return 0


def add_page(commands: Commands) -> None:
    text = (
        "Make pages/PROBLEM_SET from what is released: a page in which the problem set is worked\n"
        "on in a browser, with nothing installed, and from which the notebook is downloaded that\n"
        "you collect as any other. Put the folder on a web server, or give your learning platform\n"
        "pages/PROBLEM_SET.zip. Python for the browser comes from a book built with `make live`."
    )
    command = add_command(commands, "page", run_page, "make a page to work on it in", text)
    add_course_options(command)
    command.add_argument(
        "--live", type=Path, metavar="FOLDER", help="the folder `live` of a built book"
    )


def run_page(options: argparse.Namespace) -> int:
    from coursekit.web_page.folder import write_page

    place = write_page(find_course(options.course), options.problem_set, options.live)
    print(f"{place}: put this folder on a web server; the page is {place / 'index.html'}")
    print(f"{place}.zip holds the same in one file, for a learning platform")
    return 0


def address_of_book(options: argparse.Namespace, course: Course) -> str:
    """Where the book is published: as it was said here, or as the settings say."""
    return options.book_url or course.settings.book.url or ""


@contextmanager
def progress(problem_set: str) -> Iterator[Callable[[str], None]]:
    """Say on the terminal which exercise is prepared; the line is wiped out at the end."""
    shows = sys.stderr.isatty()

    def begin(exercise: str) -> None:
        if shows:
            line = f"\r\x1b[K{problem_set}: preparing {exercise}"
            print(line, end="", file=sys.stderr, flush=True)

    try:
        yield begin
    finally:
        if shows:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
