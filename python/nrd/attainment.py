"""Which units meet which criteria: cells that are known, totals beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

from . import _cells
from ._core.attainment import UNKNOWN, Matrix
from ._frames import NO_KIND, Frame, Kind, recode
from .criteria import CriteriaSet
from .errors import NrdKeyError, NrdTypeError, NrdValueError

__all__ = ["Attainment"]


class Attainment:
    """Units x criteria, each cell met, unmet or unknown, with known totals beside it.

    Made by `from_long`, `from_wide` or `from_totals`; never changed afterwards. A total
    ("10 of 18 communes") is a constraint, not a guess: it closes a column only where a
    single completion is left.

    Attributes
    ----------
    units : list of str
        Codes of the units.
    criteria : list of str
        Codes of the criteria.
    criteria_set : CriteriaSet or None
        The official set, where one was given.
    used, dropped : int
        Rows of input that filled a cell, and rows without a status.

    Examples
    --------
    >>> import nrd
    >>> sheet = {"commune": ["Tan Van", "Minh Khai"], "roads": ["Đạt", "Chưa đạt"]}
    >>> sheet["water"] = ["Đạt", ""]
    >>> nrd.Attainment.from_wide(sheet, unit="commune").state("Minh Khai", "water")
    'unknown'
    """

    def __init__(
        self,
        units: Sequence[str],
        criteria: Sequence[str],
        cells: tuple[np.ndarray, np.ndarray, np.ndarray],
        *,
        names: Mapping[str, str] | None = None,
        criteria_set: CriteriaSet | None = None,
        bounds: Mapping[str, tuple[int, int]] | None = None,
        counts: Mapping[str, int] | None = None,
        kind: Kind = NO_KIND,
        dropped: int = 0,
    ):
        self.units = list(units)
        self.criteria = list(criteria)
        _cells.refuse_listed_twice(self.units, "unit")
        self.criteria_set = criteria_set
        self.names = dict(names or {})
        self.dropped = dropped
        self.used = len(cells[2]) - dropped
        self.bounds = dict(bounds or {})
        self.counts = dict(counts or {})
        self._cells = cells
        self._kind = kind
        self._matrix = Matrix(len(self.units), len(self.criteria))
        self._matrix.fill(*cells)
        if self.bounds:
            low = np.zeros(len(self.criteria), np.uint64)
            high = np.full(len(self.criteria), len(self.units), np.uint64)
            for code, (least, greatest) in self.bounds.items():
                low[self._place(code)], high[self._place(code)] = least, greatest
            self._matrix.set_totals(
                low, high, lambda row: f"criterion {self.criteria[row]}"
            )

    @classmethod
    def from_long(
        cls,
        frame: Any,
        *,
        unit: str = "unit",
        criterion: str = "criterion",
        status: str = "status",
        units: Iterable[str] | Mapping[str, str] | None = None,
        criteria: Iterable[str] | CriteriaSet | None = None,
        blank: str | None = None,
    ) -> Attainment:
        """Read a table with one row a cell.

        Parameters
        ----------
        frame : data frame or mapping of columns
            Anything narwhals reads, or columns by name.
        unit, criterion, status : str, optional
            Names of the columns.
        units : iterable of str, or mapping of code to name, optional
            All units, also those without a row; else those that occur.
        criteria : iterable of str or CriteriaSet, optional
            All criteria; else those that occur.
        blank : {"unmet", "unknown"}, optional
            What a blank status means. By default unknown, but unmet in a tick list, where
            every status is ``x`` or blank.

        Returns
        -------
        Attainment

        Raises
        ------
        NrdKeyError
            If a column, or a unit or criterion that was not listed, does not exist.
        NrdValueError
            If a status is not understood, or a cell is given twice; the message names the
            row, counted from 0.
        """
        table = Frame(frame, "from_long")
        table.require(unit, criterion, status)
        listed_units, names = _cells.listed(units)
        listed_criteria, criteria_set = _cells.listed_criteria(criteria)
        unit_codes, unit_index = _cells.index(table, unit, listed_units, "unit", "")
        criterion_codes, criterion_index = _cells.index(
            table, criterion, listed_criteria, "criterion", _cells.of_set(criteria_set)
        )
        words, codes = table.encode(status)
        states = recode(codes, *_cells.meaning(words, codes, blank, status))
        cells = (unit_index, criterion_index, states)
        try:
            return cls(
                unit_codes,
                criterion_codes,
                cells,
                names=names,
                criteria_set=criteria_set,
                kind=table.kind,
                dropped=int(np.count_nonzero(states == UNKNOWN)),
            )
        except NrdValueError as error:
            raise _cells.given_twice(error, cells, unit_codes, criterion_codes) from None

    @classmethod
    def from_wide(
        cls,
        frame: Any,
        *,
        unit: str | None = None,
        units: Iterable[str] | None = None,
        criteria: Iterable[str] | CriteriaSet | None = None,
        blank: str | None = None,
    ) -> Attainment:
        """Read a table with one row a unit and one column a criterion.

        Parameters
        ----------
        frame : data frame, mapping of columns, or ndarray, shape (units, criteria)
            With a two-dimensional array, `units` and `criteria` name its rows and columns.
        unit : str, optional
            Column that holds the units; by default the first.
        units : iterable of str, optional
            Codes of the rows of an array.
        criteria : iterable of str or CriteriaSet, optional
            Columns to read; by default all but `unit`.
        blank : {"unmet", "unknown"}, optional
            As in `from_long`.

        Returns
        -------
        Attainment

        Raises
        ------
        NrdKeyError
            If a column does not exist or is no criterion of the set.
        NrdValueError
            If a status is not understood, or a unit occurs twice.
        NrdTypeError
            If `frame` is neither a table nor a two-dimensional array.
        """
        listed, criteria_set = _cells.listed_criteria(criteria)
        if isinstance(frame, np.ndarray):
            frame, unit, listed = _cells.array_columns(frame, units, listed)
        table = Frame(frame, "from_wide")
        unit = unit if unit is not None else table.columns[0]
        rows = table.values(unit)
        codes = _cells.unit_column(rows)
        columns = [name for name in table.columns if name != unit]
        listed = columns if listed is None else listed
        if criteria_set is None:
            table.require(*listed)
        for name in columns if criteria_set else ():
            if name not in listed:
                raise NrdKeyError(
                    f"column {name!r} is not a criterion in the set"
                    f"{_cells.of_set(criteria_set)}; it has {', '.join(listed)}"
                )
        used = [name for name in listed if name in columns]
        states = _cells.wide_states(table, used, blank)
        n = len(codes)
        return cls(
            codes,
            listed,
            (
                np.tile(np.arange(n, dtype=np.int32), len(used)),
                np.repeat(np.array([listed.index(name) for name in used], np.int32), n),
                states,
            ),
            criteria_set=criteria_set,
            kind=table.kind,
            dropped=int(np.count_nonzero(states == UNKNOWN)),
        )

    @classmethod
    def from_totals(
        cls,
        totals: Mapping[str, int],
        *,
        units: int | Sequence[str],
        criteria: Iterable[str] | CriteriaSet | None = None,
    ) -> Attainment:
        """Start from counts alone: "10 of 18 communes", no commune named.

        Parameters
        ----------
        totals : mapping of str to int
            Units that meet each criterion.
        units : int or sequence of str
            The units, or their number.
        criteria : iterable of str or CriteriaSet, optional
            All criteria; by default those with a total.

        Returns
        -------
        Attainment

        Examples
        --------
        >>> import nrd
        >>> counts = nrd.Attainment.from_totals({"roads": 10, "health": 18}, units=18)
        >>> round(nrd.criteria_averages(counts).mean, 2)
        1.56
        """
        listed, criteria_set = _cells.listed_criteria(
            criteria if criteria is not None else totals
        )
        codes = _cells.numbered(units) if isinstance(units, Integral) else units
        if codes is None or isinstance(codes, Real):
            raise NrdTypeError(f"units is {units!r}, expected a whole number or a list")
        nothing = np.empty(0, np.int32)
        empty = cls(codes, listed, (nothing, nothing, nothing), criteria_set=criteria_set)
        return empty.with_totals(totals)

    def with_totals(self, totals: Mapping[str, int | tuple[int, int]]) -> Attainment:
        """Add known totals: how many units meet a criterion, without naming them.

        Parameters
        ----------
        totals : mapping of str to int, or to (low, high)
            The count for each criterion, or the range it lies in.

        Returns
        -------
        Attainment
            A new one; totals given earlier stay, and are replaced where given again.

        Raises
        ------
        NrdKeyError
            If a criterion is not there.
        NrdValueError
            If a total exceeds the number of units or contradicts known cells.

        Examples
        --------
        >>> import nrd
        >>> sheet = {"commune": ["A", "B"], "roads": ["Đạt", ""]}
        >>> cells = nrd.Attainment.from_wide(sheet)
        >>> cells.with_totals({"roads": 1}).state("B", "roads")
        'unmet'
        """
        bounds, counts = dict(self.bounds), dict(self.counts)
        for code, total in totals.items():
            self._place(str(code))
            low, high = _cells.total_range(code, total, len(self.units))
            bounds[str(code)] = (low, high)
            counts.pop(str(code), None)
            if low == high:
                counts[str(code)] = low
        return self._with(bounds=bounds, counts=counts)

    def _with(self, **changes: Any) -> Attainment:
        now = {
            "cells": self._cells,
            "names": self.names,
            "criteria_set": self.criteria_set,
            "bounds": self.bounds,
            "counts": self.counts,
            "kind": self._kind,
            "dropped": self.dropped,
        }
        return Attainment(self.units, self.criteria, **{**now, **changes})

    def states(self) -> np.ndarray:
        """Every cell with what the totals leave open: 1 met, 0 unmet, -1 unknown.

        Returns
        -------
        ndarray of int8, shape (units, criteria)
        """
        return self._matrix.states()

    def state(self, unit: str, criterion: str) -> str:
        """One cell: ``"met"``, ``"unmet"`` or ``"unknown"``."""
        if unit not in self.units:
            raise NrdKeyError(f"there is no unit {unit!r}")
        return _cells.NAMES[
            int(self.states()[self.units.index(unit), self._place(criterion)])
        ]

    def table(self) -> Any:
        """All cells as a long table in the caller's kind of frame."""
        states = self.states()
        return self._kind.build(
            {
                "unit": np.repeat(np.array(self.units, object), len(self.criteria)),
                "criterion": self.criteria * len(self.units),
                "status": [_cells.NAMES[s] for s in states.ravel().tolist()],
            }
        )

    def require_cells(self, who: str) -> None:
        """Raise where there are no units or no criteria: nothing can be averaged."""
        for what, codes in (("units", self.units), ("criteria", self.criteria)):
            if not codes:
                raise NrdValueError(f"{who}: there are no {what}, expected one or more")

    def name(self, unit: str) -> str:
        """Name of a unit; its code where none was given."""
        return self.names.get(unit, unit)

    def criterion_name(self, code: str, language: str = "en") -> str:
        """Name of a criterion; its code where no set was given."""
        return self.criteria_set.name(code, language) if self.criteria_set else code

    def _place(self, code: str) -> int:
        if code not in self.criteria:
            raise NrdKeyError(
                f"criterion {code!r} is not in the set{_cells.of_set(self.criteria_set)}; "
                f"it has {', '.join(self.criteria)}"
            )
        return self.criteria.index(code)

    def __repr__(self) -> str:
        known = int(np.count_nonzero(self.states() != UNKNOWN))
        return (
            f"<Attainment: {len(self.units)} units x {len(self.criteria)} criteria, "
            f"{known} of {len(self.units) * len(self.criteria)} cells known>"
        )
