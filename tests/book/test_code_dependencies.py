"""A page depends on the code that it imports, in whatever form it imports it."""

from pathlib import Path

import nbformat
import pytest
from book._ext.code_dependencies import (
    READ_BY,
    digest_of,
    files_behind,
    files_of_page,
    machinery_digest,
    page_imports,
    store_beside_others,
)
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase

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
    recorded = files_of_page(ROOT, 'golden = Path("../../tests/golden")\n')
    assert ROOT / "tests/golden/trajectories.json" in recorded
    assert files_of_page(ROOT, "No code.\n") == [ROOT / "book/course.mplstyle"]


def test_a_digest_is_one_of_names_and_contents(tmp_path):
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_bytes(b"a")
    other.write_bytes(b"a")
    digests = {digest_of(tmp_path, files) for files in ([one], [other], [one, other])}
    one.write_bytes(b"b")
    assert len(digests | {digest_of(tmp_path, [one])}) == 4


def test_what_builds_the_book_counts_as_deep_as_it_lies(tmp_path):
    (tmp_path / "poster").mkdir()
    (tmp_path / "questions.py").write_text("a = 1\n", encoding="utf-8")
    before = machinery_digest(tmp_path)
    (tmp_path / "poster" / "rules.py").write_text("b = 2\n", encoding="utf-8")
    assert machinery_digest(tmp_path) != before


@pytest.mark.parametrize("left_behind", [[], ["base.ipynb"]])
def test_a_page_is_stored_where_its_place_is_taken(tmp_path, left_behind):
    """Another build stores it at this moment, or was ended before the page was there."""
    cache = get_cache(tmp_path)
    page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1", execution_count=1)])
    _, name = cache.create_hashed_notebook(page)
    place, beside = tmp_path / "executed" / name, []

    def store(cache, bundle, **options):
        if not beside:  # and now another one does the same
            beside.append(place)
            place.mkdir(parents=True)
            for file in left_behind:
                (place / file).touch()
            raise FileExistsError(place)
        return JupyterCacheBase.cache_notebook_bundle(cache, bundle, **options)

    bundle = CacheBundleIn(page, "page.md", data={})
    store_beside_others(store)(cache, bundle, overwrite=True)
    assert cache.merge_match_into_notebook(page)[1].cells[0].source == "1 + 1"
