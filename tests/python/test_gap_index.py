"""Gap indices against brute force in fractions."""

from fractions import Fraction

import numpy as np
import pytest
from gap_sets import ITEMS, TOY, assessed, gap, sheets
from hypothesis import given, settings
from hypothesis import strategies as st

import nrd

ORDERS = ("incidence", "depth", "severity")


def brute(found, each, chosen):
    """Known weight, asked weight and sums of gaps of the cells chosen, in fractions."""
    known, asked, sums = Fraction(0), Fraction(0), [Fraction(0)] * 3
    for row in range(len(found.year)):
        unit = found.unit_names[found.unit[row]]
        weight = Fraction(str(each["weights"][unit]))
        for item in ITEMS:
            if not chosen(unit, int(found.year[row]), item):
                continue
            state, distance, level = gap(found, row, item)
            asked += weight * (state != "not asked")
            known += weight * (state in ("met", "unmet"))
            if state != "unmet":
                continue
            relative = Fraction(1) if level <= 0 else distance / level
            relative = min(relative, Fraction(1))
            sums = [s + weight * relative**a for a, s in enumerate(sums)]
    return known, asked, sums


def positions(found, table):
    """Rows of a table as (row, choice of cells)."""
    columns = getattr(found, table)
    key = {"by_group": "group", "by_criterion": "criterion", "by_indicator": "indicator"}
    for i, year in enumerate(columns["year"]):
        yield i, year, columns[key[table]][i] if table in key else None


def choice(table, each, year, key):
    return {
        "by_year": lambda u, y, i: y == year,
        "by_group": lambda u, y, i: y == year and each["by"][u] == key,
        "by_criterion": lambda u, y, i: y == year and i.split(".")[0] == key,
        "by_indicator": lambda u, y, i: y == year and i == key,
    }[table]


@settings(max_examples=120, deadline=None)
@given(sheets(), st.booleans())
def test_every_number_is_that_of_fractions(drawn, weighted):
    sheet, each = drawn
    if not weighted:
        each["weights"] = dict.fromkeys(each["weights"], 1)
    if not any(each["weights"].values()):
        return
    found = assessed(sheet, each)
    index = nrd.gap_index(found, by=each["by"], weights=each["weights"])
    for table in ("by_year", "by_group", "by_criterion", "by_indicator"):
        columns = getattr(index, table)
        for i, year, key in positions(index, table):
            known, asked, sums = brute(found, each, choice(table, each, year, key))
            _, all_asked, whole = brute(found, each, choice("by_year", each, year, None))
            assert index.exact(table, "known")[i] == (known / asked if asked else None)
            assert index.exact(table, "weight_share")[i] == (
                asked / all_asked if all_asked else None
            )
            for order, name in enumerate(ORDERS):
                exact = {
                    name: sums[order] / known if known else None,
                    f"{name}_low": sums[order] / asked if asked else None,
                    f"{name}_high": (sums[order] + asked - known) / asked
                    if asked
                    else None,
                    f"{name}_share": sums[order] / whole[order] if whole[order] else None,
                }
                for column, value in exact.items():
                    assert index.exact(table, column)[i] == value
                    assert columns[column][i] == (None if value is None else float(value))


@settings(max_examples=60, deadline=None)
@given(sheets())
def test_shares_add_to_one_exactly(drawn):
    sheet, each = drawn
    index = nrd.gap_index(assessed(sheet, each), by=each["by"])
    for table in ("by_group", "by_criterion", "by_indicator"):
        for name in ORDERS:
            for year, whole in zip(index.by_year["year"], index.by_year[name]):
                shares = [
                    share
                    for share, y in zip(
                        index.exact(table, f"{name}_share"), getattr(index, table)["year"]
                    )
                    if y == year
                ]
                assert shares == [None] * len(shares) if not whole else sum(shares) == 1


