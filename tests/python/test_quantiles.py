"""Quantiles of the nine types, weighted or not, and descriptions of tables."""

import math
from fractions import Fraction

import exact
import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import columns_of, kind_of

import nrd

NUMPY_NAMES = (
    "inverted_cdf",
    "averaged_inverted_cdf",
    "closest_observation",
    "interpolated_inverted_cdf",
    "hazen",
    "weibull",
    "linear",
    "median_unbiased",
    "normal_unbiased",
)
TYPES = range(1, 10)
# How many values with ties, of one size, so that interpolation has no other rounding.
VALUES = st.lists(
    st.integers(-50, 50).map(lambda k: k / 8) | st.floats(-1e9, 1e9),
    min_size=1,
    max_size=12,
)
# Probabilities that can be positions exactly, and others.
P = st.fractions(0, 1, max_denominator=40) | st.floats(0, 1).map(Fraction)


def position(n, p, type):
    """The position h of Hyndman and Fan for a probability, a fraction."""
    a, b = {
        4: (0, 1),
        5: (Fraction(1, 2), Fraction(1, 2)),
        6: (0, 0),
        7: (1, 1),
        8: (Fraction(1, 3), Fraction(1, 3)),
        9: (Fraction(3, 8), Fraction(3, 8)),
    }[type]
    return a + p * (n + 1 - a - b)


def definition(values, p, type):
    """A quantile as Hyndman and Fan define it, in fractions."""
    x = sorted(map(Fraction, values))
    n = len(x)

    def at(j):
        return x[min(max(j, 1), n) - 1]

    if type <= 3:
        h = n * p - (Fraction(1, 2) if type == 3 else 0)
        j = math.floor(h)
        if h > j or (type == 3 and j % 2):
            return at(j + 1)
        return (at(j) + at(j + 1)) / 2 if type == 2 else at(j)
    h = position(n, p, type)
    j = math.floor(h)
    return at(j) + (h - j) * (at(j + 1) - at(j))


def weighted_definition(values, weights, p, type):
    """A quantile of the weighted distribution, as nrd/order.h defines it, in fractions."""
    pooled = {}
    for value, weight in zip(values, weights):
        if weight > 0:
            pooled[Fraction(value)] = pooled.get(Fraction(value), 0) + Fraction(weight)
    x, total, points, below = sorted(pooled), sum(pooled.values()), [], Fraction(0)
    for value in x:
        jump = pooled[value] / total
        points.append(below + (jump / 2 if type == 5 else jump))
        below += jump
    # A probability that is the double nearest to a point means the point.
    p = next((point for point in points if 0 < p < 1 and float(point) == float(p)), p)
    if type in (1, 2):
        at = next(i for i, point in enumerate(points) if point >= p)
        if type == 2 and points[at] == p and p < 1 and at + 1 < len(x):
            return (x[at] + x[at + 1]) / 2
        return x[at]
    if p <= points[0]:
        return x[0]
    if p >= points[-1]:
        return x[-1]
    i = next(i for i, point in enumerate(points) if point >= p)
    share = (p - points[i - 1]) / (points[i] - points[i - 1])
    return x[i - 1] + share * (x[i] - x[i - 1])


def close(found, expected, values):
    """Whether a quantile is as near to its definition as the header says."""
    return (
        abs(Fraction(found) - expected)
        <= 9 * Fraction(2) ** -53 * max(abs(Fraction(v)) for v in values)
        + Fraction(2) ** -1074
    )


def one(*arguments, **options):
    return nrd.quantile(*arguments, **options).columns["quantile"]


@pytest.mark.parametrize("type", TYPES)
@given(values=VALUES, p=P)
def test_every_type_is_its_definition(type, values, p):
    # A probability that is the double nearest to the fraction means the fraction.
    meant = Fraction(p).limit_denominator(40)
    if float(meant) != float(p):
        meant = Fraction(float(p))
    (found,) = one(values, float(p), type=type)
    # Where nothing jumps, either will do.
    meanings = {meant} if type <= 3 else {meant, Fraction(float(p))}
    expected = {definition(values, q, type) for q in meanings}
    assert any(close(found, value, values) for value in expected)
    if type in (1, 3):
        assert found in values


@pytest.mark.parametrize(("type", "method"), list(enumerate(NUMPY_NAMES, 1)))
def test_every_type_is_that_of_numpy(type, method):
    rng = np.random.default_rng(5)
    for n in (1, 2, 7, 18, 100):
        values = rng.standard_normal(n)
        p = [0, 0.025, 0.3141, 0.5, 2 / 3, 0.977, 1]
        expected = np.quantile(values, p, method=method)
        np.testing.assert_allclose(one(values, p, type=type), expected, rtol=1e-13)


