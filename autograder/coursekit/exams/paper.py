"""An exam on paper: the questions, and the key with the marking scheme."""

from itertools import groupby
from pathlib import Path

from coursekit.exams.drawing import Form
from coursekit.exams.questions import NEAR, NEAR_SHARE, Block, Question, in_figures
from coursekit.typesetting.pages import page

TEMPLATES = Path(__file__).with_name("templates")
ROOM_FOR_A_MINUTE = 2.0
"""Height of the room for working, in lines of text."""


def paper(form: Form) -> str:
    """The page that is printed for those who sit the exam."""
    return exam_page("paper.html.j2", form, room=room)


def key(form: Form, seed: int) -> str:
    """The page for who marks it."""
    return exam_page("key.html.j2", form, seed=seed, figures=answer_in_words)


def exam_page(template: str, form: Form, **values: object) -> str:
    return page(
        TEMPLATES,
        template,
        form=form,
        grouped=grouped,
        letters="abcd",
        near=NEAR,
        share=f"{100 * NEAR_SHARE:g}",
        **values,
    )


def grouped(text: tuple[Block, ...]) -> list[list[Block]]:
    """Blocks of a kind that follow each other, such as the arrays of a call, stand together."""
    return [list(blocks) for _, blocks in groupby(text, key=lambda block: block.kind)]


def room(question: Question) -> float:
    """How much room the working needs, in lines; shapes and a choice need little."""
    numbers = [asked for asked in question.asked if not isinstance(asked.answer, str)]
    return ROOM_FOR_A_MINUTE * (question.minutes if numbers else 1)


def answer_in_words(answer: float | str) -> str:
    return answer if isinstance(answer, str) else in_figures(answer)
