"""Money: exact margins and shares, verdicts, and numbers that are never guessed."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import duckdb_relation, nearest

import nrd
from nrd import reconcile

amounts = st.decimals(0, 10**9, allow_nan=False, places=None).map(lambda d: round(d, 4))
printed = st.builds(lambda d, places: f"{d:.{places}f}", amounts, st.integers(0, 4))
tables = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), printed, min_size=1
)


def table(cells):
    """Columns of a mapping from (content, source) to an amount."""
    contents, sources = zip(*cells)
    return {"content": contents, "source": sources, "amount": list(cells.values())}


def column(*values, **options):
    """Total of amounts, each of another content."""
    return reconcile(
        table({(f"c{i}", "s"): v for i, v in enumerate(values)}), **options
    ).total


def verdict(stated, *parts):
    """Verdict on a stated total."""
    cells = {(f"c{i}", "s"): part for i, part in enumerate(parts)} | {
        ("total", "s"): stated
    }
    return reconcile(table(cells)).checks["verdict"]


@given(tables, st.integers(1, 500), st.integers(1, 10**6))
def test_margins_and_shares_are_the_nearest_doubles(cells, units, persons):
    exact = {cell: Fraction(text) for cell, text in cells.items()}
    total = sum(exact.values())
    found = reconcile(table(cells), units=units, persons=persons)
    assert found.total == float(total)
    assert (found.per_unit, found.per_person) == (
        nearest(total, units),
        nearest(total, persons),
    )
    for place, name in enumerate(["content", "source"]):
        margin = getattr(found, f"by_{name}")
        assert margin[name] == list(dict.fromkeys(cell[place] for cell in cells))
        for i, label in enumerate(margin[name]):
            part = sum(value for cell, value in exact.items() if cell[place] == label)
            assert margin["amount"][i] == float(part)
            assert margin["share"][i] == (nearest(part, total) if total else None)
            assert margin["per_unit"][i] == nearest(part, units)
            assert margin["per_person"][i] == nearest(part, persons)


@given(tables)
def test_amounts_stand_where_they_were_printed(cells):
    found = reconcile(table(cells))
    for i, content in enumerate(found.contents):
        for j, source in enumerate(found.sources):
            text = cells.get((content, source))
            assert found.amounts[i][j] == (None if text is None else float(Fraction(text)))


@given(st.lists(printed, min_size=1, max_size=5), st.integers(0, 4), st.integers(-2, 2))
def test_verdicts(parts, places, shift):
    total = sum(map(Decimal, parts))
    unit = Decimal(1).scaleb(-places)
    stated = total.quantize(unit, ROUND_DOWN) + shift * unit
    if stated < 0:
        return
    if stated == total:
        wanted = "equal"
    elif stated == total.quantize(unit, ROUND_HALF_UP):
        wanted = "rounded"
    elif stated == total.quantize(unit, ROUND_DOWN):
        wanted = "truncated"
    else:
        wanted = "different"
    assert verdict(f"{stated:.{places}f}", *parts) == [wanted]


@pytest.mark.parametrize(
    ("stated", "part", "wanted"),
    [
        ("4410.20", "4410.2", "equal"),
        ("4410.2", "4410.18", "rounded"),
        ("0.3", "0.25", "rounded"),
        ("0.2", "0.25", "truncated"),
        ("77.77", "77.777", "truncated"),
        ("77.79", "77.777", "different"),
        ("0.1", "0.15000000", "truncated"),
        ("-0.5", "0.5", "different"),
    ],
)
def test_verdicts_by_hand(stated, part, wanted):
    assert verdict(stated, part) == [wanted]


def test_differences_are_exact():
    cells = {("a", "s"): "0.1", ("b", "s"): "0.2", ("total", "s"): "0.4"}
    checks = reconcile(table(cells)).checks
    assert (checks["stated"], checks["computed"]) == ([0.4], [0.3])
    assert checks["difference"] == [0.1]


def test_every_stated_total_is_held_against_its_parts():
    cells = {
        ("a", "x"): "1", ("a", "y"): "2", ("a", "total"): "3",
        ("b", "x"): "4", ("b", "total"): "5",
        ("total", "x"): "6", ("total", "y"): "2", ("total", "total"): "7",
    }  # fmt: skip
    found = reconcile(table(cells))
    checks = found.checks
    assert (found.contents, found.sources, found.total) == (("a", "b"), ("x", "y"), 7.0)
    assert dict(zip(checks["id"], zip(checks["stated"], checks["computed"]))) == {
        "content:a": (3, 3), "content:b": (5, 4), "source:x": (6, 5), "source:y": (2, 2),
        "total:parts": (7, 7), "total:contents": (7, 8), "total:sources": (7, 8),
    }  # fmt: skip
    assert dict(zip(checks["id"], checks["rows"]))["content:a"] == [2, 0, 1]


def test_the_word_for_a_total_can_be_chosen():
    cells = {("a", "s"): "1", ("Tổng", "s"): "1", ("total", "s"): "2"}
    found = reconcile(table(cells), total="Tổng")
    assert (found.contents, found.checks["computed"]) == (("a", "total"), [3.0])


@pytest.mark.parametrize(
    ("text", "options", "value"),
    [
        ("3,860.18", {"thousands": ","}, 3860.18),
        ("3.860,18", {"decimal": ",", "thousands": "."}, 3860.18),
        ("3 860,18", {"decimal": ",", "thousands": " "}, 3860.18),
        ("3860,18", {"decimal": ","}, 3860.18),
        (" 3860.18 ", {}, 3860.18),
        ("-12.5", {}, -12.5),
        ("+12.5", {}, 12.5),
        ("9007199254740993", {}, 9007199254740992.0),
    ],
)
def test_declared_marks(text, options, value):
    assert column(text, **options) == value


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("1,5", {}),
        ("1.5", {"decimal": ","}),
        ("1,500", {}),
        ("1.500", {"decimal": ",", "thousands": " "}),
        ("1,50", {"thousands": ","}),
        ("15,00,000", {"thousands": ","}),
        ("1.5.0", {}),
        ("abc", {}),
        ("1e3", {}),
        ("12 VND", {}),
        ("1.", {}),
        (".5", {}),
        ("−1", {}),
        ("\uff11\uff12", {}),
        ("--1", {}),
        ("12\x0034", {}),
        ("0x1F", {}),
        ("inf", {}),
        ("nan", {}),
        ("1.0123456789", {}),
        ("9" * 20, {}),
        (True, {}),
        (float("inf"), {}),
        (1e300, {}),
    ],
)
def test_a_number_is_never_guessed(text, options):
    with pytest.raises(nrd.NrdValueError, match="row 1") as caught:
        column("2", text, **options)
    assert caught.value.row == 1


@pytest.mark.parametrize("missing", [None, "", "  ", float("nan"), pd.NA])
@pytest.mark.parametrize("name", ["content", "source", "amount"])
def test_a_missing_value_names_its_row(name, missing):
    columns = {"content": ["a", "b"], "source": ["s", "s"], "amount": ["1", "2"]}
    columns[name][1] = missing
    with pytest.raises(nrd.NrdValueError, match=f"row 1: '{name}' is missing"):
        reconcile(columns)


@pytest.mark.parametrize(
    "options",
    [
        {"decimal": ";"},
        {"decimal": ""},
        {"decimal": None},
        {"decimal": ".,"},
        {"thousands": "'"},
        {"thousands": ",,"},
        {"thousands": "."},
        {"units": -5},
        {"units": 2.5},
        {"persons": -1},
    ],
    ids=str,
)
def test_options_that_cannot_be(options):
    with pytest.raises(nrd.NrdError):
        column("1", **options)


@pytest.mark.parametrize(
    "values",
    [
        [1, 2.5, "3.25", 1e-5],
        [Decimal("1"), Decimal("2.50"), Decimal("3.25"), Decimal("0.00001")],
        [np.int64(1), np.float64(2.5), np.float32(3.25), np.float64(1e-5)],
        np.array([1, 2.5, 3.25, 1e-5]),
        pd.Series([1, 2.5, 3.25, 1e-5]),
    ],
)
def test_numbers_that_are_no_text(values):
    assert column(*values) == 6.75001


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table, duckdb_relation])
@pytest.mark.parametrize("values", [[0.1, 0.2], [Decimal("0.1"), Decimal("0.2")]])
def test_numbers_in_frames(make, values):
    frame = make({"content": ["a", "b"], "source": ["s", "s"], "amount": values})
    assert reconcile(frame).total == 0.3
    assert reconcile(frame, decimal=",", thousands=".").total == 0.3


@pytest.mark.parametrize("value", [1.125, Decimal("1.125"), np.float32(1.125)])
def test_marks_are_those_of_text_not_of_numbers(value):
    """1.125 is a number already: a group mark "." does not turn it into 1125."""
    assert column(value, decimal=",", thousands=".") == 1.125


def test_an_amount_given_twice_names_its_row():
    columns = {"content": ["roads", "water", "roads"], "source": ["state"] * 3}
    with pytest.raises(nrd.NrdValueError, match=r"row 2.*roads.*state.*twice") as caught:
        reconcile(columns | {"amount": ["1", "2", "3"]})
    assert caught.value.row == 2


@pytest.mark.parametrize(("content", "source"), [("a", "total"), ("total", "s")])
def test_a_total_given_twice_names_its_row(content, source):
    columns = {"content": ["a", content, content], "source": ["s", source, source]}
    with pytest.raises(nrd.NrdValueError, match=r"row 2.*twice"):
        reconcile(columns | {"amount": ["1", "1", "2"]})


def test_rows_can_have_other_names():
    with pytest.raises(nrd.NrdValueError, match=r"capital\.csv, line 3"):
        column("1", "zwei", where=lambda row: f"capital.csv, line {row + 2}")


def test_columns_must_be_there():
    with pytest.raises(nrd.NrdKeyError, match="'fund'"):
        reconcile(table({("a", "s"): "1"}), source="fund")


def test_a_sum_that_does_not_fit_is_an_error():
    with pytest.raises(nrd.NrdValueError) as caught:
        column(*["9" * 18] * 12)
    assert caught.value.status == "NRD_E_OVERFLOW"


def test_order_of_rows_does_not_matter():
    cells = {(c, s): f"{i + 0.1:.1f}" for i, (c, s) in enumerate(zip("abcab", "xxxyy"))}
    there = reconcile(table(cells))
    back = reconcile(table(dict(reversed(cells.items()))))
    assert there.total == back.total
    assert dict(zip(there.contents, there.by_content["share"])) == dict(
        zip(back.contents, back.by_content["share"])
    )


def test_shares_of_nothing_are_missing():
    found = reconcile(table({("a", "s"): "1", ("b", "s"): "-1"}))
    assert (found.total, found.by_content["share"]) == (0.0, [None, None])


def test_a_table_without_rows_sums_to_nothing():
    found = reconcile({"content": [], "source": [], "amount": []})
    assert (found.total, found.contents, found.checks["id"]) == (0.0, (), [])
