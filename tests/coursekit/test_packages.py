"""Which installed packages student code finds: what is not shown cannot be imported, however."""

import importlib.metadata
import json
import os
import sys

import pytest

from coursekit.errors import CourseError
from coursekit.sandbox import packages as module
from coursekit.sandbox import visible_files
from coursekit.sandbox.outcomes import Cell
from coursekit.sandbox.packages import module_name, packages, places, tops
from coursekit.sandbox.pool import WorkerPool
from coursekit.sandbox.visible_files import allow_list, below, readable_paths

each_tier = pytest.mark.parametrize("tier", ["bwrap", "landlock"])


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of packages into which :func:`install` puts distributions."""
    folder = tmp_path / "lib" / "python3" / "site-packages"
    folder.mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    packages.cache_clear()
    yield folder
    packages.cache_clear()


def install(site, name, files, requires=(), record=True, **more):
    about = site / f"{name.replace('-', '_')}-1.0.dist-info"
    for file in files:
        place = site / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    about.mkdir()
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}"
    (about / "METADATA").write_text(text, encoding="utf-8")
    for file, content in more.items():
        (about / file.replace("__", ".")).write_text(content, encoding="utf-8")
    if record:
        rows = [*files, f"{about.name}/METADATA", f"{about.name}/RECORD", "../../../bin/tool"]
        text = "".join(f"{row},sha256=x,1\n" for row in rows)
        (about / "RECORD").write_text(text, encoding="utf-8")
    return importlib.metadata.distribution(name)


def below_site(site, found):
    return {os.path.relpath(path, site) for path in found if below(path, str(site))}


def test_what_the_worker_needs_is_there_with_what_that_needs():
    found = packages(())
    assert {"numpy", "matplotlib", "IPython", "matplotlib_inline", "PIL", "traitlets"} <= set(
        found.names
    )
    assert not {"sklearn", "scipy", "nbgrader", "backprop", "coursekit", "pip"} & set(found.names)
    assert any(version.startswith("numpy ") for version in found.versions)


def test_a_package_comes_with_what_it_requires_here_and_no_more(site):
    install(
        site, "wanted", ["wanted/__init__.py"],
        ["needed>=1", "other; python_version < '3'", "extra; extra == 'all'", "more[all]"],
    )  # fmt: skip
    install(site, "needed", ["needed.py"], ["missing"])
    install(site, "other", ["other.py"])
    install(site, "extra", ["extra.py"])
    install(site, "more", ["more.py"], ["behind; extra == 'all'", "not-behind; extra == 'x'"])
    install(site, "behind", ["behind.py"])
    install(site, "not-behind", ["not_behind.py"])
    names = set(packages(("wanted",)).names)
    assert names & {"wanted", "needed", "other", "extra", "more", "behind", "not_behind"} == {
        "wanted", "needed", "more", "behind",
    }  # fmt: skip


def test_requirements_in_a_circle_come_to_an_end(site):
    install(site, "one", ["one.py"], ["two"])
    install(site, "two", ["two.py"], ["one"])
    assert {"one", "two"} <= set(packages(("one",)).names)


def test_a_package_is_one_place_and_a_folder_that_others_share_is_none(site):
    made = install(
        site, "split",
        ["split/__init__.py", "split/deep/data.bin", "split.libs/lib.so", "single.py",
         "single2.cpython-311-x86_64-linux-gnu.so", "shared/part/__init__.py", "shared/other.py",
         "shared/part/inner/x.py", "__pycache__/single.cpython-311.pyc"],
    )  # fmt: skip
    assert tops(made) == {
        "split", "split.libs", "single.py", "single2.cpython-311-x86_64-linux-gnu.so",
        "shared/part", "shared/other.py", "split-1.0.dist-info",
    }  # fmt: skip
    found = below_site(site, places(made))
    assert found == tops(made) | {"__pycache__/single.cpython-311.pyc"}
    names = {module_name(str(site / place)) for place in found}
    assert names == {"split", "single", "single2", "shared", ""}


def test_a_package_without_a_list_of_its_files_is_found_by_its_names(site):
    files = ["by_name/__init__.py", "listed.py", "by_name.libs/lib.so"]
    by_name = install(site, "by-name", files, record=False)
    assert below_site(site, places(by_name)) == {"by_name", "by_name.libs"}
    listed = install(site, "other-name", [], record=False, top_level__txt="listed\n")
    assert below_site(site, places(listed)) == {"listed.py"}


def test_a_package_that_is_not_there_is_an_error_that_says_so():
    with pytest.raises(CourseError, match="'no-such-package' is not installed for"):
        packages(("no-such-package",))


def test_a_package_in_the_editable_form_is_refused(site):
    origin = json.dumps({"url": "file:///x", "dir_info": {"editable": True}})
    install(site, "editable", ["editable.pth"], direct_url__json=origin)
    with pytest.raises(CourseError, match="'editable' is installed in the editable form"):
        packages(("editable",))


def test_of_a_folder_of_packages_only_what_was_chosen_is_listed(site, monkeypatch):
    install(site, "wanted", ["wanted/__init__.py"])
    install(site, "other", ["other/__init__.py"])
    root = str(site.parents[2])
    monkeypatch.setattr(visible_files, "_interpreter", lambda: [root])
    listing = allow_list((), ["wanted"])
    assert str(site) in listing.sites
    readable = readable_paths(listing)
    assert str(site / "wanted") in readable
    assert not any(below(str(site / "other"), path) for path in readable)


def test_every_folder_of_packages_is_known_also_those_of_other_interpreters(tmp_path, monkeypatch):
    for place in ("lib/python3.12/site-packages", "lib/python3/dist-packages"):
        (tmp_path / place).mkdir(parents=True)
    monkeypatch.setattr(module, "PREFIXES", (str(tmp_path),))
    assert {
        str(tmp_path / "lib/python3.12/site-packages"),
        str(tmp_path / "lib/python3/dist-packages"),
    } <= set(module.folders_of_packages())


LOOK = """
import importlib, os, sys

