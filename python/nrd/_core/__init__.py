"""The only place that knows CFFI: calls into libnrd, and status to exception."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..errors import NrdError, NrdKeyError, NrdMemoryError, NrdTypeError, NrdValueError
from ._native import ffi, lib

__all__ = ["array", "call", "column", "ffi", "lib", "pointer", "versions"]

_EXCEPTIONS: dict[int, type[NrdError]] = {
    lib.NRD_E_MEMORY: NrdMemoryError,
    lib.NRD_E_TYPE: NrdTypeError,
    lib.NRD_E_UNKNOWN: NrdKeyError,
}
_C_TYPES = {
    np.dtype(np.int8): ("int8_t *", lib.NRD_TYPE_INT8),
    np.dtype(np.int32): ("int32_t *", lib.NRD_TYPE_INT32),
    np.dtype(np.int64): ("int64_t *", lib.NRD_TYPE_INT64),
    np.dtype(np.float64): ("double *", lib.NRD_TYPE_FLOAT64),
    np.dtype(np.uint8): ("uint8_t *", None),
    np.dtype(np.uint32): ("uint32_t *", None),
    np.dtype(np.uint64): ("uint64_t *", None),
}
_NO_ROW = 2 ** (8 * ffi.sizeof("size_t")) - 1


def call(function: str, where: str | Callable[[int], str], *args: object) -> None:
    """Call a function of libnrd that can fail; `err` is added.

    Parameters
    ----------
    function : str
        Name of the C function.
    where : str or callable
        What the message begins with: the argument, or a function from the row that
        failed to its name ("capital.csv, line 7").
    *args : object
        Arguments without the error.

    Raises
    ------
    NrdError
        The subclass that fits the status, with ``status`` and ``row``.
    """
    err = ffi.new("nrd_error *")
    status = getattr(lib, function)(*args, err)
    if status == lib.NRD_OK:
        return
    row = None if err.row == _NO_ROW else int(err.row)
    if callable(where):
        where = where(row) if row is not None else function
    elif row is not None:
        where = f"{where}, row {row}"
    message = ffi.string(err.message).decode("utf-8", "replace")
    raise _EXCEPTIONS.get(status, NrdValueError)(
        f"{where}: {message}",
        status=ffi.string(lib.nrd_status_name(status)).decode(),
        row=row,
    )


def array(values: object, dtype: object) -> np.ndarray:
    """Return values as a contiguous array, without a copy where they are one."""
    return np.ascontiguousarray(values, dtype=dtype)


def pointer(values: np.ndarray) -> object:
    """Return a C pointer to the values of a contiguous array; it keeps the array alive."""
    return ffi.from_buffer(_C_TYPES[values.dtype][0], values, require_writable=False)


def column(values: np.ndarray) -> object:
    """Return a `nrd_column` over a contiguous array; nothing is copied.

    The array must outlive the call the column is passed to.
    """
    out = ffi.new("nrd_column *")
    out.type = _C_TYPES[values.dtype][1]
    out.length = len(values)
    out.values = pointer(values) if len(values) else ffi.NULL
    return out


def versions() -> dict[str, str]:
    """Versions of the C library and of what it was linked with."""
    return {
        "libnrd": ffi.string(lib.nrd_version()).decode(),
        "gsl": ffi.string(lib.nrd_gsl_version()).decode(),
        "cjson": ffi.string(lib.nrd_cjson_version()).decode(),
        "gmp": ffi.string(lib.nrd_gmp_version()).decode(),
    }
