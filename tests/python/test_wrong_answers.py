"""What other libraries have answered wrongly, and what is right: each case by its name."""

import itertools
import math
import random
from fractions import Fraction

import exact
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nrd

# Means of these are not the value itself when they are summed in doubles.
CONSTANTS = [0.3, 0.1, 1 / 3, -2.385, 1e16 + 2, 1e-310, 1.7e308, 2.0**53 - 1]


def correlation(x, y, **options):
    return nrd.covariance({"x": x, "y": y}, **options).correlation[0, 0, 1]


def variance(x, **options):
    return nrd.covariance({"x": x}, **options).covariance[0, 0, 0]


@pytest.mark.parametrize("constant", CONSTANTS)
@pytest.mark.parametrize("n", [2, 3, 10, 1001])
def test_a_constant_column_has_no_variance_and_no_correlation(constant, n):
    # Polars: 0.05 for a column of 0.3; others 0, 1 or NaN as the rounding falls.
    constants, others = [constant] * n, list(range(n))
    assert variance(constants) == 0.0
    assert variance(constants, ddof=0) == 0.0
    assert math.isnan(correlation(constants, others))
    assert math.isnan(correlation(others, constants))
    assert float(nrd.mean(constants)) == constant
    result = nrd.covariance({"x": constants, "y": others})
    assert result.table["correlation"][:2] == [None, None]


@pytest.mark.parametrize("weights", [[0.1, 0.7, 3], [1, 0, 1e-9], [1e200, 1e-200, 1]])
def test_a_constant_column_stays_so_with_weights(weights):
    options = {"weights": weights, "weight_kind": "probability"}
    assert variance([0.3] * 3, **options) == 0.0
    assert math.isnan(correlation([0.3] * 3, [1, 2, 4], **options))
    # Only the row of weight 0 differs.
    assert variance([0.3, 5.0, 0.3], weights=[1, 0, 2], weight_kind="frequency") == 0.0


def test_two_constants_are_not_correlated():
    # NumPy: 1, where the means round to one side.
    for a, b in itertools.product(CONSTANTS, repeat=2):
        assert np.isnan(nrd.covariance({"x": [a] * 7, "y": [b] * 7}).correlation).all()


@pytest.mark.parametrize("constant", CONSTANTS)
def test_merged_parts_of_a_constant_are_a_constant(constant):
    # DuckDB: partial means that differ by a bit are combined to a variance.
    whole = nrd.Moments("x")
    for n in (1, 3, 7, 1000, 1001):
        part = nrd.Moments("x")
        part.update({"x": [constant] * n})
        whole.merge(part)
    assert whole.finalize().columns["variance"] == [0.0]
    assert math.isnan(whole.covariance().correlation[0, 0, 0])


@pytest.mark.parametrize("scale", [1, 0.1, 1e-9, 3e7, 2.0**-500, 2.0**480])
def test_a_column_with_itself_is_1(scale):
    x = [value * scale for value in (0.1, 0.2, 0.30000000000000004, 1.7, -9.3)]
    assert correlation(x, x) == 1.0
    assert correlation(x, [-value for value in x]) == -1.0
    assert nrd.covariance({"x": x, "y": x}).correlation.tolist() == [[[1.0, 1.0]] * 2]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=9, unique=True))
def test_twice_and_one_more_is_1(x):
    assert correlation(x, [2 * value + 1 for value in x]) == 1.0
    assert correlation(x, [5 - 3 * value for value in x]) == -1.0


def test_twice_and_one_more_in_decimals_is_1():
    # As doubles, 2x + 1 is rounded off the line; as the decimals printed it is on it.
    x = [k / 10 for k in range(1, 30)]
    y = [round(2 * value + 1, 1) for value in x]
    assert correlation(x, y, decimal="auto") == 1.0
    assert 1 - 1e-15 < correlation(x, y) < 1


def test_no_correlation_is_beyond_1():
    # pandas: -1.4 before it is cut off, and others 1.0000000000000002.
    numbers = random.Random(35135)
    for _ in range(300):
        n, shift = numbers.randint(2, 6), 10.0 ** numbers.randint(-3, 15)
        x = [shift + numbers.random() for _ in range(n)]
        y = [shift + value * numbers.choice([1, -3]) for value in x]
        found, rows = correlation(x, y), exact.complete((x, y))[()]
        expected = exact.correlation(rows, 0, 1)
        if expected is None:
            assert math.isnan(found)
        else:
            assert exact.ulps(found, expected) <= 1
            assert abs(found) <= 1


@pytest.mark.parametrize("tiny", [1e-20, 1e-160, 1e-300, 5e-324])
def test_small_values_are_no_constants(tiny):
    # pandas and Polars: NaN or 0 where squares underflow.
    assert correlation([tiny, 2 * tiny, 4 * tiny], [1, 2, 4]) == 1.0
    assert correlation([1, 1 + 2**-52, 1], [tiny, 0, tiny]) == -1.0


def test_large_values_do_not_overflow():
    assert correlation([1e308, -1e308, 0], [-1e308, 1e308, 0]) == -1.0
    assert float(nrd.mean([1e308, 1.5e308, 1.7e308])) == 1.4e308
    assert nrd.mean([1.7e308, 1.7e308, -1.7e308]).columns["mean"] == [1.7e308 / 3]


