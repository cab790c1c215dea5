"""Keys of groups: one form, one order, and JSON that gives the same keys back."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from .errors import NrdTypeError

Key = tuple[Hashable, ...]

_READERS = {
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "Decimal": Decimal,
    "float": float,
}


class Run(Sequence):
    """Keys that are whole numbers, one after another: not written out."""

    def __init__(self, numbers: range):
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, place: int) -> Key:
        return (self.numbers[place],)

    def __iter__(self) -> Iterator[Key]:
        return zip(self.numbers, strict=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None


def one_form(value: Hashable) -> Hashable:
    """Return a whole number as int: one column holds 1 and its next batch 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def in_order(keys: Sequence[Key]) -> Sequence[int]:
    """Places of the keys in their order, whatever the order of the rows."""
    if isinstance(keys, Run):
        return range(len(keys))
    try:
        return sorted(range(len(keys)), key=keys.__getitem__)
    except TypeError:
        return sorted(range(len(keys)), key=lambda i: rank(keys[i]))


def rank(key: Key) -> list[tuple]:
    """What a key is sorted by where kinds are mixed: numbers by size, others by kind."""
    return [_rank(value) for value in key]


def _rank(value: Hashable) -> tuple:
    if isinstance(value, int | float | Decimal):
        return "number", value
    text = value if isinstance(value, str) else _text(value)
    return type(value).__name__, text


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def written(value: Hashable) -> Any:
    """Return a value of a key as JSON can hold it."""
    if isinstance(value, bool | int | str):
        return value
    name = type(value).__name__
    if name not in _READERS:
        raise NrdTypeError(
            f"to_bytes: found the group {value!r}, expected text, a number or a date"
        )
    return {name: _text(value)}


def read(value: Any) -> Hashable:
    """Return what `written` made of a value."""
    if not isinstance(value, dict):
        return value
    ((name, text),) = value.items()
    return _READERS[name](text)
