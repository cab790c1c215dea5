"""Convergence: against definitions, a case by hand, a fallacy, bad input."""

import json

import numpy as np
import pytest
from scipy import stats

import nrd

NAMES = {"unit": "commune", "time": "year", "value": "rate"}
YEARS = [2016, 2018, 2020]


def panel_of(values):
    values = np.asarray(values, float)
    return {
        "commune": np.repeat(np.arange(len(values)), values.shape[1]),
        "year": np.tile(YEARS[: values.shape[1]], len(values)),
        "rate": values.ravel(),
    }


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_against_definitions(scale):
    rng = np.random.default_rng(3)
    values = 20 * np.exp(rng.normal(0, 0.3, (15, 1)) + rng.normal(0, 0.1, (15, 3)))
    found = nrd.convergence(panel_of(values), scale=scale, **NAMES)
    held = np.log(values) if scale == "log" else values
    x, y = held[:, 0], (held[:, -1] - held[:, 0]) / 4
    design = np.column_stack([np.ones(15), x])
    inverse = np.linalg.inv(design.T @ design)
    estimate = inverse @ design.T @ y
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    scaled = (y - design @ estimate) / (1 - leverage)
    hc3 = inverse @ (design.T * scaled**2) @ design @ inverse
    table = {name: column[0] for name, column in found.table.items()}
    assert table["beta"] == pytest.approx(estimate[1])
    assert table["se"] == pytest.approx(hc3[1, 1] ** 0.5)
    assert table["speed"] == pytest.approx(100 * (1 - (1 + 4 * estimate[1]) ** 0.25))
    pitman = stats.pearsonr(held[:, 0] + held[:, -1], held[:, -1] - held[:, 0])
    assert table["sd_p"] == pytest.approx(pitman.pvalue, rel=1e-6)
    spread = np.std(held, axis=0, ddof=1)
    assert table["sd_slope"] == pytest.approx(stats.linregress(YEARS, spread).slope)
    assert [table["sd_first"], table["sd_last"]] == pytest.approx(spread[[0, -1]])
    sigma = found.dispersion_table
    assert sigma["sd"] == pytest.approx(np.std(values, axis=0, ddof=1))
    assert sigma["sd_log"] == pytest.approx(np.std(np.log(values), axis=0, ddof=1))
    assert sigma["cv"] == pytest.approx(stats.variation(values, ddof=1))
    assert sigma["year"] == YEARS


def test_half_of_every_distance_is_closed():
    start = np.array([10.0, 20.0, 30.0, 50.0])
    rows = panel_of(np.column_stack([start, start * 0.75, start * 0.5]))
    table = nrd.convergence(rows, scale="linear", **NAMES).table
    assert table["beta"] == pytest.approx([-0.125])
    assert table["speed"] == pytest.approx([100 * (1 - 0.5**0.25)])
    logs = nrd.convergence(rows, scale="log", **NAMES).table
    assert logs["beta"] == pytest.approx([0], abs=1e-12)


def test_error_alone_looks_like_catching_up_and_dispersion_says_otherwise():
    rng = np.random.default_rng(8)
    values = rng.normal(30, 3, (400, 1)) + rng.normal(0, 3, (400, 3))
    found = nrd.convergence(panel_of(values), scale="linear", **NAMES)
    assert found.table["high"][0] < 0
    assert found.table["sd_p"][0] > 0.05
    assert "regression to the mean" in found.summary()


def test_only_areas_with_all_years_count_and_standards_are_apart():
    values = np.array([[9, 8, 7], [20, 16, 11], [30, 25, 21], [41, 33, 30], [5, 4, 3.0]])
    rows = {name: column[:-1] for name, column in panel_of(values).items()}
    found = nrd.convergence(rows, **NAMES)
    assert (found.table["areas"], found.table["left_out"]) == ([4], [1])
    assert (found.provenance.used, found.provenance.dropped) == (12, 2)
    beyond = rows | {"rate": [*rows["rate"][:-1], 104]}
    assert nrd.convergence(beyond, **NAMES).table["left_out"] == [1]
    twice = {name: np.r_[column, column] for name, column in rows.items()}
    twice["standard"] = ["old"] * 14 + ["new"] * 14
    twice["year"] = np.r_[rows["year"] - 10, rows["year"]]
    both = nrd.convergence(twice, **NAMES)
    assert both.table["beta"] == [found.table["beta"][0]] * 2
    assert both.table["standard"] == ["old", "new"]
    assert len(json.loads(both.to_json())["dispersion"]) == 6


def test_words():
    rows = panel_of([[9, 8], [20, 16], [30, 25], [41, 33]])
    found = nrd.convergence(rows, **NAMES)
    assert "Do poor areas catch up?" in found.summary()
    assert "bắt kịp" in found.summary(language="vi")


def test_bad_input():
    rows = panel_of([[9, 8], [20, 16], [30, 25], [41, 0]])
    with pytest.raises(
        nrd.NrdValueError, match="area 3, 2018: a rate of 0 has no logarithm"
    ):
        nrd.convergence(rows, **NAMES)
    assert (
        nrd.convergence(rows, scale="linear", **NAMES).dispersion_table["sd_log"][1] is None
    )
    with pytest.raises(nrd.NrdValueError, match="scale is 'odds'"):
        nrd.convergence(rows, scale="odds", **NAMES)
    with pytest.raises(nrd.NrdValueError, match="no standard has 2 years and 4 areas"):
        nrd.convergence(panel_of([[9, 8], [20, 16], [30, 25]]), **NAMES)
