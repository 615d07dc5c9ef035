"""Lines of ``extensions.csv`` that grant nobody anything, found before points are lost by it."""

from collections.abc import Collection, Iterator, Sequence

from coursekit.authoring.masters import known_problem_sets
from coursekit.courses import Course
from coursekit.errors import guess
from coursekit.nbgrader_out.roster import known_students
from coursekit.policies.extensions import EVERY, NAME, Extension
from coursekit.policies.terms import CoursePolicies
from coursekit.roster import read_roster
from coursekit.worker.personal import one_form


def idle_lines(course: Course, policies: CoursePolicies) -> Iterator[str]:
    """What is wrong with lines that read well and have no effect, a sentence each."""
    extensions = policies.extensions
    if not extensions.lines:
        return
    students, sets = people_of(course), {*sets_of(course), EVERY}
    for (student, problem_set), line in extensions.lines.items():
        found = about_student(student, students, extensions.shared.get(student, ()))
        if problem_set not in sets:
            found.append(f"there is no set {problem_set!r}; {guess(problem_set, sets)}")
        elif moves_a_date(extensions.granted[student, problem_set]):
            found += about_date(problem_set, policies)
        yield from (f"{NAME}, line {line}: {words.rstrip('; ')}" for words in found)


def about_student(student: str, known: Collection[str], shared: Sequence[str]) -> list[str]:
    if shared:
        return [f"{student!r} may be {' or '.join(shared)}; write which of these accounts"]
    if student not in known:
        return [f"nobody is called {student!r}; {guess(student, known)}"]
    return []


def about_date(problem_set: str, policies: CoursePolicies) -> list[str]:
    if problem_set in policies.due or (problem_set == EVERY and policies.due):
        return []
    which = "any set" if problem_set == EVERY else problem_set
    return [f"it moves no date, as [dates.due] in course.toml has none for {which}"]


def people_of(course: Course) -> set[str]:
    """Whom gradebook, roster and folders of hand-ins know."""
    place = course.submitted()
    folders = [path.name for path in place.iterdir()] if place.is_dir() else []
    names = [*known_students(course), *read_roster(course.root).people, *folders]
    return {one_form(name) for name in names}


def sets_of(course: Course) -> set[str]:
    """Problem sets that there are: those that can be released, and those that were."""
    released = {path.parent.name for path in course.root.glob("release/*/*.ipynb")}
    return {*known_problem_sets(course.masters), *released}


def moves_a_date(extension: Extension) -> bool:
    return any((extension.due, extension.more, extension.late_days is not None))
