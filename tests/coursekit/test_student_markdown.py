"""What students write in Markdown runs, loads and styles nothing, and honest text is kept.

Two oracles that are not the sanitizer: html5lib, which reads what nbconvert makes of the text as
browsers do, whatever the release of Python; and a real browser that opens the feedback page.
"""

import re
import shutil
import warnings
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tests.coursekit.markdown_payloads import HONEST, HOSTILE, PHOTO

from coursekit.authoring.render import grade_metadata
from coursekit.grading.notebook_outputs import rich_data
from coursekit.sandbox.outcomes import Output
from coursekit.student_markdown import tex
from coursekit.student_markdown.mending import MAX_MARKDOWN, NOTICE, as_text, harmless
from coursekit.submissions.rebuild import rebuild

FORBIDDEN = {"script", "style", "iframe", "object", "embed", "svg", "math", "link", "meta", "base",
             "form", "button", "input", "source", "picture"}  # fmt: skip
HERE = ("attachment:", "data:image/")
ELSEWHERE = ("https://", "http://", "mailto:", "#")


COMMANDS = re.compile(
    r"\\(?:href|style|class|cssId|mmlToken|bbox|enclose|require|newcommand|def|gdef|let|unicode|char"
    r"|raise|lower|moveleft|[rl]lap|smash|kern|[hm]skip|[rR]ule|Space|LARGE|[hH]uge|genfrac|above"
    r"|somethingnew)(?![A-Za-z])|\[\s*1\d\d\s*em\s*\]|\{-?[59]00|(?:\\!){50}"
)
"""Of MathJax: what makes links, attributes and definitions, and what moves, covers and grows."""


def page_of(source):
    renderer = IPythonRenderer(escape=False, attachments=PHOTO)
    return MarkdownWithMath(renderer=renderer).render(source)


def parsed(page):
    return BeautifulSoup(page, "html5lib")


def dangers(page):
    """What a page holds that it must not, and the commands of its formulas."""
    soup = parsed(page)
    for tag in soup.find_all(True):
        if tag.name in FORBIDDEN and tag.get("type") != "checkbox":  # of a list of tasks
            yield f"<{tag.name}>"
        for name, value in tag.attrs.items():
            if name == "style" and re.fullmatch("text-align:(left|right|center)", value):
                continue  # of a table
            if name.startswith("on") or name in ("style", "srcset", "srcdoc"):
                yield f"{name} of <{tag.name}>"
            if name == "src" and not value.startswith(HERE):
                yield f"src {value}"
            if name == "href" and not value.startswith(ELSEWHERE):
                yield f"href {value}"
    for code in soup.find_all(["pre", "code"]):
        code.decompose()
    _, opening, formulas = re.split(r"(\$|\\begin)", soup.get_text() + "$", maxsplit=1)
    yield from COMMANDS.findall(opening + formulas)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_becomes_harmless(name):
    changed = harmless(HOSTILE[name], PHOTO)
    assert list(dangers(page_of(changed))) == []
    assert parsed(page_of(changed)).find(class_="modal-backdrop") is None


@pytest.mark.parametrize("name", HOSTILE)
def test_what_became_harmless_stays_as_it_is(name):
    changed = harmless(HOSTILE[name], PHOTO)
    assert harmless(changed, PHOTO) == changed


def test_the_oracle_sees_the_dangers():
    unseen = {"background", "class", "class in a block", "end of the cell",
              "entities in a handler", "handler behind a quotation mark", "handler behind a slash",
              "image that was not pasted", "mermaid frame", "mutation by a declaration",
              "mutation by a null", "mutation by a template", "mutation by noscript",
              "mutation by plain text", "mutation by what stands before it", "nested",
              "picture that is a page", "script in CDATA",
              "start of what does not end"}  # fmt: skip
    for name in set(HOSTILE) - unseen:
        assert list(dangers(page_of(HOSTILE[name]))), name


@pytest.mark.parametrize("name", HONEST)
def test_honest_text_is_not_changed(name):
    assert harmless(HONEST[name], PHOTO) == HONEST[name]


def test_only_what_is_hostile_is_taken_out():
    changed = harmless(f"$a<b$\n\n{HOSTILE['handler on a pasted photo']}\n\n- one", PHOTO)
    assert changed == '$a<b$\n\n<img src="attachment:photo.png">\n\n- one'


@pytest.mark.parametrize("name", ["end of the cell", "start of what does not end", "mermaid frame"])
def test_a_text_does_not_leave_its_place(name):
    page = page_of(harmless(HOSTILE[name]))
    for tag in ("div", "table", "tr", "td"):
        assert len(re.findall(f"<{tag}[ >]", page)) == page.count(f"</{tag}>")
    assert parsed(page).find(class_="modal") is None


