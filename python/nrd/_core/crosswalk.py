"""Values of units after a reform, with arrays in and out."""

from __future__ import annotations

from collections.abc import Sequence
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


class Links(NamedTuple):
    """Parts of each target: where they start, their sources, and shares of these."""

    sources: int
    start: np.ndarray
    source: np.ndarray
    share: np.ndarray


def apply(
    links: Links,
    columns: Sequence[np.ndarray],
    periods: int,
    rules: Sequence[tuple],
    *,
    threads: int,
    where: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest values, shape (rules, targets, periods); see ``nrd/crosswalk.h``.

    A rule is its name, its column, the other column, and the two whole numbers of its
    factor. Ctrl-C stops a long call.
    """
    held = [array(values, np.float64) for values in columns]
    start, source = array(links.start, np.uint64), array(links.source, np.uint64)
    share = array(links.share, np.float64)
    targets = len(start) - 1
    walk = ffi.new(
        "nrd_crosswalk *",
        (
            links.sources,
            targets,
            ffi.from_buffer("size_t *", start),
            ffi.from_buffer("size_t *", source),
            pointer(share),
        ),
    )
    pointers = ffi.new("double *[]", [pointer(values) for values in held])
    made = ffi.new("nrd_harmonise_rule[]", [(RULES[name], *rest) for name, *rest in rules])
    shape = (len(rules), targets, periods)
    low, high = np.empty(shape), np.empty(shape)
    stop = ffi.new("int *", 0)
    stoppable(
        low.size,
        stop,
        (held, start, source, share, walk, pointers, made),
        "nrd_crosswalk_apply",
        where,
        walk,
        ffi.cast("const double *const *", pointers),
        len(held),
        periods,
        made,
        len(rules),
        threads,
        stop,
        pointer(low.reshape(-1)),
        pointer(high.reshape(-1)),
    )
    return low, high
