"""Verifying finds what is wrong in an exercise, and says what to do."""

import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from tests.coursekit.own_sets import begin, change, room_of

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.authoring.tasks import make_task
from coursekit.checks.held_out import HeldOut
from coursekit.cli import main
from coursekit.courses import init_course
from coursekit.verification import tables
from coursekit.verification import verify as module
from coursekit.verification.declared_texts import check_texts
from coursekit.verification.report import ExerciseReport
from coursekit.verification.verify import verify

SEEDS = 1
MEASURED = HeldOut(np.zeros((1, 2)), np.zeros(1, int), ((0.5, 0.0), (1.0, 1.0)), 9)


@pytest.fixture
def folder(tmp_path):
    begin(tmp_path)
    return tmp_path


@pytest.fixture
def shipped(folder, monkeypatch):
    """The folder as if its problem sets came with the course."""
    monkeypatch.setattr(module, "MASTERS", folder)
    return folder


@pytest.fixture
def book(tmp_path):
    """A checkout with a book of one page, and with tables that are up to date."""
    root = tmp_path / "checkout"
    page = root / "book" / "prerequisites" / "shapes.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Shapes\n\n## Shapes and axes\n", encoding="utf-8")
    (root / "book" / "teaching").mkdir()
    return root


def problems_of(folder, *changes, book=None):
    """What verifying says after changes of the room."""
    change(room_of(folder), *changes)
    return verify(read_master(folder / "mine.md"), seeds=SEEDS, book=book).problems


def without(folder, start, end):
    """A change that leaves out a part of the room."""
    text = room_of(folder).read_text(encoding="utf-8")
    part = text[text.index(start) : text.index(end, text.index(start) + 1)]
    return (part, "")


def test_a_sound_exercise_has_no_problems_and_no_advice(folder):
    report = verify(read_master(folder / "mine.md"), seeds=SEEDS)
    assert (report.problems, report.advice) == ([], [])


PLANTED = {
    "a broken reference": (
        ("return X.sum(axis=1) / X.shape[1]\n", "return X.sum(axis=1) + np.random.rand()\n"),
        r"the reference does not get full marks; look at mine/row_means\.py",
    ),
    "an answer that nothing earns": (
        ("return X.sum(axis=1) / X.shape[1]\n", "return None\n"),
        r"an answer that returns None .*passes every case: draw cases that it fails",
    ),
    "zeros that earn something": (
        (
            'Cases("as many rows as columns", table(3, 3), share=0.4),',
            'Cases("all zero", lambda rng: (np.zeros((3, 3)),), share=0.4),',
        ),
        r"an answer that returns zeros earns 40% of the points, with 'all zero': .*only_with='...'",
    ),
    "an argument that is right as it came": (
        ("return X.sum(axis=1) / X.shape[1]\n", "return X\n"),
        r"an answer that returns X passes every case: .* say why in .*: nothing_to_do='...'",
    ),
    "zeros that are right": (
        ("return X.sum(axis=1) / X.shape[1]\n", "return 0 * X\n"),
        r"an answer that returns zeros passes every case",
    ),
    "a reason for nothing": (
        ("    hints=[", '    nothing_to_do="no",\n    hints=['),
        r"nothing_to_do= is given, and no answer passes that returns an argument or zeros",
    ),
    "a mistake that passes": (
        ("def sums(X):\n    return X.sum(axis=1)", "def sums(X):\n    return X.mean(axis=1)"),
        r"the misconception sums passes 2 of 2 draws",
    ),
    "a mistake that fails in another group in each draw": (
        (
            "def columns(X):\n    return X.mean(axis=0)",
            "def columns(X, calls=[]):\n    calls.append(X)\n    n = len(calls) - 1\n"
            "    return X.mean(axis=1) + (n // 6 % 2 == n % 6 // 3)",
        ),
        r"the misconception columns loses the points of no group in every draw",
    ),
    "mistakes that cannot be told apart": (
        ("def sums(X):\n    return X.sum(axis=1)", "def sums(X):\n    return X.mean(axis=0)"),
        r"the misconception (sums|columns) is named columns and sums",
    ),
    "a mutant that is equivalent": (
        ("return X.sum(axis=1) / X.shape[1]\n", "return X.sum(axis=1) / max(X.shape[1], 1)\n"),
        r"survives 2 of 2 draws: .* add to equivalent= in mine/row_means\.py: "
        r"equivalent=\{'max\(X\.shape\[1\], 1\) -> .*': 'why'\}",
    ),
    "a listed mutant that is none": (
        ("    hints=[", '    equivalent={"x -> y": "no"},\n    hints=['),
        r"listed as equivalent, but no such mutant: \['x -> y'\]; take it out",
    ),
    "a listed mutant that fails": (
        ("    hints=[", '    equivalent={"1 -> 0": "no"},\n    hints=['),
        r"listed as equivalent, but it fails: 1 -> 0; take it out of equivalent=",
    ),
    "a listed mutant without a reason": (
        ("    hints=[", '    equivalent={"1 -> 0": " "},\n    hints=['),
        r"the mutant 1 -> 0 is listed as equivalent without a reason: say why .* in mine/row_means",
    ),
    "an empty message": (
        ('"You add up each row. Divide by how many numbers it has."', '""'),
        r"the message of sums is empty: say in mine/row_means\.py what who makes this mistake",
    ),
    "a blank message": (
        ('"You add up each row. Divide by how many numbers it has."', '" \\n"'),
        r"the message of sums is empty",
    ),
    "a blank hint": (
        ("Look at the call that adds: the axis that it names is the one that disappears.", "  "),
        r"hint 2 is empty: write it, or take it out of hints= in mine/row_means\.py",
    ),
    "a group without a name": (
        ('"as many rows as columns"', '""'),
        r"a group of cases has no name, which students read: say in mine/row_means\.py what it",
    ),
    "a blank reason to stand alone": (
        ('alone="backprop averages no rows"', 'alone=" "'),
        r"alone=' ' gives no reason: write it, or take it out of mine/row_means\.py",
    ),
    "a blank reason to name no page": (
        ("    hints=[", '    no_page=" ",\n    hints=['),
        r"no_page=' ' gives no reason",
    ),
    "a right answer that fails": (
        ("    return [sum(row) / len(row) for row in X]", "    return X.sum(axis=1)"),
        r"the right answer by_loop fails: .*",
    ),
    "a right answer that is taken for a mistake": (
        ("    return [sum(row) / len(row) for row in X]", "    return X.sum(axis=1)"),
        r"the right answer by_loop is said to make a mistake",
    ),
    "a second wrong answer that passes": (
        ("    return [sum(row) for row in X]", "    return X.mean(axis=1)"),
        r"the second wrong answer added_up to sums passes",
    ),
    "a second wrong answer that is taken for another mistake": (
        ("    return [sum(row) for row in X]", "    return X.mean(axis=0)"),
        r"the second wrong answer added_up makes sums and is named columns",
    ),
    "an example that does not run": (
        ("array([2., 7.])", "array([2., 8.])"),
        r"its example does not run as it says:\n",
    ),
}


