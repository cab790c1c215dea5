"""Counts of cells by group and state of libnrd, with arrays in and out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import call, ffi

TALLY = np.dtype([("unknown", np.uint64), ("unmet", np.uint64), ("met", np.uint64)])


def groups(
    group: np.ndarray,
    state: np.ndarray,
    first: int,
    count: int,
    threads: int,
    where: Callable[[int], str],
) -> np.ndarray:
    """One `nrd_tally` a group, as a structured array; `where` turns a row into words."""
    group, state = np.ascontiguousarray(group), np.ascontiguousarray(state)
    held = [
        ffi.from_buffer(values) if len(values) else ffi.NULL for values in (group, state)
    ]
    rows = ffi.new(
        "nrd_tally_rows *",
        (held[0], group.itemsize, held[1], state.itemsize, len(group), first, count),
    )
    out = np.empty(count, TALLY)
    call("nrd_tally_groups", where, rows, threads, ffi.from_buffer("nrd_tally *", out))
    return out
