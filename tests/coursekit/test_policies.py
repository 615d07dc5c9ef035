"""Due dates, extensions, late days, penalties and totals, against rules worked out otherwise."""

import itertools
import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.course_toml import NAME, Policies, read_settings
from coursekit.errors import CourseError
from coursekit.policies import extensions
from coursekit.policies.extensions import Extension, Extensions, read_extensions
from coursekit.policies.lateness import HandIn, late_days_spent, penalty
from coursekit.policies.terms import CoursePolicies
from coursekit.policies.times import moment, read_time, shown_time
from coursekit.policies.totals import SetScore, total, uneven

BERLIN, NEW_YORK, LORD_HOWE = map(
    ZoneInfo, ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
)
DUE = datetime(2027, 1, 10, 23, 59, 59, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# Times


@pytest.mark.parametrize(
    ("zone", "local", "early", "late"),
    [
        (BERLIN, "2027-01-10 23:59:59", "2027-01-10 22:59:59", None),
        (BERLIN, "2027-07-10 23:59:59", "2027-07-10 21:59:59", None),
        (BERLIN, "2027-10-31 02:30:00", "2027-10-31 00:30:00", "2027-10-31 01:30:00"),
        (BERLIN, "2027-03-28 02:30:00", "2027-03-28 00:30:00", "2027-03-28 01:30:00"),
        (NEW_YORK, "2027-11-07 01:30:00", "2027-11-07 05:30:00", "2027-11-07 06:30:00"),
        (LORD_HOWE, "2027-04-04 01:45:00", "2027-04-03 14:45:00", "2027-04-03 15:15:00"),
    ],
)
def test_an_hour_that_a_clock_has_twice_is_the_students_doubt(zone, local, early, late):
    utc = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (early, late or early)]
    assert read_time(local, zone) == utc[0]
    assert read_time(local, zone, in_doubt_later=True) == utc[1]


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, LORD_HOWE], ids=str)
def test_a_day_is_as_long_as_the_clock_says_where_it_is_set(zone):
    """Between two due dates at midnight lie 23 to 25 hours, but the clock shows the same."""
    ends = [moment(date(2027, 1, 1) + n * DAY, zone, in_doubt_later=True) for n in range(365)]
    assert all(end.astimezone(zone).strftime("%H:%M:%S") == "23:59:59" for end in ends)
    lengths = {(b - a) / HOUR for a, b in itertools.pairwise(ends)}
    assert lengths == ({23, 24, 25} if zone != LORD_HOWE else {23.5, 24, 24.5})


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-10 23:59:59 +01:00",
        "2027-01-10T22:59:59Z",
        "2027-01-10 22:59:59 UTC",
        "2027-01-10 17:59:59 -0500",
    ],
)
def test_a_time_that_names_its_zone_needs_no_other(text):
    assert read_time(text, NEW_YORK) == datetime(2027, 1, 10, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "10.01.2027", "2027-13-01", "2027-01-10 25:00",
                                  "2027-01-10 23:59:59 CET", "1/2/2027"])  # fmt: skip
def test_what_could_be_two_times_is_none(text):
    with pytest.raises(ValueError, match=r"2027|month|hour|day"):
        read_time(text, BERLIN)


def test_a_moment_is_shown_in_the_zone_of_the_course():
    assert shown_time(DUE, BERLIN) == "2027-01-11 00:59:59 CET"
    assert shown_time(DUE, NEW_YORK) == "2027-01-10 18:59:59 EST"


# Penalties

RULES = st.builds(
    Policies,
    late=st.sampled_from(["per day", "per hour", "all", "nothing", "lms", "nbgrader"]),
    late_percent=st.floats(0, 100),
    late_of=st.sampled_from(["earned", "possible"]),
    late_most=st.floats(0, 100),
    grace_minutes=st.floats(0, 600),
)
POINTS = st.floats(0, 100).map(lambda x: round(x, 2))


