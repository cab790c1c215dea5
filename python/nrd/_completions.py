"""All ways to complete a table that its cells and statements allow, as one program.

Units that nothing tells apart are counted together. Of m such units, n_k lie in class k of
the number of criteria, and x_kc of these meet criterion c. Whole n and x with

    sum_k n_k = m,   x_kc <= n_k,   low_k n_k <= sum_c x_kc <= high_k n_k

are those of some m rows of 0 and 1: rows of near-equal sums exist for any columns that are
not longer than the rows are many (Gale 1957, Ryser 1957). Totals and bands are sums of x
and of n over units. So the program is exact, and small where few units can be told apart.

References
----------
D. Gale, Pacific J. Math. 7 (1957), 1073-1082. H. J. Ryser, Canad. J. Math. 9 (1957),
371-377.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ._solver import FREE, Program, Rows, Solution
from .attainment import Attainment
from .errors import NrdKeyError, NrdValueError
from .statements import Statement

WHO = "criteria_averages"


class Cells(NamedTuple):
    """Known cells: which are known and which of these are met, bool, (units, criteria)."""

    known: np.ndarray
    met: np.ndarray

    @classmethod
    def of(cls, attainment: Attainment) -> Cells:
        """Cells as they were given, without what totals add."""
        shape = (len(attainment.units), len(attainment.criteria))
        unit, criterion, state = attainment._cells
        known, met = np.zeros((2, *shape), bool)
        known[unit, criterion] = state >= 0
        met[unit, criterion] = state == 1
        return cls(known, met)


class Placed(NamedTuple):
    """A statement with its codes as places."""

    kind: str
    count: tuple[int, int]
    criteria: tuple[int, int]
    criterion: int
    among: np.ndarray


def stated(attainment: Attainment, statements: Iterable[Statement]) -> list[Statement]:
    """Totals of the table as statements, and those given."""
    totals = [Statement.total(c, ends) for c, ends in attainment.bounds.items()]
    return [*totals, *statements]


def placed(attainment: Attainment, statement: Statement) -> Placed:
    """Look up the codes of a statement.

    Raises
    ------
    NrdKeyError
        If it names a unit or a criterion that is not there.
    NrdValueError
        If it counts more units, or more criteria, than there are.
    """
    said = f"the statement {str(statement)!r}"
    among = np.ones(len(attainment.units), bool)
    if statement.units is not None:
        place = {unit: i for i, unit in enumerate(attainment.units)}
        unknown = [unit for unit in statement.units if unit not in place]
        if unknown:
            raise NrdKeyError(f"{WHO}: {said}: there is no unit {unknown[0]!r}")
        among[:] = False
        among[[place[unit] for unit in statement.units]] = True
    n, m = int(among.sum()), len(attainment.criteria)
    if statement.count[0] > n:
        raise NrdValueError(f"{WHO}: {said}: there are only {n} units")
    if statement.kind == "total":
        if statement.criteria not in attainment.criteria:
            raise NrdKeyError(
                f"{WHO}: {said}: there is no criterion {statement.criteria!r}, expected "
                f"one of {', '.join(attainment.criteria)}"
            )
        criterion = attainment.criteria.index(statement.criteria)
        return Placed("total", statement.count, (0, m), criterion, among)
    least, most = statement.criteria
    if least > m:
        raise NrdValueError(f"{WHO}: {said}: there are only {m} criteria")
    ends = (least, m if most is None else min(most, m))
    return Placed(statement.kind, statement.count, ends, -1, among)


class Completions:
    """What the completions of a table have in common: least and greatest sums over them.

    Parameters
    ----------
    cells : Cells
        The known cells.
    statements : sequence of Placed
        What is said beside them.
    cuts : sequence of int
        Numbers of criteria at which classes begin, for `classes`.
    apart : sequence of ndarray, each of shape (units,)
        What else tells units apart: areas, weights.
    single : bool
        Whether one unit of those alike is kept apart, for `units`.
    """

    def __init__(
        self,
        cells: Cells,
        statements: Sequence[Placed],
        *,
        cuts: Sequence[int] = (),
        apart: Sequence[np.ndarray] = (),
        single: bool = False,
    ):
        units, self.criteria = cells.known.shape
        low, high = np.zeros(units, np.int64), np.full(units, self.criteria, np.int64)
        for s in statements:
            if s.kind == "each":
                low[s.among] = np.maximum(low[s.among], s.criteria[0])
                high[s.among] = np.minimum(high[s.among], s.criteria[1])
        counted = [s for s in statements if s.kind != "each"]
        marks = [low, high, *(s.among for s in counted), *apart]
        self._group(cells, np.array(marks, np.int64).T, single)
        low, high = low[self.first], high[self.first]
        begins = {0, *cuts}
        for s in counted:
            if s.kind == "band":
                begins |= {s.criteria[0], s.criteria[1] + 1}
        self.totals = [s for s in counted if s.kind == "total"]
        self.bands = [s for s in counted if s.kind == "band"]
        self.begins = np.array(sorted(b for b in begins if b <= self.criteria), np.int64)
        self._number(low, high)
        self.program = Program(
            np.zeros(self.variables, np.int64),
            self.many[self.part],
            self._rows(counted),
            who=WHO,
        )

    def _group(self, cells: Cells, marks: np.ndarray, single: bool) -> None:
        """Find units that nothing tells apart; `part_of` is the part of each unit."""
        table = np.hstack([cells.known, cells.met, marks])
        packed = np.ascontiguousarray(table).view(np.dtype((np.void, table[0].nbytes)))
        _, first, group, many = np.unique(
            packed.ravel(), return_index=True, return_inverse=True, return_counts=True
        )
        split = np.flatnonzero(many > 1) if single else np.empty(0, np.int64)
        many[split] -= 1
        self.first = np.concatenate([first, first[split]])
        self.many = np.concatenate([many, np.ones(len(split), many.dtype)]).astype(np.int64)
        # The unit that is kept apart stands for all that are like it.
        self.alone = np.arange(len(many))
        self.alone[split] = len(many) + np.arange(len(split))
        self.part_of = group.ravel()
        self.met = cells.met[self.first]
        self.free = ~cells.known[self.first]

    def _number(self, low: np.ndarray, high: np.ndarray) -> None:
        """Number the variables: n of each part and class that can be, then x by layers.

        A part of one unit is in one class, so one layer of x serves all its classes.
        """
        can = self._can(low, high)
        self.of_class = np.full(can.shape, -1, np.int64)
        self.of_class[can] = np.arange(can.sum())
        several, one = self.many > 1, np.flatnonzero((self.many == 1) & can.any(axis=1))
        part, classes = np.nonzero(can & several[:, None])
        self.layer = np.concatenate([one, part])
        self.layer_class = np.concatenate([np.full(len(one), -1), classes])
        cells = self.free[self.layer]
        n = int(can.sum())
        self.variables = n + int(cells.sum())
        self.of_cell = np.full(cells.shape, -1, np.int64)
        self.of_cell[cells] = np.arange(n, self.variables)
        self.part = np.concatenate([np.nonzero(can)[0], self.layer[np.nonzero(cells)[0]]])

    def _can(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Classes that each part can be in, with what a full or an empty band leaves.

        Sets `low` and `high`, the free cells met in each class. Cells that a total closes
        are closed here too, so that the search has less to try.
        """
        ends = np.append(self.begins[1:], self.criteria + 1) - 1
        allowed = np.ones((len(self.many), len(self.begins)), bool)
        while True:
            for s in self.totals:
                self._close(s)
            met, free = self.met.sum(axis=1), self.free.sum(axis=1)
            self.low = np.maximum(np.maximum(low, met)[:, None], self.begins)
            self.high = np.minimum(np.minimum(high, met + free)[:, None], ends)
            can = allowed & (self.low <= self.high)
            for s in self.bands:
                self._empty(s, can, allowed)
            if np.all(allowed[can]):
                self.low, self.high = self.low - met[:, None], self.high - met[:, None]
                return can

    def _close(self, s: Placed) -> None:
        """Close the open cells of a total that all of them, or none, can reach."""
        parts, c = np.flatnonzero(s.among[self.first]), s.criterion
        many, free = self.many[parts], self.free[parts, c]
        known = int(many @ self.met[parts, c])
        if known == s.count[1]:
            self.free[parts, c] = False
        elif known + int(many @ free) == s.count[0]:
            self.met[parts, c] |= free
            self.free[parts, c] = False

    def _empty(self, s: Placed, can: np.ndarray, allowed: np.ndarray) -> None:
        """Forbid a full band to others, and what is outside to those that a band needs."""
        inside = (self.begins >= s.criteria[0]) & (self.begins <= s.criteria[1])
        among = s.among[self.first]
        may = among & can[:, inside].any(axis=1)
        must = may & ~can[:, ~inside].any(axis=1)
        if self.many[must].sum() == s.count[1]:
            allowed[np.ix_(among & ~must, inside)] = False
        elif self.many[may].sum() == s.count[0]:
            allowed[np.ix_(may, ~inside)] = False

    def _rows(self, counted: Sequence[Placed]) -> Rows:
        rows = []
        for classes, many in zip(self.of_class, self.many.tolist(), strict=True):
            rows.append((classes[classes >= 0], 1, many, many))
        places = zip(
            self.layer.tolist(), self.layer_class.tolist(), self.of_cell, strict=True
        )
        for part, k, x in places:
            x = x[x >= 0]
            inside = self.of_class[part] >= 0 if k < 0 else [k]
            n = self.of_class[part][inside]
            both, ones = np.append(x, n), np.ones(len(x), np.int64)
            rows.append((both, np.append(ones, -self.low[part][inside]), 0, FREE))
            rows.append((both, np.append(ones, -self.high[part][inside]), -FREE, 0))
            if k >= 0:
                rows += [((one, n[0]), (1, -1), -FREE, 0) for one in x.tolist()]
        for s in counted:
            if s.kind == "band":
                inside = (self.begins >= s.criteria[0]) & (self.begins <= s.criteria[1])
                chosen = self.of_class[np.ix_(s.among[self.first], inside)]
                rows.append((chosen[chosen >= 0], 1, *s.count))
            else:
                rows.append(self._total(s))
        return Rows.of(rows)

    def _total(self, s: Placed) -> tuple[np.ndarray, int, int, int]:
        parts = s.among[self.first]
        chosen = self.of_cell[parts[self.layer], s.criterion]
        known = int(self.many[parts] @ self.met[parts, s.criterion])
        return chosen[chosen >= 0], 1, s.count[0] - known, s.count[1] - known

    def possible(self) -> bool:
        """Whether there is a completion at all; nothing else may be asked where not."""
        self.shown = self.program.minimise(np.zeros(self.variables, np.int64))
        return self.shown is not None

    def sums(
        self, weights: np.ndarray, subset: np.ndarray | None = None
    ) -> tuple[int, int]:
        """Least and greatest weighted number of cells met.

        `weights` has one whole number a unit, alike for units that are alike; `subset`
        tells which criteria count.
        """
        weight = weights[self.first]
        chosen = np.ones(self.criteria, bool) if subset is None else subset
        cost = np.zeros(self.variables, np.int64)
        layer, criterion = np.nonzero(self.of_cell >= 0)
        cost[self.of_cell[self.of_cell >= 0]] = (
            weight[self.layer[layer]] * chosen[criterion]
        )
        known = int((self.many * weight) @ self.met[:, chosen].sum(axis=1))
        limits = (None, None)
        if np.all(weight == weight[0]):
            low, high = self._criteria_limits()
            limits = int(weight[0]) * low[chosen].sum(), int(weight[0]) * high[chosen].sum()
        return self._extremes(cost, known, *limits)

    def criterion(self, c: int) -> tuple[int, int]:
        """Least and greatest number of units that meet a criterion."""
        return self.sums(
            np.ones(len(self.part_of), np.int64), np.arange(self.criteria) == c
        )

    def classes(self, low: int, high: int) -> tuple[int, int]:
        """Least and greatest number of units with low to high criteria, ends at cuts."""
        cost = np.zeros(self.variables, np.int64)
        inside = (self.begins >= low) & (self.begins <= high)
        chosen = self.of_class[:, inside]
        cost[chosen[chosen >= 0]] = 1
        can = self.of_class >= 0
        may = can[:, inside].any(axis=1)
        least = int(self.many[may & ~can[:, ~inside].any(axis=1)].sum())
        most = int(self.many[may].sum())
        for s in self.bands:
            if s.among.all() and s.criteria == (low, high):
                least, most = max(least, s.count[0]), min(most, s.count[1])
        return self._extremes(cost, 0, least, most)

    def _criteria_limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Units per criterion that cells and totals allow, each for itself."""
        low = self.many @ self.met
        high = low + self.many @ self.free
        for s in self.totals:
            if s.among.all():
                low[s.criterion] = max(low[s.criterion], s.count[0])
                high[s.criterion] = min(high[s.criterion], s.count[1])
        return low, high

    def _extremes(
        self, cost: np.ndarray, known: int, least: int | None, most: int | None
    ) -> tuple[int, int]:
        """Least and greatest cost; no search where a completion is at the limit."""
        value = int(cost @ self.shown.x)
        reached = Solution(self.shown.x, value)
        low = high = value + known
        if low != least:
            low = self.program.minimise(cost, reached=reached).objective + known
        if high != most:
            high = self.program.maximise(cost, reached=reached).objective + known
        return low, high

    def units(self) -> tuple[np.ndarray, np.ndarray]:
        """Least and greatest number of criteria of each unit; made with `single`."""
        from ._witness import Witnesses

        known = self.met.sum(axis=1)
        can = self.of_class >= 0
        least = np.where(can, self.low, self.criteria).min(axis=1)
        most = np.where(can, self.high, 0).max(axis=1)
        search = Witnesses(self)
        low = known + search.least(least)
        high = known + search.greatest(most)
        return low[self.alone][self.part_of], high[self.alone][self.part_of]
