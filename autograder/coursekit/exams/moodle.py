"""The questions of an exam as Moodle XML, for a question bank."""

import html
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from coursekit.exams.drawing import Form
from coursekit.exams.questions import Asked, Question, in_figures, tolerance, visibly_apart

PLAIN = "moodle_auto_format"
WITHOUT_UNIT = {"unitgradingtype": "0", "unitpenalty": "0.1", "showunits": "3", "unitsleft": "0"}
"""What Moodle's own files say of numbers that have no unit."""
FOLLOWS = "This follows rightly from a mistake above it: "
LEADS = "A known mistake leads to this number, which has half of the points: "
WHOLE, HALF = 100, 50
"""Per cent of the points of an answer."""


def moodle_xml(form: Form, seed: int) -> str:
    """Numerical and short answers, choices and essays; read by Moodle's import of "Moodle XML"."""
    quiz = Element("quiz")
    category = SubElement(quiz, "question", type="category")
    texts(category, "category", f"$course$/top/{form.problem_set} {seed} {form.letter}")
    for number, question in enumerate(form.questions, 1):
        name = f"{form.problem_set} {form.letter}{number} {question.title}"
        quiz.extend(entries(name, question))
    indent(quiz)
    return tostring(quiz, encoding="unicode", xml_declaration=True) + "\n"


def entries(name: str, question: Question) -> Iterator[Element]:
    """What Moodle asks for one question: each number by itself, as it marks one at a time."""
    for place, asked in enumerate(question.asked):
        about = f"{text_of(question)}<p>What is {label(asked)}?</p>"
        called = f"{name}: {asked.label}"
        if isinstance(asked.answer, str):
            yield short_answer(called, about, asked)
        else:
            yield numerical(called, about, question, place)
    if question.options:
        yield choice(name, text_of(question), question)
    if question.essay:
        yield essay(f"{name}: words", text_of(question), question)


def text_of(question: Question) -> str:
    """The text of a question as HTML, formulas in the signs that Moodle's filter knows."""
    kinds = {"text": "<p>{}</p>", "code": "<pre>{}</pre>", "formula": r"<p>\[{}\]</p>"}
    return "".join(
        kinds[block.kind].format(html.escape(block.content, quote=False)) for block in question.text
    )


def label(asked: Asked) -> str:
    if asked.formula:
        return rf"\({html.escape(asked.label, quote=False)}\)"
    return f"<code>{html.escape(asked.label, quote=False)}</code>"


def begun(kind: str, name: str, about: str, points: int) -> Element:
    question = Element("question", type=kind)
    texts(question, "name", name)
    texts(question, "questiontext", about, format="html")
    texts(question, "generalfeedback", "", format="html")
    for tag, value in (("defaultgrade", points), ("penalty", "0.3333333"), ("hidden", 0)):
        SubElement(question, tag).text = str(value)
    return question


def texts(parent: Element, tag: str, content: str, **attributes: str) -> Element:
    element = SubElement(parent, tag, attributes)
    SubElement(element, "text").text = content
    return element


def answer(
    question: Element, fraction: int, content: str, feedback: str = "", form: str = PLAIN
) -> Element:
    made = texts(question, "answer", content, fraction=str(fraction), format=form)
    texts(made, "feedback", feedback, format="html")
    return made


def numerical(name: str, about: str, question: Question, place: int) -> Element:
    """A number, and what the known mistakes make of it, for the points that the key gives."""
    asked = question.asked[place]
    made = begun("numerical", name, about, asked.points)
    for share, content, feedback in [(WHOLE, figures(asked), ""), *mistaken(question, place)]:
        given = answer(made, share, content, feedback)
        SubElement(given, "tolerance").text = f"{tolerance(float(content)):g}"
    for tag, value in WITHOUT_UNIT.items():
        SubElement(made, tag).text = value
    return made


def figures(asked: Asked) -> str:
    assert not isinstance(asked.answer, str)
    return in_figures(asked.answer)


def mistaken(question: Question, place: int) -> Iterator[tuple[int, str, str]]:
    """The numbers of known mistakes, and what they are worth.

    What follows rightly from a mistake above it is as good as what is right. Where the numbers
    stand beside each other, none follows from another, and a mistake costs half.
    """
    known = [float(figures(question.asked[place]))]
    for slip in question.slips:
        value = float(slip.values[place])
        is_late = place > first_wrong(question, slip.values)
        if (is_late or not question.follows) and all(visibly_apart(value, k) for k in known):
            known.append(value)
            share, words = (WHOLE, FOLLOWS) if question.follows else (HALF, LEADS)
            yield share, slip.values[place], words + html.escape(slip.words, quote=False)


def first_wrong(question: Question, values: tuple[str, ...]) -> int:
    """The place of the first number that a slip changes."""
    right = map(figures, question.asked)
    return next(k for k, pair in enumerate(zip(right, values, strict=True)) if len(set(pair)) > 1)


def short_answer(name: str, about: str, asked: Asked) -> Element:
    """A short text, such as a shape, in the ways in which people write it."""
    made = begun("shortanswer", name, about, asked.points)
    SubElement(made, "usecase").text = "0"
    written = str(asked.answer)
    bare = written.strip("()").rstrip(",")
    for form in dict.fromkeys([written, written.replace(" ", ""), bare, bare.replace(" ", "")]):
        answer(made, 100, form)
    return made


def choice(name: str, about: str, question: Question) -> Element:
    made = begun("multichoice", name, about, 2)
    settings = {"single": "true", "shuffleanswers": "true", "answernumbering": "abc"}
    for tag, value in settings.items():
        SubElement(made, tag).text = value
    for number, option in enumerate(question.options):
        answer(
            made, 100 * (number == question.right), html.escape(option, quote=False), form="html"
        )
    return made


def essay(name: str, about: str, question: Question) -> Element:
    made = begun("essay", name, f"{about}<p>{html.escape(question.essay)}</p>", len(question.good))
    settings = {
        "responseformat": "editor",
        "responserequired": "1",
        "responsefieldlines": "5",
        "attachments": "0",
        "attachmentsrequired": "0",
    }
    for tag, value in settings.items():
        SubElement(made, tag).text = value
    parts = "".join(f"<li>1 point: {html.escape(part, quote=False)}</li>" for part in question.good)
    texts(made, "graderinfo", f"<ul>{parts}</ul>", format="html")
    texts(made, "responsetemplate", "", format="html")
    return made
