"""Robust covariances: R's values, the same bits on any road, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

import nrd

REFERENCE = Path(__file__).parents[1] / "reference"
KINDS = ("HC0", "HC1", "HC2", "HC3")
CLUSTERS = ("CR0", "CR1", "CR1S", "CR2", "CR3")
WEIGHTS = (None, "frequency", "probability", "precision")
KERNELS = ("bartlett", "parzen", "quadratic spectral", "tukey-hanning", "truncated")


def read(name):
    cases = json.loads((REFERENCE / f"{name}.json").read_text())["cases"]
    return {case["name"]: case for case in cases}


CASES, R = read("sandwich_cases"), read("sandwich_r")


def frame_of(case):
    """Columns of a case, and the arguments of its regression."""
    k, n = case["k"][0], len(case["y"])
    x = np.array(case["x"]).reshape(k, n)
    frame = {"y": case["y"], "cluster": case["cluster"], "time": np.arange(n)}
    frame |= {f"x{j}": x[j] for j in range(k)}
    frame["other"] = (np.arange(n) + 1) % 4
    options = {"x": [f"x{j}" for j in range(k > 1, k)], "intercept": k > 1}
    if case["weight"]:
        frame["weight"] = case["weight"]
        options |= {"weights": "weight", "weight_kind": WEIGHTS[case["weights"][0]]}
    return frame, options


def regress(name, cov, **changes):
    frame, options = frame_of(CASES[name])
    return nrd.regress(frame, "y", cov=cov, **options | changes)


def assert_covariance(found, expected, tolerance=1e-9):
    """R keeps nine digits where years are not centred; the C tests hold all of them."""
    k = found.shape[-1]
    expected = np.reshape(expected, (k, k))
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert (abs(found[0] - expected) <= tolerance * size).all()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", KINDS)
def test_unequal_variances_are_those_of_r(name, kind):
    if kind not in R[name]:
        pytest.skip("a row has the leverage 1")
    found = regress(name, kind)
    assert_covariance(found.covariance, R[name][kind])
    assert found.se[0].tolist() == np.sqrt(np.diag(found.covariance[0])).tolist()
    assert (found.test_df == found.df[0]).all()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", CLUSTERS)
def test_clusters_are_those_of_r(name, kind):
    if kind not in R[name]:
        pytest.skip("clubSandwich has no value")
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
        keep = np.array(frame["weight"]) > 0
        frame = {key: np.array(values)[keep] for key, values in frame.items()}
        frame["other"] = (np.arange(keep.sum()) + 1) % 4
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
def test_effects_are_columns_of_zeros_and_ones(cov):
    rng = np.random.default_rng(2)
    unit = rng.permutation(np.repeat(np.arange(9), 6))
    frame = {"unit": unit, "district": unit // 2, "year": rng.integers(0, 5, 54)}
    frame |= {"x": rng.normal(size=54).round(3), "z": rng.exponential(size=54).round(3)}
    frame["y"] = (frame["x"] + unit + rng.normal(size=54)).round(2)
    dummies = {f"u{i}": (unit == i).astype(float) for i in range(9)}
    found = nrd.regress(frame, "y", ["x", "z"], effects="unit", cov=cov)
    columns = ["x", "z", *dummies]
    whole = nrd.regress(frame | dummies, "y", columns, intercept=False, cov=cov)
    if not isinstance(cov, nrd.covariances.WildCluster):
        np.testing.assert_allclose(found.se[0], whole.se[0, :2], rtol=1e-12)
    for name in ("test_df", "p", "low", "high"):
        expected = getattr(whole, name)[0, :2]
        np.testing.assert_allclose(getattr(found, name)[0], expected, rtol=1e-9)


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


REFUSED = [
    (lambda f: "HC4", "cov is 'HC4', expected 'classical', 'HC0'"),
    (lambda f: None, "cov is None"),
    (lambda f: nrd.hac("time", lags=-1), "lags is -1"),
    (lambda f: nrd.hac("time", lags=1.5), "lags is 1.5"),
    (lambda f: nrd.hac("time", lags=24), "the bandwidth is 25, expected at most the 24"),
    (lambda f: nrd.hac("time", bandwidth=-2.0), "bandwidth is -2.0"),
    (lambda f: nrd.hac("time", bandwidth=float("nan")), "bandwidth is nan"),
    (lambda f: nrd.hac("time", bandwidth="b"), "bandwidth is 'b'"),
    (lambda f: nrd.hac("time", lags=1, bandwidth=2), "lags alone or bandwidth"),
    (lambda f: nrd.hac("time", lags=1, kernel="parzen"), "lags alone or bandwidth"),
    (lambda f: nrd.hac("time", kernel="box"), "kernel is 'box', expected 'bartlett'"),
    (lambda f: nrd.hac("time", kernel="truncated"), "has no rule"),
    (lambda f: nrd.hac("time", df="satterthwaite"), "expected a bandwidth with them"),
    (lambda f: nrd.hac("time", adjust="unbiased"), "expected a bandwidth with them"),
    (lambda f: nrd.hac("time", adjust="no"), "adjust is 'no'"),
    (lambda f: nrd.hac("time", lags=1, df="n"), "df is 'n'"),
    (lambda f: nrd.hac("time", prewhiten=1), "prewhiten is 1"),
    (lambda f: nrd.hac(3), "found 3, expected the name of a column"),
    (lambda f: nrd.hac("day"), "no column 'day'"),
    (
        lambda f: nrd.hac("cluster", lags=1),
        "column 'cluster', row 1: the time is there twice",
    ),
    (lambda f: f.update(time=[None, *range(23)]) or nrd.hac("time"), "row 0 is missing"),
    (lambda f: nrd.cluster("where"), "no column 'where'"),
    (lambda f: nrd.cluster("cluster", kind="CR4"), "kind is 'CR4'"),
    (lambda f: nrd.cluster("cluster", df="z"), "df is 'z'"),
    (lambda f: nrd.cluster(["a", "b", "c"]), "expected one column or two"),
    (lambda f: nrd.cluster(["a", "a"]), "expected one column or two"),
    (lambda f: nrd.cluster(["a", "b"], kind="CR2"), "for two columns"),
    (lambda f: f.update(other=[1] * 24) or nrd.cluster("other"), "in one cluster"),
    (
        lambda f: f.update(other=[*range(23), None]) or nrd.cluster("other"),
        "row 23 is miss",
    ),
    (lambda f: nrd.wild_cluster("other", multipliers="mammen"), "multipliers is 'mammen'"),
    (lambda f: nrd.wild_cluster("other", n_resamples=0), "n_resamples is 0"),
    (lambda f: nrd.wild_cluster("other", impose_null=None), "impose_null is None"),
    (lambda f: nrd.wild_cluster("other", null="0"), "null is '0'"),
    (lambda f: nrd.wild_cluster("other", seed=2**64), "seed is 18446744073709551616"),
    (lambda f: f.update(other=[1] * 24) or nrd.wild_cluster("other"), "in one cluster"),
]


@pytest.mark.parametrize(("make", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_cannot_be_is_one_clear_sentence(make, said):
    frame, options = frame_of(CASES["panel"])
    with pytest.raises(nrd.NrdError) as caught:
        nrd.regress(frame, "y", cov=make(frame), **options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rows_are_named_as_the_caller_counts_them():
    frame, options = frame_of(CASES["alone"])
    turned = {key: list(values)[::-1] for key, values in frame.items()}
    with pytest.raises(nrd.NrdValueError, match="regress, row 9: the leverage") as caught:
        nrd.regress(turned, "y", cov="HC3", **options)
    assert caught.value.row == 9
    assert caught.value.status == "NRD_E_DOMAIN"
    for cov in ("HC3", nrd.hac("time", lags=1), nrd.cluster("other")):
        with pytest.raises(nrd.NrdValueError, match="beside effects"):
            nrd.regress(frame, "y", "x1", effects="cluster", cov=cov)
    with pytest.raises(nrd.NrdValueError, match="units in several of other"):
        nrd.regress(frame, "y", "x1", effects="cluster", cov=nrd.wild_cluster("other"))
    with pytest.raises(nrd.NrdValueError, match=r"beside nrd.poly"):
        nrd.regress(frame, "y", nrd.poly("x1", 2), effects="cluster", cov="HC0")
    frame["clusters"] = frame.pop("other")
    with pytest.raises(nrd.NrdValueError, match="'clusters'"):
        nrd.regress(frame, "y", "x1", by="clusters", cov=nrd.cluster("cluster"))
    with pytest.raises(nrd.NrdValueError, match="frequencies"):
        regress("frequency", nrd.hac("time", lags=1))


STOPPED = """
import numpy as np, nrd
rows = {"x": np.arange(4000.0), "y": np.arange(4000.0) % 7, "g": np.arange(4000) % 500}
cov = nrd.wild_cluster("g", n_resamples=10**6, seed=1)
print("begun", flush=True)
try:
    nrd.regress(rows, "y", "x", cov=cov)
except KeyboardInterrupt:
    small = nrd.wild_cluster("g", n_resamples=9, seed=1)
    print("stopped", nrd.regress(rows, "y", "x", cov=small).p.shape, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_a_bootstrap_can_be_stopped():
    command = [sys.executable, "-c", STOPPED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "stopped (1, 2)\n"
    assert process.returncode == 0
