"""What readers type into the search leads to the page that answers it, first of all."""

import hashlib
import json
import re
import sys

import pytest
import quickjs
from book._ext import reading
from tests.book.conftest import ROOT
from tests.book.test_browser import browser, needs_browser  # noqa: F401

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import search_index

pytestmark = pytest.mark.xdist_group("book")
FOLDER = ROOT / "book/_static/search"
SCRIPTS = ("minisearch", "stemmer", "pages", "search")
"""As the page of the search loads them."""
FIRST_SCREEN = 5
"""Results that are seen without scrolling."""

QUESTIONS = {
    # What readers of other books asked in public, in their words
    "is the gradient the jacobian or its transpose": "jacobians/layouts",
    "should it be d or ∂?": "jacobians/chain_matrix",
    "does the du cancel in the multivariable chain rule": "chain_rule/two_paths",
    "which h for finite differences, relative to x?": "jacobians/numerical",
    "is my gradient wrong or is the difference just noisy": "jacobians/gradient_check",
    "should the weights be updated before the hidden deltas are computed": "chain_rule/whole_pass",
    "my xor network is stuck in a local minimum": "chain_rule/xor",
    "why do we need topological order in backward()": "chain_rule/long_derivative",
    "why does my recursive backward visit a node twice": "matrix_backprop/reverse_mode",
    "is the derivative x(1-x) or sigmoid(x)(1-sigmoid(x))": "chain_rule/output_weights",
    "what is the derivative of relu at zero": "matrix_backprop/caches",
    "which rho is the default of rmsprop in keras and pytorch": "optimizers/variants",
    "what is the difference between weight decay and l2 in adam": "optimizers/weight_decay",
    "kaiming: fan_in or fan_out?": "optimizers/initialization",
    "are there more saddle points or local minima": "optimizers/valleys",
    "should I sum or average the gradients over the batch": "matrix_backprop/minibatch",
    "softmax derivative off the diagonal": "jacobians/elementwise_softmax",
    # Symbols
    "σ": "chain_rule/units",
    "δ": "chain_rule/output_weights",
    "∇": "jacobians/gradients",
    # What others call it
    "sigmoid": "chain_rule/units",
    "Hadamard": "jacobians/elementwise_softmax",
    "overfitting": "optimizers/digits",
    "topological sort": "chain_rule/long_derivative",
    "batch norm": "matrix_backprop/other_layers",
    # Words of the pages, and whole questions
    "cross entropy": "matrix_backprop/losses",
    "vector jacobian products": "jacobians/vjp_jvp",
    "dual numbers": "matrix_backprop/forward_mode",
    "why does Adam correct its bias": "optimizers/adam",
    "how do I check my gradient?": "jacobians/gradient_check",
    "what happens if the learning rate is too large": "optimizers/step_size",
    "is Nesterov faster than momentum?": "optimizers/nesterov",
    "why do gradients vanish": "chain_rule/amplifiers",
    "how do I install the package": "using",
    "in which order should I read the pages": "map",
}
TYPED_WRONG = {"jacobain": "jacobians/jacobian", "nesterow": "optimizers/nesterov"}
SEARCH_WORDS = [(word, page) for page, words in reading.search_words().items() for word in words]
NAMES_OF_OTHERS = ["neuron", "perceptron", "sigmoid", "hadamard product", "topological order"]


