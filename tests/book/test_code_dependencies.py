"""A page depends on the code that it imports, in whatever form it imports it."""

from pathlib import Path

from book._ext.code_dependencies import (
    READ_BY,
    digest_of,
    files_behind,
    files_of_page,
    page_imports,
    store_beside_others,
)

ROOT = Path(__file__).resolve().parents[2]


def test_imports_are_found_in_one_line_and_in_several():
    text = (
        "from backprop.units import train_network\nimport backprop.tape as tape\n"
        "from backprop.losses import (\n    log_softmax,\n    one_hot,\n)\n%matplotlib inline\n"
    )
    assert page_imports(text) == {
        "backprop.units",
        "backprop.units.train_network",
        "backprop.tape",
        "backprop.losses",
        "backprop.losses.log_softmax",
        "backprop.losses.one_hot",
    }


def test_what_an_import_imports_counts_too():
    names = {path.name for path in files_behind(ROOT, {"backprop.units"})}
    assert {"units.py", "activations.py", "validation.py"} <= names
    assert "tape.py" not in names


def test_relative_imports_are_followed():
    names = {path.name for path in files_behind(ROOT, {"backprop.plotting"})}
    assert {"networks.py", "palette.py", "canvas.py"} <= names


def test_what_a_module_reads_counts_too():
    assert all((ROOT / module).is_file() for module in READ_BY)
    digits = files_of_page(ROOT, "from backprop.datasets import digits\n")
    assert ROOT / "solutions/backprop/data/digits.npz" in digits
    masters = files_of_page(ROOT, "from coursekit.authoring.masters import MASTERS\n")
    room, module = ROOT / "autograder/problem_sets/ps1/logistic.py", "solutions/backprop/tape.py"
    assert {room, ROOT / module} <= {*masters}
    assert files_of_page(ROOT, "No code.\n") == [ROOT / "book/course.mplstyle"]


def test_a_digest_is_one_of_names_and_contents(tmp_path):
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_bytes(b"a")
    other.write_bytes(b"a")
    digests = {digest_of(tmp_path, files) for files in ([one], [other], [one, other])}
    one.write_bytes(b"b")
    assert len(digests | {digest_of(tmp_path, [one])}) == 4


def test_a_page_that_another_build_stores_at_this_moment_is_stored_again():
    met = []

    def store(page):
        met.append(page)
        if len(met) == 1:
            raise FileExistsError(page)
        return page

    assert store_beside_others(store)("page") == "page"
    assert met == ["page", "page"]