@pytest.mark.parametrize("type", TYPES)
@given(values=VALUES, data=st.data())
def test_ends_order_and_symmetry(type, values, data):
    p = sorted(data.draw(st.lists(st.floats(0, 1), max_size=4)))
    found = one(values, [0, *p, 1], type=type)
    assert (found[0], found[-1]) == (min(values), max(values))
    assert found == sorted(found)
    shuffled = data.draw(st.permutations(values))
    assert one(shuffled, [0, *p, 1], type=type) == found


@pytest.mark.parametrize("type", TYPES)
@given(data=st.data(), values=VALUES)
def test_frequencies_are_repeated_rows(type, data, values):
    n = len(values)
    frequency = data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    assume(any(frequency))
    p = data.draw(st.lists(st.floats(0, 1), min_size=1, max_size=3))
    repeated = [value for value, times in zip(values, frequency) for _ in range(times)]
    found = one(values, p, type=type, weights=frequency, weight_kind="frequency")
    assert found == one(repeated, p, type=type)


@pytest.mark.parametrize("kind", ["probability", "precision"])
@pytest.mark.parametrize("type", [1, 2, 4, 5])
@given(data=st.data(), values=VALUES)
def test_weights_are_a_distribution(type, kind, data, values):
    weight = st.sampled_from([0.0, 0.1, 0.25, 1.0, 2.5]) | st.floats(1e-3, 1e6)
    n = len(values)
    weights = data.draw(st.lists(weight, min_size=n, max_size=n))
    assume(any(weights))
    p = data.draw(st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1))
    options = {"type": type, "weight_kind": kind}
    (found,) = one(values, p, weights=weights, **options)
    assert close(found, weighted_definition(values, weights, Fraction(p), type), values)
    order = data.draw(st.permutations(range(n)))
    moved = [[column[i] for i in order] for column in (values, weights)]
    assert one(moved[0], p, weights=moved[1], **options) == [found]
    # A row may be split in two.
    halves = [w / 2 for w in weights] * 2
    assert one(values * 2, p, weights=halves, **options) == [found]


def test_groups_of_tables_of_any_kind(kind):
    make, back = kind
    table = {
        "g": ["b", "a", "b", None, "a", "c"],
        "x": [3.0, 7.5, 1.0, 99.0, None, None],
        "w": [1.0, 2.0, 3.0, 1.0, 1.0, 1.0],
    }
    result = nrd.quantile(make(table), [0.25, 1], "x", by="g")
    assert kind_of(result.table) == back
    assert columns_of(result.table) == {
        "g": ["a", "a", "b", "b", "c", "c"],
        "column": ["x"] * 6,
        "n": [1, 1, 2, 2, 0, 0],
        "p": [0.25, 1.0] * 3,
        "quantile": [7.5, 7.5, 1.5, 3.0, None, None],
    }
    weighted = nrd.quantile(
        make(table), 0.5, "x", by="g", type=1, weights="w", weight_kind="probability"
    )
    assert columns_of(weighted.table)["quantile"] == [7.5, 1.0, None]
    assert (result.provenance.used, result.provenance.dropped) == (3, 3)


def test_rows_of_groups_may_be_permuted():
    rng = np.random.default_rng(9)
    n = 200_000
    frame = pl.DataFrame(
        {"x": rng.integers(0, 999, n) / 10, "w": rng.random(n), "g": rng.integers(0, 40, n)}
    )
    for type, weights in ((7, {}), (2, {"weights": "w", "weight_kind": "probability"})):
        options = {"columns": "x", "by": "g", "type": type, **weights}
        expected = nrd.quantile(frame, [0.1, 0.5, 0.9], **options).columns
        moved = frame[rng.permutation(n)]
        assert nrd.quantile(moved, [0.1, 0.5, 0.9], **options).columns == expected


def test_many_groups_of_many_sizes_are_as_numpy_finds_them():
    rng = np.random.default_rng(12)
    codes = np.repeat(np.arange(0, 3000, 3), rng.integers(0, 90, 1000))
    codes = rng.permutation(np.append(codes, np.full(5000, -7)))
    values = rng.integers(0, 99, len(codes)) / 8
    table = {"x": values, "g": codes}
    found = nrd.quantile(table, [0.75, 0.07], "x", by="g", threads=1)
    assert (
        nrd.quantile(table, [0.75, 0.07], "x", by="g", threads=2).columns == found.columns
    )
    groups = np.unique(codes)
    assert found.columns["g"] == np.repeat(groups, 2).tolist()
    held = [values[codes == group] for group in groups]
    assert found.columns["n"] == [len(x) for x in held for _ in range(2)]
    expected = [np.quantile(x, p) for x in held for p in (0.75, 0.07)]
    np.testing.assert_allclose(found.columns["quantile"], expected, rtol=1e-14)


