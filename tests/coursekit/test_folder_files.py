"""Files beside ordinary notebooks: of the release and of the hand-in, whatever their size."""

import io
import tarfile
import tracemalloc

import pytest

from coursekit.courses import init_course
from coursekit.errors import CourseError
from coursekit.grading.folder_files import (
    Files,
    SavedFolder,
    handed_in_files,
    in_memory,
    on_disk,
    released_files,
)
from coursekit.sandbox.limits import ORDINARY, Limits
from coursekit.sandbox.outcomes import Cell
from coursekit.sandbox.pool import WorkerPool
from coursekit.submissions.handed_in import handed_in

MIB = 2**20
SMALL = Limits(file_size=MIB, scratch=3 * MIB, files=64)
each_tier = pytest.mark.parametrize("tier", ["bwrap", "landlock"])


@pytest.fixture
def course(tmp_path):
    return init_course(tmp_path / "course")


def put(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def released(course, files, limits=ORDINARY):
    put(course.release("week"), files)
    return released_files(course, "week", limits)


def given(course, files, beside, limits=ORDINARY):
    put(course.submitted() / "ann" / "week", files)
    with handed_in(course, "ann", "week") as hand_in:
        found = handed_in_files(hand_in, ["week"], beside, limits)
        contents = {name: b"".join(file.content()) for name, file in found.files.items()}
        return contents, hand_in.oddities


def unpacked(files):
    archive = io.BytesIO(b"".join(files.pieces()))
    with tarfile.TarFile(fileobj=archive) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}


# Which files


def test_all_of_a_release_but_its_notebooks(course):
    files = {"a.csv": b"a", "week.ipynb": b"{}", "in/b.ipynb": b"b", "in/deep/c": b"", "x.pyc": b""}
    assert unpacked(released(course, files)) == {
        "a.csv": b"a", "in/b.ipynb": b"b", "in/deep/c": b"",
    }  # fmt: skip


def test_a_large_file_takes_no_room_from_those_behind_it(course):
    files = {"archive.bin": bytes(9 * MIB), "data.csv": b"x"}
    assert set(released(course, files).files) == set(files)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a": bytes(MIB + 1)}, "it has 1 MB, and file_mb is 1"),
        ({name: bytes(MIB) for name in "abcd"}, "all files have 4 MB, and folder_mb is 3"),
        ({f"{k}": b"" for k in range(65)}, "more files than folder_files, which is 64"),
    ],
)
def test_a_release_that_does_not_fit_is_an_error_of_the_course(course, files, words):
    with pytest.raises(CourseError) as caught:
        released(course, files, SMALL)
    assert words in str(caught.value)
    assert "raise that in [limits.ordinary] of course.toml" in str(caught.value)


def test_what_a_student_hands_in_is_there_and_the_master_s_files_stay(course):
    beside = released(course, {"own.txt": b"master", "data/a": b"master", "plain": b""})
    files = {
        "mine.py": b"mine", "own.txt": b"mine", "week.ipynb": b"{}", "data/b": b"mine",
        "plain/below": b"in the way", "__pycache__/x": b"", ".ipynb_checkpoints/y": b"",
    }  # fmt: skip
    contents, oddities = given(course, files, beside)
    assert contents == {"mine.py": b"mine", "data/b": b"mine"}
    assert oddities == []


def test_a_file_in_the_place_of_a_folder_of_the_release_is_left_out(course):
    beside = released(course, {"data/a": b"master"})
    assert given(course, {"data": b"in the way"}, beside) == ({}, [])


def test_what_does_not_fit_is_left_out_with_a_word_and_the_rest_is_there(course):
    beside = released(course, {"data": bytes(MIB)}, SMALL)
    files = {"a": bytes(MIB + 1), "b": bytes(MIB), "c": bytes(MIB), "d": bytes(MIB), "e": b"e"}
    contents, oddities = given(course, files, beside, SMALL)
    assert set(contents) == {"b", "c"}
    assert [oddity.split(" was left out: ")[0] for oddity in oddities] == ["a", "d", "e"]
    assert "it has 1 MB, and file_mb is 1 in [limits.ordinary] of course.toml" in oddities[0]


def test_a_link_is_not_followed(course):
    (course.root / "key").write_text("secret", encoding="utf-8")
    folder = course.submitted() / "ann" / "week"
    folder.mkdir(parents=True)
    (folder / "key.txt").symlink_to(course.root / "key")
    contents, (oddity,) = given(course, {}, Files([]))
    assert contents == {}
    assert "key.txt is a symbolic link" in oddity


def test_of_nobody_who_handed_nothing_in_any_file_is_taken(course, monkeypatch, tmp_path):
    put(tmp_path / "here", {"of the grader": b"x"})
    monkeypatch.chdir(tmp_path / "here")
    with handed_in(course, "nobody", "week") as hand_in:
        assert handed_in_files(hand_in, ["week"], Files([]), ORDINARY).files == {}


# How they travel


