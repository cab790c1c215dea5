"""States of exact sums against fractions, and the same bytes by every road."""

import datetime
import hashlib
import math

import exact
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nrd
from nrd import Moments

KINDS = (None, "frequency", "probability", "precision")
# The whole range of doubles, small awkward ones, and ones that cancel or are equal.
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-30, 30).map(lambda k: k / 10),
    st.sampled_from([0.0, -0.0, 1e16, -1e16, 1.0, 5e-324, 2.0**-537, 1.7e308, -1.7e308]),
)
WEIGHTS = {
    "frequency": st.integers(0, 5),
    "probability": st.sampled_from([0.0, 0.1, 1.5, 3.0, 1e-300, 2.0**900]),
    "precision": st.floats(0, 1e6),
}
N = 200_000


@st.composite
def tables(draw, kind=None):
    """Rows of x, y, weight and group, some of them missing, some cancelling."""
    number = st.none() | NUMBERS if draw(st.booleans()) else NUMBERS
    rows = draw(st.lists(st.tuples(number, number), max_size=10))
    if draw(st.booleans()):
        rows += [tuple(None if v is None else -v for v in row) for row in rows]
    weight = WEIGHTS.get(kind, st.just(1))
    out = {"x": [x for x, _ in rows], "y": [y for _, y in rows]}
    out["w"] = [draw(weight | st.none() if kind else weight) for _ in rows]
    out["g"] = [draw(st.sampled_from(["Bình Gia", "A", "z", None])) for _ in rows]
    return out


def state_of(table, kind=None, **options):
    weights = {"weights": "w", "weight_kind": kind} if kind else {}
    state = Moments(["x", "y"], **weights, **options)
    state.update(table)
    return state


def digest(state):
    return hashlib.sha256(state.to_bytes()).hexdigest()


def flat(values):
    """A found matrix as a list, None where undefined."""
    return [None if v != v else v for v in np.ravel(values).tolist()]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_sums_and_means_are_rounded_once(kind, data):
    table = data.draw(tables(kind))
    weights = table["w"] if kind else None
    by_group = exact.complete((table["x"], table["y"]), weights, table["g"])
    found = state_of(table, kind, by="g").finalize().columns
    groups = sorted(by_group)
    assert found["g"] == [group for group in groups for _ in "xy"]
    assert found["column"] == ["x", "y"] * len(groups)
    cells = [(by_group[group], i) for group in groups for i in (0, 1)]
    assert found["n"] == [rows.n for rows, _ in cells]
    assert found["sum"] == [exact.nearest(exact.total(*cell)) for cell in cells]
    assert found["mean"] == [exact.nearest(exact.mean(*cell)) for cell in cells]


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_covariances_are_rounded_once(kind, ddof, data):
    table = data.draw(tables(kind))
    weights = table["w"] if kind else None
    by_group = exact.complete((table["x"], table["y"]), weights, table["g"])
    state = state_of(table, kind, by="g")
    found = state.covariance(ddof=ddof)
    assert found.keys == [(group,) for group in sorted(by_group)]
    for place, group in enumerate(sorted(by_group)):
        rows = by_group[group]
        pairs = [(i, j) for i in (0, 1) for j in (0, 1)]
        expected = [exact.covariance(rows, i, j, kind, ddof) for i, j in pairs]
        for value, fraction in zip(flat(found.covariance[place]), expected):
            assert exact.ulps(value, fraction) <= 1
    variances = np.array(found.covariance).reshape(-1, 4)[:, [0, 3]]
    table = state.finalize(ddof=ddof).columns
    assert table["variance"] == flat(variances)
    assert table["sd"] == flat(np.sqrt(variances))
    assert all(v is None or v >= 0 for v in table["variance"])


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_correlations_are_within_an_ulp(kind, data):
    table = data.draw(tables(kind))
    weights = table["w"] if kind else None
    rows = exact.complete((table["x"], table["y"]), weights)[()]
    found = state_of(table, kind).covariance().correlation[0]
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        expected = exact.correlation(rows, i, j)
        value = flat(found)[2 * i + j]
        assert exact.ulps(value, expected) <= 1
        if value is not None:
            assert abs(value) <= 1
            assert (abs(value) == 1) == (abs(expected) == 1)


