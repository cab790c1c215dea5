"""What a target asks: how many units, or criteria over all of them, and by when."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import _progress
from ._core.assess import MET, UNKNOWN
from .attainment import Attainment
from .errors import NrdTypeError, NrdValueError
from .gaps import attainment_of

if TYPE_CHECKING:
    from ._assessment import Assessment

_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class Reached(NamedTuple):
    """Bounds of what is reached: units, or criteria met by all units together."""

    low: int
    high: int


def wanted(
    who: str,
    units: int | None,
    share: float | None,
    mean: float | None,
    shape: tuple[int, int],
) -> int:
    """Units, or criteria over all units, that a target asks; exactly one is given.

    Raises
    ------
    NrdValueError
        If none or several are given, or one is out of reach.
    """
    given = {
        name: value
        for name, value in (("units", units), ("share", share), ("mean", mean))
        if value is not None
    }
    if len(given) != 1:
        names = " and ".join(given) or "none"
        raise NrdValueError(
            f"{who}: found {names}, expected one target of units, share or mean"
        )
    ((name, value),) = given.items()
    most = {"units": shape[0], "share": 1, "mean": shape[1]}[name]
    what = {
        "units": "a whole number up to the number of units",
        "share": "a share from 0 to 1",
        "mean": "a mean up to the number of criteria",
    }[name]
    kind = Integral if name == "units" else Real
    if not isinstance(value, kind) or isinstance(value, bool) or not 0 <= value <= most:
        raise NrdValueError(
            f"{who}: {name} is {value!r}, expected {what}"
            + ("" if name == "share" else f", {most}")
        )
    if name == "units":
        return int(value)
    exact = Fraction(repr(float(value))).limit_denominator(10**6)
    return ceil(exact * shape[0])


def reached(
    given: Attainment | Assessment,
    attainment: Attainment,
    year: int | None,
    criterion: str | None,
    of_mean: bool,
) -> Reached:
    """Bounds of what is reached, of the whole set or of one criterion."""
    if of_mean:
        low, high = attainment._matrix.criterion_counts()
        return Reached(int(low.sum()), int(high.sum()))
    if criterion is not None:
        place = attainment._place(criterion)
        low, high = attainment._matrix.criterion_counts()
        return Reached(int(low[place]), int(high[place]))
    if given is not attainment:
        states = given.states[given._rows_of_year(year)]
        return Reached(
            int(np.count_nonzero(states == MET)),
            int(np.count_nonzero((states == MET) | (states == UNKNOWN))),
        )
    return _all_met(attainment)


def _all_met(attainment: Attainment) -> Reached:
    """Units that meet all criteria: as many as surely do, and as totals force or allow."""
    n = len(attainment.units)
    met_low, met_high = attainment._matrix.criterion_counts()
    low, high = attainment._matrix.classes([len(attainment.criteria)])
    forced = n - int((n - met_low).sum())
    return Reached(max(int(low[0]), forced), min(int(high[0]), int(met_high.min())))


def past_state(
    past: Any, now: Attainment, criterion: str | None, of_mean: bool
) -> tuple[Fraction, Fraction]:
    """What was reached before, as bounds: from a number, or from states of the same units.

    Raises
    ------
    NrdValueError
        If a number is impossible, or the number of units was another.
    """
    n = len(now.units)
    if isinstance(past, Real) and not isinstance(past, bool):
        most = len(now.criteria) if of_mean else n
        if not 0 <= past <= most:
            raise NrdValueError(
                f"past is {past!r}, expected a number from 0 to {most}, as the target"
            )
        exact = Fraction(str(past if isinstance(past, Integral) else float(past)))
        return (exact * n if of_mean else exact,) * 2
    before = attainment_of(past, "target_pace, past")
    if len(before.units) != n:
        raise NrdValueError(
            f"past has {len(before.units)} units and the present {n}: counts of different "
            "units cannot be compared"
        )
    found = reached(past, before, None, criterion, of_mean)
    return Fraction(found.low), Fraction(found.high)


def end_of(moment: Any, name: str) -> float:
    """End of a year, month or day, in years: of 2024-06 it is 2024 and 182 / 366.

    Raises
    ------
    NrdTypeError, NrdValueError
        If it is none.
    """
    if isinstance(moment, Integral) and not isinstance(moment, bool):
        moment = str(moment)
    if not isinstance(moment, str):
        raise NrdTypeError(f"{name} is {moment!r}, expected a year or text like '2024-06'")
    try:
        if _DAY.fullmatch(moment):
            return float(_progress.stretch(moment)[1])
    except ValueError:
        pass
    raise NrdValueError(
        f"{name} is {moment!r}, expected a year, a month like '2024-06' or a day like "
        "'2024-06-30'"
    )
