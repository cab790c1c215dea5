"""Tables with one value a row, spread into columns by libnrd."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from . import array, call, ffi, lib, pointer


class Key(NamedTuple):
    """Codes of a column, what code c stands for at c + 1 (-1: nothing), and of how many."""

    codes: np.ndarray
    index: np.ndarray
    n: int

    def at(self, rows: Any = slice(None)) -> np.ndarray:
        """What the codes of some rows stand for."""
        return np.append(self.index[1:], self.index[0])[self.codes[rows]]


def constant(rows: int) -> Key:
    """A column that is the same in all rows."""
    return Key(np.zeros(rows, np.int32), np.array([-1, 0], np.int32), 1)


class Long(NamedTuple):
    """A table with one value a row; ``place`` is None where it is not said."""

    unit: Key
    when: Key
    item: Key
    place: Key | None
    values: np.ndarray
    allows_infinite: bool


def first_rows(codes: np.ndarray, n_codes: int) -> np.ndarray:
    """First row of code c at c + 1, as many as rows where there is none."""
    out = np.empty(n_codes + 1, np.uint64)
    codes = array(codes, np.int32)
    call("nrd_key_first", "codes", pointer(codes), len(codes), n_codes, _writable(out))
    return out.view(np.int64)


def spread(table: Long, where: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each unit and time, and values (items, rows); see C."""
    given = ffi.new("nrd_long *")
    held = [_fill(given.unit, table.unit), _fill(given.when, table.when)]
    held.append(_fill(given.item, table.item))
    if table.place is not None:
        held.append(_fill(given.place, table.place))
    values = array(table.values, np.float64)
    given.rows, given.values = len(values), pointer(values)
    given.allows_infinite = table.allows_infinite
    out = ffi.new("nrd_spread **")
    call("nrd_spread_new", where, given, out)
    made = ffi.gc(out[0], lib.nrd_spread_free)
    rows = lib.nrd_spread_rows(made)
    first, wide = np.empty(rows, np.uint64), np.empty((table.item.n, rows))
    lib.nrd_spread_fill(made, _writable(first), ffi.from_buffer("double *", wide))
    return first.view(np.int64), wide


def _fill(out: object, key: Key) -> tuple[np.ndarray, np.ndarray]:
    """Fill a nrd_key; what it points to is returned, to be kept."""
    codes, index = array(key.codes, np.int32), array(key.index, np.int32)
    out.codes, out.index = pointer(codes), pointer(index)
    out.n_codes, out.n = len(index) - 1, key.n
    return codes, index


def _writable(values: np.ndarray) -> object:
    return ffi.from_buffer("uint64_t *", values)
