"""Intervals of shares: against their definitions, and what is refused."""

from fractions import Fraction
from math import comb, sqrt

import pytest

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
