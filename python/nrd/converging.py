"""Whether poor areas catch up, and whether areas become alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core.trend import Segments
from ._late import or_none
from ._options import threads_of
from ._projection_run import one_of
from ._result import Columns, Provenance
from ._series import Series, read_series
from ._standards import AUTO, assumption, standard_of
from ._together import Together
from .errors import NrdValueError
from .regression import regress

__all__ = ["Convergence", "convergence"]

_WHERE = "convergence"
SCALES = ("linear", "log")
_LEAST = 4  # areas: a line, and what is left about it
_SOURCES = (
    "R. J. Barro, X. Sala-i-Martin, Convergence, J. Polit. Econ. 100 (1992) 223-251",
    "E. J. G. Pitman, A note on normal correlation, Biometrika 31 (1939) 9-12",
    "D. Quah, Galton's fallacy and tests of the convergence hypothesis, Scand. J. Econ. 95 "
    "(1993) 427-443",
)
_CAVEAT = (
    "what is error in the first level is in the change with the other sign: beta is below "
    "0 without any catching up (regression to the mean); believe it where dispersion falls"
)


@dataclass(frozen=True, eq=False, repr=False)
class Convergence(Together):
    """Whether poor areas catch up (beta), and whether areas become alike (sigma).

    Attributes
    ----------
    tables : dict of str to columns
        ``catching_up``, one row a standard: ``areas`` with all of its years, ``left_out``
        without; ``first`` and ``last`` year; ``beta``, the change a year for each unit of
        the first level, with ``se``, ``low``, ``high`` and ``p``; ``speed``, the percent of
        the distance that is closed a year; ``sd_first``, ``sd_last`` and ``sd_p``, Pitman's
        test that both are the same; ``sd_slope``, the trend of the dispersion a year.
        ``dispersion``, one row a standard and year: ``areas``, their ``mean_level``,
        standard deviation ``sd``, that over the mean ``cv``, and that of logarithms
        ``sd_log``, None where a rate is 0.
    """

    @property
    def dispersion_table(self) -> Any:
        """One row a standard and year, in the caller's kind of frame."""
        return self.kind.build(self.tables["dispersion"])


def convergence(
    frame: Any,
    *,
    unit: str,
    time: str,
    value: str,
    by: str | Sequence[str] | None = None,
    standard: str | None = AUTO,
    rate: str | None = None,
    scale: str = "log",
    level: float = 0.95,
    threads: int = 0,
) -> Convergence:
    """Whether poor areas catch up with the others, and whether dispersion falls.

    Each poverty standard by itself, and in it the areas that have all of its years, so that
    every year is of the same areas.

    Parameters
    ----------
    frame : data frame or mapping of columns
        One row an area and a year.
    unit, time, value : str
        Columns of the area, the year and the rate.
    by : str or sequence of str, optional
        Columns that name an area together with `unit`.
    standard : str or None, optional
        Column of the poverty standard; by default "standard" or "basis" where there is
        one.
    rate : {None, "percent", "share", "number"}, optional
        What the values are, as in `poverty_trends`.
    scale : {"log", "linear"}, optional
        Changes of logarithms on the logarithm of the first level (do poor areas fall by a
        greater percentage?), or changes in points on the first level.
    level : float, optional
        Confidence level of the interval, in (0, 1).
    threads : int, optional
        0 for all processors.

    Returns
    -------
    Convergence

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there or not numeric.
    NrdValueError
        If an option cannot be, no standard has 2 years and 4 areas with all of them that
        differ in the first, or a rate is 0 on the log scale.

    Notes
    -----
    Beta is that of least squares, with errors "HC3"; ``speed`` is 100 * (1 - (1 + beta *
    T)^(1 / T)) after T years, as beta * T is the part of the distance that was closed [1]_.
    What is error in the first level is in the change with the other sign, so that beta is
    below 0 where nobody catches up [3]_: the dispersion must fall as well. Whether it does
    Pitman's test [2]_ says, which allows for the areas being the same; it takes them for
    independent and normal. The dispersions are on the scale of beta there.

    References
    ----------
    .. [1] R. J. Barro, X. Sala-i-Martin, J. Polit. Econ. 100 (1992) 223-251.
    .. [2] E. J. G. Pitman, Biometrika 31 (1939) 9-12.
    .. [3] D. Quah, Scand. J. Econ. 95 (1993) 427-443.

    Examples
    --------
    >>> import nrd
    >>> rates = {
    ...     "commune": ["A", "B", "C", "D"] * 2,
    ...     "year": [2016] * 4 + [2020] * 4,
    ...     "rate": [40.0, 30.0, 20.0, 8.0, 22.0, 19.0, 11.0, 6.0],
    ... }
    >>> found = nrd.convergence(
    ...     rates, unit="commune", time="year", value="rate", scale="linear"
    ... )
    >>> [round(found.table[name][0], 4) for name in ("beta", "sd_first", "sd_last")]
    [-0.1181, 13.6991, 7.3258]
    """
    one_of(scale, "scale", SCALES, _WHERE)
    column = standard_of(frame, standard, _WHERE, by)
    series = read_series(
        frame, _WHERE, unit=unit, time=time, value=value, by=by, standard=column, rate=rate
    )
    tables, used = _tables(series, scale, level, threads_of(threads))
    return Convergence(
        provenance=Provenance(
            method=f"change a year on the first level ({scale}), dispersion by year",
            options={
                "unit": unit,
                "time": time,
                "value": value,
                "by": by,
                "standard": column,
                "rate": series.rate,
                "scale": scale,
                "level": level,
            },
            used=used,
            dropped=series.rows - used,
            assumptions=(
                _CAVEAT,
                *((assumption(column),) if standard == AUTO and column else ()),
            ),
            references=_SOURCES,
        ),
        kind=series.kind,
        tables=tables,
    )