@pytest.mark.parametrize("shift", [0, 10**6, 10**9, 10**12, 2**52])
def test_no_variance_is_negative_or_lost_in_the_shift(shift):
    # The textbook formula: 0, or below.
    values = [shift + value for value in (4, 7, 13, 16)]
    assert variance(values) == 30.0
    assert variance(values * 5, ddof=0) == 22.5


def test_a_window_after_large_values_has_its_own_variance():
    # Polars and pandas: what a large value left behind, negative at times.
    values = [1e16, 1.0, 2.0, 3.0, -1e16, 5.0, 5.0, 5.0]
    windows = [values[i : i + 3] for i in range(len(values) - 2)]
    table = {
        "window": [i for i in range(len(windows)) for _ in range(3)],
        "x": [value for window in windows for value in window],
    }
    found = nrd.covariance(table, "x", by="window").covariance[:, 0, 0].tolist()
    expected = [exact.covariance(exact.complete([w])[()], 0, 0) for w in windows]
    assert found == list(map(float, expected))
    assert (found[1], found[5]) == (1.0, 0.0)


def test_the_variance_of_two_values_in_parts():
    # Comet: 2 instead of 1 after a merge with a part without rows.
    whole, empty = nrd.Moments("x"), nrd.Moments("x")
    for value in ([1.0], [], [3.0]):
        part = nrd.Moments("x")
        part.update({"x": value})
        whole.merge(part)
        whole.merge(empty)
    assert whole.finalize(ddof=0).columns["variance"] == [1.0]


def test_one_value_has_no_spread_but_around_itself():
    for value in (0.0, 0.1, 1e300):
        assert math.isnan(variance([value]))
        assert variance([value], ddof=0) == 0.0
        assert math.isnan(correlation([value], [1.0], ddof=0))


def test_sums_do_not_depend_on_order():
    # DuckDB, Polars: another sum with each number of threads, row order or chunk.
    values = [1e16, 1.0, -1e16, 0.1, 1e-16, -0.1, 3.0]
    total = Fraction(4) + Fraction(1e-16)
    for order in itertools.permutations(values):
        assert float(nrd.mean(list(order))) == float(total / 7)


def test_sums_of_whole_numbers_do_not_wrap():
    assert float(nrd.mean(np.full(100_000, 127, np.int8))) == 127.0
    assert float(nrd.mean(np.full(5000, 2**53))) == 2.0**53
    assert float(nrd.mean(np.array([255, 255], np.uint8))) == 255.0


def test_half_precision_is_summed_as_it_is():
    # In halves, the sum of 4096 ones stops at 2048.
    assert float(nrd.mean(np.ones(4096, np.float16))) == 1.0
    assert float(nrd.mean(np.full(70_000, 60_000, np.float16))) == 60_000.0


@pytest.mark.parametrize("missing", [None, math.nan])
def test_null_and_nan_are_both_missing(missing):
    # DuckDB: NaN for the one, a number for the other, and again the other way round.
    x, y = [1.0, 2.0, missing, 4.0, 9.0], [1.0, missing, 3.0, 4.0, 9.0]
    for frame in (pd.DataFrame, pl.DataFrame, dict):
        found = nrd.covariance(frame({"x": x, "y": y}))
        assert found.n.tolist() == [3]
        assert found.correlation[0, 0, 1] == 1.0


def test_dates_are_no_numbers():
    # pandas: a missing date as -9223372036854775808 in covariances.
    days = pd.DataFrame({"day": pd.to_datetime(["2024-01-31", None]), "x": [1.0, 2.0]})
    for frame in (days, pl.from_pandas(days)):
        for function in (nrd.mean, nrd.covariance, nrd.describe):
            with pytest.raises(nrd.NrdTypeError, match="column 'day', row 0: found"):
                function(frame)


def test_series_and_table_agree():
    # pandas: two answers by two roads.
    x, y = [0.1, 0.2, 0.3, 1e9], [3.0, 1.0, 2.0, -1e9]
    pair = nrd.covariance({"x": x, "y": y}).correlation[0, 0, 1]
    three = nrd.covariance({"z": [1, 2, 3, 5], "y": y, "x": x}).correlation[0]
    assert pair == three[1, 2] == three[2, 1]
    assert nrd.covariance(np.column_stack([x, y])).correlation[0, 1, 0] == pair


def test_a_weighted_median_does_not_depend_on_the_order_of_ties():
    # survey, collapse, ggdist: another median when rows with equal values change places.
    rows = [(1.0, 0.1), (2.0, 0.3), (2.0, 0.25), (3.0, 0.3), (2.0, 0.05)]
    for type in (1, 2, 4, 5):
        found = {
            tuple(
                nrd.quantile(
                    [x for x, _ in order], [0.1, 0.5, 0.7], type=type,
                    weights=[w for _, w in order], weight_kind="probability",
                ).columns["quantile"]
            )
            for order in itertools.permutations(rows)
        }  # fmt: skip
        assert len(found) == 1


def test_printed_decimals_of_large_values_are_kept():
    # 8 digits of the deviation of NumAcc4 in doubles, by the most careful of formulas.
    values = [10000000.2] + [10000000.1, 10000000.3] * 500
    found = nrd.describe(values, decimal="auto").columns
    assert (found["mean"], found["sd"]) == ([10000000.2], [0.1])