MARKS = "` ``` ~~~ $ $$ < > & [ ]( ) ! \" ' <!-- --> <pre> </pre> <code> * _ \\ \\( \\["
FRAGMENTS = [*HOSTILE.values(), *HONEST.values(), *MARKS.split(), "\n", "\n\n", "    ", "- ", "> ",
             "| ", "\x00", "\r"]  # fmt: skip


@given(st.lists(st.sampled_from([part for part in FRAGMENTS if len(part) < 1000]), max_size=8))
def test_no_mixture_of_texts_becomes_a_danger(parts):
    changed = harmless("".join(parts), PHOTO)
    assert list(dangers(page_of(changed))) == []
    assert harmless(changed, PHOTO) == changed


def test_a_text_that_is_too_long_is_shown_as_text_and_cut():
    changed = harmless("<b>x</b> " * MAX_MARKDOWN)
    assert changed.startswith(NOTICE)
    assert MAX_MARKDOWN < len(changed) < MAX_MARKDOWN + 200
    assert harmless(changed) == changed


def test_a_fence_in_the_text_does_not_end_the_fence_around_it():
    page = page_of(as_text("```\n<script>\n`````\n<script>"))
    assert parsed(page).find("script") is None
    assert page.count("&lt;script&gt;") == 2


def test_mathematics_that_code_displays_has_no_links():
    formula = "$\\href{javascript:x}{\\hat{y}}$"
    output = Output("display_data", "", {"text/latex": formula, "text/plain": "<Latex object>"})
    assert rich_data(output) == {"text/plain": formula}
    honest = {"text/latex": "$\\displaystyle \\frac{x^{2}}{2}$", "text/plain": "x**2/2"}
    assert rich_data(Output("display_data", "", honest)) == honest


def test_a_formula_that_is_refused_is_shown_as_its_text_and_the_others_stay():
    changed = harmless("$a$ is $\\rule{9em}{9em}$, `$x$`, so is `` `$\\rule` ``\n\n$$b$$")
    assert changed == "$a$ is ` $\\rule{9em}{9em}$ `, `$x$`, so is `` `$\\rule` ``\n\n$$b$$"


def test_a_word_that_would_be_a_command_in_a_formula_is_shown_as_it_is():
    assert harmless("$x$ in C:\\Users\\me") == "$x$ in ` C:\\Users\\me `"
    assert harmless("C:\\Users\\me has $x$") == "C:\\Users\\me has $x$"


@pytest.mark.parametrize("text", ["\x00", "a\ud800b", "<b>\udfff</b>", "$x$\x00"])
def test_what_is_no_character_is_shown_as_such(text):
    assert "\ufffd" in harmless(text)
    harmless(text).encode()


@pytest.mark.parametrize("text", [
    "$a \\\\[4pt] b$", "$a \\\\[-2px] b$", "$a \\\\ [b] c$", "$\\hspace{1cm}$", "$\\mspace{18mu}$",
    "\\rule, which is in no formula", "\\rule{1}{2} $x$", "$\\alpha\\,\\;\\!\\{x\\}\\|$",
])  # fmt: skip
def test_small_spaces_and_plain_text_are_no_commands_to_refuse(text):
    assert tex.refused(text) == []


@pytest.mark.parametrize("text", [
    "$a \\\\[100pt] b$", "$a \\\\[-20pt] b$", "$a \\\\[1e3em] b$", "$a \\\\[1in] b$",
    "$\\hspace{x}$", "$\\hspace 9em$", "$\\hspace{-9em}$", "$\\cr [99em]",
    "\\(\\Huge x\\)", "\\[\\kern1em\\]",
    "\\begin{a}\\def\\b{}\\end{a}", "$x$ \\href", "$" + "\\! " * 21,
])  # fmt: skip
def test_what_moves_covers_grows_or_defines_is_refused(text):
    assert tex.refused(text)


def manual_release():
    metadata = {"nbgrader": grade_metadata("words", True, 2)}
    cell = new_markdown_cell("Your words.", metadata=metadata)
    cell.id = "words"
    return new_notebook(cells=[cell])


