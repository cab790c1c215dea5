"""What cannot be computed is refused in one sentence that names what to change."""

import datetime
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import nrd

NUMBERS = {"g": ["a", "a", "b"], "x": [1.0, 2.0, 4.0], "y": [3.0, 1.0, 2.0]}
FUNCTIONS = {
    "mean": nrd.mean,
    "covariance": nrd.covariance,
    "describe": nrd.describe,
    "quantile": lambda data, *arguments, **options: nrd.quantile(
        data, 0.5, *arguments, type=1, **options
    ),
    "moments": lambda data, columns=None, **options: nrd.Moments(
        columns or list(data), **options
    ).update(data),
}
WEIGHTED = ("mean", "covariance", "quantile")


def refused(kind, words, function, *arguments, row=None, **options):
    """Call and check the exception: its kind, its row, one line, one sentence."""
    with pytest.raises(kind) as caught:
        function(*arguments, **options)
    message = str(caught.value)
    assert words in message
    assert "\n" not in message
    assert not message.endswith(".")
    assert caught.value.row == row
    if row is not None:
        assert f"row {row}" in message
    return message


@pytest.fixture(params=FUNCTIONS)
def function(request):
    return FUNCTIONS[request.param]


@pytest.fixture(params=WEIGHTED)
def weighted(request):
    return FUNCTIONS[request.param]


NO_NUMBERS = [
    [1.0, "a", 2.0],
    [None, "1", 2.0],
    [1.0, [2.0], 3.0],
    [1, datetime.date(2024, 1, 31)],
    [1.0, 2j],
    [Decimal(1), "2"],
    [None, {"x": 1}],
    [1.5, object],
]


@pytest.mark.parametrize("values", NO_NUMBERS, ids=str)
def test_a_value_that_is_no_number(function, values):
    words = f"column 'x', row 1: found {values[1]!r}, expected a number"
    refused(nrd.NrdTypeError, words, function, {"x": values}, row=1)


@pytest.mark.parametrize(
    "column",
    [
        np.array(["2024-01-31"], "M8[ns]"),
        np.array([5], "m8[ns]"),
        np.array([1 + 2j]),
        np.array([[1.0, 2.0]]),
        pd.Series(["a"]),
        pd.Series(pd.to_datetime(["2024-01-31"])),
        pl.Series([datetime.timedelta(1)]),
        pa.array([b"1"]),
    ],
    ids=lambda column: f"{type(column).__name__}-{getattr(column, 'dtype', '')}",
)
def test_a_column_that_holds_no_numbers(function, column):
    refused(nrd.NrdTypeError, "row 0: found", function, {"x": column}, row=0)


FRAMES = [dict, pd.DataFrame, pl.DataFrame, pa.table]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("whole", [2**53 + 1, -(2**53) - 2, 2**62])
@pytest.mark.parametrize("first", [None, 0])
def test_whole_numbers_that_doubles_do_not_hold(function, frame, whole, first):
    data = frame({"x": [first, whole]})
    if frame is pd.DataFrame and first is None:
        data = pd.DataFrame({"x": pd.array([first, whole], dtype="Int64")})
    words = f"row 1: found {whole}, expected a whole number up to 2^53"
    refused(nrd.NrdValueError, words, function, data, ["x"], row=1)


@pytest.mark.parametrize("value", [2**63, 2**70, 10**400, np.uint64(2**64 - 1)])
def test_whole_numbers_of_any_size(function, value):
    words = "column 'x', row 2: found"
    refused(nrd.NrdValueError, words, function, {"x": [1.5, None, value]}, row=2)


@pytest.mark.parametrize("name", ["mean", "covariance", "describe", "moments"])
@pytest.mark.parametrize(
    "value", [math.inf, -math.inf, Decimal("1e400"), np.float32("inf")]
)
@pytest.mark.parametrize("by", [None, "g"])
def test_infinities_have_no_moments(name, value, by):
    table = {"g": ["a", "a", "b"], "y": [1.0, 2.0, 3.0], "x": [1.0, None, value]}
    words = "row 2: column 'x' is infinite"
    refused(nrd.NrdValueError, words, FUNCTIONS[name], table, ["y", "x"], by=by, row=2)


@pytest.mark.parametrize("data", ["text", None, 7, object(), {1, 2}, range(3), b"12"])
def test_data_that_is_no_table(data):
    for function in (nrd.mean, nrd.covariance, nrd.describe):
        refused(nrd.NrdTypeError, "expected a data frame", function, data)


