"""Quantiles, by group or not, and sorting, beside NumPy, pandas, Polars and DuckDB.

usage: python tests/bench/quantiles.py [RUNS [TITLE]]

As `sums.py`, which measures and prints.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import sums
from sums import Line, duckdb, pandas, polars, pyarrow, table

import nrd
from nrd._core import call, ffi, pointer

P = [0.25, 0.5, 0.75]
VALUES = 2**23
GROUPED, GROUPS = 10**7, 10_000
COMMUNES, YEARS = 9_000, 11


def quartiles(random: np.random.Generator) -> Iterator[Line]:
    """Three quartiles of all values."""
    values = random.normal(size=VALUES)
    yield Line("nrd.quantile", "1", lambda: nrd.quantile(values, P))
    yield Line("NumPy quantile", "1", lambda: np.quantile(values, P))
    if pandas:
        series = pandas.Series(values)
        yield Line("pandas quantile", "1", lambda: series.quantile(P))
    if polars:
        frame = polars.DataFrame({"x": values})
        chosen = [polars.col("x").quantile(p, "linear").alias(str(p)) for p in P]
        yield Line("Polars quantile", "all", lambda: frame.select(chosen))
    if duckdb and pyarrow:
        connection = table({"x": values})
        query = f"select quantile_cont(x, {P}) from t"
        yield Line(
            "DuckDB quantile_cont", "all", lambda: connection.execute(query).fetchone()
        )


def group_quartiles(keys: np.ndarray, values: np.ndarray) -> Iterator[Line]:
    """Three quartiles of each group, from a frame of the library to what it gives back."""
    columns = {"key": keys, "x": values}
    yield Line("nrd.quantile", "all", lambda: nrd.quantile(columns, P, "x", by="key"))
    yield Line(
        "nrd.quantile", "1", lambda: nrd.quantile(columns, P, "x", by="key", threads=1)
    )
    yield Line("nrd.describe", "all", lambda: nrd.describe(columns, "x", by="key"))
    if pandas:
        groups = pandas.DataFrame(columns).groupby("key")["x"]
        yield Line("pandas groupby quantile", "1", lambda: groups.quantile(P))
    if polars:
        frame = polars.DataFrame(columns)
        chosen = [polars.col("x").quantile(p, "linear").alias(str(p)) for p in P]
        yield Line("Polars group_by", "all", lambda: frame.group_by("key").agg(chosen))
    if duckdb and pyarrow:
        connection = table(columns)
        query = f"select key, quantile_cont(x, {P}) from t group by key"
        yield Line(
            "DuckDB quantile_cont", "all", lambda: connection.execute(query).fetchnumpy()
        )


def many_groups(random: np.random.Generator) -> Iterator[Line]:
    """Many rows, groups in any order."""
    yield from group_quartiles(
        random.integers(GROUPS, size=GROUPED), random.normal(size=GROUPED)
    )


def small_groups(random: np.random.Generator) -> Iterator[Line]:
    """Communes and years: small groups, one after another."""
    keys = np.repeat(np.arange(COMMUNES), YEARS)
    yield from group_quartiles(keys, random.normal(size=COMMUNES * YEARS))


def rows_in_order(values: np.ndarray) -> np.ndarray:
    """Rows in the order of their values, by libnrd."""
    out = np.empty(len(values), np.uint64)
    rows = ffi.cast("size_t *", pointer(out))
    call("nrd_order_sort", "values", pointer(values), len(values), rows)
    return out


def sorts(random: np.random.Generator) -> Iterator[Line]:
    """Stable sorts of rows that lie in any order, or run up or down already."""
    values = random.normal(size=VALUES)
    up = np.sort(values)
    for words, held in (("", values), (", sorted", up), (", reversed", up[::-1].copy())):
        yield Line(f"nrd_order_sort{words}", "1", lambda v=held: rows_in_order(v))
        yield Line(
            f"NumPy argsort, stable{words}",
            "1",
            lambda v=held: np.argsort(v, kind="stable"),
        )


sums.TASKS = {
    f"Quartiles of {VALUES:,} doubles": quartiles,
    f"Quartiles by {GROUPS:,} groups, {GROUPED:,} rows": many_groups,
    f"Quartiles by {COMMUNES:,} groups of {YEARS} rows": small_groups,
    f"Sort of {VALUES:,} doubles": sorts,
}

if __name__ == "__main__":
    sums.main(*sys.argv[1:])
