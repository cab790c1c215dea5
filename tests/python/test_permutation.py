"""Permutation tests: all arrangements, coin, ties, units, many outcomes."""

import importlib
import json
import math
import os
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from support import KINDS, columns_of

import nrd

REFERENCE = Path(__file__).parents[1] / "reference"
STATISTICS = [
    None, "mean", "mean_difference", "quantile", "pearson", "spearman", "kendall", "slope",
]  # fmt: skip
ALTERNATIVES = ["two-sided", "greater", "less", "absolute"]
ROWS = {
    "capital": [1.5, 0.4, 3.1, 2.2, None, 0.9, 2.7, 1.1, 4.0],
    "met": [12, 9, 17, 14, 11, 10, 15, 13, 18],
    "district": list("AABBABABB"),
    "region": list("NSNSNSNSN"),
}
X = np.sin(np.arange(40) * 1.7) * 2.385
Y = np.cos(np.arange(40) * 0.9) + 0.2 * X


def reference(name):
    return json.loads((REFERENCE / f"permutation_{name}.json").read_text())


def labels_of(before, n):
    """Which part each row is in."""
    if not before:
        return None
    return [k for k, (a, b) in enumerate(pairwise(before)) for _ in range(b - a)][:n]


def arguments(case):
    """A case of the reference as arguments; units within strata become rows."""
    statistic, n = STATISTICS[case["statistic"][0]], case["n"][0]
    rows = {f"y{j}": y for j, y in enumerate(case["columns"])}
    options = {
        "strata": labels_of(case["stratum_units"], n),
        "cluster": labels_of(case["unit_rows"], n),
    }
    if statistic in ("mean_difference", "quantile"):
        options |= {"group": case["sample"], "p": case["p"][0]}
    elif statistic != "mean":
        rows["x"], options["x"] = case["x"], "x"
    return (rows, statistic), {k: v for k, v in options.items() if v is not None}


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_all_arrangements_match_the_enumeration(alternative):
    for case in reference("all")["cases"]:
        (rows, statistic), options = arguments(case)
        joint = case.get(f"joint {alternative}")
        result = nrd.permutation_test(
            rows, statistic, alternative=alternative, n_resamples=math.inf, decimal=None,
            adjust="westfall-young" if joint else None, **options,
        )  # fmt: skip
        assert result.exact
        assert result.arrangements == case["arrangements"][0]
        assert result.columns["p"] == pytest.approx(case[alternative], rel=1e-15)
        assert result.columns["estimate"] == pytest.approx(
            case["observed"], rel=1e-15, abs=1e-15
        )
        if joint:
            assert result.columns["adjusted"] == pytest.approx(joint, rel=1e-15)


def test_two_samples_match_coin():
    names = {"absolute": 0, "greater": 1, "less": 2}
    for case in reference("coin")["cases"]:
        for alternative, place in names.items():
            found = nrd.permutation_test(
                {"y": case["y"]}, group=case["sample"], alternative=alternative
            )
            # coin's statistic is the sum of the first sample, too.
            assert found.exact
            assert found.pvalue == pytest.approx(case["p"][place], rel=1e-12)


def test_adjusted_p_values_match_coin():
    case = reference("coin")
    rows = {str(j): y for j, y in enumerate(case["columns"])}
    found = nrd.permutation_test(
        rows, group=case["sample"], alternative="absolute", adjust="westfall-young",
        n_resamples=99_999, seed=1,
    )  # fmt: skip
    for p, expected in zip(found.columns["adjusted"], case["adjusted"]):
        # Both are drawn: six standard errors of their difference.
        assert abs(p - expected) < 6 * math.sqrt(2 * p * (1 - p) / 1e5) + 2e-5


def test_true_hypotheses_are_rejected_as_often_as_the_level_says(monkeypatch):
    monkeypatch.syspath_prepend(str(REFERENCE))
    size = importlib.import_module("make_permutation_size")
    for case in reference("size")["cases"]:
        for level, count in zip(size.LEVELS, case["rejections"]):
            assert count <= size.ROUNDS * level + 4 * math.sqrt(size.ROUNDS * level)
        design = getattr(size, case["design"])
        p = [size.p_of(design, k, case["alternative"]) for k in range(size.FIRST)]
        assert p == case["first"]