def test_shapes_that_cannot_be():
    refused(nrd.NrdTypeError, "the array has 3 dimensions", nrd.mean, np.zeros((2, 2, 2)))
    refused(nrd.NrdTypeError, "the array has 0 dimensions", nrd.mean, np.array(1.0))
    refused(nrd.NrdValueError, "rows have different lengths", nrd.mean, [[1], [1, 2]])
    refused(nrd.NrdValueError, "rows have different lengths", nrd.mean, [[1], 2])
    for function in (nrd.mean, nrd.bootstrap):
        refused(nrd.NrdTypeError, "tuple of arrays, which may", function, (np.arange(9.0),))
    words = "columns have [1, 2] rows, expected one length"
    refused(nrd.NrdValueError, words, nrd.mean, {"x": [1], "y": [1, 2]})
    refused(nrd.NrdValueError, "the table has no columns", nrd.mean, {})
    refused(nrd.NrdValueError, "the table has no columns", nrd.mean, pd.DataFrame())


def test_columns_that_are_not_there(function):
    for options in ({"columns": "z"}, {"columns": ["x", "z"]}, {"columns": "x", "by": "z"}):
        words = "there is no column 'z', expected one of 'g', 'x', 'y'"
        refused(nrd.NrdKeyError, words, function, NUMBERS, **options)


def test_weights_that_are_not_there(weighted):
    options = {"weights": "z", "weight_kind": "frequency"}
    refused(nrd.NrdKeyError, "no column 'z'", weighted, NUMBERS, "x", **options)


def test_there_has_to_be_a_column():
    for function in (nrd.mean, nrd.covariance, nrd.describe):
        refused(nrd.NrdValueError, "no column to read", function, NUMBERS, [])
        refused(nrd.NrdValueError, "no column to read", function, {"g": ["a"]}, by="g")


@pytest.mark.parametrize(
    ("kind", "weights", "row"),
    [
        ("frequency", [1, 0.5, 1], 1),
        ("frequency", [1, 1, -1], 2),
        ("probability", [-0.1, 1, 1], 0),
        ("probability", [1, math.inf, 1], 1),
        ("precision", [1, None, -math.inf], 2),
    ],
)
@pytest.mark.parametrize("by", [None, "g"])
def test_weights_that_cannot_be(weighted, kind, weights, row, by):
    options = {"columns": ["x", "y"], "by": by, "weight_kind": kind, "row": row}
    words = f"row {row}: the weight is {weights[row]:.17g}, expected a"
    refused(nrd.NrdValueError, words, weighted, NUMBERS, weights=weights, **options)
    table = {**NUMBERS, "w": weights}
    refused(nrd.NrdValueError, words, weighted, table, weights="w", **options)


def test_weights_of_another_kind_or_length(weighted):
    options = {"columns": ["x"], "weight_kind": "frequency"}
    words = "there are 2 weights, expected 3"
    refused(nrd.NrdValueError, words, weighted, NUMBERS, weights=[1, 1], **options)
    words = "column 'weights', row 1: found 'b', expected a number"
    wrong = [1, "b", 1]
    refused(nrd.NrdTypeError, words, weighted, NUMBERS, weights=wrong, row=1, **options)
    words = "weights are 1.5, expected numbers"
    refused(nrd.NrdTypeError, words, weighted, NUMBERS, weights=1.5, **options)


def test_weights_and_their_kind_go_together(weighted):
    words = "weights and weight_kind go together"
    refused(nrd.NrdValueError, words, weighted, NUMBERS, "x", weights=[1, 1, 1])
    refused(nrd.NrdValueError, words, weighted, NUMBERS, "x", weight_kind="precision")
    for kind in ("Frequency", "freq", "", ["frequency"], 1):
        options = {"weights": [1, 1, 1], "weight_kind": kind}
        words = "expected 'frequency', 'probability', 'precision'"
        refused(nrd.NrdValueError, words, weighted, NUMBERS, "x", **options)


def test_weights_that_are_all_0_leave_nothing():
    for kind in ("frequency", "probability", "precision"):
        options = {"weights": [0, 0, 0], "weight_kind": kind}
        assert nrd.mean(NUMBERS, "x", **options).columns["mean"] == [None]
        found = nrd.covariance(NUMBERS, ["x", "y"], **options)
        assert np.isnan(found.covariance).all()
        assert np.isnan(found.correlation).all()
        assert nrd.quantile(NUMBERS, 0.5, "x", type=1, **options).columns["quantile"] == [
            None
        ]


@pytest.mark.parametrize("missing", ["drop", "Skip", "", None, ["skip"]])
def test_ways_with_missing_values(missing):
    for function in (nrd.mean, nrd.covariance):
        words = f"missing is {missing!r}, expected skip, propagate, raise"
        refused(nrd.NrdValueError, words, function, [1.0], missing=missing)
    words = "missing is 'propagate', expected 'skip' or 'raise'"
    refused(nrd.NrdValueError, words, nrd.covariance, [1.0], missing="propagate")


