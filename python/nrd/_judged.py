"""Rows of an assessment as gaps need them: of one year or of all, with their decisions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ._core.assess import Rows
from .errors import NrdError, NrdKeyError, NrdTypeError, NrdValueError

if TYPE_CHECKING:
    from ._assessment import Assessment


class Judged(NamedTuple):
    """Places, days and values of some rows of an assessment, and which rows they are.

    ``years`` are those that occur; ``rows.when`` indexes them.
    """

    rows: Rows
    chosen: np.ndarray
    years: np.ndarray


def rows_of(found: Assessment, chosen: np.ndarray) -> Judged:
    """Rows as libnrd takes them."""
    years = np.unique(found.year[chosen])
    days = np.array([found.days[int(y)] for y in years], np.int32)
    values = [None if v is None else v[chosen] for v in found.values]
    when = np.searchsorted(years, found.year[chosen])
    return Judged(Rows(found.place[chosen], when, days, values), chosen, years)


def named(found: Assessment, judged: Judged, error: NrdError) -> NrdError:
    """Name unit and year where libnrd names a row of those it was given."""
    if error.row is None:
        return error
    row = judged.chosen[error.row]
    who, said = str(error).split(": ", 1)
    unit, year = found.unit_names[found.unit[row]], found.year[row]
    return NrdValueError(
        f"{who.split(',')[0]}: unit {unit!r}, year {year}: {said}", status=error.status
    )


def of_each(given: Mapping[str, Any], names: tuple[str, ...], what: str) -> list:
    """What a mapping from units says of each unit, in the order of `names`.

    Raises
    ------
    NrdTypeError
        If it is no mapping.
    NrdKeyError
        If a unit is not there, or a unit of the mapping does not exist.
    """
    if not isinstance(given, Mapping):
        raise NrdTypeError(f"{what} is {given!r}, expected a mapping from units")
    held = {str(unit): value for unit, value in given.items()}
    for unit in names:
        if unit not in held:
            raise NrdKeyError(f"{what}: there is nothing for the unit {unit!r}")
    known = set(names)
    for unit in held:
        if unit not in known:
            raise NrdKeyError(f"{what}: there is no unit {unit!r}")
    return [held[unit] for unit in names]


def decimal_of(value: Any, what: str) -> Decimal:
    """A number of 0 or more as the decimal it is written as: 0.1 is 1/10.

    Raises
    ------
    NrdValueError
        If it is none, below 0 or not finite.
    """
    try:
        found = Decimal(str(value)) if not isinstance(value, bool) else Decimal("nan")
    except InvalidOperation:
        found = Decimal("nan")
    if not (found.is_finite() and found >= 0):
        raise NrdValueError(f"{what}: found {value!r}, expected a number of 0 or more")
    return found


def in_whole_units(values: list[Decimal], what: str, most: int) -> tuple[list[int], int]:
    """Numbers as multiples of one decimal unit, and how many such units make 1.

    Raises
    ------
    NrdValueError
        If a number has more than `most` such units.
    """
    places = max((-int(v.as_tuple().exponent) for v in values), default=0)
    unit = 10 ** max(places, 0)
    found = [int(Fraction(v) * unit) for v in values]
    if max(found, default=0) > most:
        raise NrdValueError(
            f"{what}: the numbers have too many digits, expected up to "
            f"{len(str(most)) - 1} in their smallest decimal"
        )
    return found, unit
