"""Resources beside results: sums by unit and source as columns, joined to a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._columns import floats
from ._frames import Frame, name_of
from ._resource_rows import Rows
from ._resource_sums import groups, refuse_mixed, sums
from .errors import NrdKeyError, NrdValueError

WHERE = "resource_correlations"
# Units that a sentence names before it counts the others.
_NAMED = 10

Key = tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One of the two tables.

    Attributes
    ----------
    place : dict
        Row of each unit, or of each unit and period.
    columns : dict of ndarray
        Its columns by name.
    notes : tuple of str
        What is taken as given.
    """

    place: dict[Key, int]
    columns: dict[str, Any]
    notes: tuple[str, ...] = ()


def mobilised(rows: Rows, sources: Sequence[str] | None, by_period: bool) -> Side:
    """Sums by unit and source, a column for each source; NaN where nothing is printed.

    Raises
    ------
    NrdKeyError
        If there is no such source.
    NrdValueError
        If the amounts of a source differ in measure, prices, kind, basis or definition
        between units, or cannot be added.
    """
    known = rows.labels["source"].present()
    chosen = _chosen(known, sources, "source")
    held = rows.labels["source"]
    codes = [held.names.index(name) for name in chosen]
    rows = rows.take(np.flatnonzero(np.isin(held.codes, codes)))
    of = rows.code(("source",))[1]
    for names in (("measure", "prices", "kind", "basis"), ("definition",)):
        refuse_mixed(rows, of, names, WHERE, "compared")
    keys = ("unit", "period") if by_period else ("unit",)
    first, group = groups(rows, (*keys, "source"), WHERE)
    amount = sums(rows.amount, group, len(first), rows.decimals)
    kept = rows.take(first)
    units = list(zip(*(kept.labels[name].listed() for name in keys), strict=True))
    place = {key: i for i, key in enumerate(dict.fromkeys(units))}
    columns = {name: np.full(len(place), np.nan) for name in chosen}
    for key, name, value in zip(units, kept.labels["source"].listed(), amount, strict=True):
        columns[name][place[key]] = value
    return Side(place, columns, () if by_period else _years(rows))


def _years(rows: Rows) -> tuple[str, ...]:
    """Sentences on sources whose amounts cover other years in some units than in most."""
    covered: dict[str, dict[str, list]] = {}
    labels = (rows.labels[name].listed() for name in ("source", "unit"))
    ends = zip(rows.first.tolist(), rows.last.tolist(), strict=True)
    for source, unit, years in zip(*labels, ends, strict=True):
        covered.setdefault(source, {}).setdefault(unit, []).append(years)
    out = []
    for source, units in covered.items():
        spans = {unit: tuple(sorted(set(years))) for unit, years in units.items()}
        (most, _), *others = Counter(spans.values()).most_common()
        if others:
            apart = [unit for unit, span in spans.items() if span != most]
            out.append(
                f"The amounts of {source!r} cover {_spoken(most)} in most units, and other "
                f"years in {listed(apart)}."
            )
    return tuple(out)


def _spoken(years: Sequence[tuple[int, int]]) -> str:
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in years)


def wide(frame: Frame, keys: Sequence[str], names: Sequence[str] | None) -> Side:
    """A table with a column for each source, as the caller gives it."""
    free = [name for name in frame.columns if name not in keys]
    chosen = _chosen(free, names, "column of resources")
    note = "That each column of resources has one measure and price basis is assumed."
    columns = {name: floats(frame, name, f"{WHERE}: resources") for name in chosen}
    return Side(places(frame, keys, "resources"), columns, (note,))


def places(frame: Frame, keys: Sequence[str], table: str) -> dict[Key, int]:
    """Row of each unit, or of each unit and period.

    Raises
    ------
    NrdKeyError
        If there is no such column.
    NrdValueError
        If one is missing, or is there twice.
    """
    out: dict[Key, int] = {}
    for row, values in enumerate(zip(*map(frame.values, keys), strict=True)):
        for name, value in zip(keys, values, strict=True):
            if value is None:
                raise NrdValueError(
                    f"{WHERE}: {table}, row {row}: {name!r} is missing", row=row
                )
        key = tuple(name_of(value) for value in values)
        if key in out:
            more = "" if len(keys) > 1 else "; with several periods name their column"
            raise NrdValueError(
                f"{WHERE}: {table}: rows {out[key]} and {row} are both of "
                f"{spoken(key)}, expected one{more}",
                row=row,
            )
        out[key] = row
    return out


def spoken(key: Key) -> str:
    """A unit, or a unit and its period, as one name."""
    return ", ".join(key)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, the rest of many counted."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def union(left: Side, right: dict[Key, int]) -> tuple[list[Key], list[Key], list[Key]]:
    """All keys, and those of the left and of the right table only.

    Raises
    ------
    NrdValueError
        If there is no key in both.
    """
    only_left = [key for key in left.place if key not in right]
    only_right = [key for key in right if key not in left.place]
    if len(only_right) == len(right):
        raise NrdValueError(
            f"{WHERE}: no unit is in both tables: resources have "
            f"{listed(list(map(spoken, left.place)))}; results have "
            f"{listed(list(map(spoken, right)))}"
        )
    return [*right, *only_left], only_left, only_right


def spread(values: Any, place: dict[Key, int], keys: Sequence[Key]) -> Any:
    """A column in the order of the keys, missing where its table has no row of one."""
    rows = [place.get(key, -1) for key in keys]
    if isinstance(values, np.ndarray):
        return np.append(values.astype(np.float64), np.nan)[rows]
    return [values[row] if row >= 0 else None for row in rows]


def _chosen(known: Sequence[str], names: Sequence[str] | None, what: str) -> list[str]:
    if names is None:
        return list(known)
    chosen = [names] if isinstance(names, str) else list(names)
    for name in chosen:
        if name not in known:
            raise NrdKeyError(
                f"{WHERE}: there is no {what} {name!r}, expected one of "
                f"{', '.join(map(repr, known))}"
            )
    return chosen
