"""Bounds of what is counted in a table: in closed form, or with statements by a program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from . import _areas
from ._areas import Areas, Weights, ratio
from .attainment import Attainment
from .errors import NrdTypeError
from .statements import Statement

Ends = tuple[np.ndarray, np.ndarray]


class Free:
    """Bounds where nothing ties the cells of a unit together: counts and sorted weights."""

    def __init__(self, attainment: Attainment):
        self._attainment = attainment
        self._matrix = attainment._matrix

    def units(self) -> Ends:
        """Criteria met per unit."""
        return self._matrix.unit_counts()

    def classes(self, cuts: Sequence[int]) -> Ends:
        """Units per class."""
        return self._matrix.classes(list(cuts))

    def criteria(self) -> Ends:
        """Units per criterion."""
        return self._matrix.criterion_counts()

    def mean(self, subset: np.ndarray | None = None) -> tuple[float, float]:
        """Mean number of criteria met per unit, of all or of some criteria."""
        return self._matrix.mean(subset)

    def sums(self, areas: Areas, weights: np.ndarray, subsets: np.ndarray) -> Ends:
        """Weighted cells met by area (rows) and subset of the criteria (columns)."""
        ends = _areas.sums(self._attainment, areas.of_unit, len(areas.names), weights)
        low, high = (values @ subsets.T for values in ends)
        return low, high


class Stated:
    """Bounds under statements about rows, bands and totals, by whole-number programs."""

    def __init__(
        self,
        attainment: Attainment,
        statements: Sequence[Statement],
        cuts: Sequence[int],
        areas: Sequence[Areas],
        weights: Weights | None,
    ):
        from ._completions import Cells, Completions, placed, stated

        said = stated(attainment, statements)
        found = [placed(attainment, statement) for statement in said]
        apart = [level.of_unit for level in areas]
        if weights is not None:
            apart.append(weights.whole)
        self._units = len(attainment.units)
        self._criteria = len(attainment.criteria)
        self._of = Completions(
            Cells.of(attainment), found, cuts=cuts, apart=apart, single=True
        )
        if not self._of.possible():
            from ._contradiction import contradiction

            raise contradiction(attainment, said, found)

    def units(self) -> Ends:
        """Criteria met per unit."""
        return self._of.units()

    def classes(self, cuts: Sequence[int]) -> Ends:
        """Units per class."""
        tops = [self._criteria, *(cut - 1 for cut in cuts)]
        return _columns(
            self._of.classes(low, top) for low, top in zip([*cuts, 0], tops, strict=True)
        )

    def criteria(self) -> Ends:
        """Units per criterion."""
        return _columns(self._of.criterion(c) for c in range(self._criteria))

    def mean(self, subset: np.ndarray | None = None) -> tuple[float, float]:
        """Mean number of criteria met per unit, of all or of some criteria."""
        chosen = None if subset is None else subset.astype(bool)
        low, high = self._of.sums(np.ones(self._units, np.int64), chosen)
        return ratio(low, self._units), ratio(high, self._units)

    def sums(self, areas: Areas, weights: np.ndarray, subsets: np.ndarray) -> Ends:
        """Weighted cells met by area (rows) and subset of the criteria (columns)."""
        shape = (len(areas.names), len(subsets))
        low, high = np.empty((2, *shape), np.int64)
        for area, column in np.ndindex(*shape):
            inside = np.where(areas.of_unit == area, weights, 0)
            ends = self._of.sums(inside, subsets[column].astype(bool))
            low[area, column], high[area, column] = ends
        return low, high


def counting(
    attainment: Attainment,
    statements: Iterable[Statement],
    cuts: Sequence[int],
    areas: Sequence[Areas],
    weights: Weights | None,
) -> Free | Stated:
    """Take the closed form where it is tight, else the program.

    Raises
    ------
    NrdTypeError
        If what is stated is no `Statement`.
    NrdContradictionError
        If statements and cells cannot hold together.
    """
    listed = [statements] if isinstance(statements, Statement) else list(statements)
    for place, one in enumerate(listed):
        if not isinstance(one, Statement):
            raise NrdTypeError(
                f"criteria_averages: statement {place} is {one!r}, expected nrd.Statement"
            )
    if not listed:
        return Free(attainment)
    return Stated(attainment, listed, cuts, areas, weights)


def _columns(pairs: Iterable[tuple[int, int]]) -> Ends:
    low, high = np.array(list(pairs), np.int64).T
    return low, high
