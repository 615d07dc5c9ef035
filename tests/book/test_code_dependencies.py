"""A page depends on the code that it imports, in whatever form it imports it."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from code_dependencies import files_behind, page_imports  # noqa: E402


def test_imports_are_found_in_one_line_and_in_several():
    text = (
        "from backprop.units import train\nimport backprop.tape as tape\n"
        "from backprop.losses import (\n    log_softmax,\n    one_hot,\n)\n%matplotlib inline\n"
    )
    assert page_imports(text) == {
        "backprop.units",
        "backprop.units.train",
        "backprop.tape",
        "backprop.losses",
        "backprop.losses.log_softmax",
        "backprop.losses.one_hot",
    }


def test_what_an_import_imports_counts_too():
    names = {path.name for path in files_behind(ROOT, {"backprop.units"})}
    assert {"units.py", "activations.py", "validation.py"} <= names
    assert "tape.py" not in names


def test_relative_imports_are_followed():
    names = {path.name for path in files_behind(ROOT, {"backprop.plotting"})}
    assert {"networks.py", "palette.py", "canvas.py"} <= names
