"""What the page says of readers and solvers follows from what they wrote down."""

import json
from pathlib import Path

from tests.messages.reading import holds, judgments

RESULTS = Path(__file__).with_name("results")


def test_the_readers_of_the_sixth_set_found_what_the_page_says():
    folder = RESULTS / "sixth"
    key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
    readers = [judgments(folder / name) for name in ("first.csv", "second.csv")]
    items = [number for number, (_, version) in key.items() if version == "this"]
    shares = {
        question: sum(all(holds(reader[n], question) for reader in readers) for n in items)
        / len(items)
        for question in ("cause", "false", "leak")
    }
    assert len(items) == 330
    assert round(8 * shares["cause"]) == 7
    assert round(100 * shares["false"]) == 1
    assert shares["leak"] == 0
