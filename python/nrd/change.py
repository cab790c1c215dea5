"""Who gained and who lost criteria between two dates, surely or possibly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _areas
from ._areas import Areas, Weights, ratio, read_areas, read_weights
from ._core.attainment import MET, UNMET
from ._result import Columns, Provenance, Result, records
from .attainment import Attainment
from .errors import NrdValueError

WHO = "criteria_change"
_TABLES = ("communes", "by_criterion", "by_area")


@dataclass(frozen=True, eq=False, repr=False)
class CriteriaChange(Result):
    """Change of criteria met from one date to another, with bounds.

    A cell is surely gained where it was unmet and is met, and possibly gained where that
    may be; lost likewise.

    Attributes
    ----------
    units, criteria : int
        Number of units and of criteria.
    mean_low, mean_high : float
        Bounds of the change of the mean number of criteria per unit.
    communes : dict of columns
        Per unit: code, name, bounds of the change (``low``, ``high``), criteria
        ``gained``, ``possibly_gained``, ``lost`` and ``possibly_lost`` as lists of codes;
        what is sure is not listed again as possible.
    by_criterion : dict of columns
        Per criterion: bounds of the change of the number of units that meet it, units that
        surely gained or lost it, and that possibly did, those who surely did included.
    by_area : dict of columns
        Per level and area: units, bounds of the change of the mean, and of the mean with
        weights (None without weights, and where an area weighs nothing).
    """

    units: int
    criteria: int
    mean_low: float
    mean_high: float
    communes: Columns
    by_criterion: Columns
    by_area: Columns

    @property
    def table(self) -> Any:
        """One row a unit, in the caller's kind of frame; codes joined by blanks."""
        joined = {
            name: [" ".join(v) for v in values] if name in _LISTS else values
            for name, values in self.communes.items()
        }
        return self.kind.build(joined)

    @property
    def criterion_table(self) -> Any:
        """One row a criterion, in the caller's kind of frame."""
        return self.kind.build(self.by_criterion)

    @property
    def area_table(self) -> Any:
        """One row a level and area, in the caller's kind of frame."""
        return self.kind.build(self.by_area)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        out = super().to_dict()
        for name in _TABLES:
            out[name] = records(getattr(self, name))
        return out

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections_rates

        return _sections_rates.change(self, language)


_LISTS = ("gained", "possibly_gained", "lost", "possibly_lost")


def criteria_change(
    before: Attainment,
    after: Attainment,
    *,
    by: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | Sequence[Any] | None = None,
) -> CriteriaChange:
    """Compare two dates: the change of each unit, criterion and mean, gains and losses.

    Parameters
    ----------
    before, after : Attainment
        The same units and criteria at two dates, in any order.
    by, weights
        Areas and weights of the units of `before`, as in `criteria_averages`.

    Returns
    -------
    CriteriaChange
        In the order of `before`.

    Raises
    ------
    NrdKeyError, NrdTypeError
        As `criteria_averages`.
    NrdValueError
        If units or criteria of the two dates differ, and as `criteria_averages`.

    Notes
    -----
    Bounds of changes are tight: nothing ties the cells of the two dates together. Units
    that merged or split between them must be brought to the same units before.

    Examples
    --------
    >>> import nrd
    >>> first = {"commune": ["A", "B"], "roads": ["Đạt", "Chưa đạt"], "water": ["Đạt", ""]}
    >>> second = {"commune": ["A", "B"], "roads": ["Đạt", "Đạt"], "water": ["Chưa đạt", ""]}
    >>> found = nrd.criteria_change(
    ...     nrd.Attainment.from_wide(first), nrd.Attainment.from_wide(second)
    ... )
    >>> found.communes["gained"], found.communes["lost"], found.communes["possibly_lost"]
    ([[], ['roads']], [['water'], []], [[], ['water']])
    >>> found.mean_low, found.mean_high
    (-0.5, 0.5)
    """
    before.require_cells(WHO)
    units = _same(before.units, after.units, "unit")
    criteria = _same(before.criteria, after.criteria, "criterion")
    areas, weight = read_areas(before, by, WHO), read_weights(before, weights, WHO)
    then, now = before.states(), after.states()[np.ix_(units, criteria)]
    low, high = _between(
        before._matrix.unit_counts(), [ends[units] for ends in after._matrix.unit_counts()]
    )
    counts = _between(
        before._matrix.criterion_counts(),
        [ends[criteria] for ends in after._matrix.criterion_counts()],
    )
    n = len(before.units)
    return CriteriaChange(
        provenance=Provenance(
            method="change of criteria met, with tight bounds over all completions",
            options={"by": [one.level for one in areas]},
            used=before.used + after.used,
            dropped=before.dropped + after.dropped,
        ),
        kind=before._kind,
        units=n,
        criteria=len(before.criteria),
        mean_low=ratio(counts[0].sum(), n),
        mean_high=ratio(counts[1].sum(), n),
        communes={
            "unit": before.units,
            "name": [before.name(unit) for unit in before.units],
            "low": low.tolist(),
            "high": high.tolist(),
            **_lists(before.criteria, then, now),
        },
        by_criterion=_per_criterion(before, then, now, counts),
        by_area=_per_area(before, after, (units, criteria), areas, weight),
    )


