"""A term from the first release to the grades, by the commands that an instructor types."""

import contextlib
import io
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import nbformat

from coursekit.authoring.masters import known_problem_sets
from coursekit.authoring.release import read_problem_set
from coursekit.courses import Course
from coursekit.demo.term.answers import Attempt, HandIns, Work
from coursekit.demo.term.archives import (
    GRADESCOPE,
    MOODLE,
    PLATFORMS,
    WITHOUT_TIMES,
    archive,
    as_the_platform_has_it,
    canvas_list,
    moodle_list,
    own_list,
    times,
)
from coursekit.demo.term.checking import (
    BY_HAND,
    TOTAL,
    SetOfTerm,
    read_json,
    term_of,
    wrong_results,
    wrong_totals,
)
from coursekit.demo.term.marker import mark_what_waits
from coursekit.demo.term.people import KINDS, Student, class_of
from coursekit.demo.term.reckoning import SETTINGS
from coursekit.errors import CourseError

Run = Callable[[list[str]], int]
"""The command line: arguments in, exit status out."""
ZONE = ZoneInfo("Europe/Berlin")
FIRST_DUE = datetime(2027, 1, 1, 23, 59, 59)
APART = timedelta(days=17)
"""So the sixth set is due in the night in which clocks are set forward."""
MORE = timedelta(hours=48)
MOST_SAID = 10
FIRST_OF_CLASS = Student(0, "right")


