"""Data frames in, data frames of the same kind out, through narwhals."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from ._encode import Codes, codes_of, is_missing
from ._late import Late
from .errors import NrdError, NrdKeyError, NrdTypeError, NrdValueError

BACKENDS = ("pandas", "polars", "pyarrow")
# Whole numbers up to this are doubles, all of them.
EXACT = 2**53


@dataclass(frozen=True)
class Kind:
    """The kind of a caller's frame: its library, and whether it is lazy."""

    backend: str | None = None
    lazy: bool = False

    def build(self, columns: Mapping[str, Sequence]) -> Any:
        """Make a native frame from columns; plain columns where no frame went in."""
        if self.backend == "columns":
            return {name: _as_list(values) for name, values in columns.items()}
        import narwhals as nw

        held = columns.held if isinstance(columns, Late) else columns.__getitem__
        ready = {name: _as_cells(held(name)) for name in columns}
        backend = self.backend or _installed_backend()
        frame = nw.from_dict(ready, backend="pyarrow" if self.lazy else backend)
        gaps = [
            name
            for name, values in ready.items()
            if isinstance(values, np.ndarray) and np.isnan(values).any()
        ]
        if gaps and not frame.implementation.is_pandas():
            frame = frame.with_columns(nw.col(gaps).fill_nan(None))
        return frame.lazy(backend=backend).to_native() if self.lazy else frame.to_native()


NO_KIND = Kind()


def _installed_backend() -> str:
    for name in BACKENDS:
        if find_spec(name):
            return name
    raise NrdError(
        "a table needs a data frame library: install pandas, polars or pyarrow, "
        "for example with `pip install nrd[pandas]`"
    )


class _Series(dict):
    """Columns of a frame by name, each fetched where it is asked for."""

    def __init__(self, frame: Any):
        super().__init__()
        self._frame = frame
        # pandas allows names that are numbers.
        self.names = {str(name): name for name in frame.columns}

    def __missing__(self, name: str) -> Any:
        self[name] = self._frame.get_column(self.names[name])
        return self[name]


class Frame:
    """A caller's table, whose columns can be encoded as codes of their distinct values.

    ``columns`` are their names, ``rows`` is their length.
    """

    def __init__(self, data: Any, where: str):
        self._where = where
        if isinstance(data, Mapping):
            self.kind = Kind("columns")
            self._columns = {str(name): _as_held(values) for name, values in data.items()}
            lengths = {len(values) for values in self._columns.values()}
            if len(lengths) > 1:
                raise NrdValueError(
                    f"{where}: columns have {sorted(lengths)} rows, expected one length"
                )
            self.columns = list(self._columns)
            self.rows = max(lengths, default=0)
        else:
            frame, self.kind = _narwhal(data, where)
            self._columns = _Series(frame)
            self.columns = list(self._columns.names)
            self.rows = len(frame)
        if not self.columns:
            raise NrdValueError(f"{where}: the table has no columns")

    def require(self, *names: str) -> None:
        """Raise where a column does not exist."""
        for name in names:
            if name not in self.columns:
                raise NrdKeyError(
                    f"{self._where}: there is no column {name!r}, expected one of "
                    f"{', '.join(map(repr, self.columns))}"
                )

    def values(self, name: str) -> list:
        """Values of a column as a list; missing ones are None."""
        self.require(name)
        values = self._columns[name]
        return [None if is_missing(value) else value for value in _as_list(values)]

    def array(self, name: str) -> np.ndarray:
        """Values of a column as an array; missing numbers are NaN."""
        self.require(name)
        values = self._columns[name]
        if isinstance(values, list):
            return _as_array(values)
        if isinstance(values, np.ndarray):
            return values
        if values.dtype.is_integer() and values.is_null().any():
            # As floats, large numbers would be rounded before anyone sees them.
            held = values.drop_nulls()
            if len(held) and max(abs(int(held.min())), abs(int(held.max()))) > EXACT:
                return _as_array(values.to_list())
        return values.to_numpy()

    def is_integer(self, name: str) -> bool:
        """Whether a column holds whole numbers, none of them missing."""
        self.require(name)
        values = self._columns[name]
        if isinstance(values, list):
            return False
        if isinstance(values, np.ndarray):
            return values.dtype.kind in "iu"
        return bool(values.dtype.is_integer() and not values.is_null().any())

    def places_in(self, name: str, known: tuple[str, ...]) -> np.ndarray | None:
        """Place of each row's text among known ones, -1 for others.

        None where there is no library to find it.
        """
        self.require(name)
        values = self._columns[name]
        if isinstance(values, list | np.ndarray) or not find_spec("pyarrow"):
            return None
        import narwhals as nw

        if values.dtype != nw.String:
            return None
        import pyarrow.compute as pc

        found = pc.index_in(values.to_arrow(), value_set=_in_arrow(known))
        return found.fill_null(-1).to_numpy()

    def codes(self, name: str) -> Codes:
        """A column as codes; of a categorical one they are taken as they are.

        The work over rows is the frame library's own.
        """
        self.require(name)
        return codes_of(self._columns[name])

    def encode(self, name: str) -> tuple[list[Hashable], np.ndarray]:
        """Distinct values in order of appearance and the code of each row; missing -1."""
        found = self.codes(name)
        return found.keys, found.dense()