@given(RULES, POINTS, POINTS, st.floats(0, 10**7), st.floats(0, 10**6))
def test_a_penalty_takes_no_more_than_there_is_and_grows_with_lateness(rules, a, b, late, more):
    score, possible = min(a, b), max(a, b)
    taken = penalty(rules, score, possible, late)
    assert 0 <= taken <= score
    assert taken <= penalty(rules, score, possible, late + more)
    if rules.late in ("nothing", "lms", "nbgrader") or late == 0:
        assert taken == 0
    elif rules.late != "all" and rules.late_of == "earned":
        assert taken <= score * rules.late_most / 100 + 0.005 + 1e-9


@pytest.mark.parametrize(
    ("seconds", "taken"),
    [(-1, 0), (0, 0), (1, 3.5), (86400, 3.5), (86401, 7), (5 * 86400, 14), (10**9, 14)],
)
def test_each_day_that_has_begun_costs_the_same_up_to_the_most(seconds, taken):
    rules = Policies(late="per day", late_percent=10, late_of="possible", late_most=40)
    assert penalty(rules, 30, 35, seconds) == taken
    assert penalty(rules, 2, 35, seconds) == min(taken, 2)


def test_grace_costs_nothing_and_what_is_later_counts_from_the_due_date():
    rules = Policies(late="per hour", late_percent=10, grace_minutes=90)
    assert penalty(rules, 10, 10, 90 * 60) == 0
    assert penalty(rules, 10, 10, 90 * 60 + 1) == 2


# Late days

HAND_INS = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(
        HandIn,
        st.integers(0, 40).map(lambda n: DUE + n * 6 * HOUR),
        st.none() | st.integers(0, 80).map(lambda n: DUE + n * 6 * HOUR),
        st.none() | st.integers(0, 4),
    ),
)


@given(HAND_INS, st.integers(0, 6), st.integers(0, 4))
def test_late_days_are_never_overspent_and_never_wasted(hand_ins, have, per_set):
    spent = late_days_spent(hand_ins, have, per_set)
    assert spent.keys() == hand_ins.keys()
    assert sum(spent.values()) <= have
    for name, one in hand_ins.items():
        assert 0 <= spent[name] <= per_set
        late = one.came is not None and one.came > one.due
        if one.asked is None and not late:
            assert spent[name] == 0
        if one.asked is None and spent[name] > 1:
            assert one.came > one.due + (spent[name] - 1) * DAY
        if one.asked is not None:
            assert spent[name] <= one.asked


@given(HAND_INS, st.integers(0, 6), st.integers(0, 4))
def test_what_is_due_later_takes_no_late_day_from_what_is_due_earlier(hand_ins, have, per_set):
    spent = late_days_spent(hand_ins, have, per_set)
    order = sorted(hand_ins, key=lambda name: (hand_ins[name].due, name))
    for count in range(len(order)):
        first = {name: hand_ins[name] for name in order[:count]}
        assert late_days_spent(first, have, per_set) == {name: spent[name] for name in first}


# What holds for a student


def policies(text: str, tmp_path, rows: str = "") -> CoursePolicies:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    if rows:
        (tmp_path / extensions.NAME).write_text(rows, encoding="utf-8")
    settings = read_settings(tmp_path)
    zone = ZoneInfo(settings.dates.time_zone)
    return CoursePolicies(settings, read_extensions(tmp_path, zone))


TERM = """
[dates]
time_zone = "Europe/Berlin"
[dates.due]
ps1 = 2027-03-27 23:59:59
ps2 = 2027-10-31 02:30:00
ps3 = 2027-11-15
[policies]
late = "per day"
late_days = 3
"""
ZONES = ["+00:00", "+01:00", "-05:00", "+10:30"]


