"""What tests in real courses do: one habit each, as the source of a test cell that passes in stock.

The notebook is called ``habits``; beside it lie what :data:`RELEASED` and :data:`HANDED_IN` name.
"""

RELEASED = {
    "archive.bin": bytes(9 * 2**20),  # larger than what comes after it in the alphabet
    "data.csv": b"a,b\n1,2\n3,4\n",
    "helper.py": b"number = 7\n\n\ndef double(x):\n    return 2 * x\n",
    "nested/deep/words.txt": b"one two three\n",
    "own.txt": b"the master's\n",
}
HANDED_IN = {
    "mymodule.py": b"def answer():\n    return 42\n",
    "mine/table.csv": b"x\n1\n2\n",
    "own.txt": b"the student's\n",
    "timestamp.txt": b"2027-01-10 12:00:00 UTC\n",
}

ANSWER = '''\
import numpy as np

def value():
    """Two."""
    return 2

class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

def slow():
    total = 0
    for k in range(200_000):
        total += k
    return total

def talks():
    print("hello")

def asks():
    return input("name? ")
'''

HABITS = {
    # files
    "own-file": "import os\nassert os.path.isfile('habits.ipynb')",
    "own-cells": "import json\nassert 'def value' in str(json.load(open('habits.ipynb')))",
    "released-large": "import os\nassert os.path.getsize('archive.bin') == 9 * 2**20",
    "released-csv": "assert open('data.csv').read().startswith('a,b')",
    "released-module": "import helper\nassert helper.double(3) == 6",
    "released-nested": "from pathlib import Path\n"
    "assert len(Path('nested/deep/words.txt').read_text().split()) == 3",
    "handed-in-module": "import mymodule\nassert mymodule.answer() == 42",
    "handed-in-nested": "assert np.loadtxt('mine/table.csv', skiprows=1).sum() == 3",
    "master-wins": "assert open('own.txt').read() == \"the master's\\n\"",
    "genfromtxt": "assert np.genfromtxt('data.csv', delimiter=',', skip_header=1).shape == (2, 2)",
    "csv-reader": "import csv\nassert len(list(csv.reader(open('data.csv')))) == 3",
    "listdir": "import os\nassert {'data.csv', 'helper.py', 'mine'} <= set(os.listdir())",
    "glob": "import glob\nassert glob.glob('**/words.txt', recursive=True)",
    "change-released": "with open('data.csv', 'a') as file:\n    file.write('5,6\\n')\n"
    "assert len(open('data.csv').readlines()) == 4",
    "write-then-read": "with open('out.txt', 'w') as file:\n    file.write('x')\n"
    "assert open('out.txt').read() == 'x'",
    "save-20-mb": "np.save('large.npy', np.zeros(2_500_000))\n"
    "assert np.load('large.npy', mmap_mode='r').shape == (2_500_000,)",
    "100-open-files": "files = [open('data.csv') for _ in range(100)]\n"
    "[file.close() for file in files];",
    "tempfile": "import tempfile\nwith tempfile.TemporaryDirectory() as folder:\n"
    "    open(folder + '/x', 'w').close()",
    "home": "from pathlib import Path\nassert Path.home().is_dir()",
    "sqlite": "import sqlite3\ndb = sqlite3.connect('made.db')\n"
    "db.execute('create table t (x)')\ndb.execute('insert into t values (1)')\ndb.commit()\n"
    "assert db.execute('select x from t').fetchall() == [(1,)]",
    "pickle": "import pickle\ns = Stack()\ns.push(1)\n"
    "assert pickle.loads(pickle.dumps(s)).items == [1]",
    "zip": "import zipfile\nwith zipfile.ZipFile('made.zip', 'w') as z:\n    z.write('helper.py')\n"
    "assert zipfile.ZipFile('made.zip').namelist() == ['helper.py']",
    "chdir": "import os\nbefore = os.getcwd()\nos.chdir('nested')\n"
    "assert os.path.isdir('deep')\nos.chdir(before)",
    # memory, processes, threads
    "572-mib": "import sklearn.linear_model, matplotlib.pyplot, scipy.optimize\n"
    "assert np.empty(75_000_000).nbytes > 570 * 2**20",
    "1400-mib": "assert np.empty(187_500_000).nbytes > 1400 * 2**20",
    "40-threads": "import threading\nend = threading.Event()\n"
    "threads = [threading.Thread(target=end.wait) for _ in range(40)]\n"
    "[t.start() for t in threads]\nend.set()\n[t.join() for t in threads];",
    "thread-pool": "from concurrent.futures import ThreadPoolExecutor\n"
    "assert list(ThreadPoolExecutor(8).map(abs, [-1, 2])) == [1, 2]",
    "process-pool": "import multiprocessing\nwith multiprocessing.Pool(2) as pool:\n"
    "    assert pool.map(abs, [-1, 2]) == [1, 2]",
    "process-executor": "from concurrent.futures import ProcessPoolExecutor\n"
    "with ProcessPoolExecutor(2) as pool:\n    assert list(pool.map(abs, [-3])) == [3]",
    "queue": "import multiprocessing\nq = multiprocessing.Queue()\nq.put(1)\nassert q.get() == 1",
    "shared-value": "import multiprocessing\nv = multiprocessing.Value('i', 3)\n"
    "p = multiprocessing.Process(target=lambda: setattr(v, 'value', 4))\np.start()\np.join()\n"
    "assert v.value == 4",
    "joblib": "from joblib import Parallel, delayed\n"
    "assert Parallel(n_jobs=2)(delayed(abs)(k) for k in (-1, -2)) == [1, 2]",
    "joblib-arrays": "from joblib import Parallel, delayed\nbig = np.ones(300_000)\n"
    "assert Parallel(n_jobs=2)(delayed(np.sum)(big) for _ in range(2)) == [300_000.0] * 2",
    "grid-search": "from sklearn.linear_model import Ridge\n"
    "from sklearn.model_selection import GridSearchCV\nX = np.arange(40.0).reshape(20, 2)\n"
    "search = GridSearchCV(Ridge(), {'alpha': [0.1, 1]}, n_jobs=2, cv=2).fit(X, X[:, 0])\n"
    "assert search.best_score_ > 0.5",
    "subprocess": "import subprocess, sys\ndone = subprocess.run([sys.executable, '-c', "
    "'print(6 * 7)'], capture_output=True, text=True)\nassert done.stdout == '42\\n'",
    "asyncio": "import asyncio\nassert await asyncio.sleep(0, result=3) == 3",
    "timing": "import time\nbegan = time.perf_counter()\nslow()\n"
    "assert time.perf_counter() - began < 60",
    "signal-alarm": "import signal\nold = signal.signal(signal.SIGALRM, lambda *_: None)\n"
    "signal.alarm(30)\nvalue()\nsignal.alarm(0)\nsignal.signal(signal.SIGALRM, old);",
    # the shell
    "echo": "!echo hello",
    "assigned-echo": "said = !echo hello\nassert said == ['hello']",
    "bash": "%%bash\necho $((1 + 2))",
    "ls": "names = !ls\nassert 'data.csv' in names",
    "writefile": "%%writefile written.py\ndef triple(x):\n    return 3 * x",
    "import-written": "import written\nassert written.triple(2) == 6",
    "run": "%run helper.py\nassert number == 7",
    "time": "%time slow();",
    "timeit": "%timeit -n 1 -r 1 value()",
    "capture": "%%capture said\ntalks()",
    "captured": "assert said.stdout == 'hello\\n'",
    "autoreload": "%load_ext autoreload\n%autoreload 2\nassert value() == 2",
    "matplotlib-inline": "%matplotlib inline\nassert value() == 2",
    "env": "%env MINE=1\nimport os\nassert os.environ['MINE'] == '1'",
    "history": "assert 'def value' in ''.join(In)",
    "last-result": "0.5 + 0.5",
    "underscore": "assert _ == 1.0",
    "get-ipython": "assert get_ipython().user_ns['value'] is value",
    "shell-in-class": "assert type(get_ipython()).__mro__",
    "help": "value?",
    # looking at the answer
    "source": "import inspect\nassert 'return 2' in inspect.getsource(value)",
    "signature": "import inspect\nassert not inspect.signature(value).parameters",
    "docstring": "assert value.__doc__ == 'Two.'",
    "ast": "import ast, inspect\n"
    "tree = ast.parse(inspect.getsource(slow))\n"
    "assert any(isinstance(node, ast.For) for node in ast.walk(tree))",
    "main": "assert __name__ == '__main__' and value.__module__ == '__main__'",
    "globals": "assert 'value' in globals() and 'Stack' in dir()",
    "doctest": "import doctest\nassert doctest.testmod().failed == 0",
    "unittest": "import unittest\n\nclass Tests(unittest.TestCase):\n"
    "    def test(self):\n        self.assertEqual(value(), 2)\n\n"
    "suite = unittest.defaultTestLoader.loadTestsFromTestCase(Tests)\n"
    "assert unittest.TextTestRunner(open('log.txt', 'w')).run(suite).wasSuccessful()",
    "redirect": "import contextlib, io\nsaid = io.StringIO()\n"
    "with contextlib.redirect_stdout(said):\n    talks()\nassert said.getvalue() == 'hello\\n'",
    "mock-input": "from unittest.mock import patch\nwith patch('builtins.input', "
    "return_value='ann'):\n    assert asks() == 'ann'",
    "mock-print": "from unittest.mock import patch\nwith patch('builtins.print') as said:\n"
    "    talks()\nsaid.assert_called_with('hello')",
    "warns": "import warnings\nwith warnings.catch_warnings(record=True) as found:\n"
    "    warnings.simplefilter('always')\n    warnings.warn('x')\nassert len(found) == 1",
    "raises": "try:\n    Stack().push()\nexcept TypeError:\n    pass\nelse:\n    assert False",
    "testing": "np.testing.assert_allclose(value(), 2.0)",
    "hash": "import hashlib\nassert hashlib.md5(str(value()).encode()).hexdigest()[:2] == 'c8'",
    "execution": "import os\nassert os.environ['NBGRADER_EXECUTION'] == 'autograde'",
    # figures and what is shown
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nassert len(plt.gca().lines) == 1",
    "savefig": "import matplotlib.pyplot as plt, os\nplt.plot([1])\nplt.savefig('made.png')\n"
    "assert os.path.getsize('made.png') > 0\nplt.close('all')",
    "display": "from IPython.display import HTML, Markdown, display\n"
    "display(HTML('<b>x</b>'), Markdown('*y*'), value())",
    "long-output": "for k in range(20_000):\n    print(k)",
    "widget": "import ipywidgets\nassert ipywidgets.IntSlider(3).value == 3",
    "progress": "import sys, time\nfor k in range(3):\n    print(k, end='\\r')\nsys.stdout.flush()",
    # libraries
    "scipy": "from scipy.optimize import minimize\nassert minimize(lambda x: x**2, 1).fun < 1e-6",
    "sympy": "import sympy\nx = sympy.Symbol('x')\nassert sympy.diff(x**2, x) == 2 * x",
    "seeded": "np.random.seed(1)\nassert round(np.random.rand(), 3) == 0.417",
    "zoneinfo": "import zoneinfo\nassert zoneinfo.ZoneInfo('Europe/Berlin')",
    "datetime": "import datetime\nassert datetime.date.today().year > 2000",
    "hostname": "import socket\nassert socket.gethostname()",
    "user": "import getpass\nassert getpass.getuser()",
    "ctypes": "import ctypes\nassert ctypes.CDLL(None).abs(-3) == 3",
    "recursion": "import sys\nsys.setrecursionlimit(5000)\n"
    "def deep(n):\n    return n and 1 + deep(n - 1)\nassert deep(3000) == 3000",
    "partial-points": "1.0 if value() == 2 else 0.5",
}

ELSEWHERE = "assert open('out.txt').read() == 'x'  # which the notebook before it wrote"
"""A test of a second notebook, which comes behind ``habits`` in the alphabet."""
