"""Criteria met by area and period, from a table with one row a cell, of any length."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from ._cells import meaning
from ._codes import Codes, codes
from ._core import tally
from ._frames import Frame, recode
from ._keys import in_order
from ._result import Columns, Provenance, Result, records
from .errors import NrdKeyError, NrdTypeError, NrdValueError

WHO = "criteria_rates"


@dataclass(frozen=True, eq=False, repr=False)
class CriteriaRates(Result):
    """Cells met by group of rows, with bounds where cells are unknown.

    Attributes
    ----------
    by : tuple of str
        Columns that make the groups.
    groups : dict of columns
        Per group: its keys, ``cells``, ``met``, ``unmet``, ``unknown``; ``share_low`` and
        ``share_high``, the share of the cells met; ``mean_low`` and ``mean_high``, criteria
        met per unit, None where `criteria` was not given.
    """

    by: tuple[str, ...]
    groups: Columns

    @property
    def table(self) -> Any:
        """One row a group, in the caller's kind of frame."""
        return self.kind.build(self.groups)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the table as a list of rows."""
        return {**super().to_dict(), "groups": records(self.groups)}

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        from . import _sections_rates

        return _sections_rates.rates(self, language)


def criteria_rates(
    data: Any,
    *,
    by: str | Sequence[str],
    status: str = "status",
    criteria: int | None = None,
    blank: str | None = None,
    threads: int = 0,
) -> CriteriaRates:
    """Count the cells met by district, province, region, group of criteria or period.

    One pass over a table that may have many millions of rows, one a unit, criterion and
    period. What `criteria_averages` knows of single units is not needed here.

    Parameters
    ----------
    data : data frame or mapping of columns
        Anything narwhals reads, or columns by name. Whole numbers and categories are
        quickest: they are counted as the frame holds them.
    by : str or sequence of str
        Columns whose values make the groups.
    status : str, optional
        Column of the states: 1, 0 and -1 (met, unmet, unknown), or words as in
        `Attainment.from_long`.
    criteria : int, optional
        Rows that each unit has, one a criterion; gives means per unit.
    blank : {"unmet", "unknown"}, optional
        What a blank status means, as in `Attainment.from_long`.
    threads : int, optional
        Number of threads; 0 for as many as there are processors. Any number gives the same
        counts.

    Returns
    -------
    CriteriaRates
        Groups in the order of their keys.

    Raises
    ------
    NrdKeyError
        If a column does not exist.
    NrdTypeError
        If `criteria` is no whole number.
    NrdValueError
        If a key is missing, a status is not understood, or a group has not `criteria` rows
        for each unit; the message names the row or the group.

    Examples
    --------
    >>> import nrd
    >>> rows = {"district": ["A", "A", "A", "A", "B", "B"], "status": [1, 0, 1, -1, 1, 1]}
    >>> found = nrd.criteria_rates(rows, by="district", criteria=2).groups
    >>> found["district"], found["met"], found["mean_low"], found["mean_high"]
    (['A', 'B'], [2, 2], [1.0, 2.0], [1.5, 2.0])
    """
    frame = Frame(data, WHO)
    names = [by] if isinstance(by, str) else list(by)
    if not names:
        raise NrdValueError(f"{WHO}: by is empty, expected one column or more")
    frame.require(*names, status)
    if criteria is not None and (not isinstance(criteria, Integral) or criteria < 1):
        raise NrdTypeError(
            f"{WHO}: criteria is {criteria!r}, expected a whole number above 0"
        )
    states = _states(frame, status, blank)
    keys, counts = _count(frame, names, states, status, threads)
    some = np.flatnonzero(counts["met"] + counts["unmet"] + counts["unknown"] > 0)
    found = [keys(i) for i in some.tolist()]
    order = in_order(found)
    counts = counts[some[order]]
    groups: dict[str, list] = {
        name: [found[i][place] for i in order] for place, name in enumerate(names)
    }
    groups |= _columns(groups, counts, criteria)
    return CriteriaRates(
        provenance=Provenance(
            method="cells met by group, with bounds over the unknown ones",
            options={"by": names, "criteria": criteria},
            used=frame.rows - sum(groups["unknown"]),
            dropped=sum(groups["unknown"]),
        ),
        kind=frame.kind,
        by=tuple(names),
        groups=groups,
    )


def _states(frame: Frame, status: str, blank: str | None) -> np.ndarray:
    """States as whole numbers: as they are held, or from words."""
    values = frame._columns[status]
    if isinstance(values, np.ndarray) or (
        not isinstance(values, list) and frame.is_integer(status)
    ):
        held = frame.array(status)
        if held.dtype.kind == "b" or held.dtype in (np.int8, np.int64):
            return held.view(np.int8) if held.dtype.kind == "b" else held
        if held.dtype.kind in "iu" and held.dtype.itemsize < 8:
            return held.astype(np.int64)
    words, found = frame.encode(status)
    words = [int(w) if isinstance(w, bool | np.bool_) else w for w in words]
    unknown = [place for place, word in enumerate(words) if word == -1]
    states, missing = meaning(
        [0 if place in unknown else word for place, word in enumerate(words)],
        found,
        blank,
        status,
    )
    for place in unknown:
        states[place] = -1
    return recode(found, states, missing).astype(np.int8)


def _count(
    frame: Frame, names: list[str], states: np.ndarray, status: str, threads: int
) -> tuple[Callable[[int], tuple], np.ndarray]:
    """Keys and counts of the groups; a range that was guessed too small is looked for."""
    try:
        return _tally(frame, names, states, status, threads, guess=True)
    except NrdKeyError as error:
        if error.status != "NRD_E_UNKNOWN":
            raise
    return _tally(frame, names, states, status, threads, guess=False)


def _tally(
    frame: Frame,
    names: list[str],
    states: np.ndarray,
    status: str,
    threads: int,
    *,
    guess: bool,
) -> tuple[Callable[[int], tuple], np.ndarray]:
    parts = [codes(frame, name, guess=guess and len(names) == 1) for name in names]
    keys, n, group, first = _together(parts)

    def where(row: int) -> str:
        for name, part in zip(names, parts, strict=True):
            if part.code[row] < part.first:
                return f"{WHO}: column {name!r}, row {row}: the value is missing"
        return f"{WHO}: column {status!r}, row {row}"

    return keys, tally.groups(group, states, first, max(n, 1), threads, where)


def _together(
    parts: list[Codes],
) -> tuple[Callable[[int], tuple], int, np.ndarray, int]:
    """Key of a code, number of codes, codes and the first of several columns as of one."""
    if len(parts) == 1:
        (part,) = parts
        return (lambda i: (part.keys[i],)), len(part.keys), part.code, part.first
    code = np.zeros(len(parts[0].code), np.int64)
    missing = np.zeros(len(code), bool)
    sizes = [max(len(part.keys), 1) for part in parts]
    for part, size in zip(parts, sizes, strict=True):
        place = part.code.astype(np.int64) - part.first
        missing |= place < 0
        code = code * size + place
    code[missing] = -1
    n = math.prod(sizes)
    seen = np.arange(n)
    if n > 4 * len(code) + 1024:
        seen, code = np.unique(code, return_inverse=True)
        absent = int(seen[0] < 0)
        seen, code, n = seen[absent:], code - absent, len(seen) - absent

    def key(i: int) -> tuple:
        places = np.unravel_index(int(seen[i]), sizes)
        return tuple(part.keys[int(at)] for part, at in zip(parts, places, strict=True))

    return key, n, code, 0


def _columns(keys: Columns, counts: np.ndarray, criteria: int | None) -> dict[str, list]:
    met, unmet, unknown = (
        counts[name].astype(np.int64) for name in ("met", "unmet", "unknown")
    )
    cells = met + unmet + unknown
    out = {"cells": cells, "met": met, "unmet": unmet, "unknown": unknown}
    out |= {"share_low": met / cells, "share_high": (met + unknown) / cells}
    table = {name: values.tolist() for name, values in out.items()}
    if criteria is None:
        return {**table, "mean_low": [None] * len(cells), "mean_high": [None] * len(cells)}
    uneven = np.flatnonzero(cells % criteria)
    if len(uneven):
        key = ", ".join(f"{name} {values[uneven[0]]!r}" for name, values in keys.items())
        raise NrdValueError(
            f"{WHO}: the group {key} has {cells[uneven[0]]} rows, expected {criteria} for "
            "each unit"
        )
    units = cells // criteria
    table["mean_low"] = (met / units).tolist()
    table["mean_high"] = ((met + unknown) / units).tolist()
    return table
