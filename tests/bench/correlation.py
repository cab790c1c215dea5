"""Correlations beside SciPy, pingouin and dcor, in one run.

usage: python tests/bench/correlation.py [RUNS]

Needs pingouin and dcor. Within a task all take turns, so that a machine whose speed drifts
slows all alike. Printed as Markdown: medians of the runs, of the wall and of the time that
processors spent, and median ratios to the first line of a task. Nothing is asserted.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import dcor
import numpy as np
import pandas as pd
import pingouin
import scipy
from scipy import stats

import nrd

COMMUNES, PROVINCES, LONG = 8_000, 63, 1_000_000
VARIABLES, COLUMNS, REPLICATES = 40, 20, 9_999
PER_CLUSTER = 20
# So many replicates of a loop stand for all of them.
LOOPED = 300
METHODS = ("pearson", "spearman", "kendall")


class Line(NamedTuple):
    """One computation: who makes it, how often it counts, and how."""

    who: str
    times: float
    run: Callable[[], Any]


def table(rows: int, columns: int) -> pd.DataFrame:
    """Columns of which some go together."""
    rng = np.random.default_rng(rows)
    values = rng.normal(size=(rows, columns))
    values[:, 1::2] += 0.3 * values[:, ::2]
    return pd.DataFrame(values, columns=[f"v{i}" for i in range(columns)])


def together() -> Iterator[tuple[str, list[Line]]]:
    """All pairs of 63 provinces under permutation, adjusted by their maximum."""
    data = table(PROVINCES, VARIABLES)
    pairs = list(combinations(range(VARIABLES), 2))
    ranks = stats.rankdata(data.to_numpy(), axis=0)
    ranks = (ranks - ranks.mean(0)) / np.sqrt(PROVINCES * ranks.var(0))
    x, y = data["v0"].to_numpy(), data["v1"].to_numpy()

    def max_t() -> Any:
        return nrd.correlation_matrix(data, method="spearman", adjust="max-t", seed=1)

    def loop() -> np.ndarray:
        rng = np.random.default_rng(1)
        most = np.empty(REPLICATES)
        first, second = np.array(pairs).T
        for b in range(REPLICATES):
            mixed = rng.permuted(ranks, axis=0)
            most[b] = np.abs((mixed.T @ mixed)[first, second]).max()
        return most

    def one_pair() -> Any:
        def rho(x: np.ndarray, axis: int = -1) -> np.ndarray:
            return (stats.rankdata(x, axis=axis) * stats.rankdata(y)).sum(axis)

        return stats.permutation_test(
            (x,), rho, n_resamples=REPLICATES, permutation_type="pairings", vectorized=True
        )

    yield (
        f"Spearman matrix {PROVINCES} x {VARIABLES}, {REPLICATES:,} permutations, max-T",
        [
            Line("nrd.correlation_matrix", 1, max_t),
            Line("NumPy loop over permutations, one-step maximum", 1, loop),
            Line("SciPy permutation_test, one pair, 780 times", len(pairs), one_pair),
        ],
    )


def held() -> Iterator[tuple[str, list[Line]]]:
    """Permutations with covariates, and with weights."""
    data = table(PROVINCES, VARIABLES + 2)
    names = list(data.columns)
    some, z = names[:VARIABLES], names[VARIABLES:]
    pairs = np.array(list(combinations(range(VARIABLES), 2)))

    def max_t() -> Any:
        return nrd.correlation_matrix(data, some, covariates=z, adjust="max-t", seed=1)

    def loop() -> np.ndarray:
        rng = np.random.default_rng(1)
        design = np.column_stack([np.ones(PROVINCES), data[z]])
        basis = np.linalg.qr(design)[0]
        left = data[some].to_numpy()
        left = left - basis @ (basis.T @ left)
        most = np.empty(REPLICATES)
        for b in range(REPLICATES):
            mixed = rng.permuted(left, axis=0)
            mixed -= basis @ (basis.T @ mixed)
            mixed /= np.sqrt((mixed**2).sum(0))
            most[b] = np.abs((mixed.T @ mixed)[pairs[:, 0], pairs[:, 1]]).max()
        return most

    yield (
        f"Partial r matrix {PROVINCES} x {VARIABLES} beside 2 covariates, {REPLICATES:,} "
        "permutations of residuals, max-T",
        [
            Line("nrd.correlation_matrix", 1, max_t),
            Line("NumPy loop over permutations, one-step maximum", 1, loop),
        ],
    )


def held_alone() -> Iterator[tuple[str, list[Line]]]:
    """The same of one pair of many rows."""
    communes = table(COMMUNES, 4)
    w = np.random.default_rng(3).exponential(size=COMMUNES)
    x, y, *others = (communes[name].to_numpy() for name in communes.columns)
    basis = np.linalg.qr(np.column_stack([np.ones(COMMUNES), *others]))[0]

    def partial_loop() -> np.ndarray:
        rng = np.random.default_rng(1)
        first, second = (v - basis @ (basis.T @ v) for v in (x, y))
        out = np.empty(LOOPED)
        for b in range(LOOPED):
            mixed = rng.permutation(first)
            mixed -= basis @ (basis.T @ mixed)
            out[b] = mixed @ second / np.sqrt(mixed @ mixed)
        return out

    def weighted_loop() -> np.ndarray:
        rng = np.random.default_rng(1)
        second = y - np.average(y, weights=w)
        out = np.empty(LOOPED)
        for b in range(LOOPED):
            mixed = rng.permutation(x)
            product = w * (mixed - np.average(mixed, weights=w)) * second
            out[b] = product.sum() / np.sqrt(product @ product)
        return out

    options = {"data": communes, "test": "permutation", "influence": False, "seed": 1}
    z = list(communes.columns[2:])
    for title, own, run in (
        ("Partial r beside 2 covariates", {"covariates": z}, partial_loop),
        ("r with weights", {"weights": w}, weighted_loop),
    ):
        yield (
            f"{title}, {COMMUNES:,} rows, {REPLICATES:,} permutations",
            [
                Line(
                    "nrd.correlate",
                    1,
                    lambda own=own: nrd.correlate("v0", "v1", **options, **own),
                ),
                Line("NumPy loop", REPLICATES / LOOPED, run),
            ],
        )


def long() -> Iterator[tuple[str, list[Line]]]:
    """A million rows."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=LONG)
    y = 0.1 * x + rng.normal(size=LONG)
    quick = {"influence": False, "seed": 1}
    peers = {
        "kendall": [Line("SciPy kendalltau", 1, lambda: stats.kendalltau(x, y))],
        "distance": [
            Line("dcor, mergesort", 1, lambda: _dcor(x, y, "mergesort")),
            Line("dcor, avl", 1, lambda: _dcor(x, y, "avl")),
        ],
        "spearman": [Line("SciPy spearmanr", 1, lambda: stats.spearmanr(x, y))],
        "pearson": [Line("SciPy pearsonr", 1, lambda: stats.pearsonr(x, y))],
        "xi": [Line("SciPy chatterjeexi", 1, lambda: stats.chatterjeexi(x, y))],
    }
    for method, lines in peers.items():
        own = Line("nrd.correlate", 1, lambda m=method: nrd.correlate(x, y, m, **quick))
        yield f"{method}, n = {LONG:,}", [own, *lines]
    w = rng.integers(1, 9, LONG) / 4.0
    yield (
        f"kendall with weights, n = {LONG:,}",
        [
            Line(
                "nrd.correlate",
                1,
                lambda: nrd.correlate(x, y, "kendall", weights=w, **quick),
            )
        ],
    )


