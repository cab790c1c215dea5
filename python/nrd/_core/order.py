"""Sorting, ranks and quantiles of libnrd, with arrays in and out."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import array, call, ffi, pointer


def quantile(
    values: np.ndarray,
    p: np.ndarray,
    type: int,
    weights: np.ndarray | None = None,
    frequencies: bool = False,
    where: Any = "quantile",
) -> np.ndarray:
    """Quantiles of values, none of them NaN; see ``nrd/order.h``."""
    values, p = array(values, np.float64), array(p, np.float64)
    options = ffi.new("nrd_quantile_options *", (type, pointer(p), len(p)))
    out = np.empty(len(p))
    if weights is None:
        call(
            "nrd_order_quantile", where, pointer(values), len(values), options, pointer(out)
        )
        return out
    name = "nrd_order_quantile_frequency" if frequencies else "nrd_order_quantile_weighted"
    weights = array(weights, np.uint64 if frequencies else np.float64)
    call(name, where, pointer(values), pointer(weights), len(values), options, pointer(out))
    return out
