"""Shrunken slopes: published numbers, roots found otherwise, exact sums, bad input."""

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

import nrd
from nrd._random_effects import ESTIMATORS, spread_of

# The 13 trials of BCG vaccine of Colditz et al. (1994), as R's metafor has them:
# diseased and not, vaccinated and not.
BCG = """4 119 11 128 6 300 29 274 3 228 11 209 62 13536 248 12619 33 5036 47 5761
180 1361 372 1079 8 2537 10 619 505 87886 499 87892 29 7470 45 7232 17 1699 65 1600
186 50448 141 27197 5 2493 3 2338 27 16886 29 17825"""
YEARS = [2016, 2017, 2018, 2019]
RATES = {
    "commune": ["A"] * 4 + ["B"] * 4 + ["C"] * 4,
    "year": YEARS * 3,
    "rate": [18, 16, 13, 12, 30, 28, 25, 22, 9, 8.4, 8.1, 7.2],
}
NAMES = {"unit": "commune", "time": "year", "value": "rate"}


@pytest.mark.parametrize(
    ("estimator", "tau2", "mean", "se"),
    [
        ("dersimonian-laird", 0.3088, -0.7141, 0.1787),
        ("paule-mandel", 0.3181, -0.7150, 0.1809),
    ],
)
def test_published_trials(estimator, tau2, mean, se):
    a, b, c, d = np.array(BCG.split(), float).reshape(-1, 4).T
    estimate = np.log(a / (a + b)) - np.log(c / (c + d))
    found = spread_of(estimate, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), estimator)
    assert found.q == pytest.approx(152.2330, abs=5e-5)
    assert (found.tau2, found.mean) == pytest.approx((tau2, mean), abs=6e-5)
    assert found.se == pytest.approx(se, abs=6e-5)


pairs = st.lists(
    st.tuples(st.integers(-900, 900), st.integers(1, 400)), min_size=3, max_size=12
)


@settings(max_examples=200, deadline=None)
@given(pairs)
def test_moments_against_roots_and_fractions(rows):
    y, v = (np.array(column, float) for column in zip(*rows))

    def q(tau2):
        w = 1 / (v + tau2)
        return float(np.sum(w * (y - np.sum(w * y) / np.sum(w)) ** 2)) - (len(y) - 1)

    wanted = optimize.brentq(q, 0, 1e9, xtol=1e-12, rtol=1e-14) if q(0) > 0 else 0.0
    assert spread_of(y, v, "paule-mandel").tau2 == pytest.approx(wanted, rel=1e-7, abs=1e-7)
    w = [Fraction(1, b) for _, b in rows]
    mean = sum(k * a for k, (a, _) in zip(w, rows)) / sum(w)
    exact = sum(k * (a - mean) ** 2 for k, (a, _) in zip(w, rows)) - (len(rows) - 1)
    exact = max(Fraction(0), exact / (sum(w) - sum(k * k for k in w) / sum(w)))
    found = spread_of(y, v, "dersimonian-laird").tau2
    assert found == pytest.approx(float(exact), rel=1e-9, abs=1e-9)


def test_slopes_by_hand():
    found = nrd.shrunken_slopes(RATES, **NAMES)
    lines = [stats.linregress(YEARS, RATES["rate"][k : k + 4]) for k in (0, 4, 8)]
    slopes = np.array([line.slope for line in lines])
    v = sum(line.stderr**2 for line in lines) / 3  # the same years: variances are pooled
    tau2 = np.var(slopes, ddof=1) - v
    kept = tau2 / (tau2 + v)
    shrunken = slopes.mean() + kept * (slopes - slopes.mean())
    se = np.sqrt(kept * v + (1 - kept) ** 2 * (tau2 + v) / 3)
    table, means = found.table, found.mean_table
    assert table["slope_points"] == pytest.approx(slopes)
    assert table["shrunken_points"] == pytest.approx(shrunken)
    assert table["shrunken_se"] == pytest.approx([se] * 3)
    assert table["reliability"] == pytest.approx([kept] * 3)
    assert table["low"] == pytest.approx(shrunken - stats.norm.isf(0.025) * se, rel=1e-8)
    assert means["tau"] == pytest.approx([np.sqrt(tau2)])
    f = np.var(slopes, ddof=1) / v
    assert means["f"] == pytest.approx([f])
    assert means["p"] == pytest.approx([stats.f.sf(f, 2, 6)])


