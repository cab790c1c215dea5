"""Cells met by group: every kind of column against plain counting, and what is refused."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import KINDS, columns_of, kind_of

import nrd
from nrd import _codes, criteria_rates

DISTRICTS = ["Bình Gia", "Bắc Sơn", "Chi Lăng"]


def counted(keys, states):
    """Rows of each key by state, in the order of the keys."""
    found = Counter(zip(keys, states))
    return [(k, *(found[k, s] for s in (1, 0, -1))) for k in sorted(set(keys))]


def rows_of(found, *names):
    columns = [found.groups[name] for name in (*names, "met", "unmet", "unknown")]
    return list(zip(*columns))


cells = st.lists(
    st.tuples(
        st.sampled_from(DISTRICTS), st.integers(2015, 2017), st.sampled_from([1, 0, -1])
    ),
    min_size=1,
)


@given(cells)
def test_counts_are_those_of_the_rows(rows):
    district, year, status = zip(*rows)
    data = {"district": district, "year": np.array(year), "status": np.array(status)}
    found = criteria_rates(data, by="district")
    assert rows_of(found, "district") == counted(district, status)
    found = criteria_rates(data, by="year")
    assert rows_of(found, "year") == counted(year, status)
    found = criteria_rates(data, by=["district", "year"])
    both = counted(list(zip(district, year)), status)
    assert rows_of(found, "district", "year") == [(*key, *rest) for key, *rest in both]
    for met, unmet, unknown, low, high in zip(
        *(found.groups[n] for n in ("met", "unmet", "unknown", "share_low", "share_high"))
    ):
        every = met + unmet + unknown
        assert low == float(Fraction(met, every))
        assert high == float(Fraction(met + unknown, every))


@pytest.mark.parametrize("kind", KINDS)
def test_any_frame_comes_back_as_its_own_kind(kind):
    make, expected = KINDS[kind]
    frame = make({"district": [*DISTRICTS, "Bình Gia"], "status": [1, 0, -1, 1]})
    found = criteria_rates(frame, by="district")
    assert kind_of(found.table) == expected
    table = columns_of(found.table)
    assert table["district"] == sorted(DISTRICTS)
    assert dict(zip(table["district"], table["met"]))["Bình Gia"] == 2


WORDS = ["Đạt", "Chưa đạt", None, "Đạt", ""]
CATEGORICAL = {
    "pandas": lambda c: pd.DataFrame(c).astype({"district": "category"}),
    "pandas-unused": lambda c: pd.DataFrame(c).assign(
        district=pd.Categorical(c["district"], [*DISTRICTS, "Tràng Định"])
    ),
    "polars": lambda c: pl.DataFrame(c).cast({"district": pl.Categorical}),
    "polars-enum": lambda c: pl.DataFrame(c).cast({"district": pl.Enum([*DISTRICTS, "x"])}),
    "polars-text": pl.DataFrame,
    "pyarrow": lambda c: pa.table(
        {**c, "district": pa.chunked_array([c["district"][:2], c["district"][2:]])
         .dictionary_encode()}
    ),
    "pyarrow-text": pa.table,
    "int8": lambda c: {**c, "status": np.array(c["status"], np.int8)},
    "int16": lambda c: {**c, "status": np.array(c["status"], np.int16)},
    "float": lambda c: {**c, "status": np.array(c["status"], float)},
}  # fmt: skip


@pytest.mark.parametrize("kind", CATEGORICAL)
def test_columns_are_counted_as_they_are_held(kind):
    district = ["Chi Lăng", "Bình Gia", "Chi Lăng", "Bắc Sơn", "Bình Gia"]
    status = [1, 1, 0, 1, 0]
    frame = CATEGORICAL[kind]({"district": district, "status": status})
    assert rows_of(criteria_rates(frame, by="district"), "district") == counted(
        district, status
    )
    both = criteria_rates(frame, by=["district", "status"]).groups
    assert list(zip(both["district"], both["status"], both["cells"])) == [
        (*key, n) for key, n in sorted(Counter(zip(district, status)).items())
    ]


def test_words_are_read_as_in_a_long_table():
    data = {"year": [2020] * 5, "status": WORDS}
    found = criteria_rates(data, by="year")
    assert rows_of(found, "year") == [(2020, 2, 1, 2)]
    assert (found.provenance.used, found.provenance.dropped) == (3, 2)
    blank = criteria_rates(data, by="year", blank="unmet")
    assert rows_of(blank, "year") == [(2020, 2, 3, 0)]
    ticks = criteria_rates({"year": [2020] * 2, "status": [True, False]}, by="year")
    assert rows_of(ticks, "year") == [(2020, 1, 1, 0)]


@pytest.mark.parametrize("make", [dict, pl.DataFrame])
def test_a_range_that_the_first_rows_do_not_show(make, monkeypatch):
    monkeypatch.setattr(_codes, "FIRST_ROWS", 3)
    district = np.array([5, 5, 6, 2, 9, 9, 5])
    status = np.ones(7, np.int64)
    found = criteria_rates(make({"d": district, "status": status}), by="d")
    assert rows_of(found, "d") == counted(district.tolist(), status.tolist())
    frame = pl.DataFrame({"d": list("aabcdda"), "status": status})
    frame = frame.cast({"d": pl.Categorical})
    assert rows_of(criteria_rates(frame, by="d"), "d") == counted(
        "aabcdda", status.tolist()
    )


def test_numbers_far_apart():
    district = np.array([1, 10**12, 1, -(10**15)])
    found = criteria_rates({"d": district, "status": np.array([1, 1, 0, 0])}, by="d")
    assert rows_of(found, "d") == [(-(10**15), 0, 1, 0), (1, 1, 1, 0), (10**12, 1, 0, 0)]


def test_means_per_unit():
    data = {"d": list("aaaaaa"), "status": np.array([1, 1, 0, 1, -1, 0])}
    found = criteria_rates(data, by="d", criteria=3).groups
    assert (found["mean_low"], found["mean_high"]) == ([1.5], [2.0])
    assert criteria_rates(data, by="d").groups["mean_low"] == [None]


def test_a_large_table_is_the_same_with_any_number_of_threads():
    rng = np.random.default_rng(19)
    n = 2**20 + 7
    data = {"d": rng.integers(0, 700, n), "status": rng.integers(-1, 2, n).astype(np.int8)}
    one = criteria_rates(data, by="d", threads=1)
    assert (
        one.to_dict()["groups"]
        == criteria_rates(data, by="d", threads=5).to_dict()["groups"]
    )
    assert (
        one.groups["met"]
        == np.bincount(data["d"], data["status"] == 1).astype(int).tolist()
    )


@pytest.mark.parametrize(
    ("data", "options", "error", "words"),
    [
        ({"d": ["a", None], "status": [1, 1]}, {}, nrd.NrdKeyError,
         "criteria_rates: column 'd', row 1: the value is missing"),
        ({"d": ["a", "b"], "status": np.array([1, 2])}, {}, nrd.NrdValueError,
         "criteria_rates: column 'status', row 1: the state is 2, expected -1 "),
        ({"d": ["a", "b"], "status": ["Đạt", "maybe"]}, {}, nrd.NrdValueError,
         "column 'status', row 1: status 'maybe' is not understood"),
        ({"d": ["a"]}, {}, nrd.NrdKeyError, "there is no column 'status'"),
        ({"d": ["a"], "status": [1]}, {"by": []}, nrd.NrdValueError, "by is empty"),
        ({"d": ["a"], "status": [1]}, {"criteria": 1.5}, nrd.NrdTypeError,
         "criteria is 1.5, expected a whole number above 0"),
        ({"d": ["a", "b", "a"], "status": [1, 1, 0]}, {"criteria": 2}, nrd.NrdValueError,
         "the group d 'b' has 1 rows, expected 2 for each unit"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(data, options, error, words):
    with pytest.raises(error, match=words):
        criteria_rates(data, **{"by": "d", **options})


@pytest.mark.parametrize(
    "d",
    [
        pd.Series(["a", None], dtype="category"),
        pd.Series(["a", None], dtype="str"),
        pl.Series(["a", None], dtype=pl.Categorical),
        pl.Series(["a", None]),
    ],
)
def test_a_missing_key_is_named(d):
    kind = pd.DataFrame if isinstance(d, pd.Series) else pl.DataFrame
    frame = kind({"d": d, "year": [1, 1], "status": [1, 0]})
    for by in ("d", ["d", "year"], ["year", "d"]):
        with pytest.raises(
            nrd.NrdKeyError, match="column 'd', row 1: the value is missing"
        ):
            criteria_rates(frame, by=by)


def test_the_summary_names_groups_and_bounds():
    data = {"district": ["a", "a"], "status": np.array([1, -1])}
    text = criteria_rates(data, by="district", criteria=2).summary(language="vi")
    assert "Kết quả đạt tiêu chí theo địa bàn" in text
    assert "50–100" in text
