"""An assessment of one year as a grid: units in the order of what they meet, by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ._core.assess import MET, NEAR, UNKNOWN, UNMET
from .errors import NrdValueError

if TYPE_CHECKING:
    from ._assessment import Assessment

COLUMNS = ("criteria", "indicators")


@dataclass(frozen=True)
class Grid:
    """States of units (rows) in criteria or indicators (columns).

    ``met`` and ``meeting`` are the least and the greatest number of columns that a unit
    meets, and of units that meet a column: they differ by what is unknown.
    """

    year: int
    units: list[str]
    codes: list[str]
    states: np.ndarray
    met: np.ndarray
    meeting: np.ndarray


def grid(result: Assessment, year: int | None, columns: str) -> Grid:
    """Take one year, the unit on top that surely meets most.

    Raises
    ------
    NrdValueError
        If the columns are neither, a year is not named or there is nothing of it.
    """
    if columns not in COLUMNS:
        raise NrdValueError(f"columns is {columns!r}, expected one of {', '.join(COLUMNS)}")
    rows = result._rows_of_year(year)
    if columns == "criteria":
        codes = list(result.criteria_set.codes)
        states = _with_near(result, rows)
    else:
        codes = [item.code for item in result.criteria_set.items]
        states = result.items[:, rows].T
    met = _counts(states, 1)
    order = np.lexsort((-met[1], -met[0]))
    return Grid(
        year=int(result.year[rows[0]]),
        units=[result.unit_names[result.unit[row]] for row in rows[order]],
        codes=codes,
        states=states[order],
        met=met[:, order],
        meeting=_counts(states, 0),
    )


def _with_near(result: Assessment, rows: np.ndarray) -> np.ndarray:
    """States of criteria; near where all that is missing is near."""
    states = result.criteria[:, rows].copy()
    items, of = (
        result.items[:, rows],
        [item.criterion for item in result.criteria_set.items],
    )
    for place, code in enumerate(result.criteria_set.codes):
        own = items[[criterion == code for criterion in of]]
        near = np.any(own == NEAR, axis=0) & ~np.any(own == UNMET, axis=0)
        states[place, near & (states[place] == UNMET)] = NEAR
    return states.T


def _counts(states: np.ndarray, axis: int) -> np.ndarray:
    met = np.count_nonzero(states == MET, axis=axis)
    return np.stack([met, met + np.count_nonzero(states == UNKNOWN, axis=axis)])