def _tables(
    series: Series, scale: str, level: float, threads: int
) -> tuple[dict[str, Columns], int]:
    beta: list[dict[str, Any]] = []
    sigma: list[dict[str, Any]] = []
    used = 0
    for place, name in enumerate(series.standards):
        years, panel, left_out = _panel(series, place)
        head = {} if series.standards == [None] else {"standard": name}
        if len(years) < 2 or len(panel) < _LEAST or not np.ptp(panel[:, 0]):
            continue
        used += panel.size
        if scale == "log" and not (panel > 0).all():
            raise NrdValueError(_zero(series, place))
        row = {"areas": len(panel), "left_out": left_out}
        beta.append(head | row | _beta(years, panel, scale, level, threads))
        sigma += [head | row for row in _sigma(years, panel)]
    if not beta:
        raise NrdValueError(
            f"{_WHERE}: no standard has 2 years and {_LEAST} areas with all of them that "
            "differ in the first"
        )
    tables = {"catching_up": beta, "dispersion": sigma}
    return {
        name: {head: [row[head] for row in rows] for head in rows[0]}
        for name, rows in tables.items()
    }, used


def _zero(series: Series, standard: int) -> str:
    bad = (series.value == 0) & np.repeat(series.standard == standard, series.n)
    row = int(np.argmax(bad))
    area = " ".join(map(str, series.keys[series.area[series.segment[row]]]))
    return (
        f"{_WHERE}: area {area}, {series.time[row]:.12g}: a rate of 0 has no logarithm, "
        "expected rates above 0 or scale='linear'"
    )


def _panel(series: Series, standard: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Years of a standard, values of the areas that have all of them, and other areas."""
    here = (series.standard == standard) & (series.n_given > 0)
    rows = np.repeat(here, series.n)
    years = np.unique(series.time[rows])
    whole = here & (series.n == len(years))
    panel = series.value[np.repeat(whole, series.n)].reshape(int(whole.sum()), len(years))
    return years, panel, int(here.sum() - whole.sum())


def _beta(
    years: np.ndarray, panel: np.ndarray, scale: str, level: float, threads: int
) -> dict[str, Any]:
    held = np.log(panel) if scale == "log" else panel
    span = float(years[-1] - years[0])
    start, end = held[:, 0], held[:, -1]
    rows = {"change": (end - start) / span, "start": start, "sum": start + end}
    fit = regress(rows, "change", "start", cov="HC3", level=level, threads=threads)
    beta = float(fit.estimate[0, 1])
    left = 1 + beta * span
    spread = held.std(axis=0, ddof=1)
    pitman = [None]
    if np.ptp(rows["sum"]) and np.ptp(rows["change"]):
        pitman = or_none(regress(rows, "change", "sum", threads=threads).p[:, 1])
    trend = [None]
    if len(years) > 2:
        offset = np.array([0, len(years)], np.uint64)
        trend = or_none(Segments(offset, years, spread).lines(level, 1, _WHERE)["slope"])
    found = {
        name: or_none(getattr(fit, name)[:, 1])[0] for name in ("se", "low", "high", "p")
    }
    return {
        "first": float(years[0]),
        "last": float(years[-1]),
        "beta": beta,
        **found,
        "speed": 100 * (1 - left ** (1 / span)) if left > 0 else None,
        "sd_first": float(spread[0]),
        "sd_last": float(spread[-1]),
        "sd_p": pitman[0],
        "sd_slope": trend[0],
    }


def _sigma(years: np.ndarray, panel: np.ndarray) -> list[dict[str, Any]]:
    mean, sd = panel.mean(axis=0), panel.std(axis=0, ddof=1)
    positive = (panel > 0).all(axis=0)
    logs = np.full(len(years), np.nan)
    logs[positive] = np.log(panel[:, positive]).std(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where(mean > 0, sd / mean, np.nan)
    columns = {"mean_level": mean, "sd": sd, "cv": cv, "sd_log": logs}
    lists = {name: or_none(values) for name, values in columns.items()}
    return [
        {"year": year, "areas": len(panel), **{name: v[k] for name, v in lists.items()}}
        for k, year in enumerate(years.tolist())
    ]