def _dcor(x: np.ndarray, y: np.ndarray, method: str) -> float:
    return dcor.distance_correlation(x, y, method=method)


def all_pairs() -> Iterator[tuple[str, list[Line]]]:
    """Three coefficients of all pairs, with p and adjusted p."""
    data = table(COMMUNES, COLUMNS)
    values = data.to_numpy()

    def with_scipy() -> list[np.ndarray]:
        out = []
        for test in (stats.pearsonr, stats.spearmanr, stats.kendalltau):
            p = [test(values[:, i], values[:, j])[1] for i, j in combinations(range(20), 2)]
            out.append(stats.false_discovery_control(p))
        return out

    def with_pingouin() -> list[pd.DataFrame]:
        return [
            pingouin.pairwise_corr(data, method=method, padjust="fdr_bh")
            for method in METHODS
        ]

    yield (
        f"Pearson, Spearman and Kendall of all pairs, {COMMUNES:,} x {COLUMNS}, BH",
        [
            Line(
                "nrd.correlation_matrix",
                1,
                lambda: nrd.correlation_matrix(data, method=METHODS, adjust="fdr_bh"),
            ),
            Line("SciPy, a loop over pairs", 1, with_scipy),
            Line("pingouin.pairwise_corr", 1, with_pingouin),
        ],
    )


