"""Columns as codes: whatever holds them, what is read of them is the same."""

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nrd import _encode


def narwhal(series):
    return nw.from_native(series, allow_series=True)


def chunks(values, kind):
    """Two chunks, each with a dictionary of its own."""
    half = len(values) // 2
    parts = [pa.array(part, kind) for part in (values[:half], values[half:])]
    return pa.chunked_array([part.dictionary_encode() for part in parts])


TEXTS = {
    "list": lambda v: v,
    "pandas text": lambda v: narwhal(pd.Series(v, dtype="str")),
    "pandas objects": lambda v: narwhal(pd.Series(v, dtype=object)),
    "pandas categories": lambda v: narwhal(
        pd.Series(pd.Categorical(v, categories=["z", "c", "b", "a", "ă"]))
    ),
    "pandas dictionary": lambda v: narwhal(
        pd.Series(v, dtype=pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())))
    ),
    "Polars text": lambda v: narwhal(pl.Series(v, dtype=pl.String)),
    "Polars categories": lambda v: narwhal(pl.Series(v, dtype=pl.Categorical)),
    "Polars enumeration": lambda v: narwhal(
        pl.Series(v, dtype=pl.Enum(["z", "c", "b", "a", "ă"]))
    ),
    "PyArrow text": lambda v: narwhal(pa.chunked_array([pa.array(v, pa.string())])),
    "PyArrow dictionary": lambda v: narwhal(chunks(v, pa.string())),
}
NUMBERS = {
    "list": lambda v: v,
    "pandas": lambda v: narwhal(pd.Series(v, dtype="Int64")),
    "pandas categories": lambda v: narwhal(pd.Series(pd.Categorical(v))),
    "Polars": lambda v: narwhal(pl.Series(v, dtype=pl.Int16)),
    "PyArrow": lambda v: narwhal(pa.chunked_array([pa.array(v, pa.int64())])),
    "PyArrow dictionary": lambda v: narwhal(chunks(v, pa.int32())),
}


def check(values, column):
    """Hold codes against the values themselves."""
    found = _encode.codes_of(column)
    keys = list(dict.fromkeys(v for v in values if v is not None))
    assert found.keys == keys
    assert found.first.tolist() == [values.index(key) for key in keys]
    assert found.missing == (values.index(None) if None in values else -1)
    codes = found.dense()
    assert codes.dtype == found.codes.dtype == found.index.dtype == np.int32
    assert codes.tolist() == [-1 if v is None else keys.index(v) for v in values]
    assert found.index[np.append(found.codes, -1) + 1].tolist() == [*codes.tolist(), -1]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | st.sampled_from(["a", "b", "c", "ă"]), max_size=12))
@pytest.mark.parametrize("kind", TEXTS)
def test_texts(kind, values):
    check(values, TEXTS[kind](values))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | st.integers(-3, 5), max_size=12))
@pytest.mark.parametrize("kind", NUMBERS)
def test_whole_numbers(kind, values):
    check(values, NUMBERS[kind](values))


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int32, np.int64, np.uint64])
@pytest.mark.parametrize("low", [0, 2, 100])
def test_small_numbers_are_their_own_codes(dtype, low):
    values = np.array([low + 3, low, low + 3, low + 1], dtype)
    check(values.tolist(), values)
    assert _encode.codes_of(values).codes.tolist() == values.tolist()


@pytest.mark.parametrize("kind", [np.array, pd.Series, pl.Series])
def test_true_and_false(kind):
    values = [True, False, False, True]
    column = kind(values) if kind is np.array else narwhal(kind(values))
    check(values, column)
    assert [type(key) for key in _encode.codes_of(column).keys] == [bool, bool]


@pytest.mark.parametrize(
    "values", [[-1, 5], [2**31, 2**31 + 1], [7, 10**6], [2**62, 0], [2.5, 1.0]]
)
def test_other_numbers_are_numbered(values):
    check(values, np.array(values))


def test_a_dictionary_may_say_the_same_twice():
    indices = pa.array([2, 0, 1, None, 0], pa.int8())
    given = pa.DictionaryArray.from_arrays(indices, pa.array(["a", "b", "a"]))
    check(["a", "a", "b", None, "a"], narwhal(pa.chunked_array([given])))


def test_a_dictionary_may_hold_what_is_missing():
    indices = pa.array([1, 0, 1, 2], pa.int32())
    given = pa.DictionaryArray.from_arrays(indices, pa.array(["a", None, "b"]))
    check([None, "a", None, "b"], narwhal(pa.chunked_array([given])))


def test_missing_in_the_ways_of_pandas():
    found = _encode.codes_of(narwhal(pd.Series([np.nan, "a", None, pd.NA], dtype=object)))
    assert (found.keys, found.dense().tolist(), found.missing) == (
        ["a"],
        [-1, 0, -1, -1],
        0,
    )
