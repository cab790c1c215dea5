"""Regressions against fractions, the same bits by every road, and every kind of frame."""

import math
import sys
from fractions import Fraction
from operator import mul
from pathlib import Path

import exact
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nrd

sys.path.append(str(Path(__file__).parent.parent / "reference"))
from make_regression import OK, ROUNDED, regression_case

KINDS = {None: 0, "frequency": 1, "probability": 2, "precision": 3}
# Small whole numbers and decimals make columns that depend on each other; the others are
# of any size, and cancel.
NUMBERS = st.one_of(
    st.integers(-3, 3).map(float),
    st.integers(-30, 30).map(lambda k: k / 10),
    st.floats(-1e6, 1e6),
    st.sampled_from([1e16, 1e16 + 2, 1e-300, 2.0**200, 1e9, 1e9 + 1]),
)
WEIGHTS = {
    None: st.just(1.0),
    "frequency": st.integers(0, 4).map(float),
    "probability": st.sampled_from([0.0, 0.1, 1.5, 3.0]),
    "precision": st.floats(0, 1e6),
}
FEW = settings(max_examples=40)
ROWS = {
    "income": [9.5, 12.1, 8.75, 14.2, 11.05, 10.4, None, 9.9],
    "roads": [2.4, 3.1, 1.9, 4.4, 2.9, 2.2, 3.7, 2.8],
    "year": [2019, 2020, 2021, 2022, 2019, 2020, 2021, 2022],
    "commune": ["Tân Văn"] * 4 + ["Hòa Bình"] * 4,
}


@st.composite
def tables(draw, kind, decimals=False):
    """A table of three columns in two groups, as `make_regression` takes it."""
    number = st.integers(-99, 99).map(lambda k: k / 10) if decimals else NUMBERS
    rows = draw(st.lists(st.tuples(number, number, number), min_size=1, max_size=9))
    if draw(st.booleans()):
        rows = [(y, x, round(x + y, 1) if decimals else x + y) for y, x, _ in rows]
    n = len(rows)
    weight = draw(st.lists(WEIGHTS[kind], min_size=n, max_size=n))
    return {
        "columns": [list(column) for column in zip(*rows)],
        "decimals": [1 if decimals else -1] * 3,
        "degrees": [],
        "kind": KINDS[kind],
        "weight": weight if kind else [],
        "groups": 2,
        "group": draw(st.lists(st.sampled_from([0, 1]), min_size=n, max_size=n)),
    }


def frame_of(table):
    columns = dict(zip("yxz", table["columns"]))
    n = len(table["group"])
    return {**columns, "w": table["weight"] or [1.0] * n, "g": table["group"]}


def regressed(table, kind, **options):
    weights = {"weights": "w", "weight_kind": kind} if kind else {}
    decimal = dict(zip("yxz", table["decimals"])) if table["decimals"][0] >= 0 else None
    return nrd.regress(frame_of(table), "y", decimal=decimal, **weights, **options)


def assert_fits(found, case, groups):
    """All results of the groups that have rows are within an ulp of the fractions."""
    k = len(found.terms)
    for place, group in enumerate(groups):
        assert found.n[place] == case["rows"][group]
        assert (found.problems[place] is None) == (case["status"][group] == OK)
        if case["status"][group] == ROUNDED:
            assert "but for the rounding of doubles" in found.problems[place]
        for name, key in (("estimate", "coefficient"), ("se", "se")):
            values = getattr(found, name)[place].tolist()
            assert_close(values, case[key][group * k : group * k + k])
        for name in ("rss", "tss", "sigma", "r_squared", "f"):
            assert_close([float(getattr(found, name)[place])], [case[name][group]])


def assert_close(found, expected):
    for value, other in zip(found, expected):
        assert (value != value) == (other != other)
        # Below the normal doubles a number is rounded twice.
        assert value != value or exact.ulps(value, other) <= 1 or abs(other) < 1e-307


