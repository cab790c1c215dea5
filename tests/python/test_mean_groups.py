"""Means by group: keys that are missing, missing values, and keys of every kind."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nrd

VALUES = [1.0, 2.0, 4.0, 8.0]


def mean(keys, values=VALUES, **options):
    columns = nrd.mean({"g": keys, "x": values}, by="g", **options).columns
    return columns["g"], columns["n"], columns["mean"]


@pytest.mark.parametrize(
    "keys",
    [
        ["b", "a", "b", "a"],
        [7, 5, 7, 5],
        np.array([7, 5, 7, 5]),
        np.array([7, 10**9, 7, 10**9]),
        np.array([7, -5, 7, -5], np.int8),
        np.array([7, 5, 7, 5], np.uint16),
        np.array([7, 5, 7, 5], np.uint64),
        np.array([2**64 - 1, 5, 2**64 - 1, 5], np.uint64),
        np.array([7, 5, 7, 5], ">i8"),
    ],
    ids=[
        "text",
        "numbers",
        "dense",
        "far apart",
        "narrow",
        "unsigned",
        "unsigned, wide",
        "beyond int64",
        "other byte order",
    ],
)
def test_groups_come_in_the_order_of_their_keys(keys):
    first, second = sorted(set(np.asarray(keys).tolist()))
    means = {keys[0]: 2.5, keys[1]: 5.0}
    assert mean(keys) == ([first, second], [2, 2], [means[first], means[second]])


def test_a_number_that_no_row_has_is_no_group():
    assert mean(np.array([3, 5, 5, 3])) == ([3, 5], [2, 2], [4.5, 3.0])


@pytest.mark.parametrize("threads", [1, 2])
def test_a_row_without_a_group_is_left_out_and_counted(threads):
    found = nrd.mean({"g": ["a", None, "a", "b"], "x": VALUES}, by="g", threads=threads)
    assert found.columns["mean"] == [2.5, 8.0]
    assert (found.provenance.used, found.provenance.dropped) == (3, 1)


def test_a_row_that_lacks_one_of_two_keys_has_no_group():
    rows = {"g": ["a", "a", "b", "b"], "h": ["u", None, "v", "v"], "x": VALUES}
    found = nrd.mean(rows, by=["g", "h"]).columns
    assert (found["g"], found["h"], found["mean"]) == (["a", "b"], ["u", "v"], [1.0, 6.0])
    state = nrd.Moments("x", by=["g", "h"])
    state.update(rows)
    assert state.finalize().columns["mean"] == [1.0, 6.0]
    assert state.dropped == 1


@pytest.mark.parametrize("keys", [["a", "a", "b", None], np.array([1, 1, 2, 2])])
def test_a_missing_value_makes_the_mean_of_its_group_missing(keys):
    assert mean(keys, [1.0, None, 4.0, 4.0], missing="propagate")[2] == [None, 4.0]


def test_columns_of_one_group_stand_together():
    rows = {"g": ["b", "a"], "x": [1.0, None], "y": [3.0, 4.0]}
    found = nrd.mean(rows, by="g").columns
    assert list(zip(found["g"], found["column"], found["mean"])) == [
        ("a", "x", None),
        ("a", "y", 4.0),
        ("b", "x", 1.0),
        ("b", "y", 3.0),
    ]


def test_a_matrix_by_rows_and_by_columns_gives_the_same():
    matrix = np.random.default_rng(5).normal(size=(20_000, 3))
    by_rows, by_columns = (
        nrd.covariance(values) for values in (matrix, np.asfortranarray(matrix))
    )
    assert by_rows.covariance.tobytes() == by_columns.covariance.tobytes()
    expected = np.cov(matrix, rowvar=False)
    np.testing.assert_allclose(by_rows.covariance[0], expected, rtol=1e-12, atol=1e-15)


@given(
    data=st.lists(
        st.tuples(
            st.sampled_from([2**40, -5, 0, 7, None]),
            st.sampled_from(["u", "v", None]),
            st.integers(-9, 9),
        ),
        min_size=1,
    )
)
def test_two_keys_are_one(data):
    rows = dict(zip(("g", "h", "x"), map(list, zip(*data, strict=True)), strict=True))
    members = {}
    for *key, x in data:
        if None not in key:
            members.setdefault(tuple(key), []).append(x)
    found = nrd.mean(rows, "x", by=["g", "h"]).columns
    assert list(zip(found["g"], found["h"], strict=True)) == sorted(members)
    assert found["n"] == [len(members[key]) for key in sorted(members)]
    whole = {**rows, "g": np.array([g or 0 for g in rows["g"]])}
    keys = sorted({(g or 0, h) for g, h, _ in data if h is not None})
    found = nrd.mean(whole, "x", by=["g", "h"]).columns
    assert list(zip(found["g"], found["h"], strict=True)) == keys