@pytest.mark.parametrize(("planted", "message"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(folder, planted, message):
    found = problems_of(folder, planted)
    assert any(re.search(message, problem) for problem in found), found


def test_an_undeclared_wrong_answer_that_passes_is_found(folder):
    loose = ("    hints=[", "    rtol=0.5,\n    hints=[")
    found = problems_of(folder, loose)
    assert any(
        "wrong answers pass that nobody declared: the result one percent" in p for p in found
    )


LACKING = {
    "a right answer": (
        ("@EXERCISE.right\ndef by_loop", "def by_loop"),
        r"it has 1 right answers .* needs two, .*: add them under @EXERCISE\.right in mine/row_m",
    ),
    "a second wrong answer": (
        ("@EXERCISE.second(sums)\n", ""),
        r"the misconception sums has no second wrong answer, .* under @EXERCISE\.second in mine/",
    ),
    "an example": (
        (">>> row_means(np.array([[1.0, 3.0], [5.0, 9.0]]))\n    array([2., 7.])", "None."),
        r"its statement has no example: add one .* no_example= in mine/row_means\.py",
    ),
    "a hint": (
        (
            '        "Most often it is the other axis, or a sum that is never divided.",\n',
            "",
        ),
        r"it has 2 hints, .*: write 3 into hints=, a question, .*, in mine/row_means\.py",
    ),
    "a message of its own": (
        (
            "You average each column. The axis that you name is the one that disappears.",
            "You add up  each row. Divide by how many numbers it has.",
        ),
        r"the misconceptions columns and sums have the same message: say in each what is wrong",
    ),
    "lines that a page shows": (
        (
            ">>> row_means(np.array([[1.0, 3.0], [5.0, 9.0]]))",
            ">>> row_means(np.array([[1.0, 3.0], [5.0, 9.0]])) + np.zeros(2) + np.zeros(2) * 0",
        ),
        r"its stub has lines of more than 80 columns, more than a page shows: break >>> row_means",
    ),
    "a page of the book": (
        ("prerequisites/shapes", "prerequisites/forms"),
        r"the message of columns points to .*: there is no page book/prerequisites/forms\.md",
    ),
    "a section of a page": (
        ("#Shapes and axes", "#Forms and axes"),
        r"the message of sums points to .*: book/.*shapes\.md has no heading 'Forms and axes'",
    ),
    "a pointer with a title": (("#Shapes and axes", ""), r"expected is page#Title"),
    "an answer that stands alone": (
        ("return [sum(row) for row in X]", "from_package = logistic\n    return X.sum(axis=1)"),
        r"an answer uses logistic of backprop\.activations; what students could hand in",
    ),
    "an answer with a name": (
        (
            "@EXERCISE.second(sums)\ndef added_up(X):\n    return [sum(row) for row in X]",
            "EXERCISE.second(sums)(lambda X: X @ np.ones(X.shape[1]))",
        ),
        r"an answer has no name: write it as a def",
    ),
}
IMPORT = (
    "import numpy as np\n",
    "import numpy as np\n\nfrom backprop.activations import logistic\n",
)


@pytest.mark.parametrize(("planted", "message"), LACKING.values(), ids=LACKING)
def test_what_an_exercise_of_the_course_lacks_is_a_problem_and_of_an_own_one_advice(
    folder, book, monkeypatch, planted, message
):
    change(room_of(folder), IMPORT, planted)
    own = verify(read_master(folder / "mine.md"), seeds=SEEDS, book=book)
    assert own.problems == []
    assert any(re.search(message, text) for text in own.advice), own.advice
    monkeypatch.setattr(module, "MASTERS", folder)
    ours = verify(read_master(folder / "mine.md"), seeds=SEEDS, book=book)
    assert any(re.search(message, text) for text in ours.problems), ours.problems


@pytest.mark.parametrize("measured", [False, True])
def test_an_exercise_that_knows_no_mistake_is_found_unless_a_training_is_measured(folder, measured):
    (exercise,) = read_master(folder / "mine.md").exercises
    exercise.declaration.misconceptions.clear()
    report = ExerciseReport(exercise.id, (), "mine/row_means.py")
    task = make_task(exercise, np.random.default_rng(0))
    if measured:
        task = replace(task, cases=(replace(task.cases[0], expected=MEASURED),))
    check_texts(report, exercise, [task])
    told = (
        "mine-row-means: it knows no mistake, so who makes one is told only that it is wrong: add "
        "those that students make under @EXERCISE.misconception in mine/row_means.py"
    )
    assert report.problems == ([] if measured else [told])


def test_a_statement_that_names_no_page_is_found(shipped, book):
    text = (shipped / "mine.md").read_text(encoding="utf-8")
    (shipped / "mine.md").write_text(
        text.replace("No page of the book has this function.", ""), encoding="utf-8"
    )
    found = problems_of(shipped, book=book)
    assert any("its statement names no page that teaches it" in problem for problem in found)
    reason = ("    hints=[", '    no_page="it is a first try",\n    hints=[')
    assert not any("names no page" in p for p in problems_of(shipped, reason, book=book))


def test_an_example_is_not_excused_that_is_there(folder):
    reason = ("    hints=[", '    no_example="none is possible",\n    hints=[')
    assert any("take no_example='none is possible' out" in p for p in problems_of(folder, reason))


def test_an_example_in_the_text_may_be_that_of_any_right_answer(folder):
    text = (folder / "mine.md").read_text(encoding="utf-8")
    example = "```python\n>>> row_means(given)\n[2.0, 7.0]\n```\n\n"
    given = "```{code-cell} ipython3\ngiven = np.array([[1.0, 3.0], [5.0, 9.0]]).tolist()\n```\n\n"
    head, cell, tail = text.rpartition("```{code-cell} ipython3\n---")
    (folder / "mine.md").write_text(head + given + example + cell + tail, encoding="utf-8")
    docstring = without(folder, "\n    Examples\n", '    """\n    return')
    assert problems_of(folder, docstring) == []


def test_a_page_that_a_text_links_must_be_there(shipped, book):
    text = (shipped / "mine.md").read_text(encoding="utf-8")
    linked = (
        "[a](../../book/prerequisites/shapes.md) [b](../../book/gone.md) [c](https://x.org/y.md)"
    )
    (shipped / "mine.md").write_text(
        text.replace("Say here what it is about.", linked), encoding="utf-8"
    )
    found = problems_of(shipped, book=book)
    assert [p for p in found if "links" in p] == [
        "mine: it links the page ../../book/gone.md, which is not there"
    ]
    assert not [p for p in problems_of(shipped) if "shapes.md" in p]


def test_of_a_whole_set_most_second_wrong_answers_are_named(shipped):
    one_percent = ("    return [sum(row) for row in X]", "    return 1.01 * X.sum(axis=1)")
    found = problems_of(shipped, one_percent)
    assert any("1 of 2 second wrong answers are named, expected are 95%" in p for p in found)


def test_the_table_must_be_up_to_date_and_is_written_on_request(shipped, book):
    master = read_master(shipped / "mine.md")
    renew = "run `course verify mine row-means --write`"
    assert any(renew in p for p in verify(master, seeds=SEEDS, book=book).problems)
    assert verify(master, seeds=SEEDS, book=book, write=True).problems == []
    assert "mine-row-means" in (book / tables.FILE).read_text(encoding="utf-8")
    assert verify(master, master.exercises, seeds=SEEDS, book=book).problems == []


def test_one_exercise_counts_with_what_the_table_says_of_the_others(shipped, book):
    master = read_master(shipped / "mine.md")
    verify(master, seeds=SEEDS, book=book, write=True)
    file = book / tables.FILE
    poor = file.read_text(encoding="utf-8").replace(
        "2 of 2 second wrong named", "0 of 9 second wrong named"
    )
    file.write_text(poor, encoding="utf-8")
    found = verify(master, [], seeds=SEEDS, book=book).problems
    assert not any("are named, expected" in p for p in found)
    troubles = module.set_troubles(master, [], book, own=False)
    assert any("0 of 9 second wrong answers are named" in trouble for trouble in troubles)


def test_the_command_prints_the_kill_matrix_of_one_exercise(capsys):
    for names in (["ps1", "mean-cost"], ["ps1-mean-cost"], ["ps1", "ps1-mean-cost"]):
        assert main(["verify", *names, "--seeds", "1"]) == 0
        out = capsys.readouterr().out
        assert re.search(r"ps1-mean-cost: \d+ misconceptions", out)
        assert re.search(r"sum-for-mean +fails in five patterns, three outputs; four pat", out)
        assert "ps1-logistic" not in out
        assert out.endswith("Nothing is to mend.\n")


def test_the_command_takes_exercises_of_several_sets(capsys):
    assert main(["verify", "ps0", "twice", "errors", "ps1-mean-cost", "--seeds", "1"]) == 0
    found = re.findall(r"^(ps\S+):", capsys.readouterr().out, re.M)
    assert found == ["ps0-twice", "ps0-errors", "ps1-mean-cost"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["ps99"], "there is no problem set 'ps99'; there are: "),
        (["ps0", "nothing"], "problem set ps0 has no exercise 'nothing'; it has: ps0-twice"),
        (["ps0-nothing"], "problem set ps0 has no exercise 'ps0-nothing'"),
        (["pz4"], "there is no problem set 'pz4'; is ps4 meant? there are: "),
        (["ps4", "adma"], "problem set ps4 has no exercise 'adma'; is adam meant? it has: "),
        (["adam"], "ps5. For the exercise: course verify ps4 adam\n"),
        (["mean-cots"], "ps5. For the exercise: course verify ps1 mean-cost\n"),
    ],
)
def test_an_unknown_name_is_said(names, words, capsys):
    assert main(["verify", *names]) == 2
    assert words in capsys.readouterr().err


