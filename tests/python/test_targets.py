"""Targets: need, pace and date, against all completions and by hand."""

from fractions import Fraction
from math import ceil

import pytest
from gap_sets import TOY
from hypothesis import given
from hypothesis import strategies as st
from support import attainment_of, completions, extremes, puzzles

import nrd
from nrd import Attainment, target_pace

WHEN = {"at": 2020, "by": 2024}


@given(puzzles(), st.sampled_from(["0", "0.3", "0.6", "2/3", "1"]))
def test_a_mean_is_held_against_all_completions(puzzle, share):
    possible = completions(*puzzle)
    if not possible:
        return
    attainment = attainment_of(*puzzle)
    n, width = len(attainment.units), len(attainment.criteria)
    mean = float(Fraction(share) * width)
    found = target_pace(attainment, mean=mean, **WHEN)
    low, high = extremes(sum(map(sum, matrix)) for matrix in possible)
    target = ceil(Fraction(repr(mean)).limit_denominator(10**6) * n)
    assert (found.quantity, found.target) == ("criteria", target)
    assert (found.reached_low, found.reached_high) == (low, high)
    assert found.need_low == max(target - high, 0)
    assert found.need_high == max(target - low, 0)
    assert found.pace_high == found.need_high / 4
    assert found.met is (True if low >= target else False if high < target else None)


@given(puzzles())
def test_units_at_the_standard_lie_within_the_bounds(puzzle):
    possible = completions(*puzzle)
    if not possible:
        return
    attainment = attainment_of(*puzzle)
    found = target_pace(attainment, units=1, **WHEN)
    low, high = extremes(sum(map(all, matrix)) for matrix in possible)
    assert found.reached_low <= low
    assert high <= found.reached_high
    for j, code in enumerate(attainment.criteria):
        one = target_pace(attainment, units=1, criterion=code, **WHEN)
        assert (one.reached_low, one.reached_high) == extremes(
            sum(row[j] for row in matrix) for matrix in possible
        )


def test_a_case_worked_by_hand():
    """65 of 188 in mid 2024, 83 asked at the end of 2025, 49 at the end of 2020."""
    now = Attainment.from_totals({"standard": 65}, units=188)
    found = target_pace(now, at="2024-06", units=83, by=2025, past=49, past_at="2020-12")
    assert found.need_low == found.need_high == 18
    assert found.years == pytest.approx(184 / 366 + 1, rel=1e-12)
    assert found.pace_low == pytest.approx(18 / (184 / 366 + 1), rel=1e-12)
    assert found.past_pace_low == pytest.approx(16 / (3 + 182 / 366), rel=1e-12)
    assert found.date_low == found.date_high
    reached = 2024 + 182 / 366 + 18 / (16 / (3 + 182 / 366))
    assert found.date_low == pytest.approx(reached, rel=1e-12)
    assert found.met is False


def test_a_target_that_is_met_needs_nothing():
    now = Attainment.from_totals({"standard": 169}, units=169)
    found = target_pace(now, share=1, past=100, past_at=2018, **WHEN)
    assert (found.met, found.need_high, found.pace_high) == (True, 0, 0.0)
    assert found.date_low == found.date_high == 2021.0
    assert found.nearest["unit"] == []


def test_a_share_is_the_decimal_that_is_written():
    now = Attainment.from_totals({"a": 0}, units=100)
    for percent in range(101):
        found = target_pace(now, share=percent / 100, **WHEN)
        assert found.target == percent


def test_a_past_that_is_half_known_gives_bounds():
    now = Attainment.from_totals({"a": 6}, units=8)
    past = Attainment.from_totals({"a": 2}, units=8).with_totals({"a": (2, 4)})
    found = target_pace(now, units=8, past=past, past_at=2018, **WHEN)
    assert (found.past_pace_low, found.past_pace_high) == (1.0, 2.0)
    assert (found.expected_low, found.expected_high) == (10.0, 14.0)
    assert (found.date_low, found.date_high) == (2022.0, 2023.0)


def test_a_pace_that_does_not_grow_has_no_date():
    now = Attainment.from_totals({"a": 3}, units=8)
    found = target_pace(now, units=5, past=4, past_at=2018, **WHEN)
    assert (found.date_low, found.date_high) == (None, None)
    assert "–" in found.summary()


