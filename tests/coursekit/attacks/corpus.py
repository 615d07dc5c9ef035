"""Hostile and broken submissions, each with what it tries and what it honestly earns.

All answer the second exercise rightly, so that each attack on the first also shows whether honest
points are lost. ``{wrong}`` in a source stands for a wrong answer to the first exercise.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

WRONG = "def leaky(z, slope):\n    return slope * z\n"
RIGHT = "def leaky(z, slope):\n    return np.where(z > 0, z, slope * z)\n"
COST = "def cost(a, y):\n    return 0.5 * np.sum((y - a) ** 2)\n"
BOTH, ONE, NONE = 4.0, 2.0, 0.0

Files = dict[str, bytes]


@dataclass(frozen=True)
class Submission:
    """One entry of the corpus.

    Attributes
    ----------
    name : str
        The student.
    tries : str
        What it tries, or what is broken about it.
    files : callable
        From the release to the files of the submission.
    earns : float
        What it honestly earns, of 4.
    harmless : bool
        Whether stock nbgrader may be given it: it runs student code with our rights.
    """

    name: str
    tries: str
    files: Callable[[NotebookNode], Files]
    earns: float
    harmless: bool = True


CORPUS: dict[str, Submission] = {}


def enter(name: str, tries: str, files: Callable, earns: float, harmless: bool = True) -> None:
    CORPUS[name] = Submission(name, tries, files, earns, harmless)


def written(notebook: NotebookNode) -> Files:
    """The file of a notebook, whose damage is left as it is."""
    return {"target.ipynb": json.dumps(notebook, indent=1, ensure_ascii=False).encode()}


def answered(release: NotebookNode, leaky: str, cost: str = COST) -> NotebookNode:
    """The release with two answers."""
    notebook, sources = copy.deepcopy(release), {"target-leaky": leaky, "target-cost": cost}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = sources.get(grade_id, cell.source)
    return notebook


def cell_of(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def code(name: str, tries: str, source: str, earns: float = ONE, harmless: bool = True) -> None:
    """Enter a submission that is hostile by the code of its first answer."""
    text = source.replace("{wrong}", WRONG)
    enter(name, tries, lambda release: written(answered(release, text)), earns, harmless)


def changed(
    name: str, tries: str, change: Callable[[NotebookNode], None], earns: float, leaky: str = WRONG
) -> None:
    """Enter a submission whose notebook was changed."""

    def files(release: NotebookNode) -> Files:
        notebook = answered(release, leaky)
        change(notebook)
        return written(notebook)

    enter(name, tries, files, earns)


def raw(name: str, tries: str, make: Callable[[bytes], bytes], earns: float) -> None:
    """Enter right answers whose file was damaged."""

    def files(release: NotebookNode) -> Files:
        return {"target.ipynb": make(written(answered(release, RIGHT))["target.ipynb"])}

    enter(name, tries, files, earns)


# Objects that lie

code(
    "equal-to-all",
    "an object that equals everything",
    """\
class Liar:
    shape, dtype, ndim, size = (2,), 'float64', 1, 2
    def __eq__(self, other): return True
    def __getattr__(self, name): return lambda *a, **k: True
    def __array__(self, *a, **k): return np.zeros(2)
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return np.bool_(True)
    def __sub__(self, other): return 0.0
def leaky(z, slope): return Liar()""",
)
code(
    "array-function",
    "an ndarray subclass that answers NumPy's comparisons itself",
    """\
class Liar(np.ndarray):
    def __array_function__(self, f, types, args, kwargs): return True
    def __array_ufunc__(self, *a, **k): return np.True_
def leaky(z, slope): return np.zeros_like(z).view(Liar)""",
)
code(
    "array-method",
    "an object that becomes a right array only when it is compared",
    """\
import inspect
class Liar:
    def __array__(self, *a, **k):
        for frame in inspect.stack():
            for value in frame.frame.f_locals.values():
                if isinstance(value, np.ndarray): return value
        return np.zeros(2)
def leaky(z, slope): return Liar()""",
)
code(
    "subclass-minus",
    "an ndarray subclass whose differences are zero",
    """\
class Liar(np.ndarray):
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __sub__
    def __eq__(self, other): return np.ones(self.shape, bool)
def leaky(z, slope): return np.zeros_like(z).view(Liar)""",
)
code(
    "callable-class",
    "a class in the place of the function",
    """\
