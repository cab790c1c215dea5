"""Bootstrap, permutation tests and random numbers, beside SciPy and NumPy.

usage: python tests/bench/resampling.py [RUNS [TITLE]]

Within a task all take turns, so that a machine whose speed drifts slows all alike. Printed
as Markdown: medians and bests of the runs, and median ratios to the first line of a task.
SciPy is called as its users call it, with functions of SciPy, and by its fastest road: a
statistic written by hand that takes whole arrays of resamples. With a
part of a title only the tasks that have it are measured. Nothing is asserted.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import scipy
from scipy import stats
from sums import Line, measure, processor, processors, report

import nrd
from nrd._core import ffi, lib, pointer

COMMUNES, PROVINCES = 8_000, 63
REPLICATES = 9_999
OUTCOMES = 1_000
WORDS = 2**23
TIMES = 1_000

Task = tuple[str, list[Line]]


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


def pearsonr(x: np.ndarray, y: np.ndarray, axis: int = -1) -> np.ndarray:
    """SciPy's r, which takes whole arrays, too."""
    return stats.pearsonr(x, y, axis=axis).statistic


def spearmanr(x: np.ndarray, y: np.ndarray) -> float:
    """SciPy's rho of one resample."""
    return stats.spearmanr(x, y).statistic


def kendalltau(x: np.ndarray, y: np.ndarray) -> float:
    """SciPy's tau of one resample."""
    return stats.kendalltau(x, y).statistic


def of_scipy(statistic: Callable, *columns: np.ndarray, many: bool = True) -> Callable:
    """SciPy's bootstrap; batches that lie in the cache are its fastest."""
    options = {"batch": 100} if many else {}
    return lambda: stats.bootstrap(
        columns,
        statistic,
        paired=len(columns) > 1,
        method="BCa",
        n_resamples=REPLICATES,
        vectorized=many,
        **options,
    )


def of_nrd(statistic: str | Callable, *columns: np.ndarray, threads: int = 0) -> Callable:
    """The same in nrd."""
    data = {f"x{i}": column for i, column in enumerate(columns)}
    options = {"seed": 1, "n_resamples": REPLICATES, "threads": threads}
    return lambda: nrd.bootstrap(data, statistic, **options)


def both(statistic: str, *columns: np.ndarray) -> list[Line]:
    """Lines of nrd, by all threads and by one."""
    return [
        Line("nrd.bootstrap", "all", of_nrd(statistic, *columns)),
        Line("nrd.bootstrap", "1", of_nrd(statistic, *columns, threads=1)),
    ]


def bootstraps() -> Iterator[Task]:
    """BCa intervals."""
    x, y = pairs(COMMUNES)
    title = f"n = {COMMUNES:,}, {REPLICATES:,} replicates"
    yield (
        f"BCa interval of r, {title}",
        [
            *both("pearson", x, y),
            Line("SciPy bootstrap, r by hand", "1", of_scipy(r, x, y)),
            Line("SciPy bootstrap, pearsonr", "1", of_scipy(pearsonr, x, y)),
        ],
    )
    for name, statistic, function in (
        ("the median", "quantile", np.median),
        ("the mean", "mean", np.mean),
    ):
        scipys = Line(f"SciPy bootstrap, {function.__name__}", "1", of_scipy(function, x))
        yield f"BCa interval of {name}, {title}", [*both(statistic, x), scipys]
    x, y = pairs(PROVINCES)
    title = f"n = {PROVINCES}, {REPLICATES:,} replicates"
    for name, statistic, function in (
        ("rho", "spearman", spearmanr),
        ("tau", "kendall", kendalltau),
    ):
        lines = both(statistic, x, y)
        said = function.__name__
        lines.append(Line(f"nrd.bootstrap, {said}", "1", of_nrd(function, x, y)))
        alone = of_scipy(function, x, y, many=False)
        lines.append(Line(f"SciPy bootstrap, {said}", "1", alone))
        if statistic == "spearman":
            lines.append(Line("SciPy bootstrap, rho by hand", "1", of_scipy(rho, x, y)))
        yield f"BCa interval of {name}, {title}", lines


def exchanged(statistic: str, *columns: np.ndarray, **options: Any) -> Callable:
    """A permutation test of nrd; the second column may be many."""
    x, y = columns
    rows = {"x": x} | {str(k): own for k, own in enumerate(np.atleast_2d(y))}
    options = {"x": "x", "seed": 1, "n_resamples": REPLICATES} | options
    return lambda: nrd.permutation_test(rows, statistic, **options)


def exchanged_by_scipy(function: Callable, x: np.ndarray, many: bool = True) -> Callable:
    """SciPy's, where only x changes places."""
    options = {"vectorized": many, "batch": 100 if many else None, "rng": 1}
    return lambda: stats.permutation_test(
        (x,), function, permutation_type="pairings", n_resamples=REPLICATES, **options
    )


