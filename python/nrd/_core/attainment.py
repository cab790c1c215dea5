"""The attainment matrix of libnrd, with arrays in and out."""

from __future__ import annotations

import numpy as np

from . import array, call, column, ffi, lib, pointer

MET, UNMET, UNKNOWN = lib.NRD_STATE_MET, lib.NRD_STATE_UNMET, lib.NRD_STATE_UNKNOWN


class Matrix:
    """Units x criteria in bit masks; see ``nrd/attainment.h``."""

    def __init__(self, units: int, criteria: int):
        out = ffi.new("nrd_attainment **")
        call("nrd_attainment_new", "attainment", units, criteria, out)
        self._handle = ffi.gc(out[0], lib.nrd_attainment_free)
        self.units = units
        self.criteria = criteria

    def fill(self, unit: np.ndarray, criterion: np.ndarray, state: np.ndarray) -> None:
        """Set cells from rows of indices and states."""
        unit, criterion = array(unit, np.int32), array(criterion, np.int32)
        state = array(state, np.int8)
        call(
            "nrd_attainment_fill",
            "attainment",
            self._handle,
            column(unit),
            column(criterion),
            column(state),
        )

    def set_totals(self, low: np.ndarray, high: np.ndarray, name) -> None:
        """State how many units meet each criterion; `name` turns an index into words."""
        low, high = array(low, np.uint64), array(high, np.uint64)
        call(
            "nrd_attainment_set_totals",
            name,
            self._handle,
            pointer(low),
            pointer(high),
            len(low),
        )

    def states(self) -> np.ndarray:
        """Every cell after the totals, int8, shape (units, criteria)."""
        out = np.empty((self.units, self.criteria), np.int8)
        call("nrd_attainment_states", "attainment", self._handle, pointer(out), out.size)
        return out

    def unit_counts(
        self, subset: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Least and greatest number of criteria each unit meets."""
        return self._bounds("nrd_attainment_unit_counts", self.units, _subset(subset))

    def criterion_counts(self) -> tuple[np.ndarray, np.ndarray]:
        """Least and greatest number of units that meet each criterion."""
        return self._bounds("nrd_attainment_criterion_counts", self.criteria)

    def classes(self, cuts: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Least and greatest number of units in each class; the last is below all cuts."""
        low, high = np.empty((2, len(cuts) + 1), np.uint64)
        cuts = array(cuts, np.uint64)
        call(
            "nrd_attainment_classes",
            "classes",
            self._handle,
            pointer(cuts),
            len(cuts),
            pointer(low),
            pointer(high),
        )
        return low, high

    def mean(self, subset: np.ndarray | None = None) -> tuple[float, float]:
        """Least and greatest mean number of criteria met."""
        low, high = ffi.new("double *"), ffi.new("double *")
        call("nrd_attainment_mean", "attainment", self._handle, _subset(subset), low, high)
        return low[0], high[0]

    def gaps(self, numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
        """One `nrd_gap` a criterion to a target share, as a structured array."""
        numerator, denominator = array(numerator, np.uint64), array(denominator, np.uint64)
        out = np.empty(self.criteria, GAP)
        call(
            "nrd_gap_criteria",
            "target",
            self._handle,
            pointer(numerator),
            pointer(denominator),
            ffi.from_buffer("nrd_gap *", out),
            self.criteria,
        )
        return out

    def _bounds(self, function: str, n: int, *before: object):
        low, high = np.empty((2, n), np.uint64)
        call(
            function,
            "attainment",
            self._handle,
            *before,
            pointer(low),
            pointer(high),
            n,
        )
        return low, high


GAP = np.dtype(
    [
        ("short_low", np.uint64),
        ("short_high", np.uint64),
        ("need_low", np.uint64),
        ("need_high", np.uint64),
        ("points_low", np.float64),
        ("points_high", np.float64),
    ]
)


def _subset(subset: np.ndarray | None) -> object:
    return ffi.NULL if subset is None else pointer(array(subset, np.uint8))
