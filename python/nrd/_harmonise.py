"""Reading of panels for `harmonise`: rules, codes, and dense columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral, Real
from typing import Any

import numpy as np

from . import _cells
from ._codes import Codes, codes
from ._columns import floats
from ._core.attainment import UNKNOWN
from ._core.crosswalk import RULES, STATES, Panel
from ._frames import Frame, name_of, recode
from .crosswalks import Crosswalk
from .errors import NrdKeyError, NrdValueError

WHERE = "harmonise"
LABELS = ("first", "last")
# Names of columns that are rates, in English and Vietnamese.
_RATE = re.compile(
    r"(?:^|_)(?:pct|percent|rate|share|ratio|ty_le|tyle)(?:_|$)|%|tỷ lệ", re.I
)


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
        return self.kind in STATES

    @property
    def is_label(self) -> bool:
        """Whether values are names, which are not computed with."""
        return self.kind in LABELS

    @property
    def state(self) -> str:
        """Name of its column as numbers, which differs from that of a column of numbers."""
        return f"state of {self.column}" if self.is_state else self.column

    @property
    def numbers(self) -> list[str]:
        """Columns that are read as numbers."""
        own = [] if self.is_state or self.is_label else [self.column]
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
    if kind not in (*RULES, *LABELS) or not wanted[0] <= len(rest) <= wanted[1]:
        raise NrdValueError(
            f"{WHERE}: the rule of {name!r} is {given!r}, expected 'sum', ('mean', "
            "weights), ('rate', numerator, denominator[, factor]), 'all', 'any', ('share', "
            "weights, share), 'first' or 'last'"
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


def carried(crosswalk: Crosswalk, weights: Any, direction: str) -> Crosswalk:
    """The crosswalk with the weights of a call, in its direction, if it loses nothing."""
    if direction == "old":
        if not isinstance(weights, Mapping):
            raise NrdValueError(
                f"{WHERE}: direction is 'old' and weights is {weights!r}, expected a "
                "mapping of old units to their weights"
            )
        crosswalk = crosswalk.reverse(weights)
    elif direction != "new":
        raise NrdValueError(f"{WHERE}: direction is {direction!r}, expected 'new' or 'old'")
    elif weights is not None:
        crosswalk = crosswalk.with_shares(weights)
    for code, total in crosswalk.wrong_totals().items():
        lost = "lost in part" if total < 1 else "doubled in part"
        raise NrdValueError(
            f"{WHERE}: unit {code!r} is {lost}, its shares add up to {total:.12g}, "
            "expected 1"
        )
    return crosswalk


def places_of(
    frame: Frame, unit: str, crosswalk: Crosswalk, repair: bool
) -> tuple[np.ndarray, int]:
    """Place of the unit of each row in the crosswalk, and how many codes were repaired."""
    if not frame.rows:
        raise NrdValueError(f"{WHERE}: the table has no rows")
    places = frame.places_in(unit, crosswalk.old)
    if places is not None and places.min() >= 0:
        return places, 0
    found = _codes_of(frame, unit)
    known = crosswalk._place_of_old
    there = _there(found)
    place = np.full(len(found.keys), -1, np.int32)
    place[there] = [known.get(found.keys[code], -1) for code in there]
    places = place[found.code]
    if places.min() >= 0:
        return places, 0
    names = {}
    for code in np.unique(found.code[places < 0]).tolist():
        names[code] = name_of(found.keys[code])
    repaired = _repaired(names, known, frozenset(names) if repair else frozenset())
    for code, name in names.items():
        if repaired.get(code, name) not in known:
            row = int(np.argmax(found.code == code))
            whole = _repaired({code: name}, known, {code}).get(code)
            why = f"; {whole!r} is: see repair_codes" if whole else ""
            raise NrdKeyError(
                f"{WHERE}: row {row}: unit {name!r} is not in the crosswalk{why}", row=row
            )
        place[code] = known[repaired.get(code, name)]
    return place[found.code], len(repaired)


def _repaired(names: Mapping[int, str], known: Mapping, codes: Set[int]) -> dict[int, str]:
    """Names of the given codes that lost leading zeros, with these."""
    width = max(map(len, known), default=0)
    whole = {code: names[code].zfill(width) for code in codes if names[code].isdecimal()}
    return {
        code: name
        for code, name in whole.items()
        if names[code] not in known and name in known
    }


def _there(found: Codes) -> list[int]:
    """Codes that some row has; categories may be there without a row."""
    return np.flatnonzero(np.bincount(found.code, minlength=len(found.keys))).tolist()


def _codes_of(frame: Frame, name: str) -> Codes:
    """A column whose rows all have a value, as codes from 0 on."""
    found = codes(frame, name, guess=False)
    code = found.code - found.first if found.first else found.code
    if code.size and code.min() < 0:
        row = int(np.argmax(code < 0))
        raise NrdValueError(f"{WHERE}: row {row}: {name!r} is missing", row=row)
    return Codes(found.keys, code, 0)


@dataclass(frozen=True)
class Read:
    """A panel as libnrd takes it, its periods, labels, and how many rows it lacks."""

    panel: Panel
    periods: list
    labels: dict[str, list]
    absent: int


def read_panel(
    frame: Frame,
    places: np.ndarray,
    period: str | None,
    crosswalk: Crosswalk,
    rules: Sequence[Rule],
) -> Read:
    """Find the row of each unit and period; a unit without a row is missing."""
    periods, when = _periods(frame, period)
    cells = places if period is None else places * np.int64(len(periods)) + when
    row = np.full(len(crosswalk.old) * len(periods), -1, np.int32)
    row[cells] = np.arange(frame.rows, dtype=np.int32)
    absent = int(np.count_nonzero(row < 0))
    if len(row) - absent < frame.rows:
        _refuse_twice(cells, crosswalk, periods, period)
    columns = {}
    for rule in rules:
        for name in rule.numbers:
            if name not in columns:
                columns[name] = floats(frame, name, WHERE)
        if rule.is_state:
            columns[rule.state] = _states(frame, rule.column)
    labels = {
        rule.name: _labels(frame, rule, row.reshape(-1, len(periods)), crosswalk)
        for rule in rules
        if rule.is_label
    }
    return Read(Panel(columns, row.reshape(-1, len(periods))), periods, labels, absent)


def _periods(frame: Frame, period: str | None) -> tuple[list, np.ndarray | None]:
    """Periods in their order, and the place of that of each row."""
    if period is None:
        return [None], None
    found = _codes_of(frame, period)
    there = _there(found)
    keys = [found.keys[code] for code in there]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    place = np.zeros(len(found.keys), np.int64)
    place[[there[i] for i in order]] = np.arange(len(order))
    in_order = np.array_equal(place, np.arange(len(place)))
    return [keys[i] for i in order], found.code if in_order else place[found.code]


def _refuse_twice(
    cells: np.ndarray, crosswalk: Crosswalk, periods: list, period: str | None
) -> None:
    """Say which row gives a unit and period again."""
    first = np.unique(cells, return_index=True)[1]
    row = int(np.setdiff1d(np.arange(len(cells)), first)[0])
    place, when = divmod(int(cells[row]), len(periods))
    said = f", {period} {periods[when]}" if period else ""
    raise NrdValueError(
        f"{WHERE}: row {row}: unit {crosswalk.old[place]}{said} is given twice, first in "
        f"row {int(np.argmax(cells == cells[row]))}",
        row=row,
    )


def _states(frame: Frame, name: str) -> np.ndarray:
    """States of a column as 1, 0 and NaN."""
    values = frame.array(name)
    if values.dtype.kind in "fiub":
        return values.astype(np.float64, copy=False)  # libnrd looks at them
    words, codes = frame.encode(name)
    states = recode(codes, *_cells.meaning(words, codes, None, name))
    return np.where(states == UNKNOWN, np.nan, states.astype(np.float64))


def _labels(frame: Frame, rule: Rule, row: np.ndarray, crosswalk: Crosswalk) -> list:
    """A label of each unit after: of its first part in its first period, or of the last."""
    words, codes = frame.encode(rule.column)
    links = crosswalk.parts
    step = 1 if rule.kind == "first" else -1
    cells = np.append(codes, -1)[row]  # the row -1 has none
    before = np.repeat(np.arange(len(row)), row.shape[1])
    old = _first_code(before[::step], cells.ravel()[::step], len(row))
    after = np.repeat(np.arange(len(crosswalk.new)), np.diff(links.start).astype(np.int64))
    parts = old[links.source.astype(np.int64)]
    new = _first_code(after[::step], parts[::step], len(crosswalk.new))
    return [None if code < 0 else words[code] for code in new.tolist()]


def _first_code(place: np.ndarray, code: np.ndarray, n: int) -> np.ndarray:
    """The first code of each place that is not missing; -1 where there is none."""
    out = np.full(n, -1, np.int64)
    there = np.flatnonzero(code >= 0)[::-1]
    out[place[there]] = code[there]  # of several the last one stays
    return out