@pytest.mark.parametrize("offset", ZONES)
@pytest.mark.parametrize(
    ("problem_set", "due"),
    [
        ("ps1", "2027-03-27 22:59:59"),
        ("ps2", "2027-10-31 01:30:00"),
        ("ps3", "2027-11-15 22:59:59"),
    ],
)
def test_a_second_before_and_after_the_deadline_wherever_the_clock_stood(
    problem_set, due, offset, tmp_path
):
    found = policies(TERM.replace("late_days = 3", ""), tmp_path)
    last = datetime.fromisoformat(due + "+00:00")
    for second, late in ((-1, 0), (0, 0), (1, 1)):
        local = (last + timedelta(seconds=second)).astimezone(
            datetime.fromisoformat(f"2027-01-01 00:00:00{offset}").tzinfo
        )
        terms = found.terms("ada", problem_set, read_time(local.isoformat(" "), BERLIN))
        assert terms.seconds_late == late
        assert found.penalty(terms, 10, 10) == late
        said = " ".join(found.sentences(terms, late))
        assert ("late" in said) == bool(late)


def test_a_late_day_is_24_hours_also_where_the_clock_is_set_forward(tmp_path):
    """Clocks of Berlin go forward on the 28th at 2: the day after the due date has 23 hours."""
    found = policies(TERM, tmp_path)
    terms = found.terms("ada", "ps1", read_time("2027-03-29 00:59:59", BERLIN))
    assert (terms.late_days, terms.seconds_late, terms.left) == (1, 0, 2)
    terms = found.terms("ada", "ps1", read_time("2027-03-29 01:00:00", BERLIN))
    assert (terms.late_days, terms.left) == (2, 1)


def test_late_days_go_to_the_sets_in_the_order_of_their_dates(tmp_path):
    found = policies(TERM, tmp_path)
    came = {"ps1": DUE.replace(month=3, day=30), "ps2": None, "ps3": DUE.replace(month=11, day=20)}
    terms = {name: found.terms("ada", name, came[name], came.get) for name in came}
    assert [terms[name].late_days for name in came] == [3, 0, 0]
    assert [terms[name].left for name in came] == [0, 0, 0]
    assert found.penalty(terms["ps3"], 10, 10) == 6
    assert found.sentences(terms["ps1"], 0.22)[0].endswith("with 3 late days, 0 left.")


def test_a_contact_is_named_whatever_holds(tmp_path):
    found = policies(TERM + '[course]\ncontact = "room 3"\n', tmp_path)
    for problem_set in ("ps1", "ps9"):
        terms = found.terms("ada", problem_set, None)
        assert found.sentences(terms, 0)[-1] == "Questions about these points: room 3."


def test_what_is_not_known_costs_nothing_and_is_said(tmp_path):
    found = policies(TERM, tmp_path)
    terms = found.terms("ada", "ps1", None)
    assert (terms.seconds_late, terms.late_days, found.penalty(terms, 10, 10)) == (0, 0, 0)
    assert found.sentences(terms, 0)[1] == "When it was handed in is not known; this costs nothing."


ROWS = """student,problem_set,due,hours,late_days,excused,note
ada,ps1,2027-04-02 12:00:00,,,,travels
"Doe, Jane",*,,48,5,,accommodation
bo,ps1,,,0,,keeps them
cy,ps2,,,,yes,ill
"Doe, Jane",ps3,,,1,,
"""


def test_extensions_move_the_date_of_one_student(tmp_path):
    found = policies(TERM, tmp_path, ROWS)
    late = read_time("2027-03-29 12:00:00", BERLIN)
    ada, jane, bo = (found.terms(name, "ps1", late) for name in ("ada", "Doe, Jane", "bo"))
    assert (ada.seconds_late, ada.late_days) == (0, 0)
    assert shown_time(ada.own_due, BERLIN) == "2027-04-02 12:00:00 CEST"
    assert (jane.seconds_late, jane.late_days, jane.left) == (0, 0, 5)
    assert bo.late_days == 0
    assert bo.seconds_late == 35 * 3600 + 1
    assert found.terms("cy", "ps2", None).excused
    assert found.sentences(found.terms("cy", "ps2", None), 0)[0].startswith("You are excused")
    assert "with an extension" in found.sentences(jane, 0)[0]


