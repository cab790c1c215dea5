"""Joints of libnrd, with arrays in and out."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import array, ffi, lib, pointer
from .rows import QUICK, stoppable

RULES = {
    "given": lib.NRD_JOINPOINT_GIVEN,
    "permutation": lib.NRD_JOINPOINT_PERMUTATION,
    "bic": lib.NRD_JOINPOINT_BIC,
}
# Names of the states by their number.
STATES = ("told", "exact", "few", "none", "infinite")
FOUND = np.dtype(
    [
        *((name, np.int32) for name in ("state", "joints", "most", "tests")),
        ("n", np.uint64),
        *((name, np.float64) for name in ("df", "rss", "start")),
        *((name, np.float64, 3) for name in ("joint", "joint_low", "joint_high")),
        *((name, np.float64, 4) for name in ("slope", "slope_low", "slope_high")),
        ("p", np.float64, 3),
        ("bic", np.float64, 4),
    ]
)


def joints(
    time: np.ndarray,
    value: np.ndarray,
    offset: np.ndarray,
    *,
    weight: np.ndarray | None = None,
    rule: str,
    between: bool,
    most: int,
    least: int,
    alpha: float,
    level: float,
    permutations: int,
    seed: int = 0,
    first: int = 0,
    threads: int = 0,
    where: Any = "joints",
) -> np.ndarray:
    """Find lines that meet, through many series; see ``nrd/joinpoint.h``.

    Parameters
    ----------
    time, value : ndarray, shape (rows,)
        Times and values, series after series.
    offset : ndarray of uint64, shape (series + 1,)
        Rows before each series, from 0 on.
    weight : ndarray, shape (rows,), or None
        Weights above 0.
    rule : str
        One of `RULES`.
    between, most, least, alpha, level, permutations, seed, first, threads
        As in C.
    where : str or callable
        What a message begins with.

    Returns
    -------
    structured ndarray, shape (series,)
        Fields of `FOUND`.
    """
    kept = [array(v, np.float64) for v in (time, value)]
    weights = None if weight is None else array(weight, np.float64)
    starts = array(offset, np.uint64)
    rows = ffi.new("nrd_joinpoint_rows *")
    rows.time, rows.value = (pointer(v) for v in kept)
    rows.weight = ffi.NULL if weights is None else pointer(weights)
    rows.series_rows, rows.series = pointer(starts), len(starts) - 1
    stop = ffi.new("int *", 0)
    options = ffi.new("nrd_joinpoint_options *")
    options.rule, options.between = RULES[rule], between
    options.most, options.least = most, least
    options.alpha, options.level = alpha, level
    options.permutations, options.seed, options.first = permutations, seed, first
    options.threads, options.stop = threads, stop
    found = np.empty(len(starts) - 1, FOUND)
    stoppable(
        QUICK + 1 if rule == "permutation" or len(starts) > 1000 else 0,
        stop,
        (rows, options, kept, weights, starts, found),
        "nrd_joinpoint_find",
        where,
        rows,
        options,
        ffi.from_buffer("nrd_joinpoint *", found, require_writable=True),
    )
    return found
