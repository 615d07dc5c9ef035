"""The place of a mistake: the case that is shown, its rows and columns by name, a picture."""

import re
import sys
import types
from html.parser import HTMLParser

import numpy as np
import pytest
from tests.coursekit.test_checks import task_of

from coursekit.authoring.axes import axes_of
from coursekit.checks import commands
from coursekit.checks.diagnosis import report
from coursekit.checks.model import Case, Finding, Task, Verdict
from coursekit.checks.pictures import displayed, picture_of
from coursekit.grading.withheld import without_answers, without_texts
from coursekit.verification.answers import verdict_of

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
TASK = task_of(lambda X: 2 * X, [("two rows", (X,))])
NAMED = Task(**{**vars(TASK), "axes": {"the result": ("", "example", "output unit")}})


def picture(wrong, task=TASK):
    return picture_of(verdict_of(task, wrong))


def changed(*places, to=0.5):
    def wrong(X):
        result = 2 * X
        for place in places:
            result[place] = to * result[place]
        return result

    return wrong


class TestEntries:
    def test_the_first_wrong_entry_is_named_by_what_its_axes_count(self):
        found = picture(changed((1, 2)), NAMED)
        assert "Row 1 is example 1 and column 2 is output unit 2, counted from 0." in found.words
        assert "example" not in picture(changed((1, 2))).words

    def test_the_entries_are_drawn_with_what_each_sign_means(self):
        assert picture(changed((1, 2)), NAMED).text().splitlines() == [
            "  the result: . right, x wrong",
            "            output unit",
            "            0 1 2",
            "  example 0 . . .",
            "  example 1 . . x",
        ]

    def test_a_vector_is_drawn_as_one_line(self):
        task = task_of(lambda X: X[0], [("a row", (X,))])
        lines = picture(lambda X: X[0] * [1, 1, 3], task).text().splitlines()
        assert lines == ["  the result: . right, x wrong", "  entry", "  0 1 2", "  . . x"]

    def test_a_sign_and_what_is_no_number_are_told_apart(self):
        turned = picture(changed((0, 1), to=-1))
        assert "- right but for the sign" in turned.text()
        assert "Each wrong entry is right but for the sign." in turned.words
        lost = picture(changed((0, 1), to=np.nan))
        assert "? infinite or not a number" in lost.text()
        assert "Every entry is right but for its sign." in picture(lambda X: -2 * X).words

    @pytest.mark.parametrize(
        ("places", "words"),
        [
            ([np.s_[:, 1]], "the whole of column 1; the rest is right."),
            ([np.s_[:, 0], np.s_[:, 2]], "the whole of columns 0 and 2"),
            ([np.s_[1]], "the whole of row 1"),
        ],
    )
    def test_whole_rows_and_columns_are_said(self, places, words):
        assert words in picture(changed(*places)).words

    def test_the_diagonal_is_said(self):
        square = task_of(lambda X: X @ X.T, [("a square", (X,))])
        diagonal = picture(lambda X: np.diag(np.diag(X @ X.T)), square)
        assert "Only the diagonal is right." in diagonal.words
        other = picture(lambda X: X @ X.T + np.eye(2), square)
        assert "Wrong is the diagonal, and nothing else." in other.words

    def test_where_all_entries_are_wrong_or_there_is_one_nothing_is_drawn(self):
        assert picture(lambda X: 3 * X).grids == ()
        task = task_of(lambda X: X.sum(), [("a sum", (X,))])
        assert picture(lambda X: X.sum() + 1, task).words == ""

    def test_what_does_not_fit_on_a_screen_is_not_drawn(self):
        large = np.arange(400.0).reshape(20, 20)
        task = task_of(lambda X: 2 * X, [("large", (large,))])
        found = picture(changed((3, slice(None))), task)
        assert found.grids == ()
        assert "the whole of row 3" in found.words

    def test_three_axes_are_named_and_not_drawn(self):
        task = task_of(lambda X: np.stack([X, X]), [("three axes", (X,))])
        task = Task(**{**vars(task), "axes": {"the result": ("", "layer", "row", "column")}})
        found = picture(lambda X: np.stack([X, -X]), task)
        assert found.grids == ()
        assert found.words.startswith("On axis 0 number 1 is layer 1, on axis 1 number 0 is row 0")


class TestShapes:
    def test_two_shapes_stand_side_by_side(self):
        assert picture(lambda X: 2 * X.T).text().splitlines() == [
            "  yours, (3, 2)   expected, (2, 3)",
            "  o o             o o o",
            "  o o             o o o",
            "  o o",
        ]

    @pytest.mark.parametrize("wrong", [lambda X: 1.0, lambda X: X[:0], lambda X: X[None]])
    def test_shapes_that_are_no_tables_are_not_drawn(self, wrong):
        assert picture(wrong).grids == ()

    def test_a_part_is_called_by_its_name(self):
        task = task_of(lambda X: (X, X[0]), [("parts", (X,))])
        task = Task(**{**vars(task), "axes": {"the result[1]": ("db", "unit")}})
        assert picture(lambda X: (X, X), task).words == "The result[1] is db."


