"""Towards a target: trends of many areas prolonged, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ._core.projection import SCALES, STATES
from ._options import threads_of
from ._projected import Projection
from ._projection_run import WHERE, Chosen, number, one_of, run, targets, years_of
from ._resample import seed_of, whole
from ._result import Provenance
from ._series import Series, read_series
from ._standards import assumption, standard_of
from .errors import NrdValueError

__all__ = ["Projection", "project_poverty"]

METHODS = ("t", "bootstrap")
_TARGETS = ("most", "least")
_SOURCES = (
    "N. R. Draper, H. Smith, Applied Regression Analysis (1998), sections 1.4 and 3.2",
    "E. C. Fieller, Some problems in interval estimation, J. R. Stat. Soc. B 16 (1954)",
)
_RESAMPLED = (
    "R. A. Stine, Bootstrap prediction intervals for regression, JASA 80 (1985)",
    "A. C. Davison, D. V. Hinkley, Bootstrap Methods (1997), section 6.3.3",
)


def project_poverty(
    frame: Any,
    *,
    unit: str,
    time: str,
    value: str,
    target: float | Sequence[float] | None = None,
    target_year: float | None = None,
    target_at: str = "most",
    by: str | Sequence[str] | None = None,
    standard: str | None = "auto",
    shift: bool = False,
    scale: str = "logit",
    years: Sequence[float] | None = None,
    method: str = "t",
    n_resamples: int = 2000,
    level: float = 0.95,
    rate: str | None = None,
    seed: int | None = None,
    threads: int = 0,
    progress: bool | Callable[[int, int], None] = False,
) -> Projection:
    """Prolong the trend of each area: figures to come, and when a target is reached.

    The rates of the last poverty standard of an area follow a line on a scale, with errors
    that are independent and of equal variance there. Intervals and probabilities are those
    of a figure to come, as it will be published, and not of the line. An area of which
    nothing can be said has a row with the reason.

    Parameters
    ----------
    frame : data frame or mapping of columns
        One row an area and a year.
    unit, time, value : str
        Columns of the area, the year and the rate.
    target : float, optional
        What is to be reached, in the unit of the rate: percent, or with ``rate="number"``
        that of the figures.
    target_year : float, optional
        When it is to be reached.
    target_at : {"most", "least"}, optional
        Whether a figure is at the target when it is at most or at least as great.
    by : str or sequence of str, optional
        Columns that name an area together with `unit`: its province.
    standard : str or None, optional
        Column of the poverty standard. By default "standard" or "basis" where there is such
        a column, as in the data sets of nrd. Rates of two standards are never compared.
    shift : bool, optional
        Take all standards of an area: one slope, and a level for each of them.
    scale : {"logit", "log", "linear"}, optional
        The scale of the line. With "logit" a rate stays between 0 and 100; a rate of 0 or
        100 has no place there.
    years : sequence of float, optional
        Years to project to; by default those after the last one of all areas, up to
        `target_year` or for ten years.
    method : {"t", "bootstrap"}, optional
        Intervals by Student's t, or by resampling residuals.
    n_resamples : int, optional
        Replicates of the bootstrap, at most 2^26.
    level : float, optional
        Confidence level of the intervals, in (0, 1).
    rate : {"percent", "share", "number"}, optional
        What the figures are: percentages, shares of 1, or no rates at all. By default they
        are taken as percentages, and refused where they look like shares.
    seed : int, optional
        From 0 to 2^64 - 1; by default of the operating system. The result holds it.
    threads : int, optional
        0 for all processors; the result does not depend on it.
    progress : bool or callable, optional
        True for a bar, or a function of the areas done and of all.

    Returns
    -------
    Projection
        ``table``: one row an area; ``figures``: one row an area and a year to come.

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there or not numeric.
    NrdValueError
        If an option cannot be, as a target outside the scale.

    Notes
    -----
    Of 95 % intervals for the next figure 94 to 96 % hold it, by either method, with 4 to 15
    figures and normal errors: both allow for a standard deviation that is known from few
    figures. The bootstrap resamples studentised errors [3]_ and takes their distribution as
    it is. With three figures it often finds no end to an interval.

    References
    ----------
    .. [1] N. R. Draper, H. Smith, Applied Regression Analysis (1998), 1.4 and 3.2.
    .. [2] E. C. Fieller, J. R. Stat. Soc. B 16 (1954) 175-185.
    .. [3] R. A. Stine, J. Amer. Statist. Assoc. 80 (1985) 1026-1031; A. C. Davison, D. V.
       Hinkley, Bootstrap Methods (1997), 6.3.3.

    Examples
    --------
    >>> import nrd
    >>> rates = {
    ...     "area": ["A"] * 6,
    ...     "year": [2010, 2012, 2013, 2014, 2015, 2016],
    ...     "rate": [27.5, 21.0, 19.1, 16.5, 15.4, 12.6],
    ... }
    >>> found = nrd.project_poverty(
    ...     rates, unit="area", time="year", value="rate", target=5, target_year=2025
    ... )
    >>> row = found.row("A")
    >>> round(row["reach"], 1), round(row["reach_low"], 1), round(row["reach_high"], 1)
    (2022.7, 2021.4, 2024.3)
    >>> round(row["probability"], 2)
    0.99
    """
    column = standard_of(frame, standard, WHERE, by)
    series = read_series(
        frame, WHERE, unit=unit, time=time, value=value, by=by, standard=column, rate=rate
    )
    return projection_of(
        series,
        target=target,
        target_year=target_year,
        target_at=target_at,
        shift=shift,
        scale=scale,
        years=years,
        method=method,
        n_resamples=n_resamples,
        level=level,
        seed=seed,
        threads=threads,
        progress=progress,
        recognised=column if standard == "auto" else None,
    )


def projection_of(
    series: Series,
    *,
    target: float | Sequence[float] | None = None,
    target_year: float | None = None,
    target_at: str = "most",
    shift: bool = False,
    scale: str = "logit",
    years: Sequence[float] | None = None,
    method: str = "t",
    n_resamples: int = 2000,
    level: float = 0.95,
    seed: int | None = None,
    threads: int = 0,
    progress: bool | Callable[[int, int], None] = False,
    recognised: str | None = None,
) -> Projection:
    """Project series that were read; options as in `project_poverty`.

    Raises
    ------
    NrdValueError
        If an option cannot be.
    """
    one_of(scale, "scale", SCALES, WHERE)
    one_of(method, "method", METHODS, WHERE)
    one_of(target_at, "target_at", _TARGETS, WHERE)
    if scale == "logit" and series.rate == "number":
        raise NrdValueError(
            f"{WHERE}: scale is 'logit', expected 'log' or 'linear' for figures that are "
            "no rates"
        )
    chosen = Chosen(series, shift)
    goals = targets(target, len(series.keys), scale, series.rate)
    replicates = whole(n_resamples, "n_resamples", WHERE, 1) if method == METHODS[1] else 0
    used_seed = seed_of(seed, WHERE) if replicates else None
    due = number(target_year, "target_year")
    times = years_of(years, due, chosen)
    options: dict[str, Any] = {
        "scale": scale,
        "times": times,
        "at_least": target_at == "least",
        "level": level,
        "replicates": replicates,
        "seed": used_seed or 0,
        "threads": threads_of(threads),
    }
    points, found = run(chosen, goals, due, options, progress)
    state = [STATES[code] for code in found["state"].tolist()]
    detail = chosen.details(state)
    given = {"target": target, "target_year": target_year, "target_at": target_at}
    given |= {"shift": shift, "scale": scale, "method": method, "level": level}
    if replicates:
        given["n_resamples"] = replicates
    return Projection(
        _provenance(series, given, used_seed, recognised),
        series.kind,
        series,
        goals,
        due,
        times,
        points,
        found,
        tuple(state),
        tuple(detail),
        chosen.standards,
    )


def _provenance(
    series: Series, given: dict[str, Any], seed: int | None, recognised: str | None
) -> Provenance:
    resampled = given["method"] == METHODS[1]
    assumed = [
        "Errors about the line are independent and of equal variance on the scale, and the "
        "trend goes on as it was.",
    ]
    if recognised:
        assumed.append(assumption(recognised))
    if given["shift"]:
        assumed.append("A new standard changes the level of a series and not its slope.")
    how = "studentised residuals resampled" if resampled else "Student's t"
    return Provenance(
        method=f"line on the {given['scale']} scale through each series, prolonged: {how}",
        options=given,
        used=series.used,
        dropped=series.rows - series.used,
        assumptions=tuple(assumed),
        references=_SOURCES + (_RESAMPLED if resampled else ()),
        seed=seed,
    )