def test_where_there_is_nothing_there_is_no_quantile():
    assert one([], 0.5) == one([None, math.nan], 0.5) == [None]
    for kind in ("frequency", "probability"):
        found = nrd.quantile(
            {"g": ["a", "b"], "x": [1.0, 2.0]}, 0.5, "x", by="g", type=1,
            weights=[0, 3], weight_kind=kind,
        )  # fmt: skip
        assert found.columns["quantile"] == [None, 2.0]
    assert one([2.385], [0, 0.3, 1]) == [2.385] * 3
    assert one([1.0], []) == []


def test_infinities_are_values():
    assert one([-math.inf, 1.0, math.inf], [0, 0.5, 1]) == [-math.inf, 1.0, math.inf]
    assert one([-math.inf, math.inf], 0.5) == [None]


def test_a_probability_as_printed_is_the_one_meant():
    values = list(range(1, 101))
    for percent in range(1, 100):
        assert one(values, percent / 100, type=1) == [float(percent)]
        assert one(values, percent / 100, type=2) == [percent + 0.5]


@pytest.mark.parametrize("p", [-0.1, 1.0000001, math.nan, math.inf, "0.5", None, [0.5, 2]])
def test_a_probability_that_cannot_be(p):
    for values in ([1.0, 2.0], []):
        with pytest.raises(nrd.NrdValueError, match=r"expected a number in \[0, 1\]"):
            nrd.quantile(values, p)


@pytest.mark.parametrize("type", [0, 10, -1, 7.0, "7", None, 2**40])
def test_a_type_that_cannot_be(type):
    with pytest.raises(nrd.NrdValueError, match="expected 1 to 9"):
        nrd.quantile([1.0], 0.5, type=type)


@pytest.mark.parametrize("type", [3, 6, 7, 8, 9])
def test_types_that_count_rows_have_no_weights(type):
    with pytest.raises(nrd.NrdValueError, match="expected 1, 2, 4 or 5"):
        nrd.quantile([1.0], 0.5, type=type, weights=[2], weight_kind="precision")


@pytest.mark.parametrize(
    ("kind", "weight", "expected"),
    [
        ("frequency", 0.5, "a whole number"),
        ("frequency", -1, "a whole number"),
        ("frequency", math.inf, "a whole number"),
        ("frequency", 2.0**60, "a whole number"),
        ("probability", -0.25, "a number, 0 or more"),
        ("precision", math.inf, "a number, 0 or more"),
    ],
)
def test_a_weight_that_cannot_be_is_named_by_its_row(kind, weight, expected):
    table = {"g": ["a", "a", "b", "b"], "x": [1.0, None, None, 4.0]}
    with pytest.raises(
        nrd.NrdValueError, match=f"row 3: the weight is .*{expected}"
    ) as caught:
        nrd.quantile(
            table, 0.5, "x", by="g", type=1, weights=[1, 1, 1, weight], weight_kind=kind
        )
    assert caught.value.row == 3


def test_frequencies_of_a_group_that_no_count_holds():
    table = {"g": [1, 2, 1], "x": [1.0, 2.0, None]}
    options = {"by": "g", "weights": [2**51] * 3, "weight_kind": "frequency"}
    assert nrd.quantile(table, 0.5, "x", **options).columns["quantile"] == [1.0, 2.0]
    table["x"][2] = 3.0
    with pytest.raises(nrd.NrdValueError, match=r"row 2: .* add up to less than 2\^52"):
        nrd.quantile(table, 0.5, "x", **options)


def test_a_description_is_what_its_parts_are(kind):
    make, back = kind
    table = {"g": ["b", "a", "b", "b"], "x": [0.1, None, 0.3, 1e16], "y": [1, 2, 3, 5]}
    result = nrd.describe(make(table), by="g")
    assert kind_of(result.table) == back
    found = columns_of(result.table)
    assert found["g"] == ["a", "a", "b", "b"]
    assert (found["n"], found["missing"]) == ([0, 1, 3, 3], [1, 0, 0, 0])
    rows = exact.complete([[0.1, 0.3, 1e16]])[()]
    assert found["mean"] == [None, 2.0, float(exact.mean(rows, 0)), 3.0]
    assert found["sd"] == [None, None, math.sqrt(exact.covariance(rows, 0, 0)), 2.0]
    assert found["min"] == [None, 2.0, 0.1, 1.0]
    assert found["median"] == [None, 2.0, 0.3, 3.0]
    assert found["q75"] == [None, 2.0, 5e15, 4.0]
    assert found["max"] == [None, 2.0, 1e16, 5.0]
    assert (result.provenance.used, result.provenance.dropped) == (4, 1)


def test_a_description_takes_decimals():
    found = nrd.describe({"x": [0.1] * 9 + [0.2], "y": range(10)}, decimal={"x": 1})
    assert found.columns["mean"] == [0.11, 4.5]
    assert found.provenance.options == {"decimals": (1, -1)}
    assert nrd.describe([0.1]).provenance.options == {"decimals": None}
    with pytest.raises(nrd.NrdKeyError, match="decimal names 'z', expected one of 'x'"):
        nrd.describe({"x": [0.1]}, decimal={"z": 1})
