"""Inequality of groups of values, with arrays in and out."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import array, call, ffi, pointer
from .rows import stoppable

MEASURES = np.dtype(
    [
        ("rows", np.uint64),
        ("weight", np.float64),
        ("total", np.float64),
        ("gini", np.float64),
        ("theil", np.float64),
        ("herfindahl", np.float64),
        ("largest", np.float64),
    ]
)


def measure(
    values: np.ndarray, weights: np.ndarray | None, starts: np.ndarray, where: Any
) -> np.ndarray:
    """Measures of each group of rows; see ``nrd/inequality.h``. Ctrl-C stops it."""
    values, starts = array(values, np.float64), array(starts, np.uint64)
    weights = None if weights is None else array(weights, np.float64)
    out = np.empty(len(starts) - 1, MEASURES)
    stop = ffi.new("int *", 0)
    stoppable(
        len(values),
        stop,
        (values, weights, starts, out),
        "nrd_inequality_groups",
        where,
        pointer(values),
        ffi.NULL if weights is None else pointer(weights),
        ffi.from_buffer("size_t *", starts),
        len(out),
        stop,
        ffi.from_buffer("nrd_inequality *", out),
    )
    return out


def lorenz(
    values: np.ndarray, weights: np.ndarray | None, where: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the weight and of the total up to each row, least values first."""
    values = array(values, np.float64)
    weights = None if weights is None else array(weights, np.float64)
    people, money = np.empty(len(values) + 1), np.empty(len(values) + 1)
    call(
        "nrd_inequality_lorenz",
        where,
        pointer(values),
        ffi.NULL if weights is None else pointer(weights),
        len(values),
        pointer(people),
        pointer(money),
    )
    return people, money
