"""What is missing: against brute force and exact fractions."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import attainment_of, completions, extremes, nearest, puzzles

import nrd
from nrd import Attainment, attainment_gaps

COUNTS = Attainment.from_totals({"roads": 10, "health": 18}, units=18)


@given(puzzles(), st.sampled_from(["0", "0.1", "0.3", "0.5", "0.6", "0.8", "0.95", "1"]))
def test_gaps_are_those_of_all_completions(puzzle, target):
    possible = completions(*puzzle)
    if not possible:
        return
    attainment = attainment_of(*puzzle)
    n = len(attainment.units)
    found = attainment_gaps(attainment, target=float(target)).by_criterion
    for j in range(len(attainment.criteria)):
        met_low, met_high = extremes(sum(row[j] for row in matrix) for matrix in possible)
        wanted = ceil(Fraction(target) * n)
        assert (found["short_low"][j], found["short_high"][j]) == (
            n - met_high,
            n - met_low,
        )
        assert found["need_low"][j] == max(wanted - met_high, 0)
        assert found["need_high"][j] == max(wanted - met_low, 0)
        for key, met in (("points_low", met_high), ("points_high", met_low)):
            assert found[key][j] == float(
                max(100 * (Fraction(target) - Fraction(met, n)), 0)
            )


@given(puzzles())
def test_missing_criteria_are_those_of_all_completions(puzzle):
    possible = completions(*puzzle)
    if not possible:
        return
    attainment = attainment_of(*puzzle)
    found = attainment_gaps(attainment).by_unit
    for i in range(len(attainment.units)):
        seen = [
            {matrix[i][j] for matrix in possible} for j in range(len(attainment.criteria))
        ]
        named = list(zip(attainment.criteria, seen))
        assert found["surely"][i] == [code for code, values in named if values == {False}]
        assert found["possibly"][i] == [code for code, values in named if len(values) == 2]


@pytest.mark.parametrize("n", [7, 18, 188, 9973])
def test_points_are_rounded_once(n):
    totals = {str(k): k for k in range(0, n, max(n // 9, 1))}
    found = attainment_gaps(Attainment.from_totals(totals, units=n)).by_criterion
    for j, met in enumerate(totals.values()):
        assert (
            found["points_low"][j] == found["points_high"][j] == nearest(100 * (n - met), n)
        )


def test_points_are_target_less_share():
    """80 percent less 10 of 18, not the share of the 15 communes that this takes."""
    found = attainment_gaps(COUNTS, target=0.8).by_criterion
    assert found["points_low"][0] == pytest.approx(
        float(80 - Fraction(1000, 18)), rel=1e-14
    )


def test_what_is_reached_has_no_gap():
    found = attainment_gaps(COUNTS, target={"roads": 0.5}).by_criterion
    assert found["target"] == [0.5, 1.0]
    assert found["need_low"] == found["need_high"] == [0, 0]
    assert found["points_low"] == found["points_high"] == [0.0, 0.0]
    assert found["short_low"] == [8, 0]


def test_a_target_is_the_decimal_that_is_written():
    """0.07 x 100 is 7.000000000000001 in doubles; 7 communes are enough."""
    counts = Attainment.from_totals({"a": 0}, units=100)
    for percent in range(101):
        found = attainment_gaps(counts, target=percent / 100).by_criterion
        assert found["need_low"] == [percent]


@pytest.mark.parametrize("n", [6, 18, 49, 188])
def test_a_target_may_be_a_quotient(n):
    """5 / 6 is a little more than 5/6 in doubles; 15 of 18 communes are enough."""
    counts = Attainment.from_totals({"a": 0}, units=n)
    for units in range(n + 1):
        found = attainment_gaps(counts, target=units / n).by_criterion
        assert found["need_low"] == [units]
        assert found["points_low"] == [nearest(100 * units, n)]


def test_a_further_unit_is_needed_where_the_share_is_not_whole():
    assert attainment_gaps(COUNTS, target=0.8).by_criterion["need_low"] == [5, 0]


@pytest.mark.parametrize("target", [np.float32(0.5), np.float64(0.5), np.int64(1), 1])
def test_numbers_of_numpy_are_targets(target):
    found = attainment_gaps(COUNTS, target=target)
    assert found.by_criterion["target"] == [float(target)] * 2


@pytest.mark.parametrize(
    "target", [-0.1, 1.1, 80, float("nan"), float("inf"), {"roads": 2}]
)
def test_a_target_outside_its_range(target):
    with pytest.raises(nrd.NrdValueError, match=r"criterion roads.*share in \[0, 1\]"):
        attainment_gaps(COUNTS, target=target)


@pytest.mark.parametrize("target", ["0.8", None, {"roads": "0.8"}])
def test_a_target_that_is_no_number(target):
    with pytest.raises(nrd.NrdError):
        attainment_gaps(COUNTS, target=target)


def test_a_target_for_a_criterion_that_is_not_there():
    with pytest.raises(nrd.NrdKeyError, match="water"):
        attainment_gaps(COUNTS, target={"water": 0.8})


def test_there_must_be_units():
    with pytest.raises(nrd.NrdValueError, match="no units"):
        attainment_gaps(Attainment.from_totals({"a": 0}, units=0))


def test_the_ranking_begins_with_what_is_surely_most_in_the_way():
    sheet = {
        "unit": ["A", "B", "C"],
        "done": [1, 1, 1],
        "open": [None, None, None],
        "one": [0, 1, 1],
        "one-or-more": [0, 1, None],
        "two": [0, 0, 1],
    }
    found = attainment_gaps(Attainment.from_wide(sheet)).ranking
    assert found["criterion"] == ["two", "one-or-more", "one", "open"]
    assert found["short_low"] == [2, 1, 1, 0]
    assert found["short_high"] == [2, 2, 1, 3]


def test_codes_are_joined_in_the_table_of_units():
    sheet = {"unit": ["A"], "a": [0], "b": [0], "c": [None]}
    table = attainment_gaps(Attainment.from_wide(sheet)).unit_table
    assert (table["surely"], table["possibly"]) == (["a b"], ["c"])
