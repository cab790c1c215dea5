"""Bad input: a clear sentence, or a row with a reason; no area fails the others."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import nrd

GOOD = {"c": ["G"] * 5, "t": [2011, 2012, 2013, 2014, 2015], "v": [30.0, 27, 22, 20, 15]}
NAMES = {"unit": "c", "time": "t", "value": "v"}


def beside(time, value, **options):
    """The row of an area beside a good one, whose own is as if it were alone."""
    alone = nrd.poverty_trends(GOOD, **NAMES, adjust=None)
    columns = {
        "c": ["B"] * len(time) + GOOD["c"],
        "t": [*time, *GOOD["t"]],
        "v": [*value, *GOOD["v"]],
    }
    table = nrd.poverty_trends(columns, **NAMES, adjust=None, **options).table
    assert table["c"] == ["B", "G"]
    for name, (found,) in alone.table.items():
        assert table[name][1] == found
    return {name: values[0] for name, values in table.items()}


@pytest.mark.parametrize(
    ("time", "value", "reason"),
    [
        ([2011], [7.5], "one year, expected at least 3"),
        ([2011, 2012], [7.5, 6], "two years, expected at least 3"),
        ([2011, 2012, 2013], [None, None, None], "no year with a value"),
        ([2011, 2012, 2012, 2013], [9, 8, 7, 6], "the year 2012 is there twice"),
        ([2011, 2012, 2013], [9, 108.5, 7], "a rate outside its range: 108.5 (2012)"),
        ([2011, 2012, 2013], [9, -0.1, 7], "a rate outside its range: -0.1 (2012)"),
        ([2011, 2012, 2013], [9, np.inf, 7], "an infinite number: inf (2012)"),
        ([2011, -np.inf, 2013], [9, 8, 7], "an infinite number: -inf"),
        ([2011, 2012, 2013], [38.2, 0.351, 33.7], "shares of 1 among percentages: 0.351"),
        ([2011, 2012, 2013], [0.382, 0.351, 0.337], "shares of 1 among percentages: 0.382"),
        ([2011, 2012, 2013, 2014], [9, 8, 7, 6], "with 4 years no p is below 0.0833"),
        ([2011, 2012, 2013], [0, 0, 0], "all values are equal"),
    ],
)
def test_a_row_with_a_reason(time, value, reason):
    row = beside(time, value)
    assert reason in row["reason"]
    assert row["verdict"] == "cannot be told"
    assert row["p"] is None or row["p"] >= 1 / 12 - 1e-12
    assert row["n"] <= 2 or row["slope_points"] is not None


def test_small_rates_are_not_taken_for_shares():
    # A rich town: below 1 % is a percentage, beside others that are not far away.
    columns = {"c": ["A"] * 5 + ["B"] * 5, "t": [*range(5)] * 2}
    columns["v"] = [2.9, 2.0, 1.1, 0.8, 0.4, 1.6, 1.5, 1.2, 1.1, 0.9]
    table = nrd.poverty_trends(columns, **NAMES).table
    assert table["verdict"] == ["falling", "falling"]
    # And where they are far away one can say so.
    row = beside([2011, 2012, 2013, 2014, 2015], [0.5, 0.4, 0.3, 0.2, 0.1], rate="percent")
    assert row["verdict"] == "falling"


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"unit": "x"}, nrd.NrdKeyError, "there is no column 'x'"),
        ({"time": "x"}, nrd.NrdKeyError, "there is no column 'x'"),
        ({"by": "x"}, nrd.NrdKeyError, "there is no column 'x'"),
        ({"standard": "x"}, nrd.NrdKeyError, "there is no column 'x'"),
        ({"weights": "x"}, nrd.NrdKeyError, "there is no column 'x'"),
        ({"rate": "ratio"}, nrd.NrdValueError, "rate is 'ratio', expected 'percent'"),
        ({"method": "sen"}, nrd.NrdValueError, "method is 'sen', expected one of 'theil-"),
        ({"method": []}, nrd.NrdValueError, "expected different ones"),
        ({"method": ["ols", "ols"]}, nrd.NrdValueError, "expected different ones"),
        ({"test": "mk"}, nrd.NrdValueError, "test is 'mk', expected one of 'mann-kendall'"),
        ({"test": "partial"}, nrd.NrdValueError, "expected 'partial' with a covariate"),
        ({"covariate": "v"}, nrd.NrdValueError, "expected 'partial' with a covariate"),
        ({"level": 95}, nrd.NrdValueError, "level is 95, expected a number in"),
        ({"adjust": "bh"}, nrd.NrdValueError, "adjust is 'bh', expected None or one of"),
        ({"threads": -1}, nrd.NrdValueError, "threads is -1"),
        ({"n_resamples": 0}, nrd.NrdValueError, "n_resamples is 0"),
        ({"method": "wls"}, nrd.NrdValueError, "'wls' needs weights"),
        ({"method": "binomial"}, nrd.NrdValueError, "needs weights, .* of households"),
        (
            {"method": "logit-linear", "rate": "number"},
            nrd.NrdValueError,
            "'logit-linear' is for rates",
        ),
    ],
)
def test_options_that_cannot_be(change, error, message):
    with pytest.raises(error, match=message):
        nrd.poverty_trends(GOOD, **{**NAMES, **change})


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"t": list("abcde")}, nrd.NrdTypeError, "column 't', row 0: found 'a'"),
        ({"v": ["1,5"] * 5}, nrd.NrdTypeError, "column 'v', row 0: found '1,5'"),
        ({"v": [None] * 5}, nrd.NrdValueError, "no row with a unit, a time and a value"),
        ({"v": [0.3, 0.2, 0.1, 0.1, 0.0]}, nrd.NrdValueError, "say rate='share'"),
    ],
)
def test_columns_that_cannot_be(columns, error, message):
    with pytest.raises(error, match=message):
        nrd.poverty_trends({**GOOD, **columns}, **NAMES)


def test_names_that_the_tables_have_themselves():
    columns = {"n": GOOD["c"], "t": GOOD["t"], "v": GOOD["v"]}
    with pytest.raises(nrd.NrdValueError, match="a column 'n' of its own"):
        nrd.poverty_trends(columns, unit="n", time="t", value="v")


@pytest.mark.parametrize("weight", [-1.0, np.inf])
def test_weights_that_cannot_be(weight):
    columns = {**GOOD, "w": [1.0, 1.0, weight, 1.0, 1.0]}
    with pytest.raises(nrd.NrdValueError, match="column 'w', row 2"):
        nrd.poverty_trends(columns, **NAMES, weights="w", method="wls")


def test_a_row_of_weight_0_is_left_out():
    columns = {**GOOD, "w": [1.0, 1.0, 0.0, None, 1.0]}
    result = nrd.poverty_trends(columns, **NAMES, weights="w", method="wls")
    assert result.table["n"] == [3]
    assert result.provenance.dropped == 2


def test_a_rate_of_shares_is_checked_as_such():
    row = {"c": ["A"] * 3, "t": [1, 2, 3], "v": [0.4, 0.3, 1.2]}
    found = nrd.poverty_trends(row, **NAMES, rate="share")
    assert found.table["reason"] == ["a rate outside its range: 1.2 (3)"]
    assert found.table["n"] == [0]


STOPPED = """
import numpy as np, nrd
t = np.arange(3e6)
names = {"unit": None, "time": "t", "value": "y", "rate": "number"}
print("begun", flush=True)
try:
    nrd.poverty_trends({"t": t, "y": np.sin(t * t)}, **names)
except KeyboardInterrupt:
    few = nrd.poverty_trends({"t": t[:9], "y": t[:9]}, **names)
    print("stopped", few.table["p"][0] < 0.01, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_a_long_series_can_be_stopped():
    command = [sys.executable, "-c", STOPPED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "stopped True\n"
    assert process.returncode == 0
