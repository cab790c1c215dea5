"""Quantiles of libnrd, with arrays in and out."""

from __future__ import annotations

import numpy as np

from . import array, column, ffi, pointer
from .rows import Groups, stoppable


def quantiles(
    values: np.ndarray,
    p: np.ndarray,
    type: int,
    *,
    group: np.ndarray | None = None,
    first_group: int = 0,
    groups: int = 1,
    weight: np.ndarray | None = None,
    frequencies: bool = False,
    threads: int = 0,
    where: str = "quantile",
) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of each group, shape (groups, len(p)), and the rows used of each.

    NaN is missing among values and weights; see ``nrd/order_groups.h``. Ctrl-C stops a long
    call.
    """
    values, p = array(values, np.float64), array(p, np.float64)
    weight = None if weight is None else array(weight, np.float64)
    codes = Groups(group, first_group)
    columns = (column(values), ffi.NULL if weight is None else column(weight))
    rows = ffi.new(
        "nrd_group_rows *",
        (*columns, frequencies, codes.column, first_group, groups),
    )
    options = ffi.new("nrd_quantile_options *", (type, pointer(p), len(p)))
    stop = ffi.new("int *", 0)
    out, used = np.empty((groups, len(p))), np.empty(groups, np.uint64)
    stoppable(
        len(values),
        stop,
        (values, weight, codes, columns, p),
        "nrd_order_quantile_groups",
        where,
        rows,
        options,
        threads,
        stop,
        pointer(out.reshape(-1)),
        pointer(used),
    )
    return out, used
