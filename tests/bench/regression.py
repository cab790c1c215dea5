"""Regressions, beside those of NumPy and statsmodels.

usage: python tests/bench/regression.py [RUNS [TITLE]]

Within a task all take turns, so that a machine whose speed drifts slows all alike. Printed
as Markdown: medians and bests of the runs, and median ratios to the first line of a task.
With a part of a title only the tasks that have it. A library that is not installed is left
out; nothing is asserted.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from sums import Line, installed, measure, processor, processors, report

import nrd

ROWS, COLUMNS, CHUNKS = 10**7, 8, 10
GROUPS, POINTS = 10_000, 10
WIDE = (5_000, 40)
WILD, CLUSTERS = 8_000, 63
HIGH, DEGREE = 100_000, 5

statsmodels = installed("statsmodels")
api = installed("statsmodels.api")


def merged(y: np.ndarray, x: np.ndarray, threads: int) -> nrd.LinearFit:
    """Read chunks into two states, as two workers would, and merge them."""
    names = [f"x{i}" for i in range(len(x))]
    states = [nrd.Regression("y", names, threads=threads) for _ in range(2)]
    for i, start in enumerate(range(0, len(y), ROWS // CHUNKS)):
        rows = slice(start, start + ROWS // CHUNKS)
        chunk = {"y": y[rows]} | {n: v[rows] for n, v in zip(names, x, strict=True)}
        states[i % 2].update(chunk)
    states[0].merge(states[1])
    return states[0].finalize()


def large(random: np.random.Generator) -> Iterator[Line]:
    """Many rows: chunks merged, beside one call with all rows in memory."""
    x = random.normal(size=(COLUMNS, ROWS))
    y = x.sum(axis=0) + random.normal(size=ROWS)
    design = np.column_stack([np.ones(ROWS), *x])
    yield Line("nrd, merged from chunks", "all", lambda: merged(y, x, 0))
    yield Line("nrd, merged from chunks", "1", lambda: merged(y, x, 1))
    yield Line("NumPy lstsq", "BLAS: all", lambda: np.linalg.lstsq(design, y, rcond=None))


def small(random: np.random.Generator) -> Iterator[Line]:
    """A regression for each of many groups: coefficients and their standard errors."""
    keys = np.repeat(np.arange(GROUPS), POINTS)
    x = random.normal(size=GROUPS * POINTS)
    y = x + random.normal(size=GROUPS * POINTS)
    columns = {"g": keys, "x": x, "y": y}
    one = {"g": keys, "x": np.tile(np.arange(2015.0, 2025.0), GROUPS), "y": y.round(1)}
    yield Line("nrd.regress", "all", lambda: nrd.regress(columns, "y", "x", by="g").se)
    yield Line(
        "nrd.regress", "1", lambda: nrd.regress(columns, "y", "x", by="g", threads=1).se
    )
    yield Line(
        "nrd.regress of decimals by year",
        "all",
        lambda: nrd.regress(one, "y", "x", by="g", decimal="auto").se,
    )
    yield Line("NumPy lstsq, a loop", "BLAS: all", lambda: loop(x, y, numpy_fit))
    if api:
        yield Line("statsmodels OLS, a loop", "BLAS: all", lambda: loop(x, y, fit))


def loop(x: np.ndarray, y: np.ndarray, one: Any) -> list:
    """Fit each group by itself."""
    ones = np.ones(POINTS)
    groups = zip(x.reshape(-1, POINTS), y.reshape(-1, POINTS), strict=True)
    return [one(np.column_stack([ones, own]), heights) for own, heights in groups]


def numpy_fit(design: np.ndarray, y: np.ndarray) -> Any:
    """Coefficients only."""
    return np.linalg.lstsq(design, y, rcond=None)[0]


def fit(design: np.ndarray, y: np.ndarray) -> Any:
    """Coefficients and standard errors."""
    return api.OLS(y, design).fit().bse


def robust(random: np.random.Generator) -> Iterator[Line]:
    """The same with robust covariances: serial correlation, unequal variances, clusters."""
    year = np.tile(np.arange(2015.0, 2025.0), GROUPS)
    y = (20 - 1.5 * (year - 2015) + random.normal(size=len(year))).round(1)
    half = np.tile(np.arange(POINTS) // 2, GROUPS)
    table = {"g": np.repeat(np.arange(GROUPS), POINTS), "year": year, "y": y, "half": half}
    small = {"adjust": "unbiased", "df": "satterthwaite"}
    covs = {
        "nrd.hac, 2 lags": nrd.hac("year", lags=2),
        "nrd.hac, 2 lags, both corrections": nrd.hac("year", lags=2, **small),
        "nrd HC3": "HC3",
        "nrd.cluster, CR2": nrd.cluster("half"),
    }

    def one(cov: Any, threads: int = 0) -> np.ndarray:
        return nrd.regress(table, "y", "year", by="g", cov=cov, threads=threads).se

    for name, cov in covs.items():
        yield Line(name, "all", lambda cov=cov: one(cov))
    yield Line("nrd.hac, 2 lags", "1", lambda: one(covs["nrd.hac, 2 lags"], 1))
    if api:
        said = "statsmodels HAC, 2 lags, a loop"
        yield Line(said, "BLAS: all", lambda: loop(year, y, fit_hac))
        yield Line("statsmodels HC3, a loop", "BLAS: all", lambda: loop(year, y, fit_hc3))


def fit_hac(design: np.ndarray, y: np.ndarray) -> Any:
    """Coefficients and standard errors of Newey and West."""
    return api.OLS(y, design).fit(cov_type="HAC", cov_kwds={"maxlags": 2}).bse


def fit_hc3(design: np.ndarray, y: np.ndarray) -> Any:
    """Coefficients and standard errors of MacKinnon and White."""
    return api.OLS(y, design).fit(cov_type="HC3").bse


def bootstrap(random: np.random.Generator) -> Iterator[Line]:
    """A wild bootstrap with its intervals, which invert the test."""
    cluster = np.arange(WILD) % CLUSTERS
    x = random.normal(size=(3, WILD))
    y = x.sum(axis=0) + random.normal(size=CLUSTERS)[cluster] + random.normal(size=WILD)
    table = {"y": y, "cluster": cluster} | {f"x{i}": v for i, v in enumerate(x)}
    cov = nrd.wild_cluster("cluster", seed=1)
    names = [f"x{i}" for i in range(3)]
    for threads, name in ((0, "all"), (1, "1")):
        yield Line(
            "nrd.wild_cluster, 9,999 resamples",
            name,
            lambda threads=threads: nrd.regress(
                table, "y", names, cov=cov, threads=threads
            ),
        )


def wide(random: np.random.Generator) -> Iterator[Line]:
    """Many columns: the equations take longer than the sums."""
    rows, columns = WIDE
    x = random.normal(size=(columns, rows))
    y = x.sum(axis=0) + random.normal(size=rows)
    table = {f"x{i}": values for i, values in enumerate(x)}
    names, table["y"] = list(table), y
    design = np.column_stack([np.ones(rows), *x])
    yield Line("nrd.regress", "all", lambda: nrd.regress(table, "y", names))
    yield Line("NumPy lstsq", "BLAS: all", lambda: np.linalg.lstsq(design, y, rcond=None))
    if api:
        yield Line("statsmodels OLS", "BLAS: all", lambda: api.OLS(y, design).fit().bse)


def polynomial(random: np.random.Generator) -> Iterator[Line]:
    """Powers of a column, exact in nrd and rounded in the others."""
    x = random.uniform(-1, 1, size=HIGH).round(3)
    y = (x**3 + random.normal(size=HIGH)).round(3)
    table, terms = {"x": x, "y": y}, nrd.poly("x", DEGREE)
    design = np.vander(x, DEGREE + 1, increasing=True)
    yield Line(
        "nrd.regress, decimals", "all", lambda: nrd.regress(table, "y", terms, decimal=3)
    )
    yield Line("nrd.regress, doubles", "all", lambda: nrd.regress(table, "y", terms))
    yield Line("NumPy lstsq", "BLAS: all", lambda: np.linalg.lstsq(design, y, rcond=None))


TASKS = {
    f"{ROWS:,} rows x {COLUMNS} columns": large,
    f"{GROUPS:,} regressions of {POINTS} points": small,
    f"{GROUPS:,} regressions of {POINTS} points, robust": robust,
    f"Wild bootstrap, {WILD:,} rows in {CLUSTERS} clusters": bootstrap,
    f"{WIDE[0]:,} rows x {WIDE[1]} columns": wide,
    f"Polynomial of degree {DEGREE}, {HIGH:,} rows": polynomial,
}


def held() -> int:
    """Bytes of a state of many rows, all that is kept of them."""
    x = np.random.default_rng(1).normal(size=(COLUMNS + 1, ROWS // CHUNKS))
    names = [f"x{i}" for i in range(COLUMNS)]
    state = nrd.Regression("y", names)
    state.update(dict(zip(["y", *names], x, strict=True)))
    return len(state.to_bytes())


def main(runs: str = "5", part: str = "") -> None:
    """Measure all tasks and print their tables."""
    versions = [f"{m.__name__} {m.__version__}" for m in (nrd, np, statsmodels) if m]
    print(f"{processor()}, {processors()} processors usable, {platform.system()}")
    print(f"Python {platform.python_version()}, {', '.join(versions)}; {runs} runs")
    if hasattr(os, "getloadavg"):
        print(f"Load before the first run: {os.getloadavg()[0]:.1f}")
    for title, task in TASKS.items():
        if part not in title:
            continue
        lines = list(task(np.random.default_rng(1)))
        report(title, lines, measure(lines, int(runs)))
    print(f"\nBytes kept of {ROWS // CHUNKS:,} rows x {COLUMNS} columns: {held():,}")


if __name__ == "__main__":
    main(*sys.argv[1:])
