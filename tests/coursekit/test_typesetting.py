"""Formulas become HTML and MathML, whoever wrote them, and none costs more than it may."""

import hashlib
import multiprocessing
import re

import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from coursekit.authoring.masters import find_master, known_problem_sets, read_master
from coursekit.authoring.render import render_notebook
from coursekit.nbgrader_out.page_formulas import FormulaRenderer, typeset_text, with_style
from coursekit.typesetting import formulas
from coursekit.typesetting.formulas import KATEX, FormulaError, typeset, typeset_foreign
from coursekit.typesetting.style import classes_in, font, fonts_for, style_with_fonts


def test_every_file_of_katex_is_what_its_authors_published():
    lines = (KATEX / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split() for line in lines)}
    here = [path for folder in (KATEX, KATEX / "fonts") for path in folder.iterdir()]
    names = {str(path.relative_to(KATEX)): path for path in here if path.is_file()}
    assert set(names) == {*sums, "SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(names[name].read_bytes()).hexdigest() == digest, name


def test_a_formula_is_there_to_be_seen_and_to_be_heard():
    html = typeset(r"\frac{\partial C}{\partial w}")
    assert re.search(r'<math xmlns="[^"]*">.*<mfrac>', html)
    assert '<span class="katex-html" aria-hidden="true">' in html
    assert "katex-display" not in html
    assert "katex-display" in typeset("x", display=True)


def test_the_name_of_an_equation_is_for_who_numbers_it():
    assert typeset(r"x \label{eq-x} = 1") == typeset("x  = 1")


@pytest.mark.parametrize("tex", [r"\nosuchcommand x", r"\frac{a", "x^2^3", r"\begin{aligned} x"])
def test_a_formula_of_our_own_that_is_wrong_is_an_error(tex):
    with pytest.raises(FormulaError, match="KaTeX parse error"):
        typeset(tex)


HOSTILE = {
    "unknown": r"\nosuchcommand<b>x</b>",
    "endless": r"\def\a{\b\b}\def\b{\a\a}\a",
    "deep": r"\sqrt{" * 300 + "x" + "}" * 300,
    "deeper": "{" * 900 + "x" + "}" * 900,
    "long": "x+" * 5_000,
    "half a character": "x \ud800",
    "nothing": "\\",
}


@pytest.mark.parametrize("tex", HOSTILE.values(), ids=HOSTILE)
def test_a_formula_of_a_student_that_cannot_be_typeset_is_shown_as_text(tex):
    html = typeset_foreign(tex, display=True)
    shown = tex.replace("<", "&lt;").replace(">", "&gt;")
    assert html == f'<code class="tex">$${shown}$$</code>'
    assert "katex" in typeset_foreign("x")


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\url{https://x.example}",
        r"\htmlClass{navbar}{x}",
        r"\htmlStyle{position:fixed}{x}",
        r"\includegraphics{https://x.example/x.png}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\tag{<script>}x",
    ],
)
def test_a_formula_of_a_student_makes_no_link_and_no_attribute(tex):
    html = typeset_foreign(tex, display=True)
    tags = " ".join(re.findall(r"<[^>]*>", html))
    assert not re.search(r"<(a|img|script)\b|\b(href|src|id|on\w+)=|position:|navbar", tags)


def test_a_formula_of_a_student_takes_no_more_room_than_it_may():
    html = typeset_foreign(r"\rule{900em}{900em} x \kern900em y")
    styles = " ".join(re.findall(r'style="([^"]*)"', html))
    assert max(map(float, re.findall(r"([\d.]+)em", styles))) <= 40


def test_a_definition_of_a_student_ends_with_its_formula():
    typeset_foreign(r"\gdef\alpha{27} \alpha")
    assert "27" not in typeset_foreign(r"\alpha")


def test_what_takes_too_long_is_stopped_and_the_next_formula_is_typeset(monkeypatch):
    monkeypatch.setattr(formulas, "SECONDS", 1e-4)
    assert typeset_foreign("x+" * 990, display=True).startswith("<code")
    monkeypatch.undo()
    assert "katex-html" in typeset_foreign("y+" * 99, display=True)


def test_what_takes_too_much_memory_is_stopped_and_the_next_formula_is_typeset(monkeypatch):
    formulas._engine.cache_clear()
    monkeypatch.setattr(formulas, "MEGABYTES", 0)
    typeset_foreign(r"\begin{matrix}" + "z & " * 400 + r"z\end{matrix}", display=True)
    monkeypatch.undo()
    assert "katex-html" in typeset("u+v+w")


def test_a_process_that_is_forked_typesets_for_itself():
    typeset("p")
    fork = multiprocessing.get_context("fork")
    with fork.Pool(2) as pool:
        assert pool.map(typeset, ["q_1", "q_2"]) == [typeset("q_1"), typeset("q_2")]


@pytest.mark.parametrize(
    ("tex", "asked"),
    [
        ("x", {"Main-Regular", "Math-Italic"}),
        (r"\mathbb{R}", {"Main-Regular", "AMS-Regular"}),
        (r"\mathbf{1}", {"Main-Regular", "Main-Bold"}),
        (r"\Bigl(1\Bigr)", {"Main-Regular", "Size2-Regular"}),
        (r"\sum", {"Main-Regular", "Size2-Regular"}),
        (r"\text{a \textit{b}}", {"Main-Regular", "Main-Italic"}),
    ],
)
def test_the_fonts_are_those_that_a_formula_asks_for(tex, asked):
    found = fonts_for(classes_in(typeset(tex, display=True)))
    assert {name.removeprefix("KaTeX_") for name in found} == asked


def test_a_page_that_stands_alone_has_its_fonts_in_it():
    page = typeset("x")
    style = style_with_fonts(page)
    assert style.count("@font-face") == len(fonts_for(classes_in(page)))
    assert "url(fonts/" not in style
    assert style_with_fonts("<p>no formula</p>") == ""
    assert font("KaTeX_Main-Regular").startswith(b"wOF2")


def test_markdown_has_its_formulas_typeset_wherever_it_may_have_some():
    source = "$a$ in a line\n\n| $b$ |\n|---|\n| \\\\(c\\\\) |\n\n$$\nd\n$$\n\n"
    source += "\\begin{align}e\\end{align}\n"
    html = MarkdownWithMath(renderer=FormulaRenderer(escape=False)).render(source)
    assert html.count('class="katex"') == 5
    assert html.count("katex-display") == 2
    assert "$" not in html


def test_an_output_of_latex_is_text_with_formulas():
    html = typeset_text("<b> is $a < b$ and \\begin{equation}c\\end{equation} costs 3 $")
    assert html.startswith("&lt;b&gt; is <span")
    assert html.count('class="katex"') == 2
    assert html.endswith(" costs 3 $")


def test_only_a_page_with_formulas_gets_their_style():
    page = '<style id="formulas"></style><p>{}</p>'
    assert with_style(page.format("no")) == "<p>no</p>"
    assert "@font-face" in with_style(page.format(typeset("x")))


class Strict(IPythonRenderer):
    """Refuses what cannot be typeset."""

    def block_math(self, body):
        return typeset(body, display=True)

    def inline_math(self, body):
        return typeset(body)

    def latex_environment(self, name, body):
        return typeset(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)


@pytest.mark.parametrize("problem_set", known_problem_sets())
def test_every_formula_that_students_are_given_is_typeset(problem_set):
    notebook = render_notebook(read_master(find_master(problem_set)))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            MarkdownWithMath(renderer=Strict(escape=False)).render(cell.source)
