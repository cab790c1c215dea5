"""Permutation tests of libnrd, with arrays in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import array, call, ffi, lib, pointer
from .bootstrap import STATISTICS
from .rows import stoppable

ALTERNATIVES = {
    "two-sided": lib.NRD_ALTERNATIVE_TWO_SIDED,
    "greater": lib.NRD_ALTERNATIVE_GREATER,
    "less": lib.NRD_ALTERNATIVE_LESS,
    "absolute": lib.NRD_ALTERNATIVE_ABSOLUTE,
}
# A row takes about as long as so many that are arranged.
_PER_ROW = 10


class Permutation:
    """A permutation test under way; see ``nrd/permutation.h``.

    Parameters
    ----------
    statistic, alternative : str
        Names of `STATISTICS` and `ALTERNATIVES`.
    columns : sequence of ndarray, shape (n,)
        Values of each outcome.
    x : ndarray or None
        Values that are exchanged.
    sample, units, strata : ndarray or None
        Sample of each row, 0 or 1; rows before each unit, and units before each stratum,
        with the end.
    resamples, seed, enough : int
        Arrangements to draw; seed; when a column stops, 0 for never.
    joint : bool
        Whether p-values are adjusted for the number of columns.
    p, type : float and int
        Probability and type of the quantile.
    """

    def __init__(
        self,
        statistic: str,
        alternative: str,
        columns: Sequence[np.ndarray],
        *,
        x: np.ndarray | None = None,
        sample: np.ndarray | None = None,
        units: np.ndarray | None = None,
        strata: np.ndarray | None = None,
        resamples: int,
        seed: int,
        enough: int = 0,
        joint: bool = False,
        p: float = 0.5,
        type: int = 7,
        where: Any = "permutation_test",
    ):
        held = [array(values, np.float64) for values in columns]
        packed = ffi.new("double *[]", [pointer(values) for values in held])
        kept = {
            "x": None if x is None else array(x, np.float64),
            "sample": None if sample is None else array(sample, np.uint8),
            "unit_rows": None if units is None else array(units, np.uint64),
            "stratum_units": None if strata is None else array(strata, np.uint64),
        }
        design = ffi.new("nrd_permutation_design *")
        design.statistic = STATISTICS[statistic]
        design.columns, design.n_columns, design.n = packed, len(held), len(held[0])
        for name, values in kept.items():
            setattr(design, name, ffi.NULL if values is None else pointer(values))
        design.units = 0 if units is None else len(units) - 1
        design.strata = 0 if strata is None else len(strata) - 1
        design.p, design.type = p, type
        options = ffi.new(
            "nrd_permutation_options *",
            (ALTERNATIVES[alternative], resamples, seed, enough, joint),
        )
        out = ffi.new("nrd_permutation **")
        call("nrd_permutation_new", where, design, options, out)
        self._handle = ffi.gc(out[0], lib.nrd_permutation_free)
        # The test reads the columns until it is released.
        self._columns = held
        self.shape = len(held), len(held[0])

    @property
    def arrangements(self) -> int:
        """Number of different arrangements, 2^64 - 1 for that many or more."""
        return int(lib.nrd_permutation_arrangements(self._handle))

    @property
    def exact(self) -> bool:
        """Whether all arrangements are looked at."""
        return bool(lib.nrd_permutation_is_exact(self._handle))

    @property
    def left(self) -> int:
        """Arrangements that are still to come."""
        return int(lib.nrd_permutation_left(self._handle))

    def update(self, count: int, threads: int = 0, out: np.ndarray | None = None) -> None:
        """Look at the next arrangements; `out` gets the statistics, one row each."""
        stop = ffi.new("int *", 0)
        values = ffi.NULL if out is None else pointer(out)
        rows = min(count, self.left) * self.shape[0] * self.shape[1] // _PER_ROW
        stoppable(
            rows,
            stop,
            (self, out),
            "nrd_permutation_update",
            "permutation_test",
            self._handle,
            count,
            threads,
            stop,
            values,
        )

    def rows(self, count: int) -> np.ndarray:
        """The next arrangements themselves: where each row takes its x from."""
        out = np.empty((count, self.shape[1]), np.uint32)
        call("nrd_permutation_rows", "permutation_test", self._handle, count, pointer(out))
        return out

    def observed(self) -> np.ndarray:
        """The statistic of the data, one number a column."""
        return self._read(lib.nrd_permutation_observed)

    def p(self) -> np.ndarray:
        """P-values so far."""
        return self._read(lib.nrd_permutation_p)

    def adjusted(self) -> np.ndarray:
        """P-values adjusted for the number of columns; NaN where not asked for."""
        return self._read(lib.nrd_permutation_adjusted)

    def counts(self) -> tuple[np.ndarray, np.ndarray]:
        """Arrangements as extreme as the data, and those looked at."""
        found = ffi.new("nrd_permutation_count[]", self.shape[0])
        lib.nrd_permutation_counts(self._handle, found)
        both = np.frombuffer(ffi.buffer(found), np.uint64).reshape(-1, 2)
        return both[:, 0].copy(), both[:, 1].copy()

    def _read(self, function: Any) -> np.ndarray:
        out = np.empty(self.shape[0])
        function(self._handle, pointer(out))
        return out
