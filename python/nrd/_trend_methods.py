"""Slopes of series: by pairs of years, by least squares, on the scale of logarithms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ._core.regression import infer
from ._core.trend import Segments
from ._series import Series
from .errors import NrdValueError

POINTS, PERCENT, ODDS = "points", "percent", "odds"

# Reasons why a method says nothing of a series.
ZERO, EDGE, SEPARATED, FEW_LAGS = "zero", "edge", "separated", "few_lags"

_THEIL_SEN = (
    "P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, J. Amer. "
    "Statist. Assoc. 63 (1968) 1379-1389"
)
_SIEGEL = (
    "A. F. Siegel, Robust regression using repeated medians, Biometrika 69 (1982) 242-244"
)
_HAC = (
    "W. K. Newey, K. D. West, A simple, positive semi-definite, heteroskedasticity and "
    "autocorrelation consistent covariance matrix, Econometrica 55 (1987) 703-708"
)
_LOGISTIC = "P. McCullagh, J. A. Nelder, Generalized Linear Models, 2nd ed. (1989)"
# Lags of errors that a short series can bear.
_LAGS = 1
_LEAST_HAC = 4


@dataclass(frozen=True)
class Estimates:
    """Slopes of the segments by one method; NaN where there is none.

    Attributes
    ----------
    method : str
        Its name.
    scale : str
        What the slope is of: "points" of the value itself, "percent" of it, or "odds".
    slope, low, high : ndarray, shape (segments,)
        Per unit of time, and the interval; of logarithms where the scale is not "points".
    start : ndarray, shape (segments,)
        The fitted value at the first time of the segment, on the same scale.
    p : ndarray, shape (segments,)
        Test of the slope against 0; NaN where the test of Mann and Kendall is that.
    confidence : ndarray, shape (segments,)
        Of the interval.
    reason : dict of int to str
        Why a segment has no slope that has a test.
    """

    method: str
    scale: str
    slope: np.ndarray
    low: np.ndarray
    high: np.ndarray
    start: np.ndarray
    p: np.ndarray
    confidence: np.ndarray
    reason: dict[int, str]

    def take(self, segments: np.ndarray) -> Estimates:
        """Return those of some segments."""
        fields = ("slope", "low", "high", "start", "p", "confidence")
        place = {int(k): i for i, k in enumerate(segments)}
        return Estimates(
            self.method,
            self.scale,
            **{name: getattr(self, name)[segments] for name in fields},
            reason={place[k]: why for k, why in self.reason.items() if k in place},
        )

    def fitted(self, segment: int, since: np.ndarray) -> np.ndarray:
        """Values of the fitted curve so long after the first time of a segment."""
        line = self.start[segment] + self.slope[segment] * since
        if self.scale == POINTS:
            return line
        return np.exp(line) if self.scale == PERCENT else 100.0 / (1.0 + np.exp(-line))


def by_pairs(method: str, tests: np.ndarray, level: float) -> Estimates:
    """Slopes that come with the test of Mann and Kendall."""
    enough = tests["n"] > 2
    columns = [
        np.where(enough, tests[name], np.nan)
        for name in ("slope", "low", "high", "intercept", "p", "confidence")
    ]
    columns[4] = np.full(len(tests), np.nan)
    columns[5] = np.where(np.isfinite(columns[1]), columns[5], np.nan)
    return Estimates(method, POINTS, *columns, reason={})


def _lines(
    method: str, scale: str, series: Series, level: float, threads: int, reason: dict
) -> Estimates:
    """Lines by least squares through the segments; `value` is on the scale."""
    weight = series.weight if method == "wls" else None
    segments = Segments(series.offset, series.time, series.value, weight)
    found = segments.lines(level, threads, "poverty_trends")
    tested = found["n"] > 2
    names = ("slope", "low", "high", "intercept", "p")
    columns = [np.where(tested, found[name], np.nan) for name in names]
    confidence = np.where(tested, level, np.nan)
    return Estimates(method, scale, *columns, confidence, reason)


def _ols(series: Series, level: float, threads: int) -> Estimates:
    return _lines("ols", POINTS, series, level, threads, {})


def _wls(series: Series, level: float, threads: int) -> Estimates:
    _weights_of(series, "wls")
    return _lines("wls", POINTS, series, level, threads, {})


def _log_linear(series: Series, level: float, threads: int) -> Estimates:
    bad, series = _inside(series, series.value > 0)
    series = series.keep(np.ones(len(series), bool), value=np.log(series.value))
    return _lines("log-linear", PERCENT, series, level, threads, dict.fromkeys(bad, ZERO))


def _logit_linear(series: Series, level: float, threads: int) -> Estimates:
    _rates_of(series, "logit-linear")
    bad, series = _inside(series, (series.value > 0) & (series.value < 100))
    value = np.log(series.value) - np.log(100.0 - series.value)
    series = series.keep(np.ones(len(series), bool), value=value)
    return _lines("logit-linear", ODDS, series, level, threads, dict.fromkeys(bad, EDGE))


def _inside(series: Series, good: np.ndarray) -> tuple[list[int], Series]:
    """Segments with a row that is not good, and the series without them."""
    keep = np.ones(len(series), bool)
    keep[series.segment[~good]] = False
    return np.flatnonzero(~keep).tolist(), series.keep(keep)


def _hac(series: Series, level: float, threads: int) -> Estimates:
    from .covariances import hac
    from .regression import regress

    keep = series.n >= _LEAST_HAC
    few = np.flatnonzero((series.n > 0) & ~keep).tolist()
    out = {name: np.full(len(series), np.nan) for name in ("slope", "low", "high", "p")}
    start, confidence = (np.full(len(series), np.nan) for _ in range(2))
    if keep.any():
        held = series.keep(keep)
        since = held.time - np.repeat(
            held.time[held.offset[:-1][keep].astype(int)], held.n[keep]
        )
        rows = {"segment": held.segment, "time": since, "value": held.value}
        cov = hac("time", lags=_LAGS, adjust="unbiased", df="satterthwaite")
        fit = regress(
            rows, "value", "time", by="segment", cov=cov, level=level, threads=threads
        )
        place = np.array([key[0] for key in fit.keys])
        names = {"slope": fit.estimate, "low": fit.low, "high": fit.high, "p": fit.p}
        for name, values in names.items():
            out[name][place] = values[:, 1]
        start[place], confidence[place] = fit.estimate[:, 0], level
    reason = dict.fromkeys(few, FEW_LAGS)
    return Estimates(
        "hac", POINTS, **out, start=start, confidence=confidence, reason=reason
    )


def _counts(method: str, series: Series, level: float, threads: int) -> Estimates:
    """Logistic regressions of households; what varies more than chance widens errors."""
    _rates_of(series, method)
    weight = _weights_of(series, method)
    segments = Segments(series.offset, series.time, series.value / 100.0, weight)
    found = segments.logistic(threads, "poverty_trends")
    tested = (found["n"] > 2) & (found["separated"] == 0)
    quasi = method == "quasi-binomial"
    spread = np.sqrt(found["pearson"] / np.maximum(found["df"], 1)) if quasi else 1.0
    se = np.where(tested, found["se"] * spread, 0.0)
    df = np.where(tested & quasi, found["df"], 1e10)
    _, p, low, high = infer(found["slope"], se, df, level)
    columns = [
        np.where(tested, values, np.nan)
        for values in (found["slope"], low, high, found["intercept"], p)
    ]
    apart = np.flatnonzero(found["separated"] != 0).tolist()
    confidence = np.where(tested, level, np.nan)
    reason = dict.fromkeys(apart, SEPARATED)
    return Estimates(method, ODDS, *columns, confidence=confidence, reason=reason)


def _binomial(series: Series, level: float, threads: int) -> Estimates:
    return _counts("binomial", series, level, threads)


def _quasi_binomial(series: Series, level: float, threads: int) -> Estimates:
    return _counts("quasi-binomial", series, level, threads)


def _weights_of(series: Series, method: str) -> np.ndarray:
    if series.weight is None:
        raise NrdValueError(
            f"poverty_trends: method {method!r} needs weights, expected the column of "
            f"{'inverse variances' if method == 'wls' else 'households'}"
        )
    return series.weight


def _rates_of(series: Series, method: str) -> None:
    if series.rate != "percent":
        raise NrdValueError(
            f"poverty_trends: method {method!r} is for rates, expected another rate than "
            f"{series.rate!r}"
        )


BY_PAIRS = ("theil-sen", "siegel")
BY_MODEL: dict[str, Callable[[Series, float, int], Estimates]] = {
    "ols": _ols,
    "wls": _wls,
    "hac": _hac,
    "log-linear": _log_linear,
    "logit-linear": _logit_linear,
    "binomial": _binomial,
    "quasi-binomial": _quasi_binomial,
}
METHODS = (*BY_PAIRS, *BY_MODEL)
SOURCES = {
    "theil-sen": _THEIL_SEN,
    "siegel": _SIEGEL,
    "hac": _HAC,
    "binomial": _LOGISTIC,
    "quasi-binomial": _LOGISTIC,
}
