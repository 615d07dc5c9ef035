"""What readers type into the search leads to the page that answers it, first of all."""

import gzip
import hashlib
import json
import re
import sys
from pathlib import Path

import pytest
import quickjs
from book._ext import reading
from tests.book.conftest import ROOT
from tests.book.test_browser import browser, needs_browser  # noqa: F401

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import search_index
from readable import formula

pytestmark = pytest.mark.xdist_group("book")
FOLDER = ROOT / "book/_static/search"
SCRIPTS = ("minisearch", "stemmer", "pages", "search")
"""As the page of the search loads them."""
INDEX_BYTES = 107_000
"""What the index may weigh, packed: the page of the search has a limit, and more in it."""
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
    "why not start weights at zero": "optimizers/initialization",
    "softmax gradient": "jacobians/elementwise_softmax",
    "chain rule many paths": "chain_rule/two_paths",
    "why do we add gradients when a variable is used twice": "chain_rule/two_paths",
    "difference between gradient and jacobian": "jacobians/jacobian",
    "why does the transpose of W appear in backprop": "matrix_backprop/units_to_layer",
    "why W.T in the backward pass": "matrix_backprop/units_to_layer",
    "finite differences step h": "jacobians/numerical",
    "relative error too large in gradient check": "jacobians/gradient_check",
    "loss oscillates and diverges": "optimizers/step_size",
    "bias gradient sum over batch": "matrix_backprop/minibatch",
    "how does backprop work with a batch of examples": "matrix_backprop/minibatch",
    "mean or sum of the loss over the batch": "matrix_backprop/minibatch",
    "exploding gradients clipping": "optimizers/initialization",
    "random initialization why": "optimizers/initialization",
    "learning rate decay warmup": "optimizers/schedules",
    "hessian eigenvalues condition number": "optimizers/step_size",
    "why save activations in forward pass memory": "matrix_backprop/caches",
    "out of memory, recompute activations": "matrix_backprop/caches",
    "linear regression normal equation": "jacobians/least_squares",
    "derivative of a quadratic form": "jacobians/product_rule",
    "backpropagation through two hidden layers": "matrix_backprop/three_layers",
    "what is reverse mode?": "matrix_backprop/reverse_mode",
    "how many multiplications does backprop cost": "chain_rule/which_pass",
    "backpropagation worked example with numbers": "chain_rule/whole_pass",
    "how do I know that my backprop code is right": "matrix_backprop/debugging",
    "my loss does not go down": "matrix_backprop/debugging",
    "momentum vs adam": "optimizers/comparison",
    "best optimizer for my network?": "optimizers/comparison",
    "default epsilon of adam in pytorch": "optimizers/variants",
    "why is the gradient just softmax minus y": "matrix_backprop/losses",
    "cross entropy vs mse": "matrix_backprop/losses",
    "order of matrices in the chain rule": "jacobians/rules",
    "why is the jacobian of relu diagonal": "jacobians/elementwise_softmax",
    "my other textbook writes the gradient as a column": "jacobians/layouts",
    "why does a neuron need a bias": "chain_rule/units",
    "how is the derivative of the logistic function calculated": "chain_rule/units",
    "column vector plus row vector in numpy gives a matrix": "prerequisites/shapes",
    # Words that are written together, or not
    "crossentropy with softmax derivative": "matrix_backprop/losses",
    "mini batch gradient": "optimizers/batch_stochastic_minibatch",
    # Symbols in a question
    "what does δ mean": "chain_rule/output_weights",
    "what is η": "chain_rule/influence",
    "what does ŷ mean": "chain_rule/cost",
    "why sigmoid(1-sigmoid)": "chain_rule/units",
    # What is asked around the book
    "how do I hand in": "autograder/problem_sets/ps0",
    "where do I hand in my notebook": "autograder/problem_sets/ps0",
    "how to submit my problem set": "autograder/problem_sets/ps0",
    "I want a regrade": "appeal",
    "my grade is wrong who do I ask": "appeal",
    "reset notebook": "using",
    "how to cite this book": "using",
    "run the code in my browser": "using",
    "what math do I need for this book": "using",
    "can I use ChatGPT": "teaching/exams",
    "late submission penalty": "teaching/policies",
}
AMONG_THE_FIRST = {
    "vanishing gradients in deep networks": "optimizers/initialization",
    "derivative of matrix product": "jacobians/by_matrices",
    "gradient checking epsilon": "jacobians/gradient_check",
    "topological sort autograd": "matrix_backprop/reverse_mode",
    "my loss is nan": "matrix_backprop/debugging",
    "stuck in local minimum": "optimizers/valleys",
    "dead relu units": "optimizers/schedules",
    "partial derivative what does it mean": "chain_rule/wiggle",
    "transpose rule": "jacobians/product_rule",
    "jax grad": "matrix_backprop/pytorch",
}
"""Two pages answer these; either may come before the other."""
FEW = 3
TYPED_WRONG = {
    "jacobain": "jacobians/jacobian",
    "nesterow": "optimizers/nesterov",
    "jacobian of sofmax": "jacobians/elementwise_softmax",
    "gradiant checking": "jacobians/gradient_check",
    "bias corection adam": "optimizers/adam",
    "saddel point": "optimizers/valleys",
}
SEARCH_WORDS = [(word, page) for page, words in reading.search_words().items() for word in words]
NAMES_OF_OTHERS = ["neuron", "perceptron", "sigmoid", "hadamard product", "topological order"]


