"""Bootstrap designs of libnrd, with arrays in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from . import array, call, ffi, lib, pointer
from .moments import State
from .rows import stoppable

STATISTICS = {
    None: lib.NRD_STATISTIC_NONE,
    "mean": lib.NRD_STATISTIC_MEAN,
    "mean_difference": lib.NRD_STATISTIC_MEAN_DIFFERENCE,
    "quantile": lib.NRD_STATISTIC_QUANTILE,
    "pearson": lib.NRD_STATISTIC_PEARSON,
    "spearman": lib.NRD_STATISTIC_SPEARMAN,
    "kendall": lib.NRD_STATISTIC_KENDALL,
    "slope": lib.NRD_STATISTIC_SLOPE,
}
SCHEMES = {
    "multinomial": lib.NRD_SCHEME_MULTINOMIAL,
    "poisson": lib.NRD_SCHEME_POISSON,
    "moving": lib.NRD_SCHEME_MOVING,
    "circular": lib.NRD_SCHEME_CIRCULAR,
}
METHODS = {
    "percentile": lib.NRD_BOOTSTRAP_PERCENTILE,
    "basic": lib.NRD_BOOTSTRAP_BASIC,
    "BCa": lib.NRD_BOOTSTRAP_BCA,
    "studentized": lib.NRD_BOOTSTRAP_STUDENTIZED,
}
SIDES = {"two-sided": 0, "less": -1, "greater": 1}


class Bounds(NamedTuple):
    """The fields of `nrd_bootstrap_bounds`."""

    low: float
    high: float
    p_low: float
    p_high: float
    used: int


class Design:
    """A design, checked and prepared; see ``nrd/bootstrap.h``.

    Parameters
    ----------
    statistic, scheme : str
        Names of `STATISTICS` and `SCHEMES`.
    columns : sequence of ndarray, shape (n,)
        Values; none for the statistic None.
    n : int
        Number of rows.
    units, strata : ndarray or None
        Rows before each unit, and units before each stratum, with the end.
    sample, key : ndarray or None
        Sample of each row, 0 or 1; key of each unit.
    block, p, type
        Length of blocks; probability and type of the quantile.
    """

    def __init__(
        self,
        statistic: str | None,
        scheme: str,
        columns: Sequence[np.ndarray],
        n: int,
        *,
        units: np.ndarray | None = None,
        strata: np.ndarray | None = None,
        sample: np.ndarray | None = None,
        key: np.ndarray | None = None,
        block: int = 0,
        p: float = 0.5,
        type: int = 7,
        where: Any = "bootstrap",
    ):
        held = [array(values, np.float64) for values in columns]
        packed = ffi.new("double *[]", [pointer(values) for values in held])
        kept = {
            "unit_rows": _offsets(units, np.uint64),
            "stratum_units": _offsets(strata, np.uint64),
            "sample": _offsets(sample, np.uint8),
            "key": _offsets(key, np.uint64),
        }
        design = ffi.new("nrd_bootstrap_design *")
        design.statistic = STATISTICS[statistic]
        design.scheme = SCHEMES[scheme]
        design.columns, design.n_columns, design.n = packed, len(held), n
        for name, values in kept.items():
            setattr(design, name, ffi.NULL if values is None else pointer(values))
        design.units = 0 if units is None else len(units) - 1
        design.strata = 0 if strata is None else len(strata) - 1
        design.block, design.p, design.type = block, p, type
        out = ffi.new("nrd_bootstrap **")
        call("nrd_bootstrap_new", where, design, out)
        self._handle = ffi.gc(out[0], lib.nrd_bootstrap_free)
        self.n = n
        self.width = int(lib.nrd_bootstrap_width(self._handle))
        self.units = int(lib.nrd_bootstrap_units(self._handle))

    def estimate(self, errors: bool = False) -> tuple[np.ndarray, np.ndarray | None]:
        """The statistic of the data, and its standard error where asked for."""
        out, se = np.empty(self.width), np.empty(self.width) if errors else None
        call(
            "nrd_bootstrap_estimate", "bootstrap", self._handle, pointer(out), _or_null(se)
        )
        return out, se

    def replicates(
        self, seed: int, first: int, count: int, *, errors: bool = False, threads: int = 0
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Statistics of resamples, and their standard errors where asked for."""
        out = np.empty((count, self.width))
        se = np.empty((count, self.width)) if errors else None
        run, stop = _run(seed, first, count, threads)
        self._call("nrd_bootstrap_replicates", count, stop, run, pointer(out), _or_null(se))
        return out, se

    def jackknife(self, threads: int = 0) -> np.ndarray:
        """The statistic without each unit in turn."""
        out, stop = np.empty((self.units, self.width)), ffi.new("int *", 0)
        self._call("nrd_bootstrap_jackknife", self.units, stop, threads, stop, pointer(out))
        return out

    def add_moments(self, state: State, seed: int, count: int, threads: int = 0) -> None:
        """Add the sums of replicates from 0 on to the groups of a state."""
        run, stop = _run(seed, 0, count, threads)
        self._call("nrd_bootstrap_moments", count, stop, run, state.handle)

    def weights(self, seed: int, first: int, count: int) -> np.ndarray:
        """How often each row is in each resample."""
        out = np.empty((count, self.n), np.uint32)
        run, stop = _run(seed, first, count, 1)
        self._call("nrd_bootstrap_weights", count, stop, run, pointer(out))
        return out

    def rows(self, seed: int, first: int, count: int) -> np.ndarray:
        """Rows of resamples drawn in blocks, in the order in which they were drawn."""
        out = np.empty((count, self.n), np.uint32)
        run, _ = _run(seed, first, count, 1)
        call("nrd_bootstrap_rows", "bootstrap", self._handle, run, pointer(out))
        return out

    def _call(self, function: str, count: int, stop: object, *arguments: object) -> None:
        rows = count * self.n
        where = "bootstrap"
        stoppable(rows, stop, arguments, function, where, self._handle, *arguments)


