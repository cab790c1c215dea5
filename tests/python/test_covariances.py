"""Robust covariances: R's values, exact values, and the same bits on any road."""

import json
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from nist import linear
from sandwich_cases import (
    CASES,
    CLUSTERS,
    KERNELS,
    KINDS,
    WEIGHTS,
    R,
    assert_covariance,
    frame_of,
    regress,
)

import nrd


def _known(kinds):
    """Cases and kinds for which R has a value: not all where a row has the leverage 1."""
    return [(name, kind) for name in CASES for kind in kinds if kind in R[name]]


@pytest.mark.parametrize(("name", "kind"), _known(KINDS))
def test_unequal_variances_are_those_of_r(name, kind):
    found = regress(name, kind)
    assert_covariance(found.covariance, R[name][kind])
    assert found.se[0].tolist() == np.sqrt(np.diag(found.covariance[0])).tolist()
    assert (found.test_df == found.df[0]).all()


@pytest.mark.parametrize(("name", "kind"), _known(CLUSTERS))
def test_clusters_are_those_of_r(name, kind):
    found = regress(name, nrd.cluster("cluster", kind=kind, df="satterthwaite"))
    assert_covariance(found.covariance, R[name][kind])
    np.testing.assert_allclose(found.test_df[0], R[name][f"{kind}_df"], rtol=1e-8)
    simple = regress(name, nrd.cluster("cluster", kind=kind, df="residual"))
    assert (simple.covariance == found.covariance).all()
    assert simple.groups["clusters"] == [len(set(CASES[name]["cluster"]))]
    assert (simple.test_df == simple.groups["clusters"][0] - 1).all()


@pytest.mark.parametrize("name", [name for name in CASES if "two_way" in R[name]])
def test_two_ways_are_those_of_r(name):
    frame, options = frame_of(CASES[name])
    if "weight" in frame:  # R sees no rows of weight 0, and counts the others
        frame["other"] = (np.cumsum(np.array(frame["weight"]) > 0) % 4).tolist()
    cov = nrd.cluster(["cluster", "other"])
    found = nrd.regress(frame, "y", cov=cov, **options)
    assert_covariance(found.covariance, R[name]["two_way"])
    assert found.groups["clusters other"] == [4]
    assert (found.test_df == 3).all()
    assert cov.kind == "CR1S"
    assert cov.df == "residual"


@pytest.mark.parametrize("name", [name for name in CASES if R[name].get("hac")])
def test_correlation_in_time_is_that_of_r(name):
    for given, expected in zip(CASES[name]["hac"], R[name]["hac"], strict=True):
        found = regress(
            name,
            nrd.hac(
                "time",
                bandwidth=given["bandwidth"][0],
                kernel=KERNELS[given["kernel"][0]],
                prewhiten=given["prewhiten"] == [1],
                adjust=given["adjust"] == [1],
            ),
        )
        assert_covariance(found.covariance, expected["covariance"], 1e-7)
        assert found.groups["bandwidth"][0] == pytest.approx(expected["found"][0], rel=1e-9)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c["statsmodels"]])
def test_names_of_statsmodels_mean_the_same(name):
    covs = {kind: kind for kind in KINDS}
    covs["HAC"] = nrd.hac("time", lags=2)
    covs["cluster"] = nrd.cluster("cluster", kind="CR1S")
    for key, expected in CASES[name]["statsmodels"].items():
        assert_covariance(regress(name, covs[key]).covariance, expected, 1e-6)


def test_lags_are_a_bandwidth_and_its_degrees_of_freedom_are_known():
    lags = regress("years", nrd.hac("time", lags=2, df="satterthwaite"))
    bandwidth = regress("years", nrd.hac("time", bandwidth=3))
    assert (lags.covariance == bandwidth.covariance).all()
    np.testing.assert_allclose(lags.test_df[0], CASES["years"]["hac"][0]["df"], rtol=1e-12)
    assert bandwidth.test_df.tolist() == [[8.0, 8.0]]
    unbiased = regress("years", nrd.hac("time", lags=2, adjust="unbiased"))
    assert_covariance(unbiased.covariance, CASES["years"]["hac"][0]["unbiased"], 1e-12)


