"""Slopes of many areas, each drawn to their mean by what is error in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core.regression import f_share, infer
from ._core.trend import Segments
from ._labels_trends import say
from ._late import or_none
from ._options import threads_of
from ._projection_run import one_of
from ._random_effects import ESTIMATORS, Spread, spread_of
from ._result import Columns, Provenance
from ._series import OK, Series, read_series
from ._standards import AUTO, assumption, standard_of
from ._statistics import header_of
from ._together import Together
from .errors import NrdValueError

__all__ = ["ShrunkenSlopes", "shrunken_slopes"]

_WHERE = "shrunken_slopes"
ERRORS = ("pooled", "own")
_LEAST = 3
_NORMAL = 1e10  # degrees of freedom with which Student's t is normal
_MORRIS = (
    "C. N. Morris, Parametric empirical Bayes inference: theory and applications, J. Amer. "
    "Statist. Assoc. 78 (1983) 47-55"
)
_NAMES = (
    "standard", "n", "slope", "se", "shrunken", "shrunken_se", "low", "high",
    "slope_points", "shrunken_points", "reliability", "reason",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class ShrunkenSlopes(Together):
    """Slopes of areas, as they are and drawn to their mean.

    Attributes
    ----------
    tables : dict of str to columns
        ``slopes``, one row an area and standard: ``n`` years, ``slope_points`` by least
        squares with its standard error ``se``, ``reliability`` from 0 to 1,
        ``shrunken_points`` with ``shrunken_se`` and the interval ``low`` to ``high``, and
        why there is none. ``means``, one row a standard: ``areas`` with a slope, their
        ``mean_points`` with ``se``, ``tau`` (the standard deviation of true slopes),
        ``sigma`` (that of years about the lines), ``i2`` (percent of the variance of
        slopes that is not error), and the test ``f``, ``p`` of equal slopes. Of values
        that are no rates the names do not end in ``_points``.
    """

    @property
    def mean_table(self) -> Any:
        """One row a standard, in the caller's kind of frame."""
        return self.kind.build(self.tables["means"])


def shrunken_slopes(
    frame: Any,
    *,
    unit: str,
    time: str,
    value: str,
    by: str | Sequence[str] | None = None,
    standard: str | None = AUTO,
    rate: str | None = None,
    errors: str = "pooled",
    estimator: str = "paule-mandel",
    level: float = 0.95,
    threads: int = 0,
) -> ShrunkenSlopes:
    """Slopes of many areas, with what they have in common: empirical Bayes.

    The steepest slope of a thousand short series is mostly error. Each slope by least
    squares is drawn to the mean of its standard, the more the less reliable it is, so that
    areas can be ranked and compared.

    Parameters
    ----------
    frame : data frame or mapping of columns
        One row an area and a year.
    unit, time, value : str
        Columns of the area, the year and the rate.
    by : str or sequence of str, optional
        Columns that name an area together with `unit`.
    standard : str or None, optional
        Column of the poverty standard, each of which has a mean of its own; by default
        "standard" or "basis" where there is one.
    rate : {None, "percent", "share", "number"}, optional
        What the values are, as in `poverty_trends`.
    errors : {"pooled", "own"}, optional
        Years scatter about the lines alike in all areas of a standard, or in each area as
        its own residuals say. Of a few years that says little, and shrinks too little where
        they lie on a line by chance.
    estimator : {"paule-mandel", "dersimonian-laird"}, optional
        How the variance of the true slopes is found, both by the method of moments:
        iterated [1]_, or in one step [2]_.
    level : float, optional
        Confidence level of the intervals, in (0, 1).
    threads : int, optional
        0 for all processors.

    Returns
    -------
    ShrunkenSlopes

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there or not numeric.
    NrdValueError
        If an option cannot be, or in no standard 3 areas have a slope and years that
        scatter about it.

    Notes
    -----
    Reliability is tau^2 / (tau^2 + se^2) [3]_. ``shrunken_se`` allows for the mean, not for
    tau, being estimated: with few areas intervals are too narrow. They are normal. The test
    of equal slopes is exact with "pooled" errors that are normal and independent; with
    "own" it takes Cochran's Q for a chi-squared one, and rejects too often.

    References
    ----------
    .. [1] R. C. Paule, J. Mandel, J. Res. Natl. Bur. Stand. 87 (1982) 377-385.
    .. [2] R. DerSimonian, N. Laird, Controlled Clin. Trials 7 (1986) 177-188.
    .. [3] C. N. Morris, J. Amer. Statist. Assoc. 78 (1983) 47-55.

    Examples
    --------
    >>> import nrd
    >>> rates = {
    ...     "commune": ["A"] * 4 + ["B"] * 4 + ["C"] * 4,
    ...     "year": [2016, 2017, 2018, 2019] * 3,
    ...     "rate": [18, 16, 13, 12, 30, 28, 25, 22, 9, 8.4, 8.1, 7.2],
    ... }
    >>> found = nrd.shrunken_slopes(rates, unit="commune", time="year", value="rate")
    >>> [round(v, 2) for v in found.table["slope_points"]]
    [-2.1, -2.7, -0.57]
    >>> [round(v, 2) for v in found.table["shrunken_points"]]
    [-2.09, -2.67, -0.61]
    """
    one_of(errors, "errors", ERRORS, _WHERE)
    one_of(estimator, "estimator", tuple(ESTIMATORS), _WHERE)
    if not isinstance(level, int | float) or not 0 < level < 1:
        raise NrdValueError(f"{_WHERE}: level is {level!r}, expected a number in (0, 1)")
    column = standard_of(frame, standard, _WHERE, by)
    series = read_series(
        frame, _WHERE, unit=unit, time=time, value=value, by=by, standard=column, rate=rate
    )
    header_of(series.names, *_NAMES)
    lines = Segments(series.offset, series.time, series.value).lines(
        float(level), threads_of(threads), _WHERE
    )
    tables = _tables(series, lines, errors, estimator, float(level))
    return ShrunkenSlopes(
        provenance=Provenance(
            method=f"slopes by least squares, drawn to their mean: {estimator}, errors "
            f"{errors}",
            options={
                "unit": unit,
                "time": time,
                "value": value,
                "by": by,
                "standard": column,
                "rate": series.rate,
                "errors": errors,
                "estimator": estimator,
                "level": level,
            },
            used=series.used,
            dropped=series.rows - series.used,
            assumptions=(
                "true slopes scatter about one mean in each standard",
                "the years of an area, and areas, are independent of one another",
                *((assumption(column),) if standard == AUTO and column else ()),
            ),
            references=(ESTIMATORS[estimator], _MORRIS),
        ),
        kind=series.kind,
        tables=tables,
    )


