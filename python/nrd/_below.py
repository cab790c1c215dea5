"""Indicators that refer to results of other sets: of the same units, or of those below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ._core.assess import MET, UNKNOWN, UNMET
from .errors import NrdKeyError, NrdTypeError, NrdValueError

if TYPE_CHECKING:
    from ._core.criteria import Item
    from ._measurements import Measurements
    from .criteria import CriteriaSet

_STATES = {True: MET, False: UNMET, None: UNKNOWN}


@dataclass
class Below:
    """Values of all items with the least and the greatest shares; one list where known."""

    low: list[np.ndarray | None]
    high: list[np.ndarray | None]


@dataclass
class _States:
    """States of units, of any year where ``year`` is None."""

    names: Sequence[str]
    unit: np.ndarray
    year: np.ndarray | None
    state: np.ndarray


def refer(
    held: Measurements,
    criteria_set: CriteriaSet,
    results: Mapping[str, Any] | Sequence[Any],
    parents: Mapping[str, str] | None,
) -> Below:
    """Fill the columns of items that refer to other sets.

    Raises
    ------
    NrdKeyError
        If a unit below has no parent, or a result is of a set that nothing refers to.
    NrdValueError
        If such an item is measured too.
    """
    given = _by_set(results)
    asked = {item.refers_set for item in criteria_set.items}
    for name in given:
        if name not in asked:
            raise NrdKeyError(
                f"results: nothing in the set {criteria_set.id} refers to {name!r}"
            )
    low, high = list(held.columns), list(held.columns)
    for i, item in enumerate(criteria_set.items):
        if item.refers not in ("unit", "share") or item.refers_set not in given:
            continue
        if low[i] is not None:
            raise NrdValueError(
                f"indicator {item.code} is measured, and it follows from the results of "
                f"{item.refers_set}; expected one of the two"
            )
        states = _states(given[item.refers_set], item)
        if item.refers == "unit":
            low[i] = high[i] = _of_units(held, states)
        else:
            low[i], high[i] = _shares(held, states, item, parents)
    differ = any(
        a is not b and not np.array_equal(a, b, equal_nan=True)
        for a, b in zip(low, high, strict=True)
    )
    return Below(low, high if differ else low)


def _by_set(results: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    if isinstance(results, Mapping):
        return dict(results)
    if hasattr(results, "criteria_set"):
        results = [results]
    out: dict[str, Any] = {}
    for result in results if isinstance(results, Sequence) else [results]:
        if not hasattr(result, "criteria_set"):
            raise NrdTypeError(
                f"results: found {type(result).__name__}, expected an Assessment, several, "
                "or a mapping from ids of sets to states"
            )
        if result.criteria_set.id in out:
            raise NrdValueError(f"results: two are of the set {result.criteria_set.id}")
        out[result.criteria_set.id] = result
    return out


def _states(result: Any, item: Item) -> _States:
    if hasattr(result, "states") and hasattr(result, "unit_names"):
        return _States(result.unit_names, result.unit, result.year, result.states)
    if not isinstance(result, Mapping):
        raise NrdTypeError(
            f"results of {item.refers_set}: found {type(result).__name__}, expected an "
            "Assessment or a mapping from units to True, False or None"
        )
    for name, state in result.items():
        if state is not None and not isinstance(state, bool | np.bool_):
            raise NrdTypeError(
                f"results of {item.refers_set}: unit {name!r} is {state!r}, expected True, "
                "False or None"
            )
    states = [_STATES[None if s is None else bool(s)] for s in result.values()]
    n = np.arange(len(states), dtype=np.int32)
    return _States([str(name) for name in result], n, None, np.array(states, np.int8))


def _of_units(held: Measurements, states: _States) -> np.ndarray:
    """State of the same unit, in the same year where the result has years."""
    place = {name: i for i, name in enumerate(states.names)}
    ours = np.array([place.get(name, -1) for name in held.units], np.int64)[held.unit]
    years = held.year if states.year is not None else np.zeros(len(ours), np.int64)
    wanted = ours * 100_000 + years
    there = states.unit.astype(np.int64) * 100_000
    there = there + (0 if states.year is None else states.year)
    order = np.argsort(there, kind="stable")
    at = np.minimum(np.searchsorted(there[order], wanted), max(len(order) - 1, 0))
    out = np.full(len(ours), np.nan)
    if len(order):
        found = (there[order][at] == wanted) & (ours >= 0)
        state = states.state[order[at]]
        out[found & (state == MET)] = 1.0
        out[found & (state == UNMET)] = 0.0
    return out


def _shares(
    held: Measurements,
    states: _States,
    item: Item,
    parents: Mapping[str, str] | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest share of the units below that meet their set, in percent."""
    if parents is None:
        raise NrdValueError(
            f"indicator {item.code} is a share of the units below, expected parents: the "
            "unit here that each belongs to"
        )
    for name in states.names:
        if name not in parents:
            raise NrdKeyError(f"parents: unit {name!r} has none, expected one for each")
    place = {name: i for i, name in enumerate(held.units)}
    above = np.array([place.get(parents[name], -1) for name in states.names], np.int64)
    above = above[states.unit]
    out = np.full((2, len(held.unit)), np.nan)
    for year in np.unique(held.year):
        rows = np.flatnonzero(held.year == year)
        there = above >= 0
        if states.year is not None:
            there &= states.year == year
        n, met, maybe = (
            np.bincount(above[there & which], minlength=len(held.units))[held.unit[rows]]
            for which in (True, states.state == MET, states.state == UNKNOWN)
        )
        some = n > 0
        out[0, rows[some]] = 100.0 * met[some] / n[some]
        out[1, rows[some]] = 100.0 * (met + maybe)[some] / n[some]
    return out[0], out[1]
