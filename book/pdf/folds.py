"""What is folded on the screen: answers, which stand at the end, and code, which is left out."""

import re
from collections.abc import Iterator

from book.pdf.numbers import at
from book.pdf.reading import HEADERLINK, WHOLE_HEADING, Page

DETAILS = re.compile(r"<(/?)details\b[^>]*>")
SUMMARY = re.compile(r"<summary\b.*?</summary>", re.DOTALL)
NAME = re.compile(
    r'<span class="sd-summary-text">(.*?)</span>\s*<span class="sd-summary-state', re.DOTALL
)
ANCHOR = re.compile(r"</?a\b[^>]*>")
OF_A_QUESTION = ("Compare", "Answer")
"""What the answer to one question is called; other names stand for more than that."""
PLACE_TO_ANSWER = re.compile(r'<div class="explorable"[^>]*>\s*</div>\s*$')
ID = re.compile(r'\sid="[^"]*"')


def folded(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost ``<details>`` of a text begin and end."""
    depth = start = 0
    for tag in DETAILS.finditer(text):
        if not tag[1] and not depth:
            start = tag.start()
        depth += -1 if tag[1] else 1
        if not depth:
            yield start, tag.end()


def without_folds(page: Page) -> str:
    """A page with a link in place of each answer, which is put aside, and without folded code."""
    kept, done = [], 0
    for start, end in folded(page.body):
        fold = page.body[start:end]
        kept.append(page.body[done:start])
        if "sd-dropdown" in fold.partition(">")[0]:
            kept.append(_put_aside(page, fold, page.body[:start]))
        done = end
    return "".join([*kept, page.body[done:]])


def _put_aside(page: Page, fold: str, before: str) -> str:
    """Put an answer aside, with what it answers; return what stands in its place."""
    head = SUMMARY.search(fold)
    name = ANCHOR.sub("", NAME.search(head[0])[1]).strip()
    place = f"answer-{page.key}-{len(page.answers) + 1}"
    inner = fold[head.end() : fold.rindex("</details>")]
    asked = " · ".join(filter(None, [_heading(before), name]))
    page.answers.append(
        f'<div class="answer" id="{place}"><p class="asked"><a href="#{place}-asked">'
        f"<strong>{asked}</strong>{at(f'{place}-asked', ' · page ')}</a></p>"
        f"{_question(before) if name in OF_A_QUESTION else ''}{without_details(inner)}</div>"
    )
    return (
        f'<p id="{place}-asked">→ <a href="#{place}">{name}, at the end of the book'
        f"{at(place, ', page ')}</a></p>"
    )


def _heading(before: str) -> str:
    """Under which heading of its page something stands; none for that of the page itself."""
    last = list(WHOLE_HEADING.finditer(before))[-1:]
    inner = [h[0][len("<h2>") : -len("</h2>")] for h in last if h[1] != "1"]
    return ANCHOR.sub("", HEADERLINK.sub("", "".join(inner)))


def _question(before: str) -> str:
    """The paragraph right before an answer; a place to answer may be between them on a screen."""
    text = PLACE_TO_ANSWER.sub("", before).rstrip()
    if not text.endswith("</p>"):
        return ""
    last = text[max(text.rfind("<p>"), text.rfind("<p ")) :]
    return f'<div class="question">{ID.sub("", last)}</div>'


def without_details(text: str) -> str:
    """What is folded within an answer stands open there."""
    return SUMMARY.sub("", DETAILS.sub("", text))


def answers(pages: list[Page]) -> str:
    parts = [f"<h2>{page.title}</h2>{''.join(page.answers)}" for page in pages if page.answers]
    if not parts:
        return ""
    return f'<section class="answers" id="answers"><h1>Answers</h1>{"".join(parts)}</section>'
