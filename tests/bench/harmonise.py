"""Time of panels across the mergers of 2025, and of names, beside pandas.

usage: harmonise.py [turns]
"""

import sys
import time
from statistics import median

import numpy as np
import pandas as pd

import nrd

YEARS, COLUMNS = range(2010, 2025), 20


def panel(walk):
    """10,035 units x 15 years x 20 columns of printed decimals."""
    rng = np.random.default_rng(1)
    rows = len(walk.old) * len(YEARS)
    frame = pd.DataFrame(
        {
            "code": np.repeat(np.array(walk.old, object), len(YEARS)),
            "year": np.tile(np.array(YEARS), len(walk.old)),
        }
    )
    for i in range(COLUMNS):
        frame[f"x{i}"] = np.round(rng.lognormal(5, 1, rows), i % 3)
    return frame


def by_pandas(frame, links):
    """What a user writes: merge with the shares, multiply, group and sum."""
    held = frame.merge(links, left_on="code", right_on="old_code")
    names = [f"x{i}" for i in range(COLUMNS)]
    held[names] = held[names].mul(held["share"], axis=0)
    return held.groupby(["new_code", "year"])[names].sum()


def main(turns=5):
    """Print a table of medians."""
    walk = nrd.crosswalk().with_shares("equal")
    frame = panel(walk)
    links = pd.DataFrame(
        [(walk.old[old], walk.new[new]) for old, new in walk.links],
        columns=["old_code", "new_code"],
    ).assign(share=walk.shares)
    rules = {f"x{i}": "sum" for i in range(COLUMNS)}
    mixed = {f"x{i}": ("mean", "x0") if i % 2 else "sum" for i in range(COLUMNS)}
    units = nrd.units("commune", backend="pandas")
    names = units["name_ascii"].str.upper().tolist()
    parents = units["parent_code"].tolist()
    same = {"unit": "code", "period": "year"}
    tasks = {
        "nrd.harmonise, 20 sums": lambda: nrd.harmonise(frame, walk, rules=rules, **same),
        "nrd.harmonise, 20 sums, 1 thread": lambda: nrd.harmonise(
            frame, walk, rules=rules, threads=1, **same
        ),
        "nrd.harmonise, 10 sums, 10 means": lambda: nrd.harmonise(
            frame, walk, rules=mixed, **same
        ),
        "the same with its table": lambda: (
            nrd.harmonise(frame, walk, rules=rules, **same).table
        ),
        "pandas merge and groupby, 20 sums": lambda: by_pandas(frame, links),
        "nrd.match_units, 10,035 names": lambda: nrd.match_units(names, within=parents),
    }
    times = {name: [] for name in tasks}
    for _ in range(turns):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name].append(1000 * (time.perf_counter() - start))
    print("| | median, ms | best, ms |\n|---|---:|---:|")
    for name, held in times.items():
        print(f"| {name} | {median(held):.0f} | {min(held):.0f} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
