"""An exam on paper: the questions, and the key with the marking scheme."""

from pathlib import Path

from coursekit.exams.drawing import Form
from coursekit.exams.questions import in_figures
from coursekit.typesetting.pages import page

TEMPLATES = Path(__file__).with_name("templates")


def paper(form: Form) -> str:
    """The page that is printed for those who sit the exam."""
    return page(TEMPLATES, "paper.html.j2", form=form, letters="abcd")


def key(form: Form, seed: int) -> str:
    """The page for who marks it."""
    return page(
        TEMPLATES, "key.html.j2", form=form, seed=seed, letters="abcd", figures=answer_in_words
    )


def answer_in_words(answer: float | str) -> str:
    return answer if isinstance(answer, str) else in_figures(answer)
