"""Printed decimals, their margins and how stated numbers go with their parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import NrdValueError
from . import array, call, ffi, lib, pointer

VERDICTS = {
    lib.NRD_VERDICT_EQUAL: "equal",
    lib.NRD_VERDICT_ROUNDED: "rounded",
    lib.NRD_VERDICT_TRUNCATED: "truncated",
    lib.NRD_VERDICT_DIFFERENT: "different",
}
DECIMAL = np.dtype([("unscaled", np.int64), ("scale", np.int32)], align=True)


class Judgement(NamedTuple):
    """A stated number beside the computed one; see `nrd_check`."""

    verdict: str
    stated: float
    computed: float
    difference: float


def parse(
    texts: Sequence[str],
    decimal: str,
    thousands: str | None,
    where: str | Callable[[int], str],
) -> np.ndarray:
    """Read printed numbers exactly, with the marks that were declared."""
    for row, text in enumerate(texts):
        if "\0" in text:  # where C would see the end of the text
            place = where(row) if callable(where) else f"{where}, row {row}"
            raise NrdValueError(f"{place}: found {text!r}, expected a number", row=row)
    encoded = [text.encode() for text in texts]
    held = [ffi.from_buffer("char[]", text + b"\0") for text in encoded]
    pointers = ffi.new("char *[]", [ffi.cast("char *", text) for text in held])
    out = np.empty(len(encoded), DECIMAL)
    call(
        "nrd_decimal_parse",
        where,
        ffi.cast("const char *const *", pointers),
        len(encoded),
        decimal.encode()[:1],
        thousands.encode()[:1] if thousands else b"\0",
        _decimals(out),
    )
    return out


def total(values: np.ndarray) -> np.void:
    """Exact sum of decimals."""
    out = np.empty(1, DECIMAL)
    call("nrd_decimal_sum", "sum", _decimals(values), len(values), _decimals(out))
    return out[0]


def to_float(values: np.ndarray) -> np.ndarray:
    """Nearest doubles of decimals."""
    return np.array([lib.nrd_decimal_to_double(_struct(value)[0]) for value in values])


def ratio(numerator: np.void, denominator: np.void, factor: int = 1) -> float:
    """Nearest double of factor * numerator / denominator."""
    out = ffi.new("double *")
    call(
        "nrd_decimal_ratio",
        "ratio",
        _struct(numerator)[0],
        _struct(denominator)[0],
        factor,
        out,
    )
    return out[0]


def margins(content: np.ndarray, source: np.ndarray, amount: np.ndarray, shape, where):
    """Exact sums of a table by row, by column and of all."""
    by_content, by_source = np.empty(shape[0], DECIMAL), np.empty(shape[1], DECIMAL)
    everything = np.empty(1, DECIMAL)
    call(
        "nrd_resource_margins",
        where,
        pointer(array(content, np.int32)),
        pointer(array(source, np.int32)),
        _decimals(amount),
        len(amount),
        *shape,
        _decimals(by_content),
        _decimals(by_source),
        _decimals(everything),
    )
    return by_content, by_source, everything[0]


def judge_sum(stated: np.void, parts: np.ndarray, where: str = "sum") -> Judgement:
    """Hold a stated total against the exact sum of its parts."""
    out = ffi.new("nrd_check *")
    call("nrd_reconcile_sum", where, _struct(stated)[0], _decimals(parts), len(parts), out)
    return _judgement(out)


def judge_ratio(
    stated: np.void,
    numerator: np.void,
    denominator: np.void,
    factor: int,
    where: str = "ratio",
) -> Judgement:
    """Hold a stated ratio against factor * numerator / denominator."""
    out = ffi.new("nrd_check *")
    call(
        "nrd_reconcile_ratio",
        where,
        _struct(stated)[0],
        _struct(numerator)[0],
        _struct(denominator)[0],
        factor,
        out,
    )
    return _judgement(out)


def whole(value: int) -> np.void:
    """A whole number as a decimal."""
    return np.array([(value, 0)], DECIMAL)[0]


def _judgement(check: object) -> Judgement:
    return Judgement(
        VERDICTS[check.verdict], check.stated, check.computed, check.difference
    )


def _decimals(values: np.ndarray) -> object:
    return ffi.from_buffer("nrd_decimal *", np.ascontiguousarray(values))


def _struct(value: np.void) -> object:
    return ffi.new("nrd_decimal *", (int(value["unscaled"]), int(value["scale"])))
