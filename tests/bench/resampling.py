"""Bootstrap, permutation tests and random numbers, beside SciPy and NumPy.

usage: python tests/bench/resampling.py [RUNS]

Within a task all take turns, so that a machine whose speed drifts slows all alike. Printed
as Markdown: medians and bests of the runs, and median ratios to the first line of a task.
SciPy gets statistics that work on whole arrays of resamples, its fastest road. Nothing is
asserted.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy
from scipy import stats

import nrd
from nrd._core import ffi, lib, pointer

COMMUNES, PROVINCES = 8_000, 63
REPLICATES = 9_999
OUTCOMES = 1_000
WORDS = 2**20


class Line(NamedTuple):
    """One computation: who makes it, with how many threads, and how."""

    who: str
    threads: str
    run: Callable[[], Any]


def pairs(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Two columns that go together."""
    rng = np.random.default_rng(n)
    x = rng.normal(size=n)
    return x, 0.3 * x + rng.normal(size=n)


def r(x: np.ndarray, y: np.ndarray, axis: int = -1) -> np.ndarray:
    """Pearson's r of whole arrays of resamples."""
    x = x - x.mean(axis=axis, keepdims=True)
    y = y - y.mean(axis=axis, keepdims=True)
    return (x * y).sum(axis) / np.sqrt((x * x).sum(axis) * (y * y).sum(axis))


def rho(x: np.ndarray, y: np.ndarray, axis: int = -1) -> np.ndarray:
    """Spearman's rho, likewise."""
    return r(stats.rankdata(x, axis=axis), stats.rankdata(y, axis=axis), axis)


def of_scipy(statistic: Callable, *columns: np.ndarray, **options: Any) -> Callable:
    """SciPy's bootstrap; batches that lie in the cache are its fastest."""
    options = {"n_resamples": REPLICATES, "batch": 100, "vectorized": True} | options
    return lambda: stats.bootstrap(
        columns, statistic, paired=len(columns) > 1, method="BCa", **options
    )


def of_nrd(statistic: str, *columns: np.ndarray, **options: Any) -> Callable:
    """The same in nrd."""
    data = {f"x{i}": column for i, column in enumerate(columns)}
    return lambda: nrd.bootstrap(data, statistic, seed=1, n_resamples=REPLICATES, **options)


def bootstraps() -> Iterator[tuple[str, list[Line]]]:
    """BCa intervals."""
    for name, statistic, function, n in (
        ("r", "pearson", r, COMMUNES),
        ("rho", "spearman", rho, PROVINCES),
        ("the median", "quantile", np.median, COMMUNES),
        ("the mean", "mean", np.mean, COMMUNES),
    ):
        columns = pairs(n)[: 2 if n == PROVINCES or statistic == "pearson" else 1]
        lines = [
            Line("nrd.bootstrap", "all", of_nrd(statistic, *columns)),
            Line("nrd.bootstrap", "1", of_nrd(statistic, *columns, threads=1)),
            Line("SciPy bootstrap", "1", of_scipy(function, *columns)),
        ]
        yield f"BCa interval of {name}, n = {n:,}, {REPLICATES:,} replicates", lines


def one_by_one() -> Iterator[tuple[str, list[Line]]]:
    """Functions of SciPy that take one resample at a time."""
    x, y = pairs(PROVINCES)
    some = {"x": x, "y": y}
    for statistic, function in (
        ("spearman", lambda x, y: stats.spearmanr(x, y).statistic),
        ("kendall", lambda x, y: stats.kendalltau(x, y).statistic),
        ("pearson", lambda x, y: stats.pearsonr(x, y).statistic),
    ):
        lines = [
            Line("nrd.bootstrap", "all", of_nrd(statistic, x, y)),
            Line("nrd.bootstrap, the same function", "1", caller(some, function)),
            Line("SciPy bootstrap", "1", of_scipy(function, x, y, vectorized=False)),
        ]
        yield f"BCa interval of {statistic}, n = {PROVINCES}, one call a resample", lines


def caller(data: dict[str, np.ndarray], function: Callable) -> Callable:
    """A function of the caller in nrd."""
    return lambda: nrd.bootstrap(data, function, seed=1, n_resamples=REPLICATES)


def exchanged(statistic: str, *columns: np.ndarray, **options: Any) -> Callable:
    """A permutation test of nrd; the second column may be many."""
    x, y = columns
    rows = {"x": x} | {str(k): own for k, own in enumerate(np.atleast_2d(y))}
    options = {"x": "x", "seed": 1, "n_resamples": REPLICATES} | options
    return lambda: nrd.permutation_test(rows, statistic, **options)


def exchanged_by_scipy(function: Callable, x: np.ndarray, **options: Any) -> Callable:
    """SciPy's, where only x changes places."""
    options = {"permutation_type": "pairings", "vectorized": True, "batch": 100} | options
    return lambda: stats.permutation_test(
        (x,), function, n_resamples=REPLICATES, rng=1, **options
    )