def groups_of(n, seed):
    """Regressions of different lengths, shuffled."""
    rng = np.random.default_rng(seed)
    commune = np.repeat(np.arange(n), rng.integers(8, 13, n))
    place = np.arange(len(commune))
    frame = {
        "commune": np.array([f"C{c:03d}" for c in commune]),
        "year": 2010 + place - np.searchsorted(commune, commune),
        "y": rng.normal(size=len(commune)).round(2),
        "village": rng.integers(0, 4, len(commune)).astype(str),
        "weight": rng.integers(1, 5, len(commune)) / 4,
    }
    order = rng.permutation(len(commune))
    return {key: values[order] for key, values in frame.items()}


COVS = (
    "HC3",
    nrd.hac("year", lags=2, df="satterthwaite"),
    nrd.cluster("village"),
    nrd.cluster(["village", "year"]),
    nrd.wild_cluster("village", multipliers="webb", n_resamples=199, seed=3),
)


@pytest.mark.parametrize("cov", COVS, ids=lambda cov: getattr(cov, "kernel", str(cov))[:12])
def test_groups_threads_and_orders_of_rows_change_no_bit(cov):
    frame = groups_of(30, 11)
    options = {"weights": "weight", "weight_kind": "precision", "by": "commune"}
    whole = nrd.regress(frame, "y", "year", cov=cov, threads=1, **options)
    for threads in (2, 3, 8):
        again = nrd.regress(frame, "y", "year", cov=cov, threads=threads, **options)
        assert again.to_dict()["table"] == whole.to_dict()["table"]
    order = np.argsort(frame["y"])
    moved = {key: values[order] for key, values in frame.items()}
    again = nrd.regress(moved, "y", "year", cov=cov, **options)
    assert again.to_dict() == whole.to_dict()
    if isinstance(cov, nrd.covariances.WildCluster):
        return  # a group has a stream of its own
    for place in (0, 7, 29):
        (name,) = whole.keys[place]
        part = {key: values[frame["commune"] == name] for key, values in frame.items()}
        del options["by"], part["commune"]
        alone = nrd.regress(part, "y", "year", cov=cov, **options)
        options["by"] = "commune"
        assert (alone.covariance[0] == whole.covariance[place]).all()
        assert (alone.test_df[0] == whole.test_df[place]).all()


EFFECTS = [
    "HC0",
    "HC1",
    nrd.cluster("district", kind="CR0"),
    nrd.cluster("district", kind="CR1"),
    nrd.cluster("district"),
    nrd.cluster("district", kind="CR3"),
    nrd.cluster("year", kind="CR1S"),
    nrd.cluster(["district", "year"], kind="CR1"),
    nrd.wild_cluster("district", multipliers="webb", n_resamples=299, seed=4),
]


@pytest.mark.parametrize("cov", EFFECTS, ids=lambda cov: str(cov)[:60])
@pytest.mark.parametrize("kind", WEIGHTS)
def test_effects_are_columns_of_zeros_and_ones(cov, kind):
    rng = np.random.default_rng(2)
    unit = rng.permutation(np.repeat(np.arange(9), 6))
    frame = {"unit": unit, "district": unit // 2, "year": rng.integers(0, 5, 54)}
    frame |= {"x": rng.normal(size=54).round(3), "z": rng.exponential(size=54).round(3)}
    frame["y"] = (frame["x"] + unit + rng.normal(size=54)).round(2)
    dummies = {f"u{i}": (unit == i).astype(float) for i in range(9)}
    frame["w"] = rng.integers(1, 9, 54) / (1 if kind == "frequency" else 4)
    options = {"cov": cov} | ({"weights": "w", "weight_kind": kind} if kind else {})
    found = nrd.regress(frame, "y", ["x", "z"], effects="unit", **options)
    columns = ["x", "z", *dummies]
    whole = nrd.regress(frame | dummies, "y", columns, intercept=False, **options)
    if not isinstance(cov, nrd.covariances.WildCluster):
        np.testing.assert_allclose(found.se[0], whole.se[0, :2], rtol=1e-12)
    for name in ("test_df", "p", "low", "high"):
        expected = getattr(whole, name)[0, :2]
        np.testing.assert_allclose(getattr(found, name)[0], expected, rtol=1e-9)


def test_effects_by_group_are_those_of_each_group():
    frame = groups_of(20, 3)
    frame["region"] = np.where(frame["commune"] < "C010", "north", "south")
    options = {"effects": "commune", "weights": "weight", "weight_kind": "precision"}
    for cov in ("HC1", nrd.cluster("village", kind="CR1S")):
        whole = nrd.regress(frame, "y", "year", by="region", cov=cov, **options)
        for place, (region,) in enumerate(whole.keys):
            part = {key: v[frame["region"] == region] for key, v in frame.items()}
            alone = nrd.regress(part, "y", "year", cov=cov, **options)
            assert alone.covariance[0] == whole.covariance[place]


def test_units_within_clusters_cost_no_degrees_of_freedom():
    """As Stata's xtreg and R's fixest count: one intercept, not one a unit."""
    frame, _ = frame_of(CASES["panel"])
    frame["unit"] = np.arange(24) // 2 + 100 * np.array(frame["cluster"])
    options = {"y": "y", "x": ["x1"], "effects": "unit"}
    plain = nrd.regress(frame, cov=nrd.cluster("cluster", kind="CR1"), **options)
    found = nrd.regress(frame, cov=nrd.cluster("cluster", kind="CR1S"), **options)
    ratio = found.covariance[0, 0, 0] / plain.covariance[0, 0, 0]
    assert ratio == pytest.approx((24 - 1) / (24 - 1 - 1), rel=1e-14)


def test_many_rows_are_as_defined():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 7000))
    group = rng.integers(0, 3, 7000)
    found = nrd.regress({"x": x, "y": y, "g": group}, "y", "x", cov="HC0")
    design = np.column_stack([np.ones_like(x), x])
    bread = np.linalg.inv(design.T @ design)
    residual = y - design @ found.estimate[0]
    meat = (design * residual[:, None]).T @ (design * residual[:, None])
    assert_covariance(found.covariance, bread @ meat @ bread, 1e-12)
    found = nrd.regress({"x": x, "y": y, "g": group}, "y", "x", cov=nrd.cluster("g"))
    assert np.isfinite(found.se).all()