def _tables(
    series: Series, lines: np.ndarray, errors: str, estimator: str, level: float
) -> dict[str, Columns]:
    """Both tables; each standard by itself, all of its areas at once."""
    out = {
        name: np.full(len(series), np.nan)
        for name in ("slope", "se", "reliability", "shrunken", "shrunken_se")
    }
    told = lines["n"] > 2
    out["slope"][told] = lines["slope"][told]
    means: dict[str, list] = {name: [] for name in _MEANS}
    few = np.zeros(len(series), bool)
    for standard in range(len(series.standards)):
        here = np.flatnonzero(told & (series.standard == standard))
        variance, sigma, df = _variances(series, lines, here, errors)
        out["se"][here] = np.sqrt(variance)
        here, variance = here[variance > 0], variance[variance > 0]
        if len(here) < _LEAST:
            few[series.standard == standard] = True
            found, row = None, [None] * (len(_MEANS) - 1)
        else:
            found = spread_of(lines["slope"][here], variance, estimator)
            for name in ("reliability", "shrunken", "shrunken_se"):
                out[name][here] = getattr(found, name)
            row = _mean(found, len(here) - 1, sigma, df)
        for name, held in zip(_MEANS, [len(here), *row], strict=True):
            means[name].append(held)
    if few.all():
        raise NrdValueError(
            f"{_WHERE}: {max(means['areas'])} areas of a standard have a slope and years "
            f"that scatter about it, expected at least {_LEAST}"
        )
    none = np.full(len(series), _NORMAL)
    low, high = infer(out["shrunken"], out["shrunken_se"], none, level)[2:]
    columns = {**out, "low": low, "high": high}
    return _named(series, lines, columns, means, few)


_MEANS = ("areas", "mean", "se", "tau", "sigma", "i2", "f", "p")


def _variances(
    series: Series, lines: np.ndarray, here: np.ndarray, errors: str
) -> tuple[np.ndarray, float, float]:
    """Variances of slopes, spread of the years about the lines, degrees of freedom."""
    rss, df = float(lines["rss"][here].sum()), float(lines["df"][here].sum())
    sigma2 = rss / df if df else np.nan
    if errors == "own":
        return lines["se"][here] ** 2, float(np.sqrt(sigma2)), _NORMAL
    n = np.maximum(series.n, 1)
    mean = np.bincount(series.segment, series.time, len(series)) / n
    squares = (series.time - mean[series.segment]) ** 2
    sxx = np.bincount(series.segment, squares, len(series))[here]
    return sigma2 / sxx, float(np.sqrt(sigma2)), df


def _mean(found: Spread, more: int, sigma: float, df: float) -> list[float | None]:
    f = np.array([found.q / more])
    p = f_share(f, np.array([float(more)]), np.array([df]))
    i2 = 100 * max(0.0, 1 - more / found.q) if found.q else 0.0
    tau = float(np.sqrt(found.tau2))
    return [found.mean, found.se, tau, sigma, i2, float(f[0]), float(p[0])]


def _named(
    series: Series, lines: np.ndarray, found: Columns, means: Columns, few: np.ndarray
) -> dict[str, Columns]:
    points = "" if series.rate == "number" else "_points"
    names = {name: f"{name}{points}" for name in ("slope", "shrunken", "mean")}
    areas = [series.keys[i] for i in series.area.tolist()]
    several = series.standards != [None]
    columns: dict[str, list] = {
        name: [key[place] for key in areas] for place, name in enumerate(series.names)
    }
    if several:
        columns["standard"] = [series.standards[i] for i in series.standard.tolist()]
    columns["n"] = lines["n"].tolist()
    columns |= {names.get(name, name): or_none(values) for name, values in found.items()}
    columns["reason"] = [_reason(series, lines, found, few, k) for k in range(len(series))]
    head = {"standard": series.standards} if several else {}
    return {
        "slopes": columns,
        "means": {**head, **{names.get(name, name): v for name, v in means.items()}},
    }


def _reason(
    series: Series, lines: np.ndarray, found: Columns, few: np.ndarray, k: int
) -> str | None:
    if found["shrunken"][k] == found["shrunken"][k]:
        return None
    if series.reason[k] != OK:
        return say(series.reason[k], "en", found=series.detail[k])
    if lines["n"][k] <= 2:
        return say("one" if lines["n"][k] == 1 else "two", "en")
    if few[k]:
        return f"fewer than {_LEAST} areas of this standard have a slope"
    return "all years lie on the line: no error to be seen"
