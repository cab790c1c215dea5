"""To a target: how many units are needed, at what pace, and which are nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _targets
from ._core.attainment import UNKNOWN, UNMET
from ._result import Columns, Provenance, Result, plain, records
from .attainment import Attainment
from .errors import NrdTypeError, NrdValueError
from .gaps import attainment_gaps, attainment_of

if TYPE_CHECKING:
    from ._assessment import Assessment
    from .gaps import AttainmentGaps

_NUMBERS = (
    "target", "reached_low", "reached_high", "need_low", "need_high", "years",
    "pace_low", "pace_high", "past_pace_low", "past_pace_high",
    "expected_low", "expected_high", "date_low", "date_high",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class TargetPace(Result):
    """A target beside what is reached, and the pace needed beside that of the past.

    Attributes
    ----------
    quantity : {"units", "criteria"}
        What is counted: units that meet the standard, or criteria met by all units
        together, where the target is a mean.
    units, criteria : int
        Number of units and of criteria.
    target : int
        What must be reached.
    reached_low, reached_high : int
        What is reached, at least and at most.
    met : bool or None
        Whether the target is reached already; None where nobody knows.
    need_low, need_high : int
        What is missing to the target; 0 where it is reached.
    years : float
        From the present state to the date of the target.
    pace_low, pace_high : float
        What is needed a year; 0 where the target is reached.
    past_pace_low, past_pace_high : float or None
        What was added a year since the past state; None where none was given.
    expected_low, expected_high : float or None
        What is reached at the date at the pace of the past, not cut to what is possible.
    date_low, date_high : float or None
        When the target is reached at that pace, in years, 2026.0 being the end of 2025;
        None without a past or where it does not grow.
    nearest : dict of columns
        Units that may still miss the standard, the nearest first: code, name, criteria
        surely missing (``low``) and possibly (``high``), their codes, and where there are
        measured values the largest distance divided by its level (``furthest``).
    """

    quantity: str
    units: int
    criteria: int
    target: int
    reached_low: int
    reached_high: int
    met: bool | None
    need_low: int
    need_high: int
    years: float
    pace_low: float
    pace_high: float
    past_pace_low: float | None
    past_pace_high: float | None
    expected_low: float | None
    expected_high: float | None
    date_low: float | None
    date_high: float | None
    nearest: Columns

    @property
    def table(self) -> Any:
        """The numbers in one row, in the caller's kind of frame."""
        row = {name: [getattr(self, name)] for name in _NUMBERS}
        return self.kind.build({"quantity": [self.quantity], "met": [self.met], **row})

    @property
    def nearest_table(self) -> Any:
        """One row a unit, codes joined by blanks, in the caller's kind of frame."""
        joined = {
            key: [" ".join(v) for v in self.nearest[key]] for key in ("surely", "possibly")
        }
        return self.kind.build({**self.nearest, **joined})

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        return {
            "provenance": plain(self.provenance),
            "quantity": self.quantity,
            "met": self.met,
            **{name: plain(getattr(self, name)) for name in _NUMBERS},
            "nearest": records(self.nearest),
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections_gaps

        return _sections_gaps.pace(self, language)


def target_pace(
    now: Attainment | Assessment,
    *,
    at: int | str,
    by: int | str,
    units: int | None = None,
    share: float | None = None,
    mean: float | None = None,
    criterion: str | None = None,
    past: Attainment | Assessment | float | None = None,
    past_at: int | str | None = None,
    year: int | None = None,
) -> TargetPace:
    """Hold a target against what is reached, and its pace against that of the past.

    Parameters
    ----------
    now : Attainment or Assessment
        The present state, at least one unit.
    at, by : int or str
        Date of the present state, and of the target: the end of a year (2025), of a month
        ("2024-06") or of a day ("2024-06-30").
    units, share, mean : int, float, float, optional
        The target, one of the three: units that meet the standard, their share of all, or
        the mean number of criteria met per unit.
    criterion : str, optional
        Criterion that the units must meet; by default the whole set, of an assessment with
        its conditions. A mean is always of all criteria.
    past : Attainment, Assessment or number, optional
        An earlier state of the same units; or units, where the target is a mean the mean.
    past_at : int or str, optional
        Its date.
    year : int, optional
        Year of an assessment that has several.

    Returns
    -------
    TargetPace
        A target that is reached already has a need and a pace of 0.

    Raises
    ------
    NrdTypeError
        If `now` is neither, or a date is none.
    NrdKeyError
        If there is no such criterion.
    NrdValueError
        If there is not one target, it exceeds what is there, `by` is not after `at` or `at`
        not after `past_at`, or the past is of another number of units.

    Notes
    -----
    What is unknown gives bounds: at most so many units meet the standard, so that at least
    so many are needed. Each number is extreme over the completions of both states.

    Examples
    --------
    >>> import nrd
    >>> now = nrd.Attainment.from_totals({"standard": 65}, units=188)
    >>> pace = nrd.target_pace(
    ...     now, at="2024-06", units=83, by=2025, past=49, past_at="2020-12"
    ... )
    >>> pace.need_low, round(pace.pace_low, 1), round(pace.past_pace_low, 1)
    (18, 12.0, 4.6)
    """
    found = attainment_of(now, "target_pace", year)
    found.require_cells("target_pace")
    n, of_mean = len(found.units), mean is not None
    if of_mean and criterion is not None:
        raise NrdValueError("target_pace: a mean is of all criteria, not of one criterion")
    target = _targets.wanted("target_pace", units, share, mean, (n, len(found.criteria)))
    state = _targets.reached(now, found, year, criterion, of_mean)
    begin, end = _targets.end_of(at, "at"), _targets.end_of(by, "by")
    if end <= begin:
        raise NrdValueError(f"by is {by!r}, expected a date after at, {at!r}")
    low, high = max(target - state.high, 0), max(target - state.low, 0)
    years = end - begin
    grown = _grown(past, past_at, at, found, state, criterion, of_mean)
    return TargetPace(
        provenance=Provenance(
            method="a target beside what is reached, with bounds",
            options={
                "units": units,
                "share": share,
                "mean": mean,
                "criterion": criterion,
                "at": at,
                "by": by,
                "past_at": past_at,
            },
            used=found.used,
            dropped=found.dropped,
        ),
        kind=found._kind,
        quantity="criteria" if of_mean else "units",
        units=n,
        criteria=len(found.criteria),
        target=target,
        reached_low=state.low,
        reached_high=state.high,
        met=True if high == 0 else False if low > 0 else None,
        need_low=low,
        need_high=high,
        years=years,
        pace_low=low / years,
        pace_high=high / years,
        **_at_past_pace(grown, state, (low, high), begin, years),
        nearest=_nearest(attainment_gaps(now, year=year), criterion),
    )


def _grown(
    past: Any,
    past_at: Any,
    at: Any,
    now: Attainment,
    state: _targets.Reached,
    criterion: str | None,
    of_mean: bool,
) -> tuple[float, float] | None:
    """What was added a year, at least and at most; None without a past."""
    if (past is None) != (past_at is None):
        raise NrdTypeError("target_pace: past and past_at go together")
    if past is None:
        return None
    begin, end = _targets.end_of(past_at, "past_at"), _targets.end_of(at, "at")
    if end <= begin:
        raise NrdValueError(f"past_at is {past_at!r}, expected a date before at, {at!r}")
    low, high = _targets.past_state(past, now, criterion, of_mean)
    return float(state.low - high) / (end - begin), float(state.high - low) / (end - begin)


def _at_past_pace(
    grown: tuple[float, float] | None,
    state: _targets.Reached,
    need: tuple[int, int],
    begin: float,
    years: float,
) -> dict[str, float | None]:
    """What the pace of the past leads to."""
    names = ("past_pace", "expected", "date")
    if grown is None:
        return {f"{name}_{end}": None for name in names for end in ("low", "high")}
    slow, fast = grown
    return {
        "past_pace_low": slow,
        "past_pace_high": fast,
        "expected_low": state.low + slow * years,
        "expected_high": state.high + fast * years,
        "date_low": _date(begin, need[0], fast),
        "date_high": _date(begin, need[1], slow),
    }


def _date(begin: float, need: int, pace: float) -> float | None:
    if need == 0:
        return begin
    return begin + need / pace if pace > 0 else None


def _nearest(gaps: AttainmentGaps, criterion: str | None) -> Columns:
    """Units that may still miss what is asked, the nearest first."""
    codes = np.array(gaps.by_criterion["criterion"], object)
    asked = np.full(len(codes), True) if criterion is None else codes == criterion
    low = np.count_nonzero((gaps.states == UNMET) & asked, axis=1)
    high = low + np.count_nonzero((gaps.states == UNKNOWN) & asked, axis=1)
    furthest = gaps._measured.furthest if gaps._measured else np.full(len(low), np.nan)
    order = np.lexsort((furthest, high, low))
    order = order[high[order] > 0].tolist()
    missing = gaps.by_unit
    return {
        "unit": [gaps.units[u] for u in order],
        "name": [gaps.names[u] for u in order],
        "low": low[order].tolist(),
        "high": high[order].tolist(),
        "surely": [missing["surely"][u] for u in order],
        "possibly": [missing["possibly"][u] for u in order],
        "furthest": [None if np.isnan(furthest[u]) else float(furthest[u]) for u in order],
    }
