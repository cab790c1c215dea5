"""Confidence intervals of libnrd, with arrays in and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import array, call, ffi, pointer

METHODS = {
    "wilson": "nrd_interval_wilson",
    "clopper-pearson": "nrd_interval_clopper_pearson",
    "jeffreys": "nrd_interval_jeffreys",
}


def share(
    method: str, met: np.ndarray, known: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of shares, one row each."""
    met, known = array(met, np.uint64), array(known, np.uint64)
    low, high = np.empty((2, len(met)))
    call(
        METHODS[method],
        "proportion_interval",
        pointer(met),
        pointer(known),
        len(met),
        level,
        pointer(low),
        pointer(high),
    )
    return low, high


def finite(
    met: np.ndarray, known: np.ndarray, population: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the number of units of a finite population, one row each."""
    held = [array(values, np.uint64) for values in (met, known, population)]
    rows = ffi.new(
        "nrd_sample_rows *", (*(pointer(values) for values in held), len(held[0]))
    )
    low, high = np.empty((2, len(held[0])), np.uint64)
    call(
        "nrd_interval_finite",
        "proportion_interval",
        rows,
        level,
        pointer(low),
        pointer(high),
    )
    return low, high


def difference(counts: Sequence[np.ndarray], level: float) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of differences of shares: of met a, known a, met b and known b."""
    held = [array(values, np.uint64) for values in counts]
    n = len(held[0])
    rows = ffi.new("nrd_pair_rows *", (*map(pointer, held), n))
    return _bounds("nrd_interval_difference", "proportion_difference", rows, n, level)


def mean(
    means: np.ndarray,
    variances: np.ndarray,
    counts: np.ndarray,
    level: float,
    where: Callable[[int], str],
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of means, one row each; infinite where a row has fewer than two numbers."""
    held = (array(means, np.float64), array(variances, np.float64))
    counts = array(counts, np.uint64)
    rows = ffi.new("nrd_mean_rows *", (*map(pointer, held), pointer(counts), len(counts)))
    return _bounds("nrd_interval_mean", where, rows, len(counts), level)


def _bounds(function: str, where: Any, rows: object, n: int, level: float):
    low, high = np.empty((2, n))
    call(function, where, rows, level, pointer(low), pointer(high))
    return low, high
