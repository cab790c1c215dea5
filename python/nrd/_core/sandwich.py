"""Robust covariances of the coefficients of regressions, with arrays in and out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ..errors import NrdError
from . import array, ffi, lib, pointer
from .moments import WEIGHTS
from .regression import Solved
from .rows import stoppable

HC = {f"HC{kind}": getattr(lib, f"NRD_HC_{kind}") for kind in range(4)}
CR = {f"CR{kind}": getattr(lib, f"NRD_CR_{kind}") for kind in ("0", "1", "1S", "2", "3")}
KERNELS = {
    "bartlett": lib.NRD_KERNEL_BARTLETT,
    "parzen": lib.NRD_KERNEL_PARZEN,
    "quadratic spectral": lib.NRD_KERNEL_QUADRATIC_SPECTRAL,
    "tukey-hanning": lib.NRD_KERNEL_TUKEY_HANNING,
    "truncated": lib.NRD_KERNEL_TRUNCATED,
}
ADJUST = {
    False: lib.NRD_HAC_AS_IS,
    True: lib.NRD_HAC_ROWS,
    "unbiased": lib.NRD_HAC_UNBIASED,
}
DF = {"residual": lib.NRD_DF_RESIDUAL, "satterthwaite": lib.NRD_DF_SATTERTHWAITE}
MULTIPLIERS = {"rademacher": lib.NRD_WILD_RADEMACHER, "webb": lib.NRD_WILD_WEBB}

# As `nrd_wild`.
WILD = np.dtype(
    [
        ("statistic", np.float64),
        ("p", np.float64),
        ("low", np.float64),
        ("high", np.float64),
        ("clusters", np.uint64),
        ("replicates", np.uint64),
        ("enumerated", np.int32),
    ],
    align=True,
)


@dataclass(frozen=True)
class Rows:
    """Rows of regressions, one regression after the other; see ``nrd/sandwich.h``.

    `x` has a column for each coefficient, or None for one of ones, and `x_low` what its
    rounding left, or None for nothing; `origin` is the row of
    the caller's that each row was, `absorbed` the intercepts of units that were taken out
    of the rows of each regression.
    """

    solved: Solved
    offset: np.ndarray
    x: Sequence[np.ndarray | None]
    x_low: Sequence[np.ndarray | None]
    y: np.ndarray
    weight: np.ndarray | None
    weight_kind: str | None
    origin: Sequence[int]
    absorbed: np.ndarray | None = None

    def hc(self, kind: str, threads: int) -> tuple[np.ndarray, np.ndarray]:
        """Covariances and degrees of freedom where errors differ in variance."""
        out = self._outputs()
        self._call("nrd_sandwich_hc", 1, out, HC[kind], threads)
        return out

    def hac(
        self, options: tuple[str, float, bool, bool | str, str], threads: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Covariances, degrees of freedom and bandwidths of rows in the order of time.

        The options are kernel, bandwidth (NaN for the rule), whether to prewhiten, how to
        adjust, and the degrees of freedom.
        """
        kernel, bandwidth, prewhiten, adjust, df = options
        packed = ffi.new(
            "nrd_hac_options *",
            (KERNELS[kernel], bandwidth, prewhiten, ADJUST[adjust], DF[df]),
        )
        out = (*self._outputs(), np.empty(len(self.offset) - 1))
        passes = 1 if np.isnan(bandwidth) else 1 + int(bandwidth)
        self._call("nrd_sandwich_hac", passes, out, packed, threads)
        return out

    def cluster(
        self, cluster: np.ndarray, kind: str, df: str, threads: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Covariances and degrees of freedom of rows in the order of their clusters."""
        codes = array(cluster, np.int32)
        packed = ffi.new("nrd_cluster_options *", (pointer(codes), CR[kind], DF[df]))
        out = self._outputs()
        self._call("nrd_sandwich_cluster", 1, out, packed, threads, kept=codes)
        return out

    def wild(self, cluster: np.ndarray, threads: int, **options: object) -> np.ndarray:
        """Tests and intervals by the wild bootstrap."""
        codes = array(cluster, np.int32)
        options["draw"] = MULTIPLIERS[options["draw"]]
        given = {"cluster": pointer(codes), "threads": threads, **options}
        packed = ffi.new("nrd_wild_options *", given)
        out = np.empty((len(self.offset) - 1, len(self.x)), WILD)
        passes = int(options["replicates"])
        self._call("nrd_wild_cluster", passes, (out,), packed, kept=codes)
        return out

    def _outputs(self) -> tuple[np.ndarray, np.ndarray]:
        g, k = len(self.offset) - 1, len(self.x)
        return np.empty((g, k, k)), np.empty((g, k))

    def _call(
        self,
        function: str,
        passes: int,
        out: Sequence[np.ndarray],
        *arguments: object,
        kept: np.ndarray | None = None,
    ) -> None:
        """Call C, which goes through the values so often; Ctrl-C stops it."""
        rows, held = self._packed()
        rows.stop = stop = ffi.new("int *", 0)
        results = [
            ffi.from_buffer("nrd_wild *", o) if o.dtype == WILD else pointer(o) for o in out
        ]
        with _rows_of_caller(self.origin):
            stoppable(
                len(self.y) * len(self.x) * passes,
                stop,
                (held, kept, out, arguments),
                function,
                self._where,
                rows,
                *arguments,
                *results,
            )

    def _packed(self) -> tuple[object, list]:
        """Return a `nrd_regression_rows`, and what has to live as long as it."""
        columns, lows = (
            [None if c is None else array(c, np.float64) for c in held]
            for held in (self.x, self.x_low)
        )
        fits = [
            array(getattr(self.solved, name), np.float64)
            for name in ("coefficient", "coefficient_low", "factor", "factor_low", "pivot")
        ]
        y, weight = array(self.y, np.float64), self.weight
        weight = None if weight is None else array(weight, np.float64)
        offset, absorbed = array(self.offset, np.uint64), self.absorbed
        absorbed = None if absorbed is None else array(absorbed, np.uint64)
        x, x_low = (
            ffi.new("double *[]", [_pointer(c) for c in held]) for held in (columns, lows)
        )
        rows = ffi.new("nrd_regression_rows *")
        rows.groups, rows.coefficients = len(offset) - 1, len(columns)
        rows.offset, rows.y = pointer(offset), pointer(y)
        rows.x, rows.x_low = x, x_low
        rows.weight, rows.weights = _pointer(weight), WEIGHTS[self.weight_kind]
        rows.coefficient, rows.coefficient_low = map(pointer, fits[:2])
        rows.factor, rows.factor_low, rows.pivot = map(pointer, fits[2:])
        rows.absorbed = _pointer(absorbed)
        return rows, [columns, lows, fits, y, weight, offset, absorbed, x, x_low]

    def _where(self, row: int) -> str:
        return f"regress, row {self.origin[row]}"


@contextmanager
def _rows_of_caller(origin: Sequence[int]) -> Iterator[None]:
    """Give errors the row of the caller's: C counts sorted rows."""
    try:
        yield
    except NrdError as error:
        if error.row is not None:
            error.row = int(origin[error.row])
        else:
            error.args = (f"regress: {str(error).partition(': ')[2]}",)
        raise


def _pointer(values: np.ndarray | None) -> object:
    return ffi.NULL if values is None else pointer(values)
