"""How many criteria one unit can meet: completions that show it, found by exchange.

That a unit reaches what its own cells and statements allow is shown by one completion. The
next one is made from the last: the unit takes the class it needs from another unit, which
takes its own, so that no band changes; where the classes stand, the rest is a flow, which a
linear program solves in whole numbers. Only what no exchange shows is searched for in the
whole program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ._solver import Program, Rows, Solution

if TYPE_CHECKING:
    from ._completions import Completions

WHO = "criteria_averages"
TRIED = 6  # exchanges before the whole program is asked; any number gives the same bounds


class Witnesses:
    """Completions that show how far single units can go.

    Parameters
    ----------
    of : Completions
        With at least one completion, and made with `single`.
    """

    def __init__(self, of: Completions):
        self.of = of
        n = np.append(of.shown.x, 0)
        self.many = n[of.of_class]  # units of each part in each class
        first = int((of.of_class >= 0).sum())  # the variables from here on are cells
        self.cells = np.where(of.of_cell >= 0, of.of_cell - first, -1)
        rows = [(x[x >= 0], 1, 0, 0) for x in self.cells]
        for s in of.totals:
            chosen, one, low, high = of._total(s)
            rows.append((chosen - first, one, low, high))
        high = of.many[of.layer][np.nonzero(self.cells >= 0)[0]]
        self.nothing = np.zeros(len(high), np.int64)
        self.flow = Program(self.nothing, high, Rows.of(rows), who=WHO)
        self.single = np.full(len(of.many), -1)
        self.single[of.layer[of.layer_class < 0]] = np.flatnonzero(of.layer_class < 0)
        self.least_met, self.most_met = np.full((2, len(of.many)), 0)
        self.least_met += of.criteria + 1
        self.most_met -= 1
        for layer in range(len(self.cells)):
            self._set(layer)
        self._solve()

    def least(self, limit: np.ndarray) -> np.ndarray:
        """Least number of free cells met of each part of one unit, none below `limit`."""
        for part in self.of.alone.tolist():
            if self.least_met[part] > limit[part] and not self._reaches(part, limit[part]):
                self._search(part, -1)
        return self.least_met

    def greatest(self, limit: np.ndarray) -> np.ndarray:
        """Greatest number of free cells met of each part of one unit, likewise."""
        for part in self.of.alone.tolist():
            if self.most_met[part] < limit[part] and not self._reaches(part, limit[part]):
                self._search(part, 1)
        return self.most_met

    def _reaches(self, part: int, wanted: int) -> bool:
        """Whether an exchange lets the unit meet the wanted number of its free cells."""
        of = self.of
        now = int(self.many[part].argmax())
        inside = (of.low[part] <= wanted) & (wanted <= of.high[part])
        then = int(inside.argmax())
        for layer, place in self._partners(part, now, then):
            self._exchange(part, layer, place, now, then)
            row = int(self.single[part])
            self.flow.limit_row(row, wanted, wanted)
            found = self._solve()
            if found:
                self._set(row)
                return True
            self._exchange(part, layer, place, then, now)
        return False

    def _partners(self, part: int, now: int, then: int) -> list[tuple[int, int]]:
        """Layers whose unit can change places, those that need to change least first."""
        of = self.of
        if now == then:
            return [(-1, -1)]
        alike = np.all([s.among[of.first] == s.among[of.first[part]] for s in of.bands], 0)
        can = alike & (self.many[:, then] > 0) & (of.of_class[:, now] >= 0)
        can[part] = False
        parts = np.flatnonzero(can)
        away = np.maximum(of.low[parts, now] - self.met[parts], 0)
        away += np.maximum(self.met[parts] - of.high[parts, now], 0)
        return [(p, then) for p in parts[np.argsort(away, kind="stable")][:TRIED].tolist()]

    def _exchange(self, part: int, other: int, place: int, now: int, then: int) -> None:
        """Move the unit from class now to then, and one of the other the other way."""
        if other < 0:
            self._set(int(self.single[part]))
            return
        for one, leaves, enters in ((part, now, then), (other, then, now)):
            self.many[one, leaves] -= 1
            self.many[one, enters] += 1
            for layer in np.flatnonzero(self.of.layer == one).tolist():
                self._set(layer)

    def _set(self, layer: int) -> None:
        """Bound a layer of the flow by the units in its class."""
        of = self.of
        part, k = int(of.layer[layer]), int(of.layer_class[layer])
        k, single = (int(self.many[part].argmax()), True) if k < 0 else (k, False)
        n = int(self.many[part, k])
        self.flow.limit_row(layer, n * int(of.low[part, k]), n * int(of.high[part, k]))
        if not single:
            x = self.cells[layer]
            self.flow.limit_variables(x[x >= 0], n)

    def _solve(self) -> bool:
        found = self.flow.minimise(self.nothing)
        if found is None:
            return False
        self._learn(np.append(found.x, 0)[self.cells].sum(axis=1))
        return True

    def _learn(self, layers: np.ndarray) -> None:
        """Note what a completion shows of every unit that is a part of its own."""
        self.met = np.zeros(len(self.of.many), np.int64)
        np.add.at(self.met, self.of.layer, layers)
        self.least_met = np.minimum(self.least_met, self.met)
        self.most_met = np.maximum(self.most_met, self.met)

    def _search(self, part: int, sign: int) -> None:
        """Ask the whole program, which knows all that can be."""
        cost = np.zeros(self.of.variables, np.int64)
        chosen = self.of.of_cell[self.single[part]]
        cost[chosen[chosen >= 0]] = sign
        best = self.most_met if sign > 0 else self.least_met
        reached = Solution(self.nothing, sign * int(best[part]))
        found = self.of.program.maximise(cost, reached=reached)
        if found.x is not self.nothing:
            self._learn(np.append(found.x, 0)[self.of.of_cell].sum(axis=1))
