"""No reader sees which version he reads, and two readers' judgments are counted as they are."""

import json

import numpy as np
import pytest
from tests.messages import reading
from tests.messages.frozen_answers import KNOWN, MEASURING, wrong_answers

ANSWERS = {answer.id: answer for answer in wrong_answers()}
OURS = {name: f"ours {number}" for number, name in enumerate(ANSWERS)}
OTHER = {name: f"theirs {number}" if number % 2 else OURS[name] for number, name in enumerate(OURS)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading") / "pages"
    reading.write_pages(folder, OURS, OTHER, share=0.2, seed=1)
    return folder


@pytest.fixture(scope="module")
def key(folder):
    return json.loads((folder / "key.json").read_text(encoding="utf-8"))


def test_all_messages_of_this_version_are_there_and_a_share_that_another_puts_otherwise(key):
    ours = [name for name, version in key.values() if version == "this"]
    theirs = [name for name, version in key.values() if version == "other"]
    assert sorted(ours) == sorted(ANSWERS)
    assert len(theirs) == round(0.2 * len(ANSWERS))
    assert all(OTHER[name] != OURS[name] for name in theirs)


def test_each_item_stands_on_a_page_with_its_cause_and_message(folder, key):
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("page-*.md")))
    items = [item.partition("\n")[0] for item in ("\n" + text).split("\n## ")[1:]]
    assert items == list(key)
    for number, (name, version) in key.items():
        item = text.partition(f"## {number}\n")[2].partition("\n## ")[0]
        assert (OURS if version == "this" else OTHER)[name] in item
        assert all(one.kind in item for one in ANSWERS[name].mistakes)
        assert version not in item.partition("What was said:")[2]


@pytest.mark.parametrize(
    ("options", "folder"),
    [([], MEASURING), (["--set", "course"], MEASURING), (["--set", "known"], KNOWN)],
)
def test_messages_are_those_on_the_set_that_is_named(options, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "what_is_said", lambda answer: {reading.OURS: answer.name})
    reading.main(["messages", str(tmp_path / "ours.json"), *options])
    said = json.loads((tmp_path / "ours.json").read_text(encoding="utf-8"))
    assert said == {answer.id: answer.name for answer in wrong_answers(folder)}


def test_pages_are_made_of_messages_on_the_known_set(tmp_path):
    known = {answer.id: "ours" for answer in wrong_answers(KNOWN)}
    reading.write_pages(tmp_path / "pages", known, known, share=0.2, seed=1)
    key = json.loads((tmp_path / "pages" / "key.json").read_text(encoding="utf-8"))
    assert sorted(name for name, _ in key.values()) == sorted(known)


def written(path, rows):
    path.write_text("item,place,kind,false,leak\n" + "".join(rows), encoding="utf-8")
    return path


def test_the_cause_is_right_where_both_say_place_and_kind(folder, key, tmp_path):
    first = written(tmp_path / "first.csv", [f"{n},1,1,0,0\n" for n in key])
    ours = [n for n, (_, version) in key.items() if version == "this"]
    second = written(
        tmp_path / "second.csv", [f"{n},1,{int(n not in ours[:10])},0,0\n" for n in key]
    )
    told = reading.score(folder, first, second)
    count = len(ANSWERS)
    assert f"cause   {count} and  {count - 10}; both  {count - 10} =  97%" in told
    assert "0 were not" not in told


def test_what_one_reader_left_out_is_said(folder, key, tmp_path):
    whole = written(tmp_path / "whole.csv", [f"{n},1,1,0,0\n" for n in key])
    short = written(tmp_path / "short.csv", [f"{n},1,1,0,0\n" for n in list(key)[5:]])
    assert "were not judged by both" in reading.score(folder, whole, short)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([1, 1, 0, 0], [1, 1, 0, 0], 1.0),
        ([1, 1, 1, 1], [1, 1, 1, 1], 1.0),
        ([1, 1, 0, 0], [1, 0, 1, 0], 0.0),
        ([1, 1, 0, 0], [0, 0, 1, 1], -1.0),
    ],
)
def test_kappa_is_the_agreement_beyond_chance(first, second, expected):
    assert reading.kappa(np.array(first, bool), np.array(second, bool)) == expected
