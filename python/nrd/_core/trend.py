"""Trends of many series, with arrays in and out."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import array, call, ffi, lib, pointer
from .rows import stoppable

SLOPES = {"theil-sen": lib.NRD_SLOPE_THEIL_SEN, "siegel": lib.NRD_SLOPE_SIEGEL}

# Above so many rows the time of C is not that of a moment.
_PER_ROW = 20

# As `nrd_trend`.
TREND = np.dtype(
    [
        ("n", np.uint64),
        ("like", np.uint64),
        ("s", np.int64),
        ("tau", np.float64),
        ("variance", np.float64),
        ("p", np.float64),
        ("p_rising", np.float64),
        ("p_falling", np.float64),
        ("smallest_p", np.float64),
        ("slope", np.float64),
        ("intercept", np.float64),
        ("low", np.float64),
        ("high", np.float64),
        ("confidence", np.float64),
        ("exact", np.int32),
    ],
    align=True,
)
# As `nrd_line`.
LINE = np.dtype(
    [
        ("n", np.uint64),
        *(
            (name, np.float64)
            for name in (
                "slope",
                "intercept",
                "se",
                "se_intercept",
                "covariance",
                "rss",
                "df",
                "p",
                "low",
                "high",
            )
        ),
    ]
)
# As `nrd_logistic`.
LOGISTIC = np.dtype(
    [
        ("n", np.uint64),
        *((name, np.float64) for name in ("slope", "intercept", "se", "pearson", "df")),
        ("separated", np.int32),
    ],
    align=True,
)
SERIAL = {
    "hamed-rao": lib.NRD_SERIAL_HAMED_RAO,
    "yue-wang": lib.NRD_SERIAL_YUE_WANG,
    "pre-whitening": lib.NRD_SERIAL_PRE_WHITEN,
    "trend-free": lib.NRD_SERIAL_TREND_FREE,
}
# As `nrd_serial_test`.
SERIAL_TEST = np.dtype(
    [
        ("n", np.uint64),
        ("s", np.int64),
        ("variance", np.float64),
        ("factor", np.float64),
        ("lag1", np.float64),
        ("p", np.float64),
        ("p_rising", np.float64),
        ("p_falling", np.float64),
        ("smallest_p", np.float64),
        ("exact", np.int32),
        ("reason", np.int32),
    ]
)
# As `nrd_partial`.
PARTIAL = np.dtype(
    [
        ("n", np.uint64),
        *(
            (name, np.float64)
            for name in ("s", "variance", "rho", "p", "p_rising", "p_falling")
        ),
        ("reason", np.int32),
    ],
    align=True,
)
# As `nrd_regional`.
REGIONAL = np.dtype(
    [
        ("series", np.uint64),
        ("times", np.uint64),
        ("s", np.int64),
        ("variance", np.float64),
        ("slope", np.float64),
        ("p", np.float64),
        ("p_joint", np.float64),
        ("arrangements", np.uint64),
        ("exact", np.int32),
    ],
    align=True,
)


class Segments:
    """Series as C knows them; `offset` has one number more than there are series."""

    def __init__(
        self,
        offset: np.ndarray,
        time: np.ndarray,
        value: np.ndarray,
        weight: np.ndarray | None = None,
    ):
        self._kept = [
            array(offset, np.uint64),
            array(time, np.float64),
            array(value, np.float64),
            None if weight is None else array(weight, np.float64),
        ]
        self.count = len(offset) - 1
        self.rows = len(time)
        pointers = [ffi.NULL if item is None else pointer(item) for item in self._kept]
        self.packed = ffi.new("nrd_series *", (self.count, *pointers))

    def test(self, slope: str, level: float, threads: int, where: Any) -> np.ndarray:
        """Mann and Kendall's tests with robust slopes; Ctrl-C stops a long call."""
        out = np.zeros(self.count, TREND)
        options = ffi.new("nrd_trend_options *", (SLOPES[slope], level))
        stop = ffi.new("int *", 0)
        results = ffi.from_buffer("nrd_trend *", out)
        held = (self, out, options, stop)
        arguments = (self.packed, options, threads, stop, results)
        stoppable(self.rows * _PER_ROW, stop, held, "nrd_trend_test", where, *arguments)
        return out

    def lines(self, level: float, threads: int, where: Any) -> np.ndarray:
        """Lines by least squares, weighted where there are weights."""
        out = np.zeros(self.count, LINE)
        results = ffi.from_buffer("nrd_line *", out)
        call("nrd_trend_line", where, self.packed, level, threads, results)
        return out

    def logistic(self, threads: int, where: Any) -> np.ndarray:
        """Logistic curves through shares; the weights are counts."""
        out = np.zeros(self.count, LOGISTIC)
        results = ffi.from_buffer("nrd_logistic *", out)
        call("nrd_trend_logistic", where, self.packed, threads, results)
        return out

    def serial(self, kind: str, alpha: float, threads: int, where: Any) -> np.ndarray:
        """Tests that allow for correlation from step to step."""
        out = np.zeros(self.count, SERIAL_TEST)
        stop = ffi.new("int *", 0)
        results = ffi.from_buffer("nrd_serial_test *", out)
        arguments = (self.packed, SERIAL[kind], alpha, threads, stop, results)
        held = (self, out, stop)
        rows = self.rows * _PER_ROW
        stoppable(rows, stop, held, "nrd_trend_serial", where, *arguments)
        return out

    def partial(self, covariate: np.ndarray, where: Any) -> np.ndarray:
        """Tests of what a covariate leaves."""
        out = np.zeros(self.count, PARTIAL)
        given = array(covariate, np.float64)
        stop = ffi.new("int *", 0)
        results = ffi.from_buffer("nrd_partial *", out)
        held = (self, given, out, stop)
        arguments = (self.packed, pointer(given), stop, results)
        rows = self.rows * _PER_ROW
        stoppable(rows, stop, held, "nrd_trend_partial", where, *arguments)
        return out

    def regional(
        self, group: np.ndarray, groups: int, resamples: int, seed: int, threads: int,
        where: Any,
    ) -> np.ndarray:  # fmt: skip
        """Tests of groups of series as wholes; Ctrl-C stops a long call."""
        out = np.zeros(groups, REGIONAL)
        codes = array(group, np.int32)
        options = ffi.new("nrd_regional_options *", (resamples, seed))
        stop = ffi.new("int *", 0)
        results = ffi.from_buffer("nrd_regional *", out)
        held = (self, codes, options, stop, out)
        arguments = (pointer(codes), groups, options, threads, stop, results)
        work = self.rows * _PER_ROW + groups * resamples
        stoppable(work, stop, held, "nrd_trend_regional", where, self.packed, *arguments)
        return out