def clusters() -> Iterator[tuple[str, list[Line]]]:
    """A bootstrap of clusters of communes."""
    data = table(COMMUNES, 2)
    label = np.repeat(np.arange(COMMUNES // PER_CLUSTER), PER_CLUSTER)
    x, y = data["v0"].to_numpy(), data["v1"].to_numpy()
    rows = np.arange(COMMUNES).reshape(-1, PER_CLUSTER)

    def loop() -> np.ndarray:
        rng = np.random.default_rng(1)
        out = np.empty(LOOPED)
        for b in range(LOOPED):
            drawn = rows[rng.integers(0, len(rows), len(rows))].ravel()
            out[b] = np.corrcoef(x[drawn], y[drawn])[0, 1]
        return out

    for method, run in (
        ("pearson", loop),
        (
            "spearman",
            lambda: [stats.spearmanr(x[d], y[d])[0] for d in _drawn(rows, LOOPED // 10)],
        ),
    ):
        count = LOOPED if method == "pearson" else LOOPED // 10
        yield (
            f"Cluster bootstrap of {method}, {COMMUNES:,} rows, {REPLICATES:,} replicates",
            [
                Line(
                    "nrd.correlate, BCa and design effect",
                    1,
                    lambda m=method: nrd.correlate(
                        x, y, m, cluster=label, seed=1, influence=False
                    ),
                ),
                Line("NumPy loop, percentile", REPLICATES / count, run),
            ],
        )


def _drawn(rows: np.ndarray, count: int) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(1)
    for _ in range(count):
        yield rows[rng.integers(0, len(rows), len(rows))].ravel()


TASKS = (together, held, held_alone, long, all_pairs, clusters)


def measure(lines: list[Line], runs: int) -> list[list[tuple[float, float]]]:
    """Milliseconds of each line, wall and processors, taking turns."""
    times: list[list[tuple[float, float]]] = [[] for _ in lines]
    for _ in range(runs):
        for line, own in zip(lines, times, strict=True):
            begin, spent = time.perf_counter(), time.process_time()
            line.run()
            wall, used = time.perf_counter() - begin, time.process_time() - spent
            own.append((1e3 * line.times * wall, 1e3 * line.times * used))
    return times


def report(title: str, lines: list[Line], times: list) -> None:
    """Print a task as Markdown."""
    print(f"### {title}\n\n| | median, ms | processors, ms | median ratio |")
    print("|---|---:|---:|---:|")
    for line, own in zip(lines, times, strict=True):
        ratio = statistics.median(a[0] / b[0] for a, b in zip(own, times[0], strict=True))
        wall, used = (statistics.median(t[k] for t in own) for k in (0, 1))
        print(f"| {line.who} | {wall:.1f} | {used:.1f} | {ratio:.1f} |")
    print(flush=True)


def machine() -> str:
    """Processor, number of them, and versions."""
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    name = next((ln.split(": ")[1] for ln in text.splitlines() if "model name" in ln), "")
    return (
        f"{name or platform.processor()}, {os.cpu_count()} processors; Python "
        f"{platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}, "
        f"pingouin {pingouin.__version__}, dcor {dcor.__version__}; "
        f"load {os.getloadavg()[0]:.1f}"
    )


def main(runs: int = 3) -> None:
    """Measure all tasks."""
    warnings.simplefilter("ignore")
    print(f"{machine()}; {runs} turns\n")
    for task in TASKS:
        for title, lines in task():
            for line in lines[:1]:
                line.run()  # memory and libraries are there
            report(title, lines, measure(lines, runs))
    print(machine())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
