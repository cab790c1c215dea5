"""Exact sums of gaps, their margins, and the quotients that indices are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ._core.gaps import Cells, sums
from ._judged import Judged, named
from .errors import NrdError

if TYPE_CHECKING:
    from ._assessment import Assessment
    from .criteria import CriteriaSet

ORDERS = ("incidence", "depth", "severity")

Quotients = dict[str, list[tuple[int, int] | None]]


class Sums(NamedTuple):
    """Whole numbers in arrays of objects: weights, and gaps times ``base ** order``."""

    asked: np.ndarray
    known: np.ndarray
    gaps: tuple[np.ndarray, ...]
    base: int

    def over(self, starts: np.ndarray, axis: int) -> Sums:
        """Sums of neighbours along an axis."""
        parts = (
            np.add.reduceat(v, starts, axis=axis)
            for v in (self.asked, self.known, *self.gaps)
        )
        asked, known, *gaps = parts
        return Sums(asked, known, tuple(gaps), self.base)


class Margins(NamedTuple):
    """Sums of one year: of all, by (1, group), and by (criterion or indicator, 1)."""

    by_year: Sums
    by_group: Sums
    by_criterion: Sums
    by_indicator: Sums


class Strata(NamedTuple):
    """Rows of one year cut by group and place: a level is one within, and margins join.

    ``starts`` are those of each group among the cells, ``group`` the groups that occur.
    """

    cells: Cells
    starts: np.ndarray
    group: np.ndarray


def strata(
    judged: Judged, group: np.ndarray, weight: np.ndarray | None, capped: bool
) -> Strata:
    """Cut the rows of a year, whose groups and weights are given."""
    place = judged.rows.place
    n_places = int(place.max(initial=-1)) + 2
    found, cell = np.unique(group * n_places + place + 1, return_inverse=True)
    groups, starts = np.unique(found // n_places, return_index=True)
    return Strata(Cells(cell.reshape(-1), len(found), weight, capped), starts, groups)


def margins(found: Assessment, judged: Judged, cut: Strata) -> Margins:
    """Sum every indicator of a criterion over the strata, and join the strata."""
    document, whole = found.criteria_set._document(), np.array([0])
    inside = sum(item.criterion is not None for item in found.criteria_set.items)
    try:
        table = sums(document, judged.rows, found.items[:, judged.chosen], cut.cells)
    except NrdError as error:
        raise named(found, judged, error) from None
    fine = _common(table[:inside]).over(cut.starts, 1)
    by_indicator, by_group = fine.over(whole, 1), fine.over(whole, 0)
    by_criterion = by_indicator.over(criterion_starts(found.criteria_set), 0)
    return Margins(by_group.over(whole, 1), by_group, by_criterion, by_indicator)


def criterion_starts(criteria_set: CriteriaSet) -> np.ndarray:
    """First item of each criterion that has any; items stand in the order of criteria."""
    codes = [i.criterion for i in criteria_set.items if i.criterion is not None]
    return np.array([i for i, c in enumerate(codes) if i == 0 or codes[i - 1] != c])


def _common(table: np.ndarray) -> Sums:
    """Bring gaps over their levels, which differ, over one base: the least that works."""
    levels, place = np.unique(_whole(table["level"]), return_inverse=True)
    base = math.lcm(*levels)
    factor = np.array([base // level for level in levels], object)[place]
    factor = factor.reshape(table.shape)
    gaps = (
        _whole(table["unmet"][..., None]),
        _whole(table["depth"]) * factor,
        _whole(table["severity"]) * factor**2,
    )
    asked, known = (_whole(table[name][..., None]) for name in ("asked", "known"))
    return Sums(asked, known, gaps, base)


def _whole(words: np.ndarray) -> np.ndarray:
    """Numbers of several words as Python's, which have no end."""
    out = words[..., 0].astype(object)
    for k in range(1, words.shape[-1]):
        if words[..., k].any():
            out = out + (words[..., k].astype(object) << 64 * k)
    return out


def quotients(part: Sums, whole: Sums, capped: bool) -> Quotients:
    """Indices, bounds and shares of the rows of a year as (numerator, denominator)."""
    asked, known = part.asked.ravel().tolist(), part.known.ravel().tolist()
    n = len(asked)
    out: Quotients = {
        "known": _pairs(known, asked),
        "weight_share": _pairs(asked, whole.asked.ravel().tolist() * n),
    }
    for order, name in enumerate(ORDERS):
        base = part.base**order
        gap = part.gaps[order].ravel().tolist()
        most = [g + (a - k) * base for g, a, k in zip(gap, asked, known, strict=True)]
        over_asked = [a * base for a in asked]
        bounded = capped or order == 0
        out[name] = _pairs(gap, [k * base for k in known])
        out[f"{name}_low"] = _pairs(gap, over_asked)
        out[f"{name}_high"] = _pairs(most, over_asked) if bounded else [None] * n
        out[f"{name}_share"] = _pairs(gap, whole.gaps[order].ravel().tolist() * n)
    return out


def _pairs(numerator: list, denominator: list) -> list[tuple[int, int] | None]:
    return [(a, b) if b else None for a, b in zip(numerator, denominator, strict=True)]


def rounded(pairs: list[tuple[int, int] | None]) -> list[float | None]:
    """Quotients as the nearest doubles: Python divides whole numbers so."""
    return [None if pair is None else pair[0] / pair[1] for pair in pairs]
