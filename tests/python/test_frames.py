"""Any kind of table goes in, and tables of that kind come out."""

from random import Random

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from support import KINDS, columns_of, kind_of

import nrd
from nrd import Attainment

LONG = {
    "unit": ["06121", "06121", "06100", "06100", "06073"],
    "criterion": ["roads", "water", "roads", "water", "roads"],
    "status": ["Đạt", None, "Chưa đạt", "Đạt", "Chưa rõ"],
}
WIDE = {
    "unit": ["06121", "06100", "06073"],
    "roads": [True, False, None],
    "water": [None, True, None],
}
STATES = [[1, -1], [0, 1], [-1, -1]]
MONEY = {
    "content": ["roads", "roads", "water", "total"],
    "source": ["state", "people", "state", "total"],
    "amount": ["550", "3860.18", "12.5", "4422.68"],
}


def test_long_table_of_any_kind(kind):
    attainment = Attainment.from_long(kind[0](LONG))
    assert attainment.units == ["06121", "06100", "06073"]
    assert attainment.criteria == ["roads", "water"]
    assert attainment.states().tolist() == STATES
    assert (attainment.used, attainment.dropped) == (3, 2)


def test_wide_table_of_any_kind(kind):
    attainment = Attainment.from_wide(kind[0](WIDE))
    assert attainment.units == WIDE["unit"]
    assert attainment.states().tolist() == STATES


def test_totals_beside_a_table_of_any_kind(kind):
    attainment = Attainment.from_wide(kind[0](WIDE)).with_totals({"roads": 2})
    assert attainment.states().tolist() == [[1, -1], [0, 1], [1, -1]]


def test_columns_may_have_any_name(kind):
    frame = kind[0](dict(zip(("xã", "tiêu chí", "kết quả"), LONG.values())))
    read = Attainment.from_long(frame, unit="xã", criterion="tiêu chí", status="kết quả")
    assert read.states().tolist() == STATES


def test_tables_come_back_as_the_same_kind(kind):
    make, back = kind
    attainment = Attainment.from_long(make(LONG))
    averages, gaps = nrd.criteria_averages(attainment), nrd.attainment_gaps(attainment)
    money = nrd.reconcile(make(MONEY))
    tables = [
        attainment.table(), attainment.with_totals({"roads": 1}).table(), averages.table,
        averages.class_table, averages.criterion_table, averages.group_table, gaps.table,
        gaps.unit_table, gaps.ranking_table, money.table, money.amount_table,
    ]  # fmt: skip
    assert {kind_of(table) for table in tables} == {back}


def test_tables_hold_the_same_in_every_kind(kind):
    make, _ = kind
    averages = nrd.criteria_averages(Attainment.from_long(make(LONG)))
    assert columns_of(averages.table) == {
        "unit": ["06121", "06100", "06073"],
        "name": ["06121", "06100", "06073"],
        "met": [None, 1, None],
        "low": [1, 1, 0],
        "high": [2, 1, 2],
    }
    assert columns_of(nrd.reconcile(make(MONEY)).amount_table) == {
        "content": ["roads", "water"],
        "state": [550.0, 12.5],
        "people": [3860.18, None],
        "total": [4410.18, 12.5],
    }


def test_a_table_of_cells_can_be_read_again(kind):
    once = Attainment.from_long(kind[0](LONG))
    again = Attainment.from_long(once.table())
    assert (again.units, again.criteria) == (once.units, once.criteria)
    assert again.states().tolist() == STATES


@pytest.mark.parametrize(
    "values",
    [
        [[1, np.nan], [0, 1]],
        [[True, None], [False, True]],
        [["Đạt", ""], ["Chưa đạt", "Đạt"]],
        [[1, pd.NA], [0, 1]],
    ],
)
def test_arrays_of_two_dimensions(values):
    attainment = Attainment.from_wide(
        np.array(values), units=["A", "B"], criteria=["roads", "water"]
    )
    assert attainment.states().tolist() == [[1, -1], [0, 1]]
    assert isinstance(nrd.criteria_averages(attainment).table, dict)


