"""Tables with one value a row: any order, any library, any kind of key."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nrd

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
CASES = json.loads((REFERENCE / "assess_cases.json").read_text(encoding="utf-8"))
CASES = nrd.criteria._from_text(json.dumps(CASES["set"]).encode(), "cases")
KEYS = ("unit", "region", "indicator")
PLACES = {"a": "north", "b": "delta", "c": "general", "ă": "north"}


def pandas_categories(table):
    """Categories in another order than the rows, with some that never occur."""
    frame = pd.DataFrame(table)
    for name in KEYS:
        known = sorted({*table[name], "never", "also never"} - {None}, reverse=True)
        frame[name] = pd.Categorical(table[name], categories=known)
    return frame.astype({"year": "int16"})


def arrow_dictionaries(table):
    """Chunks, each with a dictionary of its own."""
    half = len(table["unit"]) // 2
    parts = [
        pa.table(
            {
                name: pa.array(column[cut], pa.string()).dictionary_encode()
                if name in KEYS
                else pa.array(column[cut])
                for name, column in table.items()
            }
        )
        for cut in (slice(half), slice(half, None))
    ]
    return pa.concat_tables(part for part in parts if part.num_rows)


KINDS = {
    "columns": lambda table: table,
    "pandas text": pd.DataFrame,
    "pandas categories": pandas_categories,
    "Polars text": pl.DataFrame,
    "Polars categories": lambda table: pl.DataFrame(table).with_columns(
        pl.col(KEYS).cast(pl.Categorical)
    ),
    "PyArrow dictionaries": arrow_dictionaries,
}
cells = st.dictionaries(
    st.tuples(
        st.sampled_from(sorted(PLACES)),
        st.sampled_from([2021, 2023, 2024]),
        st.sampled_from(["1.1", "1.2", "3.3", "4.3"]),
    ),
    st.none() | st.integers(0, 1000).map(lambda n: n / 10),
    min_size=1,
    max_size=25,
)


def table_of(given):
    rows = [(u, y, PLACES[u], i, np.nan if v is None else v) for (u, y, i), v in given]
    names = ("unit", "year", "region", "indicator", "value")
    return dict(zip(names, map(list, zip(*rows))))


@settings(max_examples=40, deadline=None)
@given(cells, st.randoms())
@pytest.mark.parametrize("kind", KINDS)
def test_each_value_is_where_it_belongs(kind, held, random):
    given = list(held.items())
    random.shuffle(given)
    found = nrd.assess(KINDS[kind](table_of(given)), CASES, region="region")
    assert list(found.unit_names) == list(dict.fromkeys(u for (u, _, _), _ in given))
    rows = {
        (found.unit_names[u], y): row
        for row, (u, y) in enumerate(zip(found.unit, found.year))
    }
    assert set(rows) == {(u, y) for (u, y, _), _ in given}
    for item, values in zip(CASES.items, found.values):
        for (unit, year), row in rows.items():
            value = held.get((unit, year, item.code))
            if values is None:
                assert value is None
            else:
                assert values[row] == value or (np.isnan(values[row]) and value is None)
            decision = found.decision(unit, item.code, year)
            assert decision.value == value
            place = found.place[row]
            assert (*CASES.places, "general")[place] == PLACES[unit]


GOOD = [(("a", 2021, "1.1"), 50.0), (("b", 2021, "1.1"), 50.0), (("a", 2021, "1.2"), 1.0)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("column", "row", "value", "told"),
    [
        ("unit", 1, "a", r"row 1: unit 'a'"),
        ("unit", 2, None, "column 'unit', row 2: the unit is missing"),
        ("region", 1, None, "column 'region', row 1: the region is missing"),
        ("region", 1, "west", "column 'region', row 1: found 'west', expected one of n"),
        ("region", 2, "delta", "row 2: unit 'a' is in another region than in row 0, in "),
        ("indicator", 2, "1.1", "row 2: unit 'a', year 2021, indicator 1.1 is given twi"),
        ("indicator", 1, "9.9", "column 'indicator', row 1: there is no indicator '9.9'"),
        ("indicator", 0, None, "column 'indicator', row 0: the indicator is missing"),
        ("value", 1, 120.0, "row 1, unit 'b': indicator 1.1 is 120 %, expected a number"),
        ("value", 2, np.inf, "column 'value', row 2: found inf, expected a number, or n"),
        ("year", 2, 2031, "column 'year', row 2: the year is 2031, expected one of 2021"),
    ],
)
def test_a_bad_row_is_named(kind, column, row, value, told):
    table = table_of(GOOD)
    table[column][row] = value
    with pytest.raises(nrd.NrdError, match=told) as caught:
        nrd.assess(KINDS[kind](table), CASES, region="region")
    assert caught.value.row == row
