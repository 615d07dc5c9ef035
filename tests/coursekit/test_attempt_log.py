"""The attempt log: what is kept, that nothing stops a check, what an instructor reads of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.coursekit.test_checks import INPUTS, MISTAKES, mean_rows, task_of

from coursekit.authoring.masters import find_master, read_master
from coursekit.authoring.tasks import message, public_tasks
from coursekit.checks import commands
from coursekit.checks.attempt_log import MOST_LOGGED, AttemptLog, digest_of, log_name
from coursekit.checks.case_file import save_tasks
from coursekit.checks.hints import ladder, names_mistake
from coursekit.cli import main
from coursekit.courses import init_course
from coursekit.grading.judge import PRELUDE
from coursekit.grading.mended import mended
from coursekit.submissions.attempt_logs import (
    MOST_LINE,
    MOST_LINES,
    Attempt,
    Log,
    attempt_of,
    checks_in,
    read_logs,
)
from coursekit.submissions.handed_in import handed_in
from coursekit.verification.answers import verdict_of

TASK = task_of(mean_rows, INPUTS, MISTAKES, hints=("Which?", "Look there.", "Mostly this."))
PS1 = read_master(find_master("ps1"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A release with one exercise, as if this were its checks.py."""
    save_tasks(tmp_path / "mine_cases.npz", [TASK])
    monkeypatch.setattr(commands, "__file__", str(tmp_path / "checks.py"))
    monkeypatch.setattr(AttemptLog, "on", False)
    monkeypatch.setattr(AttemptLog, "refused", False)
    return tmp_path


def f(X):
    return X.mean(axis=1)


def check(function=f):
    function.__name__ = "f"
    try:
        commands.check(function)
    except commands.CheckFailed:
        return False
    return True


