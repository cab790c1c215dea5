"""Permutation tests, bootstrap intervals and clusters of correlations."""

import math
from itertools import permutations

import numpy as np
import pytest

import nrd

METHODS = (
    "pearson",
    "spearman",
    "kendall",
    "distance",
    "distance_unbiased",
    "xi",
    "winsorized",
    "percentage_bend",
)
near = pytest.approx


@pytest.mark.parametrize("method", METHODS)
def test_exact_p_is_that_of_all_arrangements(method):
    rng = np.random.default_rng(7)
    x, y = rng.integers(0, 6, 6) / 2, np.round(rng.normal(size=6), 1)
    found = nrd.correlate(x, y, method, test="exact", seed=1, influence=False)

    def size(values):
        one = nrd.correlate(values, y, method, test="asymptotic", seed=1, influence=False)
        # Bending leaves the middle of all arrangements where it is, at 0 or near it.
        return one.coefficient if method in METHODS[3:6] else abs(one.coefficient)

    if method == "percentage_bend":
        assert 0 < found.pvalue <= 1
        return
    sizes = [size(np.array(order)) for order in permutations(x)]
    extreme = sum(value >= size(x) - 1e-12 for value in sizes)
    assert found.pvalue == near(extreme / math.factorial(6), rel=1e-13)
    most = max(sizes)
    if method in ("pearson", "spearman", "kendall", "winsorized"):
        smallest = sum(value >= most - 1e-12 for value in sizes) / math.factorial(6)
        assert found.columns["smallest_p"][0] == near(smallest, rel=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_drawn_p_counts_the_data(method):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 30))
    found = [
        nrd.correlate(
            x, y + x, method, test="permutation", n_resamples=99, seed=5, threads=t
        )
        for t in (1, 2)
    ]
    p = found[0].pvalue
    assert found[1].pvalue == p
    assert p >= 0.01
    assert round(p * 100) == near(p * 100)
    assert found[0].columns["smallest_p"] == [0.01]
    assert found[0].columns["test"] == ["permutation"]


def test_max_t_of_two_columns_is_the_permutation_test():
    """One pair is its own largest; a matrix adjusts upwards, and steps down."""
    rng = np.random.default_rng(5)
    rows = {name: rng.normal(size=40) for name in "abcde"}
    rows["b"] += rows["a"]
    found = nrd.correlation_matrix(rows, adjust="max-t", n_resamples=999, seed=3)
    p, adjusted = (np.array(found.columns[name]) for name in ("p", "adjusted"))
    assert (adjusted >= p).all()
    assert adjusted[np.argmin(p)] < 0.05
    order = np.argsort(-np.abs(found.columns["coefficient"]))
    assert (np.diff(adjusted[order]) >= 0).all()
    alone = nrd.correlation_matrix(rows, ["a", "b"], adjust="max-t", seed=3)
    assert alone.columns["p"] == alone.columns["adjusted"]


def test_max_t_is_the_step_down_maximum():
    """The same by whole matrices, of other arrangements."""
    rng = np.random.default_rng(16)
    rows = rng.normal(size=(20, 5))
    rows[:, 1] += 0.6 * rows[:, 0]
    rows[:, 3] += 0.4 * rows[:, 2]
    found = nrd.correlation_matrix(rows, adjust="max-t", n_resamples=9999, seed=3)
    first, second = np.triu_indices(5, 1)
    sizes = np.abs(np.corrcoef(rows.T)[first, second])
    order = np.argsort(-sizes)
    reached = np.zeros(10)
    for _ in range(3000):
        mixed = np.abs(np.corrcoef(rng.permuted(rows, axis=0).T)[first, second])[order]
        largest = np.maximum.accumulate(mixed[::-1])[::-1]
        reached += largest >= sizes[order]
    want = np.empty(10)
    want[order] = np.maximum.accumulate(reached / 3000)
    assert found.columns["adjusted"] == near(list(want), abs=0.04)