def permutations() -> Iterator[Task]:
    """P-values."""
    for name, statistic, n in (
        ("r", "pearson", COMMUNES),
        ("rho", "spearman", PROVINCES),
        ("tau", "kendall", PROVINCES),
    ):
        x, y = pairs(n)
        lines = [
            Line("nrd.permutation_test", "all", exchanged(statistic, x, y)),
            Line("nrd.permutation_test", "1", exchanged(statistic, x, y, threads=1)),
            *_of_scipy(statistic, x, y),
        ]
        yield f"permutation test of {name}, n = {n:,}, {REPLICATES:,} replicates", lines
    x, y = pairs(PROVINCES)
    many = np.random.default_rng(1).normal(size=(OUTCOMES, PROVINCES)) + 0.1 * y
    joint = {"adjust": "westfall-young"}
    yield (
        f"r of {OUTCOMES:,} outcomes, n = {PROVINCES}, step-down adjusted, {REPLICATES:,} "
        "replicates",
        [
            Line("nrd.permutation_test", name, exchanged(
                "pearson", x, many, threads=threads, **joint))
            for name, threads in (("all", 0), ("1", 1))
        ],
    )  # fmt: skip


def _of_scipy(statistic: str, x: np.ndarray, y: np.ndarray) -> Iterator[Line]:
    """Lines of SciPy: its own function, and one by hand, of ranks that are found before."""
    said = "SciPy permutation_test, "
    if statistic == "kendall":
        alone = exchanged_by_scipy(lambda own: kendalltau(own, y), x, many=False)
        yield Line(said + "kendalltau", "1", alone)
        return
    own, other = (x, y) if statistic == "pearson" else map(stats.rankdata, (x, y))
    if statistic == "pearson":
        wide = exchanged_by_scipy(
            lambda v, axis=-1: pearsonr(v, np.broadcast_to(y, v.shape), axis), x
        )
        yield Line(said + "pearsonr", "1", wide)
    else:
        alone = exchanged_by_scipy(lambda v: spearmanr(v, y), x, many=False)
        yield Line(said + "spearmanr", "1", alone)
    by_hand = exchanged_by_scipy(lambda v, axis=-1: r(v, other, axis), own)
    yield Line(f"{said}{'r' if statistic == 'pearson' else 'rho'} by hand", "1", by_hand)


def adjustments() -> Iterator[Task]:
    """P-values of as many tests as there are communes."""
    p = np.random.default_rng(1).random(COMMUNES) ** 3
    lines = [Line(f"nrd.adjust_pvalues, {m}", "1", adjusted(p, m)) for m in METHODS]
    scipys = Line(
        "SciPy false_discovery_control", "1", lambda: stats.false_discovery_control(p)
    )
    lines.insert(1, scipys)
    support = np.arange(1, 30) / 29
    discrete = support[np.random.default_rng(1).integers(0, 9, COMMUNES)]
    run = adjusted(discrete, "fdr_adbh_sd", support)
    lines.append(Line("nrd.adjust_pvalues, fdr_adbh_sd, discrete", "1", run))
    yield f"{COMMUNES:,} p-values adjusted", lines


METHODS = ("fdr_bh", "holm", "hommel")


def adjusted(p: np.ndarray, method: str, support: np.ndarray | None = None) -> Callable:
    """Adjusted p-values of nrd."""
    return lambda: nrd.adjust_pvalues(p, method=method, support=support)


def words() -> Iterator[Task]:
    """Philox in bulk, and how often each row is in a resample."""
    out = np.empty(WORDS, np.uint64)
    counts = np.empty(COMMUNES, np.uint8)
    rng = ffi.new("nrd_random *")
    lib.nrd_random_start(rng, 1, 0, 0)
    philox = np.random.Philox(1)
    generator = np.random.Generator(philox)
    yield (
        f"{8 * WORDS / 1e6:.1f} MB of random words, Philox4x64-10",
        [
            Line(
                "nrd_random_words",
                "1",
                lambda: lib.nrd_random_words(rng, WORDS, pointer(out)),
            ),
            Line("NumPy Philox", "1", lambda: philox.random_raw(WORDS)),
        ],
    )
    yield (
        f"how often each of {COMMUNES:,} rows is in a resample, {TIMES:,} resamples",
        [
            Line("nrd_random_counts", "1", lambda: count(rng, counts)),
            Line("NumPy bincount of integers", "1", lambda: drawn(generator)),
        ],
    )


def drawn(generator: np.random.Generator) -> None:
    """Multinomial counts by NumPy."""
    for _ in range(TIMES):
        rows = generator.integers(0, COMMUNES, COMMUNES)
        np.bincount(rows, minlength=COMMUNES)


def count(rng: object, out: np.ndarray) -> None:
    """Multinomial counts of nrd."""
    for _ in range(TIMES):
        lib.nrd_random_counts(rng, len(out), pointer(out))


def main(runs: str = "5", part: str = "") -> None:
    """Measure all tasks and print their tables."""
    versions = [f"{m.__name__} {m.__version__}" for m in (nrd, np, scipy)]
    print(f"{processor()}, {processors()} processors usable, {platform.system()}")
    print(f"Python {platform.python_version()}, {', '.join(versions)}; {runs} runs")
    if hasattr(os, "getloadavg"):
        print(f"Load before the first run: {os.getloadavg()[0]:.1f}")
    for task in (bootstraps, permutations, adjustments, words):
        for title, lines in task():
            if part in title:
                report(title, lines, measure(lines, int(runs)))


if __name__ == "__main__":
    main(*sys.argv[1:])
