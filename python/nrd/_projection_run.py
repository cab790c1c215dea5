"""Options of a projection, checked; its rows, and the calls of C."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ._core.projection import FOUND, POINT, project
from ._resample import progress_of
from ._series import OK, Series
from .errors import NrdTypeError, NrdValueError

WHERE = "project_poverty"
# Areas in one call of C where progress is shown.
_AT_ONCE = 500
_YEARS, _MOST_YEARS = 10, 500


def one_of(value: Any, name: str, known: Iterable[str], where: str) -> None:
    """Check a word.

    Raises
    ------
    NrdValueError
        If it is none of those known.
    """
    if not isinstance(value, str) or value not in known:
        raise NrdValueError(f"{where}: {name} is {value!r}, expected {', '.join(known)}")


class Chosen:
    """The rows of each area that a line goes through.

    Attributes
    ----------
    time, value : ndarray, shape (rows,)
        Times and figures, area after area.
    standard : ndarray of int32, shape (rows,)
        Codes of the standards.
    offset : ndarray of uint64, shape (areas + 1,)
        Rows before each area.
    standards : tuple
        The standard of the line of each area: the last one.
    faults : dict
        State and detail of areas whose rows were left out.
    """

    def __init__(self, series: Series, shift: bool):
        last = np.full(len(series), -np.inf)
        last[series.n > 0] = series.time[
            series.offset[1:][series.n > 0].astype(np.intp) - 1
        ]
        order = np.lexsort((np.arange(len(series)), last, series.area))
        ends = np.searchsorted(series.area[order], np.arange(len(series.keys)), "right") - 1
        final = order[ends]
        self.faults: dict[int, tuple[str, str]] = {}
        blamed = range(len(series)) if shift else final.tolist()
        for k in blamed:
            if series.reason[k] != OK:
                found = (series.reason[k], series.detail[k])
                self.faults.setdefault(int(series.area[k]), found)
        keep = np.ones(len(series), bool)
        if not shift:
            keep[:] = False
            keep[final] = True
        rows = keep[series.segment]
        segment = series.segment[rows]
        self.time, self.value = series.time[rows], series.value[rows]
        self.standard = series.standard[segment].astype(np.int32)
        n = np.bincount(series.area[segment], minlength=len(series.keys))
        self.offset = np.r_[0, np.cumsum(n)].astype(np.uint64)
        self.standards = tuple(series.standards[series.standard[k]] for k in final)

    def details(self, state: list[str]) -> list[str]:
        """What was found of each area; the state of those left out is set, too."""
        out = np.diff(self.offset.astype(np.int64)).astype(str).tolist()
        for i, fault in self.faults.items():
            state[i], out[i] = fault
        for i, name in enumerate(state):
            if name == "outside" and i not in self.faults:
                # 0 or less, or else the whole.
                own = self.value[int(self.offset[i]) : int(self.offset[i + 1])]
                row = int(self.offset[i])
                row += int(np.argmin(own) if own.min() <= 0 else np.argmax(own))
                out[i] = f"{self.value[row]:.12g} ({self.time[row]:.12g})"
        return out


def number(value: Any, name: str) -> float:
    """Return a number, NaN for None.

    Raises
    ------
    NrdTypeError, NrdValueError
        If it is something else, or not finite.
    """
    if value is None:
        return np.nan
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise NrdTypeError(f"{WHERE}: {name} is {value!r}, expected a number") from None
    if not np.isfinite(number):
        raise NrdValueError(f"{WHERE}: {name} is {value}, expected a finite number")
    return number


def targets(target: Any, areas: int, scale: str, rate: str) -> np.ndarray:
    """Return the target of each area; NaN where there is none.

    Raises
    ------
    NrdValueError
        If there are too few, or one has no place on the scale.
    """
    if target is None:
        return np.full(areas, np.nan)
    if np.ndim(target) > 0:
        goals = np.array([number(one, "target") for one in target])
        if goals.shape != (areas,):
            raise NrdValueError(
                f"{WHERE}: there are {len(goals)} targets, expected one or {areas}, one "
                "for each area"
            )
    else:
        goals = np.full(areas, number(target, "target"))
    least, most = 0.0, 100.0 if rate == "percent" else np.inf
    inner = scale != "linear"
    low = goals <= least if inner else goals < least
    high = goals >= most if scale == "logit" else goals > most
    bad = (low & ((rate == "percent") | inner)) | high
    if bad.any():
        expected = {
            "logit": "above 0 and below 100; scale='linear' allows 0 and 100",
            "log": "above 0",
            "linear": "from 0 to 100",
        }[scale]
        raise NrdValueError(
            f"{WHERE}: target is {goals[np.argmax(bad)]:g}, expected a number {expected}"
        )
    return goals


def years_of(years: Any, due: float, chosen: Chosen) -> np.ndarray:
    """Years to project to: those given, or all after the last one up to the target's.

    Raises
    ------
    NrdTypeError, NrdValueError
        If one is no number, or the target is too far away.
    """
    if years is not None:
        return np.array([number(year, "years") for year in np.atleast_1d(years)])
    if not len(chosen.time):
        return np.empty(0)
    first = np.floor(chosen.time.max()) + 1
    last = first + _YEARS - 1 if np.isnan(due) else np.floor(due)
    if last - first >= _MOST_YEARS:
        raise NrdValueError(
            f"{WHERE}: target_year is {due:g}, expected one at most {_MOST_YEARS} years "
            f"after the last figure, of {first - 1:g}"
        )
    return np.arange(first, last + 1)


def run(
    chosen: Chosen, goals: np.ndarray, due: float, options: dict[str, Any], progress: Any
) -> tuple[np.ndarray, np.ndarray]:
    """All areas, or so many at once that progress can be shown."""
    areas = len(goals)
    points = np.empty((areas, len(options["times"])), POINT)
    found = np.empty(areas, FOUND)
    with progress_of(progress, WHERE) as look:
        step = areas if look is None else _AT_ONCE
        for first in range(0, areas, max(step, 1)):
            part = slice(first, min(first + step, areas))
            offset = chosen.offset[part.start : part.stop + 1]
            rows = slice(int(offset[0]), int(offset[-1]))
            points[part], found[part] = project(
                chosen.time[rows],
                chosen.value[rows],
                offset - offset[0],
                standard=chosen.standard[rows],
                target=goals[part],
                by=np.full(part.stop - part.start, due),
                first=first,
                where=WHERE,
                **options,
            )
            if look is not None:
                look(part.stop, areas)
    return points, found