@pytest.mark.parametrize("decimals", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(data=st.data())
def test_results_are_within_an_ulp(kind, decimals, data):
    table = data.draw(tables(kind, decimals))
    intercept = data.draw(st.booleans())
    model = {"y": 0, "terms": [[1, 1], [2, 1]], "intercept": intercept, "within": []}
    case = regression_case(table, model)
    found = regressed(table, kind, x=["x", "z"], by="g", intercept=intercept)
    assert_fits(found, case, sorted(set(table["group"])))


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(data=st.data())
def test_effects_are_within_an_ulp(kind, data):
    table = data.draw(tables(kind, data.draw(st.booleans())))
    model = {"y": 0, "terms": [[1, 1]], "intercept": False, "within": [0, 0]}
    case = regression_case(table, model)
    frame = {**frame_of(table), "all": ["all"] * len(table["group"])}
    weights = {"weights": "w", "weight_kind": kind} if kind else {}
    decimal = dict(zip("yx", table["decimals"])) if table["decimals"][0] >= 0 else None
    found = nrd.regress(frame, "y", "x", by="all", effects="g", decimal=decimal, **weights)
    assert_fits(found, case, [0])


@FEW
@given(data=st.data())
def test_polynomials_and_their_predictions_are_exact(data):
    units = data.draw(st.lists(st.integers(-999, 999), min_size=5, max_size=9, unique=True))
    heights = [data.draw(st.integers(-(10**6), 10**6)) for _ in units]
    at = data.draw(st.integers(-2000, 2000))
    rows = {"x": [u / 100 for u in units], "y": [h / 1000 for h in heights]}
    found = nrd.regress(rows, "y", nrd.poly("x", 3), decimal={"x": 2, "y": 3})
    table = {"columns": [rows["y"], rows["x"]], "decimals": [3, 2], "kind": 0}
    table |= {"degrees": [1, 3], "weight": [], "groups": 1, "group": []}
    terms = [[1, 1], [1, 2], [1, 3]]
    model = {"y": 0, "terms": terms, "intercept": True, "within": []}
    case = regression_case(table, model)
    assert_fits(found, case, [0])
    low = map(Fraction, found._solved.coefficient_low[0].tolist())
    b = [Fraction(v) + w for v, w in zip(found.estimate[0].tolist(), low)]
    expected = sum(v * Fraction(at, 100) ** power for power, v in enumerate(b))
    made = found.predict({"x": [at / 100]}, interval="mean").columns
    assert exact.ulps(made["fitted"][0], expected) <= 1
    inverse = np.array(case["inverse"]).reshape(4, 4)
    point = [float(Fraction(at, 100) ** power) for power in range(4)]
    leverage = max(inverse @ point @ point, 0.0)
    # The reference loses digits where its terms cancel.
    size = np.abs(inverse) @ np.abs(point) @ np.abs(point)
    noise = float(found.sigma[0]) ** 2
    assert made["se"][0] ** 2 == pytest.approx(noise * leverage, abs=1e-13 * noise * size)


@FEW
@given(st.data())
def test_no_road_changes_a_bit(data):
    table = data.draw(tables("precision"))
    rows = list(range(len(table["group"])))
    frame = frame_of(table)
    weights = {"weights": "w", "weight_kind": "precision"}
    # Squares of squares, times weights, have to stay within the range of an exact sum.
    moderate = all(v == 0 or 2**-60 < abs(v) < 2**60 for v in frame["x"])
    x = [nrd.poly("x", 2), "z"] if moderate else ["x", "z"]
    options = {"by": "g", **weights}
    whole = nrd.regress(frame, "y", x, **options, threads=3)
    order = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    states = [nrd.Regression("y", x, **options) for _ in range(2)]
    for state, part in zip(states, (order[:cut], order[cut:])):
        state.update({name: [values[i] for i in part] for name, values in frame.items()})
    states[1].merge(states[0])
    sent = nrd.Regression.from_bytes(states[1].to_bytes())
    other = nrd.Regression("y", x, **options)
    other.update(frame)
    assert sent.to_bytes() == states[1].to_bytes() == other.to_bytes()
    found = sent.finalize()
    assert found.to_dict()["table"] == whole.to_dict()["table"]
    assert found.to_dict()["groups"] == whole.to_dict()["groups"]
    assert found.covariance.tobytes() == whole.covariance.tobytes()


def test_no_number_of_threads_changes_a_bit():
    rng = np.random.default_rng(6)
    n = 20_000
    rows = {
        "g": rng.integers(0, 2_500, n),
        "x": rng.normal(size=n),
        "y": rng.normal(size=n),
    }
    found = [nrd.regress(rows, "y", "x", by="g", threads=t) for t in (1, 2, 8)]
    for name in "estimate se covariance r_squared t p low high f_p".split():
        one, *others = (getattr(fit, name).tobytes() for fit in found)
        assert others == [one, one]
    at = {"g": rows["g"], "x": rows["x"]}
    values = [fit.predict(at, interval="mean").columns for fit in found]
    assert values[0] == values[1] == values[2]
    place = 1_234
    own = rows["g"] == found[0].keys[place][0]
    alone = nrd.regress({"x": rows["x"][own], "y": rows["y"][own]}, "y", "x")
    assert alone.covariance.tobytes() == found[0].covariance[place].tobytes()


def eliminated(rows):
    """Coefficients of the last column on the others, and the inverse, as fractions."""
    k = len(rows[0]) - 1
    gram = [[sum(r[i] * r[j] for r in rows) for j in range(k + 1)] for i in range(k)]
    held = [[*row, *(int(i == j) for j in range(k))] for i, row in enumerate(gram)]
    before = 1
    for q, pivot in enumerate(held):
        for i in range(k):
            if i != q:
                own, factor = held[i], held[i][q]
                pairs = zip(own, pivot)
                held[i] = [(pivot[q] * a - factor * b) // before for a, b in pairs]
        before = pivot[q]
    return [[Fraction(v, before) for v in row[k:]] for row in held]


@pytest.mark.parametrize("sizes", [[0], [-60, 0, 60], range(-9, 10)])
def test_many_columns_are_within_an_ulp(sizes):
    rng = np.random.default_rng(5)
    x = rng.integers(-999, 1000, (18, 40)) * np.exp2(rng.choice(list(sizes), (18, 1)))
    x[3] = np.arange(40) % 2
    x[4] = (np.arange(40) % 3 == 1) * (1 - x[3])
    y = rng.integers(-99, 100, 40)
    table = {f"x{i}": values for i, values in enumerate(x)}
    found = nrd.regress({**table, "y": y}, "y", list(table))
    scale = 2.0**70
    whole = [[int(scale), *(int(v * scale) for v in r)] for r in x.T.tolist()]
    heights = [int(h) for h in y.tolist()]
    expected = eliminated([[*r, h] for r, h in zip(whole, heights)])
    left = [h - sum(map(mul, r, (e[0] for e in expected))) for r, h in zip(whole, heights)]
    variance = sum(e * e for e in left) / (len(left) - len(expected))
    for i, row in enumerate(expected):
        assert exact.ulps(float(found.estimate[0, i]), row[0] * int(scale)) <= 1
        for value, fraction in zip(found.covariance[0, i].tolist(), row[1:]):
            assert exact.ulps(value, fraction * variance * int(scale) ** 2) <= 1


def test_scales_change_what_they_must():
    rows = {**ROWS, "more": [None if v is None else 8.0 * v for v in ROWS["income"]]}
    one = nrd.regress(rows, "income", ["roads", "year"])
    other = nrd.regress(rows, "more", ["roads", "year"])
    assert (other.estimate == 8.0 * one.estimate).all()
    assert (other.se == 8.0 * one.se).all()
    assert (other.r_squared == one.r_squared).all()
    assert (other.t == one.t).all()


def test_frames_come_back_in_kind(kind):
    make, name = kind
    found = nrd.regress(make(ROWS), "income", ["roads", "year"], by="commune")
    plain = nrd.regress(ROWS, "income", ["roads", "year"], by="commune")
    from support import kind_of

    assert (found.estimate == plain.estimate).all()
    assert [kind_of(table) for table in (found.table, found.groups)] == [name, name]
    made = found.predict(make(ROWS), interval="prediction")
    assert kind_of(made.table) == name
    assert made.columns == plain.predict(ROWS, interval="prediction").columns


def test_groups_without_a_regression_say_why():
    rows = {
        "y": [1.0, 2.0, 4.0, 3.0, 5.0, 1.0, None],
        "x": [1.0, 2.0, 3.0, 7.0, 7.0, 1.0, 2.0],
        "g": ["fits"] * 3 + ["constant"] * 2 + ["short", "empty"],
    }
    found = nrd.regress(rows, "y", "x", by="g")
    held = dict(zip(found.groups["g"], found.groups["problem"]))
    assert held["fits"] is None
    assert held["constant"] == "column 'x' is the same in every row, as the intercept is"
    assert held["short"] == "there are 1 rows for 2 coefficients, expected as many"
    table = found.table
    empty = [g for g, estimate in zip(table["g"], table["estimate"]) if estimate is None]
    assert set(empty) == set(held) - {"fits"}
    assert found.provenance.dropped == 1


def test_what_fits_exactly_has_no_error():
    found = nrd.regress({"y": [0.1, 0.3, 0.5, 0.7], "x": [1, 2, 3, 4]}, "y", "x", decimal=1)
    assert found.estimate.tolist() == [[-0.1, 0.2]]
    assert found.se.tolist() == [[0.0, 0.0]]
    assert found.p.tolist() == [[0.0, 0.0]]
    assert (found.rss[0], found.r_squared[0], found.f[0]) == (0.0, 1.0, math.inf)
    assert found.to_dict()["groups"][0]["f"] is None


def test_as_many_rows_as_coefficients_leave_no_error_to_estimate():
    found = nrd.regress({"y": [1.0, 3.0], "x": [2.0, 3.0]}, "y", "x")
    assert found.table["estimate"] == [-3.0, 2.0]
    assert found.table["se"] == found.table["p"] == found.table["low"] == [None, None]
    assert found.groups["df"] == [0.0]
    assert found.predict({"x": [5.0]}, interval="mean").columns["se"] == [None]


def test_predictions_follow_their_groups():
    found = nrd.regress(ROWS, "income", "roads", by="commune")
    at = {
        "roads": [1.0, None, 1.0, 2.0],
        "commune": ["Hòa Bình", "Tân Văn", "Tân Văn", None],
    }
    made = found.predict(at)
    low, high = (found.estimate[i].sum() for i in (0, 1))
    assert made.columns["fitted"] == [pytest.approx(low), None, pytest.approx(high), None]
    assert (made.provenance.used, made.provenance.dropped) == (2, 2)
    with pytest.raises(nrd.NrdKeyError, match="row 0: the group Xã was not in the fit"):
        found.predict({"roads": [1.0], "commune": ["Xã"]})
    with pytest.raises(nrd.NrdValueError, match="interval is 'both'"):
        found.predict(at, interval="both")
    with pytest.raises(nrd.NrdKeyError, match="no column 'roads'"):
        found.predict({"commune": ["Hòa Bình"]})
