"""Columns of numbers from a caller's data: float64 arrays, missing values as NaN."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from ._core.rows import encode, ends
from ._frames import EXACT, Frame, Kind, is_missing, series_frame
from ._keys import Run, one_form
from .errors import NrdTypeError, NrdValueError


@dataclass(frozen=True)
class Numbers:
    """Columns by name, with the codes and weights of their rows."""

    names: list[str]
    columns: list[np.ndarray]
    keys: Sequence[tuple[Hashable, ...]] | None
    group: np.ndarray | None
    first_group: int
    weight: np.ndarray | None
    weight_name: str | None
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
    frame = Frame(named(data, where), where)
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
        weight_name=None if weights is None else weight_name or "weights",
        kind=frame.kind,
        rows=frame.rows,
    )


def labels_of(data: Any, where: str, name: str) -> tuple[Sequence[Hashable], np.ndarray]:
    """Return the labels of a column as keys, and their places for the rows; missing -1."""
    keys, codes, first = _groups(Frame(named(data, where), where), [name])
    places = codes.astype(np.int64)
    places -= first
    return keys, np.maximum(places, -1, out=places)


def values_of(data: Any, where: str, name: str) -> np.ndarray:
    """Return a column as an array, of whatever it holds."""
    return Frame(named(data, where), where).array(name)


def named(data: Any, where: str) -> Any:
    """Give a plain array or list a name, so that it reads as a table."""
    if isinstance(data, list | tuple):
        return _rows(data, where)
    if isinstance(data, np.ndarray):
        if data.ndim == 1:
            return {"value": data}
        if data.ndim == 2:
            return {str(i + 1): data[:, i] for i in range(data.shape[1])}
        raise NrdTypeError(
            f"{where}: the array has {data.ndim} dimensions, expected 1 or 2"
        )
    return series_frame(data)


def _rows(data: Sequence, where: str) -> dict[str, list]:
    """Columns of a list of numbers, or of a list of rows."""
    if any(isinstance(row, np.ndarray) and row.ndim for row in data):
        raise NrdTypeError(
            f"{where}: found a {type(data).__name__} of arrays, which may be rows or "
            "columns; expected columns with names, such as {'x': x}"
        )
    width = {len(row) if isinstance(row, list | tuple) else None for row in data}
    if not width - {None}:
        return {"value": list(data)}
    if len(width) > 1:
        raise NrdValueError(f"{where}: the rows have different lengths")
    return {str(i + 1): [row[i] for row in data] for i in range(width.pop())}


def floats(frame: Frame, name: str, where: str) -> np.ndarray:
    """Return a column as float64, missing values as NaN; as it is where it can be."""
    values = frame.array(name)
    if values.dtype.kind in "iu" and values.size and _beyond(values):
        row = int(np.argmax((values > EXACT) | (values < -EXACT)))
        _number(int(values[row]), name, row, where)
    if values.dtype.kind in "fiub":
        return values.astype(np.float64, copy=False)
    return np.array([_number(v, name, i, where) for i, v in enumerate(values.tolist())])


def _beyond(values: np.ndarray) -> bool:
    return int(values.max()) > EXACT or int(values.min()) < -EXACT


def _number(value: object, name: str, row: int, where: str) -> float:
    if is_missing(value):
        return np.nan
    at = f"{where}: column {name!r}, row {row}: found {value!r}"
    if isinstance(value, int | np.integer) and not isinstance(value, np.timedelta64):
        if abs(int(value)) > EXACT:
            raise NrdValueError(f"{at}, expected a whole number up to 2^53", row=row)
        return float(value)
    if isinstance(value, float | Decimal | np.floating | np.bool_):
        return float(value)
    raise NrdTypeError(f"{at}, expected a number", row=row)


def _weight(frame: Frame, weights: Any, where: str) -> np.ndarray | None:
    if weights is None:
        return None
    if isinstance(weights, str):
        return floats(frame, weights, where)
    if not hasattr(weights, "__len__"):
        raise NrdTypeError(
            f"{where}: weights are {weights!r}, expected numbers or the name of a column"
        )
    if len(weights) != frame.rows:
        raise NrdValueError(
            f"{where}: there are {len(weights)} weights, expected {frame.rows}"
        )
    return floats(Frame({"weights": weights}, where), "weights", where)


def _groups(frame: Frame, by: list[str]):
    """Keys of the groups, the code of each row, and the code of the first group."""
    if not by:
        return None, None, 0
    if len(by) == 1:
        whole = _whole(frame, by[0])
        dense = None if whole is None else _dense(whole)
        if dense is not None:
            return dense
        values, codes = _encode(frame, by[0])
        return [(one_form(value),) for value in values], codes, 0
    parts = [_encode(frame, name) for name in by]
    code = np.zeros(frame.rows, np.int64)
    missing = np.zeros(frame.rows, bool)
    for values, codes in parts:
        missing |= codes < 0
        code = code * max(len(values), 1) + codes
    code[missing] = -1
    found, codes = encode(code)
    if missing.any():
        gap = int(codes[np.argmax(missing)])
        codes[codes > gap] -= 1
        codes[missing] = -1
        found = np.delete(found, gap)
    return [_key(parts, c) for c in found.tolist()], codes, 0


def _encode(frame: Frame, name: str) -> tuple[list[Hashable], np.ndarray]:
    """Distinct values of a column, and the code of each row; missing -1."""
    whole = _whole(frame, name)
    if whole is None:
        return frame.encode(name)
    keys, codes = encode(whole.astype(np.int64, copy=False))
    return keys.tolist(), codes


def _key(parts: list, code: int) -> tuple[Hashable, ...]:
    out = []
    for values, _ in reversed(parts):
        code, place = divmod(code, len(values))
        out.append(one_form(values[place]))
    return tuple(reversed(out))


def _whole(frame: Frame, name: str) -> np.ndarray | None:
    """Return a column of whole numbers of 32 or 64 bits; None of anything else."""
    values = frame.array(name) if frame.is_integer(name) else None
    if values is None or values.dtype.kind not in "iu" or not values.size:
        return None
    if values.dtype == np.uint64 and values.max() > EXACT:
        return None
    narrow = values.dtype == np.int32
    return np.ascontiguousarray(values, np.int32 if narrow else np.int64)


def _dense(values: np.ndarray):
    """Whole numbers close together are their own codes: nothing is looked up."""
    low, high = ends(values)
    if high - low >= 4 * values.size + 1024:
        return None
    return Run(range(low, high + 1)), values, low