def acceleration(jackknife: np.ndarray, strata: np.ndarray) -> float:
    """The acceleration of BCa from jackknife values by stratum."""
    out = ffi.new("double *")
    values, before = array(jackknife, np.float64), array(strata, np.uint64)
    call(
        "nrd_bootstrap_acceleration",
        lambda unit: f"bootstrap, unit {unit}",
        pointer(values),
        pointer(before),
        len(before) - 1,
        out,
    )
    return float(out[0])


def interval(
    method: str,
    level: float,
    side: int,
    replicates: np.ndarray,
    errors: np.ndarray | None,
    estimate: tuple[float, float, float],
) -> Bounds:
    """An interval; `estimate` is the statistic, its error and the acceleration."""
    evidence = ffi.new("nrd_bootstrap_evidence *")
    held = [array(replicates, np.float64), _offsets(errors, np.float64)]
    evidence.method, evidence.level, evidence.side = METHODS[method], level, side
    evidence.replicates, evidence.count = pointer(held[0]), len(held[0])
    evidence.errors = _or_null(held[1])
    evidence.estimate, evidence.error, evidence.acceleration = estimate
    out = ffi.new("nrd_bootstrap_bounds *")
    call("nrd_bootstrap_interval", "bootstrap", evidence, out)
    return Bounds(*(getattr(out, name) for name in Bounds._fields))


def _run(seed: int, first: int, count: int, threads: int) -> tuple[object, object]:
    """The options of a run, and its switch, which lives as long as they do."""
    stop = ffi.new("int *", 0)
    return ffi.new("nrd_bootstrap_run *", (seed, first, count, threads, stop)), stop


def _offsets(values: np.ndarray | None, dtype: type) -> np.ndarray | None:
    return None if values is None else array(values, dtype)


def _or_null(values: np.ndarray | None) -> object:
    return ffi.NULL if values is None else pointer(values)
