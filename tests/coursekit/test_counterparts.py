"""A reference that stands in its room is held to the package, and a drift of either is found."""

import importlib
import re
import shutil
from dataclasses import replace

import pytest
from tests.coursekit.own_sets import begin, change, room_of
from tests.leaks import all_exercises
from tests.some_of_many import some_of

from backprop.optimizers import Nadam, tree_map
from coursekit.authoring.masters import MASTERS, read_master
from coursekit.cli import main
from coursekit.errors import CourseError
from coursekit.verification import verify as module
from coursekit.verification.carried_state import optimizers_of
from coursekit.verification.counterparts import STEPS, check_home, differences, task_of_runs
from coursekit.verification.report import ExerciseReport
from coursekit.verification.verify import verify

RUNS = {
    f"{exercise.id}-{counterpart.function.__name__}": (exercise, counterpart)
    for exercise in all_exercises()
    for counterpart in exercise.declaration.counterparts
    if counterpart.makes_steps
}
"""What the package makes runs of, where an exercise asks for one step; the rooms say it."""

OPTIMIZERS = [
    pytest.param(exercise, counterpart, kind, id=f"{name}-{kind.__name__}")
    for name, (exercise, counterpart) in RUNS.items()
    for kind in optimizers_of(counterpart)
]

ALONE = '    alone="backprop averages no rows",'
COUNTERPART = """
@EXERCISE.in_package
def by_backprop(X):
    return linear_forward(X, np.ones((X.shape[1], 1)), np.zeros(1))[0][:, 0] / X.shape[1]


# Mistakes that"""
NO_REASON = (f"{ALONE}\n", "")
HELD = (
    ("import numpy as np\n", "import numpy as np\n\nfrom backprop.layers import linear_forward\n"),
    NO_REASON,
    ("\n# Mistakes that", COUNTERPART),
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A problem set that is taken for one of the course."""
    begin(tmp_path)
    monkeypatch.setattr(module, "MASTERS", tmp_path)
    return tmp_path


def problems_of(folder, *changes):
    """What verifying says of reference and package after changes of the room."""
    change(room_of(folder), *changes)
    found = verify(read_master(folder / "mine.md"), seeds=1).problems
    return [problem for problem in found if "backprop" in problem]


def test_a_counterpart_that_agrees_is_no_problem(folder):
    assert problems_of(folder, *HELD) == []


def test_a_reference_that_nothing_holds_is_refused(folder):
    (found,) = problems_of(folder, NO_REASON)
    assert re.search(
        r"^mine-row-means: nothing holds its reference to backprop: import .*; .* under "
        r"@EXERCISE\.in_package in mine/row_means\.py; where it makes whole runs .* under "
        r"@EXERCISE\.steps_in_package; .* say so by alone= there$",
        found,
    )


def test_a_reference_that_says_why_or_is_imported_needs_no_counterpart(folder):
    assert problems_of(folder) == []
    imported = "import numpy as np\n\nfrom backprop.activations import softmax\n"
    of_package = (("import numpy as np\n", imported), ("    row_means,\n", "    softmax,\n"))
    assert problems_of(folder, NO_REASON, *of_package) == []


REPEATED = {
    "its form": ("relu", "(z)", "return [max(number, 0) for number in z]", "activations.relu"),
    "its body": ("add", "(p, t)", "return tree_map(np.add, params, updates)", "optimizers.base"),
    "neither": ("add", "(p, t)", "return p + t", ""),
}


@pytest.mark.parametrize(("name", "taken", "body", "place"), REPEATED.values(), ids=REPEATED)
def test_a_reference_that_repeats_the_package_is_refused(folder, name, taken, body, place):
    written = f'def {name}{taken}:\n    """A text."""\n    {body}\n\n\nEXERCISE = Exercise('
    change(room_of(folder), ("EXERCISE = Exercise(\n    row_means", f"{written}\n    {name}"))
    (exercise,) = read_master(folder / "mine.md").exercises
    ours, own = ExerciseReport("mine-row-means", ()), ExerciseReport("mine-row-means", (), own=True)
    for report in (ours, own):
        check_home(report, exercise)
    told = [rf"^mine-row-means: its reference repeats backprop\.{place}.*: import it from there"]
    assert len(ours.problems) == bool(place)
    assert all(map(re.match, told, ours.problems))
    assert own.problems == []


@pytest.mark.parametrize("name", ["rms_prop", "layers_output", "softmax_vjp"])
def test_a_reference_that_is_called_as_the_package_calls_something_does_not_stand_alone(
    folder, name
):
    change(room_of(folder), ("row_means", name))
    change(folder / "mine.md", ("row-means", name.replace("_", "-")))
    room_of(folder).rename(folder / "mine" / f"{name}.py")
    (exercise,) = read_master(folder / "mine.md").exercises
    ours, own = ExerciseReport("mine", ()), ExerciseReport("mine", (), own=True)
    for report in (ours, own):
        check_home(report, exercise)
    told = (
        r"^mine: alone='backprop averages no rows', and backprop has backprop\.\S+: show it under "
    )
    assert len(ours.problems) == (name != "layers_output")
    assert all(re.match(told, problem) for problem in ours.problems)
    assert own.problems == []


def test_an_instructors_own_exercise_needs_nothing(folder, monkeypatch):
    monkeypatch.setattr(module, "MASTERS", MASTERS)
    change(room_of(folder), NO_REASON)
    report = verify(read_master(folder / "mine.md"), seeds=1)
    assert (report.problems, report.advice) == ([], [])


PLANTED = {
    "another value": (
        ("[:, 0] / X.shape[1]", "[:, 0] / len(X)"),
        r'its reference and the counterpart by_backprop, .*, differ in "two rows, three columns": '
        r"entry \[0\] of the result is .*; mend the one that is wrong",
    ),
    "a difference that students are allowed": (
        ("np.zeros(1))[0][:, 0]", "np.zeros(1))[0][:, 0] * (1 + 1e-7)"),
        r"differ in .*: entry \[0\] of the result",
    ),
    "another shape": (("[0][:, 0]", "[0]"), r"has shape \(2, 1\); expected is \(2,\)"),
    "an error": (("np.zeros(1)", "np.zeros(2)"), r"it stopped with ValueError"),
    "a changed argument": (
        ("    return linear_forward(X,", "    X += 1\n    return linear_forward(X - 1,"),
        r"differ in .*: the result is right, but the call changed its argument X",
    ),
    "other arguments": (
        ("def by_backprop(X):", "def by_backprop(X, axis=1):"),
        r"the counterpart by_backprop takes X, axis; let it take what the reference takes, X",
    ),
    "no call of the package": (
        (
            "    return linear_forward(X, np.ones((X.shape[1], 1)), np.zeros(1))[0][:, 0] /",
            "    return X.sum(axis=1) /",
        ),
        r"the counterpart by_backprop calls nothing of backprop",
    ),
    "a reason beside it": (
        ("    hints=[", f"{ALONE}\n    hints=["),
        r"backprop has what it computes; take alone='backprop averages no rows' out of mine/row_m",
    ),
}


@pytest.mark.parametrize(("planted", "message"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(folder, planted, message):
    found = problems_of(folder, *HELD, planted)
    assert len(found) == 1
    assert re.search(message, found[0]), found


def test_a_counterpart_may_call_the_package_through_what_stands_beside_it(folder):
    lent = (
        "by_backprop(X):\n    return linear_forward(X, np.ones((X.shape[1], 1)), np.zeros(1))",
        "by_backprop(X):\n    return lent(X)",
    )
    beside = (
        "\n@EXERCISE.in_package",
        "\ndef lent(X):\n    def layer(W):\n        return linear_forward(X, W, np.zeros(1))\n\n"
        "    return layer(np.ones((X.shape[1], 1)))\n\n\n@EXERCISE.in_package",
    )
    assert problems_of(folder, *HELD, lent, beside) == []


@pytest.fixture
def optimizers(tmp_path):
    """A copy of the problem set whose exercises make steps."""
    shutil.copy(MASTERS / "ps4.md", tmp_path)
    shutil.copytree(MASTERS / "ps4", tmp_path / "ps4", ignore=lambda *_: ["__pycache__"])
    return tmp_path / "ps4.md"


def step_exercise(master, name):
    """An exercise that makes steps, with its counterpart."""
    exercise = read_master(master).exercise(name)
    (counterpart,) = exercise.declaration.counterparts
    return exercise, counterpart


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ('new="gards", carried=["params"]', r"names gards, and by_backprop takes params, grads, "),
        ('new="gards", carried=["params"]', r"; is grads meant\? Name its arguments, which are"),
        ('new="grads", carried=["param"]', r"names param, .*; is params meant\? Name its arg"),
        ('new="grads", carried=[]', r"got carried=\[\] and new='grads'; carried lists the arg"),
        ('new="grads", carried=["grads"]', r"got carried=\['grads'\] and .* is none of them"),
    ],
)
def test_steps_that_name_no_argument_are_said(optimizers, declared, message):
    room = optimizers.with_suffix("") / "descent.py"
    change(room, ('new="grads", carried=["params"]', declared))
    with pytest.raises(CourseError, match=rf"ps4/descent\.py, line \d+: .*{message}"):
        read_master(optimizers)


def test_what_is_no_function_is_said(folder):
    change(room_of(folder), *HELD, ("in_package\ndef by", "in_package\n@partial\ndef by"))
    change(room_of(folder), ("import numpy", "from functools import partial\n\nimport numpy"))
    with pytest.raises(CourseError, match=r"row_means\.py, line \d+: .* with def; got partial"):
        read_master(folder / "mine.md")


def test_steps_that_carry_more_than_is_returned_are_said(optimizers):
    room = optimizers.with_suffix("") / "descent.py"
    change(room, ('carried=["params"]', 'carried=["params", "learning_rate"]'))
    told = r"carried=\['params', 'learning_rate'\]\) names 2 arguments and its .* returns one value"
    with pytest.raises(CourseError, match=told):
        task_of_runs(*step_exercise(optimizers, "descent"), seed=0)


def test_steps_that_carry_less_than_is_returned_are_said(optimizers):
    room = optimizers.with_suffix("") / "momentum.py"
    change(room, ('carried=["params", "velocities"]', 'carried=["params"]'))
    told = r"carried=\['params'\]\) names one argument and its reference returns 2 values; name one"
    with pytest.raises(CourseError, match=told):
        task_of_runs(*step_exercise(optimizers, "momentum"), seed=0)


def test_steps_that_carry_to_the_wrong_arguments_are_said(optimizers):
    room = optimizers.with_suffix("") / "adam.py"
    change(room, ('carried=["params", "state"]', 'carried=["state", "params"]'))
    told = r"cannot go on from what steps_in_package\(carried=\['state', 'params'\]\) takes of its"
    with pytest.raises(CourseError, match=told):
        task_of_runs(*step_exercise(optimizers, "adam"), seed=0)


@pytest.mark.parametrize("returned", [False, True])
def test_steps_that_are_declared_as_single_calls_are_said(folder, returned):
    body = (
        "    for row in X:\n        yield linear_forward(row[None], np.ones((3, 1)), np.zeros(1))\n"
    )
    steps = (
        f"steps(X):\n{body}\n\n@EXERCISE.in_package\ndef by_backprop(X):\n    return steps(X)\n\n"
    )
    written = steps if returned else f"by_backprop(X):\n{body}\n"
    decorated = "\n\ndef " if returned else "\n@EXERCISE.in_package\ndef "
    (found,) = problems_of(folder, *HELD[:2], ("\n# Mistakes that", f"{decorated}{written}\n# Mi"))
    assert re.search(
        r"by_backprop is declared under @EXERCISE\.in_package, .* under @EXE.*steps_", found
    )


def test_a_run_whose_state_is_made_anew_at_each_step_is_found(optimizers):
    room = optimizers.with_suffix("") / "momentum.py"
    change(
        room,
        (
            "    for moved, state in steps_of(optimizer, params, MomentumState(0, velocities), "
            "grads):\n        yield moved, state.velocity\n",
            "    for new in grads:\n"
            "        state = MomentumState(0, velocities)\n"
            "        ((params, state),) = steps_of(optimizer, params, state, [new])\n"
            "        velocities = state.velocity\n"
            "        yield params, velocities\n",
        ),
    )
    master = read_master(optimizers)
    found = verify(master, [master.exercise("momentum")], seeds=1).problems
    assert [p for p in found if "makes the state of Momentum 6 times in a run: let it make" in p]


def test_a_counterpart_that_makes_too_few_steps_is_found(optimizers):
    room = optimizers.with_suffix("") / "descent.py"
    change(room, ("        yield moved\n", "        yield moved\n        return\n"))
    exercise, counterpart = step_exercise(optimizers, "descent")
    (found,) = differences(counterpart, [task_of_runs(exercise, counterpart, seed=0)])
    assert re.search(rf"the result is a list of 1, .* expected is .* of {STEPS}, ", found)


def test_there_are_runs_to_try_and_optimizers_that_make_them():
    assert len(RUNS) >= 6
    assert len(OPTIMIZERS) >= 6


@pytest.mark.parametrize(("exercise", "counterpart"), RUNS.values(), ids=RUNS)
def test_each_step_of_a_run_goes_on_from_the_one_before(exercise, counterpart):
    assert STEPS >= 5
    task = task_of_runs(exercise, counterpart, seed=3)
    for case in task.cases:
        given = dict(zip(task.parameters, case.arguments, strict=True))
        drawn = given[counterpart.new]
        assert len({str(new) for new in drawn}) == len(case.expected) == STEPS
        for new, result in zip(drawn, case.expected, strict=True):
            given[counterpart.new] = new
            assert str(exercise.reference.function(**given)) == str(result)
            given |= by_name(counterpart, result)


@pytest.mark.parametrize(("exercise", "counterpart", "kind"), some_of(OPTIMIZERS, 6))
def test_the_command_finds_an_optimizer_whose_own_state_leads_it_astray(
    exercise, counterpart, kind, monkeypatch, capsys
):
    """The first step of each run is right: what is wrong is carried from one to the next."""
    update, made = kind.update, []

    def tired(self, grads, state):
        updates, after = update(self, grads, state)
        shrink = 0.9 if any(state is one for one in made) else 1.0
        made.append(after)
        return tree_map(lambda change: shrink * change, updates), after

    monkeypatch.setattr(kind, "update", tired)
    assert main(["verify", exercise.id, "--seeds", "1"]) == 1
    name = counterpart.function.__name__
    pattern = rf"^{exercise.id}: its reference and the counterpart {name}, .* the result\[1\]"
    assert re.search(pattern, capsys.readouterr().out, re.M)


@pytest.mark.thorough
def test_the_command_finds_a_state_of_the_object_that_the_exercise_does_not_have(
    monkeypatch, capsys
):
    update = Nadam.update

    def forgetful(self, grads, state):
        updates, after = update(self, grads, state)
        return updates, after._replace(momentum_product=state.momentum_product)

    monkeypatch.setattr(Nadam, "update", forgetful)
    assert main(["verify", "ps4", "nadam", "--seeds", "1"]) == 1
    assert "by_backprop, which backprop computes, differ" in capsys.readouterr().out


@pytest.mark.parametrize(("exercise", "counterpart"), RUNS.values(), ids=RUNS)
def test_every_mistake_that_students_make_would_be_seen_in_the_package(exercise, counterpart):
    task = task_of_runs(exercise, counterpart, seed=0)
    for mistake in exercise.declaration.misconceptions:
        wrong = replace(counterpart, function=run_of(counterpart, mistake.wrong, task.parameters))
        assert list(differences(wrong, [task])), mistake.id


def run_of(counterpart, step, names):
    """All steps of a run, each made by a function that makes one."""

    def steps(*arguments):
        given = dict(zip(names, arguments, strict=True))
        for new in given.pop(counterpart.new):
            result = step(*({**given, counterpart.new: new}[name] for name in names))
            yield result
            given |= by_name(counterpart, result)

    return steps


def by_name(counterpart, result):
    """What a step's result is for the next step."""
    carried = result if len(counterpart.carried) > 1 else [result]
    return dict(zip(counterpart.carried, carried, strict=True))


@pytest.mark.parametrize(
    ("names", "place"),
    some_of(
        [
            (["ps3", "tied"], "tape.vjp"),
            (["ps1", "shared-weight"], "units.pattern_gradients"),
            (["ps3", "network-backward"], "networks.mlp_backward"),
            (["ps4", "schedule"], "schedules.warmup"),
            (["ps4", "clip"], "optimizers.global_norm"),
            (["ps4", "nesterov"], "descent.descend"),
            (["ps5", "repair"], "networks.mlp_loss_and_gradients"),
        ],
        4,
    ),
)
def test_the_command_finds_a_package_that_drifts(names, place, monkeypatch, capsys):
    module_name, _, function = place.partition(".")
    home = importlib.import_module(f"backprop.{module_name}")
    sound = getattr(home, function)
    monkeypatch.setattr(home, function, lambda *given, **named: drifted(sound(*given, **named)))
    assert main(["verify", *names, "--seeds", "1"]) == 1
    pattern = rf"^{'-'.join(names)}: its reference and the counterpart by_backprop, .* differ"
    assert re.search(pattern, capsys.readouterr().out, re.M)


def drifted(result):
    """All numbers of a result a little larger; of what a schedule gives, too."""
    if callable(result):
        return lambda *given: drifted(result(*given))
    return tree_map(lambda array: array * 1.00001, result)
