"""Bootstrap intervals of statistics of a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ._bootstrap import Bootstrap, Sample, read_sample
from ._bootstrap_plan import WHERE, Plan, check_sample, plan_of, quantile_of
from ._bootstrap_result import result_of
from ._bootstrap_run import Work
from ._core.bootstrap import Design, acceleration
from ._options import threads_of
from ._resample import progress_of, seed_of

__all__ = ["bootstrap"]


def bootstrap(
    data: Any,
    statistic: str | Callable = "mean",
    columns: str | Sequence[str] | None = None,
    *,
    group: str | Sequence | None = None,
    strata: str | Sequence | None = None,
    cluster: str | Sequence | None = None,
    scheme: str | None = None,
    block: int | None = None,
    of_means: bool = False,
    p: float = 0.5,
    type: int = 7,
    n_resamples: int = 9999,
    method: str = "BCa",
    level: float = 0.95,
    alternative: str = "two-sided",
    seed: int | None = None,
    threads: int = 0,
    progress: bool | Callable[[int, int], None] = False,
) -> Bootstrap:
    """Confidence interval of a statistic by resampling; the same seed gives the same bits.

    Names and defaults are those of ``scipy.stats.bootstrap`` where they mean the same. A
    replicate depends on the seed and its number alone, not on threads or on how many others
    there are.

    Parameters
    ----------
    data : data frame, mapping of columns, array, or list of numbers
        Anything narwhals reads, or numbers. Rows with a missing value are left out.
    statistic : str or callable, optional
        "mean" (of each column), "mean_difference" (first group less second, in the order
        of their labels), "quantile", "pearson", "spearman", "kendall" (tau-b) or "slope"
        (of the second column on the first); these run in C. A function of yours gets the
        columns of a resample, or with `group` its two samples, and returns a number, for
        "studentized" a number and its standard error.
    columns : str or sequence of str, optional
        Columns; by default all but those that `group`, `strata` and `cluster` name.
    group : str or sequence, optional
        Two labels, for "mean_difference" or a function of two samples. Each sample is
        resampled on its own, unless there are clusters, blocks or Poisson numbers.
    strata : str or sequence, optional
        Labels; each stratum is resampled on its own.
    cluster : str or sequence, optional
        Labels of rows that are drawn together.
    scheme : {"multinomial", "poisson", "moving", "circular"}, optional
        How to draw: as many units as there are, with replacement; each a Poisson number of
        times that only seed and cluster (or number of the row) decide; or in blocks of
        rows. By default "circular" with `block`, else "multinomial".
    block : int, optional
        Rows in a block, for rows that follow each other in time.
    of_means : bool, optional
        Call the function once, with an array for each column: the means of that column in
        all resamples. Any combination of moments is so; it returns an array.
    p, type : float and int, optional
        Probability and type (1 to 9) of the quantile.
    n_resamples : int, optional
        Number of replicates.
    method : {"BCa", "percentile", "basic", "studentized"}, optional
        Which interval. "studentized" is for means, r, slope, and functions that return a
        standard error; "BCa" not for blocks.
    level : float, optional
        Confidence level, in (0, 1).
    alternative : {"two-sided", "less", "greater"}, optional
        "less" has no lower bound, "greater" no upper one.
    seed : int, optional
        From 0 to 2^64 - 1; by default of the operating system. The result holds it.
    threads : int, optional
        0 for all processors.
    progress : bool or callable, optional
        True for a bar, or a function of the replicates done and of all.

    Returns
    -------
    Bootstrap
        ``estimate``, ``low``, ``high``, ``standard_error``, ``bias`` and the replicates
        ``distribution``, shape (n_resamples,), or (n_resamples, columns) for several means.

    Raises
    ------
    NrdTypeError, NrdKeyError
        If a column is not numeric or not there, or the function returns something else.
    NrdValueError
        If an option cannot be, a value is infinite, there is one row, cluster, or unit of
        a stratum, the statistic is undefined, or the function raises.

    Notes
    -----
    Other than in SciPy, data are a table: columns are always paired, and two samples are
    one column with `group`. ``confidence_level`` is `level`, ``rng`` is `seed`. A function
    gets one resample at a time, without ``axis``; what is a function of means can have all
    of them at once (`of_means`). Resamples where the statistic is undefined are left out
    and counted, where SciPy's interval would be NaN.

    References
    ----------
    .. [1] A. C. Davison, D. V. Hinkley, Bootstrap Methods and their Application (1997).
    .. [2] B. Efron, J. Amer. Statist. Assoc. 82 (1987) 171-185: BCa.

    Examples
    --------
    >>> import nrd
    >>> income = [19.5, 21.0, 24.0, 18.2, 30.1, 22.7, 25.4]
    >>> found = nrd.bootstrap(income, seed=7)
    >>> round(found.estimate, 2), round(found.low, 2), round(found.high, 2)
    (22.99, 20.64, 26.24)
    >>> nrd.bootstrap({"x": [1, 2, 3, 5], "y": [1.5, 1, 4, 4]}, "kendall", seed=7).estimate
    0.5477225575051661
    """
    plan = plan_of(
        statistic, of_means, scheme, block, n_resamples, method, level, alternative
    )
    p, type = quantile_of(p, type)
    threads = threads_of(threads)
    labels = {"group": group, "strata": strata, "cluster": cluster}
    apart = plan.scheme == "multinomial" and cluster is None
    sample = read_sample(data, WHERE, columns, labels, apart)
    check_sample(plan, sample, strata)
    seed = seed_of(seed, WHERE)
    design = _design(plan, sample, p, type)
    with progress_of(progress, WHERE) as look:
        work = Work(plan, sample, design, seed, threads, look)
        estimate, error = work.estimate()
        grown = _accelerations(work) if plan.method == "BCa" else None
        replicates, errors = work.replicates()
    options = {"columns": sample.names}
    if plan.statistic == "quantile":
        options |= {"p": p, "type": type}
    options |= {name: given for name, given in labels.items() if isinstance(given, str)}
    if sample.samples:
        options["samples"] = list(sample.samples)
    return result_of(
        plan,
        sample.names,
        sample.kind,
        (sample.n, sample.dropped),
        estimate,
        replicates,
        seed=seed,
        options=options,
        errors=None if errors is None else (error, errors),
        grown=grown,
    )


def _design(plan: Plan, sample: Sample, p: float, type: int) -> Design:
    named = plan.statistic if isinstance(plan.statistic, str) else None
    statistic = "mean" if plan.of_means else named
    return Design(
        statistic,
        plan.scheme,
        sample.columns if statistic else [],
        sample.n,
        units=sample.units,
        strata=sample.strata,
        sample=sample.sample,
        key=sample.key,
        block=plan.block or 0,
        p=p,
        type=type,
        where=WHERE,
    )


def _accelerations(work: Work) -> np.ndarray:
    strata = work.sample.strata
    if strata is None:
        strata = np.array([0, work.design.units])
    values = work.jackknife()
    return np.array([acceleration(values[:, k], strata) for k in range(values.shape[1])])
