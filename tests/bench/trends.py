"""Trends of many areas and of long series, beside pymannkendall, SciPy and statsmodels.

usage: python tests/bench/trends.py [RUNS]

Processor time of one thread, in one process; what is compared takes turns. The loops over
areas of the peers take a sample of them, and are scaled up. Printed as Markdown: the best
of the runs, and the median ratio to the first line of a task. A library that is not
installed is left out; nothing is asserted.
"""

from __future__ import annotations

import importlib
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import nrd
from nrd._core.trend import kendall, slopes_of_rank

AREAS, YEARS, SAMPLE = 10_000, 8, 100
LONG, LONGEST = 10_000, 1_000_000


class Line(NamedTuple):
    """One computation: who makes it, how, and what part of the task it does."""

    who: str
    run: Callable[[], Any]
    share: float = 1.0
    wall: bool = False


def installed(name: str) -> Any:
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


stats, mk = installed("scipy.stats"), installed("pymannkendall")
sm, pandas = installed("statsmodels.api"), installed("pandas")


def rates(random: np.random.Generator) -> tuple[dict, np.ndarray]:
    """Falling rates of communes, printed with one decimal."""
    start = random.uniform(25, 60, size=(AREAS, 1))
    fall = random.uniform(0, 3, size=(AREAS, 1)) * np.arange(YEARS)
    noise = random.normal(0, 1.5, size=(AREAS, YEARS))
    values = np.clip(np.round(start - fall + noise, 1), 0, 100)
    columns = {
        "commune": np.repeat(np.arange(AREAS), YEARS),
        "year": np.tile(np.arange(2010, 2010 + YEARS), AREAS),
        "rate": values.ravel(),
    }
    return columns, values


def trends(frame: Any, threads: int, adjust: str | None = None) -> Any:
    """Exact tests, Theil and Sen's slopes with intervals, and least squares."""
    return nrd.poverty_trends(
        frame, unit="commune", time="year", value="rate", method=["theil-sen", "ols"],
        adjust=adjust, threads=threads,
    )  # fmt: skip


def many(random: np.random.Generator) -> list[Line]:
    """10,000 areas x 8 years: Mann-Kendall, Theil-Sen, interval, least squares."""
    columns, values = rates(random)
    frame = pandas.DataFrame(columns) if pandas else columns
    years = columns["year"][:YEARS].astype(float)
    out = [
        Line("nrd.poverty_trends, 1 thread", lambda: trends(frame, 1)),
        Line("the same, p adjusted (discrete)", lambda: trends(frame, 1, "fdr_dbh_su")),
        Line("the same, all threads, wall", lambda: trends(frame, 0), wall=True),
    ]
    sample, share = values[:SAMPLE], SAMPLE / AREAS

    def loop(*functions: Callable) -> None:
        for series in sample:
            for function in functions:
                function(series)

    if stats:
        kendall_exact = lambda y: stats.kendalltau(years, y)  # noqa: E731
        sen = lambda y: stats.theilslopes(y, years)  # noqa: E731
        line = lambda y: stats.linregress(years, y)  # noqa: E731
        out.append(
            Line("SciPy kendalltau + theilslopes + linregress",
                 lambda: loop(kendall_exact, sen, line), share)
        )  # fmt: skip
    if stats and mk:
        out.append(
            Line("pymannkendall + theilslopes + linregress",
                 lambda: loop(mk.original_test, sen, line), share)
        )  # fmt: skip
    if stats and mk and sm:
        design = sm.add_constant(years)
        ols = lambda y: sm.OLS(y, design).fit().conf_int()  # noqa: E731
        out.append(
            Line("pymannkendall + theilslopes + statsmodels OLS",
                 lambda: loop(mk.original_test, sen, ols), share)
        )  # fmt: skip
    return out


def series(random: np.random.Generator, n: int) -> dict:
    """A long series with a slope that is small beside its noise."""
    time_ = np.arange(n, dtype=float)
    return {"t": time_, "y": 1e-5 * time_ + random.normal(size=n)}


def trend_of(columns: dict) -> Any:
    """All of it for one series."""
    return nrd.poverty_trends(columns, unit=None, time="t", value="y", rate="number")


def median_slope(columns: dict) -> float:
    """Theil and Sen's slope alone."""
    pairs = len(columns["t"]) * (len(columns["t"]) - 1) // 2
    ranks = np.unique([(pairs + 1) // 2, pairs // 2 + 1])
    return float(slopes_of_rank(columns["t"], columns["y"], ranks).mean())


def long(random: np.random.Generator) -> list[Line]:
    """Theil-Sen slope of 10,000 points."""
    columns = series(random, LONG)
    out = [
        Line("nrd, slope", lambda: median_slope(columns)),
        Line("nrd.poverty_trends, test and interval too", lambda: trend_of(columns)),
    ]
    if stats:
        t, y = columns["t"], columns["y"]
        out.append(Line("SciPy theilslopes", lambda: stats.theilslopes(y, t)))
    return out


def longest(random: np.random.Generator) -> list[Line]:
    """Theil-Sen slope of 1,000,000 points."""
    columns = series(random, LONGEST)
    return [
        Line("nrd, slope", lambda: median_slope(columns)),
        Line("nrd.poverty_trends, test and interval too", lambda: trend_of(columns)),
    ]


def tau(random: np.random.Generator) -> list[Line]:
    """Kendall's tau_b with p of 1,000,000 rows."""
    x, y = random.normal(size=LONGEST), random.normal(size=LONGEST)
    ties = np.round(y, 2)
    out = [
        Line("nrd", lambda: kendall(x, y)),
        Line("nrd, ties", lambda: kendall(x, ties)),
    ]
    if stats:
        out.append(Line("SciPy kendalltau", lambda: stats.kendalltau(x, y)))
        out.append(Line("SciPy kendalltau, ties", lambda: stats.kendalltau(x, ties)))
    return out


def measure(lines: list[Line], runs: int) -> None:
    """Take turns, and print."""
    times: list[list[float]] = [[] for _ in lines]
    for _ in range(runs):
        for line, found in zip(lines, times):
            clock = time.perf_counter if line.wall else time.process_time
            begun = clock()
            line.run()
            found.append((clock() - begun) / line.share)
    print("| | best, ms | median ratio |\n|---|---:|---:|")
    for line, found in zip(lines, times):
        ratio = statistics.median(a / b for a, b in zip(found, times[0]))
        print(f"| {line.who} | {1e3 * min(found):,.2f} | {ratio:,.2f} |")


def memory(n: int) -> float:
    """Most memory of a process that finds so many slopes, less one of two points, MB."""

    def peak(points: int) -> float:
        code = (
            "import sys; sys.path.insert(0, 'tests/bench'); import numpy, trends;"
            f"trends.median_slope(trends.series(numpy.random.default_rng(6), {points}));"
            "print([s for s in open('/proc/self/status') if s.startswith('VmHWM')][0])"
        )
        made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        return int(made.stdout.split()[1]) / 1e3

    return peak(n) - peak(2)


def main(runs: int) -> None:
    """Print all tables."""
    warnings.simplefilter("ignore")
    print(f"load {os.getloadavg()[0]:.1f}, {runs} runs")
    for task in (many, long, longest, tau):
        print(f"\n### {task.__doc__}\n")
        measure(task(np.random.default_rng(6)), runs)
    if os.path.exists("/proc/self/status"):
        print(f"\nMemory of 1,000,000 points, these included: {memory(LONGEST):.0f} MB")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
