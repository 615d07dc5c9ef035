"""Whom a course knows: the students of nbgrader's gradebook, and what each is called.

``nbgrader db student import`` takes a list with first and last names, addresses and accounts;
``course grade`` adds who hands in. The identity of a student is the name of the folder.
"""

import shlex
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from nbgrader.api import Student
from sqlalchemy.exc import SAWarning

from coursekit.courses import Course
from coursekit.names import shown_names
from coursekit.nbgrader_out.converters import open_gradebook
from coursekit.worker.personal import one_form


def names_of_students(course: Course) -> dict[str, tuple[str, ...]]:
    """The names beside the identity that each student of the gradebook goes by."""
    with open_gradebook(course) as gradebook:
        return {student.id: names_of(student) for student in gradebook.students}


def known_students(course: Course) -> list[str]:
    """The identities of all students of the gradebook."""
    return list(names_of_students(course))


def not_listed(course: Course, roster: Iterable[str]) -> list[str]:
    """Students of the gradebook whom the roster does not have; nobody where there is no roster."""
    listed = {one_form(name) for name in roster}
    return [name for name in known_students(course) if listed and one_form(name) not in listed]


def take_out(students: Sequence[str]) -> str:
    """Some students, and the commands by which one who has left the course is taken out."""
    first = shlex.quote(students[0])
    return (
        f"{shown_names(students)}; who has left the course is taken out by\n"
        f"`rm -rf submitted/{first}` and `nbgrader db student remove {first} --force`"
    )


def names_of(student: Student) -> tuple[str, ...]:
    first, last = student.first_name or "", student.last_name or ""
    whole = [f"{first} {last}", f"{last} {first}", f"{last}, {first}"]
    whole = whole if first and last else [first or last]
    return tuple(filter(None, [*whole, student.email, student.lms_user_id]))


def as_known(folders: Sequence[str], known: Iterable[str]) -> list[str]:
    """The identities of the students whose folders these are.

    A name is one name in each of its Unicode forms: a folder that came by macOS belongs to the
    student whom the gradebook has in the other form. Two folders of one name stay apart.
    """
    identities = set(known)
    by_form = {one_form(name): name for name in sorted(identities)}
    of_form = Counter(map(one_form, folders))
    return [
        folder
        if folder in identities or of_form[one_form(folder)] > 1
        else by_form.get(one_form(folder), folder)
        for folder in folders
    ]


def add_students(course: Course, people: Iterable[Mapping[str, str]]) -> None:
    """Put students into the gradebook, with what is known of each; what is there already stays.

    Parameters
    ----------
    course : Course
    people : iterable of mapping
        Columns of the roster.
    """
    with warnings.catch_warnings(), open_gradebook(course) as gradebook:
        warnings.simplefilter("ignore", SAWarning)
        known = {student.id: student for student in gradebook.students}
        for person in people:
            names = {
                "first_name": person.get("first_name", ""),
                "last_name": person.get("last_name", "") or person.get("name", ""),
                "email": person.get("email", ""),
                "lms_user_id": person.get("lms_id", ""),
            }
            given = {name: value for name, value in names.items() if value}
            student = known.get(person["student"])
            if student is None or any(getattr(student, n) != v for n, v in given.items()):
                gradebook.update_or_create_student(person["student"], **given)
