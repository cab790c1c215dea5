"""Adjusted p-values of libnrd, with arrays in and out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from . import array, call, ffi, lib, pointer

METHODS = {
    "bonferroni": lib.NRD_ADJUST_BONFERRONI,
    "sidak": lib.NRD_ADJUST_SIDAK,
    "holm": lib.NRD_ADJUST_HOLM,
    "holm-sidak": lib.NRD_ADJUST_HOLM_SIDAK,
    "simes-hochberg": lib.NRD_ADJUST_HOCHBERG,
    "hommel": lib.NRD_ADJUST_HOMMEL,
    "fdr_bh": lib.NRD_ADJUST_BH,
    "fdr_by": lib.NRD_ADJUST_BY,
    "fdr_tsbh": lib.NRD_ADJUST_TWO_STAGE_BH,
    "fdr_tsbky": lib.NRD_ADJUST_TWO_STAGE_BKY,
    "fdr_dbh_su": lib.NRD_ADJUST_DISCRETE_UP,
    "fdr_dbh_sd": lib.NRD_ADJUST_DISCRETE_DOWN,
    "fdr_adbh_su": lib.NRD_ADJUST_ADAPTIVE_UP,
    "fdr_adbh_sd": lib.NRD_ADJUST_ADAPTIVE_DOWN,
}
DISCRETE = tuple(name for name in METHODS if "dbh" in name)


class Supports(NamedTuple):
    """Lists of attainable p-values one after another, and the list of each test."""

    values: np.ndarray
    start: np.ndarray
    list: np.ndarray


def adjust(
    p: np.ndarray,
    method: str,
    alpha: float,
    group: np.ndarray | None,
    groups: int,
    supports: Supports | None,
    where: Any = "adjust_pvalues",
) -> np.ndarray:
    """Adjusted p-values; see ``nrd/adjust.h``."""
    p = array(p, np.float64)
    out = np.empty(len(p))
    # Pointers do not keep what they point into alive inside a struct.
    held = [None if group is None else array(group, np.int32)]
    lists = ffi.NULL
    if supports is not None:
        held += [
            array(supports.values, np.float64),
            array(supports.start, np.uint64),
            array(supports.list, np.uint64),
        ]
        values, start, places = (pointer(item) for item in held[1:])
        lists = ffi.new("nrd_supports *", (values, start, len(held[2]) - 1, places))
    codes = ffi.NULL if group is None else pointer(held[0])
    options = ffi.new(
        "nrd_adjust_options *", (METHODS[method], alpha, codes, groups, lists)
    )
    call("nrd_adjust", where, pointer(p), len(p), options, pointer(out))
    return out
