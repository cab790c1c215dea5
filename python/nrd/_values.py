"""Columns of measured values as numbers: words of states, and of what does not apply."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

import numpy as np

from ._cells import MET, UNMET, status_of
from ._core.spread import Key, constant
from ._encode import is_missing
from ._frames import Frame
from .errors import NrdTypeError, NrdValueError

NOT_APPLICABLE = ("n/a", "na", "not applicable", "không áp dụng", "khong ap dung")


def plain_numbers(table: Frame, column: str) -> np.ndarray | None:
    """Values of a column of numbers; None where there are words."""
    values = table.array(column)
    if values.dtype.kind not in "iuf":
        return None
    return np.ascontiguousarray(values, np.float64)


def numbers_of(table: Frame, column: str, is_state: bool) -> np.ndarray:
    """Values of the column of an item."""
    values = plain_numbers(table, column)
    if values is None:
        item = constant(table.rows)
        return of_words(table, column, [is_state], item)
    found = np.isinf(values)
    if np.any(found):
        raise infinite(column, int(np.argmax(found)), values)
    return values


def infinite(column: str, row: int, values: np.ndarray) -> NrdValueError:
    """Infinity is how the library is told that something does not apply."""
    return NrdValueError(
        f"column {column!r}, row {row}: found {values[row]}, expected a number, or n/a "
        "where nothing applies",
        row=row,
    )


def of_words(table: Frame, column: str, is_state: list[bool], item: Key) -> np.ndarray:
    """Words as numbers: states 1 and 0, what does not apply infinity."""
    found = table.codes(column)
    numbers = np.full(len(found.keys) + 1, np.nan)
    is_word = np.zeros(len(numbers), bool)
    for key, (value, row) in enumerate(zip(found.keys, found.first.tolist(), strict=True)):
        where = f"column {column!r}, row {row}"
        numbers[key], is_word[key] = _number(value, where, row)
    codes = found.dense()
    wrong = is_word[codes]
    if np.any(wrong):
        wrong &= ~np.array(is_state)[item.at()]
    if np.any(wrong):
        row = int(np.argmax(wrong))
        raise NrdValueError(
            f"column {column!r}, row {row}: found {found.keys[codes[row]]!r}, expected a "
            "number",
            row=row,
        )
    return numbers[codes]


def _number(value: Any, where: str, row: int) -> tuple[float, bool]:
    """A value as a number, and whether it was a word for met or not met."""
    if isinstance(value, bool | np.bool_):
        return float(value), True
    if is_missing(value):
        return np.nan, False
    if isinstance(value, int | float | Decimal | np.number) and np.isrealobj(value):
        return float(value), False
    if not isinstance(value, str):
        raise NrdTypeError(
            f"{where}: found {value!r}, expected a number, met, not met or n/a", row=row
        )
    text = " ".join(unicodedata.normalize("NFC", value).casefold().split())
    if text == "":
        return np.nan, False
    if text in NOT_APPLICABLE:
        return np.inf, False
    try:
        number = float(text) if not set(text) - set("0123456789.+-e") else None
        if number is not None and np.isfinite(number):
            return number, False
        state = status_of(value)
    except ValueError as error:
        raise NrdValueError(
            f"{where}: found {value!r}, expected a number, met, not met or n/a", row=row
        ) from error
    return ({MET: 1.0, UNMET: 0.0}.get(state, np.nan)), True
