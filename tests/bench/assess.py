"""Time of `nrd.assess`: 10,000 communes x 57 indicators x 15 years in one call.

usage: taskset -c 0 python tests/bench/assess.py [RUNS]

The set is made up, with 57 indicators in 19 criteria, seven regions and levels by year for
one in ten. Beside nrd stands what one would write with pandas or Polars: join the levels,
compare, and ask of each criterion and commune whether all is met; met or not, and no third
state. Medians are printed; nothing is asserted. On a busy machine the time of the processor
says more than that of the clock; `taskset` keeps all libraries to one core.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import nrd
from nrd._core.assess import Rows, assess

COMMUNES, YEARS, INDICATORS, CRITERIA = 10_000, range(2011, 2026), 57, 19
REGIONS = [f"region_{i}" for i in range(7)]


def indicator(i: int) -> dict:
    """One indicator with levels by region, and by year for each tenth."""
    table = {"general": 60.5, "by_region": {r: 50.5 + 5 * k for k, r in enumerate(REGIONS)}}
    years = {str(year): table for year in YEARS} if i % 10 == 0 else None
    return {
        "id": str(i),
        "description_en": f"Indicator {i}",
        "unit": "%",
        "rule": "le" if i % 3 == 0 else "ge",
        "thresholds": {**table, "by_year": years},
        "source": [],
        "status": "verified",
    }


def toy_set() -> nrd.CriteriaSet:
    """A set of the size of the official one."""
    groups = [list(range(c, INDICATORS, CRITERIA)) for c in range(CRITERIA)]
    content = {
        "id": "bench",
        "decision": "none",
        "date": "2011-01-01",
        "level": "commune",
        "tier": "standard",
        "period": f"{YEARS[0]}-{YEARS[-1]}",
        "complete": True,
        "regions": [{"id": r} for r in REGIONS],
        "criteria": [
            {
                "number": c + 1,
                "name_en": f"Criterion {c + 1}",
                "complete": True,
                "indicators": [indicator(i) for i in group],
            }
            for c, group in enumerate(groups)
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return nrd.read_criteria_set(path)


def wide() -> dict[str, np.ndarray]:
    """One row a commune and year."""
    random = np.random.default_rng(20250701)
    n = COMMUNES * len(YEARS)
    codes = np.repeat(np.arange(COMMUNES), len(YEARS))
    return {
        "unit": codes,
        "year": np.tile(np.array(YEARS), COMMUNES),
        "region": np.array(REGIONS, object)[codes % 7],
        **{str(i): np.round(random.uniform(0, 100, n), 1) for i in range(INDICATORS)},
    }


def long(sheet: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """One row a value, keys as text."""
    n = len(sheet["unit"])
    names = np.array([f"{code:05d}" for code in range(COMMUNES)], object)
    items = np.array(list(map(str, range(INDICATORS))), object)
    return {
        "unit": np.tile(names[sheet["unit"]], INDICATORS),
        "year": np.tile(sheet["year"], INDICATORS),
        "region": np.tile(sheet["region"], INDICATORS),
        "indicator": np.repeat(items, n),
        "value": np.concatenate([sheet[str(i)] for i in range(INDICATORS)]),
    }


def levels(found: nrd.CriteriaSet) -> dict[str, list]:
    """The levels of the set as one would keep them in a spreadsheet."""
    return {
        name: [row[place] for row in rows_of_levels(found)]
        for place, name in enumerate(("indicator", "region", "year", "sign", "limit", "c"))
    }


def rows_of_levels(found: nrd.CriteriaSet) -> list[tuple]:
    """Indicator, region, year, sign of the rule, level with that sign, criterion."""
    out = []
    for item in found.items:
        sign = -1.0 if item.rule == "le" else 1.0
        for region in REGIONS:
            for year in YEARS:
                level = found.level(item.code, region=region, year=year).value
                out.append((item.code, region, year, sign, sign * level, item.criterion))
    return out


KEYS = ["indicator", "region", "year"]


def with_pandas(table, asked):
    """Criteria met by each commune and year: a merge, a comparison, a groupby."""
    both = table.merge(asked, on=KEYS, how="left")
    both["met"] = both["value"] * both["sign"] >= both["limit"]
    criteria = both.groupby(["unit", "year", "c"], observed=True)["met"].all()
    return criteria.groupby(["unit", "year"], observed=True).sum()


def with_polars(table, asked):
    """The same with Polars."""
    import polars as pl

    met = pl.col("value") * pl.col("sign") >= pl.col("limit")
    return (
        table.lazy()
        .join(asked.lazy(), on=KEYS, how="left")
        .group_by("unit", "year", "c")
        .agg(met.all().alias("met"))
        .group_by("unit", "year")
        .agg(pl.col("met").sum())
        .collect()
    )


def medians(call, runs: int) -> tuple[float, float]:
    """Median wall time and processor time of a call in seconds."""
    call()
    wall, cpu = [], []
    for _ in range(runs):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - begin_cpu)
    return statistics.median(wall), statistics.median(cpu)


def c_call(found: nrd.CriteriaSet, sheet: dict[str, np.ndarray]):
    """The decisions alone, of columns that are there."""
    rows = Rows(
        (sheet["unit"] % 7).astype(np.int32),
        (sheet["year"] - YEARS[0]).astype(np.int32),
        np.array([y * 10000 + 1231 for y in YEARS], np.int32),
        [sheet[item.code] for item in found.items],
    )
    tolerance = np.zeros(INDICATORS)
    return lambda: assess(found._document(), rows, tolerance)


def tables(sheet: dict[str, np.ndarray]) -> dict:
    """The same values in tables of other libraries, with text or categories as keys."""
    import pandas as pd
    import polars as pl

    text = long(sheet)
    keys = ["unit", "region", "indicator"]
    pandas = pd.DataFrame(text)
    polars = pl.DataFrame(pandas.astype(dict.fromkeys(keys, "str")))
    kinds = dict.fromkeys(keys, "category")
    return {
        "pandas, one row a commune and year": pd.DataFrame(sheet),
        "pandas, one row a value, categories": pandas.astype(kinds | {"year": "int16"}),
        "pandas, one row a value, text": pandas,
        "Polars, one row a value, categories": polars.with_columns(
            pl.col(keys).cast(pl.Categorical), pl.col("year").cast(pl.Int16)
        ),
        "Polars, one row a value, text": polars,
    }


def main(runs: int = 7) -> None:
    """Time the C call, whole calls, and what one would do without nrd."""
    import pandas as pd
    import polars as pl

    found, sheet = toy_set(), wide()
    given = tables(sheet)
    calls = {"nrd, C call alone": c_call(found, sheet)}
    for name, table in given.items():
        calls[f"nrd.assess, {name}"] = lambda table=table: nrd.assess(
            table, found, region="region"
        )
    asked = levels(found)
    kinds = dict.fromkeys(("indicator", "region"), "category") | {"year": "int16"}
    name = "pandas, one row a value, categories"
    calls[f"merge, compare, groupby: {name}"] = lambda: with_pandas(
        given["pandas, one row a value, categories"], pd.DataFrame(asked).astype(kinds)
    )
    calls["merge, compare, groupby: pandas, one row a value, text"] = lambda: with_pandas(
        given["pandas, one row a value, text"], pd.DataFrame(asked)
    )
    calls["join, compare, group_by: Polars, one row a value, text"] = lambda: with_polars(
        given["Polars, one row a value, text"], pl.DataFrame(asked)
    )
    print(f"load {os.getloadavg()[0]:.1f}\n{'':62}{'wall, s':>9}{'CPU, s':>9}")
    for name, call in calls.items():
        wall, cpu = medians(call, runs if name.startswith("nrd") else 1)
        print(f"{name:62}{wall:9.3f}{cpu:9.3f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
