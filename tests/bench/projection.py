"""Projections and joints of many areas, beside statsmodels and NumPy.

usage: python tests/bench/projection.py [RUNS]

Within a task all take turns, so that a machine whose speed drifts slows all alike. Printed
as Markdown: medians and bests of the runs, processor time, and median ratios to the first
line of a task. The peers, which go area by area, get one area in 50, and their times are
taken 50 times. Last comes how long calls go on after Ctrl-C. Nothing is asserted.
"""

from __future__ import annotations

import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import statsmodels.api as sm

import nrd

AREAS, YEARS, REPLICATES, PERMUTATIONS = 10_000, 8, 2_000, 4_499
SHARE = 50
TARGET = {"target": 5.0, "target_year": 2025}
COLUMNS = {"unit": "area", "time": "year", "value": "rate"}


class Line(NamedTuple):
    """One computation: who makes it, with how many threads, how, and what part of it."""

    who: str
    threads: str
    run: Callable[[], Any]
    times: int = 1


def rates(areas: int, years: int) -> dict[str, np.ndarray]:
    """Rates that fall by about two points a year."""
    rng = np.random.default_rng(years)
    level = rng.uniform(25, 60, (areas, 1))
    values = level - 2.0 * np.arange(years) + rng.normal(size=(areas, years))
    return {
        "area": np.repeat(np.arange(areas), years),
        "year": np.tile(np.arange(2010, 2010 + years), areas),
        "rate": values.ravel().round(1).clip(0.1),
    }


def part_of(data: dict[str, np.ndarray]) -> np.ndarray:
    """Logits of one area in so many, one row an area."""
    share = data["rate"].reshape(-1, YEARS)[::SHARE] / 100
    return np.log(share / (1 - share))


def by_statsmodels(data: dict[str, np.ndarray]) -> list:
    """Intervals of figures to come, area by area."""
    time = sm.add_constant(np.arange(2010.0, 2018))
    future = sm.add_constant(np.arange(2018.0, 2026))
    return [
        sm.OLS(values, time).fit().get_prediction(future).conf_int(obs=True, alpha=0.05)
        for values in part_of(data)
    ]


def by_numpy(data: dict[str, np.ndarray]) -> list:
    """Percentiles of studentised residuals, all replicates of an area at once."""
    rng = np.random.default_rng(1)
    time, future = np.arange(YEARS) - 3.5, np.arange(8.0, 16) - 3.5
    spread = time @ time
    leverage = 1 / YEARS + time**2 / spread
    out = []
    for values in part_of(data):
        slope = time @ values / spread
        left = values - values.mean() - slope * time
        sigma = np.sqrt(left @ left / (YEARS - 2))
        pool = left / np.sqrt(1 - leverage)
        drawn = (pool - pool.mean())[rng.integers(0, YEARS, (REPLICATES, YEARS + 1))]
        errors, ahead = drawn[:, :YEARS], drawn[:, YEARS:]
        level, tilt = errors.mean(axis=1, keepdims=True), errors @ time[:, None] / spread
        rest = errors - level - tilt * time
        own = np.sqrt((rest**2).sum(axis=1, keepdims=True) / (YEARS - 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (ahead - level - tilt * future) / own
        line = values.mean() + slope * future
        out.append(line + sigma * np.nanquantile(t, (0.025, 0.975), axis=0))
    return out


def of_nrd(data: dict[str, np.ndarray], **options: Any) -> Callable[[], Any]:
    """The same in nrd, with the chance and time of the target."""
    return lambda: nrd.project_poverty(data, **COLUMNS, **TARGET, seed=1, **options)


def silent(done: int, total: int) -> None:
    """What is called with the progress."""


def tasks() -> Iterator[tuple[str, list[Line]]]:
    """Projections, then joints."""
    data = rates(AREAS, YEARS)
    drawn = {"method": "bootstrap", "n_resamples": REPLICATES}
    yield (
        f"Projection, {AREAS:,} areas x {YEARS} years, {REPLICATES:,} replicates",
        [
            Line("nrd.project_poverty", "all", of_nrd(data, **drawn)),
            Line("nrd, with progress", "all", of_nrd(data, progress=silent, **drawn)),
            Line("nrd.project_poverty", "1", of_nrd(data, threads=1, **drawn)),
            Line("NumPy, area by area", "1", lambda: by_numpy(data), SHARE),
        ],
    )
    yield (
        f"Projection, {AREAS:,} areas x {YEARS} years, Student's t",
        [
            Line("nrd.project_poverty", "all", of_nrd(data)),
            Line("nrd.project_poverty", "1", of_nrd(data, threads=1)),
            Line("statsmodels, area by area", "1", lambda: by_statsmodels(data), SHARE),
        ],
    )
    for areas, years, most, joints in (
        (AREAS, 12, 2, "bic"),
        (1_000, 12, 2, "permutation"),
        (10, 30, 3, "permutation"),
    ):
        own = rates(areas, years)
        lines = [
            Line(
                "nrd.poverty_joints",
                str(threads or "all"),
                lambda own=own, most=most, joints=joints, threads=threads: (
                    nrd.poverty_joints(
                        own, **COLUMNS, most=most, joints=joints, seed=1, threads=threads
                    )
                ),
            )
            for threads in (0, 1)
        ]
        yield f"Joints by {joints}, up to {most}, {areas:,} areas x {years} years", lines


def measured(lines: list[Line], runs: int) -> list[tuple[list[float], list[float]]]:
    """Times of all lines in turn: of the clock, and of the processors."""
    out: list[tuple[list[float], list[float]]] = [([], []) for _ in lines]
    for _ in range(runs):
        for line, (clock, processor) in zip(lines, out, strict=True):
            begin = time.perf_counter(), time.process_time()
            line.run()
            clock.append(line.times * (time.perf_counter() - begin[0]))
            processor.append(line.times * (time.process_time() - begin[1]))
    return out


STOPPED = """
import numpy, nrd, time
n = 200_000
data = {"area": numpy.arange(n).repeat(8), "year": numpy.tile(numpy.arange(8), n),
        "rate": numpy.random.default_rng(1).uniform(1, 99, 8 * n)}
print("ready", flush=True)
try:
    nrd.project_poverty(data, unit="area", time="year", value="rate", target=5,
        method="bootstrap", progress=%s)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def seconds_to_stop(progress: str) -> float:
    """How long a long call goes on after Ctrl-C."""
    script = [sys.executable, "-c", STOPPED % progress]
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        time.sleep(2.0)
        process.send_signal(signal.SIGINT)
        begin = time.perf_counter()
        process.stdout.readline()
        return time.perf_counter() - begin


def main(runs: int = 5) -> None:
    """Print a table a task."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, ")
    print(f"load {os.getloadavg()[0]:.1f}; NumPy {np.__version__}; {runs} turns a task\n")
    for title, lines in tasks():
        print(f"### {title}\n\n| | threads | median, s | best, s | processor, s | ratio |")
        print("|---|---|---:|---:|---:|---:|")
        found = measured(lines, runs)
        first = found[0][0]
        for line, (clock, processor) in zip(lines, found, strict=True):
            ratio = statistics.median(a / b for a, b in zip(clock, first, strict=True))
            print(
                f"| {line.who} | {line.threads} | {statistics.median(clock):.3f} | "
                f"{min(clock):.3f} | {statistics.median(processor):.3f} | {ratio:.2f} |"
            )
        print()
    for progress in ("False", "True"):
        spans = [seconds_to_stop(progress) for _ in range(runs)]
        print(f"Ctrl-C, progress={progress}: stopped after {max(spans):.3f} s at most")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