def test_max_t_keeps_what_outcomes_have_in_common():
    """Copies of one outcome are one test: the adjusted p is the plain one."""
    rng = np.random.default_rng(8)
    y = rng.normal(size=30)
    rows = {"x": y + 2 * rng.normal(size=30), "a": y, "b": 2 * y, "c": y - 1}
    found = nrd.correlation_matrix(
        rows, x=["x"], y=["a", "b", "c"], adjust="max-t", seed=3, method="spearman"
    )
    assert len(set(found.columns["adjusted"])) == 1
    assert found.columns["adjusted"] == found.columns["p"]


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_together_and_alone_give_like_p_values(method):
    rng = np.random.default_rng(11)
    x, y = rng.normal(size=(2, 25))
    rows = {"x": x, "y": np.round(y + x / 2, 1)}
    both = [
        nrd.correlation_matrix(rows, method=method, seed=1, n_resamples=20_000, **how)
        for how in ({"adjust": "max-t"}, {"test": "permutation"})
    ]
    assert both[0].columns["p"][0] == near(both[1].columns["p"][0], abs=0.01)


def test_strata_exchange_within():
    """x and y go together between strata alone: within there is nothing."""
    rng = np.random.default_rng(12)
    group = np.repeat([0, 1, 2], 10)
    x, y = rng.normal(size=(2, 30)) + 5 * group
    assert nrd.correlate(x, y, seed=1).pvalue < 1e-10
    found = nrd.correlate(x, y, strata=group, seed=1)
    assert found.pvalue > 0.05
    assert found.columns["test"] == ["permutation"]
    want = nrd.permutation_test(
        {"x": x, "y": y, "g": group}, "pearson", ["y"], x="x", strata="g", seed=1,
        alternative="absolute", decimal=None,
    )  # fmt: skip
    assert found.pvalue == want.pvalue


def test_repeated_measures_are_exchanged_within_units():
    rng = np.random.default_rng(15)
    unit = np.repeat(np.arange(5), 6)
    x, y = rng.normal(size=(2, 30)) + unit
    found = nrd.correlate(
        x, y + x / 3, unit=unit, relation="within", test="permutation", seed=4
    )
    want = nrd.permutation_test(
        {"x": x, "y": y + x / 3, "g": unit}, "pearson", ["y"], x="x", strata="g", seed=4,
        alternative="absolute", decimal=None,
    )  # fmt: skip
    assert found.pvalue == want.pvalue


def test_bootstrap_intervals_are_those_of_bootstrap():
    rng = np.random.default_rng(13)
    x, y = rng.normal(size=(2, 40))
    for method in ("pearson", "spearman", "kendall"):
        found = nrd.correlate(x, y + x, method, interval="bootstrap", seed=9)
        want = nrd.bootstrap({"x": x, "y": y + x}, method, seed=9)
        assert (found.low, found.high) == (want.low, want.high)
    cluster = np.repeat(np.arange(10), 4)
    found = nrd.correlate(x, y + x, cluster=cluster, seed=9)
    want = nrd.bootstrap({"x": x, "y": y + x, "c": cluster}, "pearson", cluster="c", seed=9)
    assert (found.low, found.high) == (want.low, want.high)
    robust = nrd.correlate(
        x, y + x, "winsorized", interval="bootstrap", seed=9, n_resamples=499
    )
    assert robust.low < robust.coefficient < robust.high
    partial = nrd.correlate(
        x, y + x, covariates={"z": x * y}, interval="bootstrap", seed=9, n_resamples=499
    )
    assert partial.low < partial.coefficient < partial.high


def test_no_order_of_rows_changes_an_interval_of_clusters():
    rng = np.random.default_rng(17)
    x, y = rng.normal(size=(2, 40))
    cluster = np.array(list("dcba"))[np.arange(40) % 4]
    mixed = rng.permutation(40)
    how = {"seed": 9, "n_resamples": 999, "influence": False}
    found = [
        nrd.correlate(x[rows], y[rows], cluster=cluster[rows], **how).columns
        for rows in (np.arange(40), mixed)
    ]
    assert str(found[0]) == str(found[1])
    want = nrd.bootstrap(
        {"x": x, "y": y, "c": cluster}, "pearson", cluster="c", seed=9, n_resamples=999
    )
    assert (found[0]["low"], found[0]["high"]) == ([want.low], [want.high])


def test_clusters_of_copies_are_one_row_each():
    """Each row four times: the design effect is 4, and n what it was before, about."""
    rng = np.random.default_rng(14)
    x, y = rng.normal(size=(2, 60))
    copies = np.repeat(np.arange(60), 4)
    found = nrd.correlate(np.repeat(x, 4), np.repeat(y, 4), cluster=copies, seed=1)
    assert found.columns["design_effect"][0] == near(4, rel=0.1)
    assert found.columns["effective_n"][0] == near(60, rel=0.1)
    alone = nrd.correlate(x, y, seed=1)
    assert found.pvalue == near(alone.pvalue, abs=0.02)