@given(sheets(), st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_bit(drawn, random):
    sheet, each = drawn
    order = list(range(len(sheet["unit"])))
    random.shuffle(order)
    turned = {name: [column[i] for i in order] for name, column in sheet.items()}
    one, other = (nrd.gap_index(assessed(s, each)) for s in (sheet, turned))
    assert one.to_dict()["by_indicator"] == other.to_dict()["by_indicator"]


def test_a_case_worked_by_hand():
    """1.1 asks 60 in the delta: 45 is a quarter short, 54 a tenth; 12 people of 30 each."""
    sheet = {"unit": ["A", "B", "C"], "1.1": [45, 54, 60.0]}
    found = nrd.assess(sheet, TOY, year=2021, region="delta")
    index = nrd.gap_index(found, weights={"A": 6, "B": 6, "C": 18})
    assert index.exact("by_indicator", "incidence")[0] == Fraction(12, 30)
    assert index.exact("by_indicator", "depth")[0] == Fraction(6, 30) * Fraction(35, 100)
    severity = Fraction(6, 30) * (Fraction(1, 16) + Fraction(1, 100))
    assert index.exact("by_indicator", "severity")[0] == severity
    assert index.by_year["known"] == [1 / 6]


def test_a_gap_above_the_level_is_the_whole_level_unless_it_may_be_more():
    sheet = {"unit": ["A"], "1.2": [39.0]}
    found = nrd.assess(sheet, TOY, year=2021, region="delta")
    assert nrd.gap_index(found).exact("by_indicator", "depth")[1] == 1
    free = nrd.gap_index(found, capped=False)
    assert free.exact("by_indicator", "depth")[1] == Fraction(33, 6)
    assert free.exact("by_indicator", "severity")[1] == Fraction(33, 6) ** 2
    assert free.by_indicator["depth_high"] == [None] * 6
    assert free.by_indicator["incidence_high"][0] == 1.0


def test_a_level_that_must_be_passed_can_be_missed_by_nothing():
    found = nrd.assess({"unit": ["A"], "3.3": [5.0]}, TOY, year=2021, region="north")
    index = nrd.gap_index(found).by_indicator
    assert (index["incidence"][5], index["depth"][5]) == (1.0, 0.0)


def test_values_with_many_digits_are_the_decimals_they_stand_for():
    """73.9130434782609 has 13 decimals; weights of 17 digits still add exactly."""
    sheet = {"unit": ["A", "B"], "1.1": [100 * 10 / 23, 1 / 3]}
    found = nrd.assess(sheet, TOY, year=2021, region="delta")
    index = nrd.gap_index(found, weights={"A": 0.123456789, "B": 1e8})
    one = 1 - Fraction("43.4782608695652") / 60
    other = 1 - Fraction("0.333333333333333") / 60
    a, b = Fraction("0.123456789"), Fraction(10**8)
    assert index.exact("by_indicator", "depth")[0] == (a * one + b * other) / (a + b)
    squares = (a * one**2 + b * other**2) / (a + b)
    assert index.exact("by_indicator", "severity")[0] == squares


def test_nothing_known_is_no_index():
    found = nrd.assess({"unit": ["A"], "1.1": [np.nan]}, TOY, year=2021, region="north")
    index = nrd.gap_index(found)
    assert index.by_year["depth"] == [None]
    assert (index.by_year["depth_low"], index.by_year["depth_high"]) == ([0.0], [1.0])
    assert index.by_year["depth_share"] == [None]


@pytest.fixture(scope="module")
def found():
    sheet = {"unit": ["A", "B"], "1.1": [45.0, 60.0], "2.1": [False, True]}
    return nrd.assess(sheet, TOY, year=2021, region="delta")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"by": {"A": "x"}}, nrd.NrdKeyError, "by: there is nothing for the unit 'B'"),
        ({"by": {"A": 1, "B": 1, "C": 1}}, nrd.NrdKeyError, "by: there is no unit 'C'"),
        ({"by": "district"}, nrd.NrdTypeError, "by is 'district', expected a mapping"),
        ({"weights": {"A": -1, "B": 2}}, nrd.NrdValueError, "unit 'A': found -1, expected"),
        ({"weights": {"A": "x", "B": 2}}, nrd.NrdValueError, "unit 'A': found 'x'"),
        ({"weights": {"A": float("nan"), "B": 2}}, nrd.NrdValueError, "'A': found nan"),
        ({"weights": {"A": True, "B": 2}}, nrd.NrdValueError, "'A': found True"),
        ({"weights": {"A": 0, "B": 0}}, nrd.NrdValueError, "all weights are 0"),
        ({"weights": {"A": 10**19, "B": 1}}, nrd.NrdValueError, "too many digits"),
        ({"weights": {"A": 2**63 - 1, "B": 9}}, nrd.NrdValueError, "add up to 2^63"),
    ],
)
def test_bad_input(found, options, error, words):
    with pytest.raises(error) as raised:
        nrd.gap_index(found, **options)
    assert words in str(raised.value)


def test_an_attainment_has_no_values():
    with pytest.raises(nrd.NrdTypeError, match="found Attainment, expected an Assessment"):
        nrd.gap_index(nrd.Attainment.from_totals({"a": 1}, units=2))


def test_a_level_of_nothing_cannot_be_divided_by():
    sheet = {"unit": ["A", "B"], "3.2": [0.0, 1.5]}
    found = nrd.assess(sheet, TOY, year=2021, region="north")
    assert nrd.gap_index(found).exact("by_indicator", "depth")[4] == Fraction(1, 2)
    with pytest.raises(
        nrd.NrdValueError, match=r"'B', year 2021: the level of indicator 3\.2"
    ):
        nrd.gap_index(found, capped=False)


def test_a_value_with_too_many_decimals():
    found = nrd.assess({"unit": ["A"], "1.1": [5.55e-17]}, TOY, year=2021, region="north")
    with pytest.raises(nrd.NrdValueError, match=r"'A', year 2021: indicator 1\.1 is 5\.55"):
        nrd.gap_index(found)


def test_a_set_without_indicators(found):
    new = nrd.criteria_set("vn-51-2025-commune-standard")
    empty = nrd.assess({"unit": ["A"]}, new, year=2026, region="group_1")
    with pytest.raises(nrd.NrdValueError, match="lists no indicators"):
        nrd.gap_index(empty)


@pytest.mark.parametrize(("table", "column"), [("by_day", "depth"), ("by_year", "dept")])
def test_a_column_that_is_not_there(found, table, column):
    with pytest.raises(nrd.NrdKeyError, match="expected one of"):
        nrd.gap_index(found).exact(table, column)


def test_tables_and_json(found):
    index = nrd.gap_index(found)
    for table in ("table", "group_table", "criterion_table", "indicator_table"):
        assert getattr(index, table)["depth"] is not None
    assert '"depth_share": "1/' in index.to_json()
    assert "Chỉ số khoảng cách" in index.summary(language="vi")