def test_the_command_fails_where_something_is_to_mend(folder, tmp_path, monkeypatch, capsys):
    course = init_course(tmp_path / "course")
    change(room_of(folder), PLANTED["a mistake that passes"][0])
    shutil.copytree(folder / "mine", course.root / "exercises" / "mine")
    shutil.copy(folder / "mine.md", course.root / "exercises")
    monkeypatch.chdir(course.root)
    assert main(["verify", "mine", "--seeds", "1"]) == 1
    assert "mine-row-means: the misconception sums passes" in capsys.readouterr().out


def test_there_is_no_table_of_an_own_set_to_write(folder, tmp_path, monkeypatch, capsys):
    course = init_course(tmp_path / "course")
    begin(course.root / "exercises")
    monkeypatch.chdir(course.root)
    assert main(["verify", "mine", "--write"]) == 2
    assert "no table of mine to write" in capsys.readouterr().err


def test_an_option_that_a_command_does_not_have_is_said_with_those_that_it_has(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["verify", "ps0", "--jobs", "0"])
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("usage: course verify [-h] [--course DIR] [--seeds N]")
    assert error.endswith("course verify: error: unrecognized arguments: --jobs 0\n")


@pytest.mark.parametrize(
    "command",
    [["verify", "ps0", "--seeds"], ["grade", "ps0", "--jobs"]],
)
@pytest.mark.parametrize("number", ["0", "-1", "1.5", "many"])
def test_a_senseless_number_is_refused_in_a_sentence(command, number, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([*command, number])
    assert stopped.value.code == 2
    assert f"'{number}' came, expected is a whole number from 1 up" in capsys.readouterr().err


def test_the_shipped_exercises_have_all_that_is_asked():
    for path in MASTERS.glob("*.md"):
        for exercise in read_master(path).exercises:
            declared = exercise.declaration
            assert len(declared.right_answers) >= 2, exercise.id
            assert all(mistake.second for mistake in declared.misconceptions), exercise.id
