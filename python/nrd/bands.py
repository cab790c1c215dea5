"""What bands alone say of the mean: "33 communes with 19, 63 with 15-18, ..."."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from typing import Any, NamedTuple

from ._frames import NO_KIND
from ._result import Columns, Provenance, Result, records
from .averages import band_name
from .errors import NrdTypeError, NrdValueError
from .statements import Statement

WHO = "band_averages"


@dataclass(frozen=True, eq=False, repr=False)
class BandAverages(Result):
    """Bounds of the mean that bands allow.

    Attributes
    ----------
    mean_low, mean_high : float
        Least and greatest mean number of criteria per unit. Where the number of units has
        no upper end, no more than what many more units come close to.
    units : tuple of int or None
        Least and greatest number of units; None where it has no end.
    criteria : int
        Number of criteria.
    classes : dict of columns
        Per band, those that are not stated included, best first: ``class``, ``least`` and
        ``most`` criteria, ``low`` and ``high`` number of units (None without an end).
    """

    mean_low: float
    mean_high: float
    units: tuple[int, int | None]
    criteria: int
    classes: Columns

    @property
    def table(self) -> Any:
        """One row a band, as a frame of the library that is installed."""
        return self.kind.build(self.classes)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the bands as a list of rows."""
        return {**super().to_dict(), "classes": records(self.classes)}

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections_rates

        return _sections_rates.bands(self, language)


class _Band(NamedTuple):
    least: int
    most: int
    low: int
    high: int | None


def band_averages(
    bands: Iterable[Statement],
    *,
    units: int | tuple[int, int | None] | None = None,
    criteria: int = 19,
) -> BandAverages:
    """Bound the mean number of criteria from the number of units in each band.

    What no band covers holds any number of units, unless their number is given. Tight for a
    stated number of units: some completion reaches each bound.

    Parameters
    ----------
    bands : iterable of Statement
        Each made by ``Statement.band``, of all units; they must not overlap.
    units : int or tuple of int, optional
        Number of units, or the range it lies in, with None for no upper end. By default
        their sum where the bands cover all numbers of criteria, else no more is known than
        that they are at least those.
    criteria : int, optional
        Number of criteria.

    Returns
    -------
    BandAverages

    Raises
    ------
    NrdTypeError
        If something is no band of all units, or `units` or `criteria` no whole number.
    NrdValueError
        If bands overlap, go beyond the criteria, hold nothing, or do not add up to the
        number of units.

    Examples
    --------
    >>> import nrd
    >>> band = nrd.Statement.band
    >>> stated = [band(1, 19), band(25, 15, 18), band(88, 10, 14)]
    >>> found = nrd.band_averages(stated, units=202)
    >>> round(found.mean_low, 2), round(found.mean_high, 2)
    (6.31, 12.34)
    """
    if not isinstance(criteria, Integral) or criteria < 1:
        raise NrdTypeError(
            f"{WHO}: criteria is {criteria!r}, expected a whole number above 0"
        )
    listed = _read(bands, int(criteria))
    covered = sum(band.most - band.least + 1 for band in listed) == criteria + 1
    parts = _with_gaps(listed, int(criteria))
    low, high = _units(units, parts, covered)
    least = [_mean(parts, n, 1) for n in _turns(parts, low, high)]
    most = [_mean(parts, n, -1) for n in _turns(parts[::-1], low, high)]
    return BandAverages(
        provenance=Provenance(
            method="least and greatest mean with so many units in each band",
            options={"units": (low, high), "criteria": criteria},
            used=len(listed),
            assumptions=(
                () if high is not None else ("The number of units has no upper end.",)
            ),
        ),
        kind=NO_KIND,
        mean_low=float(min(least)),
        mean_high=float(max(most)),
        units=(low, high),
        criteria=int(criteria),
        classes=_classes(parts, low, high),
    )


