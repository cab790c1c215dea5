"""Sums of resources: which amounts may be added, and their exact sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._core.moments import State
from ._resource_rows import KEYS, TRAITS, Rows
from .errors import NrdKeyError, NrdValueError


def require(names: Sequence[str], where: str) -> None:
    """Raise where there is no such label."""
    for name in names:
        if name not in (*KEYS, *TRAITS):
            raise NrdKeyError(
                f"{where}: there is no label {name!r}, expected one of {', '.join(KEYS)}"
            )


def groups(rows: Rows, by: Sequence[str], where: str) -> tuple[np.ndarray, np.ndarray]:
    """First row of each group, and the group of each row, once they may be added.

    Raises
    ------
    NrdKeyError
        If there is no such label.
    NrdValueError
        If there are no rows, or two rows of a group cannot be added.
    """
    require(by, where)
    if not len(rows):
        raise NrdValueError(f"{where}: there is no amount, expected one or more")
    first, group = rows.code(by)
    refuse_mixed(rows, group, [name for name in TRAITS if name not in by], where)
    if "definition" not in by:
        refuse_mixed(rows, rows.code((*by, "source"))[1], ["definition"], where)
    if "period" not in by:
        _refuse_overlap(rows, by, where)
    return first, group


def refuse_mixed(
    rows: Rows,
    group: np.ndarray,
    names: Sequence[str],
    where: str,
    verb: str = "added",
) -> None:
    """Raise where rows of one group differ in a trait."""
    for name in names:
        codes = rows.labels[name].codes
        count = int(group.max()) + 1
        low, high = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
        np.minimum.at(low, group, codes)
        np.maximum.at(high, group, codes)
        mixed = np.flatnonzero(low != high)
        if len(mixed):
            here = np.flatnonzero(group == mixed[0])
            one, two = here[0], here[np.argmax(codes[here] != codes[here[0]])]
            values = rows.labels[name].of(one), rows.labels[name].of(two)
            raise NrdValueError(
                f"{where}: {rows.where(one)} and {rows.where(two)} cannot be {verb}: their "
                f"{name} is {values[0]!r} and {values[1]!r}",
                row=int(rows.row[two]),
            )


def sums(values: np.ndarray, group: np.ndarray, count: int, decimals: int) -> np.ndarray:
    """Exact sums of each group, rounded once; of printed decimals where there are any."""
    places = [decimals] if decimals >= 0 else None
    state = State(1, count, level="means", decimals=places)
    if len(values):
        state.update([values], group)
    return state.sum()[:, 0]


def difference(above: np.ndarray, below: np.ndarray, decimals: int) -> np.ndarray:
    """Differences of printed decimals, as exact as these."""
    if decimals < 0:
        return above - below
    scale = 10.0**decimals
    return (np.rint(above * scale) - np.rint(below * scale)) / scale


def _refuse_overlap(rows: Rows, by: Sequence[str], where: str) -> None:
    """Raise where a year of one source would be added twice."""
    keys = [name for name in KEYS if name != "period"]
    series = rows.code(dict.fromkeys([*keys, *by]))[1]
    order = np.lexsort((rows.first, series))
    after, before = order[1:], order[:-1]
    meets = rows.first[after] <= rows.last[before]
    wrong = np.flatnonzero(
        (series[after] == series[before]) & (meets | rows.is_cumulative()[after])
    )
    if len(wrong):
        one, two = before[wrong[0]], after[wrong[0]]
        cumulative = rows.is_cumulative()[two]
        why = "they are cumulative; see flows()" if cumulative else "they share years"
        raise NrdValueError(
            f"{where}: {rows.where(one)} and {rows.where(two)} cannot be added: {why}",
            row=int(rows.row[two]),
        )