def test_the_nearest_come_first():
    """In the north 1.1 asks 55.5: A meets all, B and D miss it, C misses two criteria."""
    sheet = {"unit": ["A", "B", "C", "D"], "1.1": [59.0, 30.0, 54.0, 54.0]}
    sheet |= {"1.2": [1.0] * 4, "2.1": [True] * 4, "3.1": [60.0] * 4, "3.2": [0.0] * 4}
    sheet |= {"3.3": [1.0, 1.0, 9.0, 1.0]}
    found = nrd.assess(sheet, TOY, year=2022, region="north")
    near = target_pace(found, units=3, at=2022, by=2024).nearest
    assert near["unit"] == ["D", "B", "C"]
    assert near["surely"] == [["1"], ["1"], ["1", "3"]]
    assert near["furthest"] == [1.5 / 55.5, 25.5 / 55.5, 0.8]


def test_the_conditions_of_an_assessment_count():
    sheet = {"unit": ["A", "B"], "1.1": [99.0, 30.0]}
    found = nrd.assess(sheet, TOY, year=2022, region="north")
    pace = target_pace(found, units=1, at=2022, by=2024)
    assert (pace.reached_low, pace.reached_high) == (0, 1)


SEVEN = Attainment.from_totals({"a": 1}, units=7)
NOW = Attainment.from_totals({"a": 3, "b": 4}, units=8)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"units": 9}, nrd.NrdValueError, "units is 9, expected a whole number up to"),
        ({"units": -1}, nrd.NrdValueError, "units is -1"),
        ({"units": 2.5}, nrd.NrdValueError, "units is 2.5"),
        ({"share": 60}, nrd.NrdValueError, "share is 60, expected a share from 0 to 1"),
        ({"share": float("nan")}, nrd.NrdValueError, "share is nan"),
        ({"mean": 2.5}, nrd.NrdValueError, "mean is 2.5, expected a mean up to"),
        ({}, nrd.NrdValueError, "found none, expected one target"),
        ({"units": 2, "share": 0.5}, nrd.NrdValueError, "found units and share, expected"),
        ({"units": 4, "by": 2019}, nrd.NrdValueError, "by is 2019, expected a date after"),
        (
            {"units": 4, "by": "2020-12"},
            nrd.NrdValueError,
            "a date after at, 2020",
        ),
        ({"units": 4, "by": "end"}, nrd.NrdValueError, "by is 'end', expected a year"),
        ({"units": 4, "by": "2021-02-30"}, nrd.NrdValueError, "by is '2021-02-30'"),
        ({"units": 4, "by": 2024.5}, nrd.NrdTypeError, "by is 2024.5"),
        ({"units": 4, "criterion": "c"}, nrd.NrdKeyError, "'c' is not in the set"),
        ({"mean": 1, "criterion": "a"}, nrd.NrdValueError, "a mean is of all criteria"),
        ({"units": 4, "past": 2}, nrd.NrdTypeError, "past and past_at go together"),
        (
            {"units": 4, "past": 9, "past_at": 2018},
            nrd.NrdValueError,
            "past is 9, expected a number from 0 to 8",
        ),
        (
            {"units": 4, "past": 2, "past_at": 2020},
            nrd.NrdValueError,
            "past_at is 2020, expected a date before at, 2020",
        ),
        (
            {
                "units": 4,
                "past": Attainment.from_totals({"a": 1}, units=7),
                "past_at": 2018,
            },
            nrd.NrdValueError,
            "past has 7 units and the present 8",
        ),
    ],
)
def test_bad_input(options, error, words):
    with pytest.raises(error) as raised:
        target_pace(NOW, **{**WHEN, **options})
    assert words in str(raised.value)


def test_tables_summary_and_json():
    sheet = {"unit": ["A", "B"], "a": [0, 1], "b": [None, 0]}
    found = target_pace(Attainment.from_wide(sheet), units=2, **WHEN)
    assert found.table["need_low"] == [2]
    assert found.nearest_table["surely"] == ["b", "a"]
    assert found.nearest_table["possibly"] == ["", "b"]
    assert "Pace to the target" in found.summary()
    assert "Tốc độ" in found.summary(language="vi")
    assert '"past_pace_low": null' in found.to_json()
