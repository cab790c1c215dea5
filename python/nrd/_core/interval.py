"""Confidence intervals of libnrd, with arrays in and out."""

from __future__ import annotations

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
