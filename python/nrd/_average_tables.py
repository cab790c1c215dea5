"""The tables of criteria averages: per unit, class, criterion, group and area."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ._areas import Areas, Population, Weights, ratio
from ._core import interval
from ._counting import Free, Stated
from ._result import Columns
from .attainment import Attainment

# The last three are those of a sample.
AREA = (
    "level", "area", "units", "weight", "mean_low", "mean_high", "weighted_low",
    "weighted_high", "population", "low", "high",
)  # fmt: skip
AREA_GROUP = ("level", "area", "group", "mean_low", "mean_high")


def empty(names: Sequence[str]) -> dict[str, list]:
    """Columns without rows."""
    return {name: [] for name in names}


def stated_mean(attainment: Attainment, low: float, high: float) -> float | None:
    """Mean from counts alone: the names of the units do not matter."""
    if low == high:
        return low
    if set(attainment.counts) != set(attainment.criteria):
        return None
    counted = Attainment.from_totals(attainment.counts, units=len(attainment.units))
    return counted._matrix.mean()[0]


def weighted(
    attainment: Attainment, counts: Free | Stated, weight: Weights | None
) -> tuple[float | None, float | None]:
    """Bounds of the mean of all units with their weights."""
    if weight is None:
        return None, None
    everywhere = Areas("", [""], np.zeros(len(attainment.units), np.int64))
    total = int(weight.whole.sum())
    low, high = counts.sums(everywhere, weight.whole, _every(attainment))
    return ratio(low[0, 0], total), ratio(high[0, 0], total)


def _every(attainment: Attainment) -> np.ndarray:
    return np.ones((1, len(attainment.criteria)), np.int64)


def per_area(
    attainment: Attainment,
    counts: Free | Stated,
    areas: Sequence[Areas],
    weight: Weights | None,
) -> Columns:
    """Bounds of the means per level and area."""
    out = empty(AREA[:-3])
    for level in areas:
        units = np.bincount(level.of_unit, minlength=len(level.names))
        out["level"] += [level.level] * len(level.names)
        out["area"] += level.names
        out["units"] += units.tolist()
        means = _means(attainment, counts, level, np.ones(len(attainment.units), np.int64))
        nothing = [None] * len(level.names)
        weighted, whole = (nothing, nothing), None
        if weight is not None:
            weighted = _means(attainment, counts, level, weight.whole)
            whole = np.zeros(len(level.names), np.int64)
            np.add.at(whole, level.of_unit, weight.whole)
        out["weight"] += nothing if whole is None else [_given(w, weight) for w in whole]
        for name, ends in (("mean", means), ("weighted", weighted)):
            out[f"{name}_low"] += ends[0]
            out[f"{name}_high"] += ends[1]
    return out


def _given(whole: int, weight: Weights) -> float:
    """A sum of weights in the unit they were given in."""
    found = ratio(whole, weight.scale)
    return int(found) if weight.scale == 1 else found


def _means(
    attainment: Attainment, counts: Free | Stated, level: Areas, weights: np.ndarray
) -> tuple[list, list]:
    total = np.zeros(len(level.names), np.int64)
    np.add.at(total, level.of_unit, weights)
    ends = counts.sums(level, weights, _every(attainment))
    low, high = ([ratio(*pair) for pair in zip(e[:, 0], total, strict=True)] for e in ends)
    return low, high


def sampled(
    met: Sequence[int | None], area: np.ndarray | None, sizes: Sequence[int], level: float
) -> tuple[list[float | None], list[float | None]]:
    """Student's interval of each area's mean, with the finite population correction.

    Sums and the variance are exact; the correction is a factor of the variance.
    """
    nothing: list[float | None] = [None] * len(sizes)
    if all(size is None for size in sizes):
        return nothing, list(nothing)
    places = np.zeros(len(met), np.int64) if area is None else area
    certain = np.array([value is not None for value in met])
    values = np.array([value or 0 for value in met], np.int64)
    n, known = (np.bincount(places, minlength=len(sizes)), np.zeros(len(sizes), np.int64))
    first, second = np.zeros((2, len(sizes)), np.int64)
    for out, what in ((known, certain), (first, values), (second, values * values)):
        np.add.at(out, places, what)
    rows = [i for i, size in enumerate(sizes) if size is not None and known[i] == n[i] > 0]
    means, variances = [], []
    for i in rows:
        count, total = int(n[i]), int(first[i])
        spread = Fraction(count * int(second[i]) - total**2, count * max(count - 1, 1))
        means.append(total / count)
        variances.append(float(spread * (1 - Fraction(count, sizes[i]))))
    low, high = interval.mean(
        np.array(means), np.array(variances), n[rows], level, "criteria_averages"
    )
    # One unit has no spread of its own, but where it is all there is, none is needed.
    census = n[rows] == [sizes[i] for i in rows]
    ends = (list(nothing), list(nothing))
    for out, bound in zip(ends, (low, high), strict=True):
        found = np.where(census, means, bound).tolist()
        for i, value in zip(rows, found, strict=True):
            out[i] = value if np.isfinite(value) else None
    return ends


def area_intervals(
    met: Sequence[int | None], areas: Sequence[Areas], sizes: Population, level: float
) -> Columns:
    """Population of each area, and the interval of its mean."""
    out = empty(AREA[-3:])
    for one in areas:
        of_area = sizes.areas or [None] * len(one.names)
        low, high = sampled(met, one.of_unit, of_area, level)
        out["population"] += of_area
        out["low"] += low
        out["high"] += high
    return out


def per_area_group(
    attainment: Attainment, counts: Free | Stated, areas: Sequence[Areas]
) -> Columns:
    """Bounds of the means per area and group of criteria."""
    names, subsets = _groups(attainment)
    out = empty(AREA_GROUP)
    for level in areas if names else ():
        ones = np.ones(len(attainment.units), np.int64)
        units = np.bincount(level.of_unit, minlength=len(level.names)).tolist()
        low, high = counts.sums(level, ones, subsets)
        for area, group in np.ndindex(*low.shape):
            out["level"].append(level.level)
            out["area"].append(level.names[area])
            out["group"].append(names[group])
            out["mean_low"].append(ratio(low[area, group], units[area]))
            out["mean_high"].append(ratio(high[area, group], units[area]))
    return out


def per_unit(attainment: Attainment, counts: Free | Stated) -> Columns:
    """Bounds of the criteria met per unit."""
    low, high = counts.units()
    return {
        "unit": attainment.units,
        "name": [attainment.name(unit) for unit in attainment.units],
        "met": [
            a if a == b else None for a, b in zip(low.tolist(), high.tolist(), strict=True)
        ],
        "low": low.tolist(),
        "high": high.tolist(),
    }


def per_class(counts: Free | Stated, cuts: list[int], names: list[str]) -> Columns:
    """Bounds of the number of units per class."""
    low, high = counts.classes(cuts)
    return {
        "class": names,
        "low": low.tolist(),
        "high": high.tolist(),
    }


def per_criterion(attainment: Attainment, counts: Free | Stated) -> Columns:
    """Bounds of the units per criterion."""
    low, high = counts.criteria()
    n = len(attainment.units)
    return {
        "criterion": attainment.criteria,
        "name": [attainment.criterion_name(code) for code in attainment.criteria],
        "low": low.tolist(),
        "high": high.tolist(),
        "share_low": (low / n).tolist(),
        "share_high": (high / n).tolist(),
    }


def _groups(attainment: Attainment) -> tuple[list[str], np.ndarray]:
    """Groups of criteria, and which criteria are in each."""
    groups = attainment.criteria_set.groups if attainment.criteria_set else ()
    names = list(dict.fromkeys(g for g in groups if g is not None))
    return names, np.array([[g == name for g in groups] for name in names], np.uint8)


def per_group(attainment: Attainment, counts: Free | Stated) -> Columns:
    """Bounds of the mean per group of criteria."""
    names, subsets = _groups(attainment)
    means = [counts.mean(subset) for subset in subsets]
    return {
        "group": names,
        "criteria": [int(subset.sum()) for subset in subsets],
        "mean_low": [low for low, _ in means],
        "mean_high": [high for _, high in means],
    }