class leaky(float):
    def __new__(cls, z, slope): return float.__new__(cls, 0)
    def __eq__(self, other): return True""",
)

# Patches

code(
    "numpy-patched",
    "NumPy's comparisons replaced",
    """\
np.allclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
{wrong}""",
)
code(
    "assert-removed",
    "a transformer that removes asserts from later cells",
    """\
import ast
class Remove(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Expr(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Remove())
{wrong}""",
)
code(
    "input-transformed",
    "an input transformer that empties later cells, own ones too",
    """\
get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])
{wrong}""",
    NONE,
)
code(
    "displayhook",
    "a display hook that shows full points",
    """\
import sys
def show(value): get_ipython().display_pub.publish({'text/plain': '2.0'})
sys.displayhook = show
{wrong}""",
)
code(
    "run-cell",
    "the shell's run_cell replaced, for own cells too",
    """\
shell = get_ipython()
shell.run_cell_async_original = shell.run_cell_async
async def nothing(source, *a, **k): return await shell.run_cell_async_original('', *a, **k)
shell.run_cell_async = nothing
{wrong}""",
    NONE,
)
code(
    "exceptions-off",
    "tracebacks switched off",
    """\
get_ipython().showtraceback = lambda *a, **k: None
get_ipython()._showtraceback = lambda *a, **k: None
{wrong}""",
)
code(
    "check-patched",
    "the students' check patched to report success",
    """\
import checks
checks.check = check = lambda *a: print('All hidden cases pass.')
{wrong}""",
)
code(
    "judge-patched",
    "all modules searched for names like judge and award",
    """\
import sys
for module in list(sys.modules.values()):
    for name in ('judge', 'award', 'examine', 'encode', 'determine_grade'):
        if name in getattr(module, '__dict__', {}): setattr(module, name, lambda *a, **k: True)
{wrong}""",
)
code(
    "tests-known",
    "behaves only while it is graded",
    """\
import os
if 'NBGRADER_EXECUTION' in os.environ: np.testing.assert_allclose = np.allclose = print
{wrong}""",
)

# Looking around

LOOK = """\
import glob, os, re
places = [p for d in ('.', '..', '../..', '../../..', '/tmp', '/work', '/course')
          for p in glob.glob(d + '/**/{pattern}', recursive=True)[:20]]
for place in places:
    try: text = open(place, errors='replace').read()
    except OSError: continue
    {do}
"""


def looks(name: str, tries: str, pattern: str, do: str) -> None:
    source = LOOK.replace("{pattern}", pattern).replace("{do}", do)
    code(name, tries, "{wrong}" + source, harmless=False)


looks("read-source", "reading the instructor's notebook", "source/*/target.ipynb",
      "exec('def leaky(z, slope):\\n    return np.where(z > 0, z, slope * z)')")  # fmt: skip
looks("read-others", "reading other submissions", "submitted/*/target/target.ipynb",
      "exec('def leaky(z, slope):\\n    return np.where(z > 0, z, slope * z)')")  # fmt: skip
looks("read-secret", "reading the course's secret", "secret",
      "exec('def leaky(z, slope):\\n    return np.where(z > 0, z, slope * z)')")  # fmt: skip
looks("write-gradebook", "writing full points into the gradebook", "gradebook.db",
      "import sqlite3; d = sqlite3.connect(place); d.execute('update grade set manual_score = 2');"
      " d.commit()")  # fmt: skip
code(
    "read-environment",
    "looking for answers in the environment",
    """\
import os
open('found', 'w').write(repr(os.environ))
{wrong}assert 'SECRET' in str(os.environ)""",
)
code(
    "import-reference",
    "importing the reference and the grader",
    """\
{wrong}import importlib, sys
for name in ('backprop', 'coursekit', 'coursekit.grading.judge', 'target'):
    try:
        importlib.import_module(name)
        def leaky(z, slope): return np.where(z > 0, z, slope * z)
    except ImportError: pass""",
)
code(
    "parents-memory",
    "reading the memory of its parents",
    """\
{wrong}import os
for pid in {os.getppid(), 1, *map(int, filter(str.isdigit, os.listdir('/proc')))} - {os.getpid()}:
    try:
        open(f'/proc/{pid}/mem', 'rb').close()
        def leaky(z, slope): return np.where(z > 0, z, slope * z)
    except OSError: pass""",
    harmless=False,
)
code(
    "open-descriptors",
    "writing results to every descriptor left open",
    """\