@given(
    st.lists(st.integers(-(2**20), 2**20), min_size=2, max_size=8, unique=True),
    st.integers(-99, 99).filter(bool),
    st.integers(-(2**20), 2**20),
    st.integers(-900, 800),
)
def test_points_on_a_line_have_correlation_1(xs, slope, start, power):
    line = {"x": xs, "y": [math.ldexp(slope * x + start, power) for x in xs]}
    assert state_of(line).covariance().correlation[0, 0, 1] == math.copysign(1, slope)
    # One bit off the line, and it is 1 no more.
    line["y"][0] = math.nextafter(line["y"][0], math.inf)
    rows = exact.complete((line["x"], line["y"]))[()]
    bent = state_of(line).covariance().correlation[0, 0, 1]
    assert (abs(bent) < 1) == (abs(exact.correlation(rows, 0, 1)) < 1)


@pytest.mark.parametrize("places", range(10))
@given(data=st.data())
def test_decimals_are_the_numbers_that_are_printed(places, data):
    units = data.draw(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=9))
    exactly = [exact.Fraction(unit, 10**places) for unit in units]
    rows = exact.complete([exactly])[()]
    values = {"x": [float(value) for value in exactly]}
    state = Moments("x", decimal=places)
    state.update(values)
    found = state.finalize().columns
    assert found["sum"] == [float(sum(exactly))]
    assert found["mean"] == [float(exact.mean(rows, 0))]
    assert exact.ulps(found["variance"][0], exact.covariance(rows, 0, 0)) <= 1
    automatic = nrd.mean(values, decimal="auto")
    assert automatic.columns["mean"] == found["mean"]
    assert automatic.provenance.options["decimals"][0] <= places


def big_table():
    """Columns over many exponents, with missing values, and five kinds of groups."""
    rng = np.random.default_rng(20260)
    x, y = np.ldexp(rng.standard_normal((2, N)), rng.integers(-900, 400, (2, N)))
    x[rng.random(N) < 0.01] = np.nan
    code = rng.integers(0, 300, N)
    return {
        "x": x,
        "y": y,
        "w": rng.integers(0, 4, N).astype(float),
        "g": np.array([f"xã {i}" for i in range(300)])[code],
        "dense": code - 7,
        "sparse": code * 10**12 - 5,
        "date": np.datetime64("2024-01-01") + code,
        "year": 2020 + code % 5,
    }


BIG = big_table()
ROADS = [
    (None, None),
    (None, "frequency"),
    (None, "probability"),
    ("g", None),
    ("dense", "precision"),
    ("sparse", None),
    ("date", "frequency"),
    (["year", "g"], None),
    (["dense", "date", "year"], "probability"),
]


@pytest.mark.parametrize(("by", "kind"), ROADS, ids=str)
def test_no_road_changes_a_bit(by, kind):
    rng = np.random.default_rng(7)
    order = rng.permutation(N)
    frame = pl.DataFrame(BIG)
    one = digest(state_of(frame, kind, by=by, threads=1))
    for threads in (2, 3, 4):
        assert digest(state_of(frame, kind, by=by, threads=threads)) == one
    assert digest(state_of(frame[order], kind, by=by, threads=2)) == one
    # Chunks of any size, some of them empty, through bytes on the way.
    state = state_of(frame[:0], kind, by=by, threads=2)
    start = 0
    for stop in [0, 0, *sorted(rng.integers(0, N, 9).tolist()), N]:
        state.update(frame[start:stop])
        start = stop
        if stop % 2:
            state = Moments.from_bytes(state.to_bytes())
    assert digest(state) == one


