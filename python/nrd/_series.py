"""Series of areas in time, read from a long table: one row an area and a year.

Where the poverty standard changes the numbers before and after are different quantities, so
that the rows of one area and one standard make a series of their own: a segment.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._columns import Numbers, labels_of, read_numbers
from ._frames import Kind
from ._keys import Run, in_order
from .errors import NrdValueError

RATES = (None, "percent", "share", "number")

_COLUMNS = ("time", "value", "weight", "covariate")

# Reasons why nothing is said of a segment; the texts are in `_labels_trends`.
OK, EMPTY, INFINITE = "", "empty", "infinite"
TWICE, OUTSIDE, MIXED = "twice", "outside", "mixed"

# A share of 1 that stands where a percentage belongs is 100 times too small; neighbours
# of one series, or areas beside all others, do not differ so much.
_STEP = 30.0
_GAP = 10.0


@dataclass(frozen=True)
class Series:
    """Segments one after another, sorted by area, standard and time.

    Attributes
    ----------
    names : list of str
        Columns that name an area: those of `by`, then the unit.
    by : list of str
        Those of `by` alone.
    keys : sequence of tuple
        Areas in their order; each a value for each name.
    group : ndarray of int, shape (areas,)
        The group (`by`) of each area, counted from 0 in the order of the areas; all 0
        without `by`.
    standards : list
        Standards in the order of their first years; [None] without any.
    area, standard : ndarray of int, shape (segments,)
        What each segment is of.
    offset : ndarray of uint64, shape (segments + 1,)
        Rows of segment k: offset[k] to offset[k + 1].
    time, value : ndarray of float64, shape (rows,)
        Finite numbers of the segments of which something can be said; times ascend in each
        and none is there twice. Rates are percentages, whatever they were read as.
    weight : ndarray of float64 or None, shape (rows,)
        Weights above 0.
    covariate : ndarray of float64 or None, shape (rows,)
        What else may explain the values.
    reason : list of str, shape (segments,)
        Why the rows of a segment were left out; "" where they were not.
    detail : list of str, shape (segments,)
        What was found there.
    n_given : ndarray of int, shape (segments,)
        Rows with a time and a value that were given.
    rate : str
        "percent" or "number".
    rows, used : int
        Rows read, and those that are here.
    kind : Kind
        The kind of the frame.
    """

    names: list[str]
    by: list[str]
    keys: Sequence[tuple[Hashable, ...]]
    group: np.ndarray
    standards: list
    area: np.ndarray
    standard: np.ndarray
    offset: np.ndarray
    time: np.ndarray
    value: np.ndarray
    weight: np.ndarray | None
    covariate: np.ndarray | None
    reason: list[str]
    detail: list[str]
    n_given: np.ndarray
    rate: str
    rows: int
    kind: Kind

    def __len__(self) -> int:
        """Number of segments."""
        return len(self.area)

    @property
    def used(self) -> int:
        """Rows of the segments."""
        return len(self.time)

    @property
    def n(self) -> np.ndarray:
        """Rows of each segment, shape (segments,)."""
        return np.diff(self.offset.astype(np.int64))

    @property
    def segment(self) -> np.ndarray:
        """Segment of each row, shape (rows,)."""
        return np.repeat(np.arange(len(self)), self.n)

    def keep(self, segments: np.ndarray, **changes: Any) -> Series:
        """Leave out the rows of all but some segments, which stay as empty ones."""
        rows = np.repeat(segments, self.n)
        columns = {name: getattr(self, name) for name in _COLUMNS}
        kept = {name: v[rows] for name, v in columns.items() if v is not None}
        offset = np.r_[0, np.cumsum(self.n * segments)].astype(np.uint64)
        return _replaced(self, offset=offset, **{**kept, **changes})

    def take(self, segments: np.ndarray) -> Series:
        """Return some segments, in an order, with all of their areas."""
        chosen = np.zeros(len(self), bool)
        chosen[segments] = True
        if not (np.diff(segments) > 0).all():
            raise NrdValueError("take: expected segments that rise")
        kept = self.keep(chosen)
        places, area = np.unique(self.area[segments], return_inverse=True)
        return _replaced(
            kept,
            keys=[self.keys[i] for i in places.tolist()],
            group=self.group[places],
            area=area,
            standard=self.standard[segments],
            offset=np.r_[0, np.cumsum(self.n[segments])].astype(np.uint64),
            reason=[self.reason[i] for i in segments.tolist()],
            detail=[self.detail[i] for i in segments.tolist()],
            n_given=self.n_given[segments],
        )

    def rows_of(self, segment: int) -> slice:
        """Rows of a segment."""
        return slice(int(self.offset[segment]), int(self.offset[segment + 1]))


def read_series(
    frame: Any,
    where: str,
    *,
    unit: str | None,
    time: str,
    value: str,
    by: str | Sequence[str] | None = None,
    weights: str | None = None,
    standard: str | None = None,
    covariate: str | None = None,
    rate: str | None = None,
) -> Series:
    """Read a long table.

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there or not numeric.
    NrdValueError
        If an option cannot be, there are no rows, or all values of a rate are shares of 1.
    """
    if rate not in RATES:
        raise NrdValueError(
            f"{where}: rate is {rate!r}, expected 'percent', 'share', 'number' or None"
        )
    groups = [by] if isinstance(by, str) else list(by or ())
    names = [*groups, *([] if unit is None else [unit])]
    wanted = [name for name in (time, value, weights, covariate) if name is not None]
    found = read_numbers(frame, where, columns=wanted, by=names)
    codes = np.zeros(found.rows, np.int64)
    keys: Sequence[tuple[Hashable, ...]] = [()]
    if found.keys is not None:
        keys = found.keys
        codes = found.group.astype(np.int64) - found.first_group
    standards, parts = [None], np.zeros(found.rows, np.int64)
    if standard is not None:
        labels, parts = labels_of(frame, where, standard)
        standards = [label for (label,) in labels]
    columns = found.columns
    given = (codes >= 0) & (parts >= 0) & ~np.isnan(columns[0]) & ~np.isnan(columns[1])
    if weights is not None:
        given &= columns[2] > 0
        _check_weights(columns[2], where, weights)
    if covariate is not None:
        given &= np.isfinite(columns[-1])
    if not given.any():
        raise NrdValueError(f"{where}: there is no row with a unit, a time and a value")
    rows = _Rows(found, names, groups, keys, codes, standards, parts, given)
    return _checked(_sorted(rows, weights is not None, rate), rate)


def _check_weights(weight: np.ndarray, where: str, name: str) -> None:
    bad = (weight < 0) | np.isinf(weight)
    if bad.any():
        row = int(np.argmax(bad))
        raise NrdValueError(
            f"{where}: column {name!r}, row {row}: found {weight[row]:g}, expected a "
            "finite number, 0 or more",
            row=row,
        )


@dataclass(frozen=True)
class _Rows:
    """Rows as they were read: areas and standards by their codes, below 0 where missing."""

    found: Numbers
    names: list[str]
    by: list[str]
    keys: Sequence[tuple[Hashable, ...]]
    codes: np.ndarray
    standards: list
    parts: np.ndarray
    given: np.ndarray


def _sorted(rows: _Rows, weighted: bool, rate: str | None) -> Series:
    """Put the rows that are given in the order of areas, standards and times."""
    keys, codes, parts, columns = rows.keys, rows.codes, rows.parts, rows.found.columns
    there = np.bincount(codes[codes >= 0], minlength=len(keys)) > 0
    if not rows.given.all():
        codes, parts = codes[rows.given], parts[rows.given]
        columns = [column[rows.given] for column in columns]
    count = len(rows.standards)
    order = _in_time(parts, columns[0], count)
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    places = np.array([i for i in in_order(keys) if there[i]], np.int64)
    area = np.full(len(keys), -1)
    area[places] = np.arange(len(places))
    code = area[codes] * count + rank[parts]
    if not _ascends(code, columns[0]):
        moved = np.lexsort((columns[0], code))
        code, columns = code[moved], [column[moved] for column in columns]
    # Keys that are whole numbers are not written out.
    whole = isinstance(keys, Run) and len(places) == len(keys)
    areas = keys if whole else [keys[i] for i in places.tolist()]
    segments, n = _segments(code, len(areas), count)
    return Series(
        names=rows.names,
        by=rows.by,
        keys=areas,
        group=_groups(areas, len(rows.by)),
        standards=[rows.standards[i] for i in order.tolist()],
        area=segments // count,
        standard=segments % count,
        offset=np.r_[0, np.cumsum(n)].astype(np.uint64),
        time=columns[0],
        value=columns[1],
        weight=columns[2] if weighted else None,
        covariate=columns[-1] if len(columns) > 2 + weighted else None,
        reason=np.where(n > 0, OK, EMPTY).tolist(),
        detail=[""] * len(segments),
        n_given=n,
        rate="number" if rate == "number" else "percent",
        rows=rows.found.rows,
        kind=rows.found.kind,
    )


def _segments(code: np.ndarray, areas: int, standards: int) -> tuple:
    """Codes of the segments and their rows; an area without rows has an empty one."""
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]])
    found = code[starts]
    lengths = np.diff(np.r_[starts, len(code)])
    if standards == 1 and len(found) == areas:
        return found, lengths
    bare = np.setdiff1d(np.arange(areas), found // standards, assume_unique=False)
    segments = np.union1d(found, bare * standards)
    n = np.zeros(len(segments), np.int64)
    n[np.searchsorted(segments, found)] = lengths
    return segments, n


def _ascends(code: np.ndarray, time: np.ndarray) -> bool:
    step = np.diff(code)
    return bool(((step > 0) | ((step == 0) & (time[1:] >= time[:-1]))).all())


def _in_time(parts: np.ndarray, time: np.ndarray, count: int) -> np.ndarray:
    """Standards in the order of their first years."""
    first = np.full(count, np.inf)
    np.minimum.at(first, parts, time) if count > 1 else None
    return np.argsort(first, kind="stable")


def _groups(areas: Sequence[tuple], count: int) -> np.ndarray:
    place: dict[tuple, int] = {}
    if not count:
        return np.zeros(len(areas), np.int64)
    return np.array([place.setdefault(key[:count], len(place)) for key in areas])


def _checked(series: Series, rate: str | None) -> Series:
    """Leave out the rows of segments that cannot be used, and say why."""
    faults: dict[int, tuple[str, str]] = {}
    time, value, segment = series.time, series.value, series.segment

    def blame(bad: np.ndarray, reason: str, number: np.ndarray) -> None:
        for row in np.flatnonzero(bad).tolist():
            found = f"{number[row]:.12g}"
            if number is not time:
                found += f" ({time[row]:.12g})"
            faults.setdefault(int(segment[row]), (reason, found))

    for column in (time, value):
        blame(np.isinf(column), INFINITE, column)
    same = (segment[1:] == segment[:-1]) & (time[1:] == time[:-1])
    blame(np.r_[False, same], TWICE, time)
    if rate != "number":
        most = 1.0 if rate == "share" else 100.0
        blame(~((value >= 0) & (value <= most)), OUTSIDE, value)
    if rate is None:
        _check_shares(value)
        blame(_mixed(series), MIXED, value)
    if rate == "share":
        value = value * 100.0
    if not faults:
        return _replaced(series, value=value)
    keep = np.ones(len(series), bool)
    keep[list(faults)] = False
    return _replaced(series, value=value).keep(
        keep,
        reason=[faults.get(k, (reason, ""))[0] for k, reason in enumerate(series.reason)],
        detail=[faults.get(k, (OK, ""))[1] for k in range(len(series))],
    )


def _replaced(series: Series, **changes: Any) -> Series:
    return Series(**{**vars(series), **changes})


def _check_shares(value: np.ndarray) -> None:
    if value.max() <= 1.0 and (value > 0).any():
        raise NrdValueError(
            f"all rates lie between 0 and 1, the greatest is {value.max():g}: say "
            "rate='share' where they are shares of 1, or rate='percent' where they are "
            "percentages"
        )


def _mixed(series: Series) -> np.ndarray:
    """Rows that seem to be shares of 1 among percentages."""
    value, segment = series.value, series.segment
    small, out = (value > 0) & (value <= 1.0), np.zeros(len(value), bool)
    if not small.any():
        return out
    near = segment[1:] == segment[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = value[1:] / value[:-1]
    out[1:] |= near & small[1:] & (ratio < 1 / _STEP) & (value[:-1] > 1.0)
    out[:-1] |= near & small[:-1] & (ratio > _STEP) & (value[1:] > 1.0)
    starts = series.offset[:-1][series.n > 0].astype(np.intp)
    most = np.maximum.reduceat(value, starts)
    low = most <= 1.0
    if low.any() and not low.all():
        least = np.minimum.reduceat(value, starts)
        apart = low & (most * _GAP < least[~low].min())
        out |= np.repeat(apart, series.n[series.n > 0]) & small
    return out
