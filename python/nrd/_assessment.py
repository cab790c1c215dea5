"""What an assessment found: decisions with value, level, rule and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ._core.assess import MET, NEAR, NOT_ASKED, UNKNOWN, UNMET
from ._core.criteria import Item, Level
from ._result import Columns, Result, plain, records
from .attainment import Attainment
from .criteria import CriteriaSet
from .errors import NrdKeyError, NrdValueError

STATES = {
    UNKNOWN: "unknown",
    UNMET: "unmet",
    MET: "met",
    NEAR: "near",
    NOT_ASKED: "not asked",
}
_NAMES = np.array([STATES[s] for s in sorted(STATES)], object)
_RULES = {"ge": "at least", "le": "at most", "met": "met", "provincial": "set by province"}


class Decision(NamedTuple):
    """One decision, with all it rests on.

    ``state`` is met, unmet, near (unmet, within the tolerance), unknown or not asked;
    ``value`` and ``level`` are in the unit of measure; ``decision`` is the document that
    states the level, ``source`` where that was read.
    """

    unit: str
    year: int
    indicator: str
    state: str
    value: float | None
    rule: str
    level: float | str | None
    measure: str
    decision: str
    source: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Assessment(Result):
    """Indicators, criteria and the whole set, per unit and year.

    Attributes
    ----------
    criteria_set : CriteriaSet
        The set, with the decisions that state its levels.
    unit_names : tuple of str
        Codes of the units.
    unit, year : ndarray of int32, shape (rows,)
        Place of each row's unit in `unit_names`, and its year.
    place : ndarray of int32, shape (rows,)
        Index of the region by whose levels a row is judged; -1 for general levels.
    days : dict
        Day on which each year is judged, as yyyymmdd.
    values : tuple of ndarray or None
        Values by item, as they were compared.
    items : ndarray of int8, shape (items, rows)
        1 met, 0 unmet, -1 unknown, 2 near (unmet), 3 not asked.
    criteria : ndarray of int8, shape (criteria, rows)
        Likewise; never near.
    states : ndarray of int8, shape (rows,)
        The whole set, likewise.
    """

    criteria_set: CriteriaSet
    unit_names: tuple[str, ...]
    unit: np.ndarray
    year: np.ndarray
    place: np.ndarray
    days: dict[int, int]
    values: tuple[np.ndarray | None, ...]
    items: np.ndarray
    criteria: np.ndarray
    states: np.ndarray
    _levels: dict = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_unit(self) -> Columns:
        """Per unit and year: state of the set, criteria met, unmet and unknown."""
        return {
            "unit": np.array(self.unit_names, object)[self.unit],
            "year": self.year,
            "region": np.array((*self.criteria_set.places, "general"), object)[self.place],
            "state": _NAMES[self.states + 1],
            "met": np.count_nonzero(self.criteria == MET, axis=0),
            "unmet": np.count_nonzero(self.criteria == UNMET, axis=0),
            "unknown": np.count_nonzero(self.criteria == UNKNOWN, axis=0),
            "near": np.count_nonzero(self.items == NEAR, axis=0),
        }

    @property
    def table(self) -> Any:
        """One row a unit and year, in the caller's kind of frame."""
        return self.kind.build(self.by_unit)

    def decision(self, unit: str, indicator: str, year: int | None = None) -> Decision:
        """One decision, with value, level, rule and source.

        Parameters
        ----------
        unit : str
            Code of the unit.
        indicator : str
            Code of the item, ``"15.3"`` or ``"17.1/clean"``.
        year : int, optional
            Needed where the unit has several.
        """
        item = self.criteria_set.item(indicator)
        return self._decision(self.criteria_set.items.index(item), self._row(unit, year))

    def criterion(self, unit: str, code: str, year: int | None = None) -> str:
        """State of a criterion: met, unmet, unknown or not asked."""
        if code not in self.criteria_set.codes:
            raise NrdKeyError(
                f"there is no criterion {code!r}, expected one of "
                f"{', '.join(self.criteria_set.codes)}"
            )
        at = self.criteria_set.codes.index(code)
        return STATES[int(self.criteria[at, self._row(unit, year)])]

    def state(self, unit: str, year: int | None = None) -> str:
        """State of the whole set: met, unmet or unknown."""
        return STATES[int(self.states[self._row(unit, year)])]

    def decisions(
        self, state: str | Sequence[str] | None = None, *, unit: str | None = None
    ) -> Any:
        """All decisions, or those with a state or of a unit, one row each.

        Parameters
        ----------
        state : str or sequence of str, optional
            "met", "unmet", "near", "unknown" or "not asked".
        unit : str, optional
            Code of a unit.

        Returns
        -------
        data frame
            In the caller's kind, with the fields of `Decision`; sources joined by blanks.
        """
        return self.kind.build(self._columns(state, unit))

    @property
    def near_misses(self) -> Any:
        """Decisions that are unmet by no more than the tolerance, one row each."""
        return self.decisions("near")

    @cached_property
    def unknown_levels(self) -> Columns:
        """Levels that were needed and that nobody has verified, each once.

        One row an item and region, with the years, what is known of the level, and the
        rows of the assessment that it leaves open.
        """
        keys = ("indicator", "region", "years", "kind", "rows")
        out: dict[str, list] = {key: [] for key in keys}
        cells = {}
        for (place, year), n in self._cells().items():
            for i, item in enumerate(self.criteria_set.items):
                level = self._level(i, place, year)
                if level.kind in ("unknown", "provincial") and item.refers != "criteria":
                    found = cells.setdefault((i, place, level.kind), [[], 0])
                    found[0].append(year)
                    found[1] += n
        for (i, place, kind), (years, n) in sorted(cells.items()):
            row = (self.criteria_set.items[i].code, self._region(place), years, kind, n)
            for key, value in zip(keys, row, strict=True):
                out[key].append(value)
        return out

    @property
    def unlisted(self) -> tuple[str, ...]:
        """Criteria of which the set does not list all indicators: never known to be met."""
        return self.criteria_set.unlisted

    def attainment(self, year: int | None = None) -> Attainment:
        """Units x criteria of one year, for averages and gaps; what is not asked is met."""
        rows = self._rows_of_year(year)
        states = self.criteria[:, rows].copy()
        states[states == NOT_ASKED] = MET
        n, width = len(rows), len(self.criteria_set.codes)
        return Attainment(
            [self.unit_names[i] for i in self.unit[rows]],
            self.criteria_set.codes,
            (
                np.tile(np.arange(n, dtype=np.int32), width),
                np.repeat(np.arange(width, dtype=np.int32), n),
                states.ravel(),
            ),
            criteria_set=self.criteria_set,
            kind=self.kind,
            dropped=int(np.count_nonzero(states == UNKNOWN)),
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        return {
            "provenance": plain(self.provenance),
            "criteria_set": self.criteria_set.id,
            "by_unit": records(self.by_unit),
            "criteria": {
                code: _NAMES[row + 1].tolist()
                for code, row in zip(self.criteria_set.codes, self.criteria, strict=True)
            },
            "decisions": records(self._columns(None, None)),
            "unknown_levels": records(self.unknown_levels),
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from . import _sections_assess

        return _sections_assess.assessment(self, language)

    def _row(self, unit: str, year: int | None) -> int:
        if unit not in self.unit_names:
            raise NrdKeyError(f"there is no unit {unit!r}")
        mask = self.unit == self.unit_names.index(unit)
        if year is not None:
            mask &= self.year == year
        rows = np.flatnonzero(mask)
        if len(rows) == 1:
            return int(rows[0])
        if not len(rows):
            raise NrdValueError(f"unit {unit!r} has no measurements of {year}")
        raise NrdValueError(
            f"unit {unit!r} has {len(rows)} years, expected year to name one"
        )

    def _rows_of_year(self, year: int | None) -> np.ndarray:
        """Rows of a year; None where there is but one."""
        years = np.unique(self.year)
        if year is None and len(years) > 1:
            raise NrdValueError(f"there are {len(years)} years, expected year to name one")
        rows = np.flatnonzero(self.year == (years[0] if year is None else year))
        if not rows.size:
            raise NrdValueError(f"there are no measurements of {year}")
        return rows

    def _cells(self) -> dict[tuple[int, int], int]:
        """Rows in each place and year that occur."""
        key = (self.place.astype(np.int64) + 1) * 100_000 + self.year
        found, n = np.unique(key, return_counts=True)
        return {
            (int(k) // 100_000 - 1, int(k) % 100_000): int(c)
            for k, c in zip(found, n, strict=True)
        }

    def _region(self, place: int) -> str:
        return "general" if place < 0 else self.criteria_set.places[place]

    def _level(self, item: int, place: int, year: int) -> Level:
        key = item, place, year
        if key not in self._levels:
            document = self.criteria_set._document()
            self._levels[key] = document.level(item, place, self.days[year])
        return self._levels[key]

    @cached_property
    def _sources(self) -> Mapping[str, tuple[str, ...]]:
        content = self.criteria_set.content
        lists = [c["indicators"] for c in content["criteria"]]
        return {
            i["id"]: (*i["source"], *i.get("source_local", ()))
            for indicators in (*lists, content.get("preconditions", []))
            for i in indicators
        }

    def _decision(self, i: int, row: int) -> Decision:
        item: Item = self.criteria_set.items[i]
        year = int(self.year[row])
        level = self._level(i, int(self.place[row]), year)
        values = self.values[i]
        return Decision(
            unit=self.unit_names[self.unit[row]],
            year=year,
            indicator=item.code,
            state=STATES[int(self.items[i, row])],
            value=values[row].item()
            if values is not None and np.isfinite(values[row])
            else None,
            rule=("below" if item.rule == "le" else "above")
            if item.strict
            else _RULES[item.rule],
            level=level.value if level.kind == "number" else _asked(level.kind),
            measure=item.unit,
            decision=level.decision,
            source=self._sources[item.indicator],
        )

    def plot(self, ax: Any = None, *, year: int | None = None, **options: Any) -> Any:
        """Draw units x criteria of one year; options as in `nrd.plot.heat_map`."""
        from . import plot

        return plot.heat_map(self.attainment(year), ax=ax, **options)

    def _columns(
        self, state: str | Sequence[str] | None, unit: str | None, most: int | None = None
    ) -> Columns:
        """Fields of the decisions with a state or of a unit, of the first `most`."""
        wanted = [state] if isinstance(state, str) else state
        if wanted is not None and set(wanted) - set(STATES.values()):
            raise NrdValueError(
                f"state is {state!r}, expected one of {', '.join(STATES.values())}"
            )
        mask = np.ones(self.items.shape, bool)
        if wanted is not None:
            mask = np.isin(self.items, [s for s, name in STATES.items() if name in wanted])
        if unit is not None:
            if unit not in self.unit_names:
                raise NrdKeyError(f"there is no unit {unit!r}")
            mask &= self.unit == self.unit_names.index(unit)
        rows, items = (place[:most] for place in np.nonzero(mask.T))
        found = [self._decision(int(i), int(r)) for r, i in zip(rows, items, strict=True)]
        columns: dict[str, list] = {
            name: [getattr(d, name) for d in found] for name in Decision._fields
        }
        columns["level"] = [None if v is None else str(v) for v in columns["level"]]
        columns["source"] = [" ".join(v) for v in columns["source"]]
        return columns


def _asked(kind: str) -> str | None:
    return None if kind in ("unknown", "not asked") else kind
