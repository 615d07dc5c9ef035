"""What readers type into the search leads to the page that answers it, on the first screen."""

import pytest
from book._ext import reading
from tests.book.test_browser import DESKTOP, browser, open_page, pytestmark  # noqa: F401

FIRST_SCREEN = 5
"""Results that are seen without scrolling."""
FOUND_BY_ITS_TEXT = {
    "chain rule": "chain_rule/chain",
    "partial derivative": "chain_rule/wiggle",
    "logistic function": "chain_rule/units",
    "outer product": "jacobians/by_matrices",
    "vector jacobian product": "jacobians/vjp_jvp",
    "cross entropy": "matrix_backprop/losses",
    "momentum": "optimizers/momentum",
    "bias correction": "optimizers/adam",
}
"""What needs no line among the search words."""
NAMES_OF_OTHERS = ["neuron", "perceptron", "sigmoid", "hadamard product", "topological order"]
QUESTIONS = [(word, page) for page, words in reading.search_words().items() for word in words]


@pytest.fixture(scope="module")
def find(browser, editions):  # noqa: F811
    """What the search of the built book answers: names of pages, the first one first."""
    open_page(browser, editions["textbook"].html / "search.html", DESKTOP)
    browser.execute_async_script(
        "const done = arguments[0];"
        "const wait = () => Search.hasIndex() ? done() : setTimeout(wait, 50); wait();"
    )

    def find(question):
        pages = browser.execute_script(
            "const found = Search._performSearch(...Search._parseQuery(arguments[0]));"
            "return found.reverse().map(result => result[0]);",
            question,
        )
        return [f"/{page}".removeprefix("/book/") for page in pages]

    return find


def test_every_page_with_search_words_is_there():
    assert [page for page in reading.search_words() if not reading.page_file(page).is_file()] == []
    words = [word for word, _ in QUESTIONS]
    assert len(words) == len(set(words)) > 60
    assert words == [word.lower() for word in words]


@pytest.mark.parametrize("question", [word for word, _ in QUESTIONS])
def test_a_question_leads_to_the_page_that_answers_it(find, question):
    (page,) = (page for word, page in QUESTIONS if word == question)
    assert page in find(question)[:FIRST_SCREEN]


def test_every_word_of_the_glossary_leads_to_the_page_that_introduces_it(find):
    lost = [
        (word, page)
        for page, words in reading.gives().items()
        for word in words
        if page not in find(word)[:FIRST_SCREEN]
    ]
    assert lost == []


@pytest.mark.parametrize("question", FOUND_BY_ITS_TEXT)
def test_what_a_page_is_about_finds_it_without_help(find, question):
    assert FOUND_BY_ITS_TEXT[question] in find(question)[:FIRST_SCREEN]


@pytest.mark.parametrize("name", NAMES_OF_OTHERS)
def test_a_name_that_others_use_is_in_the_glossary_and_in_notation(find, name):
    found = find(name)
    assert "glossary" in found[:FIRST_SCREEN]
    assert "notation" in found


def test_the_results_are_shown(browser, editions):  # noqa: F811
    page = editions["textbook"].html / "search.html"
    browser.get(f"{page.as_uri()}?q=neuron")
    first = browser.execute_async_script(
        "const done = arguments[0];"
        "const wait = () => { const link = document.querySelector('#search-results li a');"
        "  link ? done(link.href) : setTimeout(wait, 50); }; wait();"
    )
    assert "/book/" in first
