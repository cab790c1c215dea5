"""How unequal areas are from year to year, within groups of them and between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._columns import read_numbers
from ._groups import ordered
from ._result import Columns, Provenance
from ._standards import AUTO, assumption, standard_of
from ._together import Together
from .errors import NrdValueError
from .inequalities import inequality

__all__ = ["InequalityByYear", "inequality_by_year"]

_WHERE = "inequality_by_year"
_SOURCES = (
    "F. A. Cowell, Measuring Inequality, 3rd ed. (2011)",
    "F. Bourguignon, Decomposable income inequality measures, Econometrica 47 (1979)",
)


@dataclass(frozen=True, eq=False, repr=False)
class InequalityByYear(Together):
    """Theil and Gini of each year, and their parts.

    Attributes
    ----------
    tables : dict of str to columns
        ``by_year``, one row a standard and year: rows ``n`` and ``groups``; ``theil`` with
        what lies ``theil_between`` groups and ``theil_within``; ``gini`` with
        ``gini_between``, ``gini_within`` and the ``gini_overlap`` of their ranges. None
        where all values are 0.
    """


def inequality_by_year(
    frame: Any,
    *,
    time: str,
    value: str,
    by: str | Sequence[str],
    weights: str | None = None,
    standard: str | None = AUTO,
) -> InequalityByYear:
    """Theil and Gini of areas in each year, within provinces and between them.

    Parameters
    ----------
    frame : data frame or mapping of columns
        One row an area and a year. Rows with a missing value, weight, year or group are
        left out.
    time, value : str
        Columns of the year and of what is spread, each 0 or more: rates, incomes.
    by : str or sequence of str
        Columns of the groups of areas, provinces or regions for example.
    weights : str, optional
        Column of the persons or households that a row stands for.
    standard : str or None, optional
        Column of the poverty standard; by default "standard" or "basis" where there is
        one. Years are never added over standards.

    Returns
    -------
    InequalityByYear

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there or not numeric.
    NrdValueError
        If a value or weight is negative or infinite, or no row is complete.

    Notes
    -----
    Each year is what `inequality` finds of its rows. Theil's parts add up to the whole, but
    for rounding; Gini's do with the overlap, which is of neither. Years with other areas
    are not alike: compare ``n``.

    Examples
    --------
    >>> import nrd
    >>> rates = {
    ...     "province": ["P", "P", "Q", "Q"] * 2,
    ...     "year": [2016] * 4 + [2020] * 4,
    ...     "rate": [1.0, 3.0, 2.0, 6.0, 1.0, 1.0, 2.0, 2.0],
    ... }
    >>> found = nrd.inequality_by_year(rates, time="year", value="rate", by="province")
    >>> [round(v, 4) for v in found.table["theil_between"]]
    [0.0566, 0.0566]
    >>> [round(v, 4) for v in found.table["theil_within"]]
    [0.1308, 0.0]
    """
    groups = [by] if isinstance(by, str) else list(by)
    if not groups:
        raise NrdValueError(f"{_WHERE}: by is {by!r}, expected a column of groups")
    column = standard_of(frame, standard, _WHERE, groups)
    parts = [] if column is None else [column]
    found = read_numbers(
        frame, _WHERE, columns=[value], by=[*parts, time, *groups], weights=weights
    )
    _check(f"column {value!r}", found.columns[0])
    held = ~np.isnan(found.columns[0])
    if found.weight is not None:
        _check(f"column {weights!r}", found.weight)
        held &= ~np.isnan(found.weight)
    code = found.group.astype(np.int64) - found.first_group
    held &= code >= 0
    if not held.any():
        raise NrdValueError(f"{_WHERE}: there is no row with a year, a group and a value")
    columns, used = _columns(found, code, held, len(parts) + 1, [*parts, "year"])
    return InequalityByYear(
        provenance=Provenance(
            method="Theil's T and Gini's coefficient of each year, from exact sums",
            options={
                "time": time,
                "value": value,
                "by": groups,
                "weights": weights,
                "standard": column,
            },
            used=used,
            dropped=found.rows - used,
            assumptions=(assumption(column),) if standard == AUTO and column else (),
            references=_SOURCES,
        ),
        kind=found.kind,
        tables={"by_year": columns},
    )


def _check(what: str, values: np.ndarray) -> None:
    """Refuse what is below 0 or infinite, by the row as the caller counts it."""
    bad = (values < 0) | np.isinf(values)
    if bad.any():
        row = int(np.argmax(bad))
        raise NrdValueError(
            f"{_WHERE}: {what}, row {row}: found {values[row]}, expected a finite number, "
            "0 or more",
            row=row,
        )


def _columns(
    found: Any, code: np.ndarray, held: np.ndarray, width: int, heads: list[str]
) -> tuple[Columns, int]:
    """A row for each standard and year, in their order."""
    codes = ordered(found, np.unique(code[held])).tolist()
    places: dict[tuple, list[int]] = {}
    for k in codes:
        places.setdefault(found.keys[k][:width], []).append(k)
    period = np.full(len(found.keys), -1)
    for place, members in enumerate(places.values()):
        period[members] = place
    rows = []
    at = np.where(held, period[np.maximum(code, 0)], -1)
    for place, (key, members) in enumerate(places.items()):
        here = np.flatnonzero(at == place)
        weight = None if found.weight is None else found.weight[here]
        head = dict(zip(heads, key, strict=True))
        counts = {"n": len(here), "groups": len(members)}
        rows.append(head | counts | _row(found.columns[0][here], code[here], weight))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return columns, int(held.sum())


def _row(
    values: np.ndarray, group: np.ndarray, weight: np.ndarray | None
) -> dict[str, float | None]:
    names = ("between", "within", "overlap")
    parts = None
    if (values if weight is None else weight * values).any():
        table = {"value": values, "group": group}
        parts = inequality(table, "value", by="group", weights=weight).parts
    out: dict[str, float | None] = {}
    for place, measure in enumerate(("theil", "gini")):
        out[measure] = parts["whole"][place] if parts else None
        for name in names[: 2 + place]:
            out[f"{measure}_{name}"] = parts[name][place] if parts else None
    return out