def test_years_lose_no_digit():
    """The slope does not change where years begin."""
    frame, _ = frame_of(CASES["years"])
    covs = (*KINDS, nrd.hac("x1", lags=1), nrd.cluster("cluster"))
    for cov in covs:
        late = nrd.regress(frame, "y", "x1", cov=cov)
        early = nrd.regress({**frame, "x1": frame["x1"] - 2016}, "y", "x1", cov=cov)
        np.testing.assert_allclose(late.se[0, 1], early.se[0, 1], rtol=2e-15)


def fractions_of_hc0(x, y):
    """Diagonal of the covariance, all of it in fractions: X has the rows x."""
    k = len(x[0])
    rows = [[sum(r[i] * r[j] for r in x) for j in range(k)] for i in range(k)]
    rows = [row + [Fraction(i == j) for j in range(k)] for i, row in enumerate(rows)]
    for i in range(k):
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for j in range(k):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i])]
    bread = [row[k:] for row in rows]
    shares = [[sum(b * v for b, v in zip(row, r)) for row in bread] for r in x]
    slopes = [sum(s[j] * v for s, v in zip(shares, y)) for j in range(k)]
    rest = [v - sum(b * c for b, c in zip(slopes, r)) for r, v in zip(x, y)]
    return [float(sum((s[j] * e) ** 2 for s, e in zip(shares, rest))) for j in range(k)]


@pytest.mark.parametrize("offset", [0.0, 2020.0, 1e8])
@pytest.mark.parametrize("leverage", [1.0, 1e6])
def test_variances_are_right_to_a_few_units_in_the_last_place(offset, leverage):
    rng = np.random.default_rng(int(offset) + int(leverage))
    for n in (4, 5, 9, 17):
        x = rng.normal(size=(2, n)) + offset
        x[:, 0] *= leverage
        frame = {"x": x[0], "z": x[1], "y": rng.normal(size=n) * 1e-20}
        found = nrd.regress(frame, "y", ["x", "z"], cov="HC0")
        rows = [[Fraction(1), Fraction(a), Fraction(b)] for a, b in x.T.tolist()]
        expected = fractions_of_hc0(rows, [Fraction(v) for v in frame["y"].tolist()])
        np.testing.assert_allclose(np.diag(found.covariance[0]), expected, rtol=2e-15)


