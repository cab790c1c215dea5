"""Changes of trend: lines that meet at joints, through many areas at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._core.joinpoint import RULES, STATES, joints
from ._joined import Joints
from ._options import threads_of
from ._projection_run import one_of
from ._resample import seed_of, whole
from ._result import Provenance
from ._series import OK, Series, read_series
from ._standards import assumption, standard_of
from .errors import NrdValueError

__all__ = ["Joints", "poverty_joints"]

WHERE = "poverty_joints"
SCALES = ("linear", "log")
PLACES = ("years", "between")
_MOST = 3
_SOURCES = (
    "P. M. Lerman, Fitting segmented regression models by grid search, Appl. Statist. 29 "
    "(1980)",
    "D. J. Hudson, Fitting segmented curves whose join points have to be estimated, JASA "
    "61 (1966)",
)
_TESTS = (
    "H.-J. Kim, M. P. Fay, E. J. Feuer, D. N. Midthune, Permutation tests for joinpoint "
    "regression, Statist. Med. 19 (2000)"
)


def poverty_joints(
    frame: Any,
    *,
    unit: str,
    time: str,
    value: str,
    by: str | Sequence[str] | None = None,
    weights: str | None = None,
    standard: str | None = "auto",
    joints: str | int = "permutation",
    most: int = 2,
    places: str = "years",
    least_years: int = 3,
    scale: str = "linear",
    alpha: float = 0.05,
    level: float = 0.95,
    n_resamples: int = 4499,
    rate: str | None = None,
    seed: int | None = None,
    threads: int = 0,
) -> Joints:
    """Find where trends change: lines that meet at joints.

    Each poverty standard of an area is a series of its own, and no line goes from one to
    the next: a jump of definition is no change of trend. With few years nothing can be told
    of joints, and the row says so.

    Parameters
    ----------
    frame : data frame or mapping of columns
        One row an area and a year.
    unit, time, value : str
        Columns of the area, the year and the rate.
    by : str or sequence of str, optional
        Columns that name an area together with `unit`.
    weights : str, optional
        Column of weights, in proportion to 1 / variance.
    standard : str or None, optional
        Column of the poverty standard; by default "standard" or "basis" where there is one.
    joints : {"permutation", "bic"} or int, optional
        How their number is found: by permutation tests in turn, by the Bayesian criterion,
        or it is given: then 5 years do for one, 7 for two, 9 for three.
    most : int, optional
        Greatest number of joints to look for, 0 to 3. With fewer than 7 years none is
        looked for, with fewer than 12 one, with fewer than 17 two [4]_.
    places : {"years", "between"}, optional
        Joints at years of the series alone, or at any time between them, too.
    least_years : int, optional
        Years of each line, at least 2; one at a joint counts for both.
    scale : {"linear", "log"}, optional
        Lines through the rates, with slopes in points a year, or through their logarithms,
        with slopes in percent a year.
    alpha : float, optional
        Chance that the tests find too many joints.
    level : float, optional
        Confidence level of the intervals, in (0, 1).
    n_resamples : int, optional
        Permutations of each test, at most 2^20.
    rate : {"percent", "share", "number"}, optional
        As in `project_poverty`.
    seed : int, optional
        From 0 to 2^64 - 1; by default of the operating system. The result holds it.
    threads : int, optional
        0 for all processors; the result does not depend on it.

    Returns
    -------
    Joints
        ``table``: one row an area and standard; ``lines``: one row a line.

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there or not numeric.
    NrdValueError
        If an option cannot be.

    Notes
    -----
    The best places are found exactly [1]_ [2]_. A test of k joints against m permutes the
    residuals of k joints, and k begins at 0, m at `most` [3]_; each test is made at
    alpha / (most - k). Intervals of slopes and joints hold all values that an F test does
    not reject, whatever the joints are then: they include what is not known of the joints.

    References
    ----------
    .. [1] P. M. Lerman, Appl. Statist. 29 (1980) 77-84.
    .. [2] D. J. Hudson, J. Amer. Statist. Assoc. 61 (1966) 1097-1129.
    .. [3] H.-J. Kim, M. P. Fay, E. J. Feuer, D. N. Midthune, Statist. Med. 19 (2000)
       335-351.
    .. [4] National Cancer Institute, Joinpoint Regression Program: default maximum number
       of joinpoints.

    Examples
    --------
    >>> import nrd
    >>> rates = {
    ...     "area": ["A"] * 10,
    ...     "year": range(2010, 2020),
    ...     "rate": [30.2, 27.9, 26.1, 23.8, 22.0, 21.6, 20.9, 20.7, 19.9, 19.6],
    ... }
    >>> found = nrd.poverty_joints(
    ...     rates, unit="area", time="year", value="rate", most=1, seed=1
    ... )
    >>> row = found.row("A")
    >>> row["joints"], row["joint_1"], row["p"] < 0.01
    (1, 2014.0, True)
    >>> [round(slope, 2) for slope in found.columns_of_lines["change"]]
    [-2.03, -0.48]
    """
    column = standard_of(frame, standard, WHERE, by)
    series = read_series(
        frame,
        WHERE,
        unit=unit,
        time=time,
        value=value,
        by=by,
        weights=weights,
        standard=column,
        rate=rate,
    )
    return joints_of(
        series,
        joints=joints,
        most=most,
        places=places,
        least_years=least_years,
        scale=scale,
        alpha=alpha,
        level=level,
        n_resamples=n_resamples,
        seed=seed,
        threads=threads,
        recognised=column if standard == "auto" else None,
    )


def joints_of(
    series: Series,
    *,
    joints: str | int = "permutation",
    most: int = 2,
    places: str = "years",
    least_years: int = 3,
    scale: str = "linear",
    alpha: float = 0.05,
    level: float = 0.95,
    n_resamples: int = 4499,
    seed: int | None = None,
    threads: int = 0,
    recognised: str | None = None,
) -> Joints:
    """Find joints of series that were read; options as in `poverty_joints`.

    Raises
    ------
    NrdValueError
        If an option cannot be.
    """
    one_of(places, "places", PLACES, WHERE)
    one_of(scale, "scale", SCALES, WHERE)
    rule = "given"
    if isinstance(joints, str):
        one_of(joints, "joints", tuple(RULES)[1:], WHERE)
        rule, most = joints, whole(most, "most", WHERE, 0, _MOST)
    else:
        most = whole(joints, "joints", WHERE, 0, _MOST)
    tested = rule == "permutation"
    used_seed = seed_of(seed, WHERE) if tested else None
    options = {
        "rule": rule,
        "between": places == "between",
        "most": most,
        "least": whole(least_years, "least_years", WHERE, 2, 2**15),
        "alpha": _share(alpha, "alpha"),
        "level": _share(level, "level"),
        "permutations": whole(n_resamples, "n_resamples", WHERE, 1, 2**20),
    }
    found, state, detail = _found(
        series, scale, used_seed or 0, threads_of(threads), options
    )
    given = {"joints": joints, "most": most, "places": places, "least_years": least_years}
    given |= {"scale": scale, "level": level}
    if tested:
        given |= {"alpha": alpha, "n_resamples": n_resamples}
    assumed = ["Errors about the lines are independent, of equal variance or as weighted."]
    if recognised:
        assumed.append(assumption(recognised))
    provenance = Provenance(
        method=f"lines that meet at joints, by least squares; number of joints: {joints}",
        options=given,
        used=series.used,
        dropped=series.rows - series.used,
        assumptions=tuple(assumed),
        references=_SOURCES + ((_TESTS,) if tested else ()),
        seed=used_seed,
    )
    return Joints(provenance, series.kind, series, scale, found, state, detail)


def _share(value: Any, name: str) -> float:
    if not isinstance(value, int | float) or not 0 < value < 1:
        raise NrdValueError(f"{WHERE}: {name} is {value!r}, expected a number in (0, 1)")
    return float(value)


def _found(
    series: Series, scale: str, seed: int, threads: int, options: dict[str, Any]
) -> tuple[np.ndarray, tuple[str, ...], tuple[str, ...]]:
    """What C finds of all series, with states and what is to be said of them."""
    value = series.value
    if scale == "log":
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(value > 0, np.log(value), np.inf)
    found = joints(
        series.time,
        value,
        series.offset,
        weight=series.weight,
        seed=seed,
        threads=threads,
        where=WHERE,
        **options,
    )
    state = [STATES[code] for code in found["state"].tolist()]
    detail = [str(n) for n in found["n"].tolist()]
    for k, fault in enumerate(series.reason):
        if fault != OK:
            state[k], detail[k] = fault, series.detail[k]
        elif state[k] == "few":
            detail[k] += f" < {5 if options['rule'] == 'given' else 7}"
        elif state[k] == "infinite":  # the logarithm of 0
            rows = series.rows_of(k)
            row = rows.start + int(np.argmin(series.value[rows]))
            state[k] = "outside"
            detail[k] = f"{series.value[row]:g} ({series.time[row]:g})"
    return found, tuple(state), tuple(detail)