@pytest.mark.skipif(
    os.environ.get("NRD_SIMULATE") != "1", reason="a minute; NRD_SIMULATE=1 runs it"
)
def test_simulations_are_the_same_again(monkeypatch):
    monkeypatch.syspath_prepend(str(REFERENCE))
    size = importlib.import_module("make_permutation_size")
    for case in reference("size")["cases"]:
        assert size.case_of(getattr(size, case["design"]), case["alternative"]) == case


def test_printed_decimals_tie():
    # 0.1 + 0.2 and 0.3 + 0.0 are the same sum, but not as doubles.
    a, b = [0.3, 0.0], [0.1, 0.2, 0.9]
    sums = [u + v for k, u in enumerate(a + b) for v in (a + b)[k + 1 :]]
    as_decimals = sum(round(s, 9) <= 0.3 for s in sums) / len(sums)
    found = nrd.permutation_test((a, b), alternative="less")
    assert found.pvalue == as_decimals
    assert found.estimate == pytest.approx(0.15 - 0.4, rel=1e-15)
    exact = nrd.permutation_test((a, b), alternative="less", decimal=None)
    assert exact.pvalue < found.pvalue


@pytest.mark.parametrize("seed", range(6))
def test_ties_of_awkward_doubles_are_exact(seed):
    rng = np.random.default_rng(seed)
    scale = float(rng.choice([1.0, 1e-300, 1e250]))
    x = rng.choice([0.1, 0.7, 1 / 3], 11) * scale
    y = rng.choice([0.2, math.pi, -1 / 7, 1e-17], 11)
    options = {"seed": seed, "n_resamples": 400, "decimal": None}
    found = {
        side: nrd.permutation_test((x, y), "slope", alternative=side, **options)
        for side in ("greater", "less")
    }
    rows = []
    nrd.permutation_test(
        (np.arange(11.0), y), lambda k, _: rows.append(k.astype(int)) or 0.0,
        permutation_type="pairings", **options,
    )  # fmt: skip
    u, v = (list(map(Fraction, values)) for values in (x, y))
    sums = [sum(u[i] * b for i, b in zip(row, v)) for row in rows]
    # The first arrangement is that of the data.
    assert found["greater"].columns["extreme"] == [sum(s >= sums[0] for s in sums[1:])]
    assert found["less"].columns["extreme"] == [sum(s <= sums[0] for s in sums[1:])]
    assert len(set(sums)) < len(sums)


def test_every_statistic_scales_back_from_decimals():
    rows = {"x": [0.15, 0.2, 0.45, 0.3, 0.85], "y": [10, 12, 11, 14.5, 19]}
    for statistic in ("pearson", "spearman", "kendall", "slope"):
        one = nrd.permutation_test(rows, statistic)
        other = nrd.permutation_test(rows, statistic, decimal=None)
        assert one.estimate == pytest.approx(other.estimate, rel=1e-14)
        spread = abs(one.distribution).max()
        assert one.distribution == pytest.approx(other.distribution, abs=1e-14 * spread)
    paired = nrd.permutation_test(rows, "mean_difference", permutation_type="samples")
    expected = np.mean(np.subtract(rows["x"], rows["y"]))
    assert paired.estimate == pytest.approx(expected, rel=1e-15)
    assert (paired.arrangements, paired.columns["column"]) == (32, ["x - y"])


@pytest.mark.parametrize("statistic", ["pearson", "spearman", "kendall", "slope"])
def test_seed_decides_and_threads_do_not(statistic):
    one = nrd.permutation_test((X, Y), statistic, seed=5, threads=1)
    assert one.provenance.seed == 5
    for threads in (2, 8):
        other = nrd.permutation_test((X, Y), statistic, seed=5, threads=threads)
        assert other.columns == one.columns
        assert np.array_equal(other.distribution, one.distribution)
    assert not one.exact
    other = nrd.permutation_test((X, Y), statistic, seed=6)
    assert not np.array_equal(other.distribution, one.distribution)
    drawn = nrd.permutation_test((X, Y), statistic, n_resamples=99)
    again = nrd.permutation_test(
        (X, Y), statistic, n_resamples=99, seed=drawn.provenance.seed
    )
    assert again.columns == drawn.columns


