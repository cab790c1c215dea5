"""What must hold for trends of any series: shifts, scales, orders, and brute force."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import nrd

VALUES = st.lists(st.integers(0, 12), min_size=3, max_size=7)
STEPS = st.lists(st.integers(1, 4), min_size=7, max_size=7)


def test_of(time, value, **options):
    columns = {"t": list(time), "v": list(value)}
    return nrd.poverty_trends(
        columns, unit=None, time="t", value="v", rate="number", adjust=None, **options
    )


test_of.__test__ = False


def years(steps, value):
    return np.cumsum([2000, *steps])[: len(value)].tolist()


@settings(max_examples=60, deadline=None)
@given(VALUES, STEPS)
def test_chances_are_those_of_all_orders(value, steps):
    found = test_of(years(steps, value), value).tests[0]
    signs = [
        sum((b > a) - (b < a) for a, b in itertools.combinations(order, 2))
        for order in itertools.permutations(value)
    ]
    s = signs[0]
    assert found["s"] == s
    greater, less = (np.mean([found(x, s) for x in signs]) for found in (_ge, _le))
    assert np.isclose(found["p_rising"], greater, rtol=1e-12)
    assert np.isclose(found["p_falling"], less, rtol=1e-12)
    assert np.isclose(found["p"], min(1, 2 * min(greater, less)), rtol=1e-12)
    assert np.isclose(found["variance"], np.var(signs), rtol=1e-12)


def _ge(x, s):
    return x >= s


def _le(x, s):
    return x <= s


@settings(max_examples=60, deadline=None)
@given(VALUES, STEPS, st.integers(-3, 3), st.integers(1, 5))
def test_slopes_follow_shifts_and_scales(value, steps, tilt, scale):
    time = years(steps, value)
    moved = [scale * v + tilt * (t - 2000) + 7 for t, v in zip(time, value)]
    for method in ("theil-sen", "siegel", "ols"):
        plain = test_of(time, value, method=method).estimates[0]
        found = test_of(time, moved, method=method).estimates[0]
        assert np.isclose(found.slope[0], scale * plain.slope[0] + tilt, atol=1e-9)
        at_start = scale * plain.start[0] + 7
        assert np.isclose(found.start[0], at_start, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(VALUES, STEPS)
def test_time_that_runs_back_turns_the_trend(value, steps):
    time = years(steps, value)
    forward = test_of(time, value)
    back = test_of([-t for t in time], value)
    for name in ("p", "variance", "smallest_p"):
        assert forward.tests[name][0] == back.tests[name][0]
    assert forward.tests["s"][0] == -back.tests["s"][0]
    assert forward.tests["p_rising"][0] == back.tests["p_falling"][0]
    low, high = (getattr(forward.estimates[0], name)[0] for name in ("low", "high"))
    turned = [getattr(back.estimates[0], name)[0] for name in ("high", "low")]
    assert turned == [-low, -high]


@settings(max_examples=30, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=8), st.integers(1, 3))
def test_an_area_is_the_same_among_others(series, threads):
    columns = {
        "c": [place for place, values in enumerate(series) for _ in values],
        "t": [t for values in series for t in range(len(values))],
        "v": [v for values in series for v in values],
    }
    together = nrd.poverty_trends(
        columns, unit="c", time="t", value="v", rate="number", threads=threads
    )
    for place, values in enumerate(series):
        alone = test_of(range(len(values)), values)
        for name in ("s", "p", "slope", "low", "high", "intercept", "confidence"):
            assert alone.tests[name][0] == together.tests[name][place]