def attainable(ties: np.ndarray) -> np.ndarray:
    """Two-sided p-values that the exact test can give, rising; `ties` are group sizes."""
    sizes = array(ties, np.uint32)
    chances = np.empty(lib.NRD_KENDALL_COUNTS)
    count = ffi.new("size_t *")
    call("nrd_kendall_null", "ties", pointer(sizes), len(sizes), pointer(chances), count)
    half = chances[: (count[0] + 1) // 2]
    return np.minimum(1.0, 2.0 * half)


def slopes_of_rank(x: np.ndarray, y: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Slopes of pairs of points that have given ranks, from 1 on; see ``nrd/slope.h``."""
    x, y, ranks = array(x, np.float64), array(y, np.float64), array(ranks, np.uint64)
    out = np.empty(len(ranks))
    stop = ffi.new("int *", 0)
    points = (pointer(x), pointer(y), len(x), pointer(ranks), len(ranks))
    held = (x, y, ranks, out, stop)
    arguments = (*points, stop, pointer(out))
    rows = len(x) * _PER_ROW
    stoppable(rows, stop, held, "nrd_slope_select", "slopes", *arguments)
    return out


def kendall(x: np.ndarray, y: np.ndarray, continuity: bool = False) -> dict:
    """Kendall's tau_b and its test, as a dictionary; see ``nrd/kendall.h``."""
    x, y = array(x, np.float64), array(y, np.float64)
    out = ffi.new("nrd_kendall *")
    call("nrd_kendall_test", "tau", pointer(x), pointer(y), len(x), continuity, out)
    return {name: getattr(out, name) for name, _ in ffi.typeof("nrd_kendall").fields}
