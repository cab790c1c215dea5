"""Poisson bootstrap of parts: merged on any road, the bits are those of all rows."""

import math
import zlib

import numpy as np
import polars as pl
import pytest

import nrd

RNG = np.random.default_rng(2385)
N = 200
DATA = {
    "x": np.round(RNG.normal(size=N), 2),
    "y": RNG.exponential(size=N) * 1e6,
    "id": RNG.permutation(10**6)[:N],
}
OPTIONS = {"key": "id", "n_resamples": 99, "seed": 7}


def rows_of(data, rows):
    return {name: values[rows] for name, values in data.items()}


def state_of(data, parts=1, columns=("x", "y"), **options):
    """A state of rows that were put in any order and cut in parts, each merged."""
    rows = np.random.default_rng(parts).permutation(len(data["id"]))
    states = []
    for some in np.array_split(rows, parts):
        states.append(nrd.PoissonBootstrap(list(columns), **OPTIONS | options))
        states[-1].update(rows_of(data, some))
    for other in states[1:]:
        states[0].merge(other)
    return states[0]


@pytest.mark.parametrize("parts", [1, 2, 7, N])
def test_parts_give_the_bits_of_all_rows(parts):
    state = state_of(DATA, parts)
    for statistic in ("pearson", "mean", "slope"):
        found = state.finalize(statistic)
        whole = nrd.bootstrap(
            DATA,
            statistic,
            ["x", "y"],
            cluster="id",
            scheme="poisson",
            method="percentile",
            n_resamples=99,
            seed=7,
        )
        if statistic == "slope":
            assert found.distribution == pytest.approx(whole.distribution, rel=5e-16)
        else:
            assert found.distribution.tobytes() == whole.distribution.tobytes()
            assert found.columns == whole.columns
    assert state.to_bytes() == state_of(DATA).to_bytes()


def test_many_columns_have_means():
    data = {**DATA, "z": DATA["x"] * 3}
    found = state_of(data, 3, ("x", "y", "z")).finalize()
    assert found.columns["column"] == ["x", "y", "z"]
    alone = state_of(data, 1, ("z",)).finalize()
    assert alone.distribution.tolist() == found.distribution[:, 2].tolist()


def test_units_of_several_rows_stay_together():
    data = {**DATA, "id": np.array([f"village {i % 50}" for i in range(N)])}
    whole = nrd.bootstrap(
        data, "mean", ["x"], cluster="id", scheme="poisson", method="basic",
        n_resamples=99, seed=7,
    )  # fmt: skip
    found = state_of(data, 5, ("x",)).finalize(method="basic")
    assert found.distribution.tolist() == whole.distribution.tolist()
    assert (found.low, found.high) == (whole.low, whole.high)


def test_bytes_come_back_and_damage_is_noticed():
    state = state_of(DATA, 2)
    data = state.to_bytes()
    again = nrd.PoissonBootstrap.from_bytes(data)
    assert again.to_bytes() == data
    assert again.finalize("pearson").to_json() == state.finalize("pearson").to_json()
    again.update(rows_of(DATA, slice(3)))
    assert again.used == N + 3
    for bad in (b"", data[:-1], data[:-9] + b"!" + data[-8:], b"{}\n" + data):
        with pytest.raises(nrd.NrdValueError, match="damaged"):
            nrd.PoissonBootstrap.from_bytes(bad)
    head, _, rest = data[:-4].partition(b"\n")
    other = head.replace(b'"version":1', b'"version":2') + b"\n" + rest
    with pytest.raises(nrd.NrdValueError, match="version 1"):
        nrd.PoissonBootstrap.from_bytes(other + zlib.crc32(other).to_bytes(4, "little"))
    with pytest.raises(nrd.NrdTypeError, match="found str"):
        nrd.PoissonBootstrap.from_bytes("text")


def test_missing_values_and_keys_are_left_out():
    frame = pl.DataFrame({"x": [1.0, None, 3.0, 4.0], "id": ["a", "b", None, "d"]})
    state = nrd.PoissonBootstrap("x", **OPTIONS)
    state.update(frame)
    found = state.finalize()
    assert (found.provenance.used, found.provenance.dropped) == (2, 2)
    assert found.estimate == 2.5
    # Where neither row is in a resample there is no mean.
    assert found.columns["replicates"][0] == 99 - np.isnan(found.distribution).sum()
    assert "left out" in found.provenance.assumptions[0]


def test_values_of_all_sizes():
    data = {
        "x": np.array([1e300, 1e-300, 0.0, -1e300, 2.5]),
        "y": np.array([5e-324, 1.0, 2.0, 3.0, 1.7e308]),
        "id": np.arange(5),
    }
    with pytest.raises(nrd.NrdValueError, match=r"differ in size by more than 2\^400"):
        state_of(data)
    one_by_one = state_of(data, 5)
    assert one_by_one.used == 5
    mean = one_by_one.finalize().columns["estimate"]
    assert mean == [float(nrd.mean(data["x"])), float(nrd.mean(data["y"]))]


BAD = {
    "no columns": ({"columns": []}, "no column to read"),
    "no replicates": ({"n_resamples": 0}, "n_resamples is 0"),
    "seed": ({"seed": -1}, "seed is -1"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_options(bad):
    options, words = BAD[bad]
    columns = options.get("columns", "x")
    rest = {name: value for name, value in options.items() if name != "columns"}
    with pytest.raises(nrd.NrdValueError, match=words):
        nrd.PoissonBootstrap(columns, **OPTIONS | rest)


def test_bad_parts_leave_the_state_as_it_was():
    state = state_of(DATA)
    before = state.to_bytes()
    for bad, words in (
        ({"x": [1.0], "y": [math.inf], "id": [1]}, "found inf"),
        ({"x": [1.0], "y": ["a"], "id": [1]}, "expected a number"),
        ({"x": [1.0], "y": [1.0]}, "there is no column 'id'"),
        ({"x": [1.0], "id": [1]}, "there is no column 'y'"),
    ):
        with pytest.raises(nrd.NrdError, match=words):
            state.update(bad)
    for other, words in (
        (state_of(DATA, seed=8), "seed is 8, expected 7"),
        (state_of(DATA, n_resamples=98), "n_resamples is 98"),
        (state_of(DATA, columns=("y", "x")), "columns is"),
    ):
        with pytest.raises(nrd.NrdValueError, match=words):
            state.merge(other)
    with pytest.raises(nrd.NrdTypeError, match="expected another state"):
        state.merge(DATA)
    assert state.to_bytes() == before


def test_bad_statistics():
    state = state_of(DATA, columns=("x",))
    for options, words in (
        ({"statistic": "quantile"}, "statistic is 'quantile'"),
        ({"method": "BCa"}, "method is 'BCa', expected percentile, basic"),
        ({"statistic": "pearson"}, "pearson has 1 columns, expected 2"),
        ({"level": 2}, "level is 2"),
    ):
        with pytest.raises(nrd.NrdValueError, match=words):
            state.finalize(**options)
    with pytest.raises(nrd.NrdValueError, match="undefined"):
        nrd.PoissonBootstrap("x", **OPTIONS).finalize()
