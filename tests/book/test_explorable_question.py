"""Questions that are answered in the page: how they are written, judged, and shown."""

import shutil
import sys

import pytest
from selenium.webdriver import Keys
from selenium.webdriver.support.wait import WebDriverWait
from sphinx.errors import ExtensionError
from tests.book.conftest import FRONT_MATTER, ROOT, build_small
from tests.book.explorables import MOUNTED, needs_browser, write_site
from tests.site.browsing import chromium, loaded, said
from tests.site.measure import AXE, BARRIERS
from tests.site.serving import served

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import explorables
from questions import calculated, inline, read_question

pytestmark = pytest.mark.xdist_group("explorables, question")


def directives():
    """Every question of the book, with the page that it stands on."""
    for page in sorted((ROOT / "book").rglob("*.md")):
        for part in page.read_text(encoding="utf-8").split("```{question}\n")[1:]:
            lines = [line.strip() for line in part.split("\n```")[0].splitlines() if line.strip()]
            yield pytest.param(lines, id=page.relative_to(ROOT / "book").as_posix())


QUESTIONS = list(directives())


@pytest.mark.parametrize(
    ("text", "value"),
    [("-3 / 32", -3 / 32), ("2 ** -1", 0.5), ("sqrt(1 / 4)", 0.5), ("ln(exp(2))", 2), (" 7 ", 7)],
)
def test_a_calculation_is_calculated(text, value):
    assert calculated(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "a", "1 +", "__import__('os')", "1 / 0", "sqrt(-1)", "'x'", "(1, 2)", "open(1)"]
)
def test_what_is_no_calculation_is_refused(text):
    with pytest.raises(ExtensionError, match="is no calculation; write numbers"):
        calculated(text)


def test_words_may_hold_formulas_and_code_and_nothing_else():
    html = inline("a < b, `x < y`, $z$ <b>")
    assert html.startswith('a &lt; b, <code>x &lt; y</code>, <span class="katex">')
    assert html.endswith(" &lt;b&gt;")


def test_a_question_without_a_right_answer_is_refused():
    with pytest.raises(ExtensionError, match="expected = and ~ for a number"):
        read_question(["label", "~ 2: words"])
    with pytest.raises(ExtensionError, match="says nothing of itself"):
        read_question(["label", "+ one", "- two: words"])


def test_the_pages_have_questions():
    assert len({question.id for question in QUESTIONS}) >= 30


@pytest.mark.parametrize("lines", QUESTIONS)
def test_a_question_of_the_book_has_one_right_answer_and_mistakes_that_differ(lines):
    asked = read_question(lines)
    if "choices" in asked:
        assert [choice["right"] for choice in asked["choices"]].count(True) == 1
        assert len(asked["choices"]) >= 2
        return
    values = [mistake["value"] for mistake in asked["mistakes"]]
    assert values
    assert all(abs(value - asked["right"]) > 0.005 * abs(asked["right"]) for value in values)
    assert all(isinstance(value, float) for value in values)


# In a browser


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    site = write_site(tmp_path_factory.mktemp("site"))
    for number, question in enumerate(QUESTIONS):
        (site / f"explorables/q{number}.html").write_text(page_of(*question.values), "utf-8")
    with served(site) as address:
        yield address


def page_of(lines):
    shown = explorables.explorable("question")
    asked = explorables.opening(shown) + explorables.inside(shown, read_question(lines)) + "</div>"
    page = explorables.bare_page(explorables.explorable("microscope"))
    start, end = page.index("<div class="), page.rindex("</main>")
    folded = "<details><summary>Compare</summary>The whole answer.</details>"
    return f'{page[:start]}<div class="admonition">{asked}{folded}</div>{page[end:]}'


JUDGED = """
    const judge = (text) => window.explorables.judge(text, arguments[0], arguments[0].mistakes);
    const exact = (value) => judge(String(value));
    return [exact(arguments[0].right), arguments[0].mistakes.map(({value}) => exact(value))];
"""


