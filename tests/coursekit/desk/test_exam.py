"""Exams: each number computed in another way, no choice ambiguous, nothing without the secret."""

import html
import itertools
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
from coursekit.exams.drawing import draw_exam
from coursekit.exams.moodle import moodle_xml
from coursekit.exams.paper import key, paper
from coursekit.exams.passes import (
    LOGISTIC_NETWORK,
    MINIBATCH,
    MOMENTUM,
    PASSES,
    SOFTMAX_PRODUCT,
)
from coursekit.exams.questions import in_figures, tolerance

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

        def loss(w, v, c, n=n):
            x, y = np.array([n["x_1"], n["x_2"]]), np.array([n["y_1"], n["y_2"]])
            out = v * np.maximum(w * x + n["b"], 0) + c
            return float(np.mean((out - y) ** 2) / 2)

        at, h = np.array([n["w"], n["v"], n["c"]]), 1e-6
        slopes = [(loss(*(at + h * e)) - loss(*(at - h * e))) / (2 * h) for e in np.eye(3)]
        assert [found["dw"], found["dv"], found["dc"]] == pytest.approx(slopes, abs=1e-6)


def test_the_pass_of_a_softmax_is_its_jacobian_matrix():
    for question in questions_of(SOFTMAX_PRODUCT):
        n, found = numbers_of(question), answers(question)
        s = np.array([n["s_1"], n["s_2"], n["s_3"]])
        jacobian = np.diag(s) - np.outer(s, s)
        dz = jacobian @ [n["u_1"], n["u_2"], n["u_3"]]
        assert s.sum() == pytest.approx(1)
        assert [found[f"dz_{k}"] for k in (1, 2, 3)] == pytest.approx(list(dz))
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
            places = [names.index(name) for name in known.works]
            values = [float(value) for value in slip.values]
            first = min(places)
            assert values[:first] == [float(in_figures(value)) for value in right[:first]]
            for place in places:
                assert abs(values[place] - right[place]) > 2 * tolerance(right[place])
            assert slip.earned == len(right) - 1


@pytest.mark.parametrize("by_hand", PASSES.values(), ids=PASSES)
def test_no_two_steps_have_the_same_number(by_hand):
    for question in questions_of(by_hand):
        numbers = sorted(asked.answer for asked in question.asked)
        gaps = np.diff(numbers)
        assert all(gap > 2 * tolerance(n) for gap, n in zip(gaps, numbers[1:], strict=True))


def test_a_slip_that_is_made_twice_is_followed_through_both_steps():
    question = MOMENTUM.question(np.random.default_rng(1))
    n, names = numbers_of(question), [asked.label for asked in question.asked]
    slip = next(slip for slip in question.slips if slip.words == "The change is subtracted.")
    theta, change = n[r"\theta_0"], 0.0
    for t in (1, 2):
        change = n[r"\alpha"] * change - n[r"\eta"] * n["k"] * theta
        theta = theta - change
        assert slip.values[names.index(rf"\theta_{t}")] == in_figures(theta)


@pytest.mark.parametrize("by_hand", PASSES.values(), ids=PASSES)
def test_a_pass_says_what_each_of_its_letters_is(by_hand):
    question = by_hand.question(np.random.default_rng(1))
    names = " ".join([*numbers_of(question), *(asked.label for asked in question.asked)])
    signs = {r"\hat y": "ŷ", r"\partial": "", r"\top": "", r"\theta": "θ", r"\eta": "η",
             r"\alpha": "α", r"\delta": "δ", r"\Delta": "Δ"}  # fmt: skip
    for tex, sign in signs.items():
        names = names.replace(tex, sign)
    letters = set(re.findall(r"[^\W\d_]", re.sub(r"_\{?\d+\}?|\bd(?=\w)", " ", names)))
    said = set(re.findall(r"(?<!\w)\w(?!\w)", by_hand.text.replace("½kθ²", "½ k θ")))
    assert len(letters) > 3
    assert letters <= said


@pytest.mark.parametrize(
    ("value", "figures"),
    [(-0.3125, "-0.313"), (0.0625, "0.063"), (0.1875, "0.188"), (-0.0004, "0"), (2.0, "2"),
     (0.1 + 0.2, "0.3"), (1.0005, "1.001"), (12.5, "12.5"), (100.0, "100")],
)  # fmt: skip
def test_a_half_is_rounded_away_from_zero(value, figures):
    assert in_figures(value) == figures