def _read(bands: Iterable[Statement], criteria: int) -> list[_Band]:
    """Bands from the lowest, each apart from the next."""
    found: list[tuple[_Band, Statement]] = []
    for place, band in enumerate([bands] if isinstance(bands, Statement) else bands):
        if not isinstance(band, Statement) or band.kind != "band" or band.units is not None:
            raise NrdTypeError(
                f"{WHO}: band {place} is {str(band)!r}, expected nrd.Statement.band of "
                "all units"
            )
        least, most = band.criteria
        most = criteria if most is None else most
        if most > criteria:
            raise NrdValueError(
                f"{WHO}: band {place}, {str(band)!r}, goes beyond the {criteria} criteria"
            )
        found.append((_Band(least, most, *band.count), band))
    if not found:
        raise NrdValueError(f"{WHO}: there are no bands, expected one or more")
    found.sort(key=lambda pair: pair[0])
    for (below, first), (above, second) in itertools.pairwise(found):
        if above.least <= below.most:
            raise NrdValueError(
                f"{WHO}: the bands {str(first)!r} and {str(second)!r} overlap at "
                f"{above.least} criteria"
            )
    return [band for band, _ in found]


def _with_gaps(bands: Sequence[_Band], criteria: int) -> list[_Band]:
    """Put a band that may hold any number of units wherever none is stated."""
    out: list[_Band] = []
    begin = 0
    for band in bands:
        if band.least > begin:
            out.append(_Band(begin, band.least - 1, 0, None))
        out.append(band)
        begin = band.most + 1
    if begin <= criteria:
        out.append(_Band(begin, criteria, 0, None))
    return out


def _units(units: Any, parts: Sequence[_Band], covered: bool) -> tuple[int, int | None]:
    """Number of units that the bands and the caller allow."""
    held = sum(band.low for band in parts)
    room = sum(band.high for band in parts) if covered else None
    ends = units if isinstance(units, tuple) else (units, units)
    if len(ends) != 2 or not all(n is None or isinstance(n, Integral) for n in ends):
        raise NrdTypeError(
            f"{WHO}: units is {units!r}, expected a whole number, or two of them"
        )
    low = max(held, int(ends[0] or 0), 1)
    high = room if ends[1] is None else int(ends[1])
    least = held if held == room or room is None else f"{held} to {room}"
    if (high is not None and (high < low or high < held)) or (
        room is not None and low > room
    ):
        more = "" if room is not None else " or more"
        raise NrdValueError(
            f"{WHO}: the bands add up to {least}{more} units, expected {_given(units)}"
        )
    return low, high if room is None else min(high, room)


def _given(units: Any) -> str:
    if not isinstance(units, tuple):
        return "one or more" if units is None else f"{units}"
    return f"{units[0]} to {units[1]}"


def _turns(ordered: Sequence[_Band], low: int, high: int | None) -> list[int | None]:
    """Numbers of units at which the extreme mean may turn: the ends, and full bands."""
    found: list[int | None] = [low, high]
    filled = sum(band.low for band in ordered)
    for band in ordered:
        if band.high is None:
            break
        filled += band.high - band.low
        if low < filled and (high is None or filled < high):
            found.append(filled)
    return found


def _mean(parts: Sequence[_Band], n: int | None, sign: int) -> Fraction:
    """Least mean of n units for sign 1, greatest for -1; of ever more units for None."""
    ordered = parts if sign > 0 else parts[::-1]
    value = [band.least if sign > 0 else band.most for band in ordered]
    if n is None:
        return Fraction(
            next(v for v, b in zip(value, ordered, strict=True) if b.high is None)
        )
    left = n - sum(band.low for band in parts)
    total = 0
    for band, criteria in zip(ordered, value, strict=True):
        more = left if band.high is None else min(left, band.high - band.low)
        total += criteria * (band.low + more)
        left -= more
    return Fraction(total, n)


def _classes(parts: Sequence[_Band], low: int, high: int | None) -> Columns:
    out: dict[str, list] = {n: [] for n in ("class", "least", "most", "low", "high")}
    held = sum(band.low for band in parts)
    for band in reversed(parts):
        open_elsewhere = any(b.high is None for b in parts if b is not band)
        most = None if high is None else high - (held - band.low)
        ends = [end for end in (band.high, most) if end is not None]
        others = None if open_elsewhere else sum(b.high for b in parts if b is not band)
        out["class"].append(band_name(band.least, band.most))
        out["least"].append(band.least)
        out["most"].append(band.most)
        out["low"].append(band.low if others is None else max(band.low, low - others))
        out["high"].append(min(ends) if ends else None)
    return out
