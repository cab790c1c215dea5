"""Exact sums, beside those of NumPy, pandas, Polars and DuckDB.

usage: python tests/bench/sums.py [RUNS [TITLE]]

Within a task all take turns, so that a machine whose speed drifts slows all alike. Printed
as Markdown: medians and bests of the runs, median ratios to the first line of a task, and
on Linux the memory that one more run takes beside what is there before it. With a part of
a title only the tasks that have it. A library that is not installed is left out; nothing
is asserted.
"""

# ruff: noqa: E402  the environment is set before NumPy is loaded

from __future__ import annotations

import importlib
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # the peers as they come
    os.environ.pop(name, None)

import numpy as np

import nrd
from nrd._core import call, ffi, lib, pointer
from nrd._core.moments import State

SUMMED = 2**26
SPREAD = 2**24
ROWS, COLUMNS = 2**21, 8
GROUPED, GROUPS = 10**7, 10_000
COMMUNES, YEARS = 9_000, 11


class Line(NamedTuple):
    """One computation: who makes it, with how many threads, and how."""

    who: str
    threads: str
    run: Callable[[], Any]


def installed(name: str) -> ModuleType | None:
    """A library, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


pandas, polars, duckdb, pyarrow = map(installed, ("pandas", "polars", "duckdb", "pyarrow"))


def processors() -> int:
    """Processors that this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


def table(columns: dict[str, np.ndarray]) -> Any:
    """A DuckDB connection with a table `t` of the columns, in its own storage."""
    connection = duckdb.connect()
    given = pyarrow.table(columns)  # noqa: F841  the query names it
    connection.execute("create table t as select * from given")
    return connection


def exact_sum(values: np.ndarray) -> float:
    """The C kernel alone, in this thread."""
    total = ffi.new("nrd_exact *")
    lib.nrd_exact_init(total)
    call("nrd_exact_add_array", "values", total, pointer(values), len(values), 1)
    return lib.nrd_exact_round(total)


def sums(random: np.random.Generator) -> Iterator[Line]:
    """Sum of doubles, beside the time to read them."""
    values = random.normal(size=SUMMED)
    parts = np.array_split(values, processors())
    pool = ThreadPoolExecutor(len(parts))
    yield Line("nrd, C kernel alone", "1", lambda: exact_sum(values))
    yield Line("nrd.mean", "1", lambda: nrd.mean(values, threads=1))
    yield Line("nrd.mean", "all", lambda: nrd.mean(values))
    yield Line("read: NumPy max", "1", values.max)
    yield Line("read: NumPy max of parts", "all", lambda: list(pool.map(np.max, parts)))
    yield Line("NumPy sum", "1", values.sum)
    if pandas:
        yield Line("pandas sum", "1", pandas.Series(values).sum)
    if polars:
        yield Line("Polars sum", "all", polars.Series(values).sum)
    if duckdb and pyarrow:
        connection = table({"x": values})
        query = "select {}(x) from t".format
        for function in ("sum", "fsum"):
            yield Line(
                f"DuckDB {function}",
                "all",
                lambda f=function: connection.execute(query(f)).fetchone(),
            )


def moments(values: np.ndarray, threads: int) -> nrd.Statistics:
    """Count, sum, mean, variance and standard deviation."""
    state = nrd.Moments("x", level="variances", threads=threads)
    state.update({"x": values})
    return state.finalize()


def variances(random: np.random.Generator) -> Iterator[Line]:
    """Mean and variance together; the peers give the variance only."""
    values = random.normal(size=SPREAD)
    yield Line("nrd.Moments", "1", lambda: moments(values, 1))
    yield Line("nrd.Moments", "all", lambda: moments(values, 0))
    yield Line("NumPy var", "1", lambda: values.var(ddof=1))
    if pandas:
        yield Line("pandas var", "1", pandas.Series(values).var)
    if polars:
        yield Line("Polars var", "all", polars.Series(values).var)
    if duckdb and pyarrow:
        connection = table({"x": values})
        query = "select var_samp(x) from t"
        yield Line("DuckDB var_samp", "all", lambda: connection.execute(query).fetchone())


def covariances(random: np.random.Generator) -> Iterator[Line]:
    """Covariances and correlations; the peers give the correlations only."""
    rows = random.normal(size=(COLUMNS, ROWS))
    columns = {f"x{i}": values for i, values in enumerate(rows)}
    yield Line("nrd.covariance", "all", lambda: nrd.covariance(columns))
    yield Line("nrd.covariance", "1", lambda: nrd.covariance(columns, threads=1))
    yield Line("NumPy corrcoef", "BLAS: all", lambda: np.corrcoef(rows))
    if pandas:
        yield Line("pandas corr", "1", pandas.DataFrame(columns).corr)
    if duckdb and pyarrow:
        connection = table(columns)
        pairs = [(i, j) for i in range(COLUMNS) for j in range(i)]
        query = f"select {', '.join(f'corr(x{i}, x{j})' for i, j in pairs)} from t"
        yield Line("DuckDB corr", "all", lambda: connection.execute(query).fetchone())


def means(table: Any, threads: int = 0) -> nrd.Statistics:
    """Mean of each group."""
    return nrd.mean(table, "x", by="key", threads=threads)