def test_the_distribution_is_what_was_counted():
    found = nrd.permutation_test((X, Y), "pearson", seed=5, alternative="greater")
    extreme = np.count_nonzero(found.distribution >= found.estimate)
    assert found.columns["extreme"] == [extreme]
    assert found.pvalue == (extreme + 1) / 10_000
    assert abs(found.distribution.mean()) < 0.01
    assert found.distribution.std() == pytest.approx(1 / math.sqrt(39), rel=0.05)


def mean_difference(a, b):
    return np.mean(a) - np.mean(b)


@pytest.mark.parametrize(
    ("statistic", "kind", "function"),
    [
        ("mean_difference", "independent", mean_difference),
        ("mean_difference", "samples", mean_difference),
        ("slope", "pairings", lambda x, y: np.cov(x, y)[0, 1] / np.var(x, ddof=1)),
    ],
)
@pytest.mark.parametrize("n", [7, 30])
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_a_function_gets_the_same_arrangements(statistic, kind, function, n, alternative):
    options = {
        "seed": 4, "n_resamples": 300, "permutation_type": kind, "alternative": alternative
    }  # fmt: skip
    in_c = nrd.permutation_test((X[:n], Y[:n]), statistic, **options)
    found = nrd.permutation_test((X[:n], Y[:n]), function, **options)
    assert (found.exact, found.arrangements) == (in_c.exact, in_c.arrangements)
    assert found.pvalue == in_c.pvalue
    assert found.columns["extreme"] == in_c.columns["extreme"]
    assert found.distribution == pytest.approx(in_c.distribution, abs=1e-13)


