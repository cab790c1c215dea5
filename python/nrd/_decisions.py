"""The decisions of an assessment as columns: value, level, rule and source of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ._core.assess import MET, NEAR, NOT_ASKED, UNKNOWN, UNMET

if TYPE_CHECKING:
    from ._assessment import Assessment
    from ._core.criteria import Item, Level

STATES = {
    UNKNOWN: "unknown",
    UNMET: "unmet",
    MET: "met",
    NEAR: "near",
    NOT_ASKED: "not asked",
}
# A state is its place less one.
NAMES = np.array([STATES[s] for s in sorted(STATES)], object)
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


def columns(
    result: Assessment, rows: np.ndarray, items: np.ndarray, *, as_text: bool = False
) -> dict[str, Any]:
    """Fields of `Decision` for the pairs of a row and an item, one column each.

    As text, levels are words and sources are joined by blanks, as in a table.
    """
    asked = result.criteria_set.items
    read, at = _levels(result, rows, items)
    levels = [_asked(level) for level in read]
    sources = [result.sources[item.indicator] for item in asked]
    if as_text:
        levels = [_written(level) for level in levels]
        sources = list(map(" ".join, sources))
    return {
        "unit": np.array(result.unit_names, object)[result.unit[rows]],
        "year": result.year[rows],
        "indicator": _objects([item.code for item in asked])[items],
        "state": NAMES[result.items[items, rows] + 1],
        "value": _values(result, rows, items),
        "rule": _objects(list(map(_rule, asked)))[items],
        "level": _objects(levels)[at],
        "measure": _objects([item.unit for item in asked])[items],
        "decision": _objects([level.decision for level in read])[at],
        "source": _objects(sources)[items],
    }


def _levels(
    result: Assessment, rows: np.ndarray, items: np.ndarray
) -> tuple[list[Level], np.ndarray]:
    """Levels by item, place and year, each read once, and which of them is asked."""
    places = len(result.criteria_set.places) + 1
    key = (items.astype(np.int64) * places + result.place[rows] + 1) * 100_000
    distinct, at = np.unique(key + result.year[rows], return_inverse=True)
    found = []
    for number in distinct.tolist():
        cell, year = divmod(number, 100_000)
        item, place = divmod(cell, places)
        found.append(result.level_of(item, place - 1, year))
    return found, at


def _values(result: Assessment, rows: np.ndarray, items: np.ndarray) -> np.ndarray:
    out = np.full(len(rows), np.nan)
    for item in np.flatnonzero(np.bincount(items, minlength=len(result.values))):
        values = result.values[item]
        if values is not None:
            here = items == item
            out[here] = values[rows[here]]
    return np.where(np.isfinite(out), out.astype(object), None)


def _written(level: float | str | None) -> str | None:
    """Return a level as it is printed: 26.7, and 3 where it is a whole number."""
    return f"{level:.15g}" if isinstance(level, float) else level


def _objects(values: list) -> np.ndarray:
    """Return an array of what may be tuples."""
    return np.fromiter(values, object, len(values))


def _rule(item: Item) -> str:
    if item.strict:
        return "below" if item.rule == "le" else "above"
    return _RULES[item.rule]


def _asked(level: Level) -> float | str | None:
    if level.kind == "number":
        return level.value
    return None if level.kind in ("unknown", "not asked") else level.kind
