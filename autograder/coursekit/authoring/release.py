"""Make a release: what the students get, and nothing else."""

import shutil
from pathlib import Path

import nbformat

from coursekit.authoring.bundle import bundle_checks
from coursekit.authoring.masters import Master, find_master, read_master
from coursekit.authoring.render import render_notebook, require_clean
from coursekit.authoring.student_files import write_student_files, zip_folder
from coursekit.authoring.tasks import public_tasks
from coursekit.checks.case_file import save_tasks
from coursekit.courses import Course, make_private
from coursekit.sandbox.packages import packages


def read_problem_set(course: Course, problem_set: str) -> Master:
    """The master of a problem set, the instructor's own before those of the checkout."""
    return read_master(find_master(problem_set, course.masters))


def render_source(course: Course, master: Master, book_url: str = "") -> Path:
    """Write nbgrader's source folder: the notebook with solutions, the checks, the public cases.

    Returns
    -------
    Path
        The folder, ``source/<problem set>``; what was there before is replaced.
    """
    make_private(course)
    folder = course.source(master.id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    nbformat.write(render_notebook(master, book_url), folder / f"{master.id}.ipynb")
    settings = course.settings
    added = settings.packages.problem_sets
    modules = packages(tuple(sorted(added))).names
    (folder / "checks.py").write_text(bundle_checks(modules), encoding="utf-8")
    kept = settings.checks.sealed_answers == "kept"
    save_tasks(folder / f"{master.id}_cases.npz", public_tasks(master, kept))
    write_student_files(folder, master.id, master.title, added)
    return folder


def release(course: Course, problem_set: str, book_url: str = "") -> Path:
    """Render a problem set and let nbgrader make the students' version.

    Returns
    -------
    Path
        The folder ``release/<problem set>``; beside it lies the same as a zip.
    """
    from coursekit.nbgrader_out.converters import generate_assignment

    master = read_problem_set(course, problem_set)
    render_source(course, master, book_url)
    generate_assignment(course, problem_set)
    make_private(course)  # the gradebook may be new
    folder = course.release(problem_set)
    require_clean(nbformat.read(folder / f"{problem_set}.ipynb", as_version=4))
    zip_folder(folder)
    return folder