def test_an_extension_for_a_set_adds_to_one_for_every_set_column_by_column(tmp_path):
    found = policies(TERM, tmp_path, ROWS)
    terms = found.terms("Doe, Jane", "ps3", read_time("2027-11-15 12:00", BERLIN))
    assert terms.late_days == 1  # asked for
    assert shown_time(terms.own_due, BERLIN) == "2027-11-18 23:59:59 CET"
    assert terms.left == 4


def test_a_name_is_one_name_in_all_its_forms(tmp_path):
    found = policies(TERM, tmp_path, "student,problem_set,excused\nJose\u0301,ps1,yes\n")
    assert found.terms("Jos\u00e9", "ps1", None).excused


LISTED = "student,name,login,sis_id\nada,Ada Lovelace,al1,S1\nkim1,Kim Lee,,\nkim2,Kim Lee,,\n"


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "ada lovelace", "AL1", "S1"])
def test_a_student_is_called_by_whatever_the_roster_knows(name, tmp_path):
    (tmp_path / "roster.csv").write_text(LISTED, encoding="utf-8")
    found = policies(TERM, tmp_path, f"student,problem_set,excused\n{name},ps1,yes\n")
    assert found.terms("ada", "ps1", None).excused


def test_a_name_of_two_students_grants_neither_anything(tmp_path):
    (tmp_path / "roster.csv").write_text(LISTED, encoding="utf-8")
    found = policies(TERM, tmp_path, "student,problem_set,excused\nKim Lee,ps1,yes\n")
    assert not any(found.terms(name, "ps1", None).excused for name in ("kim1", "kim2"))
    assert found.extensions.shared == {"Kim Lee": ["kim1", "kim2"]}


def test_two_lines_for_one_student_are_refused_whatever_they_call_the_student(tmp_path):
    (tmp_path / "roster.csv").write_text(LISTED, encoding="utf-8")
    with pytest.raises(CourseError, match="line 3: ada and ps1 stand in line 2, too"):
        policies(TERM, tmp_path, "student,problem_set,hours\nada,ps1,2\nAda Lovelace,ps1,4\n")


def test_a_set_without_a_date_has_no_terms(tmp_path):
    terms = policies(TERM, tmp_path).terms("ada", "ps9", DUE)
    assert (terms.due, terms.own_due, terms.extension) == (None, None, None)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("student,due\nada,2027-01-01\n", "has no column problem_set"),
        ("student,problem_set,do\nada,ps1,x\n", "has the column do; expected are student"),
        ("student,problem_set,due\nada,ps1,soon\n", "line 2: due is 'soon'"),
        ("student,problem_set,hours\nada,ps1,-3\n", "line 2: hours is '-3': a number from 0"),
        ("student,problem_set,hours\nada,ps1,nan\n", "line 2: hours is 'nan'"),
        ("student,problem_set,late_days\nada,ps1,1.5\n", "line 2: late_days is '1.5': a whole"),
        ("student,problem_set,excused\nada,ps1,maybe\n", "line 2: excused is 'maybe': yes or no"),
        ("student,problem_set\n,ps1\n", "line 2: student and problem_set are expected"),
        ("student,problem_set\nada,ps1\nada,ps1\n", "line 3: ada and ps1 stand in line 2, too"),
        ("student,problem_set\nDoe, Jane,ps1\n", "line 2 has 3 cells, and there are 2 columns"),
        ("", "is empty"),
    ],
)
def test_a_line_that_is_not_right_is_named(rows, words, tmp_path):
    (tmp_path / extensions.NAME).write_text(rows, encoding="utf-8")
    with pytest.raises(CourseError) as raised:
        read_extensions(tmp_path, BERLIN)
    assert words in str(raised.value)


