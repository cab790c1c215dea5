"""Measured values held against a criteria set by libnrd."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..errors import NrdError
from . import array, call, ffi, lib, pointer
from .criteria import Document

UNKNOWN, UNMET, MET = lib.NRD_DECISION_UNKNOWN, lib.NRD_DECISION_UNMET, lib.NRD_DECISION_MET
NEAR, NOT_ASKED = lib.NRD_DECISION_NEAR, lib.NRD_DECISION_NOT_ASKED


class Decisions(NamedTuple):
    """Decisions as int8: (items, rows), (criteria, rows) and (rows,)."""

    items: np.ndarray
    criteria: np.ndarray
    units: np.ndarray


class Rows(NamedTuple):
    """Place, day and values of rows; a column without values is None."""

    place: np.ndarray
    when: np.ndarray
    days: np.ndarray
    values: Sequence[np.ndarray | None]


def assess(document: Document, rows: Rows, tolerance: np.ndarray) -> Decisions:
    """Decide every item, criterion and row; see ``nrd/assess.h``."""
    n = len(rows.when)
    out = Decisions(
        np.empty((len(document.items), n), np.int8),
        np.empty((len(document.criteria), n), np.int8),
        np.empty(n, np.int8),
    )
    given = measurements(rows, tolerance)
    call(
        "nrd_assess",
        "assess",
        document.handle,
        given.struct,
        *(ffi.from_buffer("int8_t *", part) for part in out),
    )
    return out


class Given(NamedTuple):
    """A `nrd_measurements`, and the arrays that it points to."""

    struct: object
    held: list


def measurements(rows: Rows, tolerance: np.ndarray | None = None) -> Given:
    """Rows as libnrd takes them; without a tolerance it is 0."""
    held = [array(part, np.int32) for part in (rows.place, rows.when, rows.days)]
    columns = [None if v is None else array(v, np.float64) for v in rows.values]
    pointers = ffi.new(
        "double *[]", [ffi.NULL if v is None else pointer(v) for v in columns] or 1
    )
    near = None if tolerance is None else array(tolerance, np.float64)
    struct = ffi.new("nrd_measurements *")
    struct.rows, struct.n_days = len(held[1]), len(held[2])
    struct.place, struct.when, struct.days = map(pointer, held)
    struct.tolerance = ffi.NULL if near is None else pointer(near)
    struct.values = ffi.cast("const double *const *", pointers)
    return Given(struct, [*held, *columns, pointers, near])


def find_impossible(document: Document, rows: Rows) -> tuple[int, NrdError] | None:
    """Item and error of the first value that its unit of measure cannot have."""
    for item, values in enumerate(rows.values):
        if values is None:
            continue
        values = array(values, np.float64)
        try:
            call(
                "nrd_assess_check",
                "assess",
                document.handle,
                item,
                pointer(values),
                len(values),
            )
        except NrdError as error:
            return item, error
    return None
