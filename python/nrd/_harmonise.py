"""Reading of panels for `harmonise`: rules, codes, and dense columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import numpy as np

from . import _cells
from ._columns import floats
from ._core.attainment import UNKNOWN
from ._core.crosswalk import RULES, Links
from ._core.moments import State, column_decimals
from ._frames import Frame, name_of, recode
from .crosswalks import Crosswalk
from .errors import NrdKeyError, NrdValueError

WHERE = "harmonise"
# Names of columns that are rates, in English and Vietnamese.
_RATE = re.compile(
    r"(?:^|_)(?:pct|percent|rate|share|ratio|ty_le|tyle)(?:_|$)|%|tỷ lệ", re.I
)
_STATES = ("all", "any", "share")


@dataclass(frozen=True)
class Rule:
    """What becomes of a column."""

    name: str
    kind: str
    column: str
    other: str | None = None
    above: int = 1
    below: int = 1

    @property
    def is_state(self) -> bool:
        """Whether values are met or unmet."""
        return self.kind in _STATES

    @property
    def numbers(self) -> list[str]:
        """Columns that are read as numbers."""
        own = [] if self.is_state or self.kind == "first" else [self.column]
        return own + ([self.other] if self.other else [])


def rules_of(frame: Frame, rules: Mapping[str, Any]) -> list[Rule]:
    """Check the rules of a call."""
    if not rules:
        raise NrdValueError(f"{WHERE}: there are no rules, expected one or more")
    made = [_rule(name, given) for name, given in rules.items()]
    for rule in made:
        frame.require(rule.column, *([rule.other] if rule.other else []))
        if rule.kind == "sum" and _RATE.search(rule.column):
            raise NrdValueError(
                f"{WHERE}: column {rule.column!r} is a rate and cannot be added, expected "
                "('rate', numerator, denominator) or ('mean', weights)"
            )
    return made


def _rule(name: str, given: Any) -> Rule:
    kind, *rest = (given,) if isinstance(given, str) else tuple(given)
    wanted = {"mean": (1, 1), "rate": (2, 3), "share": (2, 2)}.get(kind, (0, 0))
    if kind not in (*RULES, "first") or not wanted[0] <= len(rest) <= wanted[1]:
        raise NrdValueError(
            f"{WHERE}: the rule of {name!r} is {given!r}, expected 'sum', ('mean', "
            "weights), ('rate', numerator, denominator[, factor]), 'all', 'any', ('share', "
            "weights, share) or 'first'"
        )
    if kind == "rate":
        factor = rest[2] if len(rest) == 3 else 1
        if not isinstance(factor, Integral) or not 1 <= factor <= 1_000_000:
            raise NrdValueError(
                f"{WHERE}: the factor of {name!r} is {factor!r}, expected a whole number"
            )
        return Rule(name, kind, rest[0], rest[1], int(factor))
    if kind == "share":
        if not isinstance(rest[1], Real) or not 0 < rest[1] <= 1:
            raise NrdValueError(
                f"{WHERE}: the share of {name!r} is {rest[1]!r}, expected it in (0, 1]"
            )
        part = Fraction(repr(float(rest[1]))).limit_denominator(10**6)
        return Rule(name, kind, name, rest[0], part.numerator, part.denominator)
    return Rule(name, kind, name, *rest)


def codes_of(
    frame: Frame, unit: str, crosswalk: Crosswalk, repair: bool
) -> tuple[np.ndarray, int]:
    """Place of the unit of each row in the crosswalk, and how many codes were repaired."""
    values, codes = frame.encode(unit)
    missing = np.flatnonzero(codes < 0)
    if len(missing):
        row = int(missing[0])
        raise NrdValueError(f"{WHERE}: row {row}: {unit!r} is missing", row=row)
    known = crosswalk._place_of_old
    width = max(map(len, known), default=0)
    places = [known.get(value, -1) for value in values]
    repaired = 0
    for code, value in enumerate(values):
        if places[code] >= 0:
            continue
        name = name_of(value)
        whole = name.zfill(width)
        lost = name not in known and name.isdecimal() and whole in known
        if name not in known and not (lost and repair):
            row = int(np.argmax(codes == code))
            why = f"; {whole!r} is: see repair_codes" if lost else ""
            raise NrdKeyError(
                f"{WHERE}: row {row}: unit {name!r} is not in the crosswalk{why}", row=row
            )
        repaired += lost
        places[code] = known[whole if lost else name]
    return np.array(places, np.int64)[codes], repaired


@dataclass(frozen=True)
class Panel:
    """Columns as dense arrays, unit by unit and period by period."""

    names: list[str]
    columns: list[np.ndarray]
    decimals: list[int]
    periods: list
    labels: dict[str, list]
    absent: int

    def rule(self, rule: Rule) -> tuple:
        """A rule as libnrd takes it."""
        other = 0 if rule.other is None else self.names.index(rule.other)
        return rule.kind, self.names.index(rule.column), other, rule.above, rule.below

    def scale(self, rule: Rule) -> float:
        """What results are divided by: printed decimals are added as whole numbers."""
        column, other = self._scale(rule.column), self._scale(rule.other)
        return {"sum": column, "mean": column, "rate": column / other}.get(rule.kind, 1.0)

    def _scale(self, name: str | None) -> float:
        return (
            1.0 if name is None else 10.0 ** max(self.decimals[self.names.index(name)], 0)
        )

    def totals(self, rule: Rule, reached: np.ndarray) -> list[float]:
        """Exact sums of a column over the units before, by period; NaN where one lacks."""
        held = self.columns[self.names.index(rule.column)].reshape(-1, len(self.periods))
        return self._totals(held[reached], self._scale(rule.column))

    def totals_of(self, rule: Rule, values: np.ndarray) -> list[float]:
        """Exact sums of results, as they are rounded, over the units after, by period."""
        scale = self._scale(rule.column)
        near = np.rint(values * scale)
        # Printed decimals come back as the whole numbers that they were added as.
        if np.array_equal(near / scale, values, equal_nan=True):
            return self._totals(near, scale)
        return self._totals(values, 1.0)

    def _totals(self, values: np.ndarray, scale: float) -> list[float]:
        count = len(self.periods)
        state = State(1, count, level="means")
        when = np.tile(np.arange(count, dtype=np.int32), len(values))
        state.update([np.ascontiguousarray(values).reshape(-1)], when)
        found = state.sum()[:, 0] / scale
        return np.where(state.rows() == len(values), found, np.nan).tolist()

    def first(self, rule: Rule, links: Links) -> list:
        """The value of the first part of each unit after, in the first period it has."""
        held = self.labels[rule.column]
        out = []
        for start, end in zip(links.start[:-1], links.start[1:], strict=True):
            parts = links.source[start:end].tolist()
            names = [held[part] for part in parts if held[part] is not None]
            out += [names[0] if names else None] * len(self.periods)
        return out


def panel_of(
    frame: Frame,
    places: np.ndarray,
    unit: str,
    period: str | None,
    crosswalk: Crosswalk,
    rules: Sequence[Rule],
) -> Panel:
    """Put the rows where they belong; units without a row are missing."""
    periods, when = _periods(frame, period)
    cells = places * len(periods) + when
    count = len(crosswalk.old) * len(periods)
    _refuse_twice(cells, count, crosswalk, periods, period)
    names, columns, decimals = [], [], []
    for name in dict.fromkeys(name for rule in rules for name in rule.numbers):
        values = floats(frame, name, WHERE)
        _refuse_infinite(name, values)
        digits = column_decimals(values)
        dense = np.full(count, np.nan)
        dense[cells] = np.rint(values * 10.0**digits) if digits > 0 else values
        names.append(name)
        columns.append(dense)
        decimals.append(digits)
    for rule in rules:
        if rule.is_state:
            dense = np.full(count, np.nan)
            dense[cells] = _states(frame, rule.column)
            names.append(rule.column)
            columns.append(dense)
            decimals.append(-1)
    labels = {rule.column: _firsts(frame, rule.column, places, crosswalk) for rule in rules
              if rule.kind == "first"}  # fmt: skip
    return Panel(names, columns, decimals, periods, labels, count - len(cells))


def _periods(frame: Frame, period: str | None) -> tuple[list, np.ndarray]:
    if period is None:
        return [None], np.zeros(frame.rows, np.int64)
    values, codes = frame.encode(period)
    missing = np.flatnonzero(codes < 0)
    if len(missing):
        row = int(missing[0])
        raise NrdValueError(f"{WHERE}: row {row}: {period!r} is missing", row=row)
    order = sorted(range(len(values)), key=values.__getitem__)
    place = np.empty(len(values), np.int64)
    place[order] = np.arange(len(values))
    return [values[code] for code in order], place[codes]


def _refuse_twice(
    cells: np.ndarray, count: int, crosswalk: Crosswalk, periods: list, period: str | None
) -> None:
    if np.bincount(cells, minlength=count).max(initial=0) <= 1:
        return
    seen: dict[int, int] = {}
    for row, cell in enumerate(cells.tolist()):
        first = seen.setdefault(cell, row)
        if first != row:
            place, when = divmod(cell, len(periods))
            said = f", {period} {periods[when]}" if period else ""
            raise NrdValueError(
                f"{WHERE}: row {row}: unit {crosswalk.old[place]}{said} is given twice, "
                f"first in row {first}",
                row=row,
            )


def _refuse_infinite(name: str, values: np.ndarray) -> None:
    rows = np.flatnonzero(np.isinf(values))
    if len(rows):
        raise NrdValueError(
            f"{WHERE}: column {name!r}, row {rows[0]}: found {values[rows[0]]}, expected a "
            "finite number",
            row=int(rows[0]),
        )


def _states(frame: Frame, name: str) -> np.ndarray:
    """States of a column as 1, 0 and NaN."""
    words, codes = frame.encode(name)
    states = recode(codes, *_cells.meaning(words, codes, None, name))
    return np.where(states == UNKNOWN, np.nan, states.astype(np.float64))


def _firsts(frame: Frame, name: str, places: np.ndarray, crosswalk: Crosswalk) -> list:
    """A label of each unit before, from its first row that has one."""
    out: list = [None] * len(crosswalk.old)
    for place, value in zip(places.tolist(), frame.values(name), strict=True):
        if out[place] is None:
            out[place] = value
    return out
