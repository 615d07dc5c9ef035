"""Whatever a submission sends or does, it is never an error of the grader."""

import io
import tarfile
from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.coursekit.attacks.conftest import LIMITS
from tests.coursekit.attacks.test_values import WRITE

from coursekit.grading.folder_files import SavedFolder
from coursekit.sandbox.attempts import MOST_LINES, MOST_NAME, MOST_TEXT, error_of, outputs_of
from coursekit.sandbox.outcomes import BadValue, Cell, Crashed, Returned, ReturnedTooLarge, TooLarge
from coursekit.worker.supervisor import Supervisor
from coursekit.worker.trees import encode

CELLS = {
    "40,000 empty outputs": "for _ in range(40_000): write(11, T({}))",
    "40,000 outputs that are no tree": "for _ in range(40_000): write(11, b'')",
    "garbage in the place of a fork": "write(13, b'\\xff' * 9)",
    "a fork that failed for no reason": "write(13, T('[Errno 11] Resource unavailable'))",
    "an end with garbage": "write(12, b'\\xff')",
    "an end with 300,000 lines": "write(12, T({'status': 'error', 'traceback': 'x\\n' * 300_000}))",
    "a status that is a list": "write(12, T({'status': [1]}))",
    "its two streams in turn": (
        "import os, time\nfor k in range(30_000):\n    os.write(1 + k % 2, b'x')\n"
        "    k % 2 or time.sleep(0)"
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_what_a_cell_sends_is_its_own_doing(pool, name):
    cells = [Cell("a", "def honest(): return 3"), Cell("forger", WRITE + CELLS[name])]
    with pool.submission(cells, LIMITS) as run:
        assert run.fault is None
        assert all(len(cell.outputs) <= 2000 for cell in run.cells)
        assert isinstance(run.call("honest"), (Returned, Crashed))
        assert run.fault is None


CALLS = {
    "a result as long as the limit": (
        "write(31, b'b' + struct.pack('<I', {size}) + bytes({size}))\n    os._exit(0)",
        (BadValue, TooLarge),
    ),
    "changed arguments without end": (
        "write(31, T({{'outcome': 'returned', 'value': 1, 'lines': None,"
        " 'mutated': ['x'] * 90_000}}))\n    os._exit(0)",
        BadValue,
    ),
    "changed arguments that are an array": (
        "write(31, T({{'outcome': 'returned', 'value': 1, 'lines': None,"
        " 'mutated': np.zeros(10**5)}}))\n    os._exit(0)",
        BadValue,
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_a_call_sends_is_its_own_doing(stage, name):
    body, kinds = CALLS[name]
    source = WRITE + "import numpy as np\ndef attack():\n    " + body.format(size=2**22 + 4000)
    assert isinstance(stage.play(source), kinds)


def archive(names):
    """What a notebook is said to have left in its folder: empty files."""
    file = io.BytesIO()
    for name in names:
        file.write(tarfile.TarInfo(name).tobuf(tarfile.GNU_FORMAT))
    file.write(bytes(1024))
    return SavedFolder(file)


def test_a_folder_that_a_notebook_left_and_that_holds_too_much_is_its_own_doing(pool):
    limits = replace(LIMITS, files=500)
    with pool.submission([Cell("a", "x = 1")], limits, [archive(map(str, range(3000)))]) as run:
        assert run.fault is None
        assert run.cells[0].status in ("ok", "skipped", "crashed")


def test_what_unpacking_takes_is_measured_from_its_first_piece_to_its_last():
    pieces, watches = [b"x"] * 50 + [b""], []

    def take(source, watch, *kinds):
        watches.append(watch)
        return encode("")

    supervisor = object.__new__(Supervisor)
    supervisor.runner = SimpleNamespace(put=lambda *frame: None, peer=1)
    supervisor.listener = SimpleNamespace(
        order=lambda kind: pieces.pop(0), deliver=take, frame_from=take
    )
    supervisor._watch = lambda *limits: SimpleNamespace(pause=lambda seconds: None)
    assert supervisor._trouble_with_archive() == ""
    assert pieces == []
    assert all(watch is watches[0] for watch in watches)


def test_an_argument_that_is_called_a_strange_digit_is_no_error():
    from coursekit.grading.judge import named

    assert named("1", ["x", "y"]) == "y"
    assert named("²", ["x", "y"]) == "²"
    assert len(named("9" * 5000, ["x"])) < 100


def test_of_all_results_of_a_request_as_many_bytes_are_kept_as_of_one(pool):
    cells = [Cell("a", "import numpy as np\ndef big(n): return np.zeros(n)")]
    with pool.submission(cells, LIMITS) as run:
        found = run.call_many("big", [(2 * 2**17,)] * 4)
    assert [type(outcome) for outcome in found] == [Returned] + [ReturnedTooLarge] * 3


def test_of_an_error_that_may_be_forged_the_beginning_is_kept():
    report = error_of({"type": "E" * 10**6, "message": "m" * 10**6, "traceback": "t\n" * 10**5})
    assert (len(report.type), len(report.message)) == (MOST_NAME, MOST_TEXT)
    assert report.traceback.count("\n") < MOST_LINES
    assert error_of({"message": "divide by zero"}).message == "divide by zero"


def test_of_an_output_that_may_be_forged_the_beginning_is_kept():
    data = {f"text/{k}": "x" * 10**5 for k in range(90)} | {"image/png": bytes(10**7)}
    body = encode(
        {"kind": "display_data", "data": data},
    )
    (output,) = outputs_of({"outputs": [["rich", body]]})
    assert sum(map(len, output.data.values())) <= 20 * MOST_TEXT
    figure = encode({"kind": "display_data", "data": {"image/png": b"x" * 10**6}})
    (output,) = outputs_of({"outputs": [["rich", figure]]})
    assert output.data == {"image/png": b"x" * 10**6}
