"""Grade one submission: from its files to a result, a graded notebook and a feedback page."""

import copy
import hashlib
import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import is_grade

from coursekit.authoring.masters import Master
from coursekit.courses import Course
from coursekit.grading.attempts import Attempt, Attempts
from coursekit.grading.beforehand import master_of
from coursekit.grading.file_note import with_note
from coursekit.grading.folder_files import handed_in_files, released_files
from coursekit.grading.judge import Judged, judge
from coursekit.grading.notebook_outputs import with_outputs
from coursekit.grading.ordinary import released_notebooks, run_notebooks, scores
from coursekit.grading.results import (
    BY_HAND,
    FAILED,
    ExerciseResult,
    Result,
    json_text,
    load_result,
    save_result,
    write_atomically,
)
from coursekit.grading.settings import Settings, scope_of
from coursekit.grading.submission_parts import Part, Submission
from coursekit.nbgrader_out.feedback import FeedbackWriter
from coursekit.nbgrader_out.gradebook import read_graded
from coursekit.nbgrader_out.kept_points import kept_by_student
from coursekit.nbgrader_out.roster import names_of_students
from coursekit.nbgrader_out.seen_answers import CHECK, Answers
from coursekit.sandbox.pool import WorkerPool
from coursekit.seeds import length_prefixed
from coursekit.submissions.finding import Asked, SubmittedFile, read_file, read_plainly
from coursekit.submissions.handed_in import HandIn, handed_in
from coursekit.submissions.rebuild import rebuild


