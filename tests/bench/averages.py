"""Averages by district of 10,000,000 commune-criterion rows, and bounds under statements.

usage: python tests/bench/averages.py [RUNS]

A table of 526,316 communes x 19 criteria in 700 districts, the rows in no order, the state
as int8. The district is a whole number, a category or text. Each library counts or averages
the state by district; nrd gives met, unmet, unknown and both bounds. All take turns. The
bounds are those of 200 communes x 19 criteria with a total for each criterion and a count
for each of five bands, where none, a tenth or half of the cells are known.

Printed as Markdown, in milliseconds: medians by the clock and by the processor, and the
median ratio by the clock to nrd in the same turn. Nothing is asserted.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

import nrd

ROWS, DISTRICTS, CRITERIA = 10**7, 700, 19
UNITS, BANDS = 200, ((19, 19), (15, 18), (10, 14), (5, 9), (0, 4))


def rows() -> dict[str, tuple[Any, Any]]:
    """The table in pandas and in Polars, for each kind of district."""
    rng = np.random.default_rng(19)
    district = rng.integers(0, DISTRICTS, ROWS // CRITERIA + 1).repeat(CRITERIA)[:ROWS]
    rng.shuffle(district)
    met = (rng.random(ROWS) < 0.7).astype(np.int8)
    names = np.array([f"huyện {i}" for i in range(DISTRICTS)])
    numbers = pl.DataFrame({"district": district, "met": met})
    place = pl.Series("district", names.tolist()).gather(pl.Series(district))
    text = numbers.with_columns(place)
    coded = pd.Categorical.from_codes(district, names)
    return {
        "a whole number": (pd.DataFrame({"district": district, "met": met}), numbers),
        "a category": (
            pd.DataFrame({"district": coded, "met": met}),
            text.cast({"district": pl.Categorical}),
        ),
        "text": (
            pd.DataFrame({"district": pd.Series(coded).astype("str"), "met": met}),
            text,
        ),
    }


def lines(pandas: Any, polars: Any) -> dict[str, Callable[[], Any]]:
    """What takes turns; nrd first, which the others are compared to."""

    def by_district(frame: Any, threads: int) -> Any:
        return nrd.criteria_rates(frame, by="district", status="met", threads=threads)

    return {
        "nrd.criteria_rates, pandas": lambda: by_district(pandas, 0),
        "nrd.criteria_rates, pandas, 1 thread": lambda: by_district(pandas, 1),
        "nrd.criteria_rates, Polars": lambda: by_district(polars, 0),
        "pandas groupby mean": lambda: pandas.groupby("district", observed=True)[
            "met"
        ].mean(),
        "Polars group_by mean": lambda: polars.group_by("district").agg(
            pl.col("met").mean()
        ),
    }


def take_turns(tasks: dict[str, Callable[[], Any]], runs: int) -> None:
    """Print a table of the tasks, all of which take turns."""
    clock: dict[str, list[float]] = {name: [] for name in tasks}
    processor: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(runs + 1):
        for name, task in tasks.items():
            began, worked = time.perf_counter(), time.process_time()
            task()
            if turn > 0:  # the first warms up
                clock[name].append(1e3 * (time.perf_counter() - began))
                processor[name].append(1e3 * (time.process_time() - worked))
    header = ("", "median, ms", "processor, ms", "ratio", "ratio, processor")
    print(f"| {' | '.join(header)} |\n|---|---:|---:|---:|---:|")
    first = next(iter(tasks))
    for name in tasks:
        values = [statistics.median(clock[name]), statistics.median(processor[name])]
        for taken in (clock, processor):
            pairs = zip(taken[name], taken[first], strict=True)
            values.append(statistics.median(mine / its for mine, its in pairs))
        shown = f"{values[0]:.1f} | {values[1]:.1f} | {values[2]:.2f} | {values[3]:.2f}"
        print(f"| {name} | {shown} |")


def statements(known: float) -> tuple[nrd.Attainment, list[nrd.Statement]]:
    """A table of which so much is known, its totals and its bands."""
    rng = np.random.default_rng(19)
    chance = rng.beta(2, 1, UNITS)[:, None] / 2 + rng.beta(3, 1, CRITERIA) / 2
    met = rng.random((UNITS, CRITERIA)) < chance
    met[:20] = True
    shown = np.where(rng.random(met.shape) < known, met, np.nan)
    totals = {str(j + 1): int(n) for j, n in enumerate(met.sum(axis=0))}
    counts = met.sum(axis=1)
    bands = [
        nrd.Statement.band(int(((counts >= low) & (counts <= high)).sum()), low, high)
        for low, high in BANDS
    ]
    return nrd.Attainment.from_wide(shown).with_totals(totals), bands


def main() -> None:
    """Print all tables."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"load {os.getloadavg()[0]:.1f}, nrd {nrd.__version__}, pandas {pd.__version__}, "
          f"Polars {pl.__version__}, {runs} turns\n")  # fmt: skip
    for kind, frames in rows().items():
        print(f"\n### {ROWS:,} rows by district, which is {kind}\n")
        take_turns(lines(*frames), runs)
    print(f"\n### Bounds of {UNITS} communes x {CRITERIA} criteria, totals and bands\n")
    tables = {known: statements(known) for known in (0.0, 0.1, 0.5)}
    take_turns(
        {
            f"{known:.0%} of the cells known": lambda known=known: nrd.criteria_averages(
                tables[known][0], statements=tables[known][1]
            )
            for known in tables
        },
        runs,
    )
    print(f"\nload {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
