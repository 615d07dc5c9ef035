"""The autograder for Gradescope: what is in the zip, and that it says something in any case.

A bare root with the layout of Gradescope's image is made where ``COURSE_BARE_ROOT`` names a folder
for it, as it needs root, a network and some minutes.
"""

import json
import os
import pwd
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from tests.coursekit import gradescope_root as bare
from tests.coursekit.own_sets import begin_with_words

from coursekit.authoring.release import read_problem_set, release
from coursekit.cli import main
from coursekit.courses import Course, init_course
from coursekit.demo.sample_class import answered, right_answer, source_of_mistake
from coursekit.gradescope import running
from coursekit.gradescope.packing import pack
from coursekit.grading.results import Result
from coursekit.roster import Person, Roster
from coursekit.sandbox.worker_process import SandboxUnavailableError

DOE = {"users": [{"email": "doe@uni.example", "id": 7, "name": "Jane Doe"}], "id": 12}
SCRIPTS = Path(running.__file__).parent


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A course with ps1, and a set of its own of which a person marks a part."""
    made = init_course(tmp_path_factory.mktemp("gradescope") / "course")
    begin_with_words(made.root / "exercises")
    (made.root / "exercises" / "other.md").write_text("# not for this zip\n", encoding="utf-8")
    (made.root / "late.py").write_text("raise RuntimeError\n", encoding="utf-8")
    (made.root / "roster.csv").write_text(
        "student,name,email,login,lms_id,sis_id\njdoe,Jane Doe,doe@uni.example,jdoe,4711,S1\n",
        encoding="utf-8",
    )
    for problem_set in ("ps1", "mine"):
        release(made, problem_set)
    return made


@pytest.fixture(scope="module")
def zips(course) -> dict[str, Path]:
    return {problem_set: pack(course, problem_set).path for problem_set in ("ps1", "mine")}


@pytest.fixture
def place(tmp_path, zips) -> Path:
    """``/autograder`` and ``/opt/coursekit`` of mine, as far as a run looks at them."""
    with zipfile.ZipFile(zips["mine"]) as opened:
        members = [name for name in opened.namelist() if name.startswith("course/")]
        opened.extractall(tmp_path / "installed", members)
    (tmp_path / "autograder" / "submission").mkdir(parents=True)
    (tmp_path / "autograder" / "submission_metadata.json").write_text(
        json.dumps(DOE), encoding="utf-8"
    )
    return tmp_path


def hand_in(place: Path, answer: str | None, name: str = "mine.ipynb") -> None:
    released = place / "installed" / "course" / "release" / "mine" / "mine.ipynb"
    notebook = nbformat.read(released, as_version=4)
    answers = {} if answer is None else {"mine-row-means": answer}
    nbformat.write(answered(notebook, answers), place / "autograder" / "submission" / name)


def graded(place: Path, monkeypatch) -> dict:
    """What the results file holds; it is another test that root becomes another user."""
    monkeypatch.setattr(running, "become", lambda user, folder: None)
    assert running.grade_in(place / "autograder", place / "installed") == 0
    found = place / "autograder" / "results" / "results.json"
    return json.loads(found.read_text(encoding="utf-8"))


# The zip


def test_scripts_lie_at_the_root_and_may_be_run(zips):
    with zipfile.ZipFile(zips["ps1"]) as opened:
        for name in ("setup.sh", "run_autograder"):
            assert opened.getinfo(name).external_attr >> 16 == stat.S_IFREG | 0o755
            assert opened.read(name).startswith(b"#!/usr/bin/env bash\n")
    assert stat.S_IMODE(zips["ps1"].stat().st_mode) == 0o600


def test_nothing_of_another_set_or_of_a_student_is_in_it(course, zips):
    with zipfile.ZipFile(zips["mine"]) as opened:
        names = opened.namelist()
        contents = {name: opened.read(name) for name in names}
    assert not any("problem_sets/" in name for name in names)
    assert {name for name in names if name.startswith("course/")} == {
        "course/exercises/mine.md", "course/exercises/mine/row_means.py",
        "course/problem_set", "course/secret", "course/nbgrader_config.py", "course/course.toml",
        "course/release/mine/mine.ipynb", "course/roster.csv",
    }  # fmt: skip
    assert not any("__pycache__" in name for name in names)
    assert b"4711" not in contents["course/roster.csv"]
    assert b"doe@uni.example" in contents["course/roster.csv"]


def test_the_secret_of_the_course_stays_at_home(course, zips):
    secrets = set()
    for packed in zips.values():
        with zipfile.ZipFile(packed) as opened:
            assert all(course.secret not in opened.read(name) for name in opened.namelist())
            secrets.add(opened.read("course/secret"))
    assert {len(secret) for secret in secrets} == {32}
    assert len(secrets) == 2  # one set's does not tell another's


def test_the_same_course_gives_the_same_bytes(course, zips):
    before = zips["mine"].read_bytes()
    assert pack(course, "mine").path.read_bytes() == before


def test_versions_are_those_that_grade_here(zips):
    import numpy

    with zipfile.ZipFile(zips["ps1"]) as opened:
        versions = opened.read("versions.txt").decode().splitlines()
        needed = opened.read("requirements.txt").decode().splitlines()
    assert f"numpy=={numpy.__version__}" in versions
    assert not any(line.startswith("backprop-book") for line in versions)
    assert any(line.startswith("nbgrader") for line in needed)
    assert len(needed) == len(set(needed))


def test_the_packages_are_whole_without_the_checkout(zips, tmp_path):
    """They are imported as they lie there, and read the one problem set."""
    with zipfile.ZipFile(zips["ps1"]) as opened:
        opened.extractall(tmp_path)
    (tmp_path / "packages" / "coursekit" / "problem_sets").mkdir()  # as the set-up does
    program = (
        "import importlib.metadata, pathlib, sys\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "sys.path.insert(0, str(here / 'packages'))\n"
        "import coursekit, backprop\n"
        "from coursekit.authoring.masters import read_master\n"
        "import coursekit.gradescope.running\n"
        "print(coursekit.__file__, backprop.__file__)\n"
        "print(len(read_master(here / 'course' / 'exercises' / 'ps1.md').exercises))\n"
        "print(importlib.metadata.distribution('backprop-book').locate_file(''))\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(tmp_path)],
        capture_output=True, encoding="utf-8", cwd="/",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    here = tmp_path / "packages"
    assert done.stdout.splitlines() == [
        f"{here}/coursekit/__init__.py {here}/backprop/__init__.py", "13", str(here),
    ]  # fmt: skip


def test_the_command_says_what_to_do_and_what_is_in_it(course, capsys):
    assert main(["gradescope", "mine", "--course", str(course.root)]) == 0
    said = capsys.readouterr().out
    assert f"{course.root}/gradescope-mine.zip: give this file to Gradescope" in said
    assert "by hand:   3 points, which a person gives" in said
    assert "students:  1 of the roster, by address" in said


def test_who_has_no_address_in_the_roster_is_counted_apart_and_named(course, tmp_path, capsys):
    shutil.copytree(course.root, tmp_path / "course")
    (tmp_path / "course" / "roster.csv").write_text(
        "student,email,login\na,a@uni.example,\nb,,\nc,,c@uni.example\nd,,d\n", encoding="utf-8"
    )
    assert main(["gradescope", "mine", "--course", str(tmp_path / "course")]) == 0
    said = capsys.readouterr().out
    assert "students:  2 of the roster, by address; 2 have none there: b, d.\n" in said
    assert "numbers of their own" not in said
    assert main(["gradescope", "ps1", "--course", str(tmp_path / "course")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "or else by their address, which they then type for numbers of their own." in said


def test_what_was_not_released_is_refused(course, capsys):
    assert main(["gradescope", "ps3", "--course", str(course.root)]) == 2
    assert "ps3 is not released" in capsys.readouterr().err
    assert not (course.root / "gradescope-ps3.zip").exists()


def test_an_ordinary_notebook_is_refused_with_the_reason(course, tmp_path, capsys):
    copy = shutil.copytree(course.root, tmp_path / "course")
    (copy / "release" / "plain").mkdir()
    nbformat.write(nbformat.v4.new_notebook(), copy / "release" / "plain" / "plain.ipynb")
    assert main(["gradescope", "plain", "--course", str(copy)]) == 2
    assert "its hidden tests lie in the gradebook" in capsys.readouterr().err


# A run


@pytest.mark.tier("auto")
def test_a_right_answer_has_all_points_and_what_a_person_gives_is_said(course, place, monkeypatch):
    (exercise,) = read_problem_set(course, "mine").exercises
    hand_in(place, right_answer(exercise))
    found = graded(place, monkeypatch)
    assert "tests" in found, found["output"]
    (test,) = found["tests"]
    assert found["score"] == test["score"] == test["max_score"] == exercise.points
    assert found["output"] == "3 more points are given by a person, later."
    assert found["extra_data"]["versions"]["mine"]
    assert found["extra_data"]["sandbox"]
    assert set(found) == {
        "score", "output", "visibility", "stdout_visibility", "tests", "extra_data",
    }  # fmt: skip


@pytest.mark.tier("auto")
def test_a_mistake_is_named_with_its_groups_and_its_section(course, place, monkeypatch):
    (exercise,) = read_problem_set(course, "mine").exercises
    mistake = exercise.declaration.misconceptions[0]
    hand_in(place, source_of_mistake(exercise, mistake.id))
    found = graded(place, monkeypatch)
    (test,) = found["tests"]
    assert test["score"] < test["max_score"]
    assert found["extra_data"]["mistakes"] == {"mine-row-means": mistake.id}
    page, _, title = mistake.section.partition("#")
    assert f'The book has it in "{title}", {page}.' in test["output"]
    for group in exercise.declaration.cases:
        assert f"- {group.name}: " in test["output"]


@pytest.mark.tier("auto")
@pytest.mark.thorough
def test_a_file_of_another_name_is_found_and_said(place, monkeypatch):
    hand_in(place, None, "my homework.ipynb")
    found = graded(place, monkeypatch)
    assert found["score"] == 0
    assert "my homework.ipynb" in found["output"]


@pytest.mark.tier("auto")
@pytest.mark.thorough
def test_nothing_and_no_word_of_who_handed_in_is_graded_all_the_same(place, monkeypatch):
    (place / "autograder" / "submission_metadata.json").write_text("{", encoding="utf-8")
    (place / "autograder" / "submission" / "secret").symlink_to("/etc/passwd")
    found = graded(place, monkeypatch)
    assert found["score"] == 0
    assert "root:" not in json.dumps(found)
    assert "no grade of yours" not in found["output"]


def test_where_nobody_can_be_graded_the_file_says_that_it_is_no_grade(place, monkeypatch):
    def unavailable(course, problem_set, settings):
        raise SandboxUnavailableError("student code cannot be locked in here")

    monkeypatch.setattr(running, "tested", unavailable)
    hand_in(place, None)
    found = graded(place, monkeypatch)
    assert found["score"] == 0
    assert "this 0 is no grade of yours" in found["output"]
    assert found["output"].endswith("student code cannot be locked in here")


def test_an_error_of_the_grader_is_no_grade(place, monkeypatch):
    fault = Result("jdoe", "mine", (), fault="the disk is full")
    monkeypatch.setattr(running, "judged", lambda *_: fault)
    hand_in(place, None)
    found = graded(place, monkeypatch)
    assert "this 0 is no grade of yours" in found["output"]
    assert "the disk is full" in found["output"]


def test_what_the_run_script_wrote_stays_until_there_is_more_to_say(place, monkeypatch):
    found = place / "autograder" / "results" / "results.json"
    found.parent.mkdir()
    before = '{"score": 0, "output": "stopped"}' + " " * 1000
    found.write_text(before, encoding="utf-8")

    def look(*_):
        assert found.read_text(encoding="utf-8") == before
        raise OSError("as it was")

    monkeypatch.setattr(running, "graded_apart", look)
    assert running.grade_in(place / "autograder", place / "installed") == 0
    assert json.loads(found.read_text(encoding="utf-8"))["output"].endswith("OSError: as it was")


def test_a_pipe_in_a_hand_in_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "ps1.ipynb").touch()
    (tmp_path / "folder").mkdir()
    names = sorted(os.listdir(tmp_path))
    assert running.special_files(str(tmp_path), names) == ["pipe"]


# Who hands in

ROSTER = Roster(
    Person({"student": name, "email": f"{name}@uni.example", "name": full})
    for name, full in (("jdoe", "Jane Doe"), ("asmith", "Ann Smith"), ("asmi2", "Ann Smith"))
)
ROSTER = Roster([*ROSTER.people.values(), Person({"student": "li", "login": "li@uni.example"})])


@pytest.mark.parametrize(
    ("users", "student"),
    [
        ([{"email": "JDOE@uni.example", "name": "x"}], "jdoe"),
        ([{"email": "", "name": "Jane Doe"}], "jdoe"),
        ([{"email": "li@uni.example", "name": "Wei"}], "li"),
        ([{"email": "new@uni.example", "name": "Ann Smith"}], "new@uni.example"),
        ([{"email": "z@uni.example"}, {"email": "asmith@uni.example"}], "asmith"),
        ([{"email": "<b>@x", "name": "Zoë"}], "Zoë"),
        ([{"email": None, "name": 7}], "7"),
        ([], "somebody"),
        (None, "somebody"),
        (["odd"], "somebody"),
    ],
)
def test_the_roster_says_who_it_is(users, student):
    assert running.submitter({"users": users}, ROSTER).student == student


# Other users, and scripts


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_becomes_a_user_who_reads_nothing_of_roots(tmp_path):
    (tmp_path / "of root").write_text("secret", encoding="utf-8")
    (tmp_path / "of root").chmod(0o600)
    folder = tmp_path / "own"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "link").symlink_to(tmp_path / "of root")
    program = (
        "import os, sys; from pathlib import Path\n"
        "from coursekit.gradescope.running import become\n"
        "folder = Path(sys.argv[1])\n"
        "become('nobody', folder)\n"
        "print(os.getresuid(), os.getgroups(), os.access(folder.parent / 'of root', os.R_OK))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, encoding="utf-8"
    )
    nobody = pwd.getpwnam("nobody").pw_uid
    assert done.stdout.split("\n")[0] == f"({nobody}, {nobody}, {nobody}) [] False", done.stderr
    assert (folder / "deep").stat().st_uid == nobody
    assert (tmp_path / "of root").stat().st_uid == 0


def test_without_its_user_the_image_is_said_to_be_unfinished(place, monkeypatch):
    monkeypatch.setattr(running, "USER", "nobody-is-called-so")
    monkeypatch.setattr(running.os, "geteuid", lambda: 0)
    hand_in(place, None)
    assert running.grade_in(place / "autograder", place / "installed") == 0
    text = (place / "autograder" / "results" / "results.json").read_text(encoding="utf-8")
    assert "build it again" in json.loads(text)["output"]


@pytest.mark.parametrize("program", [None, "#!/bin/sh\nkill -9 $$\n", "#!/bin/sh\nexit 3\n"])
def test_the_run_script_leaves_a_results_file_whatever_happens(place, program):
    if program:
        python = place / "installed" / "bin" / "python"
        python.parent.mkdir()
        python.write_text(program, encoding="utf-8")
        python.chmod(0o755)
    done = subprocess.run(
        ["bash", str(SCRIPTS / "run_autograder")], capture_output=True,
        env=os.environ | {"AUTOGRADER": f"{place}/autograder", "COURSEKIT": f"{place}/installed"},
    )  # fmt: skip
    assert done.returncode == 0
    text = (place / "autograder" / "results" / "results.json").read_text(encoding="utf-8")
    assert json.loads(text)["score"] == 0
    assert "no grade of yours" in json.loads(text)["output"]


STUBS = {
    "apt-get": "", "useradd": "", "id": "",
    "python3": (
        'if [ "$1" = -c ]; then exit 1; fi\n'  # too old
        'mkdir -p "$3/bin"; cp "$STUBS/pip" "$STUBS/uv" "$3/bin"\n'
    ),
    "pip": "",
    "uv": (
        'new=$UV_PYTHON_INSTALL_DIR/cpython-3.12.1-linux/bin; mkdir -p "$new"\n'
        'cp "$STUBS/fetched" "$new/python3.12"\n'
    ),
    "fetched": (
        'if [ "$1" = --version ]; then echo Python 3.12.1; exit; fi\n'
        'mkdir -p "$3/bin"; cp "$STUBS/pip" "$3/bin"; cp "$STUBS/python" "$3/bin"\n'
    ),
    "python": 'if [ "$1" = -c ]; then echo "$COURSEKIT/site"; mkdir -p "$COURSEKIT/site"; fi\n',
}  # fmt: skip
"""Programs of an image whose Python is too old."""
PROGRAMS = ("bash", "mkdir", "rm", "ls", "head", "mktemp", "cp", "mv", "chmod", "cat", "env")


def test_the_set_up_fetches_a_python_of_its_own_where_the_image_has_an_old_one(zips, tmp_path):
    stubs, source = tmp_path / "stubs", tmp_path / "autograder" / "source"
    stubs.mkdir()
    for name, body in STUBS.items():
        (stubs / name).write_text(
            f'#!/bin/bash\necho "{name} $*" >>"$STUBS/log"\n{body}', encoding="utf-8"
        )
        (stubs / name).chmod(0o755)
    for name in PROGRAMS:
        (stubs / name).symlink_to(shutil.which(name))
    with zipfile.ZipFile(zips["mine"]) as opened:
        opened.extractall(source)
    places = {"AUTOGRADER": str(source.parent), "COURSEKIT": str(tmp_path / "opt")}
    done = subprocess.run(
        [shutil.which("bash"), str(source / "setup.sh")], capture_output=True, encoding="utf-8",
        env={"PATH": str(stubs), "STUBS": str(stubs), **places},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no Python from 3.11 up is here; fetching one" in done.stdout
    fetched = tmp_path / "opt" / "python" / "cpython-3.12.1-linux" / "bin" / "python3.12"
    assert f"Python 3.12.1, {fetched}" in done.stdout
    assert (tmp_path / "opt" / "site" / "coursekit" / "cli.py").is_file()
    course = tmp_path / "opt" / "course"
    assert stat.S_IMODE(course.stat().st_mode) == 0o700
    assert stat.S_IMODE((course / "secret").stat().st_mode) == 0o600
    assert not (source / "course").exists()


# Gradescope's layout

SPY = """\
def logistic(z):
    import os, socket
    found = []
    for path in ("/opt/coursekit/course/secret", "/autograder/submission_metadata.json",
                 "/autograder/results/results.json", "/root", "/opt/coursekit/course"):
        try:
            found.append(str(os.listdir(path) if os.path.isdir(path) else open(path).read(9)))
        except OSError:
            pass
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
        found.append("network")
    except ConnectionRefusedError:
        found.append("network")
    except OSError:
        pass
    raise ValueError(f"uid {os.getuid()} found {found}")
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("COURSE_BARE_ROOT") or bool(bare.missing()),
    reason="NOT TESTED: COURSE_BARE_ROOT names no folder for a bare root, or none can be made",
)
def test_it_grades_in_a_bare_root_of_gradescopes_layout(course, zips):
    root = bare.made_root(Path(os.environ["COURSE_BARE_ROOT"]))
    said = bare.built(root, zips["ps1"])
    assert "setup.sh: an untouched release comes to:" in said
    assert "others are taken" not in said
    assert '"score": 0.0' in said
    release = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
    right = {e.id: right_answer(e) for e in read_problem_set(course, "ps1").exercises}
    notebook = nbformat.writes(answered(release, right))
    found = bare.handed_in(root, {"ps1.ipynb": notebook.encode()})
    assert found["printed"] == ""
    assert found["score"] == sum(test["max_score"] for test in found["tests"])
    assert found["extra_data"]["sandbox"].startswith("landlock")
    spied = nbformat.writes(answered(release, right | {"ps1-logistic": SPY}))
    found = bare.handed_in(root, {"ps1.ipynb": spied.encode()})
    (test,) = (one for one in found["tests"] if one["name"] == "ps1-logistic")
    assert "found []" in test["output"]
    assert "uid 0" not in test["output"]
    (root / "opt" / "coursekit" / "bin" / "python").unlink()
    found = bare.handed_in(root, {"ps1.ipynb": notebook.encode()})
    assert "no grade of yours" in found["output"]