@pytest.mark.parametrize("name", SETS)
def test_forms_are_alike_but_for_their_numbers_and_drawn_again_the_same(masters, name):
    for seed in (1, 2, 3):
        forms = draw_exam(masters[name], SECRET, seed, 2)
        assert forms == draw_exam(masters[name], SECRET, seed, 2)
        one, other = (
            [(q.title, q.exercise, q.points, q.alike, [a.label for a in q.asked])
             for q in form.questions]
            for form in forms
        )  # fmt: skip
        assert one == other
        assert all(
            a.text != b.text for a, b in zip(forms[0].questions, forms[1].questions, strict=True)
        )


def test_another_secret_draws_other_numbers(masters):
    one, other = (draw_exam(masters["ps3"], s, 7, 1)[0] for s in (SECRET, b"t" * 32))
    assert one.questions[0].text != other.questions[0].text


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
        given = [(float(a.findtext("text")), float(a.findtext("tolerance")))
                 for a in question.findall("answer")]  # fmt: skip
        assert all(near == pytest.approx(tolerance(value)) for value, near in given)
        for (one, near), (other, too) in itertools.pairwise(sorted(given)):
            assert other - one > near + too  # Moodle takes the first that fits


def test_who_follows_a_slip_rightly_has_the_points_in_moodle(masters):
    (form,) = draw_exam(masters["ps1"], SECRET, 4, 1)
    quiz = ElementTree.fromstring(moodle_xml(form, 4).encode())
    by_name = {q.findtext("name/text"): q for q in quiz if q.get("type") == "numerical"}
    first = form.questions[0]
    z_o = next(q for name, q in by_name.items() if name.endswith(": z_o"))
    found = {a.findtext("text"): a.get("fraction") for a in z_o.findall("answer")}
    assert found == {in_figures(first.asked[2].answer): "100", first.slips[0].values[2]: "100"}


def test_paper_and_moodle_give_half_for_the_number_that_a_known_mistake_leads_to(masters):
    (form,) = draw_exam(masters["ps3"], SECRET, 4, 1)
    number, question = next(
        (k, q) for k, q in enumerate(form.questions, 1) if q.title == "One step" and q.slips
    )
    quiz = ElementTree.fromstring(moodle_xml(form, 4).encode())
    by_name = {q.findtext("name/text"): q for q in quiz if q.get("type") == "numerical"}
    for slip in question.slips:
        earned = 0.0
        for asked, value in zip(question.asked, slip.values, strict=True):
            asked_there = by_name[f"ps3 A{number} One step: {asked.label}"]
            fractions = [
                float(answer.get("fraction")) / 100
                for answer in asked_there.findall("answer")
                if abs(float(answer.findtext("text")) - float(value))
                <= float(answer.findtext("tolerance"))
            ]
            earned += asked.points * (fractions[0] if fractions else 0)
        assert earned == slip.earned


def test_the_paper_gives_nothing_away_that_the_key_says(masters):
    (form,) = draw_exam(masters["ps3"], SECRET, 4, 1)
    sheet, solution = paper(form), key(form, 4)
    first = form.questions[0]
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", sheet)
    for asked in first.asked:
        assert f">{in_figures(asked.answer)}</td>" in solution
    assert all(slip.words not in sheet for slip in first.slips)
    essay = next(question for question in form.questions if question.essay)
    assert all(part not in sheet for part in essay.good)
    assert "seed" not in sheet


def test_paper_and_key_say_by_how_much_a_number_may_be_off_and_how_long_it_takes(masters):
    (form,) = draw_exam(masters["ps1"], SECRET, 4, 1)
    for sheet in (paper(form), key(form, 4)):
        assert "A number may be off by 1 %, or by 0.005 where that is more." in sheet
        assert f"about {form.minutes} minutes" in sheet
    assert [tolerance(value) for value in (0.0, 0.2, -3.0)] == [0.005, 0.005, 0.03]


def test_the_key_shows_the_questions_and_where_the_book_teaches_them(masters):
    (form,) = draw_exam(masters["ps3"], SECRET, 4, 1)
    solution = html.unescape(key(form, 4))
    assert "<details" not in solution
    for question in form.questions:
        assert all(block.content in solution for block in question.text if block.kind == "text")
        page, _, title = question.section.partition("#")
        assert f"The book has it under “{title}”, {page}." in solution


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
