"""Distances to levels, and what to do next: against plain fractions."""

from fractions import Fraction

import numpy as np
import pytest
from gap_sets import ITEMS, TOY, assessed, gap, sheets
from hypothesis import given, settings

import nrd


@settings(max_examples=100, deadline=None)
@given(sheets(years=(2021,)))
def test_distances_are_those_of_printed_decimals(drawn):
    sheet, each = drawn
    found = assessed(sheet, each)
    steps = nrd.attainment_gaps(found).next_steps
    seen = {}
    keys = ("unit", "indicator", "distance", "relative", "level", "source")
    for unit, item, *rest in zip(*(steps[key] for key in keys)):
        seen[unit, item] = tuple(rest)
    for row, unit in enumerate(found.unit_names):
        for item in ITEMS:
            state, distance, level = gap(found, row, item)
            if state != "unmet":
                assert (unit, item) not in seen
                continue
            near = float(distance / level) if level > 0 else float("inf")
            decision = found.decision(unit, item)
            assert seen.pop((unit, item)) == (
                float(distance),
                near if distance else 0.0,
                decision.level,
                " ".join(decision.source),
            )
    assert not seen


@settings(max_examples=60, deadline=None)
@given(sheets(years=(2021,)))
def test_steps_go_from_near_to_far(drawn):
    sheet, each = drawn
    steps = nrd.attainment_gaps(assessed(sheet, each)).next_steps
    for unit in set(steps["unit"]):
        rows = [i for i, u in enumerate(steps["unit"]) if u == unit]
        assert [steps["step"][i] for i in rows] == list(range(1, len(rows) + 1))
        criteria = list(dict.fromkeys(steps["criterion"][i] for i in rows))
        inside = [
            [steps["relative"][i] for i in rows if steps["criterion"][i] == c]
            for c in criteria
        ]
        assert [max(part) for part in inside] == sorted(max(part) for part in inside)
        assert all(part == sorted(part) for part in inside)


@settings(max_examples=60, deadline=None)
@given(sheets(years=(2021,)))
def test_indicators_are_counted_by_region(drawn):
    sheet, each = drawn
    found = assessed(sheet, each)
    table = nrd.attainment_gaps(found).by_indicator
    assert len(table["indicator"]) == len(ITEMS) * len(set(each["region"].values()))
    for i, (item, region) in enumerate(zip(table["indicator"], table["region"])):
        units = [u for u, place in each["region"].items() if place == region]
        cells = [gap(found, found.unit_names.index(unit), item) for unit in units]
        short = [cell for cell in cells if cell[0] == "unmet"]
        unknown = sum(cell[0] == "unknown" for cell in cells)
        assert table["asked"][i] == len(units)
        assert table["short_low"][i] == len(short)
        assert table["short_high"][i] == len(short) + unknown
        assert table["points_low"][i] == 100 * len(short) / len(units)
        if not short:
            assert table["distance_mean"][i] is table["distance_max"][i] is None
            continue
        assert table["distance_max"][i] == float(max(d for _, d, _ in short))
        mean = sum(d for _, d, _ in short) / Fraction(len(short))
        assert table["distance_mean"][i] == pytest.approx(float(mean), rel=4e-16)


def test_a_case_worked_by_hand():
    """Each number by hand: 60 - 54 is 6, a tenth of 60; 13.5 - 6 is 7.5, more than 6."""
    sheet = {"unit": ["A"], "1.1": [54.0], "1.2": [13.5], "2.1": [False], "3.3": [5.1]}
    found = nrd.assess(sheet, TOY, year=2021, region="delta", tolerance={"3.3": 0.2})
    steps = nrd.attainment_gaps(found).next_steps
    assert steps["indicator"] == ["3.3", "2.1", "1.1", "1.2"]
    assert steps["distance"] == [0.1, 1.0, 6.0, 7.5]
    assert steps["relative"] == [0.02, 1.0, 0.1, 1.25]
    assert steps["near"] == [True, False, False, False]
    assert steps["level"] == [5.0, "met", 60.0, 6.0]
    assert steps["rule"] == ["below", "met", "at least", "at most"]
    assert set(steps["decision"]) == {"2/QD"}
    assert steps["value"] == [5.1, 0.0, 54.0, 13.5]


def test_a_year_of_several():
    sheet = {"unit": ["A", "A"], "year": [2021, 2022], "1.2": [11.0, 11.0]}
    found = nrd.assess(sheet, TOY, region="north")
    assert nrd.attainment_gaps(found, year=2021).next_steps["unit"] == []
    assert nrd.attainment_gaps(found, year=2022).next_steps["distance"] == [1.0]
    with pytest.raises(nrd.NrdValueError, match="2 years, expected year to name one"):
        nrd.attainment_gaps(found)
    with pytest.raises(nrd.NrdValueError, match="no measurements of 2020"):
        nrd.attainment_gaps(found, year=2020)


def test_gaps_of_criteria_are_those_of_the_attainment():
    sheet = {"unit": ["A", "B"], "1.1": [61.0, 54.0], "1.2": [5.0, np.nan]}
    found = nrd.assess(sheet, TOY, year=2022, region="delta")
    one = nrd.attainment_gaps(found, target=0.5)
    other = nrd.attainment_gaps(found.attainment(), target=0.5)
    assert one.by_criterion == other.by_criterion
    assert one.by_unit == other.by_unit
    assert other.by_indicator == {"indicator": []}


def test_without_values_criteria_stand_in_their_order():
    sheet = {"unit": ["A", "B"], "a": [0, 1], "b": [0, 0], "c": [None, 1]}
    gaps = nrd.attainment_gaps(nrd.Attainment.from_wide(sheet))
    steps = gaps.next_steps
    assert list(zip(steps["unit"], steps["step"], steps["criterion"])) == [
        ("A", 1, "a"),
        ("A", 2, "b"),
        ("B", 1, "b"),
    ]
    assert steps["distance"] == steps["level"] == [None] * 3
    assert gaps.step_table["unit"] == ["A", "A", "B"]


@pytest.mark.parametrize("given", [None, 3, {"a": [1]}])
def test_what_is_neither(given):
    with pytest.raises(nrd.NrdTypeError, match="expected an Attainment or an Assessment"):
        nrd.attainment_gaps(given)


def test_an_attainment_has_no_years():
    with pytest.raises(nrd.NrdTypeError, match="has no years"):
        nrd.attainment_gaps(nrd.Attainment.from_totals({"a": 1}, units=2), year=2021)


def test_summary_tables_and_json():
    sheet = {"unit": ["A"], "1.1": [54.0], "2.1": [False]}
    gaps = nrd.attainment_gaps(nrd.assess(sheet, TOY, year=2021, region="delta"))
    assert "Distance to the levels asked" in gaps.summary()
    assert "Khoảng cách" in gaps.summary(language="vi")
    assert gaps.indicator_table["indicator"] == list(ITEMS)
    assert gaps.step_table["level"] == ["60.0", "met"]
    assert '"distance_mean": 6.0' in gaps.to_json()


def test_a_value_with_too_many_decimals_is_named():
    found = nrd.assess({"unit": ["A"], "1.1": [5.55e-17]}, TOY, year=2021, region="north")
    with pytest.raises(nrd.NrdValueError) as raised:
        nrd.attainment_gaps(found)
    assert str(raised.value).startswith(
        "attainment_gaps: unit 'A', year 2021: indicator 1.1"
    )
