"""Exact sums of gaps, their margins, and the quotients that indices are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ._core.gaps import Cells, sums

if TYPE_CHECKING:
    from ._assessment import Assessment
    from ._judged import Judged
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
    """Sums by (criterion or indicator, year), and by (1, year) and (1, year and group)."""

    by_year: Sums
    by_group: Sums
    by_criterion: Sums
    by_indicator: Sums


class Strata(NamedTuple):
    """Rows cut by year, group and place: levels are one within, and margins join them.

    ``starts`` are those of each year and group among the cells, ``year_starts`` those of
    each year among them; ``year`` and ``group`` are their codes.
    """

    cells: Cells
    starts: np.ndarray
    year_starts: np.ndarray
    year: np.ndarray
    group: np.ndarray


def strata(
    judged: Judged, group: np.ndarray, weight: np.ndarray | None, capped: bool
) -> Strata:
    """Cut rows whose groups and weights are given."""
    rows, n_groups = judged.rows, int(group.max(initial=0)) + 1
    outer = rows.when.astype(np.int64) * n_groups + group
    n_places = int(rows.place.max(initial=-1)) + 2
    found, cell = np.unique(outer * n_places + rows.place + 1, return_inverse=True)
    outer, starts = np.unique(found // n_places, return_index=True)
    year, year_starts = np.unique(outer // n_groups, return_index=True)
    cells = Cells(cell.reshape(-1), len(found), weight, capped)
    year = np.repeat(year, np.diff(np.append(year_starts, len(outer))))
    return Strata(cells, starts, year_starts, year, outer % n_groups)


def margins(found: Assessment, judged: Judged, cut: Strata) -> Margins:
    """Sum every indicator of a criterion over the strata, and join the strata."""
    inside = [item for item in found.criteria_set.items if item.criterion is not None]
    table = sums(found.criteria_set._document(), judged.rows, found.items, cut.cells)
    fine = _common(table[: len(inside)]).over(cut.starts, 1)
    by_indicator = fine.over(cut.year_starts, 1)
    by_group = fine.over(np.array([0]), 0)
    return Margins(
        by_group.over(cut.year_starts, 1),
        by_group,
        by_indicator.over(criterion_starts(found.criteria_set), 0),
        by_indicator,
    )


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


def quotients(part: Sums, whole: Sums, year: np.ndarray, capped: bool) -> Quotients:
    """Indices, bounds and shares of rows as (numerator, denominator).

    Rows are those of the first axis of `part` for each of its second, whose year is given
    as a column of `whole`.
    """
    width = part.asked.shape[0]
    year = np.repeat(year, width).tolist()
    asked, known = _rows(part.asked), _rows(part.known)
    all_asked = [whole.asked[0, y] for y in year]
    out: Quotients = {
        "known": _pairs(known, asked),
        "weight_share": _pairs(asked, all_asked),
    }
    for order, name in enumerate(ORDERS):
        base = part.base**order
        gap = _rows(part.gaps[order])
        most = [g + (a - k) * base for g, a, k in zip(gap, asked, known, strict=True)]
        total = [whole.gaps[order][0, y] for y in year]
        out[name] = _pairs(gap, [k * base for k in known])
        out[f"{name}_low"] = _pairs(gap, [a * base for a in asked])
        out[f"{name}_high"] = (
            _pairs(most, [a * base for a in asked])
            if capped or order == 0
            else [None] * len(gap)
        )
        out[f"{name}_share"] = _pairs(gap, total)
    return out


def _rows(values: np.ndarray) -> list[int]:
    return values.T.ravel().tolist()


def _pairs(numerator: list, denominator: list) -> list[tuple[int, int] | None]:
    return [(a, b) if b else None for a, b in zip(numerator, denominator, strict=True)]


def rounded(pairs: list[tuple[int, int] | None]) -> list[float | None]:
    """Quotients as the nearest doubles: Python divides whole numbers so."""
    return [None if pair is None else pair[0] / pair[1] for pair in pairs]
