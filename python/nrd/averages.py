"""How far each commune has come: criteria met per unit, in classes, per criterion."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from ._labels import label
from ._result import Columns, Provenance, Result, records
from .attainment import Attainment
from .errors import NrdValueError

CLASSES = (19, 15, 10, 5)


@dataclass(frozen=True, eq=False, repr=False)
class CriteriaAverages(Result):
    """Criteria met per unit, with bounds where cells are unknown.

    Attributes
    ----------
    mean : float or None
        Mean number of criteria per unit from the stated counts alone; None where a
        criterion has no count.
    mean_low, mean_high : float
        Least and greatest mean that cells and totals allow.
    units, criteria : int
        Number of units and of criteria.
    without_count : tuple of str
        Criteria without a stated count.
    communes : dict of columns
        Per unit: code, name, ``met`` (None where not certain), ``low``, ``high``.
    cuts : tuple of int
        Least number of criteria of each class but the last.
    classes : dict of columns
        Per class of the number of criteria met: ``low`` and ``high`` number of units.
    by_criterion : dict of columns
        Per criterion: units that meet it (``low``, ``high``) and their share of all units.
    by_group : dict of columns
        Per group of criteria: mean number met, ``low`` and ``high``.
    """

    mean: float | None
    mean_low: float
    mean_high: float
    units: int
    criteria: int
    without_count: tuple[str, ...]
    communes: Columns
    cuts: tuple[int, ...]
    classes: Columns
    by_criterion: Columns
    by_group: Columns

    @property
    def table(self) -> Any:
        """One row a unit, in the caller's kind of frame."""
        return self.kind.build(self.communes)

    @property
    def class_table(self) -> Any:
        """One row a class, in the caller's kind of frame."""
        return self.kind.build(self.classes)

    @property
    def criterion_table(self) -> Any:
        """One row a criterion, in the caller's kind of frame."""
        return self.kind.build(self.by_criterion)

    @property
    def group_table(self) -> Any:
        """One row a group of criteria, in the caller's kind of frame."""
        return self.kind.build(self.by_group)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the criteria met by each unit; options as in `nrd.plot.averages`."""
        from . import plot

        return plot.averages(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        out = super().to_dict()
        for name in ("communes", "classes", "by_criterion", "by_group"):
            out[name] = records(getattr(self, name))
        return out

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections

        return _sections.averages(self, language)


def criteria_averages(
    attainment: Attainment, *, classes: Sequence[int] = CLASSES
) -> CriteriaAverages:
    """Compute criteria met per unit: average, classes, shares, groups.

    Parameters
    ----------
    attainment : Attainment
        Units x criteria, at least one unit.
    classes : sequence of int, optional
        Least number of criteria of each class, decreasing; a class below the last is added.
        The first is cut to the number of criteria. The default gives 19, 15-18, 10-14, 5-9
        and below 5, as in official reports.

    Returns
    -------
    CriteriaAverages

    Raises
    ------
    NrdValueError
        If there are no units, or `classes` do not decrease.

    Notes
    -----
    The bounds of a unit and of the mean are tight: some completion of the unknown cells
    reaches them. The upper bound of a class counts the units that can be in it; totals may
    forbid that all of them are there at once.

    Examples
    --------
    >>> import nrd
    >>> sheet = {"commune": ["A", "B"], "roads": ["Đạt", ""], "water": ["Đạt", ""]}
    >>> cells = nrd.Attainment.from_wide(sheet).with_totals({"roads": 1})
    >>> result = nrd.criteria_averages(cells)
    >>> result.mean_low, result.mean_high
    (1.0, 1.5)
    """
    attainment.require_cells("criteria_averages")
    cuts = _cuts(classes, len(attainment.criteria))
    low, high = attainment._matrix.mean()
    return CriteriaAverages(
        provenance=Provenance(
            method="counts of criteria met, with tight bounds over all completions",
            options={"classes": cuts},
            used=attainment.used,
            dropped=attainment.dropped,
        ),
        kind=attainment._kind,
        mean=_stated_mean(attainment, low, high),
        mean_low=low,
        mean_high=high,
        units=len(attainment.units),
        criteria=len(attainment.criteria),
        without_count=tuple(c for c in attainment.criteria if c not in attainment.counts),
        communes=_per_unit(attainment),
        cuts=tuple(cuts),
        classes=_per_class(attainment, cuts),
        by_criterion=_per_criterion(attainment),
        by_group=_per_group(attainment),
    )


def _stated_mean(attainment: Attainment, low: float, high: float) -> float | None:
    """Mean from counts alone: the names of the units do not matter."""
    if low == high:
        return low
    if set(attainment.counts) != set(attainment.criteria):
        return None
    counted = Attainment.from_totals(attainment.counts, units=len(attainment.units))
    return counted._matrix.mean()[0]


def _per_unit(attainment: Attainment) -> Columns:
    low, high = attainment._matrix.unit_counts()
    return {
        "unit": attainment.units,
        "name": [attainment.name(unit) for unit in attainment.units],
        "met": [
            a if a == b else None for a, b in zip(low.tolist(), high.tolist(), strict=True)
        ],
        "low": low.tolist(),
        "high": high.tolist(),
    }


def _per_class(attainment: Attainment, cuts: list[int]) -> Columns:
    low, high = attainment._matrix.classes(cuts)
    return {
        "class": class_names(cuts, len(attainment.criteria)),
        "low": low.tolist(),
        "high": high.tolist(),
    }


def _cuts(classes: Sequence[int], n: int) -> list[int]:
    """Least numbers of the classes among n criteria."""
    whole = all(isinstance(cut, Integral) and cut > 0 for cut in classes)
    if not classes or not whole or any(a <= b for a, b in itertools.pairwise(classes)):
        raise NrdValueError(
            f"classes is {tuple(classes)}, expected whole numbers above 0 that decrease"
        )
    top = min(classes[0], n)
    return [top, *(cut for cut in classes[1:] if cut < top)]


def class_names(cuts: Sequence[int], n: int, language: str = "en") -> list[str]:
    """Names of the classes: "19", "15-18", ..., "below 5"."""
    tops = [n, *(cut - 1 for cut in cuts[:-1])]
    ranges = [str(a) if a == b else f"{a}–{b}" for a, b in zip(cuts, tops, strict=True)]
    return [*ranges, f"{label('below', language)} {cuts[-1]}"]


def _per_criterion(attainment: Attainment) -> Columns:
    low, high = attainment._matrix.criterion_counts()
    n = len(attainment.units)
    return {
        "criterion": attainment.criteria,
        "name": [attainment.criterion_name(code) for code in attainment.criteria],
        "low": low.tolist(),
        "high": high.tolist(),
        "share_low": (low / n).tolist(),
        "share_high": (high / n).tolist(),
    }


def _per_group(attainment: Attainment) -> Columns:
    groups = attainment.criteria_set.groups if attainment.criteria_set else ()
    names = list(dict.fromkeys(g for g in groups if g is not None))
    subsets = [np.array([g == name for g in groups], np.uint8) for name in names]
    means = [attainment._matrix.mean(subset) for subset in subsets]
    return {
        "group": names,
        "criteria": [int(subset.sum()) for subset in subsets],
        "mean_low": [low for low, _ in means],
        "mean_high": [high for _, high in means],
    }