def test_own_errors_are_those_of_each_line():
    found = nrd.shrunken_slopes(RATES, errors="own", **NAMES)
    lines = [stats.linregress(YEARS, RATES["rate"][k : k + 4]) for k in (0, 4, 8)]
    assert found.table["se"] == pytest.approx([line.stderr for line in lines])
    f = found.mean_table["f"][0]
    assert found.mean_table["p"] == pytest.approx([stats.chi2.sf(2 * f, 2)], rel=1e-6)


def test_intervals_hold_true_slopes():
    rng = np.random.default_rng(6)
    areas, years = 4000, np.arange(6)
    true = rng.normal(-2, 0.5, areas)
    rate = 50 + true[:, None] * years + rng.normal(0, 2, (areas, 6))
    rows = {
        "commune": np.repeat(np.arange(areas), 6),
        "year": np.tile(years, areas),
        "rate": rate.ravel(),
    }
    table = nrd.shrunken_slopes(rows, rate="number", **NAMES).table
    shrunken, slope = np.array(table["shrunken"]), np.array(table["slope"])
    held = (np.array(table["low"]) <= true) & (true <= np.array(table["high"]))
    assert 0.94 < held.mean() < 0.96
    assert np.mean((shrunken - true) ** 2) < 0.75 * np.mean((slope - true) ** 2)
    assert np.mean(table["reliability"]) == pytest.approx(
        0.25 / (0.25 + 4 / 17.5), abs=0.05
    )


def test_standards_have_means_of_their_own_and_reasons_are_said():
    rows = {name: list(values) for name, values in RATES.items()}
    for name, more in (("commune", ["D"] * 3 + ["E"]), ("rate", [5, 4, 2, 7])):
        rows[name] += more
    rows["year"] += [2010, 2011, 2012, 2016]
    rows["standard"] = ["new"] * 12 + ["old"] * 3 + ["new"]
    found = nrd.shrunken_slopes(rows, **NAMES)
    assert found.mean_table["standard"] == ["old", "new"]
    assert found.mean_table["areas"] == [1, 3]
    assert found.mean_table["mean_points"][0] is None
    assert found.table["reason"] == [
        *[None] * 3,
        "fewer than 3 areas of this standard have a slope",
        "one year, expected at least 3",
    ]
    assert json.loads(found.to_json())["means"][0]["tau"] is None


def test_words():
    found = nrd.shrunken_slopes(RATES, **NAMES)
    assert "Slopes of the areas, shrunken" in found.summary()
    assert "đã co về trung bình" in found.summary(language="vi")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"errors": "none"}, "errors is 'none'"),
        ({"estimator": "reml"}, "estimator is 'reml'"),
        ({"level": 2}, "level is 2"),
    ],
)
def test_bad_options(changes, message):
    with pytest.raises(nrd.NrdValueError, match=message):
        nrd.shrunken_slopes(RATES, **NAMES, **changes)


def test_too_few_areas_and_no_errors():
    two = {name: values[:8] for name, values in RATES.items()}
    with pytest.raises(nrd.NrdValueError, match=r"2 areas of a standard.*at least 3"):
        nrd.shrunken_slopes(two, **NAMES)
    straight = RATES | {"rate": [9, 8, 7, 6] * 3}
    with pytest.raises(nrd.NrdValueError, match="0 areas of a standard"):
        nrd.shrunken_slopes(straight, **NAMES)
    assert set(ESTIMATORS) == {"paule-mandel", "dersimonian-laird"}