def outcome(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        return type(error).__name__
    return "there"

def imports(names):
    return [outcome(name) for name in names]

def spec(name):
    import importlib.util
    return importlib.util.find_spec(name) is None

def by_force(site):
    sys.meta_path[:] = [finder for finder in sys.meta_path if "Path" in str(finder)]
    sys.path_hooks[:] = sys.path_hooks[-1:]
    sys.path_importer_cache.clear()
    sys.path.append(site)
    return outcome("sklearn")

def opened(path):
    try:
        open(path).close()
    except OSError:
        return False
    return True

def started(name):
    import subprocess
    return subprocess.run([sys.executable, "-c", f"import {name}"]).returncode
"""


@pytest.fixture(scope="module")
def pools():
    made = {}
    yield made
    for pool in made.values():
        pool.close()


def look(pools, tier, packages, name, *args):
    pool = pools.get((tier, packages))
    if pool is None:
        pool = pools[tier, packages] = WorkerPool(1, tier, packages=packages)
    with pool.submission([Cell("look", LOOK)]) as run:
        outcome = run.call(name, args, cpu_seconds=20)
        return getattr(outcome, "value", outcome)


@each_tier
def test_student_code_finds_what_the_worker_needs_and_no_more(tier, pools):
    names = ["numpy", "matplotlib.pyplot", "mpl_toolkits.mplot3d", "json", "sklearn", "nbgrader"]
    assert look(pools, tier, (), "imports", names) == [
        "there", "there", "there", "there", "ModuleNotFoundError", "ModuleNotFoundError",
    ]  # fmt: skip
    assert look(pools, tier, (), "spec", "sklearn") is True


@each_tier
def test_student_code_cannot_reach_another_package_by_changing_how_python_imports(tier, pools):
    sklearn = importlib.metadata.distribution("scikit-learn")
    site = str(sklearn.locate_file(""))
    assert look(pools, tier, (), "by_force", site) != "there"
    assert look(pools, tier, (), "opened", f"{site}/sklearn/__init__.py") is False
    assert look(pools, tier, None, "opened", f"{site}/sklearn/__init__.py") is True


@each_tier
def test_what_the_instructor_adds_is_there_with_what_it_needs(tier, pools):
    names = ["sklearn.linear_model", "scipy", "joblib", "sympy"]
    assert look(pools, tier, ("scikit-learn",), "imports", names) == [
        "there", "there", "there", "ModuleNotFoundError",
    ]  # fmt: skip


@each_tier
def test_a_program_that_student_code_starts_finds_the_same(tier, pools):
    assert look(pools, tier, (), "started", "json") == 0
    assert look(pools, tier, (), "started", "numpy") == 0
    assert look(pools, tier, (), "started", "sklearn") == 1


@each_tier
def test_without_a_choice_all_is_there(tier, pools):
    assert look(pools, tier, None, "imports", ["sklearn", "sympy"]) == ["there", "there"]
