"""Intervals of shares and means: against their definitions, and what is refused."""

import json
import math
from fractions import Fraction
from math import comb, sqrt
from pathlib import Path

import pytest
from support import columns_of, kind_of

import nrd

Z = 1.959963984540054
CASES = [(0, 18), (1, 18), (7, 19), (10, 18), (17, 18), (18, 18), (238, 500)]


def bounds(*arguments, **options):
    columns = nrd.proportion_interval(*arguments, **options).columns
    return columns["low"][0], columns["high"][0]


def tail(k, n, p):
    """Chance of k or more of n, exactly for the double p."""
    p = Fraction(p)
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


@pytest.mark.parametrize(("met", "known"), CASES)
def test_wilson_is_the_root_of_the_score(met, known):
    share, z2 = met / known, Z * Z
    centre = (share + z2 / (2 * known)) / (1 + z2 / known)
    half = Z * sqrt(share * (1 - share) / known + z2 / (4 * known**2)) / (1 + z2 / known)
    assert bounds(met, known) == pytest.approx((centre - half, centre + half), abs=1e-14)


@pytest.mark.parametrize(("met", "known"), [(1, 18), (7, 19), (17, 18)])
def test_clopper_pearson_leaves_half_the_rest_on_each_side(met, known):
    low, high = bounds(met, known, method="clopper-pearson")
    assert float(tail(met, known, low)) == pytest.approx(0.025, rel=1e-12)
    assert float(1 - tail(met + 1, known, high)) == pytest.approx(0.025, rel=1e-12)


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys"])
def test_methods_turn_over_with_the_counts(method):
    for met, known in CASES:
        low, high = bounds(met, known, method=method)
        other_low, other_high = bounds(known - met, known, method=method)
        assert (low, high) == pytest.approx((1 - other_high, 1 - other_low), abs=1e-14)
        assert 0 <= low <= met / known <= high <= 1


def test_a_full_count_has_no_interval():
    assert bounds(10, 18, population=18) == (10 / 18, 10 / 18)
    low, high = bounds(5, 9, population=18)
    assert 5 / 18 <= low < 5 / 9 < high <= 14 / 18


def test_many_rows_and_nothing_known():
    columns = nrd.proportion_interval([10, 0], [18, 0]).columns
    assert columns["share"] == [10 / 18, None]
    assert (columns["low"][1], columns["high"][1]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        ((19, 18), {}, "row 0"),
        (([1, 5], [2, 4]), {}, "row 1"),
        ((5, 9), {"population": 8}, "row 0"),
        ((5, 9), {"level": 1.0}, "level"),
        ((5, 9), {"method": "wald"}, "wilson"),
        ((-1, 9), {}, "row 0"),
    ],
)
def test_what_cannot_be(arguments, options, told):
    with pytest.raises(nrd.NrdValueError, match=told):
        nrd.proportion_interval(*arguments, **options)


def test_counts_are_whole():
    with pytest.raises(nrd.NrdTypeError, match="met"):
        nrd.proportion_interval(1.5, 9)
    with pytest.raises(nrd.NrdTypeError, match="known has 2 dimensions, expected 1"):
        nrd.proportion_interval(1, [[9]])


def reference(name):
    path = Path(__file__).parent.parent / "reference" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", reference("interval_difference"), ids=lambda c: c["level"])
def test_differences_of_shares_are_as_in_the_reference(case):
    counts = [case[name] for name in ("met_a", "known_a", "met_b", "known_b")]
    found = nrd.proportion_difference(*counts, level=case["level"][0]).columns
    assert found["low"] == pytest.approx(case["low"], rel=1e-13, abs=1e-15)
    assert found["high"] == pytest.approx(case["high"], rel=1e-13, abs=1e-15)
    assert [found[name] for name in ("met_a", "known_a", "met_b", "known_b")] == counts
    assert found["share_b"][0] == 14 / 18
    assert found["difference"][0] == 7 / 19 - 14 / 18