def test_without_the_file_nobody_has_an_extension(tmp_path):
    assert read_extensions(tmp_path, BERLIN).of("ada", "ps1") == Extension()
    assert Extensions().late_days_of("ada") is None


# Totals

SCORES = st.lists(
    st.builds(
        SetScore,
        st.sampled_from(["ps0", "ps1", "ps2", "ps3", "ps4", "ps5"]),
        st.integers(0, 20).map(float),
        st.integers(20, 30).map(float),
        st.booleans(),
    ),
    unique_by=lambda one: one.problem_set,
)


@given(SCORES, st.integers(0, 3))
def test_the_total_is_the_best_that_dropping_so_many_can_give_in_shares(scores, drop):
    policies = Policies(drop_lowest=drop, points=dict.fromkeys(
        ("ps0", "ps1", "ps2", "ps3", "ps4", "ps5"), 10.0))  # fmt: skip
    found = total(scores, policies)
    counting = [one for one in scores if not one.excused]
    keep = max(min(1, len(counting)), len(counting) - drop)
    best = max(
        sum(10 * one.score / one.possible for one in kept)
        for kept in itertools.combinations(counting, keep)
    )
    assert math.isclose(found.score, best, abs_tol=1e-9)
    assert found.possible == 10 * keep
    assert not {one.problem_set for one in scores if one.excused} & {*found.dropped}


def test_extra_credit_adds_and_is_not_missed():
    policies = Policies(extra_credit=("ps5",), drop_lowest=1, points={"ps1": 10, "ps5": 5})
    one, two = SetScore("ps1", 35, 35), SetScore("ps2", 10, 20)
    assert total([one, two], policies).score == 10
    assert total([one, two], policies).dropped == ("ps2",)
    with_extra = total([one, two, SetScore("ps5", 4, 8)], policies)
    assert (with_extra.score, with_extra.possible) == (12.5, 10)


def test_excused_is_other_than_nothing():
    one, nothing = SetScore("ps1", 30, 35), SetScore("ps2", 0, 20)
    excused = SetScore("ps2", 0, 20, excused=True)
    assert (
        total([one, nothing], Policies()).score,
        total([one, nothing], Policies()).possible,
    ) == (
        30,
        55,
    )
    assert total([one, excused], Policies()).possible == 35
    assert total([excused], Policies()).possible == 0


@given(SCORES, st.integers(0, 3))
def test_a_total_out_of_the_same_for_all_ranks_by_shares(scores, drop):
    plain, levelled = (
        total(scores, Policies(drop_lowest=drop, points=points)) for points in ({}, {"total": 100})
    )
    assert levelled.dropped == plain.dropped
    if plain.possible:
        assert levelled.possible == pytest.approx(100)
        assert levelled.score / 100 == pytest.approx(plain.score / plain.possible)


def test_who_did_as_well_in_a_small_set_is_not_turned_behind():
    """Of two alike in all but the first set the one who did more there has more in percent."""
    points = {"mine": 2.0, "ps1": 27.0, "ps3": 43.0}
    better, worse = (
        [SetScore(name, score, points[name]) for name, score in zip(points, had, strict=True)]
        for had in ((2.0, 27.0, 8.0), (0.0, 27.0, 8.0))
    )
    plain = Policies(drop_lowest=1)
    assert total(better, plain).score < total(worse, plain).score  # out of 29 and of 70
    level = Policies(drop_lowest=1, points={"total": 100})
    assert total(better, level).score > total(worse, level).score
    (words,) = uneven(points, False, plain)
    assert "count different points (mine 2, ps1 27, ps3 43)" in words
    assert uneven(points, True, level) == uneven(points, False, Policies()) == []
    assert "excused" in uneven(points, True, Policies())[0]
    assert not uneven(points, False, Policies(drop_lowest=1, points=dict.fromkeys(points, 10.0)))
    assert not uneven({"ps1": 3.0, "x": 9.0}, False, Policies(drop_lowest=1, extra_credit=("x",)))
