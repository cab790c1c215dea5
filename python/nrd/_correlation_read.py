"""What correlations are computed from: columns, and who belongs together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ._bootstrap import check_finite
from ._columns import floats, named
from ._encode import encode
from ._frames import Frame, Kind
from ._keys import in_order, one_form
from .errors import NrdTypeError, NrdValueError


@dataclass(frozen=True)
class Codes:
    """Labels of rows: the different ones, and the place of each row's; missing -1."""

    labels: list[Hashable]
    code: np.ndarray


@dataclass(frozen=True)
class Table:
    """Columns of numbers, missing ones NaN, and labels of their rows.

    Attributes
    ----------
    names : list of str
        Names of the columns.
    columns : list of ndarray
        Their values.
    covariates : list of int
        Places of the covariates.
    weight : ndarray or None
        Weights.
    labels : dict
        `Codes` of "unit", "cluster", "strata" and "names", where they were given.
    time : ndarray or None
        Time of each row.
    kind : Kind
        The caller's kind of frame.
    """

    names: list[str]
    columns: list[np.ndarray]
    covariates: list[int]
    weight: np.ndarray | None
    labels: dict[str, Codes]
    time: np.ndarray | None
    kind: Kind

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0])

    def code(self, name: str) -> np.ndarray | None:
        """Codes of labels, or None."""
        return self.labels[name].code if name in self.labels else None

    def row_names(self) -> list[Hashable]:
        """What rows are called: as the caller said, or by their unit or number."""
        for name in ("names", "unit"):
            if name in self.labels:
                found = self.labels[name]
                return [found.labels[i] if i >= 0 else None for i in found.code.tolist()]
        return list(range(self.rows))


def read_table(
    data: Any,
    where: str,
    columns: Sequence[str] | None,
    *,
    covariates: Sequence[str],
    weights: Any,
    time: Any,
    labels: dict[str, Any],
) -> Table:
    """Read a table; columns are by default all numbers that have no other role."""
    frame = Frame(named(data, where), where)
    roles = [v for v in (weights, time, *labels.values()) if isinstance(v, str)]
    if columns is None:
        columns = [n for n in frame.columns if n not in (*roles, *covariates)]
    names = list(dict.fromkeys([*columns, *covariates]))
    if not names:
        raise NrdValueError(f"{where}: there is no column to read")
    values = [floats(frame, name, where) for name in names]
    check_finite(names, values, where)
    return Table(
        names,
        values,
        [names.index(name) for name in covariates],
        _numbers(frame, weights, "weights", where),
        {
            name: _codes(frame, given, name, where)
            for name, given in labels.items()
            if given is not None
        },
        _numbers(frame, time, "time", where),
        frame.kind,
    )


def _numbers(frame: Frame, given: Any, name: str, where: str) -> np.ndarray | None:
    if given is None:
        return None
    if isinstance(given, str):
        return floats(frame, given, where)
    return floats(Frame({name: _sized(frame, given, name, where)}, where), name, where)


def _codes(frame: Frame, given: Any, name: str, where: str) -> Codes:
    if isinstance(given, str):
        found, code = frame.encode(given)
    else:
        sized = _sized(frame, given, name, where)
        found, code = encode(list(sized))
    found = [one_form(value) for value in found]
    # In the order of the labels, whatever that of the rows.
    order = list(in_order([(value,) for value in found]))
    place = np.full(len(found) + 1, -1, np.int64)
    place[order] = np.arange(len(found))
    return Codes([found[i] for i in order], place[code])


def _sized(frame: Frame, given: Any, name: str, where: str) -> Any:
    if not hasattr(given, "__len__"):
        raise NrdTypeError(
            f"{where}: {name} is {given!r}, expected the name of a column, or its values"
        )
    if len(given) != frame.rows:
        raise NrdValueError(
            f"{where}: {name} has {len(given)} values, expected {frame.rows}"
        )
    if isinstance(given, np.ndarray):
        return given
    return given.to_list() if hasattr(given, "to_list") else list(given)


def lagged(table: Table, later: Sequence[int], lag: int, where: str) -> Table:
    """Rows whose columns `later` come from the same unit, so much time later.

    Rows without a later one of their unit are left out: no pair can have them.
    """
    unit, time = table.code("unit"), table.time
    known = np.flatnonzero((unit >= 0) & ~np.isnan(time))
    place: dict[tuple[int, float], int] = {}
    for row in known.tolist():
        key = int(unit[row]), float(time[row])
        if key in place:
            name = table.labels["unit"].labels[key[0]]
            raise NrdValueError(
                f"{where}: rows {place[key]} and {row} are both of unit {name!r} at time "
                f"{key[1]:g}, expected one"
            )
        place[key] = row
    found = [place.get((int(unit[i]), float(time[i]) + lag), -1) for i in known.tolist()]
    to = np.array(found, np.int64)
    kept, to = known[to >= 0], to[to >= 0]
    rows = dict.fromkeys(later, to)
    return replace(
        table,
        columns=[v[rows.get(c, kept)] for c, v in enumerate(table.columns)],
        weight=None if table.weight is None else table.weight[kept],
        time=time[kept],
        labels={
            name: Codes(codes.labels, codes.code[kept])
            for name, codes in table.labels.items()
        },
    )