def lines(folder: Path) -> list[dict]:
    text = (folder / "mine_attempts.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


class TestWriting:
    def test_nothing_is_kept_until_it_is_switched_on(self, folder):
        check()
        commands.hint(f)
        assert list(folder.glob("*.jsonl")) == []

    def test_each_check_and_each_hint_is_a_line_without_code_and_numbers(self, folder, capsys):
        commands.log_attempts()
        assert "mine_attempts.jsonl" in capsys.readouterr().out
        check()
        for level in (1, 2, 3):
            commands.hint(f, level)
        check(lambda X: -X.mean(axis=0))
        check(lambda X: X.mean(axis=0))
        found = lines(folder)
        assert [line["asked"] for line in found] == [
            *("check", "hint", "hint", "message", "check", "check"),
        ]
        assert [line["verdict"] for line in found[-3:]] == ["shape", "value", "passed"]
        named = f"message {digest_of(TASK.messages['axis'])}"
        assert [line["diagnosis"] for line in found[-3:]] == [
            [named],
            ["pattern Every result is the negative of the expected one."],
            [],
        ]
        assert {tuple(line) for line in found} == {
            ("time", "exercise", "asked", "verdict", "diagnosis")
        }
        assert all(line["exercise"] == "f" for line in found)

    def test_it_stops_when_it_is_told_to(self, folder):
        commands.log_attempts()
        check()
        commands.log_attempts(False)
        check()
        assert len(lines(folder)) == 1

    def test_of_a_pattern_numbers_and_texts_are_left_out(self, folder):
        commands.log_attempts()
        check(lambda X: 7.5 * X.mean(axis=0))
        assert lines(folder)[0]["diagnosis"] == [
            "pattern Every result is # times the expected one."
        ]

    def test_of_another_kind_of_thing_no_word_of_it_is_kept(self, folder):
        class MyOwnName:
            pass

        commands.log_attempts()
        check(lambda X: MyOwnName())
        assert lines(folder)[0]["diagnosis"] == [
            "pattern What comes back is not of the kind that is asked for"
        ]

    def test_of_an_error_its_kind_is_kept_if_it_is_pythons(self, folder):
        class Mine(Exception):
            pass

        def raises(error):
            def wrong(X):
                raise error

            return wrong

        commands.log_attempts()
        check(raises(KeyError("x")))
        check(raises(Mine("my words")))
        assert [line["diagnosis"] for line in lines(folder)] == [
            ["error KeyError"],
            ["error of its own"],
        ]

    def test_it_says_nothing_while_a_saved_notebook_is_read(self, folder, monkeypatch):
        monkeypatch.setattr(commands.Reading, "active", True)
        commands.log_attempts()
        assert not AttemptLog.on


class TestTrouble:
    """Whatever is wrong with the file: one sentence, and the check goes on."""

    def said(self, capsys):
        assert not check()
        assert check(mean_rows)
        out = capsys.readouterr().out
        assert out.count("could not be written") == 1
        return out

    @pytest.fixture(autouse=True)
    def on(self, folder, capsys):
        commands.log_attempts()
        capsys.readouterr()

    def test_a_folder_in_its_place(self, folder, capsys):
        (folder / log_name("mine")).mkdir()
        assert "is not a file" in self.said(capsys)

    def test_a_pipe_in_its_place_is_not_waited_for(self, folder, capsys):
        os.mkfifo(folder / log_name("mine"))
        assert "is not a file" in self.said(capsys)

    def test_a_file_that_is_full(self, folder, capsys):
        (folder / log_name("mine")).write_bytes(b"x" * (MOST_LOGGED + 1))
        assert "is full; delete it" in self.said(capsys)

    def test_a_disk_that_is_full(self, folder, capsys):
        if not os.path.exists("/dev/full"):
            pytest.skip("this system has no /dev/full")
        (folder / log_name("mine")).symlink_to("/dev/full")
        assert "could not be written" in self.said(capsys)

    def test_a_folder_that_may_not_be_written(self, folder, capsys, monkeypatch):
        def refused(*_, **__):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refused)
        assert "(Permission denied)" in self.said(capsys)

    def test_a_line_that_broke_off_is_left_alone_and_costs_none_of_the_next(self, folder):
        place = folder / log_name("mine")
        place.write_bytes(b'{"time": "2026')
        check()
        broken, whole = place.read_text(encoding="utf-8").splitlines()
        assert broken == '{"time": "2026'
        assert json.loads(whole)["verdict"] == "shape"

    def test_a_file_that_was_deleted_begins_anew(self, folder):
        check()
        (folder / log_name("mine")).unlink()
        check()
        assert len(lines(folder)) == 1

    def test_two_notebooks_at_once_lose_no_line(self, folder):
        program = (
            "import sys; sys.path.insert(0, '.')\n"
            "from coursekit.checks.attempt_log import append_line\nfrom pathlib import Path\n"
            "for k in range(200): append_line(Path('both.jsonl'), sys.argv[1] * 300)"
        )
        command = [sys.executable, "-c", program]
        both = [subprocess.Popen([*command, letter], cwd=folder) for letter in "ab"]
        assert [process.wait() for process in both] == [0, 0]
        found = (folder / "both.jsonl").read_text(encoding="utf-8").splitlines()
        whole = [line for line in found if line]
        assert sorted(set(whole)) == ["a" * 300, "b" * 300]
        assert len(whole) == 400


class TestHintKinds:
    def test_the_hint_that_names_the_mistake_is_known(self):
        verdict = verdict_of(TASK, f)
        assert [names_mistake(verdict, level) for level in (1, 2, 3, 9)] == [
            *(False, False, True, True)
        ]
        assert len(ladder(verdict)) == 3

    def test_before_there_is_an_answer_none_does(self):
        def unwritten(X):
            raise NotImplementedError

        assert not names_mistake(verdict_of(TASK, unwritten), 3)
        assert not names_mistake(verdict_of(TASK, mean_rows), 1)


def line(exercise="ps1-mean-cost", asked="check", verdict="value", diagnosis=()):
    entry = {"time": "2026-11-26T10:00:00Z", "exercise": exercise, "asked": asked}
    return json.dumps(entry | {"verdict": verdict, "diagnosis": list(diagnosis)}).encode()