class TestCases:
    def chosen(self, *inputs, expected=lambda x: 2 * x):
        task = task_of(expected, [(name, (value,)) for name, value in inputs])
        verdict = verdict_of(task, lambda x: np.full(np.shape(expected(x)), np.e))
        return task.cases[verdict.first].group

    def test_of_those_that_fail_the_smallest_is_shown(self):
        large, small = ("large", np.ones((4, 5))), ("small", np.ones((2, 3)))
        assert self.chosen(large, small) == "small"
        assert self.chosen(("first", np.ones((2, 3))), ("second", np.ones((3, 2)))) == "first"

    def test_a_case_that_passes_is_not_shown(self):
        task = task_of(lambda X: 2 * X, [("small", (X[:, :2],)), ("large", (X,))])
        wrong = verdict_of(task, lambda X: 2 * X + (X.shape[1] == 3))
        assert "In the case 'large'" in report(wrong)

    def test_a_small_one_that_hides_the_mistake_comes_later(self):
        plain = ("plain", np.ones((2, 3)))
        assert self.chosen(("square", np.ones((2, 2))), plain) == "plain"
        assert self.chosen(("flat", np.ones((1, 3))), plain) == "plain"
        assert self.chosen(("huge", np.array([1000.0])), plain) == "plain"
        assert self.chosen(("lost", np.array([np.nan])), plain) == "plain"


DOCSTRING = """A layer.

Returns
-------
dX : Array, shape (M, n_in)
    Of the inputs.
db : Array, shape (n_out,)
steps : int
"""


class TestAxes:
    def test_parts_and_axes_have_the_names_of_the_docstring(self):
        assert axes_of(DOCSTRING, {"M": "example", "n_out": "unit"}) == {
            "the result[0]": ("dX", "example", ""),
            "the result[1]": ("db", "unit"),
            "the result[2]": ("steps",),
        }

    def test_a_single_result_has_axes_alone_and_entries_of_a_dict_have_theirs(self):
        one = "Sums.\n\nReturns\n-------\nArray, shape (n,)\n    Of each column."
        assert axes_of(one, {"n": "column"}) == {"the result": ("", "column")}
        assert axes_of(one, {}) == {}
        several = (
            'Parts.\n\nReturns\n-------\ndict\n    "row": shape (n,), a row.\n    "own": a number.'
        )
        assert axes_of(several, {"n": "unit"}) == {"the result['row']": ("", "unit")}

    def test_a_size_may_be_a_sum(self):
        path = "A path.\n\nReturns\n-------\narray, shape (steps + 1, n)"
        assert axes_of(path, {"steps + 1": "step"}) == {"the result": ("", "step", "")}


class Rows(HTMLParser):
    """The texts of the cells of a page, row by row, and what is said of each cell."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.labels, self.tags = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        self.labels += [value for name, value in attrs if name == "aria-label"]

    def handle_endtag(self, tag):
        assert self.tags.pop() == tag

    def handle_data(self, data):
        if self.tags[-1] in ("td", "th"):
            self.rows[-1].append(data)


class Notebook:
    """IPython as it is in a notebook: what is displayed is kept."""

    def __init__(self, monkeypatch, kernel=True, broken=False):
        self.shown = []

        def display(data, raw):
            if broken:
                raise RuntimeError
            self.shown.append(data)

        module = types.ModuleType("IPython")
        module.get_ipython = lambda: types.SimpleNamespace(kernel=kernel)
        module.display = types.SimpleNamespace(display=display)
        monkeypatch.setitem(sys.modules, "IPython", module)


class TestNotebook:
    def test_a_notebook_shows_a_table_with_heads_and_a_text_for_who_does_not_see_it(
        self, monkeypatch
    ):
        notebook = Notebook(monkeypatch)
        assert displayed(picture(changed((1, 2)), NAMED))
        (data,) = notebook.shown
        assert data["text/plain"] == picture(changed((1, 2)), NAMED).text()
        page = Rows(data["text/html"])
        assert page.rows[0] == ["example \\ output unit", "0", "1", "2"]
        assert page.rows[2] == ["1", ".", ".", "x"]
        assert page.labels == ["right"] * 5 + ["wrong"]

    @pytest.mark.parametrize("how", [{"kernel": None}, {"broken": True}])
    def test_where_it_cannot_be_shown_it_is_drawn(self, monkeypatch, how):
        Notebook(monkeypatch, **how)
        assert not displayed(picture(changed((1, 2))))

    def test_without_ipython_it_is_drawn(self, monkeypatch):
        monkeypatch.delitem(sys.modules, "IPython", raising=False)
        assert not displayed(picture(changed((1, 2))))

    @pytest.mark.parametrize("there", [True, False])
    def test_a_check_shows_it_once(self, monkeypatch, there):
        monkeypatch.setattr(commands, "known_tasks", lambda: {"f": TASK})
        Notebook(monkeypatch, kernel=there)

        def f(X):
            return changed((1, 2))(X)

        with pytest.raises(commands.CheckFailed) as failed:
            commands.check(f)
        assert (". right, x wrong" in str(failed.value)) != there
        assert "(1 of 6 entries are wrong)" in " ".join(str(failed.value).split())


def test_a_picture_holds_signs_and_no_number_of_the_answer():
    found = picture(changed((1, 2)), NAMED)
    for text in (found.words, found.text(), re.sub("<[^>]*>", " ", found.html())):
        assert set(re.findall(r"\d+", text)) <= {"0", "1", "2"}  # rows and columns


def test_where_nothing_may_be_told_nothing_is_drawn():
    """While a reference could be asked, the pattern of right and wrong entries is a text, too."""
    verdict = verdict_of(TASK, changed((1, 2)))
    assert picture_of(without_texts(verdict, [], ["earlier"])).text() == ""
    case = Case("own", ("ada",), {"a": X})
    task = Task("f", ("name",), (case,))
    typed = verdict_of(task, lambda name: {"a": changed((1, 2))(X / 2)})
    kept = without_answers(Verdict(task, typed.outcomes, typed.findings))
    assert picture_of(kept).text() == ""
    assert isinstance(kept.failure, Finding)