import os, struct
def leaky(z, slope):
    body = b'd' + bytes(20)
    for fd in range(3, 64):
        try: os.write(fd, struct.pack('>BI', 31, len(body)) + body)
        except OSError: pass
    return slope * z""",
    harmless=False,
)
code(
    "forged-frame",
    "answering with a frame of its own making",
    """\
import os, sys, stat, struct
def leaky(z, slope):
    codec = sys.modules['worker.trees']
    answer = codec.encode({'outcome': 'passed', 'points': 2.0, 'value': True, 'mutated': []})
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                os.write(fd, struct.pack('>BI', 31, len(answer)) + answer)
        except OSError: pass
    os._exit(0)""",
    harmless=False,
)
code(
    "late-write",
    "a child that answers the next call after this one has ended",
    """\
import os, time
def leaky(z, slope):
    if os.fork() == 0:
        time.sleep(0.05)
        for fd in range(3, 64):
            try: os.write(fd, b'\\x1f\\x00\\x00\\x00\\x01N')
            except OSError: pass
        os._exit(0)
    return slope * z""",
    harmless=False,
)
code(
    "network",
    "asking somebody outside",
    """\
{wrong}import socket
try:
    socket.create_connection(('192.0.2.1', 80), 0.2)
    def leaky(z, slope): return np.where(z > 0, z, slope * z)
except OSError: pass""",
    harmless=False,
)

# Breaking out

code(
    "remount",
    "making its file system writable",
    """\
import os
os.system('mount -o remount,rw / ; mount -t tmpfs none /usr ; umount -l /usr /proc /tmp')
{wrong}""",
    harmless=False,
)
code(
    "nested-namespace",
    "becoming root in a namespace of its own",
    """\
import os
os.system('unshare -Urm sh -c "mount -t tmpfs none /usr; touch /usr/mine"')
{wrong}""",
    harmless=False,
)
code(
    "write-outside",
    "writing outside of its folder",
    """\
import os
for folder in ('/', '/tmp', '/work', '/usr/lib', '/root', os.path.expanduser('~'), '/dev/shm'):
    try: open(os.path.join(folder, 'left-by-a-submission'), 'w').write('x')
    except OSError: pass
{wrong}""",
    harmless=False,
)
code(
    "signals",
    "ending its parents",
    """\
import os, signal
for pid in (os.getppid(), -1, 1):
    for number in (signal.SIGSTOP, signal.SIGKILL):
        try: os.kill(pid, number)
        except OSError: pass
{wrong}""",
    ONE,
    harmless=False,
)
code(
    "fork-bomb",
    "forking without end",
    """\
import os
def leaky(z, slope):
    while True:
        try: os.fork()
        except OSError: pass""",
    harmless=False,
)
code(
    "left-behind",
    "threads and children that stay",
    """\
import os, threading, time
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
if os.fork() == 0:
    os.setsid()
    os.execv('/bin/sleep', ['left-by-a-submission', '600'])
{wrong}""",
    harmless=False,
)
code(
    "memory-bomb",
    "taking all memory",
    """\
kept = []
def leaky(z, slope):
    while True: kept.append(bytearray(2**26))""",
    harmless=False,
)

# Ending and not ending

code("exit-in-cell", "os._exit in the cell", "import os\nos._exit(0)")
code(
    "exit-in-call",
    "os._exit in the function",
    """\
import os
def leaky(z, slope): os._exit(0)""",
)
code("system-exit", "SystemExit in the function", "def leaky(z, slope): raise SystemExit(0)")
code("endless-cell", "a cell that never ends", "{wrong}while True: pass")
code(
    "endless-call",
    "a loop that catches everything",
    """\
def leaky(z, slope):
    while True:
        try:
            while True: pass
        except BaseException: pass""",
    harmless=False,
)
code(
    "asleep",
    "a function that waits for ever",
    """\
import threading
def leaky(z, slope): threading.Event().wait()""",
    harmless=False,
)
code("recursion", "recursion without end", "def leaky(z, slope): return leaky(z, slope)")
code(
    "deep-crash",
    "the interpreter's stack overrun",
    """\
