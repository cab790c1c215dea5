"""Codes of the groups that rows are in, as the frame holds them where it can."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ._frames import Frame
from ._keys import one_form

FIRST_ROWS = 2**16  # looked at to guess the range of whole numbers


class Codes(NamedTuple):
    """Keys, the code of each row as a whole number, and the code of the first key."""

    keys: Sequence[Hashable]
    code: np.ndarray
    first: int


def codes(frame: Frame, name: str, *, guess: bool = True) -> Codes:
    """Codes of a column: whole numbers as they are, categories as the frame numbers them.

    With `guess` the range of whole numbers is that of the first rows; what counts in it
    finds a row outside, and asks again. A missing value has the code -1.
    """
    frame.require(name)
    series = frame._columns[name]
    found = (
        _categories(series, guess) or _dense(frame, name, guess) or _texts(series, guess)
    )
    if found is None:
        values, code = frame.encode(name)
        found = Codes([one_form(value) for value in values], code, 0)
    return found


def _dense(frame: Frame, name: str, guess: bool) -> Codes | None:
    """Whole numbers that lie close together."""
    if not frame.is_integer(name):
        return None
    values = frame.array(name)
    if values.dtype.kind != "i" or not values.size:
        return None
    low, high = _range(values, guess)
    if high - low >= 4 * values.size + 1024:
        return None
    return Codes(range(low, high + 1), values, low)


def _range(values: np.ndarray, guess: bool) -> tuple[int, int]:
    looked_at = values[:FIRST_ROWS] if guess else values
    return int(looked_at.min()), int(looked_at.max())


def _categories(series: Any, guess: bool) -> Codes | None:
    """Categories of pandas, Polars and PyArrow with the codes they are held in."""
    if isinstance(series, list | np.ndarray) or not len(series):
        return None
    import narwhals as nw

    if series.dtype not in (nw.Categorical, nw.Enum):
        return None
    held = series.to_native()
    if series.implementation.is_pandas():
        return Codes(held.cat.categories.tolist(), held.cat.codes.to_numpy(), 0)
    if series.is_null().any():
        return None
    if series.implementation.is_polars():
        code = held.to_physical().to_numpy()
        high = _range(code, guess)[1]
        if high >= 4 * code.size + 1024:
            return None
        return Codes(_Held(held, code, high + 1), _signed(code), 0)
    if series.implementation.is_pyarrow():
        one = held.unify_dictionaries().combine_chunks()
        return Codes(one.dictionary.to_pylist(), _signed(one.indices.to_numpy()), 0)
    return None


def _texts(series: Any, guess: bool) -> Codes | None:
    """Text, which pandas, Polars and PyArrow turn into categories quicker than we could."""
    if isinstance(series, list | np.ndarray):
        return None
    import narwhals as nw

    if series.dtype != nw.String:
        return None
    if series.implementation.is_pandas():
        code, keys = series.to_native().factorize()
        return Codes(keys.tolist(), code, 0)
    return _categories(series.cast(nw.Categorical), guess)


def _signed(code: np.ndarray) -> np.ndarray:
    return code.view(f"i{code.itemsize}") if code.dtype.kind == "u" else code


class _Held(Sequence):
    """Keys of codes, each looked up in a row that holds it when it is asked for."""

    def __init__(self, series: Any, code: np.ndarray, size: int):
        self._series, self._code, self._size = series, code, size
        self._row: dict[int, int] = {}
        self._looked_at, self._step = 0, FIRST_ROWS

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: int) -> Hashable:
        while place not in self._row and self._looked_at < len(self._code):
            part = self._code[self._looked_at : self._looked_at + self._step]
            for code, row in zip(*np.unique(part, return_index=True), strict=True):
                self._row.setdefault(int(code), self._looked_at + int(row))
            self._looked_at += self._step
            self._step *= 2
        return self._series[self._row[place]]