def test_a_difference_turns_over_with_the_samples():
    found = nrd.proportion_difference([7, 0, 3], 19, [14, 5, 0], [18, 18, 0]).columns
    turned = nrd.proportion_difference([14, 5, 0], [18, 18, 0], [7, 0, 3], 19).columns
    assert found["low"] == [0.0 - bound for bound in turned["high"]]
    assert (found["share_b"][2], found["difference"][2]) == (None, None)
    assert (found["low"][2], found["high"][2]) == (-1.0, 1.0)
    made = nrd.proportion_difference(7, 19, 14, 18, level=0.9).provenance
    assert made.options == {"level": 0.9}
    assert "Newcombe" in made.references[0]


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        ((19, 18, 1, 2), {}, "proportion_difference, row 0: met is 19"),
        (([1, 1], 2, [2, 3], 2), {}, "row 1: met is 3, expected at most known = 2"),
        (([1, 1], 2, [1, 1, 1], 2), {}, r"known_b have \[2, 3\] rows, expected one length"),
        ((1, 2, 1, -2), {}, "row 0: known_b is -2"),
        ((1, 2, 1, 2), {"level": 0}, "level is 0"),
    ],
)
def test_differences_that_cannot_be(arguments, options, told):
    with pytest.raises(nrd.NrdValueError, match=told):
        nrd.proportion_difference(*arguments, **options)
    with pytest.raises(nrd.NrdTypeError, match=r"proportion_difference: met_b holds 0\.5"):
        nrd.proportion_difference(1, 2, 0.5, 2)


@pytest.mark.parametrize("case", reference("interval_mean"), ids=lambda c: c["level"])
def test_intervals_of_means_are_those_of_student(case):
    values = [19.5, 21.0, 24.1, 22.5, 2.385, 18.0, 30.25]
    found = nrd.mean_interval(values, level=case["level"][0]).columns
    described = nrd.describe(values).columns
    assert (found["mean"], found["sd"]) == (described["mean"], described["sd"])
    # The third row of the reference has as many numbers, around 0.
    assert (case["count"][2], case["mean"][2]) == (len(values), 0.0)
    times = case["high"][2] / sqrt(case["variance"][2])
    bounds = [found["mean"][0] + sign * times * found["sd"][0] for sign in (-1, 1)]
    assert found["low"] + found["high"] == pytest.approx(bounds, rel=1e-13)


def test_intervals_of_means_by_group_of_tables_of_any_kind(kind):
    make, back = kind
    table = {"g": ["b", "a", "b", "c", "b"], "x": [0.1, 5, 0.3, None, 0.2], "y": [7.5] * 5}
    result = nrd.mean_interval(make(table), by="g", decimal={"x": 1})
    found = columns_of(result.table)
    assert kind_of(result.table) == back
    assert (found["g"], found["column"]) == (list("aabbcc"), ["x", "y"] * 3)
    assert found["n"] == [1, 1, 3, 3, 0, 1]
    assert found["mean"] == [5, 7.5, 0.2, 7.5, None, 7.5]
    assert found["sd"] == [None, None, 0.1, 0.0, None, None]
    half = 4.302652729749462 * 0.1 / sqrt(3)
    assert found["low"] == [None, None, pytest.approx(0.2 - half), 7.5, None, None]
    assert found["high"] == [None, None, pytest.approx(0.2 + half), 7.5, None, None]
    made = result.provenance
    assert (made.used, made.dropped) == (5, 1)
    assert made.options == {"level": 0.95, "decimals": (1, -1)}


def test_intervals_of_means_that_cannot_be():
    for level in (0, 1, -1, math.nan):
        with pytest.raises(nrd.NrdValueError, match="level is"):
            nrd.mean_interval([1.0, 2.0], level=level)
    table = {"x": [1.0, 2.0], "y": [1e300, -1e300]}
    told = "mean_interval: column 'y': the variance is inf, expected a finite number"
    with pytest.raises(nrd.NrdValueError, match=told):
        nrd.mean_interval(table)
    with pytest.raises(nrd.NrdValueError, match="a column 'low' of its own"):
        nrd.mean_interval({"low": ["a"], "x": [1.0]}, by="low")