def test_strata_and_clusters_stay_together():
    seen = []

    def keep(x, y):
        seen.append(x.copy())
        return float(x @ y)

    strata = np.repeat([0, 1, 2], [7, 1, 4])
    x, y = np.arange(12.0), np.cos(np.arange(12))
    rows = {"x": x, "y": y, "s": strata, "c": np.arange(12) // 2}
    nrd.permutation_test(
        rows, keep, strata="s", cluster=None, columns=["x", "y"], seed=1, n_resamples=50,
        permutation_type="pairings",
    )  # fmt: skip
    for found in seen:
        assert all(set(found[strata == s]) == set(x[strata == s]) for s in range(3))
    seen.clear()
    nrd.permutation_test(
        rows, keep, cluster="c", columns=["x", "y"], seed=1, n_resamples=50,
        permutation_type="pairings",
    )  # fmt: skip
    assert len({tuple(found) for found in seen}) > 40
    for found in seen:
        assert set(zip(found[::2], found[1::2])) == set(zip(x[::2], x[1::2]))


def test_a_stratum_of_one_stays_as_it_is():
    rows = {"x": [1.0, 2.0, 4.0, 9.0], "y": [3.0, 1.0, 2.0, 8.0], "s": [0, 0, 0, 1]}
    assert nrd.permutation_test(rows, "pearson", ["x", "y"], strata="s").arrangements == 6


def test_stopping_says_where():
    options = {"seed": 9, "alternative": "greater"}
    whole = nrd.permutation_test((X, Y), "pearson", n_resamples=4000, **options)
    found = nrd.permutation_test((X, -Y), "pearson", stop_after=12, **options)
    assert found.columns["extreme"] == [12]
    used = found.columns["resamples"][0]
    assert used < 40
    assert found.pvalue == 12 / used
    assert len(found.distribution) == used
    assert "until 12 are as extreme" in found.provenance.method
    assert found.provenance.options["stop_after"] == 12
    never = nrd.permutation_test(
        (X, Y), "pearson", n_resamples=4000, stop_after=4001, **options
    )
    assert never.pvalue == whole.pvalue
    for statistic in ("pearson", lambda x, y: np.corrcoef(x, y)[0, 1]):
        few = nrd.permutation_test(
            (X[:5], Y[:5]), statistic, stop_after=2, permutation_type="pairings"
        )
        assert few.columns["resamples"] == [120]
        assert "until" not in few.provenance.method
    by_function = nrd.permutation_test(
        (X, -Y), lambda x, y: np.corrcoef(x, y)[0, 1], permutation_type="pairings",
        stop_after=12, **options,
    )  # fmt: skip
    assert by_function.columns["resamples"] == [used]


def test_many_outcomes_are_arranged_together():
    rng = np.random.default_rng(3)
    rows = {"x": np.arange(30.0)} | {f"y{j}": rng.normal(size=30) for j in range(200)}
    rows["y7"] = rows["y7"] + 0.15 * rows["x"]
    options = {"x": "x", "seed": 2, "n_resamples": 999}
    found = nrd.permutation_test(rows, "pearson", adjust="westfall-young", **options)
    assert len(found.columns["p"]) == 200
    p, adjusted = found.columns["p"], found.columns["adjusted"]
    assert all(a >= b for a, b in zip(adjusted, p))
    assert [j for j in range(200) if adjusted[j] < 0.05] == [7]
    alone = nrd.permutation_test(rows, "pearson", "y7", **options)
    assert alone.pvalue == p[7]
    assert alone.estimate == found.columns["estimate"][7]


def test_an_outcome_that_no_arrangement_changes_takes_nothing_from_others():
    strata = np.repeat([0, 1, 2], 10)
    x = np.arange(30.0)
    y = {"y": np.cos(x) + 0.3 * (x % 10), "flat": np.array([0.1, 0.7, 1 / 3])[strata]}
    rows = {"x": x % 10, "s": strata, **y}
    options = {"x": "x", "strata": "s", "adjust": "westfall-young", "seed": 1}
    found = nrd.permutation_test(rows, "pearson", ["y", "flat"], decimal=None, **options)
    alone = nrd.permutation_test(rows, "pearson", "y", decimal=None, **options)
    assert found.columns["adjusted"] == [alone.pvalue, 1.0]
    assert alone.pvalue < 0.01


def test_missing_rows_are_left_out_and_counted():
    found = nrd.permutation_test(ROWS, "spearman", "met", x="capital", seed=1)
    assert (found.provenance.used, found.provenance.dropped) == (8, 1)
    kept = {k: [v for i, v in enumerate(values) if i != 4] for k, values in ROWS.items()}
    again = nrd.permutation_test(kept, "spearman", "met", x="capital", seed=1)
    assert again.columns == found.columns


@pytest.mark.parametrize("kind", KINDS)
def test_tables_come_back_in_the_kind_given(kind):
    make, expected = KINDS[kind]
    found = nrd.permutation_test(make(ROWS), "kendall", ["met"], x="capital", seed=1)
    assert type(found.table).__name__ == expected.split()[1]
    assert columns_of(found.table)["p"] == found.columns["p"]


def test_a_result_is_readable():
    found = nrd.permutation_test(ROWS, "quantile", "met", group="district", seed=1)
    assert float(found) == found.pvalue
    assert "all 126 arrangements" in found.summary()
    assert "Kiểm định hoán vị" in found.summary(language="vi")
    assert "<table>" in found._repr_html_()
    held = json.loads(found.to_json())
    assert held["columns"][0]["p"] == found.pvalue
    assert held["provenance"]["options"]["samples"] == ["A", "B"]
    assert held["provenance"]["seed"] == 1


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_a_picture_shows_the_data_and_what_is_as_extreme(alternative):
    pytest.importorskip("matplotlib").use("Agg")
    found = nrd.permutation_test((X, Y), "pearson", seed=1, alternative=alternative)
    ax = found.plot(source="Household survey", language="vi")
    assert ax.get_xlabel() == "2"
    assert [line.get_xdata()[0] for line in ax.get_lines()] == [found.estimate] * 2
    many = nrd.permutation_test(
        ROWS | {"z": ROWS["met"][::-1]}, "slope", ["met", "z"], x="capital"
    )
    with pytest.raises(nrd.NrdTypeError, match="there are 2 outcomes"):
        many.plot()


@pytest.mark.parametrize("statistic", ["pearson", lambda x, y: float(x @ y)])
def test_progress_ends_at_all(statistic):
    seen = []
    nrd.permutation_test(
        (X, Y), statistic, n_resamples=250, permutation_type="pairings",
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert seen[-1] == (250, 250)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