def permutations() -> Iterator[tuple[str, list[Line]]]:
    """P-values; SciPy gets the part of the statistic that changes, centred before."""
    for name, statistic, n in (
        ("r", "pearson", COMMUNES),
        ("rho", "spearman", PROVINCES),
        ("tau", "kendall", PROVINCES),
    ):
        x, y = pairs(n)
        own, other = (x, y) if statistic == "pearson" else map(stats.rankdata, (x, y))
        centred = other - other.mean()

        def product(values: np.ndarray, axis: int = -1, to: np.ndarray = centred) -> Any:
            return values @ to

        def tau(values: np.ndarray, to: np.ndarray = y) -> float:
            return stats.kendalltau(values, to).statistic

        lines = [
            Line("nrd.permutation_test", "all", exchanged(statistic, x, y)),
            Line("nrd.permutation_test", "1", exchanged(statistic, x, y, threads=1)),
            Line(
                "SciPy permutation_test",
                "1",
                exchanged_by_scipy(tau, x, vectorized=False)
                if statistic == "kendall"
                else exchanged_by_scipy(product, own),
            ),
        ]
        yield f"permutation test of {name}, n = {n:,}, {REPLICATES:,} replicates", lines
    x, y = pairs(PROVINCES)
    many = np.random.default_rng(1).normal(size=(OUTCOMES, PROVINCES)) + 0.1 * y
    joint = {"adjust": "westfall-young"}
    yield (
        f"r of {OUTCOMES:,} outcomes, n = {PROVINCES}, step-down adjusted, {REPLICATES:,} "
        "replicates",
        [
            Line("nrd.permutation_test", "all", exchanged("pearson", x, many, **joint)),
            Line("nrd.permutation_test", "1", exchanged(
                "pearson", x, many, threads=1, **joint)),
        ],
    )  # fmt: skip


def adjustments() -> Iterator[tuple[str, list[Line]]]:
    """P-values of as many tests as there are communes."""
    p = np.random.default_rng(1).random(COMMUNES) ** 3
    for method in ("fdr_bh", "holm", "hommel"):
        lines = [Line("nrd.adjust_pvalues", "1", adjusted(p, method))]
        if method == "fdr_bh":
            lines.append(
                Line("SciPy", "1", lambda: stats.false_discovery_control(p, method="bh"))
            )
        yield f"{COMMUNES:,} p-values adjusted by {method}", lines
    support = np.arange(1, 30) / 29
    discrete = support[np.random.default_rng(1).integers(0, 9, COMMUNES)]
    lines = [Line("nrd.adjust_pvalues", "1", adjusted(discrete, "fdr_adbh_sd", support))]
    yield f"{COMMUNES:,} discrete p-values adjusted by fdr_adbh_sd", lines


def adjusted(p: np.ndarray, method: str, support: np.ndarray | None = None) -> Callable:
    """Adjusted p-values of nrd."""
    return lambda: nrd.adjust_pvalues(p, method=method, support=support)


def words() -> Iterator[tuple[str, list[Line]]]:
    """Philox in bulk, and Poisson counts of resamples."""
    out = np.empty(WORDS, np.uint64)
    counts = np.empty(COMMUNES, np.uint8)
    rng = ffi.new("nrd_random *")
    lib.nrd_random_start(rng, 1, 0, 0)
    philox = np.random.Philox(1)
    generator = np.random.Generator(philox)
    yield (
        f"{8 * WORDS / 1e6:.1f} MB of random words, Philox4x64-10",
        [
            Line("nrd_random_words", "1", lambda: fill(rng, out)),
            Line("NumPy Philox", "1", lambda: philox.random_raw(WORDS)),
        ],
    )
    yield (
        f"how often each of {COMMUNES:,} rows is in a resample",
        [
            Line("nrd_random_counts", "1", lambda: count(rng, counts)),
            Line("NumPy bincount of integers", "1", lambda: drawn(generator)),
        ],
    )


def drawn(generator: np.random.Generator) -> np.ndarray:
    """Multinomial counts of one resample by NumPy."""
    rows = generator.integers(0, COMMUNES, COMMUNES)
    return np.bincount(rows, minlength=COMMUNES)


def fill(rng: object, out: np.ndarray) -> None:
    """Random words in bulk."""
    lib.nrd_random_words(rng, len(out), pointer(out))


def count(rng: object, out: np.ndarray) -> None:
    """Multinomial counts of one resample."""
    lib.nrd_random_counts(rng, len(out), pointer(out))


TASKS = (bootstraps, one_by_one, permutations, adjustments, words)


def measure(lines: list[Line], runs: int) -> list[list[float]]:
    """Milliseconds of each line, taking turns."""
    times: list[list[float]] = [[] for _ in lines]
    for line in lines:
        line.run()
    for _ in range(runs):
        for line, own in zip(lines, times, strict=True):
            begin = time.perf_counter()
            line.run()
            own.append(1e3 * (time.perf_counter() - begin))
    return times


def report(title: str, lines: list[Line], times: list[list[float]]) -> None:
    """Print a task as Markdown."""
    print(f"### {title}\n\n| | threads | median, ms | best, ms | median ratio |")
    print("|---|---|---:|---:|---:|")
    for line, own in zip(lines, times, strict=True):
        ratio = statistics.median(a / b for a, b in zip(own, times[0], strict=True))
        print(
            f"| {line.who} | {line.threads} | {statistics.median(own):.3f} "
            f"| {min(own):.3f} | {ratio:.1f} |"
        )
    print(flush=True)


def machine() -> str:
    """Processor, number of them, and versions."""
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    name = next((ln.split(": ")[1] for ln in text.splitlines() if "model name" in ln), "")
    return (
        f"{name or platform.processor()}, {os.cpu_count()} processors; Python "
        f"{platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}; "
        f"load {os.getloadavg()[0]:.1f}"
    )


def main(runs: int = 5) -> None:
    """Measure all tasks."""
    print(f"{machine()}; {runs} turns\n")
    for task in TASKS:
        for title, lines in task():
            report(title, lines, measure(lines, runs))
    print(machine())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