def test_a_polynomial_of_degree_10_keeps_its_digits():
    """Filip's powers cancel to nothing in doubles; here they are two doubles each."""
    held = linear("Filip").columns
    frame = {name: np.array(values, float) for name, values in held.items()}
    found = nrd.regress(frame, "y", nrd.poly("x", 10), cov="HC0")
    x = [[Fraction(v) ** j for j in range(11)] for v in frame["x"].tolist()]
    expected = fractions_of_hc0(x, [Fraction(v) for v in frame["y"].tolist()])
    np.testing.assert_allclose(np.diag(found.covariance[0]), expected, rtol=1e-11)


def test_frames_and_dates():
    frame, options = frame_of(CASES["panel"])
    expected = regress("panel", nrd.hac("time", lags=2)).covariance
    days = pd.date_range("2020-01-01", periods=24)
    held = pd.DataFrame(frame).assign(day=days, who=pd.Categorical(frame["cluster"]))
    mixed = held.sample(frac=1, random_state=3)
    for table in (mixed, pl.from_pandas(mixed)):
        found = nrd.regress(table, "y", cov=nrd.hac("day", lags=2), **options)
        assert (found.covariance == expected).all()
        assert type(found.table) is type(table)
    found = nrd.regress(held, "y", cov=nrd.cluster("who"), **options)
    assert_covariance(found.covariance, R["panel"]["CR2"])


def test_rows_that_are_not_used_need_no_label():
    frame, options = frame_of(CASES["panel"])
    less = {key: [*list(values), None] for key, values in frame.items()}
    found = nrd.regress(less, "y", cov=nrd.cluster("cluster"), **options)
    assert (found.covariance == regress("panel", nrd.cluster("cluster")).covariance).all()
    assert found.provenance.dropped == 1


def test_rows_of_weight_0_are_not_there():
    """Neither as clusters nor as points in time."""
    frame, options = frame_of(CASES["precision"])
    frame["weight"][4] = frame["weight"][14] = 0.0  # row 14 is a cluster of its own
    keep = np.array(frame["weight"]) > 0
    less = {key: np.array(values)[keep] for key, values in frame.items()}
    for cov in ("HC3", nrd.hac("time", lags=2), nrd.cluster("cluster")):
        found = nrd.regress(frame, "y", cov=cov, **options)
        again = nrd.regress(less, "y", cov=cov, **options)
        assert (found.covariance == again.covariance).all()
        assert (found.test_df == again.test_df).all()
    assert found.groups["clusters"] == [5]


def test_groups_without_a_regression_are_empty():
    frame = {"g": ["a"] * 5 + ["b"] * 2 + ["c"], "y": [1.0, 2.5, 3.0, 4.75, 4.0, 1, 2, 3]}
    frame["x"] = [1, 2, 3, 4, 5, 1, 2, 3]
    for cov in ("HC1", nrd.hac("x", lags=1), nrd.cluster("x", kind="CR1")):
        found = nrd.regress(frame, "y", "x", by="g", cov=cov)
        assert np.isfinite(found.se[0]).all()
        assert np.isnan(found.se[1:]).all()
        assert found.table["df"][2:] == [None] * 4
    none = {key: values[:0] for key, values in frame.items()}
    assert nrd.regress(none, "y", "x", by="g", cov="HC3").se.shape[0] == 0


def test_results_say_what_they_rest_on():
    found = regress("panel", nrd.hac("time"))
    made = found.provenance
    assert made.options["cov"]["kernel"] == "bartlett"
    assert "rule of Newey and West" in made.method
    assert "n - k df" in made.method
    assert "lags count rows" in made.assumptions[0]
    assert np.isnan(found.f)
    assert np.isnan(found.f_p)
    assert list(found.table)[:5] == ["term", "estimate", "se", "t", "df"]
    wild = regress("panel", nrd.wild_cluster("cluster", seed=5))
    assert wild.provenance.seed == wild.provenance.options["cov"]["seed"] == 5
    assert wild.groups["enumerated"] == [True]
    assert wild.groups["replicates"] == [64]
    drawn = nrd.wild_cluster("cluster")
    assert 0 <= drawn.seed < 2**64
    assert drawn.seed != nrd.wild_cluster("cluster").seed
    assert json.loads(wild.to_json())["provenance"]["seed"] == 5


def test_few_clusters_have_endless_intervals():
    found = regress("years", nrd.wild_cluster("cluster", seed=1))
    assert found.p[0, 1] == 2 / 2**5
    assert found.low[0, 1] == -np.inf
    assert found.high[0, 1] == np.inf
    assert found.to_dict()["table"][1]["low"] is None
