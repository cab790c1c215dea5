"""Neighbours in libnrd, with arrays in and out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import array, call, ffi, pointer


class Moran(NamedTuple):
    """The fields of `nrd_moran`."""

    i: float
    expected: float
    variance: float
    p: float
    n: int
    alone: int


class Neighbours:
    """Links between rows; see ``nrd/spatial.h``.

    Parameters
    ----------
    n : int
        Number of rows.
    start, end : ndarray of int, shape (links,)
        Rows of each link.
    weight : ndarray, shape (links,)
        Weight of each link.
    where : str
        What messages begin with.
    """

    def __init__(
        self, n: int, start: np.ndarray, end: np.ndarray, weight: np.ndarray, where: str
    ):
        self._held = (
            array(start, np.uint32),
            array(end, np.uint32),
            array(weight, np.float64),
        )
        self._where = where
        self._of = ffi.new(
            "nrd_neighbours *", (n, len(start), *(pointer(a) for a in self._held))
        )

    def moran(self, values: np.ndarray) -> Moran:
        """Moran's I of a column; NaN is missing."""
        out = ffi.new("nrd_moran *")
        held = array(values, np.float64)
        call("nrd_spatial_moran", self._where, self._of, pointer(held), out)
        return Moran(*(getattr(out, name) for name in Moran._fields))

    def effective(self, x: np.ndarray, y: np.ndarray, steps: int = 0) -> float:
        """Independent rows that the correlation of two columns is worth."""
        out = ffi.new("double *")
        held = array(x, np.float64), array(y, np.float64)
        both = (pointer(held[0]), pointer(held[1]))
        call("nrd_spatial_effective", self._where, self._of, *both, steps, out)
        return float(out[0])
