"""What many areas have in common, each with a level of its own: slope, elasticity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._late import or_none
from ._options import threads_of
from ._result import Columns, Provenance
from ._series import Series, read_series
from ._standards import AUTO, assumption, standard_of
from ._together import Together
from .covariances import cluster
from .errors import NrdValueError
from .regression import regress

__all__ = ["Elasticity", "PooledSlope", "pooled_slope", "poverty_elasticity"]

_WHERE = "pooled_slope"
_RAVALLION = (
    "M. Ravallion, S. Chen, What can new survey data tell us about recent changes in "
    "distribution and poverty?, World Bank Econ. Rev. 11 (1997) 357-382"
)
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


@dataclass(frozen=True, eq=False, repr=False)
class Elasticity(Together):
    """By how many percent poverty changes where income changes by one.

    Attributes
    ----------
    tables : dict of str to columns
        ``elasticity_of``, one row: ``areas``, ``clusters``, ``n`` rows, ``elasticity`` with
        its standard error ``se``, degrees of freedom ``df``, ``t``, ``p``, and the interval
        ``low`` to ``high``.
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
    _check_within(within, by, _WHERE)
    column = standard_of(frame, standard, _WHERE, by)
    series = read_series(
        frame, _WHERE, unit=unit, time=time, value=value, by=by, standard=column, rate=rate
    )
    columns = _pooled(series, within, level, threads_of(threads), _WHERE)
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


def poverty_elasticity(
    frame: Any,
    *,
    unit: str,
    time: str,
    value: str,
    income: str,
    by: str | Sequence[str] | None = None,
    standard: str | None = AUTO,
    rate: str | None = None,
    within: str = "area",
    level: float = 0.95,
    threads: int = 0,
) -> Elasticity:
    """By how many percent poverty changes where mean income changes by one percent.

    Logarithms of rates on logarithms of incomes, by least squares within areas, each with a
    level of its own in each poverty standard.

    Parameters
    ----------
    frame : data frame or mapping of columns
        One row an area and a year. Rows without an income are left out.
    unit, time, value : str
        Columns of the area, the year and the rate.
    income : str
        Column of mean incomes, above 0, in the prices of one year.
    by, standard, rate, within, level, threads
        As in `pooled_slope`.

    Returns
    -------
    Elasticity

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there or not numeric.
    NrdValueError
        As in `pooled_slope`, or if a rate or an income is not above 0, or incomes do not
        change within areas.

    Notes
    -----
    It is the elasticity of levels with effects of areas [1]_. Incomes in current prices
    rise with a poverty line that is carried on by prices: deflate them first. The parts
    of growth and of redistribution need the distribution of incomes, which rates and means
    do not hold, and are not made up here.

    References
    ----------
    .. [1] M. Ravallion, S. Chen, World Bank Econ. Rev. 11 (1997) 357-382.

    Examples
    --------
    >>> import nrd
    >>> rows = {
    ...     "province": ["A"] * 3 + ["B"] * 3 + ["C"] * 3,
    ...     "year": [2010, 2012, 2014] * 3,
    ...     "rate": [30, 24, 18, 12, 9, 8, 20, 17, 13],
    ...     "income": [800, 950, 1150, 1500, 1800, 2000, 1100, 1250, 1500],
    ... }
    >>> found = nrd.poverty_elasticity(
    ...     rows, unit="province", time="year", value="rate", income="income"
    ... )
    >>> round(found.table["elasticity"][0], 2)
    -1.41
    """
    where = "poverty_elasticity"
    _check_within(within, by, where)
    column = standard_of(frame, standard, where, by)
    series = read_series(
        frame, where, unit=unit, time=time, value=value, by=by, standard=column,
        covariate=income, rate=rate,
    )  # fmt: skip
    for name, values in ((value, series.value), (income, series.covariate)):
        bad = values <= 0
        if bad.any():
            row = int(np.argmax(bad))
            area = " ".join(map(str, series.keys[series.area[series.segment[row]]]))
            raise NrdValueError(
                f"{where}: column {name!r}, area {area}, {series.time[row]:.12g}: found "
                f"{values[row]:g}, which has no logarithm, expected a number above 0"
            )
    columns = _pooled(series, within, level, threads_of(threads), where)
    return Elasticity(
        provenance=Provenance(
            method=f"logarithms of rates on those of incomes within areas and standards, "
            f"clusters by {within}",
            options={
                "unit": unit,
                "time": time,
                "value": value,
                "income": income,
                "by": by,
                "standard": column,
                "rate": series.rate,
                "within": within,
                "level": level,
            },
            used=columns["n"][0],
            dropped=series.rows - columns["n"][0],
            assumptions=(
                "incomes are in the prices of one year",
                "areas have one elasticity in common",
                "errors of clusters are independent",
                *((assumption(column),) if standard == AUTO and column else ()),
            ),
            references=(_RAVALLION, *_SOURCES),
        ),
        kind=series.kind,
        tables={"elasticity_of": columns},
    )


def _check_within(within: str, by: Any, where: str) -> None:
    if within not in ("area", "group") or (within == "group" and by is None):
        raise NrdValueError(
            f"{where}: within is {within!r} and by {by!r}, expected 'area', or 'group' "
            "with by"
        )


def _pooled(series: Series, within: str, level: float, threads: int, where: str) -> Columns:
    """One row: least squares within segments, on logarithms where there is an income."""
    # A level of its own leaves nothing of an area with one year.
    series = series.keep(series.n > 1)
    area = series.area[series.segment]
    codes = area if within == "area" else series.group[area]
    areas, clusters = len(np.unique(area)), len(np.unique(codes))
    if areas < 3:
        raise NrdValueError(
            f"{where}: {areas} areas have two years of a standard, expected at least 3"
        )
    if clusters < 2:
        raise NrdValueError(f"{where}: all areas are in one cluster, expected at least 2")
    income = series.covariate
    rows = {
        "segment": series.segment,
        "cluster": codes,
        "x": series.time - series.time.min() if income is None else np.log(income),
        "y": series.value if income is None else np.log(series.value),
    }
    fit = regress(
        rows,
        "y",
        "x",
        effects="segment",
        cov=cluster("cluster"),
        level=level,
        threads=threads,
    )
    slope = "slope" if series.rate == "number" else "slope_points"
    slope = slope if income is None else "elasticity"
    names = {slope: "estimate", "se": "se", "df": "test_df"}
    names |= {name: name for name in ("t", "p", "low", "high")}
    found = {head: or_none(getattr(fit, name)[0]) for head, name in names.items()}
    return {"areas": [areas], "clusters": [clusters], "n": [series.used], **found}
