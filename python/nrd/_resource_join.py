"""Resources beside results: sums by unit and source as columns, joined to a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ._columns import floats
from ._frames import Frame, name_of
from ._resource_rows import Rows
from ._resource_sums import groups, refuse_mixed, sums
from .errors import NrdKeyError, NrdTypeError, NrdValueError
from .mobilisation import Resources

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
    measures : dict of str
        Unit of measure of the columns where it is known.
    """

    place: dict[Key, int]
    columns: dict[str, Any]
    notes: tuple[str, ...] = ()
    measures: dict[str, str] = field(default_factory=dict)


def mobilised(
    rows: Rows, sources: Sequence[str] | None, by_period: bool, where: str
) -> Side:
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
    chosen = _chosen(known, sources, "source", where)
    held = rows.labels["source"]
    codes = [held.names.index(name) for name in chosen]
    rows = rows.take(np.flatnonzero(np.isin(held.codes, codes)))
    of = rows.code(("source",))[1]
    for names in (("measure", "prices", "kind", "basis"), ("definition",)):
        refuse_mixed(rows, of, names, where, "compared")
    keys = ("unit", "period") if by_period else ("unit",)
    first, group = groups(rows, (*keys, "source"), where)
    amount = sums(rows.amount, group, len(first), rows.decimals)
    kept = rows.take(first)
    units = list(zip(*(kept.labels[name].listed() for name in keys), strict=True))
    place = {key: i for i, key in enumerate(dict.fromkeys(units))}
    columns = {name: np.full(len(place), np.nan) for name in chosen}
    for key, name, value in zip(units, kept.labels["source"].listed(), amount, strict=True):
        columns[name][place[key]] = value
    measures = dict(
        zip(*(kept.labels[n].listed() for n in ("source", "measure")), strict=True)
    )
    return Side(place, columns, () if by_period else _years(rows), measures)


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


def wide(
    frame: Frame, keys: Sequence[str], names: Sequence[str] | None, where: str
) -> Side:
    """A table with a column for each source, as the caller gives it."""
    free = [name for name in frame.columns if name not in keys]
    chosen = _chosen(free, names, "column of resources", where)
    note = "That each column of resources has one measure and price basis is assumed."
    columns = {name: floats(frame, name, f"{where}: resources") for name in chosen}
    return Side(places(frame, keys, "resources", where), columns, (note,))


def places(frame: Frame, keys: Sequence[str], table: str, where: str) -> dict[Key, int]:
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
                    f"{where}: {table}, row {row}: {name!r} is missing", row=row
                )
        key = tuple(name_of(value) for value in values)
        if key in out:
            more = "" if len(keys) > 1 else "; with several periods name their column"
            raise NrdValueError(
                f"{where}: {table}: rows {out[key]} and {row} are both of "
                f"{spoken(key)}, expected one{more}",
                row=row,
            )
        out[key] = row
    return out


def spoken(key: Key) -> str:
    """A unit, or a unit and its period, as one name."""
    return " ".join(key)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, the rest of many counted."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def union(
    left: Side, right: dict[Key, int], where: str
) -> tuple[list[Key], list[Key], list[Key]]:
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
            f"{where}: no unit is in both tables: resources have "
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


def _chosen(
    known: Sequence[str], names: Sequence[str] | None, what: str, where: str
) -> list[str]:
    if names is None:
        return list(known)
    chosen = [names] if isinstance(names, str) else list(names)
    for name in chosen:
        if name not in known:
            raise NrdKeyError(
                f"{where}: there is no {what} {name!r}, expected one of "
                f"{', '.join(map(repr, known))}"
            )
    return chosen


@dataclass(frozen=True)
class Joined:
    """Resources and results as columns of one table, a row each unit of either.

    Attributes
    ----------
    table : dict of columns
        Units, periods, sources, and the columns of results that were asked for.
    rows : list of Key
        Unit, or unit and period, of each row.
    sources, outcomes : list of str
        Columns of resources, and of results.
    notes : list of str
        What is taken as given, and the units that are in one table only.
    options : dict
        Those units, all of them.
    measures : dict of str
        Unit of measure of sources where it is known.
    """

    table: dict[str, Any]
    rows: list[Key]
    sources: list[str]
    outcomes: list[str]
    notes: list[str]
    options: dict[str, list[str]]
    measures: dict[str, str]


def join(
    resources: Any,
    frame: Frame,
    keys: Sequence[str],
    where: str,
    *,
    sources: Sequence[str] | None,
    outcomes: Sequence[str] | None,
    numbers: Sequence[str],
    labels: Sequence[str],
    per: str | None,
) -> Joined:
    """Join resources to results; `numbers` and `labels` are what else is read of these."""
    given = _given(resources, keys, sources, where)
    place = places(frame, keys, "results", where)
    held = [*keys, *numbers, *labels, per]
    reached = [outcomes] if isinstance(outcomes, str) else outcomes
    if reached is None:
        reached = [name for name in frame.columns if name not in held]
    for name in given.columns:
        if name in (*reached, *held):
            raise NrdValueError(
                f"{where}: {name!r} is a source and a column of results, expected "
                "different names"
            )
    rows, *apart = union(given, place, where)
    table = dict(zip(keys, map(list, zip(*rows, strict=True)), strict=True))
    for name in dict.fromkeys([*reached, *numbers]):
        table[name] = spread(floats(frame, name, f"{where}: results"), place, rows)
    for name in labels:
        table.setdefault(name, spread(frame.values(name), place, rows))
    divisor = 1.0 if per is None else spread(_divisor(frame, per, where), place, rows)
    for name, values in given.columns.items():
        table[name] = spread(values, given.place, rows) / divisor
    notes, options = list(given.notes), {}
    for name, only in zip(("resources", "results"), apart, strict=True):
        options[f"only_{name}"] = list(map(spoken, only))
        if only:
            said = listed(options[f"only_{name}"])
            notes.append(f"Units with {name} only: {len(only)}, {said}.")
    sides = list(given.columns), list(reached)
    return Joined(table, rows, *sides, notes, options, given.measures)


def check_names(where: str, **given: Any) -> None:
    """Raise where an option is no name of a column, and not None."""
    for name, value in given.items():
        if not isinstance(value, str | None):
            raise NrdTypeError(f"{where}: {name} is {value!r}, expected a column's name")


def _given(
    resources: Any, keys: Sequence[str], sources: Sequence[str] | None, where: str
) -> Side:
    """Resources of either kind as columns."""
    if not isinstance(resources, Resources):
        return wide(Frame(resources, f"{where}: resources"), keys, sources, where)
    side = mobilised(resources._rows, sources, len(keys) > 1, where)
    return replace(side, notes=(*resources._assumptions, *side.notes))


def _divisor(frame: Frame, per: str, where: str) -> np.ndarray:
    numbers = floats(frame, per, f"{where}: results")
    wrong = np.flatnonzero(numbers <= 0)
    if len(wrong):
        row = int(wrong[0])
        raise NrdValueError(
            f"{where}: results, row {row}: {per!r} is {numbers[row]:g}, expected more "
            "than 0",
            row=row,
        )
    return numbers
