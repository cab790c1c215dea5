"""Permutation tests: what is refused, and that Ctrl-C stops."""

import sys

import numpy as np
import pytest
from support import assert_stops

import nrd

PAIRS = {"x": [1.0, 2.0, 4.0, 3.0], "y": [2.0, 1.0, 5.0, 4.0]}
LONG_PAIRS = {"x": np.arange(25.0), "y": np.arange(25.0)}
ONE = {"y": [2.0, 1.0, 5.0, 4.0]}
LABELS = {"y": [2.0, 1.0, 5.0, 4.0], "g": list("AABB")}


def raises(x, y):
    raise ZeroDivisionError("no spread")


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (PAIRS, {"statistic": "t"}, "statistic is 't', expected mean, mean_difference"),
        (PAIRS, {"n_resamples": 0}, "n_resamples is 0, expected a whole number from 1"),
        (PAIRS, {"n_resamples": 9.5}, "n_resamples is 9.5"),
        (LONG_PAIRS, {"n_resamples": np.inf}, "there are 2^64 different arrangements"),
        (PAIRS, {"seed": -1}, "seed is -1, expected a whole number from 0"),
        (PAIRS, {"seed": 2**64}, "seed is 18446744073709551616"),
        (PAIRS, {"alternative": "both"}, "alternative is 'both', expected two-sided"),
        (PAIRS, {"adjust": "holm"}, "adjust is 'holm', expected westfall-young"),
        (PAIRS, {"stop_after": 0}, "stop_after is 0"),
        (PAIRS, {"stop_after": 5, "adjust": "westfall-young"}, "None with stop_after"),
        (PAIRS, {"decimal": 2}, "decimal is 2, expected auto"),
        (PAIRS, {"permutation_type": "samples"}, "expected pairings"),
        (PAIRS, {"group": ["A", "A", "B", "B"]}, "group of pairings: expected none"),
        (PAIRS, {"columns": ["x"]}, "pearson has 1 column, expected 2 or more"),
        (PAIRS, {"x": "z"}, "there is no column 'z'"),
        (PAIRS, {"statistic": "mean", "x": "x"}, "x is 'x', expected None with samples"),
        (PAIRS, {"statistic": raises}, "permutation_type is None"),
        (PAIRS, {"cluster": [1, 1, 1, 1]}, "there is 1 cluster, expected at least 2"),
        (PAIRS, {"cluster": [1, 1, 1, 2]}, "nothing can be exchanged"),
        (PAIRS, {"strata": [1, 2, 3, 4]}, "nothing can be exchanged"),
        (PAIRS, {"strata": [1, 2]}, "strata has 2 labels, expected 4"),
        (PAIRS | {"y": [1.0] * 4}, {}, "column 'y': the column does not vary"),
        (PAIRS | {"x": [1.0] * 4}, {}, "x does not vary"),
        (PAIRS | {"y": [1.0, np.inf, 2.0, 3.0]}, {}, "column 'y', row 1: found inf"),
        (PAIRS | {"y": [1.7e308] * 3 + [-1.7e308]}, {}, "than a double reaches"),
        (PAIRS | {"y": list("abcd")}, {}, "column 'y', row 0: found 'a'"),
        (LABELS, {"statistic": "mean_difference"}, "expected a number"),
        (ONE, {"statistic": "mean_difference", "group": list("ABCA")}, "3 different"),
        (LABELS, {"statistic": "quantile", "group": "g", "p": 2}, "p is 2 and the type 7"),
        (
            LABELS,
            {"statistic": "quantile", "group": "g", "adjust": "westfall-young"},
            "expected None with a function or quantiles",
        ),
    ],
)
def test_bad_input_is_one_sentence(data, options, message):
    options = {"statistic": "pearson", **options}
    with pytest.raises(nrd.NrdError) as caught:
        nrd.permutation_test(data, **options)
    assert message in str(caught.value)
    assert str(caught.value).startswith("permutation_test")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (raises, nrd.NrdValueError, "the data: the statistic raised ZeroDivisionError"),
        (lambda x, y: x, nrd.NrdTypeError, "returned shape (4,), expected a number"),
        (lambda x, y: "big", nrd.NrdTypeError, "returned 'big', expected a number"),
        (lambda x, y: np.nan, nrd.NrdValueError, "the data: the statistic is NaN"),
        (lambda x, y: x[0] if x[0] == 1 else [1, 2], nrd.NrdTypeError, "arrangement"),
    ],
)
def test_a_function_that_fails_is_named(function, error, message):
    with pytest.raises(error) as caught:
        nrd.permutation_test(PAIRS, function, permutation_type="pairings")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "columns", "message"),
    [
        ("pairings", ["x"], "there are 1 columns, expected 2 or more with pairings"),
        ("samples", ["x", "y", "z"], "there are 3 columns, expected 1 or 2 with samples"),
    ],
)
def test_a_function_of_too_many_columns(kind, columns, message):
    rows = {name: [1.0, 2.0, 3.0] for name in columns}
    with pytest.raises(nrd.NrdValueError, match=message):
        nrd.permutation_test(rows, lambda *a: 0.0, permutation_type=kind)


LONG = """
import numpy, nrd
x = numpy.random.default_rng(1).standard_normal((2, 200_000))
def slow(a, b):
    return float(a[:9] @ b[:9])
for statistic in ("pearson", "kendall", slow):
    print("ready", flush=True)
    try:
        nrd.permutation_test((x[0], x[1]), statistic, permutation_type="pairings",
            n_resamples=10**9, stop_after=10**9)
    except KeyboardInterrupt:
        print("stopped", flush=True)
assert nrd.permutation_test((x[0, :4], x[1, :4]), "pearson").exact
print("usable", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as here")
def test_a_long_test_can_be_stopped():
    assert_stops(LONG, [0.7] * 3, "usable\n")