def group_means(keys: np.ndarray, values: np.ndarray) -> Iterator[Line]:
    """Mean of each group, from a frame of the library to what it gives back."""
    columns = {"key": keys, "x": values}
    yield Line("nrd.mean", "all", lambda: means(columns))
    yield Line("nrd.mean", "1", lambda: means(columns, threads=1))
    yield Line("nrd.mean, columns read", "all", lambda: dict(means(columns).columns))
    if int(keys.max()) < len(keys):
        yield Line("nrd, state alone", "all", lambda: group_state(keys, values))
    if pandas:
        frame = pandas.DataFrame(columns)
        yield Line("nrd.mean of pandas", "all", lambda: means(frame))
        yield Line("pandas groupby mean", "1", lambda: frame.groupby("key")["x"].mean())
    if polars:
        other = polars.DataFrame(columns)
        mean = polars.col("x").mean()
        yield Line("Polars group_by mean", "all", lambda: other.group_by("key").agg(mean))
    if duckdb and pyarrow:
        connection = table(columns)
        query = "select key, avg(x) from t group by key"
        yield Line("DuckDB avg", "all", lambda: connection.execute(query).fetchnumpy())


def group_state(keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The calls into C that a mean by group makes, and nothing around them."""
    state = State(1, int(keys.max()) + 1, level="means")
    state.update([values], keys)
    return state.mean()


def many_groups(random: np.random.Generator) -> Iterator[Line]:
    """Many rows, groups in any order."""
    yield from group_means(
        random.integers(GROUPS, size=GROUPED), random.normal(size=GROUPED)
    )


def far_groups(random: np.random.Generator) -> Iterator[Line]:
    """The same with keys far apart, which have to be numbered first."""
    yield from group_means(
        random.integers(GROUPS, size=GROUPED) * 1_000_003, random.normal(size=GROUPED)
    )


def small_groups(random: np.random.Generator) -> Iterator[Line]:
    """Communes and years: small groups, one after another."""
    keys = np.repeat(np.arange(COMMUNES), YEARS)
    yield from group_means(keys, random.normal(size=COMMUNES * YEARS))


TASKS = {
    f"Sum of {SUMMED:,} doubles": sums,
    f"Mean and variance of {SPREAD:,} doubles": variances,
    f"Covariance and correlation of {COLUMNS} columns, {ROWS:,} rows": covariances,
    f"Mean by {GROUPS:,} groups, {GROUPED:,} rows": many_groups,
    f"Mean by {GROUPS:,} groups with keys far apart, {GROUPED:,} rows": far_groups,
    f"Mean by {COMMUNES:,} groups of {YEARS} rows": small_groups,
}


def measure(lines: list[Line], runs: int) -> list[list[float]]:
    """Seconds of each run of each line, the lines taking turns.

    Each turn has another order: what runs after a line that leaves threads and full caches
    behind is slower.
    """
    times: list[list[float]] = [[] for _ in lines]
    order = np.random.default_rng(1)
    for turn in range(-1, runs):
        for place in order.permutation(len(lines)):
            begin = time.perf_counter()
            lines[place].run()
            if turn >= 0:
                times[place].append(time.perf_counter() - begin)
    return times


def resident(name: str) -> int:
    """A figure of the memory of this process, in bytes."""
    text = Path("/proc/self/status").read_text()
    return int(text.split(f"{name}:")[1].split()[0]) * 1024


def memory(run: Callable[[], Any]) -> str:
    """Megabytes that a run takes at its highest, beside those before it."""
    highest = Path("/proc/self/clear_refs")
    if not highest.exists():
        return "–"
    highest.write_text("5")  # forget the highest so far
    before = resident("VmRSS")
    run()
    return f"{(resident('VmHWM') - before) / 1e6:.1f}"


def report(title: str, lines: list[Line], times: list[list[float]]) -> None:
    """Print one task as a table."""
    print(f"\n### {title}\n")
    print("| | threads | median, ms | best, ms | median ratio | memory, MB |")
    print("|---|---|---:|---:|---:|---:|")
    for line, own in zip(lines, times, strict=True):
        ratio = statistics.median(a / b for a, b in zip(own, times[0], strict=True))
        median, best = statistics.median(own) * 1e3, min(own) * 1e3
        cells = (f"{median:.2f}", f"{best:.2f}", f"{ratio:.2f}", memory(line.run))
        print(f"| {line.who} | {line.threads} | {' | '.join(cells)} |")


def processor() -> str:
    """Name of the processor."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def main(runs: str = "7", part: str = "") -> None:
    """Measure all tasks and print their tables."""
    peers = [m for m in (np, pandas, polars, duckdb, pyarrow) if m]
    versions = [f"{m.__name__} {m.__version__}" for m in (nrd, *peers)]
    print(f"{processor()}, {processors()} processors usable, {platform.system()}")
    print(f"Python {platform.python_version()}, {', '.join(versions)}; {runs} runs")
    if hasattr(os, "getloadavg"):
        print(f"Load before the first run: {os.getloadavg()[0]:.1f}")
    for title, task in TASKS.items():
        if part not in title:
            continue
        lines = list(task(np.random.default_rng(1)))
        times = measure(lines, int(runs))
        report(title, lines, times)
        if task is sums:
            read = min(
                t for i, line in enumerate(lines) if "read" in line.who for t in times[i]
            )
            print(f"\nBest of all reads: {SUMMED * 8 / read / 1e9:.1f} GB/s")


if __name__ == "__main__":
    main(*sys.argv[1:])
