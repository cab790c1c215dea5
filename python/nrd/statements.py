"""What is said of a table beside its cells: rows, bands, totals of some units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral
from typing import Literal

from ._cells import refuse_listed_twice
from .errors import NrdTypeError, NrdValueError

__all__ = ["Statement"]

Range = int | tuple[int, int]


@dataclass(frozen=True)
class Statement:
    """Something said of units x criteria that names no single cell.

    Made by `each`, `band` and `total`. A statement holds; it is no guess. Where statements
    and cells cannot hold together, the computation that takes them says which.

    Attributes
    ----------
    kind : {"each", "band", "total"}
        Every unit, a number of units in a band, a number of units that meet a criterion.
    count : tuple of int
        Least and greatest number of units; for "each" 0 and 0.
    criteria : tuple of int or str
        Least and greatest number of criteria, or the code of the one criterion.
    units : tuple of str or None
        The units it speaks of; None for all.
    source : str
        Where it stands, for messages.

    Examples
    --------
    >>> import nrd
    >>> print(nrd.Statement.band(13, 10, 14, source="report, p. 3"))
    13 units meet 10–14 criteria (report, p. 3)
    >>> print(nrd.Statement.each(19, units=["Tan Van", "Minh Khai"]))
    each of the units Tan Van, Minh Khai meets 19 or more criteria
    """

    kind: Literal["each", "band", "total"]
    count: tuple[int, int]
    criteria: tuple[int, int | None] | str
    units: tuple[str, ...] | None = None
    source: str = ""

    @classmethod
    def each(
        cls,
        least: int = 0,
        most: int | None = None,
        *,
        units: Iterable[str] | None = None,
        source: str = "",
    ) -> Statement:
        """State that each unit meets `least` to `most` criteria.

        Parameters
        ----------
        least, most : int, optional
            Ends of the range, both included; without `most` there is no upper end.
        units : iterable of str, optional
            Codes of the units; all by default.
        source : str, optional
            Where the statement stands.

        Returns
        -------
        Statement

        Raises
        ------
        NrdValueError
            If a number is negative or the range is empty.
        """
        return cls("each", (0, 0), _range(least, most), _codes(units), source)

    @classmethod
    def band(
        cls,
        count: Range,
        least: int,
        most: int | None = None,
        *,
        units: Iterable[str] | None = None,
        source: str = "",
    ) -> Statement:
        """State that so many units meet `least` to `most` criteria, and the others do not.

        Parameters
        ----------
        count : int or (low, high)
            Number of units, or the range it lies in.
        least, most : int
            Ends of the band, both included; without `most` there is no upper end.
        units : iterable of str, optional
            Codes of the units among which is counted; all by default.
        source : str, optional
            Where the statement stands.

        Returns
        -------
        Statement

        Raises
        ------
        NrdValueError
            If a number is negative or a range is empty.
        """
        return cls("band", _count(count), _range(least, most), _codes(units), source)

    @classmethod
    def total(
        cls,
        criterion: str,
        count: Range,
        *,
        units: Iterable[str] | None = None,
        source: str = "",
    ) -> Statement:
        """State that so many units meet a criterion.

        Parameters
        ----------
        criterion : str
            Code of the criterion.
        count : int or (low, high)
            Number of units, or the range it lies in.
        units : iterable of str, optional
            Codes of the units among which is counted; all by default.
        source : str, optional
            Where the statement stands.

        Returns
        -------
        Statement

        Raises
        ------
        NrdValueError
            If a number is negative or the range is empty.
        """
        return cls("total", _count(count), str(criterion), _codes(units), source)

    def __str__(self) -> str:
        among = "" if self.units is None else f" of the units {_some(self.units)}"
        if self.kind == "each":
            text = f"each{among or ' unit'} meets {_criteria(*self.criteria)}"
        else:
            low, high = self.count
            many = f"{low}" if low == high else f"{low} to {high}"
            one = self.count == (1, 1) and self.units is None
            text = f"{many}{among or (' unit' if one else ' units')} "
            text += "meets " if one else "meet "
            band = self.kind == "band"
            text += _criteria(*self.criteria) if band else f"criterion {self.criteria}"
        return f"{text} ({self.source})" if self.source else text


def _criteria(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} or more criteria"
    if least == most:
        return f"{least} criteria"
    return f"{least}–{most} criteria"


def _some(units: tuple[str, ...]) -> str:
    """Name the first units, and say how many more there are."""
    named = ", ".join(units[:6])
    return named if len(units) <= 6 else f"{named} and {len(units) - 6} more"


def _range(least: int, most: int | None) -> tuple[int, int | None]:
    for value in (least, most):
        if value is not None and (not isinstance(value, Integral) or value < 0):
            raise NrdValueError(
                f"statement: the number of criteria is {value!r}, expected a whole number, "
                "0 or more"
            )
    if most is not None and most < least:
        raise NrdValueError(
            f"statement: {least} to {most} criteria are none, expected the least first"
        )
    return int(least), None if most is None else int(most)


def _count(count: Range) -> tuple[int, int]:
    ends = count if isinstance(count, tuple) else (count, count)
    whole = len(ends) == 2 and all(isinstance(n, Integral) and n >= 0 for n in ends)
    if not whole or ends[0] > ends[1]:
        raise NrdValueError(
            f"statement: the number of units is {count!r}, expected a whole number, or two "
            "with the least first"
        )
    return int(ends[0]), int(ends[1])


def _codes(units: Iterable[str] | None) -> tuple[str, ...] | None:
    if units is None:
        return None
    if isinstance(units, str):
        raise NrdTypeError(f"statement: units is {units!r}, expected a list of codes")
    codes = [str(unit) for unit in units]
    refuse_listed_twice(codes, "unit")
    if not codes:
        raise NrdValueError("statement: there are no units, expected one or more")
    return tuple(codes)