@lru_cache(maxsize=2)
def _in_arrow(values: tuple[str, ...]) -> Any:
    """Texts as Arrow has them, of calls that ask for the same ones."""
    import pyarrow as pa

    return pa.array(values)


def _as_array(values: list) -> np.ndarray:
    """Return plain values as an array: of numbers where that keeps each as it is."""
    held = [np.nan if is_missing(value) else value for value in values]
    kinds = set(map(type, held))
    whole = int in kinds and max(abs(v) for v in held if type(v) is int) > EXACT
    if kinds <= {int, float, bool} and not whole:
        return np.array(held)
    return np.fromiter(held, object, len(held))


def _as_held(values: Any) -> list | np.ndarray:
    """Return an array of numbers as it is, and any other column as a list."""
    numeric = isinstance(values, np.ndarray) and values.dtype.kind in "iufb"
    plain = numeric and values.ndim == 1 and not isinstance(values, np.ma.MaskedArray)
    return values if plain else _as_list(values)


def _as_cells(values: Any) -> list | np.ndarray:
    """Return a column of numbers that is an array as it is, and any other as a list."""
    numeric = isinstance(values, np.ndarray) and values.dtype.kind in "iuf"
    return values if numeric and values.ndim == 1 else _as_list(values)


def _as_list(values: Any) -> list:
    """Return a column as a list of Python values, whatever holds it."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "mM":
        # Units finer than Python's would come as whole numbers.
        values = values.astype(f"{values.dtype.kind}8[us]") if _is_fine(values) else values
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(values, method):
            return getattr(values, method)()
    return list(values)


def _is_fine(values: np.ndarray) -> bool:
    return np.datetime_data(values.dtype)[0] in ("ns", "ps", "fs", "as")


def recode(codes: np.ndarray, mapping: Sequence[int], missing: int) -> np.ndarray:
    """Replace each code by its entry in `mapping`, and -1 by `missing`."""
    return np.append(np.asarray(mapping, np.int32), np.int32(missing))[codes]


def first_row(codes: np.ndarray, code: int) -> int:
    """First row that holds a code."""
    return int(np.argmax(codes == code))


def _narwhal(data: Any, where: str) -> tuple[Any, Kind]:
    import narwhals as nw

    try:
        frame = nw.from_native(data, pass_through=True)
    except nw.exceptions.DuplicateError as error:
        said = " ".join(str(error).split())
        raise NrdValueError(f"{where}: two columns have one name: {said}") from None
    if isinstance(frame, nw.LazyFrame):
        backend = frame.implementation.value
        return frame.collect("pyarrow" if backend == "duckdb" else None), Kind(
            backend, lazy=True
        )
    if isinstance(frame, nw.DataFrame):
        return frame, Kind(frame.implementation.value)
    if hasattr(data, "__arrow_c_stream__"):
        return nw.from_arrow(data, backend="pyarrow"), Kind("pyarrow")
    raise NrdTypeError(
        f"{where}: found {type(data).__name__}, expected a data frame (pandas, polars, "
        "pyarrow, DuckDB ...) or a mapping of columns"
    )


def series_frame(data: Any) -> Any:
    """Return a series as a frame of one column, and anything else as it is."""
    if isinstance(data, Mapping):
        return data
    import narwhals as nw

    series = nw.from_native(data, pass_through=True, allow_series=True)
    if not isinstance(series, nw.Series):
        return data
    name = "value" if series.name in (None, "") else str(series.name)
    return series.alias(name).to_frame().to_native()


def name_of(value: object) -> str:
    """Return a code as text; a whole number in a float column loses its '.0'."""
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value)) if whole else str(value).strip()


def names_of(values: Sequence, what: str) -> list[str]:
    """Return distinct codes as text; two that become one are refused."""
    names = [name_of(value) for value in values]
    if len(set(names)) < len(names):
        doubled = next(name for i, name in enumerate(names) if name in names[:i])
        raise NrdValueError(f"{what} {doubled!r} occurs twice, written in two ways")
    return names
