"""Make a release: what the students get, and nothing else."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat

from coursekit.authoring.bundle import bundle_checks
from coursekit.authoring.causes_ahead import look_for_causes
from coursekit.authoring.masters import Master, find_master, read_master
from coursekit.authoring.released import Record, changes, changes_beside
from coursekit.authoring.render import render_notebook, require_clean
from coursekit.authoring.student_files import keep_zip, write_student_files, zip_folder
from coursekit.authoring.tasks import public_tasks
from coursekit.checks.case_file import save_tasks
from coursekit.courses import Course, make_private
from coursekit.replacing import new_folder_for, put_in_place
from coursekit.sandbox.packages import packages

NEW = ".new"
"""Folder in ``release/`` in which a release is made."""


def read_problem_set(course: Course, problem_set: str) -> Master:
    """The master of a problem set, the instructor's own before those of the checkout."""
    return read_master(find_master(problem_set, course.masters))


def render_source(
    course: Course,
    master: Master,
    book_url: str = "",
    begin: Callable[[str], object] = lambda exercise: None,
) -> Path:
    """Write nbgrader's source folder: the notebook with solutions, the checks, the public cases.

    Parameters
    ----------
    course : Course
    master : Master
    book_url : str
    begin : callable
        Is told each exercise before it is prepared, which may take seconds.

    Returns
    -------
    Path
        The folder, ``source/<problem set>``; what was there before is replaced.
    """
    make_private(course)
    place = course.source(master.id)
    folder = new_folder_for(place)
    nbformat.write(render_notebook(master, book_url), folder / f"{master.id}.ipynb")
    settings = course.settings
    added = settings.packages.problem_sets
    modules = packages(tuple(sorted(added))).names
    (folder / "checks.py").write_text(bundle_checks(modules), encoding="utf-8")
    kept = settings.checks.sealed_answers == "kept"
    look_for_causes(master, begin)
    save_tasks(folder / f"{master.id}_cases.npz", public_tasks(master, kept, begin, book_url))
    write_student_files(folder, master.id, master.title, added)
    put_in_place(folder, place)
    return place


def release(
    course: Course,
    problem_set: str,
    book_url: str = "",
    say: Callable[[str], object] = lambda sentence: None,
    begin: Callable[[str], object] = lambda exercise: None,
) -> Path:
    """Render a problem set and let nbgrader make the students' version.

    What was released before stays until the new release is complete.

    Parameters
    ----------
    course : Course
    problem_set : str
    book_url : str
    say : callable
        Is told what is different for those who have handed in.
    begin : callable
        Is told each exercise before it is prepared.

    Returns
    -------
    Path
        The folder ``release/<problem set>``; beside it lies the same as a zip.

    Raises
    ------
    CourseError
        If there is a mistake in the master, or grades would be lost.
    """
    from coursekit.nbgrader_out.converters import generate_assignment
    from coursekit.nbgrader_out.handed_in_sets import in_gradebook, require_same_cells

    master = read_problem_set(course, problem_set)
    known = in_gradebook(course, problem_set)
    require_same_cells(known, problem_set, render_notebook(master, book_url))
    render_source(course, master, book_url, begin)
    folder, stage = course.release(problem_set), course.release(NEW)
    shutil.rmtree(stage, ignore_errors=True)
    try:
        generate_assignment(course, problem_set, f"{stage.parent.name}/{NEW}")
        make_private(course)  # the gradebook may be new
        require_clean(nbformat.read(stage / problem_set / f"{problem_set}.ipynb", as_version=4))
        if known.students and (folder / f"{problem_set}.ipynb").is_file():
            hidden = Record.of(course, problem_set) not in (None, Record(master.digest))
            tell_changes(folder, stage / problem_set, hidden, known.in_words(), say)
        put_in_place(stage / problem_set, folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    zip_folder(folder)
    Record(master.digest).write(course, problem_set)
    return folder


def tell_changes(
    before: Path, after: Path, is_other: bool, students: str, say: Callable[[str], object]
) -> None:
    """Say what is different for those who have handed in, and keep what they were given.

    Parameters
    ----------
    before, after : Path
        The folders of the releases.
    is_other : bool
        Whether the master is another one, which may be seen in hidden cases alone.
    students : str
        Who handed in.
    say : callable
    """
    name = f"{before.name}.ipynb"
    notebooks = [nbformat.read(folder / name, as_version=4) for folder in (before, after)]
    found = [*changes(*notebooks), *changes_beside(before, after)]
    kept = keep_zip(before) if found else None
    if is_other and not found:
        found = ["nothing that students were given; hidden cases may be others"]
    if found:
        say(
            f"{before.name} was handed in by {students}, and is different now: {'; '.join(found)}. "
            f"Their grades are as they were until you run `course grade {before.name}`"
            + (f"; what they were given is kept in {kept}" if kept else "")
        )