@settings(max_examples=60)
@given(tables("probability"), st.randoms(use_true_random=False))
def test_any_tree_of_merges_gives_the_same_bytes(table, random):
    table["year"] = [random.choice([2020, 2021, None]) for _ in table["x"]]
    options = {"kind": "probability", "by": ["year", "g"]}
    whole = state_of(table, **options)
    parts = [state_of({name: [] for name in table}, **options)]
    for i in range(len(table["x"])):
        parts.append(
            state_of({name: values[i : i + 1] for name, values in table.items()}, **options)
        )
    while len(parts) > 1:
        random.shuffle(parts)
        if random.random() < 0.5:
            parts[0] = Moments.from_bytes(parts[0].to_bytes())
        other = parts.pop()
        before = other.to_bytes()
        parts[0].merge(other)
        assert other.to_bytes() == before
    assert parts[0].to_bytes() == whole.to_bytes()
    assert parts[0].dropped == whole.dropped
    assert parts[0].finalize().columns == whole.finalize().columns


def test_a_state_may_be_merged_with_itself():
    state = state_of({"x": [0.1, 0.7], "y": [1, 2]})
    state.merge(state)
    assert state.to_bytes() == state_of({"x": [0.1, 0.7] * 2, "y": [1, 2] * 2}).to_bytes()


@pytest.mark.parametrize(
    "keys",
    [
        ["b", "a", "b"],
        ["Bình Gia", "xã ", "Bình Gia"],
        [3, -2, 3],
        [2**60, -(2**60), 2**60],
        [0.5, -1.25, 0.5],
        [math.inf, 1.5, math.inf],
        [datetime.date(2024, 2, 1), datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)],
        [datetime.datetime(2024, 2, 1, 3), datetime.datetime(2024, 2, 1), None],
        [0.25, "a", None],
        [True, False, True],
    ],
    ids=str,
)
def test_keys_come_back_from_bytes(keys):
    state = state_of({"x": [1, 2, 3], "y": [4, 5, 6], "g": keys}, by="g")
    again = Moments.from_bytes(state.to_bytes())
    assert again.to_bytes() == state.to_bytes()
    assert again.finalize().columns == state.finalize().columns
    held = set(again.finalize().columns["g"])
    assert held == {key for key in keys if key is not None}
    assert {type(key) for key in held} == {type(key) for key in keys if key is not None}


def test_a_batch_with_a_missing_key_has_the_same_keys():
    # pandas makes floats of whole numbers where one is missing.
    whole = state_of({"x": [1, 2, 3], "y": [1, 2, 3], "g": [2020, 2021, None]}, by="g")
    parts = state_of({"x": [1], "y": [1], "g": np.array([2020])}, by="g")
    parts.update({"x": [2, 3], "y": [2, 3], "g": np.array([2021, np.nan])})
    assert parts.to_bytes() == whole.to_bytes()
    assert parts.dropped == 1


def test_a_group_whose_rows_lack_something_is_listed():
    table = {"x": [None, 1.5], "y": [1, 2], "g": ["a", "b"]}
    whole = state_of(table, by="g")
    found = whole.finalize().columns
    assert (found["g"], found["n"]) == (["a", "a", "b", "b"], [0, 0, 1, 1])
    assert (found["sum"], found["mean"]) == ([0, 0, 1.5, 2], [None, None, 1.5, 2])
    assert whole.covariance().keys == [("a",), ("b",)]
    parts = state_of({"x": [1.5], "y": [2], "g": ["b"]}, by="g")
    parts.merge(state_of({"x": [None], "y": [1], "g": ["a"]}, by="g"))
    assert parts.to_bytes() == whole.to_bytes()
    assert Moments.from_bytes(whole.to_bytes()).finalize().columns == found


def test_levels_keep_what_they_say():
    table = {"x": [1.5, 2.5, 7.0], "y": [2, 0, 1]}
    means, variances = (state_of(table, level=level) for level in ("means", "variances"))
    assert list(means.finalize().columns) == ["column", "n", "sum", "mean"]
    full = state_of(table).finalize().columns
    assert variances.finalize().columns == full
    for state in (means, variances):
        with pytest.raises(nrd.NrdValueError, match="expected at least"):
            state.covariance()