class Term:
    """A course of a made-up class, in a folder of its own.

    Parameters
    ----------
    folder : Path
    students : int
    run : callable
        The command line.
    sets : sequence of str
        Those that the class does; by default all that the course ships.
    """

    def __init__(self, folder: Path, students: int, run: Run, sets: Sequence[str] = ()) -> None:
        self.folder, self.run = folder, run
        self.course = Course(folder / "course")
        self.students = class_of(students)
        self.sets = list(sets) or known_problem_sets()
        self.due = {name: due_of(number) for number, name in enumerate(self.sets)}
        self.began = time.monotonic()
        self.done: list[SetOfTerm] = []

    def through(self) -> list[str]:
        """Go through the term; what came of it is returned, a line each.

        Raises
        ------
        CourseError
            If a command ended otherwise than it should, or a total is not what was reckoned.
        """
        self.begin()
        for number, name in enumerate(self.sets):
            self.done.append(self.one_set(number, name))
        self.desk()
        return self.checked()

    # Steps

    def command(self, *words: str | Path, or_else: int = 0) -> int:
        """Type a command, which ends with 0 or with another status; what it says is logged."""
        line = " ".join(map(str, words))
        print(f"{time.monotonic() - self.began:5.0f} s  course {line}", flush=True)
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            ended = self.run([*map(str, words), *self.at(words[0])])
        with (self.folder / "term.log").open("a", encoding="utf-8") as log:
            log.write(f"$ course {line}\n{said.getvalue()}\n")
        if ended not in (0, or_else):
            raise CourseError(
                f"`course {line}` ended with {ended}, and 0 is expected; it said:\n"
                f"{said.getvalue()}"
            )
        return ended

    def grade(self, name: str, results: Path) -> None:
        """Grade, and once more where a machine with too much to do kept somebody from it."""
        if self.command("grade", name, "--json", results, or_else=1):
            self.command("grade", name, "--json", results)

    def at(self, command: str | Path) -> list[str]:
        return [] if command == "init" else ["--course", str(self.course.root)]

    def begin(self) -> None:
        """Set up: settings, extensions, the list of students."""
        self.command("init", self.course.root)
        due = "\n".join(
            f"{name} = {when.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" for name, when in self.due.items()
        )
        self.write(self.course.root / "course.toml", SETTINGS.format(due=due, last=self.sets[-1]))
        self.write(self.course.root / "extensions.csv", "".join(self.extensions()))
        for name, text in (("students", own_list(self.students)),
                           ("canvas", canvas_list(self.students))):  # fmt: skip
            self.command("roster", self.write(self.folder / f"{name}.csv", text))
        self.command("doctor")

    def extensions(self) -> Iterator[str]:
        yield "student,problem_set,hours,excused\n"
        for student in self.students:
            if student.kind == "granted more":
                yield f"{student.login},*,{MORE // timedelta(hours=1)},\n"
            elif student.kind == "excused":
                yield f"{student.login},{self.sets[1]},,yes\n"

    def one_set(self, number: int, name: str) -> SetOfTerm:
        """Release, collect, grade, mark, give back, read what was understood."""
        platform = PLATFORMS[number % len(PLATFORMS)]
        self.command("release", name)
        master = read_problem_set(self.course, name)
        given = nbformat.read(self.course.release(name) / f"{name}.ipynb", as_version=4)
        hand_ins = HandIns(master, given, number, platform == GRADESCOPE, self.due[name])
        works = {student.login: hand_ins.of(student) for student in self.students}
        if platform == MOODLE:
            table = moodle_list(self.students, master.points)
            self.command("roster", self.write(self.folder / "moodle.csv", table))
        packed = self.collected(number, name, platform, works)
        results = self.folder / f"{name}.json"
        self.grade(name, results)
        if master.manual:
            mark_what_waits(self.course, name, float(BY_HAND), "Marked by hand.")
            self.grade(name, results)
        if platform in WITHOUT_TIMES:  # and only these take pages back
            self.command("feedback", name, packed, "--to", self.folder / f"{name}-feedback.zip")
        self.command("report", name)
        came = {login: when for login, work in works.items()
                if (when := self.known_time(platform, work, works))}  # fmt: skip
        return SetOfTerm(master, platform, self.due[name], works, came, read_json(results))

    def collected(self, number: int, name: str, platform: str, works: dict[str, Work]) -> Path:
        """Collect: once before the due date where the platform keeps the last attempt only."""
        given = [(self.whose(student, works), works[student.login]) for student in self.students]
        all_of_them = [(who, attempt) for who, work in given for attempt in work.attempts]
        last = [(who, work.attempts[-1]) for who, work in given if work.attempts]
        packed = self.folder / f"{name}.zip"
        if platform in WITHOUT_TIMES:
            early = [(who, work.attempts[0]) for who, work in given if len(work.attempts) > 1]
            if early:
                self.collect(name, platform, self.folder / f"{name}-early.zip", early, works)
            self.collect(name, platform, packed, last, works)
        else:
            kept = last if platform == GRADESCOPE else all_of_them
            self.collect(name, platform, packed, kept, works)
        if number == 0:  # the wrong archive; the right one; and, as one forgets, once more
            self.command("collect", name, "--undo")
            self.collect(name, platform, packed, last, works)
            self.collect(name, platform, packed, last, works)
        return packed

    def collect(
        self,
        name: str,
        platform: str,
        path: Path,
        attempts: list[tuple[tuple[Student, ...], Attempt]],
        works: dict[str, Work],
    ) -> None:
        path.write_bytes(archive(platform, f"Set {name}", attempts, ZONE))
        words: list[str | Path] = ["collect", name, path]
        if platform in WITHOUT_TIMES:
            known = [(who[0], attempt.came) for who, attempt in attempts
                     if works[who[0].login].known_time]  # fmt: skip
            table = self.write(path.with_suffix(".csv"), times(known))
            words += ["--times", table]
        self.command(*words)

    def whose(self, student: Student, works: dict[str, Work]) -> tuple[Student, ...]:
        """A student, and those for whom the student hands in."""
        others = (one for one in self.students if works[one.login].with_whom == student.login)
        return (student, *others)

    def known_time(self, platform: str, work: Work, works: dict[str, Work]) -> datetime | None:
        """When a hand-in came, as far as anybody can know it."""
        work = works[work.with_whom] if work.with_whom else work
        if not work.attempts or not (work.known_time or platform not in WITHOUT_TIMES):
            return None
        return as_the_platform_has_it(platform, work.attempts[-1].came)

    def desk(self) -> None:
        """What is asked for when all is graded: a regrade, appeals, an exam, grades out."""
        first = next(one.master for one in self.done if one.master.points)
        exercise = first.exercises[0].id
        self.command("regrade", first.id, exercise.removeprefix(f"{first.id}-"))
        self.command("explain", FIRST_OF_CLASS.login, exercise)
        self.command("viva", FIRST_OF_CLASS.login, first.id)
        self.command("exam", first.id, "--seed", "7", "--forms", "2")
        self.command("gradescope", first.id)
        self.command("export", *self.sets, TOTAL, "--lms", "csv", "--to", self.folder / "all.csv")
        for lms in ("canvas", "blackboard", "brightspace"):
            self.command(
                "export", *self.sets, TOTAL, "--lms", lms, "--to", self.folder / f"{lms}-out.csv"
            )
        if (table := self.folder / "moodle.csv").is_file():
            name = next(one.master.id for one in self.done if one.platform == MOODLE)
            self.command("export", name, "--lms", "moodle", "--from", table,
                         "--to", self.folder / "moodle-out.csv")  # fmt: skip

    # Totals

    def checked(self) -> list[str]:
        """Hold all to what must have come out."""
        terms = {
            student.login: term_of(student, self.done, self.granted(student))
            for student in self.students
        }
        wrong = [words for one in self.done for words in wrong_results(one)]
        wrong += wrong_totals(terms, self.folder / "all.csv", self.sets[-1])
        wrong += wrong_totals(terms, self.folder / "canvas-out.csv", self.sets[-1], "SIS Login ID")
        if wrong:
            more = [f"and {len(wrong) - MOST_SAID} more"] * (len(wrong) > MOST_SAID)
            raise CourseError("\n".join(["not as it must be:", *wrong[:MOST_SAID], *more]))
        return list(self.lines(sum(len(one.graded) for one in self.done)))

    def granted(self, student: Student) -> dict[str, object]:
        excused = {self.sets[1]} if student.kind == "excused" else set()
        more = MORE if student.kind == "granted more" else timedelta()
        return {"more": more, "excused": excused}

    def lines(self, graded: int) -> Iterator[str]:
        """The mix, and what was found."""
        for kind, words in KINDS.items():
            yield f"{sum(one.kind == kind for one in self.students):4}  {kind}: {words}"
        yield (
            f"{len(self.students)} students, {len(self.sets)} problem sets, {graded} hand-ins "
            f"graded in {time.monotonic() - self.began:.0f} s"
        )
        yield "Every exercise came to what it must, and every total is what was reckoned apart."
        yield f"{self.folder}/course is the course, {self.folder}/term.log what was typed and said."

    def write(self, path: Path, text: str) -> Path:
        """A table of names, for nobody else to read."""
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8", newline="")
        return path


def due_of(number: int) -> datetime:
    """When a set is due: at the end of a day by the clocks of the course's zone."""
    return (FIRST_DUE + number * APART).replace(tzinfo=ZONE).astimezone(UTC)
