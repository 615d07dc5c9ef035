"""What is folded on the screen: answers, which stand at the end, and code, which is left out."""

import re
from collections.abc import Iterator

from book.pdf.reading import Page

DETAILS = re.compile(r"<(/?)details\b[^>]*>")
SUMMARY = re.compile(r"<summary\b.*?</summary>", re.DOTALL)


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
            kept.append(_put_aside(page, fold))
        done = end
    return "".join([*kept, page.body[done:]])


def _put_aside(page: Page, fold: str) -> str:
    head = SUMMARY.search(fold)
    name = re.sub(
        r"<svg\b.*?</svg>|</?(?:summary|span class=\"sd-summary)[^>]*>",
        "",
        head[0],
        flags=re.DOTALL,
    )
    place = f"answer-{page.key}-{len(page.answers) + 1}"
    inner = fold[head.end() : fold.rindex("</details>")]
    page.answers.append(
        f'<div class="answer" id="{place}"><p><strong><a href="#{place}-asked">{name}</a></strong>'
        "</p>"
        f"{without_details(inner)}</div>"
    )
    return f'<p id="{place}-asked">→ <a href="#{place}">{name}</a>, at the end of the book</p>'


def without_details(text: str) -> str:
    """What is folded within an answer stands open there."""
    return SUMMARY.sub("", DETAILS.sub("", text))


def answers(pages: list[Page]) -> str:
    parts = [f"<h2>{page.title}</h2>{''.join(page.answers)}" for page in pages if page.answers]
    return f'<section class="answers"><h1>Answers</h1>{"".join(parts)}</section>' if parts else ""
