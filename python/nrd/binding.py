"""What stands in the way: criteria that are the only ones missing, or missing together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from ._core.attainment import UNKNOWN, UNMET
from ._core.gaps import alone, together
from ._result import Columns, Provenance, Result, plain, records
from .criteria import CriteriaSet
from .errors import NrdValueError
from .gaps import attainment_of

if TYPE_CHECKING:
    from ._assessment import Assessment
    from .attainment import Attainment

_MOST_SETS = 1_000_000


@dataclass(frozen=True, eq=False, repr=False)
class BindingCriteria(Result):
    """Criteria that keep units from the full set, alone or together.

    Attributes
    ----------
    only : dict of columns
        Per criterion: units that miss it and no other, surely (``low``) and possibly
        (``high``); most first.
    together : dict of columns
        Per set of ``size`` criteria: units that miss all of them, surely and possibly;
        most first, those that no unit misses left out.
    patterns : dict of columns
        Per set of criteria that are all a unit misses: the units of which all is known, by
        number of criteria and of units.
    open_units : int
        Units of which something is unknown; they are in no pattern.
    size : int
        Criteria of a set.
    criteria_set : CriteriaSet or None
        The official set, where one was given.
    """

    only: Columns
    together: Columns
    patterns: Columns
    open_units: int
    size: int
    criteria_set: CriteriaSet | None

    @property
    def table(self) -> Any:
        """One row a criterion, in the caller's kind of frame."""
        return self.kind.build(self.only)

    @property
    def together_table(self) -> Any:
        """One row a set, codes joined by blanks, in the caller's kind of frame."""
        return self.kind.build(_joined(self.together))

    @property
    def pattern_table(self) -> Any:
        """One row a pattern, codes joined by blanks, in the caller's kind of frame."""
        return self.kind.build(_joined(self.patterns))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        return {
            "provenance": plain(self.provenance),
            "size": self.size,
            "open_units": self.open_units,
            **{n: records(getattr(self, n)) for n in ("only", "together", "patterns")},
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections_gaps

        return _sections_gaps.binding(self, language)


def binding_criteria(
    attainment: Attainment | Assessment, *, size: int = 2, year: int | None = None
) -> BindingCriteria:
    """Count the units that miss one criterion alone, and those that miss several at once.

    Parameters
    ----------
    attainment : Attainment or Assessment
        Units x criteria, at least one unit.
    size : int, optional
        Criteria of the sets counted, 1 or more; there may be up to a million such sets.
    year : int, optional
        Year of an assessment that has several.

    Returns
    -------
    BindingCriteria

    Raises
    ------
    NrdTypeError
        If `attainment` is neither.
    NrdValueError
        If there are no units, `size` is not from 1 to the number of criteria, or the sets
        are too many.

    Notes
    -----
    A criterion is surely missing where no completion of the unknown cells has it met, and
    possibly where some has it unmet. What is possible for each of several units need not be
    possible for all of them at once.

    Examples
    --------
    >>> import nrd
    >>> sheet = {"commune": ["A", "B", "C"], "power": ["", "", "x"]}
    >>> sheet |= {"roads": ["x", "", ""], "water": ["x", "x", ""]}
    >>> cells = nrd.Attainment.from_wide(sheet)
    >>> binding = nrd.binding_criteria(cells)
    >>> binding.only["criterion"], binding.only["low"]
    (['power', 'roads', 'water'], [1, 0, 0])
    >>> binding.together["criteria"], binding.together["low"]
    ([['power', 'roads'], ['roads', 'water']], [1, 1])
    """
    found = attainment_of(attainment, "binding_criteria", year)
    found.require_cells("binding_criteria")
    n = len(found.criteria)
    if not isinstance(size, Integral) or isinstance(size, bool) or not 1 <= size <= n:
        raise NrdValueError(f"size is {size!r}, expected a whole number from 1 to {n}")
    if comb(n, size) > _MOST_SETS:
        raise NrdValueError(
            f"size is {size}: {n} criteria have {comb(n, size)} such sets, expected "
            f"at most {_MOST_SETS}"
        )
    patterns, open_units = _patterns(found)
    return BindingCriteria(
        provenance=Provenance(
            method="units that miss sets of criteria, counted in bit masks",
            options={"size": int(size)},
            used=found.used,
            dropped=found.dropped,
        ),
        kind=found._kind,
        only=_only(found),
        together=_together(found, int(size)),
        patterns=patterns,
        open_units=open_units,
        size=int(size),
        criteria_set=found.criteria_set,
    )


def _only(found: Attainment) -> Columns:
    low, high = (counts.tolist() for counts in alone(found._matrix))
    order = sorted(range(len(low)), key=lambda i: (-low[i], -high[i]))
    return {
        "criterion": [found.criteria[i] for i in order],
        "name": [found.criterion_name(found.criteria[i]) for i in order],
        "low": [low[i] for i in order],
        "high": [high[i] for i in order],
    }


def _together(found: Attainment, size: int) -> Columns:
    sets = np.array(list(combinations(range(len(found.criteria)), size)), np.int32)
    low, high = (counts.astype(np.int64) for counts in together(found._matrix, sets))
    order = np.lexsort((np.arange(len(sets)), -high, -low))
    order = order[high[order] > 0]
    codes = np.array(found.criteria, object)
    return {
        "criteria": codes[sets[order]].tolist(),
        "low": low[order].tolist(),
        "high": high[order].tolist(),
    }


def _patterns(found: Attainment) -> tuple[Columns, int]:
    """Sets of missing criteria of the units of which all is known, and the other units."""
    states = found.states()
    whole = states[~np.any(states == UNKNOWN, axis=1)]
    rows, counts = np.unique(whole == UNMET, axis=0, return_counts=True)
    sizes = rows.sum(axis=1)
    order = np.lexsort((-counts, sizes))
    codes = np.array(found.criteria, object)
    return {
        "criteria": [codes[rows[k]].tolist() for k in order],
        "missing": sizes[order].tolist(),
        "units": counts[order].tolist(),
    }, len(states) - len(whole)


def _joined(columns: Columns) -> Columns:
    return {**columns, "criteria": [" ".join(codes) for codes in columns["criteria"]]}
