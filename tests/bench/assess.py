"""Time of `nrd.assess`: 10,000 communes x 57 indicators x 15 years in one call.

usage: python tests/bench/assess.py [RUNS]

The set is made up, with 57 indicators in 19 criteria, seven regions and levels by year for
one in ten. Medians are printed; nothing is asserted. On a busy machine the time of the
processor says more than that of the clock; all but Polars keeps to one thread.
"""

from __future__ import annotations

import json
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


def medians(call, runs: int) -> tuple[float, float]:
    """Median wall time and processor time of a call in seconds."""
    wall, cpu = [], []
    for _ in range(runs):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - begin_cpu)
    return statistics.median(wall), statistics.median(cpu)


def main(runs: int = 7) -> None:
    """Time the C call, and whole calls from wide and long tables."""
    import pandas as pd
    import polars as pl

    found, sheet = toy_set(), wide()
    frame = pd.DataFrame(sheet)
    long = pl.DataFrame(sheet).unpivot(
        index=["unit", "year", "region"], variable_name="indicator", value_name="value"
    )
    year, codes = sheet["year"], sheet["unit"]
    rows = Rows(
        (codes % 7).astype(np.int32),
        (year - YEARS[0]).astype(np.int32),
        np.array([y * 10000 + 1231 for y in YEARS], np.int32),
        [sheet[item.code] for item in found.items],
    )
    tolerance = np.zeros(INDICATORS)
    calls = {
        "C call alone": lambda: assess(found._document(), rows, tolerance),
        "nrd.assess, pandas, wide": lambda: nrd.assess(frame, found, region="region"),
        "nrd.assess, Polars, long": lambda: nrd.assess(long, found, region="region"),
    }
    print(f"{'':26}{'wall, s':>9}{'CPU, s':>9}")
    for name, call in calls.items():
        wall, cpu = medians(call, 3 if "long" in name else runs)
        print(f"{name:26}{wall:9.3f}{cpu:9.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