@needs_browser
def test_every_mistake_of_every_question_is_named(browser, address):
    browser.get(f"{address}/explorables/q0.html")
    wait(browser)
    for question in QUESTIONS:
        asked = read_question(*question.values)
        if "right" in asked:
            right, wrong = browser.execute_script(JUDGED, asked)
            assert right["right"], question.id
            for mistake, judged in zip(asked["mistakes"], wrong, strict=True):
                assert not judged["right"], f"{question.id}: {mistake}"
                assert mistake["words"] in judged["words"], f"{question.id}: {mistake}"


@needs_browser
@pytest.mark.parametrize(
    ("typed", "right", "is_right"),
    [("0.0952", 2 / 21, True), ("0.095", 2 / 21, True), ("0.1", 2 / 21, False),
     ("2/21", 2 / 21, True), ("0.10", 2 / 21, False), ("3.5e-4", 0.00493, False),
     ("0.005", 0.00493, True),
     ("−0,094", -3 / 32, True), ("-3/32", -3 / 32, True), ("0", 0.3, False), ("8", 8, True),
     ("0", 0, True), ("1e3", 1000, True), ("4.9e-3", 0.00493, True)],
)  # fmt: skip
def test_a_number_is_as_good_as_it_was_typed(browser, address, typed, right, is_right):
    browser.get(f"{address}/explorables/q0.html")
    wait(browser)
    judged = browser.execute_script(
        "const mistakes = [{value: 0.1, words: 'a tenth'}];"
        "return window.explorables.judge(arguments[0], {right: arguments[1]}, mistakes)",
        typed,
        right,
    )
    assert judged["right"] == is_right, judged


def wait(browser):
    WebDriverWait(browser, 60).until(lambda driver: driver.execute_script(MOUNTED))


def number_of(kind):
    return next(k for k, q in enumerate(QUESTIONS) if kind in read_question(*q.values))


@needs_browser
@pytest.mark.parametrize("kind", ["right", "choices"])
def test_a_question_is_answered_by_keyboard_without_a_barrier(browser, address, kind):
    loaded(browser)
    browser.get(f"{address}/explorables/q{number_of(kind)}.html")
    wait(browser)
    asked = read_question(*QUESTIONS[number_of(kind)].values)
    verdict = browser.find_element("css selector", ".verdict")
    if kind == "right":
        field = browser.find_element("css selector", ".answer input")
        field.send_keys("abc", Keys.ENTER)
        assert "no number" in verdict.text
        field.clear()
        field.send_keys(str(asked["right"]), Keys.ENTER)
    else:
        buttons = browser.find_elements("css selector", ".choices button")
        for button, choice in zip(buttons, asked["choices"], strict=True):
            button.send_keys(Keys.ENTER)
            assert verdict.text.startswith("Right." if choice["right"] else "No.")
            assert button.get_attribute("aria-pressed") == "true"
    assert browser.execute_script("return document.querySelector('details').open")
    came = {url: size for url, size in loaded(browser).items() if "explorables/" in url}
    assert sum(came.values()) < 14_000
    browser.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        assert browser.execute_async_script(BARRIERS, theme) == []
    assert not [message for message in said(browser) if "favicon" not in message]


def test_a_page_has_the_question_beside_its_folded_answer(small_book):
    shutil.copytree(explorables.SOURCES, small_book / "book/_static/explorables")
    question = "```{question}\nIt is\n= 3 / 4\n~ 3: The 4 is forgotten.\n```\n"
    text = FRONT_MATTER + "# Plain\n\n" + question + "\n" + question
    (small_book / "book/plain.md").write_text(text, encoding="utf-8")
    built = build_small(small_book)
    assert built.status == 0, built.log[-3000:]
    page = (built.html / "book/plain.html").read_text(encoding="utf-8")
    assert page.count('data-explorable="question"') == 2
    assert 'id="question"' in page
    assert 'id="question-2"' in page
    assert '"right":0.75' in page
    assert not (built.html / "_static/explorables/question.html").exists()
