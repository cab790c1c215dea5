"""One slope for many areas, each with a level of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._options import threads_of
from ._result import Columns, Provenance, known
from ._series import Series, read_series
from ._standards import AUTO, assumption, standard_of
from ._together import Together
from .covariances import cluster
from .errors import NrdValueError
from .regression import regress

__all__ = ["PooledSlope", "pooled_slope"]

_WHERE = "pooled_slope"
_SOURCES = (
    "R. M. Bell, D. F. McCaffrey, Bias reduction in standard errors for linear regression "
    "with multi-stage samples, Survey Methodology 28 (2002) 169-181",
    "J. E. Pustejovsky, E. Tipton, Small-sample methods for cluster-robust variance "
    "estimation and hypothesis testing in fixed effects models, J. Bus. Econ. Stat. 36 "
    "(2018) 672-683",
)


@dataclass(frozen=True, eq=False, repr=False)
class PooledSlope(Together):
    """The slope that areas have in common.

    Attributes
    ----------
    tables : dict of str to columns
        ``pooled``, one row: ``areas``, ``clusters``, ``n`` rows, ``slope_points`` a year
        (``slope`` of what is no rate), its standard error ``se``, degrees of freedom
        ``df``, ``t``, ``p``, and the interval ``low`` to ``high``.
    """


def pooled_slope(
    frame: Any,
    *,
    unit: str,
    time: str,
    value: str,
    by: str | Sequence[str] | None = None,
    standard: str | None = AUTO,
    rate: str | None = None,
    within: str = "area",
    level: float = 0.95,
    threads: int = 0,
) -> PooledSlope:
    """The slope that many areas have in common, with errors that allow for clusters.

    Each area has a level of its own in each poverty standard, which is taken out; what is
    left follows one slope, by least squares. Areas with more years, further apart, count
    for more.

    Parameters
    ----------
    frame : data frame or mapping of columns
        One row an area and a year.
    unit, time, value : str
        Columns of the area, the year and the rate.
    by : str or sequence of str, optional
        Columns that name an area together with `unit`, provinces for example.
    standard : str or None, optional
        Column of the poverty standard; by default "standard" or "basis" where there is
        one.
    rate : {None, "percent", "share", "number"}, optional
        What the values are, as in `poverty_trends`.
    within : {"area", "group"}, optional
        Clusters within which errors may be correlated: areas, or groups of them (`by`).
    level : float, optional
        Confidence level of the interval, in (0, 1).
    threads : int, optional
        0 for all processors.

    Returns
    -------
    PooledSlope

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there or not numeric.
    NrdValueError
        If an option cannot be, there are fewer than 3 areas with two years of a standard,
        or only one cluster.

    Notes
    -----
    Errors are "CR2" with degrees of freedom by Satterthwaite [1]_ [2]_, as `nrd.cluster`
    has them. What hits all areas in one year is correlated between clusters, and no such
    error allows for it.

    References
    ----------
    .. [1] R. M. Bell, D. F. McCaffrey, Survey Methodology 28 (2002), 169-181.
    .. [2] J. E. Pustejovsky, E. Tipton, J. Bus. Econ. Stat. 36 (2018), 672-683.

    Examples
    --------
    >>> import nrd
    >>> rates = {
    ...     "commune": ["A"] * 4 + ["B"] * 4 + ["C"] * 4,
    ...     "year": [2016, 2017, 2018, 2019] * 3,
    ...     "rate": [18, 16, 13, 12, 30, 28, 25, 22, 9, 8.4, 8.1, 7.2],
    ... }
    >>> found = nrd.pooled_slope(rates, unit="commune", time="year", value="rate")
    >>> [round(found.table[name][0], 3) for name in ("slope_points", "low", "high")]
    [-1.79, -4.518, 0.938]
    """
    if within not in ("area", "group") or (within == "group" and by is None):
        raise NrdValueError(
            f"{_WHERE}: within is {within!r} and by {by!r}, expected 'area', or 'group' "
            "with by"
        )
    column = standard_of(frame, standard, _WHERE, by)
    series = read_series(
        frame, _WHERE, unit=unit, time=time, value=value, by=by, standard=column, rate=rate
    )
    columns = _pooled(series, within, level, threads_of(threads))
    return PooledSlope(
        provenance=Provenance(
            method=f"least squares within areas and standards, clusters by {within}",
            options={
                "unit": unit,
                "time": time,
                "value": value,
                "by": by,
                "standard": column,
                "rate": series.rate,
                "within": within,
                "level": level,
            },
            used=columns["n"][0],
            dropped=series.rows - columns["n"][0],
            assumptions=(
                "areas have one slope in common, and errors of clusters are independent",
                *((assumption(column),) if standard == AUTO and column else ()),
            ),
            references=_SOURCES,
        ),
        kind=series.kind,
        tables={"pooled": columns},
    )


def _pooled(series: Series, within: str, level: float, threads: int) -> Columns:
    # A level of its own leaves nothing of an area with one year.
    series = series.keep(series.n > 1)
    area = series.area[series.segment]
    codes = area if within == "area" else series.group[area]
    areas, clusters = len(np.unique(area)), len(np.unique(codes))
    if areas < 3:
        raise NrdValueError(
            f"{_WHERE}: {areas} areas have two years of a standard, expected at least 3"
        )
    if clusters < 2:
        raise NrdValueError(f"{_WHERE}: all areas are in one cluster, expected at least 2")
    rows = {
        "segment": series.segment,
        "cluster": codes,
        "time": series.time - series.time.min(),
        "value": series.value,
    }
    fit = regress(
        rows,
        "value",
        "time",
        effects="segment",
        cov=cluster("cluster"),
        level=level,
        threads=threads,
    )
    slope = "slope" if series.rate == "number" else "slope_points"
    names = {slope: "estimate", "se": "se", "df": "test_df"}
    names |= {name: name for name in ("t", "p", "low", "high")}
    found = {head: known(getattr(fit, name)[0]) for head, name in names.items()}
    return {"areas": [areas], "clusters": [clusters], "n": [series.used], **found}
