"""A plain script is taken apart into the cells that it would have been in a notebook."""

import pytest
from tests.coursekit.test_rebuild import RELEASE, answer_in

from coursekit.submissions.rebuild import rebuild
from coursekit.submissions.scripts import MAX_SCRIPT, parts_of

SCRIPT = """\
import math

HALF = 0.5  # used below


# twice as much
@staticmethod
def f(x):
    return g(x) * HALF


def g(x):
    return 4 * x
print(f(1))
"""


def test_each_function_is_a_cell_and_so_is_what_stands_between_two():
    assert parts_of(SCRIPT) == [
        "import math\n\nHALF = 0.5  # used below\n\n\n# twice as much",
        "@staticmethod\ndef f(x):\n    return g(x) * HALF",
        "def g(x):\n    return 4 * x",
        "print(f(1))",
    ]


def test_nothing_of_a_script_is_lost():
    for script in (SCRIPT, SCRIPT.replace("return 4", "retrun 4"), SCRIPT.replace("\n", "\r\n")):
        kept = "".join("".join(parts_of(script)).split())
        assert kept == "".join(script.split())


@pytest.mark.parametrize("damage", ["def broken(:\n    pass\n", "x = (1,\n"])
def test_an_error_costs_the_function_in_which_it_stands_and_no_other(damage):
    parts = parts_of(f"def f(x):\n    return 1\n\n{damage}\ndef h(x):\n    return 2")
    assert parts[0] == "def f(x):\n    return 1"
    assert parts[-1] == "def h(x):\n    return 2"


def test_what_stands_at_the_margin_of_a_text_is_part_of_the_function():
    script = 'def f(x):\n    """Say\nthis\n"""\n    return [\n1,\n]\n\n\ny = 2'
    assert parts_of(script) == [script.removesuffix("\n\n\ny = 2"), "y = 2"]


def test_lines_of_ipython_do_not_keep_a_script_from_being_read():
    assert parts_of("%matplotlib inline\ndef f(x):\n    return '''\nx = 1\n'''\n!ls") == [
        "%matplotlib inline",
        "def f(x):\n    return '''\nx = 1\n'''",
        "!ls",
    ]


def test_a_form_feed_does_not_shift_the_lines():
    assert parts_of("x = 1\x0c\ndef f(x):\n    return 1\ny = 2")[1] == "def f(x):\n    return 1"


def test_a_plain_script_answers_with_its_function_and_the_helpers_that_it_needs():
    rebuilt = rebuild(RELEASE, SCRIPT.replace("@staticmethod\n", "").encode())
    sources = [cell.source for cell in rebuilt.notebook.cells]
    assert "def f(x):\n    return g(x) * HALF" in sources
    assert "def g(x):\n    return 4 * x" in sources
    assert any("HALF = 0.5" in source for source in sources)
    assert "print(f(1))" not in sources


@pytest.mark.parametrize("marker", ["# %%", "#%%", "# %% mine"])
def test_the_percent_format_is_known_with_and_without_a_blank(marker):
    answer = "def f(x):\n    return 2"
    assert answer_in(f"{marker}\nx = 1\n\n{marker}\n{answer}\n".encode()) == answer


def test_what_jupyterlab_saves_as_a_script_is_read():
    answer = "def f(x):\n    return 2"
    exported = (
        "#!/usr/bin/env python\n# coding: utf-8\n\n# # A title\n\n# In[1]:\n\n\n"
        f"get_ipython().run_line_magic('matplotlib', 'inline')\n\n\n# In[2]:\n\n\n{answer}\n\n\n"
        "# In[ ]:\n\n\nprint(f(1))\n"
    )
    assert answer_in(exported.encode()) == answer


def test_a_script_that_takes_too_long_to_read_is_said():
    rebuilt = rebuild(RELEASE, b"def f(x): pass\n" + b"#" * MAX_SCRIPT)
    assert not rebuilt.readable
    assert "more than" in rebuilt.oddities[0]
