"""Exams: each number computed in another way, no choice ambiguous, nothing without the secret."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from backprop.optimizers import Momentum
from backprop.traces import trace_pass
from backprop.units import UnitLayer
from coursekit.authoring.masters import find_master, known_problem_sets, read_master
from coursekit.cli import main
from coursekit.courses import init_course
from coursekit.exams import kinds
from coursekit.exams.drawing import KINDS, draw_exam
from coursekit.exams.friendly import friendly_calls, leaves
from coursekit.exams.kinds import which_message
from coursekit.exams.moodle import moodle_xml
from coursekit.exams.paper import key, paper
from coursekit.exams.passes import (
    LOGISTIC_NETWORK,
    MINIBATCH,
    MOMENTUM,
    PASSES,
    SOFTMAX_PRODUCT,
)
from coursekit.exams.questions import NEAR, in_figures, visibly_apart

SECRET = b"s" * 32
SEEDS = range(1, 201)
SETS = known_problem_sets()


@pytest.fixture(scope="module")
def masters():
    return {name: read_master(find_master(name)) for name in SETS}


def numbers_of(question):
    text = " ".join(block.content for block in question.text)
    pairs = re.findall(r"([\w\\]+(?:_\d)?) = (-?[\d.]+)", text)
    return {name: float(value) for name, value in pairs}


def answers(question):
    return {asked.label: asked.answer for asked in question.asked}


def questions_of(by_hand):
    for seed in SEEDS:
        yield by_hand.question(np.random.default_rng(seed))


def test_the_pass_of_a_network_is_that_of_the_package():
    for question in questions_of(LOGISTIC_NETWORK):
        n, found = numbers_of(question), answers(question)
        network = [
            UnitLayer(np.array([[n["w_1"], n["w_2"]]]), np.array([n["b"]])),
            UnitLayer(np.array([[n["v"]]]), np.array([n["c"]])),
        ]
        trace = trace_pass(network, np.array([n["x_1"], n["x_2"]]), np.array([n["y"]]))
        assert [found["z_h"], found["z_o"]] == pytest.approx(
            [float(z[0]) for z in trace.pre_activations]
        )
        assert found["a_o"] == pytest.approx(trace.activations[-1][0])
        assert found["C"] == pytest.approx(trace.cost)
        assert [found[r"\delta_h"], found[r"\delta_o"]] == pytest.approx(
            [float(delta[0]) for delta in trace.deltas]
        )
        slope = trace.deltas[0][0] * n["x_1"]
        assert found[r"\partial C / \partial w_1"] == pytest.approx(slope)


def test_the_pass_of_a_minibatch_has_the_slopes_of_its_loss():
    for question in questions_of(MINIBATCH):
        n, found = numbers_of(question), answers(question)

        def loss(u, w, c, n=n):
            x, y = np.array([n["x_1"], n["x_2"]]), np.array([n["y_1"], n["y_2"]])
            out = w * np.maximum(u * x + n["b"], 0) + c
            return float(np.mean((out - y) ** 2) / 2)

        at, h = np.array([n["u"], n["w"], n["c"]]), 1e-6
        slopes = [(loss(*(at + h * e)) - loss(*(at - h * e))) / (2 * h) for e in np.eye(3)]
        assert [found["du"], found["dw"], found["dc"]] == pytest.approx(slopes, abs=1e-6)


def test_the_pass_of_a_softmax_is_its_jacobian_matrix():
    for question in questions_of(SOFTMAX_PRODUCT):
        n, found = numbers_of(question), answers(question)
        p = np.array([n["p_1"], n["p_2"], n["p_3"]])
        jacobian = np.diag(p) - np.outer(p, p)
        g = jacobian @ [n["v_1"], n["v_2"], n["v_3"]]
        assert p.sum() == pytest.approx(1)
        assert [found[f"g_{k}"] for k in (1, 2, 3)] == pytest.approx(list(g))
        assert [found["J_{11}"], found["J_{12}"]] == pytest.approx(list(jacobian[0, :2]))


def test_the_pass_of_momentum_is_that_of_the_optimizer():
    for question in questions_of(MOMENTUM):
        n, found = numbers_of(question), answers(question)
        optimizer = Momentum(n[r"\eta"], n[r"\alpha"])
        theta = [np.array([n[r"\theta_0"]])]
        state = optimizer.init(theta)
        for t in (1, 2):
            updates, state = optimizer.update([n["k"] * theta[0]], state)
            theta = [theta[0] + updates[0]]
            assert found[rf"\theta_{t}"] == pytest.approx(theta[0][0])


@pytest.mark.parametrize("by_hand", PASSES.values(), ids=PASSES)
def test_no_slip_comes_near_the_right_number_and_what_follows_from_it_follows_rightly(by_hand):
    for question in questions_of(by_hand):
        right = [asked.answer for asked in question.asked]
        names = [asked.label for asked in question.asked]
        for slip, known in zip(question.slips, by_hand.slips, strict=True):
            place = names.index(known.step)
            values = [float(value) for value in slip.values]
            assert values[:place] == [float(in_figures(value)) for value in right[:place]]
            assert abs(values[place] - right[place]) > 2 * NEAR
            assert slip.earned == len(right) - 1


@pytest.mark.parametrize("name", SETS)
def test_forms_are_parallel_and_drawn_again_the_same(masters, name):
    for seed in (1, 2, 3):
        forms = draw_exam(masters[name], SECRET, seed, 2)
        assert forms == draw_exam(masters[name], SECRET, seed, 2)
        one, other = ([(q.title, q.exercise, q.points) for q in f.questions] for f in forms)
        assert one == other
        assert all(
            (a.text, a.asked) != (b.text, b.asked)
            for a, b in zip(forms[0].questions, forms[1].questions, strict=True)
        )


def test_another_secret_draws_other_numbers(masters):
    one, other = (draw_exam(masters["ps3"], s, 7, 1)[0] for s in (SECRET, b"t" * 32))
    assert one.questions[0].text != other.questions[0].text


@pytest.mark.parametrize("name", SETS)
def test_every_question_of_two_hundred_seeds_is_unambiguous(masters, name):
    """Each exercise and kind, drawn from as many seeds: the package computes it once more."""
    seen = 0
    for seed in SEEDS:
        exercises = masters[name].exercises
        exercise = exercises[seed % len(exercises)]
        question = KINDS[seed % len(KINDS)](exercise, np.random.default_rng(seed))
        if question is not None:
            seen += 1
            require_unambiguous(question, exercise)
    assert seen > 20


def require_unambiguous(question, exercise):
    labels = [asked.label for asked in question.asked]
    assert len(set(labels)) == len(labels)
    assert all(isinstance(a.answer, str) or np.isfinite(a.answer) for a in question.asked)
    assert len(set(question.options)) == len(question.options)
    if question.options:
        assert len(question.options) == 4
        messages = {m.message for m in exercise.declaration.misconceptions}
        assert set(question.options) <= messages
    if question.essay:
        right, wrong = (asked.answer for asked in question.asked)
        assert visibly_apart(right, wrong)
    for slip in question.slips:
        assert 0 <= slip.earned < question.points


@pytest.mark.parametrize("name", ["ps1", "ps3", "ps4"])
def test_only_the_right_message_gives_the_numbers_that_are_shown(masters, name, monkeypatch):
    calls, seen = [], 0

    def noted(*arguments):
        for call in friendly_calls(*arguments):
            calls.append(call)
            yield call

    monkeypatch.setattr(kinds, "friendly_calls", noted)
    for exercise in masters[name].exercises:
        for seed in range(5):
            question = which_message(exercise, np.random.default_rng(seed))
            if question is None:
                continue
            seen += 1
            shown = re.search(r"What comes back is (.*)\. Which message", question.text[-1].content)
            came = dict(pair.split(" = ") for pair in re.split(r", (?=[a-zA-Z])", shown[1]))
            for mistake in exercise.declaration.misconceptions:
                found = calls[-1].of(mistake)
                same = found is not None and {k: in_figures(v) for k, v in found.items()} == came
                assert same == (mistake.message == question.options[question.right])
    assert seen > 10


def test_calls_are_small_and_round(masters):
    for master in masters.values():
        for exercise in master.exercises:
            for call in friendly_calls(exercise, np.random.default_rng(5), tries=1):
                given = [v for _, leaf in leaves("", call.arguments) for v in np.ravel(leaf)]
                assert len(given) <= 16
                assert all(len(f"{v:g}") <= 6 for v in given)


def test_a_call_on_which_right_answers_differ_is_not_asked(masters):
    """A rounded cache contradicts itself, and then it matters which part of it is used."""
    exercise = masters["ps3"].exercise("tanh-backward")
    exercise.declaration.right_answers.append(lambda dA, cache: 2 * dA)
    try:
        assert not list(friendly_calls(exercise, np.random.default_rng(5)))
    finally:
        exercise.declaration.right_answers.pop()
    assert list(friendly_calls(exercise, np.random.default_rng(5)))


def test_moodle_gets_questions_of_the_types_and_with_the_parts_that_it_reads(masters):
    for name in SETS:
        (form,) = draw_exam(masters[name], SECRET, 4, 1)
        quiz = ElementTree.fromstring(moodle_xml(form, 4).encode())
        assert quiz.tag == "quiz"
        kinds = {question.get("type") for question in quiz}
        assert kinds <= {"category", "numerical", "shortanswer", "multichoice", "essay"}
        for question in list(quiz)[1:]:
            assert question.findtext("name/text")
            assert question.find("questiontext").get("format") == "html"
            require_marked(question)
        points = sum(float(q.findtext("defaultgrade")) for q in list(quiz)[1:])
        assert points == form.points


def require_marked(question):
    fractions = [answer.get("fraction") for answer in question.findall("answer")]
    if question.get("type") == "essay":
        assert question.findtext("graderinfo/text")
        assert not fractions
    elif question.get("type") == "multichoice":
        assert sorted(fractions) == ["0", "0", "0", "100"]
        assert question.findtext("single") == "true"
    else:
        assert "100" in fractions
    if question.get("type") == "numerical":
        numbers = [float(a.findtext("text")) for a in question.findall("answer")]
        assert all(a.findtext("tolerance") == str(NEAR) for a in question.findall("answer"))
        gaps = np.diff(sorted(numbers))
        assert (gaps > 2 * NEAR).all()  # Moodle takes the first that fits


def test_who_follows_a_slip_rightly_has_the_points_in_moodle(masters):
    (form,) = draw_exam(masters["ps1"], SECRET, 4, 1)
    quiz = ElementTree.fromstring(moodle_xml(form, 4).encode())
    by_name = {q.findtext("name/text"): q for q in quiz if q.get("type") == "numerical"}
    first = form.questions[0]
    z_o = next(q for name, q in by_name.items() if name.endswith(": z_o"))
    found = {a.findtext("text") for a in z_o.findall("answer")}
    assert found == {in_figures(first.asked[2].answer), first.slips[0].values[2]}


def test_the_paper_gives_nothing_away_that_the_key_says(masters):
    (form,) = draw_exam(masters["ps3"], SECRET, 4, 1)
    sheet, solution = paper(form), key(form, 4)
    first = form.questions[0]
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", sheet)
    for asked in first.asked:
        assert f">{in_figures(asked.answer)}</td>" in solution
    assert all(slip.words not in sheet for slip in first.slips)
    essay = next(question for question in form.questions if question.essay)
    assert essay.good not in sheet
    assert "seed" not in sheet


def test_the_command_writes_each_form_into_a_closed_folder(tmp_path, capsys):
    course = init_course(tmp_path / "course")
    arguments = ["exam", "ps2", "--seed", "3", "--forms", "2", "--course", str(course.root)]
    assert main(arguments) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:6] == [
        f"exams/ps2-3/form-{letter}{end}"
        for letter in "AB"
        for end in ("-key.html", "-moodle.xml", ".html")
    ]
    folder = course.root / "exams"
    assert folder.stat().st_mode & 0o077 == 0
    before = {path.name: path.read_bytes() for path in (folder / "ps2-3").iterdir()}
    assert main(arguments) == 0
    assert {path.name: path.read_bytes() for path in (folder / "ps2-3").iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ps9", "--seed", "1"], "there is no problem set 'ps9'"),
        (["ps1", "--seed", "0"], "expected is a whole number from 1 up"),
        (["ps1", "--seed", "1", "--forms", "9"], "9 came, expected is at most 8"),
        (["ps1"], "--seed"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path, capsys, arguments, words):
    course = init_course(tmp_path / "course")
    try:
        status = main(["exam", *arguments, "--course", str(course.root)])
    except SystemExit as stopped:
        status = stopped.code
    assert status == 2
    assert words in capsys.readouterr().err
