"""States of exact sums of libnrd, with arrays in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import array, call, ffi, lib, pointer
from . import column as as_column
from .rows import QUICK, Groups, stoppable

WEIGHTS = {
    None: lib.NRD_WEIGHTS_NONE,
    "frequency": lib.NRD_WEIGHTS_FREQUENCY,
    "probability": lib.NRD_WEIGHTS_PROBABILITY,
    "precision": lib.NRD_WEIGHTS_PRECISION,
}
LEVELS = {
    "means": lib.NRD_MOMENTS_MEANS,
    "variances": lib.NRD_MOMENTS_VARIANCES,
    "covariances": lib.NRD_MOMENTS_COVARIANCES,
}
# Rows whose columns lie in the cache together.
_BLOCK = 8192


class State:
    """Exact sums of columns and their products, by group; see ``nrd/moments.h``."""

    def __init__(
        self,
        columns: int,
        groups: int = 1,
        weights: str | None = None,
        level: str = "covariances",
        decimals: Sequence[int] | None = None,
    ):
        self.kind = (columns, weights, level, tuple(decimals) if decimals else None)
        out = ffi.new("nrd_moments **")
        places = ffi.NULL if decimals is None else pointer(array(decimals, np.int32))
        call(
            "nrd_moments_new",
            "moments",
            columns,
            groups,
            WEIGHTS[weights],
            LEVELS[level],
            places,
            out,
        )
        self._take(out[0])

    def _take(self, handle: object) -> None:
        self._handle = ffi.gc(handle, lib.nrd_moments_free)

    @property
    def handle(self) -> object:
        """The state itself, for calls into C."""
        return self._handle

    @property
    def groups(self) -> int:
        """Number of groups."""
        return lib.nrd_moments_groups(self._handle)

    @property
    def dropped(self) -> int:
        """Rows left out because something was missing."""
        return lib.nrd_moments_dropped(self._handle)

    def keep_powers(self, degrees: Sequence[int]) -> None:
        """Let a state without rows keep powers of columns, too; see ``nrd/powers.h``."""
        highest = array(degrees, np.int32)
        call(
            "nrd_moments_keep_powers",
            "powers",
            self._handle,
            pointer(highest),
            len(highest),
        )

    def grow(self, groups: int) -> None:
        """Give the state more groups."""
        call("nrd_moments_grow", "moments", self._handle, groups)

    def update(
        self,
        columns: Sequence[np.ndarray],
        group: np.ndarray | None = None,
        first_group: int = 0,
        weight: np.ndarray | None = None,
        *,
        threads: int = 0,
        where: Any = "row",
    ) -> None:
        """Add rows of float64 columns; Ctrl-C stops a long call, which then adds none."""
        options = {"weight": weight, "threads": threads, "where": where}
        if group is None and len(columns[0]) > QUICK:
            part = State(self.kind[0], 1, *self.kind[1:])
            part._add(columns, None, 0, **options)
            self.merge(part)
        else:
            self._add(columns, group, first_group, **options)

    def _add(self, columns, group, first_group, *, weight, threads, where) -> None:
        held = _contiguous(columns)
        packed = ffi.new("nrd_column[]", len(held))
        for i, values in enumerate(held):
            packed[i] = as_column(values)[0]
        # A column points into its array, which has to live as long as the call.
        weight = None if weight is None else array(weight, np.float64)
        groups = Groups(group, first_group)
        stop = ffi.new("int *", 0)
        arguments = (
            self._handle,
            packed,
            len(held),
            groups.column,
            first_group,
            ffi.NULL if weight is None else as_column(weight),
            threads,
            stop,
        )
        kept = (held, groups, weight)
        stoppable(len(held[0]), stop, kept, "nrd_moments_update", where, *arguments)

    def merge(self, other: State, codes: np.ndarray | None = None) -> None:
        """Add the rows of another state; `codes` says where each of its groups goes."""
        places = ffi.NULL if codes is None else pointer(array(codes, np.int64))
        call("nrd_moments_merge", "merge", self._handle, other._handle, places)

    def rows(self) -> np.ndarray:
        """Rows used, one number a group."""
        out = np.empty(self.groups, np.uint64)
        lib.nrd_moments_rows(self._handle, pointer(out))
        return out

    def total_weight(self) -> np.ndarray:
        """Sum of the weights of each group."""
        out = np.empty(self.groups)
        lib.nrd_moments_total_weight(self._handle, pointer(out))
        return out

    def sum(self) -> np.ndarray:
        """Sums, shape (groups, columns)."""
        out = np.empty((self.groups, self.kind[0]))
        lib.nrd_moments_sum(self._handle, pointer(out))
        return out

    def mean(self) -> np.ndarray:
        """Means, shape (groups, columns); NaN where undefined."""
        out = np.empty((self.groups, self.kind[0]))
        defined = np.empty(out.shape, np.uint8)
        lib.nrd_moments_mean(self._handle, pointer(out), pointer(defined))
        return out

    def variance(self, ddof: int = 1) -> np.ndarray:
        """Variances, shape (groups, columns); NaN where undefined."""
        found = self.covariance(ddof)
        return found if found.ndim == 2 else np.diagonal(found, axis1=1, axis2=2).copy()

    def covariance(self, ddof: int = 1) -> np.ndarray:
        """Covariances, shape (groups, columns, columns); variances at their level."""
        width = (self.kind[0],) if self.kind[2] == "covariances" else ()
        out = np.empty((self.groups, self.kind[0], *width))
        defined = np.empty(out.shape, np.uint8)
        call(
            "nrd_moments_covariance",
            "covariance",
            self._handle,
            ddof,
            pointer(out),
            pointer(defined),
        )
        return out

    def correlation(self) -> np.ndarray:
        """Correlations, shape (groups, columns, columns); NaN where undefined."""
        out = np.empty((self.groups, self.kind[0], self.kind[0]))
        defined = np.empty(out.shape, np.uint8)
        call(
            "nrd_moments_correlation",
            "correlation",
            self._handle,
            pointer(out),
            pointer(defined),
        )
        return out

    def anova(self, column: int = 0) -> dict[str, Any]:
        """One-way analysis of variance of a column: the fields of `nrd_anova`."""
        out = ffi.new("nrd_anova *")
        call("nrd_moments_anova", "anova", self._handle, column, out)
        return {name: getattr(out, name) for name, _ in ffi.typeof("nrd_anova").fields}

    def to_bytes(self) -> bytes:
        """Canonical bytes."""
        out = np.empty(lib.nrd_moments_bytes(self._handle), np.uint8)
        call("nrd_moments_to_bytes", "to_bytes", self._handle, pointer(out), out.size)
        return out.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, kind: tuple) -> State:
        """Read a state of a known kind from its bytes."""
        out = ffi.new("nrd_moments **")
        call("nrd_moments_from_bytes", "from_bytes", data, len(data), out)
        state = cls.__new__(cls)
        state.kind = kind
        state._take(out[0])
        return state


def _contiguous(columns: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Columns as they are, or copied: those of a matrix by rows block by block."""
    held, strided = [], []
    for values in columns:
        if values.flags.c_contiguous:
            held.append(array(values, np.float64))
        else:
            held.append(np.empty(len(values)))
            strided.append((held[-1], values))
    for start in range(0, max((len(v) for _, v in strided), default=0), _BLOCK):
        block = slice(start, start + _BLOCK)
        for copy, values in strided:
            copy[block] = values[block]
    return held


def column_decimals(values: np.ndarray) -> int:
    """Printed decimals of a float64 column, or -1."""
    return lib.nrd_column_decimals(as_column(array(values, np.float64)))