class TestReading:
    HOSTILE = (
        b"",
        b"[1]",
        b"null",
        b"\xff\xfe",
        b"[" * 1500,
        b'{"asked": "check"}',
        b'{"asked": ["check"], "exercise": "a", "verdict": "b", "diagnosis": []}',
        line(asked="everything"),
        line(diagnosis=[1]),
        line(verdict="x" * 201),
        line(diagnosis=["x" * 201]),
        line(exercise="ps1-mean-cost" + " " * MOST_LINE),
        line().replace(b"[]", b"{}"),
    )

    @pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
    def test_what_is_no_line_of_a_log_is_passed_over(self, content):
        assert attempt_of(content) is None

    def test_a_line_is_read(self):
        assert attempt_of(line(diagnosis=["error KeyError"])) == Attempt(
            "ps1-mean-cost", "check", "value", ("error KeyError",)
        )

    def test_a_check_counts_with_the_most_that_was_asked_for_before_the_next(self):
        asked = ["check", "message", "hint", "check", "hint", "check", "check"]
        attempts = tuple(Attempt("a", one, "value", ()) for one in asked)
        other = Attempt("b", "message", "value", ())
        found = list(checks_in((attempts[0], other, *attempts[1:]), "a"))
        assert [most for _, most in found] == ["message", "hint", "check", "check"]


@pytest.fixture
def course(tmp_path):
    return init_course(tmp_path / "course")


def hand_in(course, student, content, name="ps1_attempts.jsonl"):
    place = course.submitted() / student / "ps1"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(content)
    return place


def logs(course, student):
    with handed_in(course, student, "ps1") as opened:
        return read_logs(opened, "ps1"), opened.oddities


class TestHandedIn:
    def test_who_handed_in_none_has_none(self, course):
        hand_in(course, "ada", b"{}", "ps1.ipynb")
        assert logs(course, "ada") == (None, [])

    def test_a_link_is_not_followed(self, course):
        place = hand_in(course, "eve", b"", "ps1.ipynb")
        (place / "ps1_attempts.jsonl").symlink_to(course.root / "secret")
        found, oddities = logs(course, "eve")
        assert found is None
        assert "a symbolic link" in oddities[0]

    def test_a_copy_that_a_browser_numbered_counts_once(self, course):
        hand_in(course, "ada", line() + b"\n" + line(asked="hint"))
        hand_in(course, "ada", line() + b"\n", "ps1_attempts (1).jsonl")
        assert len(logs(course, "ada")[0].attempts) == 2

    def test_of_what_is_too_much_the_beginning_is_read(self, course):
        hand_in(course, "eve", (line() + b"\n") * 5 + b"\0" * 3 * MOST_LOGGED)
        found, _ = logs(course, "eve")
        assert (len(found.attempts), found.unread) == (5, 1)
        hand_in(course, "eve", b"1\n" * (MOST_LINES + 7))
        assert logs(course, "eve")[0] == Log((), MOST_LINES + 7)

    def test_a_log_beside_a_notebook_is_not_taken_for_an_answer(self, course, tmp_path):
        from coursekit.authoring.release import release
        from coursekit.nbgrader_plugin.judging import released
        from coursekit.submissions.finding import Asked, read_file

        notebook = release(course, "ps1") / "ps1.ipynb"
        hand_in(course, "ada", notebook.read_bytes(), "ps1.ipynb")
        hand_in(course, "ada", line())
        with handed_in(course, "ada", "ps1") as opened:
            file = read_file(opened, "ps1", Asked("ps1", released(course.root, "ps1")))
        assert file.content == notebook.read_bytes()
        assert (file.oddities, file.advice) == ((), ())


def attempts(*kinds):
    """A student's attempts at the mean cost: each an answer's diagnosis, and what was asked."""
    made = [
        Attempt("ps1-mean-cost", asked, "value" if said else "passed", (said,) if said else ())
        for asked, said in kinds
    ]
    return Log(tuple(made), 0)


