"""Columns of any library as codes: what is categorical already is taken as it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ._core.spread import first_rows

# Whole numbers up to this, or close together, are their own codes.
_SMALL = 65_536


def is_missing(value: object) -> bool:
    """Whether a value is None, NaN or a frame library's own missing value."""
    # pandas' NA first: it cannot be compared.
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value


class Codes(NamedTuple):
    """A column as codes, of which not all need occur.

    ``keys`` are its distinct values in order of appearance and ``first`` the first row of
    each; ``index`` says at c + 1 which key code c is, and -1 where it is missing;
    ``missing`` is the first row without a key, or -1.
    """

    keys: list[Hashable]
    codes: np.ndarray
    index: np.ndarray
    first: np.ndarray
    missing: int

    def dense(self) -> np.ndarray:
        """Code of each row in the order of `keys`; missing -1."""
        n = len(self.keys)
        if len(self.index) == n + 1 and np.array_equal(self.index, np.arange(-1, n)):
            return self.codes
        return np.append(self.index[1:], self.index[0])[self.codes]


class _Raw(NamedTuple):
    """Codes of rows, their number, and values by rows."""

    codes: np.ndarray
    n: int
    at: Callable[[np.ndarray], list]


def codes_of(values: Any) -> Codes:
    """Return a column as codes: a list, an array, or a series of narwhals."""
    raw = _raw(values)
    if raw is None:
        return _of_values(values)
    first = first_rows(raw.codes, raw.n)
    begun = np.flatnonzero(first[1:] < len(raw.codes))
    begun = begun[np.argsort(first[1:][begun])]
    rows = first[1:][begun]
    index = np.full(raw.n + 1, -1, np.int32)
    found: dict[Hashable, int] = {}
    begins, missing = [], [int(first[0])]
    for code, row, value in zip(begun.tolist(), rows.tolist(), raw.at(rows), strict=True):
        if is_missing(value):
            missing.append(row)
            continue
        if value not in found:
            begins.append(row)
        # A dictionary of Arrow may say the same twice.
        index[code + 1] = found.setdefault(value, len(found))
    row = min(missing)
    return Codes(
        list(found),
        raw.codes,
        index,
        np.array(begins, np.int64),
        row if row < len(raw.codes) else -1,
    )


def _raw(values: Any) -> _Raw | None:
    """Codes that a column has, or gets from its own library."""
    if isinstance(values, list):
        return None
    if isinstance(values, np.ndarray):
        return _of_numbers(values, lambda rows: values[rows].tolist())

    def at(rows: np.ndarray) -> list:
        return values[rows.tolist()].to_list()

    is_small = values.dtype.is_integer() or values.dtype.is_boolean()
    if is_small and not values.is_null().any():
        return _of_numbers(values.to_numpy(), at)
    if values.implementation.is_polars():
        codes = _of_polars(values.to_native())
    elif values.implementation.is_pandas():
        codes = _of_pandas(values.to_native())
    elif values.implementation.is_pyarrow():
        codes = _of_pyarrow(values.to_native())
    else:
        codes = None
    return codes and _Raw(*codes, at)


def _of_numbers(values: np.ndarray, at: Callable) -> _Raw | None:
    if values.dtype.kind not in "iub" or not len(values):
        return None
    low, high = int(values.min()), int(values.max())
    if low < 0 or high >= max(_SMALL, 4 * len(values)) or high >= 2**31 - 1:
        return None
    return _Raw(np.ascontiguousarray(values, np.int32), high + 1, at)


def _of_polars(values: Any) -> tuple[np.ndarray, int] | None:
    import polars as pl

    if values.dtype == pl.String:
        distinct = values.drop_nulls().unique(maintain_order=True)
        values = values.cast(pl.Enum(distinct))
    if values.dtype not in (pl.Categorical, pl.Enum) or not len(values):
        return None
    codes = values.to_physical()
    most = codes.max()
    if codes.null_count():
        codes = codes.cast(pl.Int32).fill_null(-1)
    codes = codes.to_numpy()
    # Numbers of categories are far below 2^31: their bits are those of an int32.
    codes = codes.view(np.int32) if codes.dtype == np.uint32 else codes.astype(np.int32)
    return codes, 0 if most is None else most + 1


def _of_pandas(values: Any) -> tuple[np.ndarray, int] | None:
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, n = values.array.codes, len(values.array.categories)
    elif pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
        codes, distinct = pd.factorize(values)
        n = len(distinct)
    else:
        return None
    return np.ascontiguousarray(codes, np.int32), n


def _of_pyarrow(values: Any) -> tuple[np.ndarray, int] | None:
    import pyarrow as pa

    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        values = values.dictionary_encode()
    if not pa.types.is_dictionary(values.type) or not len(values):
        return None
    whole = values.unify_dictionaries().combine_chunks()
    codes = whole.indices.fill_null(-1) if whole.indices.null_count else whole.indices
    codes = codes.to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(codes, np.int32), len(whole.dictionary)


def _of_values(values: Any) -> Codes:
    """Any other column, by its distinct values."""
    if isinstance(values, list | np.ndarray):
        keys, codes = encode(values)
    else:
        keys, codes = _of_series(values)
    first = first_rows(codes, len(keys))
    missing = int(first[0]) if first[0] < len(codes) else -1
    return Codes(keys, codes, np.arange(-1, len(keys), dtype=np.int32), first[1:], missing)


def encode(values: Sequence) -> tuple[list[Hashable], np.ndarray]:
    """Distinct values of a plain column in order of appearance, and codes of the rows."""
    place: dict[Hashable, int] = {}
    plain = values.tolist() if isinstance(values, np.ndarray) else values
    codes = np.fromiter(
        (-1 if is_missing(v) else place.setdefault(v, len(place)) for v in plain),
        np.int32,
        len(plain),
    )
    return list(place), codes


def _of_series(series: Any) -> tuple[list[Hashable], np.ndarray]:
    """The work over rows is the frame library's own."""
    import narwhals as nw

    present = ~series.is_null()
    held = series.filter(present)
    distinct = held.unique(maintain_order=True).to_list()
    keep = [value for value in distinct if not is_missing(value)]
    place = {value: code for code, value in enumerate(keep)}
    codes = np.full(len(series), -1, np.int32)
    if distinct:
        numbers = [place.get(value, -1) for value in distinct]
        codes[present.to_numpy()] = held.replace_strict(
            distinct, numbers, return_dtype=nw.Int32
        ).to_numpy()
    return keep, codes