def test_the_same_files_give_the_same_digest_and_others_another(tmp_path):
    def digest(name, content):
        put(tmp_path, {name: content})
        return Files([on_disk(tmp_path / name, name)]).digest()

    first = digest("a", b"x")
    assert digest("a", b"x") == first
    assert len({first, digest("a", b"y"), digest("b", b"x")}) == 3


def test_a_file_that_changes_while_it_is_sent_spoils_no_other(tmp_path):
    put(tmp_path, {"shrinks": b"12345", "grows": b"12345"})
    names = ("shrinks", "grows")
    files = Files([*(on_disk(tmp_path / name, name) for name in names), in_memory("z", b"z")])
    put(tmp_path, {"shrinks": b"1", "grows": b"1234567"})
    assert unpacked(files) == {"shrinks": b"1\0\0\0\0", "grows": b"12345", "z": b"z"}


def test_a_large_file_is_not_held_in_memory(tmp_path):
    put(tmp_path, {"large": bytes(32 * MIB)})
    files = Files([on_disk(tmp_path / "large", "large")])
    tracemalloc.start()
    size = sum(map(len, files.pieces()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 32 * MIB
    assert peak < 4 * MIB


LIST = """
import os
for folder, below, files in os.walk("."):
    for name in files:
        path = os.path.relpath(os.path.join(folder, name))
        if not path.startswith(("profile_default", "fontlist")):
            print(path, os.path.getsize(path), oct(os.stat(path).st_mode & 0o777))
"""


def listed(pool, archives, source=LIST, file=None):
    with pool.submission([Cell("list", source)], archives=archives) as run:
        assert run.fault is None, run.fault
        assert run.cells[0].status == "ok", run.cells
        lines = sorted("".join(output.text for output in run.cells[0].outputs).splitlines())
        return (lines, run.save_folder(file)) if file else lines


@pytest.fixture
def pool(tier):
    with WorkerPool(1, tier, limits=ORDINARY) as opened:
        yield opened


@each_tier
def test_files_are_there_before_the_first_cell_and_the_later_one_wins(pool, tmp_path):
    put(tmp_path, {"large": bytes(20 * MIB), "run.sh": b"#!/bin/sh\n"})
    (tmp_path / "run.sh").chmod(0o755)
    disk = Files(on_disk(tmp_path / name, name) for name in ("large", "run.sh"))
    first = Files([in_memory("a", b"first"), in_memory("é/ü", b"")])
    assert listed(pool, [first, disk, Files([in_memory("a", b"later!")])]) == [
        "a 6 0o644", f"large {20 * MIB} 0o644", "run.sh 10 0o755", "é/ü 0 0o644",
    ]  # fmt: skip


@each_tier
def test_what_a_notebook_leaves_the_next_one_finds(pool, tmp_path):
    source = "import os\nopen('b', 'w').write('bb')\nos.mkdir('c')\nos.symlink('../b', 'c/d')\n"
    with (tmp_path / "saved").open("w+b") as file:
        _, saved = listed(pool, [Files([in_memory("a", b"a")])], source, file)
        assert saved
        assert listed(pool, [SavedFolder(file)], LIST) == [
            "a 1 0o644", "b 2 0o644", "c/d 2 0o644",
        ]  # fmt: skip


@each_tier
def test_what_is_no_archive_costs_nothing_but_the_files(pool):
    assert listed(pool, [SavedFolder(io.BytesIO(b"x" * 5000)), Files([in_memory("a", b"")])]) == [
        "a 0 0o644"
    ]


@each_tier
@pytest.mark.parametrize("name", ["os.walk", "tarfile.open"])
def test_student_code_that_spoils_the_saving_spoils_it_for_itself(pool, tmp_path, name):
    spoiled = {
        "os.walk": "import os\nos.walk = lambda *_: 1 / 0\n",
        "tarfile.open": "import os, tarfile\ntarfile.open = lambda *_, **__: os._exit(3)\n",
    }
    limits = Limits(patience_seconds=2.0)
    cells = [Cell("a", spoiled[name])]
    with (tmp_path / "saved").open("w+b") as file, pool.submission(cells, limits) as run:
        assert run.save_folder(file) is False
    assert listed(pool, []) == []


@each_tier
def test_files_for_which_there_is_no_room_are_an_error_of_the_grader(pool):
    files = Files([in_memory("a", bytes(2 * MIB))])
    with pool.submission([Cell("a", "1")], Limits(scratch=MIB, file_size=MIB), [files]) as run:
        assert "no place for the files" in run.fault


@pytest.mark.tier("bwrap")
def test_shared_memory_is_there_is_limited_and_is_gone_with_the_submission():
    source = (
        "import os\nprint(os.listdir('/dev/shm'))\n"
        "with open('/dev/shm/x', 'wb') as file:\n    file.write(bytes(2**20))\n"
    )
    with WorkerPool(1, "bwrap", limits=Limits(shared_memory=2**21)) as pool:
        for _ in range(2):
            assert listed(pool, [], source) == ["[]"]
        with pool.submission([Cell("a", source.replace("2**20", "2**23"))]) as run:
            assert "No space left" in run.cells[0].error.message
