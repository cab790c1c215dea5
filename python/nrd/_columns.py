"""Columns of numbers from a caller's data: float64 arrays, missing values as NaN."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from ._frames import Frame, Kind, is_missing
from .errors import NrdTypeError, NrdValueError

_EXACT = 2**53


@dataclass(frozen=True)
class Numbers:
    """Columns by name, with the codes and weights of their rows."""

    names: list[str]
    columns: list[np.ndarray]
    keys: list[tuple[Hashable, ...]] | None
    group: np.ndarray | None
    first_group: int
    weight: np.ndarray | None
    kind: Kind
    rows: int


def read_numbers(
    data: Any,
    where: str,
    *,
    columns: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    weights: str | Sequence[float] | None = None,
) -> Numbers:
    """Read the columns of a table, or a column or matrix without names.

    Raises
    ------
    NrdKeyError
        If a column does not exist.
    NrdTypeError
        If a column is not numeric.
    NrdValueError
        If there is nothing to read, or lengths differ.
    """
    frame = Frame(_named(data, where), where)
    by_names = [by] if isinstance(by, str) else list(by or ())
    weight_name = weights if isinstance(weights, str) else None
    if columns is None:
        names = [n for n in frame.columns if n not in (*by_names, weight_name)]
    else:
        names = [columns] if isinstance(columns, str) else list(columns)
    if not names:
        raise NrdValueError(f"{where}: there is no column to read")
    keys, group, first = _groups(frame, by_names)
    return Numbers(
        names=names,
        columns=[floats(frame, name, where) for name in names],
        keys=keys,
        group=group,
        first_group=first,
        weight=_weight(frame, weights, where),
        kind=frame.kind,
        rows=frame.rows,
    )


def _named(data: Any, where: str) -> Any:
    """Give a plain array or list a name, so that it reads as a table."""
    if isinstance(data, np.ndarray | list | tuple):
        values = np.asarray(data)
        if values.ndim == 1:
            return {"value": values}
        if values.ndim == 2:
            return {str(i + 1): values[:, i] for i in range(values.shape[1])}
        raise NrdTypeError(
            f"{where}: the array has {values.ndim} dimensions, expected 1 or 2"
        )
    if hasattr(data, "to_frame") and not hasattr(data, "columns"):  # a series
        name = getattr(data, "name", None) or "value"
        return (
            {str(name): data.to_list()}
            if not hasattr(data, "to_numpy")
            else {str(name): data.to_numpy()}
        )
    return data


def floats(frame: Frame, name: str, where: str) -> np.ndarray:
    """Return a column as float64, missing values as NaN; as it is where it can be."""
    values = frame.array(name)
    if values.dtype == np.float64:
        return values
    if values.dtype.kind in "iub":
        if values.dtype.kind in "iu" and values.size and _beyond(values):
            raise NrdValueError(f"{where}: column {name!r} holds whole numbers beyond 2^53")
        return values.astype(np.float64)
    if values.dtype.kind == "f":
        return values.astype(np.float64)
    return np.array([_number(v, name, i, where) for i, v in enumerate(values.tolist())])


def _beyond(values: np.ndarray) -> bool:
    return int(values.max()) > _EXACT or int(values.min()) < -_EXACT


def _number(value: object, name: str, row: int, where: str) -> float:
    if is_missing(value):
        return np.nan
    if isinstance(value, int | float | Decimal | np.number) and not isinstance(value, str):
        return float(value)
    raise NrdTypeError(
        f"{where}: column {name!r}, row {row}: found {value!r}, expected a number", row=row
    )


def _weight(frame: Frame, weights: Any, where: str) -> np.ndarray | None:
    if weights is None:
        return None
    if isinstance(weights, str):
        return floats(frame, weights, where)
    found = np.asarray(weights, np.float64)
    if found.shape != (frame.rows,):
        raise NrdValueError(
            f"{where}: weights have shape {found.shape}, expected ({frame.rows},)"
        )
    return found


def _groups(frame: Frame, by: list[str]):
    """Keys of the groups, the code of each row, and the code of the first group."""
    if not by:
        return None, None, 0
    if len(by) == 1:
        dense = _dense(frame.array(by[0])) if frame.is_integer(by[0]) else None
        if dense is not None:
            return dense
        values, codes = frame.encode(by[0])
        return [(value,) for value in values], codes, 0
    parts = [frame.encode(name) for name in by]
    code = np.zeros(frame.rows, np.int64)
    missing = np.zeros(frame.rows, bool)
    for values, codes in parts:
        missing |= codes < 0
        code = code * max(len(values), 1) + codes
    code[missing] = -1
    found, inverse = np.unique(code, return_inverse=True)
    keys = [_key(parts, int(c)) for c in found if c >= 0]
    return keys, (inverse - (len(found) - len(keys))).astype(np.int32), 0


def _key(parts: list, code: int) -> tuple[Hashable, ...]:
    out = []
    for values, _ in reversed(parts):
        code, place = divmod(code, len(values))
        out.append(values[place])
    return tuple(reversed(out))


def _dense(values: np.ndarray):
    """Whole numbers close together are their own codes: nothing is looked up."""
    if values.dtype not in (np.int32, np.int64) or not values.size:
        return None
    low, high = int(values.min()), int(values.max())
    if high - low >= 4 * values.size + 1024:
        return None
    return [(key,) for key in range(low, high + 1)], np.ascontiguousarray(values), low
