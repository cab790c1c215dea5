"""Projections of libnrd, with arrays in and out."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import array, ffi, lib, pointer
from .rows import stoppable

SCALES = {
    "linear": lib.NRD_PROJECTION_LINEAR,
    "log": lib.NRD_PROJECTION_LOG,
    "logit": lib.NRD_PROJECTION_LOGIT,
}
# Names of the states by their number.
STATES = ("made", "met", "past", "exact", "flat", "times", "few", "outside", "infinite")
POINT = np.dtype([(name, np.float64) for name in "estimate low high probability".split()])
FOUND = np.dtype(
    [
        ("state", np.int32),
        ("standards", np.int32),
        ("n", np.uint64),
        *(
            (name, np.float64)
            for name in "df slope centre mean spread sigma last_time last_value reach "
            "reach_low reach_high probability past needed".split()
        ),
    ]
)
# A series takes about as long as so many rows, and each replicate as one.
_PER_SERIES = 50


def project(
    time: np.ndarray,
    value: np.ndarray,
    offset: np.ndarray,
    *,
    standard: np.ndarray | None = None,
    scale: str,
    target: np.ndarray,
    by: np.ndarray,
    times: np.ndarray,
    at_least: bool = False,
    level: float,
    replicates: int = 0,
    seed: int = 0,
    first: int = 0,
    threads: int = 0,
    where: Any = "projection",
) -> tuple[np.ndarray, np.ndarray]:
    """Prolong lines through series; see ``nrd/projection.h``.

    Parameters
    ----------
    time, value : ndarray, shape (rows,)
        Times and figures, series after series.
    offset : ndarray of uint64, shape (series + 1,)
        Rows before each series, from 0 on.
    standard : ndarray of int32, shape (rows,), or None
        Codes of the standards.
    scale : str
        One of `SCALES`.
    target, by : ndarray, shape (series,)
        Targets, and times to reach them by; NaN where there is none.
    times : ndarray, shape (times,)
        Times to project to.
    at_least, level, replicates, seed, first, threads
        As in C.
    where : str or callable
        What a message begins with.

    Returns
    -------
    points : structured ndarray, shape (series, times)
        Fields of `POINT`.
    found : structured ndarray, shape (series,)
        Fields of `FOUND`.
    """
    series = len(offset) - 1
    kept = [array(v, np.float64) for v in (time, value, target, by, times)]
    codes = None if standard is None else array(standard, np.int32)
    starts = array(offset, np.uint64)
    rows = ffi.new("nrd_projection_rows *")
    rows.time, rows.value = pointer(kept[0]), pointer(kept[1])
    rows.standard = ffi.NULL if codes is None else pointer(codes)
    rows.series_rows, rows.series = pointer(starts), series
    rows.scale, rows.full = SCALES[scale], 100.0
    stop = ffi.new("int *", 0)
    options = ffi.new("nrd_projection_options *")
    options.target, options.by, options.time = (pointer(v) for v in kept[2:])
    options.times, options.at_least, options.level = len(times), at_least, level
    options.replicates, options.seed, options.first = replicates, seed, first
    options.threads, options.stop = threads, stop
    points = np.empty((series, len(times)), POINT)
    found = np.empty(series, FOUND)
    stoppable(
        series * (_PER_SERIES + replicates * (1 + len(times))),
        stop,
        (rows, options, kept, codes, starts, points, found),
        "nrd_projection_find",
        where,
        rows,
        options,
        ffi.from_buffer("nrd_projection_point *", points, require_writable=True),
        ffi.from_buffer("nrd_projection *", found, require_writable=True),
    )
    return points, found
