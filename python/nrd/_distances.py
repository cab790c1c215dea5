"""How far measured indicators are from their levels: by indicator, and step by step."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from . import _judged
from ._assessment import Assessment, Decision
from ._core.assess import NEAR, NOT_ASKED, UNKNOWN, UNMET
from ._core.gaps import distances
from ._result import Columns
from .errors import NrdError
from .statistics import mean


class _Rule(NamedTuple):
    """What decided an item at a place: the part of a `Decision` that units share."""

    rule: str
    level: float | str | None
    measure: str
    decision: str
    source: str


class Distances:
    """Distances of one year of an assessment.

    Attributes
    ----------
    states : ndarray of int8, shape (items, rows)
        Decisions on the items, as in `Assessment`.
    distance, relative : ndarray of float64, shape (items, rows)
        Distance in the unit of the indicator, and divided by the level; NaN where the
        decision is unknown or nothing is asked.
    """

    def __init__(self, found: Assessment, year: int | None):
        judged = _judged.rows_of(found, found._rows_of_year(year))
        self._found, self._rows = found, judged.chosen
        self._place, self._values = judged.rows.place, judged.rows.values
        self.states = np.ascontiguousarray(found.items[:, judged.chosen])
        document = found.criteria_set._document()
        try:
            self.distance, self.relative = distances(document, judged.rows, self.states)
        except NrdError as error:
            raise _judged.named(found, judged, error) from None
        self._rules: dict[tuple[int, int], _Rule] = {}

    @cached_property
    def by_indicator(self) -> Columns:
        """One row an item and region, as `AttainmentGaps.by_indicator` says."""
        items = self._found.criteria_set.items
        rows = [
            (i, place, self._place == place)
            for i in range(len(items))
            for place in np.unique(self._place).tolist()
        ]
        counts = [
            [int(np.count_nonzero(self.states[i, at] == s)) for s in (UNMET, NEAR, UNKNOWN)]
            + [int(np.count_nonzero(self.states[i, at] != NOT_ASKED))]
            for i, _, at in rows
        ]
        kept = [k for k, (*_, asked) in enumerate(counts) if asked]
        rows, counts = [rows[k] for k in kept], [counts[k] for k in kept]
        low = [unmet + near for unmet, near, *_ in counts]
        high = [a + unknown for a, (_, _, unknown, _) in zip(low, counts, strict=True)]
        asked = [n for *_, n in counts]
        out = {
            "indicator": [items[i].code for i, *_ in rows],
            "criterion": [items[i].criterion for i, *_ in rows],
            "region": [self._found._region(place) for _, place, _ in rows],
            "asked": asked,
            "short_low": low,
            "short_high": high,
            "near": [near for _, near, *_ in counts],
            "points_low": [100 * a / n for a, n in zip(low, asked, strict=True)],
            "points_high": [100 * a / n for a, n in zip(high, asked, strict=True)],
            **self._means([(i, at) for i, _, at in rows]),
        }
        rules = [self._rule(i, int(np.flatnonzero(at)[0])) for i, _, at in rows]
        for name, values in zip(_Rule._fields, zip(*rules, strict=True), strict=True):
            out[name] = list(values)
        return out

    def _means(self, parts: list[tuple[int, np.ndarray]]) -> Columns:
        """Mean and greatest distance of the unmet cells of each part, None without any."""
        out: dict[str, list] = {}
        for name, values in (("distance", self.distance), ("relative", self.relative)):
            cells = [values[i, at & self._unmet[i]] for i, at in parts]
            part = np.repeat(np.arange(len(cells)), [len(v) for v in cells])
            flat = np.concatenate([np.empty(0), *cells])
            endless = np.unique(part[np.isinf(flat)]).tolist()
            flat = np.where(np.isinf(flat), np.nan, flat)
            means = dict.fromkeys(range(len(cells)))
            if len(flat):
                found = mean({"part": part, "value": flat}, by="part", decimal="auto")
                means.update(zip(found.columns["part"], found.columns["mean"], strict=True))
            means.update(dict.fromkeys(endless))
            out[f"{name}_mean"] = list(means.values())
            out[f"{name}_max"] = [float(v.max()) if len(v) else None for v in cells]
        return out

    @cached_property
    def _unmet(self) -> np.ndarray:
        return (self.states == UNMET) | (self.states == NEAR)

    @cached_property
    def steps(self) -> Columns:
        """One row a unit and unmet item, as `AttainmentGaps.next_steps` says."""
        unit, item = np.nonzero(self._unmet.T)
        criterion, furthest = self._furthest()
        at = criterion[item]
        order = np.lexsort((item, self.relative[item, unit], at, furthest[at, unit], unit))
        unit, item = unit[order], item[order]
        items = self._found.criteria_set.items
        first = np.searchsorted(unit, unit)
        rows = {
            "unit": np.array(self._found.unit_names, object)[self._unit[unit]],
            "step": np.arange(len(unit)) - first + 1,
            "criterion": np.array([i.criterion for i in items], object)[item],
            "indicator": np.array([i.code for i in items], object)[item],
            "near": self.states[item, unit] == NEAR,
            "value": self._value(item, unit),
            "distance": self.distance[item, unit],
            "relative": self.relative[item, unit],
        }
        columns = {name: values.tolist() for name, values in rows.items()}
        return {**columns, **self._rule_columns(item, unit)}

    @property
    def furthest(self) -> np.ndarray:
        """Largest relative distance of each row, NaN where nothing is surely unmet."""
        found = self._furthest()[1].max(axis=0, initial=-1.0)
        return np.where(found < 0, np.nan, found)

    @property
    def _unit(self) -> np.ndarray:
        return self._found.unit[self._rows]

    def _furthest(self) -> tuple[np.ndarray, np.ndarray]:
        """Criterion of each item, and the largest relative distance in it by unit."""
        codes = [item.criterion for item in self._found.criteria_set.items]
        place = {code: k for k, code in enumerate(dict.fromkeys(codes))}
        criterion = np.array([place[code] for code in codes], np.int64)
        furthest = np.full((len(place), self.states.shape[1]), -1.0)
        np.maximum.at(furthest, criterion, np.where(self._unmet, self.relative, -1.0))
        return criterion, furthest

    def _value(self, item: np.ndarray, unit: np.ndarray) -> np.ndarray:
        """Measured values of cells, None where an item follows from others."""
        out = np.full(len(item), None, object)
        for i in np.unique(item).tolist():
            if self._values[i] is not None:
                at = item == i
                out[at] = self._values[i][unit[at]].astype(object)
        return out

    def _rule_columns(self, item: np.ndarray, unit: np.ndarray) -> Columns:
        """What decided each cell; looked up once for each item and place."""
        key = item * (len(self._found.criteria_set.places) + 1) + self._place[unit] + 1
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        rules = [self._rule(int(item[k]), int(unit[k])) for k in first]
        out = {}
        for k, name in enumerate(_Rule._fields):
            held = np.array([None, *(rule[k] for rule in rules)], object)[1:]
            out[name] = held[inverse.reshape(-1)].tolist()
        return out

    def _rule(self, item: int, row: int) -> _Rule:
        key = item, int(self._place[row])
        if key not in self._rules:
            found: Decision = self._found._decision(item, int(self._rows[row]))
            shared = (found.rule, found.level, found.measure, found.decision)
            self._rules[key] = _Rule(*shared, " ".join(found.source))
        return self._rules[key]