def test_an_empty_state_has_no_statistics():
    for state in (Moments("x"), Moments.from_bytes(Moments("x").to_bytes())):
        found = state.finalize().columns
        assert (found["n"], found["sum"], found["mean"]) == ([0], [0.0], [None])
        assert (found["variance"], found["sd"]) == ([None], [None])
        assert np.isnan(state.covariance().covariance).all()
    grouped = Moments("x", by="g")
    assert grouped.finalize().columns["mean"] == []
    assert Moments.from_bytes(grouped.to_bytes()).to_bytes() == grouped.to_bytes()


BAD_ROWS = [
    ({"x": [1, math.inf], "y": [1, 1]}, 1, "column 'x' is infinite"),
    ({"x": [1, 1, 1], "y": [1, 1, -math.inf]}, 2, "column 'y' is infinite"),
    ({"x": [1], "y": ["1"]}, 0, "column 'y', row 0: found '1', expected a number"),
    ({"x": [None, 2**53 + 1], "y": [1, 1]}, 1, "expected a whole number up to 2^53"),
]


@pytest.mark.parametrize("by", [None, "g"])
@pytest.mark.parametrize(("bad", "row", "words"), BAD_ROWS, ids=str)
def test_a_refused_batch_changes_nothing(bad, row, words, by):
    state = state_of({"x": [1, 2], "y": [3, 4], "g": ["a", "b"]}, by=by)
    before = state.to_bytes()
    with pytest.raises(nrd.NrdError) as caught:
        state.update({**bad, "g": ["new"] * len(bad["x"])})
    assert words in str(caught.value)
    assert caught.value.row == row
    assert state.to_bytes() == before


def test_a_bad_row_far_down_is_found_with_threads():
    x = np.ones(N)
    state = Moments("x", threads=4)
    state.update({"x": x})
    before = state.to_bytes()
    x[[123_456, 199_999]] = math.inf
    for _ in range(5):
        with pytest.raises(nrd.NrdValueError, match="row 123456: column 'x'") as caught:
            state.update({"x": x})
        assert caught.value.row == 123_456
    assert state.to_bytes() == before


def test_damaged_bytes_are_refused():
    data = state_of({"x": [0.1, 5], "y": [1, 2], "g": ["a", "b"]}, by="g").to_bytes()
    spoilt = [
        data[:i] + bytes([data[i] ^ 1 << i % 8]) + data[i + 1 :] for i in range(len(data))
    ]
    cut = [data[:i] for i in range(len(data))]
    newer = data.replace(b'"version":1', b'"version":2')
    for wrong in (*spoilt, *cut, newer, data + b"\0", data + data, b"{}\n"):
        with pytest.raises(nrd.NrdValueError, match="from_bytes: the bytes are damaged"):
            Moments.from_bytes(wrong)


@pytest.mark.parametrize("wrong", ["text", None, 7, [1, 2]])
def test_a_state_is_read_from_bytes_only(wrong):
    with pytest.raises(nrd.NrdTypeError, match="expected bytes"):
        Moments.from_bytes(wrong)


@pytest.mark.parametrize(
    "other",
    [
        Moments(["y", "x"]),
        Moments("x"),
        Moments(["x", "y"], by="g"),
        Moments(["x", "y"], level="variances"),
        Moments(["x", "y"], decimal=2),
        Moments(["x", "y"], weights="w", weight_kind="frequency"),
    ],
)
def test_states_of_other_kinds_do_not_merge(other):
    state = state_of({"x": [1, 2], "y": [3, 4]})
    before = state.to_bytes()
    with pytest.raises(nrd.NrdValueError, match="merge: found a state of"):
        state.merge(other)
    with pytest.raises(nrd.NrdTypeError, match="expected Moments"):
        state.merge({"x": [1]})
    assert state.to_bytes() == before
