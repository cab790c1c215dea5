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
    """10,035 units x 15 years x 20 columns of printed decimals, and 4 of criteria."""
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
    for i in range(4):
        frame[f"met{i}"] = rng.choice([0.0, 1.0, 1.0, np.nan], rows)
    return frame


def by_pandas(frame, links):
    """Sums as a user writes them: merge with the shares, multiply, group and sum."""
    held = frame.merge(links, left_on="code", right_on="old_code")
    names = [f"x{i}" for i in range(COLUMNS)]
    held[names] = held[names].mul(held["share"], axis=0)
    return held.groupby(["new_code", "year"])[names].sum()


def rules_of_all_kinds():
    """8 sums, 4 means, 4 rates, and 4 criteria: 2 met where all are, 2 where one is."""
    out = {f"x{i}": "sum" for i in range(8)}
    out |= {f"x{i}": ("mean", "x0") for i in range(8, 12)}
    out |= {f"rate{i}": ("rate", f"x{i}", f"x{i + 4}", 100) for i in range(12, 16)}
    return out | {"met0": "all", "met1": "all", "met2": "any", "met3": "any"}


def all_kinds_by_pandas(frame, links):
    """The same by pandas: each rule is a few sums, and a state a minimum and a count."""
    held = frame.merge(links, left_on="code", right_on="old_code")
    sums = {f"x{i}": held[f"x{i}"] * held["share"] for i in range(8)}
    weight = held["x0"] * held["share"]
    for i in range(8, 12):
        sums[f"above{i}"] = held[f"x{i}"] * weight
    for i in range(12, 16):
        sums[f"above{i}"] = held[f"x{i}"] * held["share"]
        sums[f"below{i}"] = held[f"x{i + 4}"] * held["share"]
    keys = [held["new_code"], held["year"]]
    found = pd.DataFrame(sums).groupby(keys).sum()
    out = {f"x{i}": found[f"x{i}"] for i in range(8)}
    out |= {f"x{i}": found[f"above{i}"] / found["x0"] for i in range(8, 12)}
    out |= {
        f"rate{i}": 100 * found[f"above{i}"] / found[f"below{i}"] for i in range(12, 16)
    }
    states = held[["met0", "met1", "met2", "met3"]].groupby(keys)
    least, most, known, parts = states.min(), states.max(), states.count(), states.size()
    for name in ("met0", "met1"):
        open_ = (known[name] < parts) & (least[name] != 0)
        out[name] = least[name].mask(open_)
    for name in ("met2", "met3"):
        open_ = (known[name] < parts) & (most[name] != 1)
        out[name] = most[name].mask(open_)
    return pd.DataFrame(out)


def checked_by_pandas(frame, links):
    """The same with what `nrd.harmonise` looks at: units, rows twice, totals."""
    unknown = ~frame["code"].isin(links["old_code"])
    twice = frame.duplicated(["code", "year"])
    if unknown.any() or twice.any():
        raise ValueError("a unit is not there, or twice")
    found = all_kinds_by_pandas(frame, links)
    names = [f"x{i}" for i in range(8)]
    before = frame.groupby("year")[names].sum()
    after = found[names].groupby("year").sum()
    return found, before, after, np.isclose(before, after).all()


def main(turns=5):
    """Print a table of medians."""
    unknown = nrd.crosswalk()
    walk = unknown.with_shares("equal")
    frame = panel(walk)
    links = pd.DataFrame(
        [(walk.old[old], walk.new[new]) for old, new in walk.links],
        columns=["old_code", "new_code"],
    ).assign(share=walk.shares)
    numbers = {
        f"x{i}": np.random.default_rng(i).lognormal(5, 1, len(frame))
        for i in range(COLUMNS)
    }
    doubles = frame.assign(**numbers)
    rules = {f"x{i}": "sum" for i in range(COLUMNS)}
    kinds = rules_of_all_kinds()
    units = nrd.units("commune", backend="pandas")
    names = units["name_ascii"].str.upper().tolist()
    parents = units["parent_code"].tolist()
    same = {"unit": "code", "period": "year"}
    tasks = {
        "nrd.harmonise, 20 sums": lambda: nrd.harmonise(frame, walk, rules=rules, **same),
        "nrd.harmonise, 20 sums, 1 thread": lambda: nrd.harmonise(
            frame, walk, rules=rules, threads=1, **same
        ),
        "the same with its table": lambda: (
            nrd.harmonise(frame, walk, rules=rules, **same).table
        ),
        "20 sums of doubles that are no decimals": lambda: nrd.harmonise(
            doubles, walk, rules=rules, **same
        ),
        "pandas merge and groupby, 20 sums": lambda: by_pandas(frame, links),
        "nrd.harmonise, all kinds of rules": lambda: nrd.harmonise(
            frame, walk, rules=kinds, **same
        ),
        "nrd.harmonise, all kinds, unknown shares": lambda: nrd.harmonise(
            frame, unknown, rules=kinds, **same
        ),
        "pandas, all kinds of rules": lambda: all_kinds_by_pandas(frame, links),
        "pandas, all kinds of rules and the checks": lambda: checked_by_pandas(
            frame, links
        ),
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
        print(f"| {name} | {median(held):.1f} | {min(held):.1f} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
