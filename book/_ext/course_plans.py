"""What somebody needs who plans a course, or decides on one: weeks, minutes, objectives, exercises.

- ``{syllabus} twelve-weeks``: a path, week by week, core pages apart from those to leave out.
- ``{course-at-a-glance}``: for each chapter its pages, its time, and the problem set that ends it.
- ``{objectives-of} chain_rule``: from each page of a chapter to what it teaches and what asks it.

All of it is read off pages and masters, by the rules of ``reading``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import reading
from docutils import nodes

from coursekit.authoring.masters import (
    MASTERS,
    Master,
    PlacedExercise,
    files_behind,
    known_problem_sets,
    read_master,
)

OPTIONAL = "{bdg-secondary}`Optional`"
OBJECTIVES = re.compile(r"\} After this page you can\n+((?:- .*\n)+)")
PAGE_LINK = re.compile(r"\]\(\.\./\.\./book/([\w/]+)\.md\)")


@dataclass(frozen=True)
class Asked:
    """An exercise that names a page."""

    problem_set: str
    name: str
    points: float

    def __str__(self) -> str:
        return f"{self.name} ({self.points:g})" if self.points else f"{self.name} (practice)"


def is_optional(name: str) -> bool:
    """Whether a page says at its top that it may be left out."""
    return OPTIONAL in reading.page_file(name).read_text(encoding="utf-8").partition("\n## ")[0]


def objectives(name: str) -> str:
    """What a reader can do after a page, in the page's own words; nothing if it does not say so."""
    found = OBJECTIVES.search(reading.page_file(name).read_text(encoding="utf-8"))
    lines = found[1].splitlines() if found else []
    return "; ".join(line.removeprefix("- ").rstrip(",.") for line in lines)


@cache
def masters() -> list[Master]:
    return [read_master(MASTERS / f"{name}.md") for name in known_problem_sets()]


@cache
def asked_of() -> dict[str, list[Asked]]:
    """The exercises that send their readers to a page, by the page."""
    found: dict[str, list[Asked]] = {}
    for master in masters():
        for exercise in master.exercises:
            for page in pages_named_by(exercise):
                name = exercise.id.removeprefix(f"{master.id}-")
                found.setdefault(page, []).append(Asked(master.id, name, exercise.points))
    return found


def pages_named_by(exercise: PlacedExercise) -> list[str]:
    return list(dict.fromkeys(PAGE_LINK.findall(exercise.statement)))


def set_link(name: str) -> str:
    return f"[{name}](/autograder/problem_sets/{name}.md)"


def sets_in_order() -> Iterator[str]:
    """Problem sets by the chapter that they end; the first and the last end none."""
    yield from known_problem_sets()[1:-1]


# What the directives write


def syllabus(name: str) -> Iterator[str]:
    for part in reading.reading()["paths"][name]:
        whole = [page for one in part.get("chapters", []) for page in reading.chapters()[one]]
        pages = [*part.get("pages", []), *whole]
        core = [page for page in pages if not is_optional(page)]
        said = [", ".join([*map(reading.link, core), taken(core)])] if core else []
        if optional := [with_time(page) for page in pages if is_optional(page)]:
            said.append(f"optional: {'; '.join(optional)}")
        said += map(reading.link_to_set, part.get("sets", []))
        yield f"- **{part['title']}**"
        yield from (f"  - {line}" for line in said)


def taken(pages: list[str]) -> str:
    return reading.in_words(reading.path_minutes(pages))


def with_time(page: str) -> str:
    """A page that may be left out, its time, and the exercises with points that name it."""
    asking = [f"{set_link(one.problem_set)} {one}" for one in asked_of().get(page, [])
              if one.points]  # fmt: skip
    for_them = f" (for {', '.join(asking)})" if asking else ""
    return f"{reading.link(page)}, {taken([page])}{for_them}"


def at_a_glance() -> Iterator[str]:
    yield "| chapter | pages | core | with all pages | problem set | points |"
    yield "|---|--:|--:|--:|---|--:|"
    for (chapter, pages), problem_set in zip(
        reading.chapters().items(), sets_in_order(), strict=True
    ):
        core = [page for page in pages if not is_optional(page)]
        master = read_master(MASTERS / f"{problem_set}.md")
        yield (
            f"| [{reading.title(reading.page_file(f'{chapter}/index'))}](/book/{chapter}/index.md) "
            f"| {len(pages)} | {taken(core)} | {taken(pages)} "
            f"| {reading.link_to_set(problem_set)} | {master.points:g} |"
        )


def objectives_of(chapter: str) -> Iterator[str]:
    yield from ["| page | min | after it you can | exercises |", "|---|--:|---|---|"]
    for name in reading.chapters()[chapter]:
        minutes = reading.rounded(reading.path_minutes([name]))
        kind = ", optional" if is_optional(name) else ""
        yield (
            f"| {reading.link(name)}{kind} | {minutes} | {objectives(name) or '—'} "
            f"| {'; '.join(exercises_in_words(name)) or '—'} |"
        )


def exercises_in_words(page: str) -> Iterator[str]:
    by_set: dict[str, list[Asked]] = {}
    for asked in asked_of().get(page, []):
        by_set.setdefault(asked.problem_set, []).append(asked)
    for problem_set, asked in by_set.items():
        yield f"{set_link(problem_set)}: {', '.join(map(str, asked))}"


class OfMasters(reading.Written):
    """A directive that also reads the masters."""

    def run(self) -> list[nodes.Node]:
        for master in masters():
            for path in files_behind(master.path):
                self.env.note_dependency(str(path))
        return super().run()


class Syllabus(OfMasters):
    write = staticmethod(syllabus)


class ObjectivesOf(OfMasters):
    write = staticmethod(objectives_of)


class AtAGlance(OfMasters):
    required_arguments = 0
    write = staticmethod(at_a_glance)


def forget(app) -> None:
    """Read the files anew: a process may build several times."""
    for cached in (masters, asked_of):
        cached.cache_clear()


def setup(app):
    app.connect("builder-inited", forget)
    app.add_directive("syllabus", Syllabus)
    app.add_directive("course-at-a-glance", AtAGlance)
    app.add_directive("objectives-of", ObjectivesOf)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
