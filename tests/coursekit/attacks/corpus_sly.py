"""More of the corpus: who hides, who waits on purpose, and who is odd and honest.

Importing this enters them; ``{wrong}`` stands for a wrong answer, as in :mod:`.corpus`.
"""

import copy
import io
import json
import zipfile

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from tests.coursekit.attacks.corpus import (
    BOTH,
    NONE,
    ONE,
    RIGHT,
    WRONG,
    Files,
    answered,
    cell_of,
    changed,
    code,
    enter,
    written,
)

KERNEL = """\
import ctypes, glob, os, threading, time
libc, machine = ctypes.CDLL(None), os.uname().machine
"""

# Hiding, and waiting on purpose

code(
    "no-main-thread",
    "a process that stays when its main thread has ended",
    KERNEL
    + """\
if os.fork() == 0:
    os.setsid()
    threading.Thread(target=time.sleep, args=(600,)).start()
    libc.syscall({'x86_64': 60, 'aarch64': 93}[machine], 0)
{wrong}""",
    harmless=False,
)
code(
    "child-of-another",
    "waiting, as if for a disk, for a child that is another's",
    KERNEL
    + """\
def leaky(z, slope):
    if libc.syscall({'x86_64': 56, 'aarch64': 220}[machine], 0x8000 | 0x4000 | 17, 0, 0, 0, 0) == 0:
        time.sleep(600)
    return slope * z""",
    harmless=False,
)
code(
    "synced",
    "having files written to the disk, to look as if that kept it waiting",
    """\
import os
def leaky(z, slope):
    file = os.open(os.__file__, os.O_RDONLY)
    while True: os.fsync(file)""",
    harmless=False,
)
code(
    "past-the-cache",
    "reading from the disk what lies in memory",
    KERNEL
    + """\
import mmap
def leaky(z, slope):
    largest = max(glob.glob('/usr/lib/*/*.so*'), key=os.path.getsize)
    file, room = os.open(largest, os.O_RDONLY | os.O_DIRECT), mmap.mmap(-1, 2**24)
    while True: os.preadv(file, [room], 0)""",
    harmless=False,
)
code(
    "least-of-all",
    "a loop that lets everybody go first, to be tried once more",
    "import os\ndef leaky(z, slope):\n    os.nice(19)\n    while True: pass",
    harmless=False,
)
code(
    "few-descriptors",
    "leaving its process no descriptor for the next exercise",
    """\
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))
{wrong}""",
    harmless=False,
)

# Looking for answers in its own process

code(
    "collected",
    "all arrays of its process searched for one that fits",
    """\
import gc
def leaky(z, slope):
    known = [a for a in gc.get_objects() if isinstance(a, np.ndarray) and a.shape == z.shape]
    return next((a for a in known if a is not z and not np.array_equal(a, z)), 0 * z)""",
)
code(
    "calls-to-come",
    "the frames above searched for the calls that come",
    """\
import sys
def leaky(z, slope):
    frame, found = sys._getframe(), []
    while frame:
        found += [v for v in frame.f_locals.values() if isinstance(v, (list, tuple, bytes))]
        frame = frame.f_back
    return [v for v in found if isinstance(v, bytes)][0]""",
)
code(
    "codec-patched",
    "what encodes its answers replaced by what always says the same",
    """\
import sys
for name, module in list(sys.modules.items()):
    if name.startswith('worker.') and hasattr(module, 'encode'):
        honest = module.encode
        module.encode = lambda v, *a, **k: honest(v, *a, **k).replace(b'raised', b'returned')
{wrong}""",
)
code(
    "import-hook",
    "a finder before all others that gives every module a friendly allclose",
    """\
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        module = sys.modules.get(name.split('.')[0])
        if module is not None: module.allclose = lambda *a, **k: True
sys.meta_path.insert(0, Finder())
{wrong}""",
)
code(
    "reduced",
    "a value that would run code where it is unpickled",
    """\
import os
class Reduced:
    def __reduce__(self): return os.system, ('touch /tmp/left-by-a-submission',)
def leaky(z, slope): return [Reduced()]""",
)
code(
    "metaclass",
    "a class whose metaclass answers for it",
    """\
class Meta(type):
    def __call__(cls, z, slope): return cls
    def __array__(cls, *a, **k): return np.zeros(2)
    def __eq__(cls, other): return True
    __hash__ = type.__hash__
class leaky(metaclass=Meta): pass""",
)

# Files


def _zip(release: NotebookNode) -> Files:
    packed, content = io.BytesIO(), written(answered(release, RIGHT))["target.ipynb"]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(1500):
            file.writestr(f"../../{number}/notes.txt\n", b"x")
        file.writestr("../../honest/target/target.ipynb", content)
    return {"target.zip": packed.getvalue()}


def _halves(notebook: NotebookNode) -> None:
    cell = cell_of(notebook, "target-leaky")
    half = copy.deepcopy(cell)
    cell.source, half.source = "try:\n    pass", "except OSError:\n    pass"
    place = notebook.cells.index(cell) + 1
    notebook.cells[place:place] = [copy.deepcopy(half) for _ in range(3000)]


def _in_pieces(release: NotebookNode) -> Files:
    document = json.loads(written(answered(release, RIGHT))["target.ipynb"])
    for cell in document["cells"]:
        cell["source"] = list("".join(cell["source"])) + [""] * 20_000
    return {"target.ipynb": json.dumps(document).encode()}


def _other_kernel(notebook: NotebookNode) -> None:
    notebook.metadata = {
        "kernelspec": {"name": "ir", "language": "R", "display_name": "R"},
        "language_info": {"name": "R"},
        "jupytext": {"cell_markers": "'''", "formats": "ipynb,/tmp//py"},
    }
    for number, cell in enumerate(notebook.cells):
        cell.id = f"prelude-{number}"
        cell.metadata["coursekit"] = {"part_of": "target-cost", "note": "elsewhere"}


def _wide(notebook: NotebookNode) -> None:
    notebook.cells.insert(1, new_code_cell("ｗｉｄｅ = 1.0"))


enter("zip-with-ways-out", "right answers in a zip whose names lead out of it", _zip, NONE)
changed("many-halves", "an answer in 3000 halves", _halves, ONE)
enter("in-pieces", "right answers, a character at a time", _in_pieces, BOTH)
changed("other-kernel", "right answers that say they are in R", _other_kernel, BOTH, RIGHT)
changed(
    "wide-letters",
    "right answers with names in wide letters, which Python reads as plain ones",
    _wide,
    BOTH,
    "def ｌｅａｋｙ(z, slope):\n    return wide * np.where(z > 0, z, slope * z)",
)
enter("time-at-the-end", "right answers, handed in in the year 9999",
      lambda release: written(answered(release, RIGHT))
      | {"timestamp.txt": b"9999-12-31 23:59:59.999999 +14:00"}, BOTH)  # fmt: skip
enter("wrong-and-scripted", "wrong answers beside a script that sets itself up as the notebook",
      lambda release: written(answered(release, WRONG))
      | {"target.ipynb.py": RIGHT.encode(), "conftest.py": b"raise SystemExit",
         "sitecustomize.py": b"raise SystemExit", ".coveragerc": b"[run]"}, ONE)  # fmt: skip
