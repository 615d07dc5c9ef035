"""Sheets tell no arm, batches repeat no answer, and a solver's edits are counted as they are."""

import json
from collections import Counter

import pytest
from tests.messages import repair
from tests.messages.frozen_answers import KNOWN, wrong_answers
from tests.messages.repair import ARMS, OTHER, OURS, SHARES, VALUES, VERDICT, Line

ANSWERS = {answer.id: answer for answer in wrong_answers() if answer.id.startswith("ps1-")}
SIZE, SEED = 8, 3


def sheets_in(folder, size=SIZE, seed=SEED):
    repair.write_sheets(folder, list(ANSWERS.values()), size, seed)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return sheets_in(tmp_path_factory.mktemp("repair"))


@pytest.fixture(scope="module")
def key(folder):
    return json.loads((folder / "key.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def texts(folder):
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("batch-*/*.md")}


def batches(folder):
    return [
        sorted(path.stem for path in batch.iterdir()) for batch in sorted(folder.glob("batch-*"))
    ]


# Sheets


def said_on(text):
    return text.rpartition("```text\n")[2].partition("\n```")[0]


def test_every_answer_has_a_sheet_of_each_arm(key, texts):
    assert set(key) == set(texts)
    pairs = {(sheet["answer"], sheet["arm"]) for sheet in key.values()}
    assert len(pairs) == len(key) == SIZE * len(ARMS)


def test_no_batch_has_an_answer_twice_and_all_have_as_many_of_each_arm(folder, key):
    for names in batches(folder):
        assert len({key[name]["answer"] for name in names}) == len(names) == SIZE
        arms = [key[name]["arm"] for name in names]
        assert [arms.count(arm) for arm in ARMS] == [SIZE // len(ARMS)] * len(ARMS)


def test_the_strata_have_their_shares(key):
    strata = [ANSWERS[name].stratum for name in {sheet["answer"] for sheet in key.values()}]
    assert {name: strata.count(name) for name in SHARES} == {"one": 4, "two": 2, "crash": 2}


def test_the_sheets_of_an_answer_differ_in_what_is_said_only(key, texts):
    frames = {}
    for name, sheet in key.items():
        frame = texts[name].replace(name, "").replace(said_on(texts[name]), "")
        frames.setdefault(sheet["answer"], set()).add(frame)
    assert {len(found) for found in frames.values()} == {1}


def test_no_sheet_names_its_arm_or_its_answer(key, texts):
    for name, sheet in key.items():
        assert not [arm for arm in ARMS if arm in texts[name]]
        assert sheet["answer"] not in texts[name]
        assert ANSWERS[sheet["answer"]].code.strip() in texts[name]


def test_another_message_is_what_is_said_about_another_answer_to_the_exercise(key, texts):
    for name, sheet in key.items():
        if sheet["arm"] == OTHER:
            answer = ANSWERS[sheet["answer"]]
            others = [o for o in ANSWERS.values() if o.exercise == answer.exercise and o != answer]
            said = said_on(texts[name])
            assert said in [repair.what_is_said(other)[OURS] for other in others]
            assert said != repair.what_is_said(answer)[OURS]


def test_expected_and_actual_tell_numbers_and_no_advice():
    one = next(a for a in ANSWERS.values() if (a.exercise, a.stratum) == ("ps1-mean-cost", "one"))
    said = repair.what_is_said(one)
    assert said[VERDICT] == "mean_cost is not right."
    assert "expected is" in said[VALUES]
    assert said[OURS] not in said[VALUES]


def test_a_seed_gives_the_same_sheets_and_another_seed_others(folder, key, tmp_path):
    again = sheets_in(tmp_path / "again")
    for path in folder.glob("**/*.*"):
        assert path.read_bytes() == (again / path.relative_to(folder)).read_bytes()
    other = sheets_in(tmp_path / "other", seed=SEED + 1)
    assert json.loads((other / "key.json").read_text(encoding="utf-8")) != key


def test_the_key_does_not_follow_from_the_messages(key, tmp_path, monkeypatch):
    monkeypatch.setattr(repair, "what_is_said", lambda answer: dict.fromkeys(ARMS, answer.name))
    again = sheets_in(tmp_path / "again")
    assert json.loads((again / "key.json").read_text(encoding="utf-8")) == key


def test_an_exercise_whose_messages_are_all_the_same_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(repair, "what_is_said", lambda answer: dict.fromkeys(ARMS, "wrong"))
    with pytest.raises(ValueError, match="the same is said about all answers to ps1-"):
        sheets_in(tmp_path)


def test_a_sample_that_is_too_large_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"needs \d+ answers of the stratum .*smaller size"):
        sheets_in(tmp_path, size=400)


# The score


def toy_edits(key):
    """A solver who mends what our message is about and, of one mistake, what numbers show."""
    for name, sheet in key.items():
        answer = ANSWERS[sheet["answer"]]
        if sheet["arm"] == OURS or (sheet["arm"], answer.stratum) == (VALUES, "one"):
            yield name, answer.mended
        elif sheet["arm"] == VERDICT:
            yield name, answer.code
        elif answer.stratum == "crash":
            yield name, "def this is no Python(:"


def test_a_toy_solver_is_scored(folder, key):
    for name, code in toy_edits(key):
        (folder / "edits" / f"{name}.py").write_text(code, encoding="utf-8")
    lines = repair.score(folder, sandbox="none").splitlines()
    want = {VERDICT: (0, 0, 0, 0), VALUES: (4, 4, 0, 0), OURS: (8, 4, 2, 2), OTHER: (0, 0, 0, 0)}
    for k, (stratum, tried) in enumerate([("all", 8), ("one", 4), ("two", 2), ("crash", 2)]):
        for arm in ARMS:
            assert str(Line(stratum, arm, want[arm][k], tried)) in lines
    told = "\n".join(lines)
    assert "24 of 32 sheets were handed in" in told
    assert "The bare verdict repairs 0%; at most 40% are admitted: valid." in told
    assert "4 are repaired with our message and not with expected and actual, and 0" in told


def test_a_line_has_the_interval_of_wilson():
    assert str(Line("all", OURS, 8, 10)).endswith("8 of  10   80% [ 49%,  94%]")


def test_where_the_verdict_repairs_too_many_the_figures_are_not_valid(key):
    good = {name for name, sheet in key.items() if sheet["arm"] == VERDICT}
    assert "not valid: take harder exercises" in repair.told(key, good, len(key))


def test_the_command_line_writes_and_scores(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(repair, "wrong_answers", lambda _: list(ANSWERS.values()))
    new = tmp_path / "new"
    repair.main(["sheets", str(new), "--size", str(SIZE), "--seed", str(SEED)])
    assert batches(new) == batches(folder)
    (new / "edits" / "sheet-1.py").write_text("", encoding="utf-8")
    repair.main(["score", str(new), "--sandbox", "none"])
    said = capsys.readouterr().out
    assert "0 of 32 sheets were handed in" in said
    assert "sheet-1.py belongs to no sheet." in said


def test_the_command_line_overwrites_nothing_and_needs_a_key(folder, tmp_path, capsys):
    new = str(tmp_path / "new")
    for command in [["sheets", str(folder)], ["score", new], ["sheets", new, "--size", "9000"]]:
        with pytest.raises(SystemExit):
            repair.main(command)
    said = capsys.readouterr().err
    assert "holds sheets already: name a new folder" in said
    assert "holds no key.json: `sheets` writes it" in said
    assert "take a smaller size" in said


# The pilot


def test_a_short_sheet_shows_the_first_line_and_the_arguments_only(tmp_path):
    repair.write_sheets(tmp_path, list(ANSWERS.values()), 4, SEED, short=True)
    for path in tmp_path.glob("batch-*/*.md"):
        exercise = path.read_text(encoding="utf-8").partition("## The answer")[0]
        assert "(not at hand)" in exercise
        assert "Parameters" not in exercise
        assert exercise.count('"""') == 2


def test_a_pilot_has_every_answer_once_with_the_bare_verdict(tmp_path):
    repair.write_pilot(tmp_path, list(ANSWERS.values()), SEED, short=False)
    key = json.loads((tmp_path / "key.json").read_text(encoding="utf-8"))
    assert sorted(sheet["answer"] for sheet in key.values()) == sorted(ANSWERS)
    assert {sheet["arm"] for sheet in key.values()} == {VERDICT}
    assert sorted(path.stem for path in tmp_path.glob("pilot/*.md")) == sorted(key)


def test_a_pilot_and_its_score_take_the_set_that_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(repair, "what_is_said", lambda answer: {VERDICT: answer.name})
    monkeypatch.setattr(repair, "sheet_text", lambda name, *_: name)
    repair.main(["pilot", str(tmp_path / "known"), "--set", "known"])
    key = json.loads((tmp_path / "known" / "key.json").read_text(encoding="utf-8"))
    answers = wrong_answers(KNOWN)
    assert sorted(sheet["answer"] for sheet in key.values()) == sorted(one.id for one in answers)
    lines = {line.stratum: line.tried for line in repair.lines_of(key, set())}
    assert lines == {"all": len(answers)} | Counter(one.stratum for one in answers)


def test_what_was_not_repaired_is_written_down_and_can_be_drawn_from(tmp_path, monkeypatch):
    repair.write_pilot(tmp_path / "pilot", list(ANSWERS.values()), SEED, short=True)
    key = json.loads((tmp_path / "pilot" / "key.json").read_text(encoding="utf-8"))
    first, second = list(key)[:2]
    for name in (first, second):
        (tmp_path / "pilot" / "edits" / f"{name}.py").write_text("x", encoding="utf-8")
    monkeypatch.setattr(repair, "repaired", lambda *_: {first})
    repair.score(tmp_path / "pilot", unrepaired=tmp_path / "hard.txt")
    assert [one.id for one in repair.named_answers(tmp_path / "hard.txt")] == [
        key[second]["answer"]
    ]


def test_a_file_that_names_an_unknown_answer_is_refused(tmp_path):
    (tmp_path / "hard.txt").write_text("ps1-mean-cost/of-nobody\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"not in the set .*: ps1-mean-cost/of-nobody"):
        repair.named_answers(tmp_path / "hard.txt")
