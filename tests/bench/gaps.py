"""Times of gaps: 10,000 communes x 57 indicators x 15 years, and plans for 10,000 communes.

usage: python tests/bench/gaps.py [RUNS]

The set and the values are those of `assess.py`. NumPy computes the same indices in doubles,
without decimals, unknown cells or shares, and stands beside them. Medians are printed;
nothing is asserted. All but the solver of the plans keeps to one thread.
"""

from __future__ import annotations

import sys

import numpy as np
from assess import COMMUNES, YEARS, medians, toy_set, wide

import nrd
from nrd import _judged
from nrd._core.gaps import Cells, distances, sums


def levels(found: nrd.CriteriaSet) -> list[np.ndarray]:
    """Levels of each item by region and year."""
    return [
        np.array(
            [
                [found.level(item.code, region=r, year=y).value for y in YEARS]
                for r in found.places
            ]
        )
        for item in found.items
    ]


def in_doubles(found: nrd.Assessment, levels: list[np.ndarray]) -> np.ndarray:
    """Mean gap and mean squared gap of each year, the way of arrays."""
    totals = np.zeros((2, len(YEARS)))
    codes = found.year - YEARS[0]
    for values, table, item in zip(
        found.values, levels, found.criteria_set.items, strict=True
    ):
        level = table[found.place, codes]
        gap = (values - level) / level
        gap = np.clip(gap if item.rule == "le" else -gap, 0, 1)
        totals[0] += np.bincount(codes, gap)
        totals[1] += np.bincount(codes, gap * gap)
    return totals / len(levels) / COMMUNES


def unmet(criteria: int) -> nrd.Attainment:
    """Communes that miss some criteria, the later ones more often."""
    random = np.random.default_rng(20250701)
    chance = np.linspace(0.02, 0.3, criteria)
    sheet = {"unit": np.arange(COMMUNES)}
    for j in range(criteria):
        sheet[str(j + 1)] = (random.uniform(size=COMMUNES) > chance[j]).astype(int)
    return nrd.Attainment.from_wide(sheet)


def main(runs: int = 7) -> None:
    """Time the C calls, whole calls, and plans."""
    found = nrd.assess(wide(), toy_set(), region="region")
    names = found.unit_names
    by = {name: int(name) % 63 for name in names}
    weights = {name: 1 + int(name) % 9999 for name in names}
    judged = _judged.rows_of(found, np.arange(len(found.year)))
    document = found.criteria_set._document()
    cell = judged.rows.when * 7 + judged.rows.place
    cells = Cells(cell, 7 * len(YEARS), None, True)
    communes = unmet(19)
    table = levels(found.criteria_set)
    depth = nrd.gap_index(found).by_year["depth"]
    assert np.allclose(in_doubles(found, table)[0], depth, rtol=1e-12)
    calls = {
        "sums, C call alone": lambda: sums(document, judged.rows, found.items, cells),
        "distances, C call alone": lambda: distances(document, judged.rows, found.items),
        "gap_index": lambda: nrd.gap_index(found),
        "gap_index, 63 groups, weights": lambda: nrd.gap_index(
            found, by=by, weights=weights
        ),
        "NumPy in doubles": lambda: in_doubles(found, table),
        "attainment_gaps, one year": lambda: nrd.attainment_gaps(found, year=2020),
        "binding_criteria, sets of 3 of 19": lambda: nrd.binding_criteria(communes, size=3),
        "cheapest_plan, 10,000 x 19": lambda: nrd.cheapest_plan(communes, share=0.6),
    }
    print(f"{'':36}{'wall, s':>9}{'CPU, s':>9}")
    for name, call in calls.items():
        wall, cpu = medians(call, 1 if "plan" in name else runs)
        print(f"{name:36}{wall:9.3f}{cpu:9.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