def pages_of(edition) -> list[dict]:
    text = (edition.html / "_static/search/pages.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("const PAGES = ").removesuffix(";\n"))


def page_file(name: str) -> Path:
    problem_set = name.startswith("autograder/")
    return ROOT / f"{name}.md" if problem_set else reading.page_file(name)


@pytest.fixture(scope="module")
def engine(editions):
    """The scripts of the search, as its page has loaded them."""
    html = editions["textbook"].html
    page = (html / "search.html").read_text(encoding="utf-8")
    loaded = re.findall(r'src="_static/search/(\w+)\.js"', page)
    assert loaded == list(SCRIPTS)
    engine = quickjs.Context()
    texts = ((html / f"_static/search/{name}.js").read_text(encoding="utf-8") for name in loaded)
    engine.eval("\n;\n".join(texts) + "\n;globalThis.search = new BookSearch(PAGES);")
    return engine


@pytest.fixture(scope="module")
def find(engine):
    """What the search of the built book answers: names of pages, the first one first."""
    ask = engine.eval(
        "question => JSON.stringify(search.find(question).map(one => PAGES[one.page].page))"
    )

    def find(question: str) -> list[str]:
        pages = json.loads(ask(question))
        return [page.removeprefix("book/").removesuffix(".html") for page in pages]

    return find


@pytest.fixture(scope="module")
def shown(engine):
    """Where the first answer leads on its page, and the text below it."""
    ask = engine.eval(
        "question => JSON.stringify(search.find(question).slice(0, 1)"
        ".map(({entry, said, terms}) => [entry.anchor, excerpt(said, terms)])[0])"
    )
    return lambda question: json.loads(ask(question))


def test_the_library_is_what_its_author_published():
    for line in (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


def test_every_page_with_search_words_is_there():
    assert [page for page in reading.search_words() if not page_file(page).is_file()] == []
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


@pytest.mark.parametrize("question", AMONG_THE_FIRST)
def test_a_question_that_two_pages_answer_finds_both(find, question):
    assert AMONG_THE_FIRST[question] in find(question)[:FEW]


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


@pytest.mark.parametrize("question", ["what does σ mean", "η", "meaning of δ", "what is ∇?"])
def test_a_symbol_is_in_the_glossary_or_in_notation_too(find, question):
    assert {"glossary", "notation"} & set(find(question)[:FIRST_SCREEN])


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("what does δ mean?", "δ"),
        ("what is the difference between weight decay and l2", "weight decay l2"),
        ("how does dropout work", "dropout"),
    ],
)
def test_words_of_asking_are_no_content(find, asked, plain):
    assert find(asked) == find(plain)


def test_pages_that_explain_stand_before_those_for_lecturers(find):
    explain = ("chain_rule/", "jacobians/", "matrix_backprop/", "optimizers/")
    for question in ("softmax gradient", "chain rule", "momentum", "gradient of a layer"):
        assert all(page.startswith(explain) for page in find(question)[:2]), question


@pytest.mark.parametrize(
    ("question", "anchor"),
    [
        ("saddle point", "optimizers-saddle"),
        ("why zero_grad", "why-zero-grad-gradients-add-up-from-call-to-call"),
        ("sum or mean over the batch", "matrix-sum-or-mean"),
        ("learning rate too big", ""),
        ("gradient checking epsilon", ""),
        ("jacobian", ""),
    ],
)
def test_a_link_leads_to_a_section_only_if_that_fits_best(shown, question, anchor):
    assert shown(question)[0] == anchor


@pytest.mark.parametrize(
    ("question", "word"),
    [("dropout", "Dropout"), ("xavier glorot", "Glorot"), ("einsum", "einsum")],
)
def test_what_is_shown_has_a_word_that_was_asked_for(shown, question, word):
    assert word.lower() in shown(question)[1].lower()


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


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"s_k = \frac{e^{z_k}}{\sum_j e^{z_j}}", "s_k = e^(z_k)/(∑_j e^(z_j))"),
        (r"-y\ln\hat y - (1-y)\ln(1-\hat y)", "−y ln ŷ − (1 − y) ln(1 − ŷ)"),
        (r"1 - 2.7 = -1.7, \sigma(-z)", "1 − 2.7 = −1.7, σ(−z)"),
        (r"\lambda_{\max}/\lambda_{\min}", "λ_max/λ_min"),
        (r"y_i^{(p)}", "y_i^(p)"),
    ],
)
def test_a_formula_in_a_result_says_what_belongs_together(tex, said):
    assert formula(tex) == said


def test_rows_of_tables_and_words_in_boxes_do_not_run_into_the_text(editions):
    pages = {page["page"]: page["entries"] for page in pages_of(editions["textbook"])}
    assert not pages["book/chain_rule/units.html"][0][2].startswith("Core")
    units = next(entry for entry in pages["book/notation.html"] if entry[1] == "Units and layers")
    assert "b_i · b (n_out,) · bias of unit i; same page;" in units[2]


def test_entries_lead_somewhere(engine, editions):
    html = editions["textbook"].html
    entries = json.loads(
        engine.eval("JSON.stringify(search.entries.map(one => [PAGES[one.page].page, one.anchor]))")
    )
    assert len(entries) > 1000
    ids = {
        page: set(re.findall(r'id="([^"]+)"', (html / page).read_text(encoding="utf-8")))
        for page in {page for page, _ in entries}
    }
    assert [(page, at) for page, at in entries if at and at not in ids[page]] == []


def test_the_index_is_light(editions):
    script = (editions["textbook"].html / "_static/search/pages.js").read_bytes()
    assert len(gzip.compress(script, 9)) < INDEX_BYTES


def test_the_page_of_the_search_is_called_as_all_pages_are(editions):
    page = (editions["textbook"].html / "search.html").read_text(encoding="utf-8")
    assert "<title>Search &#8212; Backpropagation</title>" in page


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