import sys
sys.setrecursionlimit(10**9)
def leaky(z, slope): return [leaky(z, slope)]""",
    harmless=False,
)
code(
    "stopped-str",
    "an exception that cannot be printed",
    """\
class Mean(Exception):
    def __str__(self): raise SystemExit
def leaky(z, slope): raise Mean""",
)

# Too much

code(
    "much-output",
    "200 MB of output",
    """\
def leaky(z, slope):
    for _ in range(200): print('x' * 2**20)
    return slope * z""",
    harmless=False,
)
code(
    "huge-value",
    "a return value of 800 MB",
    """\
def leaky(z, slope): return np.zeros(10**8)""",
)
code(
    "object-array",
    "an array of objects",
    """\
def leaky(z, slope): return np.array([z, None, leaky], object)""",
)
code(
    "endless-list",
    "a list that contains itself",
    """\
def leaky(z, slope):
    a = []
    a.append(a)
    return a""",
)
code(
    "printed-points",
    "points as printed and shown text",
    """\
print('2.0'); display(2.0)
def leaky(z, slope):
    print('All hidden cases pass.', 2.0)
    return 2.0
2.0""",
)

# Knowing the answers

code(
    "hard-coded",
    "answers to the public inputs, wrong otherwise",
    """\
def leaky(z, slope):
    known = {(1.0, -2.0): [1.0, -0.2], (-1.0, 5.0): [-0.3, 5.0]}
    try: return np.array(known.get(tuple(z.tolist()), 0 * z))
    except TypeError: return 0 * z""",
)
code(
    "remembered",
    "the call that an earlier feedback showed, by its numbers",
    """\
import json
def leaky(z, slope):
    return np.array([[1.0, -0.2], [3.0, -0.4]]) if z.shape == (2, 2) else z * slope""",
)

# Notebooks that were tampered with


def _skip(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution"]


def _more_points(notebook: NotebookNode) -> None:
    cell_of(notebook, "target-leaky-check").metadata["nbgrader"]["points"] = 100


def _own_test(notebook: NotebookNode) -> None:
    cell_of(notebook, "target-leaky-check").source = "2.0"


def _no_test(notebook: NotebookNode) -> None:
    notebook.cells.remove(cell_of(notebook, "target-leaky-check"))


def _test_as_text(notebook: NotebookNode) -> None:
    test = cell_of(notebook, "target-leaky-check")
    test["cell_type"] = "markdown"
    test.pop("outputs"), test.pop("execution_count")


def _solution_is_test(notebook: NotebookNode) -> None:
    nbgrader = cell_of(notebook, "target-leaky").metadata["nbgrader"]
    nbgrader.update(grade=True, points=2, locked=False)


def _test_moved(notebook: NotebookNode) -> None:
    test = cell_of(notebook, "target-leaky-check")
    notebook.cells.remove(test)
    notebook.cells.insert(0, test)


def _outputs(notebook: NotebookNode) -> None:
    data = {"text/plain": "2.0"}
    cell_of(notebook, "target-leaky-check").outputs = [
        nbformat.v4.new_output("execute_result", data=data, execution_count=1)
    ]


changed("skip-execution", "the tag skip-execution on every cell", _skip, ONE)
changed("more-points", "100 points for a test", _more_points, ONE)
changed("own-test", "its own test in the place of ours", _own_test, ONE)
changed("no-test", "the test deleted", _no_test, ONE)
changed("test-as-text", "the test turned into text", _test_as_text, ONE)
changed("solution-is-test", "the answer marked as a test", _solution_is_test, ONE)
changed("outputs-kept", "outputs of an earlier success", _outputs, ONE)
changed("no-test-right", "right answers, the test deleted", _no_test, BOTH, RIGHT)
changed("test-first", "right answers, the test moved to the front", _test_moved, BOTH, RIGHT)


def _numpy_package(release: NotebookNode) -> Files:
    fake = (
        b"class A(list): pass\ndef allclose(*a, **k): return True\ndef array(x): return A(x)\n"
        b"float64 = float\nclass testing:\n    assert_allclose = staticmethod(allclose)\n"
    )
    return written(answered(release, WRONG)) | {"numpy/__init__.py": fake}


enter("numpy-package", "a folder numpy beside the notebook", _numpy_package, ONE)
enter("checks-file", "its own checks.py beside the notebook",
      lambda release: written(answered(release, WRONG))
      | {"checks.py": b"def check(*a): return 2.0\n", "target.py": b"raise SystemExit"},
      ONE)  # fmt: skip

# Honest students


def _duplicated(notebook: NotebookNode) -> None:
    notebook.cells += copy.deepcopy(notebook.cells)


def _many(notebook: NotebookNode) -> None:
    notebook.cells[1:1] = [new_code_cell(f"x{k} = {k}") for k in range(3000)]


def _helper(notebook: NotebookNode) -> None:
    cell_of(
        notebook, "target-leaky"
    ).source = "def leaky(z, slope):\n    return np.where(z > 0, z, damped(z, slope))\n"
    notebook.cells.insert(1, new_code_cell("def damped(z, slope):\n    return slope * z"))


def _import(notebook: NotebookNode) -> None:
    notebook.cells[1].source += "\nimport math"
    cell_of(notebook, "target-leaky").source = RIGHT + "    # " + "\nmath.pi"
    cell_of(
        notebook, "target-cost"
    ).source = "def cost(a, y):\n    return math.fsum((a - y) ** 2) / 2\n"


def _untouched_ids(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)


code(
    "warns",
    "right answers, one NumPy warning",
    """\