def pages_of(edition) -> list[dict]:
    text = (edition.html / "_static/search/pages.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("const PAGES = ").removesuffix(";\n"))


@pytest.fixture(scope="module")
def find(editions):
    """What the search of the built book answers: names of pages, the first one first."""
    html = editions["textbook"].html
    page = (html / "search.html").read_text(encoding="utf-8")
    loaded = re.findall(r'src="_static/search/(\w+)\.js"', page)
    assert loaded == list(SCRIPTS)
    engine = quickjs.Context()
    texts = ((html / f"_static/search/{name}.js").read_text(encoding="utf-8") for name in loaded)
    engine.eval("\n;\n".join(texts) + "\n;globalThis.search = new BookSearch(PAGES);")
    ask = engine.eval(
        "question => JSON.stringify(search.find(question).map(one => PAGES[one.page].page))"
    )

    def find(question: str) -> list[str]:
        pages = json.loads(ask(question))
        return [page.removeprefix("book/").removesuffix(".html") for page in pages]

    return find


def test_the_library_is_what_its_author_published():
    for line in (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_every_page_with_search_words_is_there():
    assert [page for page in reading.search_words() if not reading.page_file(page).is_file()] == []
    words = [word for word, _ in SEARCH_WORDS]
    assert len(words) == len(set(words)) > 100
    assert words == [word.lower() for word in words]


def test_the_questions_are_not_those_that_the_pages_were_given():
    given = {word for word, _ in SEARCH_WORDS}
    assert len(QUESTIONS) >= 30
    assert len([question for question in QUESTIONS if question.lower() in given]) < 8


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_finds_the_page_that_answers_it_first(find, question):
    assert find(question)[0] == QUESTIONS[question]


@pytest.mark.parametrize(("question", "page"), SEARCH_WORDS)
def test_what_a_page_is_asked_for_finds_it(find, question, page):
    assert page in find(question)[:FIRST_SCREEN]


@pytest.mark.parametrize("word", TYPED_WRONG)
def test_a_slip_of_the_finger_is_forgiven(find, word):
    assert TYPED_WRONG[word] in find(word)[:FIRST_SCREEN]


def test_every_word_of_the_glossary_leads_to_the_page_that_introduces_it(find):
    lost = [
        (word, page)
        for page, words in reading.gives().items()
        for word in words
        if page not in find(word)[:FIRST_SCREEN]
    ]
    assert lost == []


@pytest.mark.parametrize("name", NAMES_OF_OTHERS)
def test_a_name_that_others_use_is_in_the_glossary_and_in_notation(find, name):
    found = find(name)
    assert "glossary" in found[:FIRST_SCREEN]
    assert "notation" in found


def test_words_that_are_nowhere_find_nothing(find):
    assert find("zzyzx") == find("") == find("?!") == []


def test_pages_that_explain_come_before_tables_and_the_reference():
    explains = search_index.worth("book/chain_rule/units")
    assert explains > search_index.worth("book/glossary") > search_index.worth("book/sources/index")
    assert search_index.worth("book/developing/index") > search_index.worth(
        "book/developing/api/units"
    )


def test_what_is_shown_of_a_page_is_text(editions):
    entries = [entry for page in pages_of(editions["textbook"]) for entry in page["entries"]]
    texts = [entry[2] for entry in entries]
    assert len(texts) > 1000
    assert not [text for text in texts if re.search(r"\\[a-z]+\{|<svg|<div|\$", text)]


def test_entries_lead_somewhere(editions):
    html = editions["textbook"].html
    lost = []
    for page in pages_of(editions["textbook"]):
        text = (html / page["page"]).read_text(encoding="utf-8")
        ids = set(re.findall(r'id="([^"]+)"', text))
        lost += [
            (page["page"], anchor) for anchor, *_ in page["entries"] if anchor and anchor not in ids
        ]
    assert lost == []


@needs_browser
@pytest.mark.parametrize("question", ["neuron", "vector%20jacobian"])
def test_the_results_are_shown_from_a_folder(browser, editions, question):  # noqa: F811
    page = editions["textbook"].html / "search.html"
    browser.get(f"{page.as_uri()}?q={question}")
    first = browser.execute_async_script(
        "const done = arguments[0];"
        "const wait = () => { const item = document.querySelector('#search-results li');"
        "  item ? done([item.querySelector('a').href, item.querySelector('mark')?.textContent])"
        "       : setTimeout(wait, 50); }; wait();"
    )
    assert "/book/" in first[0]
    assert first[1]
    assert not browser.get_log("browser")
