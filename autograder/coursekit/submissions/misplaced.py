"""What lies in ``submitted/`` where no command looks for it."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress

from coursekit.courses import Course
from coursekit.names import shown
from coursekit.worker.personal import one_form


def misplaced(course: Course, problem_set: str) -> Iterator[str]:
    """Files and folders that look like hand-ins of a problem set and are none, a sentence each."""
    right = f"submitted/STUDENT/{problem_set}/{problem_set}.ipynb"
    with suppress(FileNotFoundError), os.scandir(course.submitted()) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.is_dir(follow_symlinks=False):
                for name in too_high(entry.path, problem_set):
                    place = shown(f"submitted/{entry.name}/{name}")
                    yield f"{place} is graded by nobody: a hand-in lies at {right}"
            elif entry.name.lower().endswith((".ipynb", ".zip")):
                place = shown(f"submitted/{entry.name}")
                yield f"{place} is graded by nobody: a hand-in lies at {right}"


def too_high(folder: str, problem_set: str) -> list[str]:
    """What is called like a problem set in a student's folder that has no folder for it."""
    with suppress(PermissionError):
        names = os.listdir(folder)
        if problem_set not in names:
            return [name for name in sorted(names) if is_called(name, problem_set)]
    return []


def is_called(name: str, problem_set: str) -> bool:
    """Whether a name is that of the set, in capital letters or with an ending."""
    stem = name.lower().split(".")[0].split(" (")[0]
    return stem == problem_set.lower()


def doubled(students: Iterable[str]) -> Iterator[str]:
    """Folders whose names are one name in two Unicode forms, a sentence each."""
    forms: dict[str, list[str]] = defaultdict(list)
    for student in students:
        forms[one_form(student)].append(student)
    for name, folders in forms.items():
        if len(folders) > 1:
            yield (
                f"submitted/{shown(name)} is there {len(folders)} times, in Unicode forms that "
                "look alike, and is graded as so many students: put what is one student's into one"
            )
