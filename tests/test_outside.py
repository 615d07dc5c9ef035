"""What a visitor sees first: picture, links and commands of the README, version, CI, hooks."""

import re
import shlex
import tomllib
from collections import Counter
from pathlib import Path

import yaml
from book.picture import PICTURE, picture

import backprop

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
VERSION = re.compile(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", re.MULTILINE)
HEX = re.compile(r"#[0-9a-f]{6}\b")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# ---- the picture


def says(svg: str) -> Counter[str]:
    """All texts of a picture and its colours: neither changes with the drawing library."""
    body = svg.partition("</style>")[2]
    texts = re.findall(r"<!-- (.+?) -->", body)
    return Counter([*texts, *re.findall(r"<title>(.+?)</title>", svg), *HEX.findall(svg)])


def test_the_picture_is_what_the_package_draws_now():
    kept = says(PICTURE.read_text(encoding="utf-8"))
    assert kept["0.49"] == 1
    assert says(picture()) == kept, "python -m book.picture draws it again"


def test_the_picture_can_be_read_in_light_and_dark():
    head, _, body = PICTURE.read_text(encoding="utf-8").partition("</style>")
    used = set(re.findall(r"var\((--[\w-]+)\)", body))
    assert {"--figure-ink", "--figure-paper", "--figure-forward", "--figure-backward"} <= used
    light, dark = (re.findall(r"(--[\w-]+): #", part) for part in head.split("@media"))
    assert used <= set(light) == set(dark)
    assert not HEX.findall(body)


# ---- links and commands


def test_every_link_to_a_file_leads_to_one():
    links = [link for page in PAGES for link in LINK.findall(text(page)) if "://" not in link]
    assert {"book/picture.svg", "CONTRIBUTING.md"} <= set(links)
    assert [link for link in links if not (ROOT / link).exists()] == []


def targets(makefile: str) -> set[str]:
    return set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split())


def test_every_make_command_in_the_texts_is_one():
    pages = " ".join(text(page) for page in PAGES)
    named = set(re.findall(r"`make ([a-z-]+)", pages)) | set(
        re.findall(r"^make (\w+)", pages, re.M)
    )
    assert {"test", "clean", "book", "help"} <= named
    assert named <= targets(text("Makefile"))


def test_make_help_lists_every_target():
    shown = text("Makefile").partition("\nhelp:\n")[2].partition("\n\n")[0]
    missing = [name for name in targets(text("Makefile")) if f"make {name}" not in shown]
    assert sorted(missing) == ["all", "help"]


# ---- version


def test_the_version_stands_in_one_place_and_the_others_repeat_it():
    cited = yaml.safe_load(text("CITATION.cff"))
    released = [pair for pair in VERSION.findall(text("CHANGELOG.md")) if pair[1]]
    assert "version" not in tomllib.loads(text("pyproject.toml"))["project"]
    assert cited["version"] == cited["preferred-citation"]["version"] == backprop.__version__
    assert released[0] == (backprop.__version__, str(cited["date-released"]))


def test_the_changelog_goes_from_the_newest_to_the_oldest():
    names = [name for name, _ in VERSION.findall(text("CHANGELOG.md"))]
    days = re.findall(r"^### (\S+)$", text("CHANGELOG.md"), re.MULTILINE)
    kinds = set(re.findall(r"^#### (\w+)$", text("CHANGELOG.md"), re.MULTILINE))
    assert names[0] == "Unreleased"
    assert days == sorted(days, reverse=True)
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


# ---- CI and hooks


def test_the_workflow_runs_ci_on_the_oldest_and_the_newest_python():
    job = yaml.safe_load(text(".github/workflows/ci.yml"))["jobs"]["tests"]
    oldest, newest = (
        tuple(map(int, re.match(r"python:(\d+)\.(\d+)-", image).groups()))
        for image in job["strategy"]["matrix"]["image"]
    )
    floor = tomllib.loads(text("pyproject.toml"))["project"]["requires-python"]
    wheels = re.findall(r"^    # numpy-.*-cp3(\d+)-", text(".ci/locked.txt"), re.MULTILINE)
    assert f">={oldest[0]}.{oldest[1]}" == floor
    assert newest == (3, max(map(int, wheels)))
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_the_actions_of_the_workflow_are_pinned_to_a_commit():
    used = re.findall(r"uses: (\S+)", text(".github/workflows/ci.yml"))
    assert used
    foreign = [name for name in used if not name.startswith("./")]
    assert [name for name in foreign if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name)] == []


def test_the_hooks_are_local_and_ask_what_make_lint_asks():
    repos = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    hooks = [shlex.split(hook["entry"]) for repo in repos for hook in repo["hooks"]]
    assert all(hook[0].startswith(".venv/bin/") for hook in hooks)
    recipe = text("Makefile").partition("\nlint:")[2].partition("\n\n")[0]
    asked = ("ruff check", "ruff format", "docstring_rules.py", "mypy", "lint-imports")
    for program in asked:
        assert program in recipe
        assert sum(program in " ".join(hook) for hook in hooks) == 1
    assert recipe.count("$(PY)") == len(asked)