def test_an_array_numbers_its_rows_and_columns():
    attainment = Attainment.from_wide(np.eye(2))
    assert (attainment.units, attainment.criteria) == (["1", "2"], ["1", "2"])


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT, np.nan])
def test_missing_is_unknown_and_counted(missing):
    rows = {"unit": ["A", "B"], "criterion": ["roads"] * 2, "status": ["met", missing]}
    for frame in (rows, pd.DataFrame(rows, dtype=object)):
        attainment = Attainment.from_long(frame)
        assert attainment.states().tolist() == [[1], [-1]]
        assert (attainment.used, attainment.dropped) == (1, 1)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(LONG).astype("category"),
        pd.DataFrame(LONG).convert_dtypes(dtype_backend="pyarrow"),
        pd.DataFrame(LONG, index=[7, 7, 3, 1, 0]),
        pl.DataFrame(LONG).with_columns(pl.all().cast(pl.Categorical)),
        pa.table({name: pa.array(v).dictionary_encode() for name, v in LONG.items()}),
        pa.table(LONG).to_batches()[0],
        {name: np.array(values, object) for name, values in LONG.items()},
        {name: pd.Series(values) for name, values in LONG.items()},
        {name: pa.array(values) for name, values in LONG.items()},
    ],
    ids="category arrow-backed index categorical dictionary batch arrays series "
    "arrow-arrays".split(),
)
def test_columns_of_other_types(frame):
    assert Attainment.from_long(frame).states().tolist() == STATES


def test_pandas_columns_may_be_numbers():
    sheet = pd.DataFrame({"unit": ["A", "B"], 1: [1, 0], 2: [0, 1]})
    assert Attainment.from_wide(sheet).criteria == ["1", "2"]


@pytest.mark.parametrize("read", ["from_long", "from_wide"])
def test_codes_that_became_floats_lose_the_point(read):
    frame = pd.DataFrame({"unit": [6121.0], "criterion": [1], "status": [1]})
    assert getattr(Attainment, read)(frame).units == ["6121"]


def test_order_of_rows_does_not_matter():
    frame = pd.DataFrame(LONG)
    units, criteria = ["06073", "06100", "06121"], ["water", "roads"]
    for seed in range(5):
        mixed = frame.sample(frac=1, random_state=seed)
        read = Attainment.from_long(mixed, units=units, criteria=criteria)
        assert read.states().tolist() == [[-1, -1], [1, 0], [-1, 1]]


def test_the_frame_of_the_caller_is_not_touched():
    frame = pd.DataFrame(LONG)
    before = frame.copy()
    nrd.criteria_averages(Attainment.from_long(frame))
    pd.testing.assert_frame_equal(frame, before)


def test_a_change_of_the_input_does_not_reach_the_matrix():
    values = np.eye(3)
    attainment = Attainment.from_wide(values)
    values[:] = 0
    assert attainment.with_totals({}).states().tolist() == np.eye(3).tolist()


@pytest.mark.parametrize("frame", [5, "unit,criterion", None])
@pytest.mark.parametrize(
    "read", [Attainment.from_long, Attainment.from_wide, nrd.reconcile]
)
def test_what_is_no_table_is_refused(read, frame):
    with pytest.raises(nrd.NrdTypeError, match="expected a data frame"):
        read(frame)


@pytest.mark.parametrize("frame", [{}, pd.DataFrame(), pl.DataFrame()])
@pytest.mark.parametrize(
    "read", [Attainment.from_long, Attainment.from_wide, nrd.reconcile]
)
def test_a_table_without_columns_is_refused(read, frame):
    with pytest.raises(nrd.NrdError):
        read(frame)


def test_a_column_that_is_not_there_is_named(kind):
    with pytest.raises(nrd.NrdKeyError, match=r"'state'.*'unit', 'criterion', 'status'"):
        Attainment.from_long(kind[0](LONG), status="state")


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(nrd.NrdValueError, match=r"\[1, 2\] rows"):
        Attainment.from_long({"unit": ["A", "B"], "criterion": ["x", "y"], "status": [1]})


def test_an_array_of_one_dimension_is_refused():
    with pytest.raises(nrd.NrdTypeError, match="1 dimensions, expected 2"):
        Attainment.from_wide(np.array([1, 0]))


def test_names_must_fit_the_array():
    with pytest.raises(nrd.NrdValueError, match=r"shape \(2, 2\).*1 units"):
        Attainment.from_wide(np.eye(2), units=["A"])


def test_a_table_without_rows_has_no_units():
    attainment = Attainment.from_long({"unit": [], "criterion": [], "status": []})
    assert attainment.states().shape == (0, 0)
    with pytest.raises(nrd.NrdValueError, match="no units"):
        nrd.criteria_averages(attainment)


@pytest.mark.parametrize("kind", ["pandas", "pandas-nullable", "polars", "pyarrow"])
def test_texts_in_runs_are_encoded_like_others(kind):
    from nrd._encode import encode
    from nrd._frames import Frame

    random = Random(6)
    make, _ = KINDS[kind]
    for length in (1, 2, 5, 40):
        for most in (1, 6):
            runs = ([random.choice(["a", "b", "", "ạ", None])] * random.randint(1, most)
                    for _ in range(length))  # fmt: skip
            values = [value for run in runs for value in run]
            keys, codes = Frame(make({"x": [*values, "end"]}), "frame").encode("x")
            wanted = encode([*values, "end"])
            assert (keys, codes.tolist()) == (wanted[0], wanted[1].tolist())