class TestMending:
    EXERCISE = PS1.exercise("mean-cost")
    SUM = f"message {digest_of(message(EXERCISE.declaration.misconceptions[0]))}"

    def test_what_came_next_is_counted_by_message_and_by_what_was_asked(self):
        class_ = [
            ("ada", attempts(("check", self.SUM), ("message", self.SUM), ("check", ""))),
            ("bob", attempts(("check", self.SUM), ("check", self.SUM), ("check", "pattern X"))),
        ]
        found = {key[1:]: value for key, value in mended(PS1, class_).items()}
        told, alone = found["sum-for-mean", "message"], found["sum-for-mean", "check"]
        assert (told.passed, told.changed, told.stayed, told.last) == (1, 0, 0, 0)
        assert (alone.passed, alone.changed, alone.stayed, alone.last) == (0, 1, 1, 0)
        assert (told.students, alone.students) == ({"ada"}, {"bob"})
        last = found["pattern: X", "check"]
        assert (last.last, last.attempts) == (1, 1)

    def test_what_passed_and_what_is_of_another_set_is_not_counted(self):
        other = Log((Attempt("ps9-nothing", "check", "value", ()),), 0)
        assert mended(PS1, [("ada", attempts(("check", ""))), ("bob", other)]) == {}

    def test_a_message_of_an_earlier_release_is_called_so(self):
        ((_, diagnosis, _),) = mended(PS1, [("ada", attempts(("check", "message 0123")))])
        assert diagnosis == "a message that the problem set has no more"

    def test_every_message_of_the_course_is_known_by_what_a_release_says(self):
        for problem_set in ("ps1", "ps4"):
            master = read_master(find_master(problem_set))
            for exercise, task in zip(master.exercises, public_tasks(master), strict=True):
                known = {digest_of(message(m)) for m in exercise.declaration.misconceptions}
                assert {digest_of(text) for text in task.messages.values()} == known


class TestCommand:
    def run(self, course, capsys):
        assert main(["messages", "ps1", "--course", str(course.root)]) == 0
        return capsys.readouterr().out

    def test_it_says_message_by_message_what_came_next(self, course, capsys):
        said = TestMending.SUM
        for number in range(5):
            once = line(diagnosis=[said]) + b"\n" + line(asked="message", diagnosis=[said])
            hand_in(course, f"student{number}", once + b"\n" + line(verdict="passed") + b"\n")
        hand_in(course, "ada", b"", "ps1.ipynb")
        told = self.run(course, capsys)
        assert "5 of 6 students handed in a log" in told
        (row,) = [row for row in told.splitlines() if "sum-for-mean" in row]
        assert row.split()[1:] == ["message", "5", "5", "5", "0", "0", "0", "100%", "mended"]
        assert "student0" not in told

    def test_what_is_hostile_is_harmless_in_a_terminal_and_short(self, course, capsys):
        rows = [line(diagnosis=[f"pattern \x1b[2J\u202e{k}"]) for k in range(2000)]
        hand_in(course, "eve", b"\n".join(rows) + b"\n{broken")
        told = self.run(course, capsys)
        assert all(c.isprintable() or c == "\n" for c in told)
        assert "\\x1b[2J" in told
        assert "1 lines are none of a log" in told
        assert len(told.splitlines()) < 50

    def test_without_a_log_it_says_so(self, course, capsys):
        hand_in(course, "ada", b"", "ps1.ipynb")
        assert self.run(course, capsys) == (
            "0 of 1 students handed in a log\nNo failed check is in them.\n"
        )

    def test_a_name_that_is_refused_is_said_and_not_read(self, course, capsys):
        hand_in(course, "e<ve", line())
        told = self.run(course, capsys)
        assert "its log is not read" in told
        assert "0 of 1 students" in told


def test_the_worker_has_a_switch_that_does_nothing():
    namespace = {}
    stub = type(sys)("worker.personal")
    stub.my_numbers = None
    before = {name: sys.modules.get(name) for name in ("checks", "worker.personal")}
    sys.modules["worker.personal"] = stub
    try:
        exec(PRELUDE.source, namespace)
        assert sys.modules["checks"].log_attempts(True) is None
    finally:
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