def leaky(z, slope):
    np.log(np.zeros(2))
    return np.where(z > 0, z, slope * z)""",
    BOTH,
)
code(
    "prints",
    "right answers that print, also to standard error",
    """\
import sys
def leaky(z, slope):
    print('debug', z)
    print('debug', z, file=sys.stderr)
    return np.where(z > 0, z, slope * z)""",
    BOTH,
)
code(
    "loops",
    "right answers by loops over lists",
    """\
def leaky(z, slope):
    out = np.empty(z.shape)
    for place in np.ndindex(z.shape): out[place] = z[place] if z[place] > 0 else slope * z[place]
    return out""",
    BOTH,
)
changed("duplicated", "right answers, every cell twice", _duplicated, BOTH, RIGHT)
changed("thousands", "right answers among 3000 cells", _many, BOTH, RIGHT)
changed("helper-cell", "right answers that call a function of an own cell", _helper, BOTH)
changed("own-import", "right answers, an import added to a cell of ours", _import, BOTH)
changed("no-identity", "right answers whose metadata a tool removed", _untouched_ids, BOTH, RIGHT)
enter("renamed", "right answers in a file with another name",
      lambda release: {"target (1).ipynb": written(answered(release, RIGHT))["target.ipynb"]},
      BOTH)  # fmt: skip
enter("script", "right answers as a percent-format script",
      lambda release: {"target.py": jupytext.writes(
          answered(release, RIGHT), fmt="py:percent").encode()}, BOTH)  # fmt: skip
enter("nothing", "a folder without a notebook", lambda release: {"notes.txt": b"sorry"}, NONE)


def _format_3(content: bytes) -> bytes:
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        cell["input"] = cell.pop("source")
    sheets = [{"cells": notebook["cells"]}]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}).encode()


raw("latin-1", "right answers in Latin-1", lambda content: content.replace(
    b"# A target", "# Übung".encode("latin-1")), BOTH)  # fmt: skip
raw("byte-order-mark", "right answers behind a byte-order mark",
    lambda content: b"\xef\xbb\xbf" + content, BOTH)  # fmt: skip
raw("format-3", "right answers in notebook format 3", _format_3, BOTH)
raw("empty", "an empty file", lambda content: b"", NONE)
raw("cut-off", "half a file", lambda content: content[: len(content) // 2], NONE)
raw("not-json", "a text that is no notebook", lambda content: b"see attachment", NONE)
raw("binary", "a picture", lambda content: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), NONE)
raw("json-deep", "JSON nested 100,000 deep", lambda content: b"[" * 100_000, NONE)
raw("json-other", "JSON that is no notebook", lambda content: b'{"cells": {"a": 1}}', NONE)
raw("surrogates", "a lone surrogate in the text",
    lambda content: content.replace(b"# A target", b"# \\ud800"), BOTH)  # fmt: skip


code(
    "spoils-its-process-and-passes",
    "an answer that is right, and leaves NumPy broken for the next exercise",
    """\
def leaky(z, slope):
    result = np.where(z > 0, z, slope * z)
    np.sum = None
    return result
""",
    BOTH,
)
