"""Inequality by year: against definitions, standards, missing rows, bad input."""

import json

import numpy as np
import pytest

import nrd

NAMES = {"time": "year", "value": "rate", "by": "province"}


def rows_of(seed=4):
    rng = np.random.default_rng(seed)
    return {
        "province": np.tile(np.repeat(["P", "Q", "R"], 4), 3),
        "year": np.repeat([2016, 2014, 2015], 12),
        "rate": rng.lognormal(2, 0.6, 36),
        "persons": rng.integers(1, 90, 36),
    }


def theil(x, w):
    share = x * w / (x * w).sum()
    return float(np.sum(share * np.log(share / (w / w.sum()))))


def gini(x, w):
    pairs = np.abs(x[:, None] - x) * w[:, None] * w
    return float(pairs.sum() / (2 * w.sum() * (x * w).sum()))


@pytest.mark.parametrize("weights", [None, "persons"])
def test_against_definitions(weights):
    rows = rows_of()
    table = nrd.inequality_by_year(rows, weights=weights, **NAMES).table
    assert table["year"] == [2014, 2015, 2016]
    assert (table["n"], table["groups"]) == ([12] * 3, [3] * 3)
    w = rows["persons"].astype(float) if weights else np.ones(36)
    for k, year in enumerate(table["year"]):
        sets = [(rows["year"] == year) & (rows["province"] == name) for name in "PQR"]
        all_of = rows["year"] == year
        means = np.array([np.average(rows["rate"][s], weights=w[s]) for s in sets])
        sizes = np.array([w[s].sum() for s in sets])
        for name, measure in (("theil", theil), ("gini", gini)):
            whole = measure(rows["rate"][all_of], w[all_of])
            assert table[name][k] == pytest.approx(whole, rel=1e-12)
            between = measure(means, sizes)
            assert table[f"{name}_between"][k] == pytest.approx(between, rel=1e-10)
        within = table["theil"][k] - table["theil_between"][k]
        assert table["theil_within"][k] == pytest.approx(within, rel=1e-9)
        parts = (table[f"gini_{name}"][k] for name in ("between", "within", "overlap"))
        assert table["gini"][k] == pytest.approx(sum(parts), rel=1e-12)


def test_standards_are_apart_and_missing_rows_left_out():
    rows = rows_of()
    rows["standard"] = ["new"] * 18 + ["old"] * 18
    rows["rate"][0] = np.nan
    found = nrd.inequality_by_year(rows, **NAMES)
    assert found.table["standard"] == ["new", "new", "old", "old"]
    assert found.table["n"] == [6, 11, 6, 12]
    assert (found.provenance.used, found.provenance.dropped) == (35, 1)
    assert len(json.loads(found.to_json())["by_year"]) == 4


def test_a_year_of_zeros_has_no_inequality():
    rows = rows_of() | {"rate": [0.0] * 12 + [1.0] * 24}
    table = nrd.inequality_by_year(rows, **NAMES).table
    assert (table["gini"], table["theil_within"]) == ([0.0, 0.0, None], [0.0, 0.0, None])


def test_words():
    found = nrd.inequality_by_year(rows_of(), **NAMES)
    assert "Inequality by year" in found.summary()
    assert "Bất bình đẳng theo năm" in found.summary(language="vi")


def test_bad_input():
    for name in ("rate", "persons"):
        rows = rows_of() | {name: [1.0] * 20 + [-1.0] * 16}
        with pytest.raises(nrd.NrdValueError, match=f"column '{name}', row 20: found -1.0"):
            nrd.inequality_by_year(rows, weights="persons", **NAMES)
    with pytest.raises(nrd.NrdValueError, match="no row with a year"):
        nrd.inequality_by_year(rows_of() | {"rate": [np.nan] * 36}, **NAMES)
    with pytest.raises(nrd.NrdValueError, match="expected a column of groups"):
        nrd.inequality_by_year(rows_of(), time="year", value="rate", by=[])
