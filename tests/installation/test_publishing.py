"""What `make site` lays beside the pages, and what publishes it."""

import gzip
import importlib
import re
from pathlib import Path

import brotli
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github/workflows"


@pytest.fixture
def build_site(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    return importlib.import_module("build_site")


def test_what_gets_smaller_lies_there_packed_as_well(build_site, tmp_path):
    text = "the same again and again " * 200
    for name in ("page.html", "deep/style.css", "small.html", "picture.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x" if name == "small.html" else text, encoding="utf-8")
    before, after = build_site.pack(tmp_path)
    assert before == 2 * len(text) > 10 * after
    packed = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.[gb][zr]")}
    assert packed == {
        f"{name}.{kind}" for name in ("page.html", "deep/style.css") for kind in ("gz", "br")
    }
    assert gzip.decompress((tmp_path / "page.html.gz").read_bytes()).decode() == text
    assert brotli.decompress((tmp_path / "page.html.br").read_bytes()).decode() == text


def test_packing_twice_gives_the_same_bytes(build_site, tmp_path):
    (tmp_path / "page.html").write_text("words " * 900, encoding="utf-8")
    first = build_site.pack(tmp_path), (tmp_path / "page.html.gz").read_bytes()
    assert (build_site.pack(tmp_path), (tmp_path / "page.html.gz").read_bytes()) == first


@pytest.mark.parametrize(
    ("address", "edition", "stands"),
    [
        ("", "course", ""),
        ("https://x.example/b/", "textbook", "https://x.example/b"),
        ("https://x.example/b/", "course", "https://x.example/b/course"),
    ],
)
def test_each_edition_knows_where_it_will_stand(build_site, monkeypatch, address, edition, stands):
    monkeypatch.setenv("BOOK_ADDRESS", address)
    assert build_site.address_of(edition) == stands


def test_the_branch_of_notebooks_says_what_to_install(build_site, tmp_path):
    html, branch = tmp_path / "html", tmp_path / "branch"
    for name in ("p-1-py3-none-any.whl", "book/a/x.ipynb", "book/a/read.json", "book/a/x.html"):
        (html / name).parent.mkdir(parents=True, exist_ok=True)
        (html / name).write_text(name, encoding="utf-8")
    build_site.gather_notebooks(html, branch)
    found = {path.relative_to(branch).as_posix() for path in branch.rglob("*") if path.is_file()}
    assert found == {
        "p-1-py3-none-any.whl", "book/a/x.ipynb", "book/a/read.json", "requirements.txt"
    }  # fmt: skip
    asked = (branch / "requirements.txt").read_text(encoding="utf-8")
    assert asked == "./p-1-py3-none-any.whl[plot]\n"


# The workflows


def workflow(name: str) -> dict:
    read = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return read | {"on": read[True]}  # YAML 1.1 takes the word for a truth value


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.name)
def test_actions_are_those_of_a_commit_and_may_read_only_unless_a_job_says_more(path):
    used = re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))
    for action, note in used:
        if not action.startswith("./"):
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action)
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", note)
    assert workflow(path.name)["permissions"] == {"contents": "read"}


def test_only_what_has_passed_is_published_and_only_where_it_is_asked_for():
    publish = workflow("ci.yml")["jobs"]["publish"]
    assert publish["needs"] == "tests"
    for condition in ("refs/heads/main", "'push'", "vars.PUBLISH == 'true'"):
        assert condition in publish["if"]
    assert publish["uses"] == "./.github/workflows/publish.yml"
    jobs = workflow("publish.yml")["jobs"]
    asked = {key for job in jobs.values() for key in job["permissions"]}
    assert asked <= publish["permissions"].keys()
    assert set(workflow("publish.yml")["on"]) == {"workflow_call"}


def test_the_workflow_says_where_the_site_stands():
    build = workflow("publish.yml")["jobs"]["build"]["steps"]
    (made,) = [step for step in build if step.get("run") == "make site"]
    assert set(made["env"]) == {"BOOK_ADDRESS", "BOOK_REPOSITORY", "BOOK_NOTEBOOKS_BRANCH"}
    (looked_at,) = [step for step in build if "tests.site.lighthouse" in step.get("run", "")]
    assert build.index(made) < build.index(looked_at)
    pages = re.findall(r"\S+\.html", looked_at["run"])
    assert len(pages) == 5
    assert [page for page in pages if not list(ROOT.glob(page.replace(".html", ".*")))] == []
    kept = [step["with"]["path"] for step in build if "path" in step.get("with", {})]
    assert kept == ["build/site", "build/site-notebooks"]
