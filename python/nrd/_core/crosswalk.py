"""Values of units after a reform, with arrays in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from . import array, ffi, lib, pointer
from .rows import stoppable

RULES = {
    "sum": lib.NRD_HARMONISE_SUM,
    "mean": lib.NRD_HARMONISE_MEAN,
    "rate": lib.NRD_HARMONISE_RATE,
    "all": lib.NRD_HARMONISE_ALL,
    "any": lib.NRD_HARMONISE_ANY,
    "share": lib.NRD_HARMONISE_SHARE,
}
STATES = ("all", "any", "share")


class Links(NamedTuple):
    """Parts of each target: where they start, their sources, and shares of these."""

    sources: int
    start: np.ndarray
    source: np.ndarray
    share: np.ndarray


class Panel(NamedTuple):
    """Columns by name, and the row of each unit and period, -1 for none."""

    columns: Mapping[str, np.ndarray]
    row: np.ndarray


def apply(
    links: Links, panel: Panel, rules: Sequence[tuple], *, threads: int, where: str
) -> tuple[np.ndarray, list[np.ndarray | None], np.ndarray]:
    """Least and greatest values, and totals of sums; see ``nrd/crosswalk.h``.

    The shapes are (rules, targets, periods), the same by rule, and (rules, periods, 3). A
    rule is its name, its column, the other column or None, and the two whole numbers of its
    factor. There are no greatest values where none can be other than the least. Ctrl-C
    stops a long call.
    """
    shape = (len(rules), len(links.start) - 1, panel.row.shape[1])
    if not rules:
        return np.empty(shape), [], np.empty((0, shape[2], 3))
    names = list(panel.columns)
    held = [array(values, np.float64) for values in panel.columns.values()]
    row = array(panel.row, np.int32)
    start, source = array(links.start, np.uint64), array(links.source, np.uint64)
    share = array(links.share, np.float64)
    walk = ffi.new(
        "nrd_crosswalk *",
        (
            links.sources,
            shape[1],
            ffi.from_buffer("size_t *", start),
            ffi.from_buffer("size_t *", source),
            pointer(share),
        ),
    )
    pointers = ffi.new("double *[]", [pointer(values) for values in held])
    texts = [ffi.new("char[]", name.encode()) for name in names]
    labels = ffi.new("char *[]", texts)
    columns = ffi.cast("const double *const *", pointers)
    given = ffi.new("nrd_panel *")
    given.rows, given.periods, given.row = len(held[0]), shape[2], pointer(row)
    given.count, given.columns = len(held), columns
    given.names = ffi.cast("const char *const *", labels)
    made = ffi.new(
        "nrd_harmonise_rule[]",
        [
            (RULES[kind], names.index(column), names.index(other) if other else 0, *factor)
            for kind, column, other, *factor in rules
        ],
    )
    low = np.empty(shape)
    unknown = bool(np.isnan(share).any())
    high = [
        np.empty(shape[1:]) if unknown or kind in STATES else None for kind, *_ in rules
    ]
    highs = ffi.new(
        "double *[]",
        [ffi.NULL if h is None else pointer(h.reshape(-1)) for h in high],
    )
    totals = np.empty((len(rules), shape[2], 3))
    stop = ffi.new("int *", 0)
    stoppable(
        low.size,
        stop,
        (
            held,
            row,
            start,
            source,
            share,
            walk,
            pointers,
            texts,
            labels,
            given,
            made,
            highs,
        ),
        "nrd_crosswalk_apply",
        where,
        walk,
        given,
        made,
        len(rules),
        threads,
        stop,
        pointer(low.reshape(-1)),
        ffi.cast("double *const *", highs),
        pointer(totals.reshape(-1)),
    )
    return low, high, totals