def _same(first: list[str], second: list[str], what: str) -> np.ndarray:
    """Places of the codes of one date among those of the other."""
    for here, there, word in ((first, second, "before"), (second, first, "after")):
        only = sorted(set(here) - set(there))
        if only:
            raise NrdValueError(
                f"{WHO}: the {what} {only[0]!r} is only in the table {word}, expected the "
                "same at both dates"
            )
    place = {code: i for i, code in enumerate(second)}
    return np.array([place[code] for code in first])


def _between(then: Sequence, now: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest change between bounds of two dates."""
    (a_low, a_high), (b_low, b_high) = (
        [np.asarray(ends, np.int64) for ends in pair] for pair in (then, now)
    )
    return b_low - a_high, b_high - a_low


def _moves(then: np.ndarray, now: np.ndarray) -> dict[str, np.ndarray]:
    """Cells gained and lost, and those that may be."""
    return {
        "gained": (then == UNMET) & (now == MET),
        "possibly_gained": (then != MET) & (now != UNMET),
        "lost": (then == MET) & (now == UNMET),
        "possibly_lost": (then != UNMET) & (now != MET),
    }


def _lists(criteria: list[str], then: np.ndarray, now: np.ndarray) -> dict[str, list]:
    codes = np.array(criteria, object)
    moves = _moves(then, now)
    moves["possibly_gained"] &= ~moves["gained"]
    moves["possibly_lost"] &= ~moves["lost"]
    return {name: [codes[row].tolist() for row in moves[name]] for name in _LISTS}


def _per_criterion(
    before: Attainment, then: np.ndarray, now: np.ndarray, counts: Sequence[np.ndarray]
) -> Columns:
    moves = _moves(then, now)
    return {
        "criterion": before.criteria,
        "name": [before.criterion_name(code) for code in before.criteria],
        "low": counts[0].tolist(),
        "high": counts[1].tolist(),
        **{name: moves[name].sum(axis=0).tolist() for name in _LISTS},
    }


def _per_area(
    before: Attainment,
    after: Attainment,
    order: tuple[np.ndarray, np.ndarray],
    areas: Sequence[Areas],
    weight: Weights | None,
) -> Columns:
    names = "level area units mean_low mean_high weighted_low weighted_high"
    out: dict[str, list] = {name: [] for name in names.split()}
    ones = np.ones(len(before.units), np.int64)
    back = np.empty(len(order[0]), np.int64)
    back[order[0]] = np.arange(len(back))
    for one in areas:
        n = len(one.names)
        out["level"] += [one.level] * n
        out["area"] += one.names
        out["units"] += np.bincount(one.of_unit, minlength=n).tolist()
        given = (("mean", ones), ("weighted", None if weight is None else weight.whole))
        for name, whole in given:
            if whole is None:
                low = high = [None] * n
            else:
                total = np.zeros(n, np.int64)
                np.add.at(total, one.of_unit, whole)
                ends = _between(
                    _areas.sums(before, one.of_unit, n, whole),
                    _areas.sums(after, one.of_unit[back], n, whole[back]),
                )
                low, high = (
                    [ratio(*p) for p in zip(e.sum(axis=1), total, strict=True)]
                    for e in ends
                )
            out[f"{name}_low"] += low
            out[f"{name}_high"] += high
    return out