@pytest.mark.parametrize("own", ["needed", "all"])
def test_an_answer_is_made_harmless_where_it_is_rebuilt_and_the_instructor_is_told(own):
    submission = manual_release()
    submission.cells[0].source = "![photo](attachment:photo.png) <script>1</script>"
    submission.cells[0]["attachments"] = PHOTO
    rebuilt = rebuild(manual_release(), nbformat.writes(submission).encode(), own)
    answer = rebuilt.notebook.cells[0]
    assert answer.source == "![photo](attachment:photo.png) &lt;script&gt;1&lt;/script>"
    assert answer.attachments == PHOTO
    assert rebuilt.oddities == ("words: its Markdown held what is shown as text",)
    again = rebuild(manual_release(), nbformat.writes(rebuilt.notebook).encode(), own)
    assert again.notebook.cells[0] == answer


def test_what_the_release_says_is_not_changed():
    release = manual_release()
    release.cells[0].source = '<div style="color:red">Your words.</div>'
    rebuilt = rebuild(release, nbformat.writes(release).encode())
    assert rebuilt.notebook.cells[0].source == release.cells[0].source
    assert rebuilt.oddities == ()


CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--host-resolver-rules=MAP * ~NOTFOUND")  # fmt: skip
COUNTS = """
const answers = document.querySelectorAll('.rendered_html');
const within = query => [...answers].flatMap(a => [...a.querySelectorAll(query)]);
return {
    ran: window.ran || 0,
    asked: performance.getEntries().filter(e => e.name.includes('evil.test')).length,
    scripts: within('script, iframe, object, embed, svg, style, link, form').length,
    handlers: within('*').filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length,
    links: within('a').filter(a => a.protocol === 'javascript:' || a.protocol === 'data:').length,
    fixed: within('*').filter(e => getComputedStyle(e).position === 'fixed').length,
    hidden: getComputedStyle(document.body).display === 'none',
    photos: within('img').filter(i => i.naturalWidth > 0).length,
    answers: answers.length,
}"""


@pytest.fixture(scope="module")
def browser():
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ARGUMENTS:
        options.add_argument(argument)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
        yield driver
        driver.quit()


def answers():
    """The words of one student: all that is hostile, and a photo."""
    left_out = ("meta", "nested")  # the one leaves the page, the other takes the parser long
    return [text for name, text in HOSTILE.items() if name not in left_out] + [HONEST["photo"]]


@pytest.fixture(scope="module")
def feedback_page(tmp_path_factory):
    """The feedback page of a student who wrote all of it into cells of an ordinary notebook."""
    from coursekit.courses import init_course
    from coursekit.grading.class_run import grade_class
    from coursekit.grading.settings import Settings
    from coursekit.nbgrader_out.converters import generate_assignment

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        course = init_course(tmp_path_factory.mktemp("markdown") / "course")
        source = manual_release()
        source.cells.append(new_code_cell("1 + 1"))
        place = course.source("words") / "words.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(source, place)
        generate_assignment(course, "words")
        submission = nbformat.read(course.release("words") / "words.ipynb", as_version=4)
        submission.cells[0].source = HOSTILE["handler"]
        for text in answers():
            own = new_markdown_cell(text)
            own["attachments"] = PHOTO
            submission.cells.append(own)
        place = course.submitted() / "mallory" / "words" / "words.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(submission, place)
        (result,) = grade_class(course, "words", Settings(1))
    assert not result.fault
    return course.feedback("mallory", "words")


def seen_by(browser, page: Path):
    browser.get(page.as_uri())
    return browser.execute_script(COUNTS)


needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
)


@pytest.mark.slow
@needs_browser
@pytest.mark.xdist_group("class run")
def test_no_script_of_a_student_runs_in_the_feedback_page(browser, feedback_page):
    seen = seen_by(browser, feedback_page)
    assert seen.pop("answers") >= len(answers()) + 1
    assert seen.pop("photos") == 1
    assert seen == dict.fromkeys(("ran", "asked", "scripts", "handlers", "links", "fixed"), 0) | {
        "hidden": False
    }


@pytest.mark.slow
@needs_browser
@pytest.mark.xdist_group("class run")
def test_they_do_run_in_a_page_that_shows_them_as_they_are(browser, tmp_path):
    left_out = {"image that was not pasted", "meta", "nested"}
    seen: dict[str, int] = {}
    for name in set(HOSTILE) - left_out:
        cell = f'<div class="rendered_html">{page_of(HOSTILE[name])}</div>'
        (tmp_path / "page.html").write_text(f"<!doctype html><body>{cell}", encoding="utf-8")
        for kind, count in seen_by(browser, tmp_path / "page.html").items():
            seen[kind] = seen.get(kind, 0) + count
    assert seen["ran"] > 5
    kinds = ("asked", "scripts", "handlers", "links", "fixed", "hidden")
    assert min(seen[kind] for kind in kinds) > 0, seen