@dataclass(frozen=True)
class Graded:
    """The graded notebooks of a submission, its results, and notes for the instructor."""

    notebooks: dict[str, NotebookNode]
    exercises: tuple[ExerciseResult, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replayed:
    """A submission that was judged once more.

    Attributes
    ----------
    part : Part
    judged : Judged
    made_of, versions : dict
        As of :class:`~coursekit.grading.results.Result`.
    """

    part: Part
    judged: Judged
    made_of: dict[str, str]
    versions: dict[str, str]


class Grader:
    """What one process needs to grade submissions of one problem set.

    Parameters
    ----------
    course : Course
    problem_set : str
    settings : Settings
        With a tier that was tested.
    """

    def __init__(self, course: Course, problem_set: str, settings: Settings) -> None:
        self.course, self.problem_set, self.settings = course, problem_set, settings
        self.releases = released_notebooks(course, problem_set)
        ours = course.has_master(problem_set)
        self.scope = scope_of(course, problem_set, settings.limits)
        self.master = master_of(course, problem_set, self.releases[problem_set]) if ours else None
        personal = self.master is not None and self.master.is_personal
        self.names = names_of_students(course) if personal else {}
        self.asked = Asked(problem_set, self.releases, "needed" if ours else "all")
        self.files = None if ours else released_files(course, problem_set, self.scope.limits)
        self.feedback = FeedbackWriter(course, problem_set)
        self.attempts = Attempts(course, problem_set)
        self.kept = kept_by_student(course, problem_set) if self.attempts.best_counts else {}
        self.versions = versions_of(problem_set, self.digest())

    @cached_property
    def pool(self) -> WorkerPool:
        """One worker, started for the first submission that has to be judged.

        If it cannot be started that submission has a fault, and the next one tries again.
        """
        return WorkerPool(
            1,
            self.settings.sandbox,
            hidden=[self.course.root],
            limits=self.scope.limits,
            packages=self.scope.packages,
        )

    def close(self) -> None:
        """End the worker."""
        pool = vars(self).pop("pool", None)
        if pool is not None:
            pool.close()

    def digest(self) -> str:
        """Of all of the problem set that decides a result."""
        parts = [nbformat.writes(release).encode() for release in self.releases.values()]
        parts += [self.master.digest.encode()] if self.master else []
        parts += [self.files.digest()] if self.files else []
        parts += [repr(self.scope).encode(), repr(self.scope.package_versions()).encode()]
        return digest_of(parts)[:16]

    def grade(self, student: str) -> Result:
        """The result of the attempt that counts, from its file if it was judged before."""
        found = list(self._attempts(student, self._grade))
        return self._counting(found)

    def recall(self, student: str) -> Result | None:
        """The result of a submission that was judged before; None if it, or an attempt, was not."""
        found = list(self._attempts(student))
        if len(found) < len(self.attempts.places(student)):
            return None
        return self._counting(found)

    def _attempts(
        self, student: str, judge: Callable[[Submission, Path], Result] | None = None
    ) -> Iterator[tuple[Attempt, Submission, Path]]:
        """The attempts of a student that were judged before, or all where they can be judged."""
        for place in self.attempts.places(student):
            with self._submitted(student, hand_ins=place) as (given, path):
                result = self._kept(path) or (judge(given, path) if judge else None)
            if result is not None:
                yield Attempt(place, result), given, path

    def _counting(self, found: Sequence[tuple[Attempt, Submission, Path]]) -> Result:
        attempts = [
            replace(attempt, kept=self._kept_for(attempt.result, path))
            for attempt, _, path in found
        ]
        number = self._graded_before(attempts)
        if number is None:
            number = self.attempts.counting(attempts)
        self._put_in_place(*found[number][1:])
        return self.attempts.said(attempts, number)

    def _graded_before(self, attempts: Sequence[Attempt]) -> int | None:
        """In a regrade, the number of the attempt that was graded before."""
        digest = self.settings.graded.get(attempts[0].result.student)
        files = [(one.result.made_of or {}).get("file") for one in attempts]
        return files.index(digest) if digest in files and digest is not None else None

    def _kept_for(self, result: Result, path: Path) -> float:
        """Points that a regrade kept for the answers of an attempt, beyond what it is judged."""
        kept = self.kept.get(result.student)
        if not kept:
            return 0.0
        judged = {one.id: one.points for one in result.exercises}
        more = 0.0
        for graded in self.graded(path).values():
            answers = Answers(read_graded(graded.read_text(encoding="utf-8")))
            for cell, (digest, points) in kept.items():
                exercise = cell.removesuffix(CHECK)
                if exercise in judged and answers.digest_of_source(cell) == digest:
                    more += max(0.0, points - judged[exercise])
        return more

    @contextmanager
    def _submitted(
        self, student: str, plainly: bool = False, hand_ins: Path | None = None
    ) -> Iterator[tuple[Submission, Path]]:
        """What was handed in, found or only where it should lie, and the place of its result.

        Its files can be read as long as the context lasts.
        """
        with handed_in(self.course, student, self.problem_set, hand_ins) as hand_in:
            files = [
                read_plainly(hand_in, name) if plainly else read_file(hand_in, name, self.asked)
                for name in self.releases
            ]
            given = self._submission(student, hand_in, files)
            yield given, self.course.results(self.problem_set) / f"{self.key(given)}.json"

    def _kept(self, path: Path) -> Result | None:
        """The result in a file, if all that belongs to it is there."""
        there = all(graded.is_file() for graded in self.graded(path).values())
        result = load_result(path) if there else None
        return replace(result, kept=True) if result and result.final else None

    def give_up(self, student: str, reason: str) -> Result:
        """The result of a submission that takes too much to judge: nothing of it is looked at."""
        with self._submitted(student, plainly=True) as (given, path):
            pass
        words = in_words(reason)
        graded = given_up(self.master, self.releases, words)
        odd = (*(odd for file in given.files for odd in file.oddities), *given.oddities)
        result = Result(
            student,
            self.problem_set,
            graded.exercises,
            (words, *odd),
            versions=self.versions,
            sandbox=self.settings.description,
            made_of=self.made_of(given),
        )
        self._keep(path, result, graded, {file.name: file.advice for file in given.files})
        self._put_in_place(given, path)
        return result

    def leave_outputs_out(self, student: str) -> None:
        """Take from a graded notebook what its cells printed and showed, but not the points."""
        folder = self.course.autograded(student, self.problem_set).parent
        for path in folder.glob("*.ipynb"):
            notebook = read_graded(path.read_text(encoding="utf-8"))
            for cell in notebook.cells:
                if cell.cell_type == "code" and not is_grade(cell):
                    cell.outputs = []
            write_atomically(path, json_text(notebook) + "\n")

    def _put_in_place(self, given: Submission, path: Path) -> None:
        """Put the graded notebooks of a result where nbgrader looks for them."""
        present = {file.name for file in given.files if self.master or file.content is not None}
        folder = self.course.autograded(given.student, self.problem_set).parent
        for name, graded in self.graded(path).items():
            place = folder / f"{name}.ipynb"
            if name in present:
                write_atomically(place, graded.read_text(encoding="utf-8"))
            else:
                place.unlink(missing_ok=True)  # of an earlier submission

    def graded(self, path: Path) -> dict[str, Path]:
        """Where the graded notebooks of a result lie, by name."""
        return {name: path.with_suffix(f".{name}.ipynb") for name in self.releases}

    def _submission(self, student: str, hand_in: HandIn, files: list[SubmittedFile]) -> Submission:
        if self.files is None:
            return Submission(student, files)
        beside = handed_in_files(hand_in, self.releases, self.files, self.scope.limits)
        oddities, hand_in.oddities = tuple(hand_in.oddities), []
        return Submission(student, files, beside, oddities)

    def _grade(self, given: Submission, path: Path) -> Result:
        parts = [self._part(file) for file in given.files]
        graded = (
            self._judge(self.master, given.student, parts)
            if self.master
            else self._run(parts, given)
        )
        oddities = (*(odd for part in parts for odd in part.oddities), *given.oddities)
        result = Result(
            given.student,
            self.problem_set,
            graded.exercises,
            (*oddities, *graded.notes),
            versions=self.versions,
            sandbox=self.settings.description or self.pool.description,
            made_of=self.made_of(given),
        )
        self._keep(path, result, graded, {part.name: part.advice for part in parts})
        return result

    def _keep(
        self, path: Path, result: Result, graded: Graded, advice: Mapping[str, Sequence[str]]
    ) -> None:
        for name, place in self.graded(path).items():
            # on one line: nbformat's way to write it takes longer than to make it
            noted = with_note(graded.notebooks[name], advice[name])
            write_atomically(place, json_text(noted) + "\n")
        save_result(path, result)

    def _part(self, file: SubmittedFile) -> Part:
        release, content = self.releases[file.name], file.content or b""
        return Part(file, rebuild(release, content, self.asked.own_cells))

    def replay(self, student: str, graded: Result | None) -> Replayed:
        """Judge the attempt that was graded again, or the last one, and keep nothing of it."""
        assert self.master is not None
        before = (graded.made_of or {}).get("file") if graded else None
        for place in (*self.attempts.places(student), None):
            with self._submitted(student, hand_ins=place) as (given, _):
                made_of = self.made_of(given)
                if place is None or made_of["file"] == before:
                    (part,) = (self._part(file) for file in given.files)
                    judged = self._judged(self.master, student, part)
                    return Replayed(part, judged, made_of, self.versions)
        raise AssertionError("the last place is taken in any case")

    def _judged(self, master: Master, student: str, part: Part) -> Judged:
        names = self.names.get(student, ())
        return judge(master, part.notebook, student, self.course.secret, self.pool, names)

    def _judge(self, master: Master, student: str, parts: list[Part]) -> Graded:
        """Judge a problem set of ours: it has one notebook, of its own name."""
        (part,) = parts
        judged = self._judged(master, student, part)
        graded = with_outputs(part.notebook, judged)
        marked = (score for score in scores(graded) if score.evidence == BY_HAND)
        return Graded({self.problem_set: graded}, (*judged.exercises, *marked))

    def _run(self, parts: list[Part], given: Submission) -> Graded:
        """Run ordinary notebooks with their own tests; what was not handed in is not run."""
        present = {part.name: part.notebook for part in parts if not part.missing}
        archives = [files for files in (given.beside, self.files) if files is not None]
        ran = run_notebooks(present, self.pool, archives)
        graded = {
            part.name: without_answer(part.notebook) if part.missing else ran[part.name].notebook
            for part in parts
        }
        found = tuple(score for notebook in graded.values() for score in scores(notebook))
        lost = any(score.points < score.max_points for score in found)
        return Graded(
            graded, found, tuple(note for one in ran.values() for note in one.notes(lost))
        )

    def key(self, given: Submission) -> str:
        """A name for all that decides a result."""
        parts = [given.student.encode(), self.course.secret, repr(self.versions).encode()]
        parts += [given.beside.digest(), repr(given.oddities).encode()] if given.beside else []
        parts += [repr(self.names[given.student]).encode()] if self.names.get(given.student) else []
        for file in given.files:
            parts += [file.name.encode(), repr(file.content is None).encode(), file.content or b""]
            parts += [repr(file.oddities).encode()]
        return digest_of(parts)

    def made_of(self, given: Submission) -> dict[str, str]:
        """Digests by which is told, later on, what of it is another one."""
        contents = [file.content or b"" for file in given.files]
        contents += [given.beside.digest()] if given.beside else []
        return {"file": digest_of(contents), "secret": digest_of([self.course.secret])}

    def failed(self, student: str, fault: str) -> Result:
        """The result of a submission for which the grader itself failed."""
        exercises = self.master.exercises if self.master else ()
        nothing = (ExerciseResult(e.id, "grader error", 0.0, e.points) for e in exercises)
        return Result(student, self.problem_set, tuple(nothing), fault=fault)


def digest_of(parts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(map(length_prefixed, parts))).hexdigest()


def in_words(reason: str) -> str:
    """Why a submission earns nothing, for the student and for the instructor."""
    return f"what this hand-in sends takes too much to read and compare: {reason}"


def given_up(master: Master | None, releases: dict[str, NotebookNode], words: str) -> Graded:
    """Notebooks as they were released, none of whose exercises earns a point."""
    if master is None:
        failed = {name: without_answer(copy.deepcopy(releases[name]), words) for name in releases}
        return Graded(failed, tuple(score for one in failed.values() for score in scores(one)))
    nothing = tuple(ExerciseResult(e.id, FAILED, 0.0, e.points, message=words)
                    for e in master.exercises)  # fmt: skip
    graded = {
        name: with_outputs(release, Judged(nothing, ())) for name, release in releases.items()
    }
    return Graded(graded, nothing)


def without_answer(
    notebook: NotebookNode, text: str = "This notebook was not handed in."
) -> NotebookNode:
    """A release whose tests all failed, as nobody handed it in."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade"):
            cell.outputs = [new_output("error", ename="Missing", evalue=text, traceback=[text])]
    return notebook


def versions_of(problem_set: str, digest: str) -> dict[str, str]:
    """What graded: the packages, the judge's own code, and the problem set."""
    judge = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        judge.update(path.read_bytes())
    return {
        "backprop-book": importlib.metadata.version("backprop-book"),
        "numpy": importlib.metadata.version("numpy"),
        "judge": judge.hexdigest()[:16],
        problem_set: digest,
    }
