"""What is said while a class is graded, and of the class when it is done."""

import json
from concurrent.futures import Future

from coursekit.commands.class_lines import class_file, class_lines, write_class_json
from coursekit.commands.report import Progress
from coursekit.grading import class_run
from coursekit.grading.class_run import Round
from coursekit.grading.class_summary import Mistake, class_summary
from coursekit.grading.results import BY_HAND, OPEN, ExerciseResult, Result


def exercise(name, points, misconception=""):
    outcome = "passed" if points == 2 else "failed"
    return ExerciseResult(name, outcome, points, 2, misconception)


def result(student, *exercises, **more):
    return Result(student, "ps1", exercises, **more)


CLASS = [
    result("ann", exercise("a", 2), exercise("b", 0, "sum-for-mean")),
    result("ben", exercise("a", 2), exercise("b", 0.5, "sum-for-mean"), kept=True),
    result("cy", exercise("a", 0, "uphill"), exercise("b", 2)),
    result("dee", exercise("a", 0), exercise("b", 0), oddities=("it is no notebook",)),
    result("eve", fault="OSError: the disk is full"),
    result("fay", refused="rename it"),
]


def test_a_class_says_its_mistakes_its_hardest_exercise_and_whose_file_needs_a_look():
    found = class_summary(CLASS)
    assert found.tried == 3
    assert found.mistakes == (Mistake("b", "sum-for-mean", 2), Mistake("a", "uphill", 1))
    assert (found.hardest.exercise, found.hardest.passed, found.hardest.tried) == ("b", 1, 3)
    assert found.look == ("dee", "eve", "fay")
    assert class_lines(found) == [
        "mistakes:  2 of 3 who answered: sum-for-mean (b)",
        "           1 of 3 who answered: uphill (a)",
        "hardest:   b: 1 of 3 pass, 42% of the points",
        "files that need a look: dee, eve, fay",
    ]


def test_five_lines_are_enough_for_any_class():
    many = [
        result(f"s{n:03}", *(exercise(f"e{k}", 0, f"m{k}") for k in range(n % 7)), oddities=("x",))
        for n in range(60)
    ]
    lines = class_lines(class_summary(many))
    assert len(lines) == 5
    assert lines[-1].endswith("s011 and 48 more")


def test_no_student_is_named_beside_a_mistake():
    lines = class_lines(class_summary(CLASS))
    assert not any(student in line for line in lines[:-1] for student in ("ann", "ben", "cy"))


def test_a_class_without_a_known_mistake_says_so():
    assert class_lines(class_summary([result("ann", exercise("a", 2), exercise("b", 2))])) == [
        "mistakes:  none that is known by name",
        "hardest:   none stands out",
        "files that need a look: nobody's",
    ]


def test_what_waits_for_a_person_and_what_is_practice_is_not_hard():
    written = ExerciseResult("w", OPEN, 0, 5, evidence=BY_HAND)
    practice = ExerciseResult("p", "failed", 0, 0)
    found = class_summary([result("ann", exercise("a", 2), exercise("b", 1), written, practice)])
    assert found.hardest.exercise == "b"


def test_the_summary_lies_beside_the_results_for_other_programs(tmp_path):
    write_class_json(tmp_path / "out.json", class_summary(CLASS))
    found = json.loads(class_file(tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found["mistakes"][0] == {"exercise": "b", "name": "sum-for-mean", "students": 2}
    assert found["hardest"]["exercise"] == "b"
    assert found["look"] == ["dee", "eve", "fay"]


def test_the_time_that_is_left_is_of_the_work_that_is_left():
    progress = Progress(6)
    kept, new = CLASS[1], CLASS[0]
    assert progress.after(kept, 100) == "1/6, judged before"
    assert progress.after(new, 150) == "2/6"  # the start says nothing of the rest
    assert progress.after(new, 152) == "3/6, 0.5/s, 6 s left"
    assert progress.after(new, 154) == "4/6, 0.5/s, 4 s left"


class OneAfterTheOther:
    """An executor that does each task when it is given it, and notes which."""

    lost = ()

    def __init__(self):
        self.did, self.waited = [], []

    def submit(self, task, student, *words):
        self.did.append(f"{task.__name__} {student}")
        future = Future()
        future.set_result(task(student))
        return future

    def look_after(self, at_once=False):
        self.waited.append(not at_once)
        return 0.0


def test_who_was_judged_before_comes_first(monkeypatch):
    def recall_student(student):
        return result(student, kept=True) if student == "c" else None

    def grade_student(student):
        return result(student)

    def write_feedback(student):
        return ""

    for task in (recall_student, grade_student, write_feedback):
        monkeypatch.setattr(class_run, task.__name__, task)
    executor = OneAfterTheOther()
    tasks = Round(executor, lambda one: one, lambda student, fault: result(student, fault=fault))
    found = [one.student for one in tasks.results(list("abc"))]
    assert found[0] == "c"
    assert sorted(found) == ["a", "b", "c"]
    assert executor.did.index("write_feedback c") < executor.did.index("grade_student a")
    assert not any(executor.waited), "what is done already was waited for"