@pytest.mark.parametrize("threads", [-1, 1.5, "2", None])
def test_numbers_of_threads(threads):
    words = f"threads is {threads!r}, expected a whole number, 0 or more"
    for function in (nrd.mean, nrd.covariance, nrd.describe):
        refused(nrd.NrdValueError, words, function, [1.0, 2.0], threads=threads)
    refused(nrd.NrdValueError, words, nrd.Moments, "x", threads=threads)


def test_any_number_of_threads_may_be_asked_for():
    for threads in (0, 1, 64, 10**6, 2**40, np.int64(2)):
        assert float(nrd.mean([1.0, 2.0], threads=threads)) == 1.5


@pytest.mark.parametrize("ddof", [2, -1, 0.5, "1", None])
def test_divisors(ddof):
    words = f"ddof is {ddof!r}, expected 0 or 1"
    refused(nrd.NrdValueError, words, nrd.covariance, [1.0, 2.0], ddof=ddof)
    refused(nrd.NrdValueError, words, nrd.Moments("x").finalize, ddof=ddof)


@pytest.mark.parametrize(
    "decimal", [-2, 10, 1.0, "two", True, {"value": 10}, {"value": "1"}]
)
def test_decimals_that_cannot_be(decimal):
    for function in (nrd.mean, nrd.covariance, nrd.describe):
        words = "expected whole numbers from 0 to 9"
        refused(nrd.NrdValueError, words, function, [1.0, 2.0], decimal=decimal)


def test_decimals_of_other_columns_and_values():
    for function in (nrd.mean, nrd.covariance, nrd.describe):
        words = "'z', expected one of 'x', 'y'"
        refused(nrd.NrdKeyError, words, function, {"x": [1], "y": [1]}, decimal={"z": 1})
        words = "row 1: column 'y' is 0.25, expected a decimal number with 1 decimals"
        table = {"x": [0.1, 0.2], "y": [0.5, 0.25]}
        refused(nrd.NrdValueError, words, function, table, decimal=1, row=1)


@pytest.mark.parametrize("name", ["n", "column", "mean", "sd"])
def test_groups_may_not_be_named_as_the_statistics(name):
    words = f"by: the result has a column {name!r} of its own, expected another name"
    table = {name: ["a", "b"], "x": [1.0, 2.0]}
    refused(nrd.NrdValueError, words, nrd.describe, table, by=name)
    if name != "sd":
        refused(nrd.NrdValueError, words, nrd.mean, table, by=name)
    assert nrd.covariance(table, by=name).keys == [("a",), ("b",)]


def test_groups_of_values_that_cannot_be_written():
    state = nrd.Moments("x", by="g")
    state.update({"x": [1.0], "g": [Fraction(1, 3)]})
    words = "found the group Fraction(1, 3), expected text, a number or a date"
    refused(nrd.NrdTypeError, words, state.to_bytes)


def test_analyses_that_cannot_be():
    words = "expected 2 groups or more, and more rows"
    for groups in (["a", "a", "a"], ["a", "b", "c"], [None] * 3, [None, "a", "b"]):
        table = {"g": groups, "x": [1.0, 2.0, 4.0]}
        refused(nrd.NrdValueError, words, nrd.anova, table, "x", by="g")
    refused(nrd.NrdValueError, words, nrd.anova, {"g": [], "x": []}, "x", by="g")
    table = {"g": ["a", "b", "b"], "x": [0.3] * 3}
    refused(nrd.NrdValueError, "all values are the same", nrd.anova, table, "x", by="g")
    refused(nrd.NrdKeyError, "no column 'z'", nrd.anova, table, "z", by="g")


def test_states_that_cannot_be():
    for level in ("mean", "", None):
        words = "expected means, variances, covariances"
        refused(nrd.NrdValueError, words, nrd.Moments, "x", level=level)
    refused(nrd.NrdValueError, "there are 0 columns", nrd.Moments, [])


def test_empty_tables_and_columns_of_nothing():
    for table in ({"x": [], "y": []}, {"x": [None, math.nan], "y": [None, None]}):
        found = nrd.mean(table).columns
        assert (found["n"], found["mean"]) == ([0, 0], [None, None])
        result = nrd.covariance(table)
        assert result.n.tolist() == [0]
        assert np.isnan(result.covariance).all()
        assert result.table["correlation"] == [None] * 3
        described = nrd.describe(table).columns
        assert described["sd"] == described["median"] == [None, None]
        assert described["missing"] == [len(table["x"])] * 2
    for function in (nrd.mean, nrd.describe):
        assert function({"g": [], "x": []}, by="g").columns["mean"] == []
