"""Correlations of two columns, or of all pairs of many, with what they are worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ._correlation import Correlations
from ._correlation_call import Request, as_table, columns_of, pairs_of
from ._correlation_plan import plan_of

__all__ = ["Correlations", "correlate", "correlation_matrix"]


def correlate(
    x: Any,
    y: Any,
    method: str | Sequence[str] = "pearson",
    *,
    data: Any = None,
    covariates: Sequence[str] | Mapping[str, Any] | None = None,
    part: str = "both",
    weights: str | Sequence[float] | None = None,
    unit: str | Sequence | None = None,
    relation: str = "rows",
    time: str | Sequence | None = None,
    lag: int | Sequence[int] = 0,
    cluster: str | Sequence | None = None,
    strata: str | Sequence | None = None,
    neighbours: Any = None,
    names: str | Sequence | None = None,
    test: str = "auto",
    interval: str | None = "auto",
    adjust: str | None = None,
    alternative: str = "two-sided",
    level: float = 0.95,
    power: float = 0.8,
    share: float = 0.2,
    n_resamples: int = 9999,
    influence: bool = True,
    seed: int | None = None,
    threads: int = 0,
    progress: bool | Callable[[int, int], None] = False,
) -> Correlations:
    """Correlate two columns, and say what the coefficient is worth.

    Parameters
    ----------
    x, y : array_like, shape (n,), or str
        Numbers, or names of columns of `data`. A missing value (None, NaN) leaves out its
        row, which is counted.
    method : str or sequence of str, optional
        "pearson", "spearman", "kendall" (tau-b), "distance" (distance correlation),
        "distance_unbiased" (its bias-corrected square), "xi" (Chatterjee's, of y as a
        function of x; the mean over all orders of rows with the same x), "winsorized" or
        "percentage_bend".
    data : data frame or mapping of columns, optional
        Anything narwhals reads, where `x` and `y` are names.
    covariates : sequence of str, or mapping of columns, optional
        What is taken out of both: partial correlation, of "pearson", "spearman",
        "winsorized" (and of "kendall" from the matrix of tau-b).
    part : {"both", "x", "y"}, optional
        Whether covariates are taken from both or from one alone: semi-partial.
    weights : str or sequence of float, optional
        Survey weights, for the first three methods; the test by t has Kish's effective n.
    unit : str or sequence, optional
        Unit of each row, for `relation` and `lag`.
    relation : {"rows", "within", "between"}, optional
        Rows as they are; deviations from the means of units (repeated measures); or the
        means of units, weighted by their rows.
    time : str or sequence, optional
        Time of each row, a number, for `lag`.
    lag : int or sequence of int, optional
        `x` at a time with `y` of the same unit so much later.
    cluster : str or sequence, optional
        Labels of rows that are not independent: the interval is a bootstrap of clusters,
        and the test has as many rows as the design effect leaves, at most one a cluster.
    strata : str or sequence, optional
        Labels; rows are exchanged and resampled within strata.
    neighbours : Neighbours, libpysal W, or list of pairs of rows, optional
        Who is next to whom: Moran's I of both, and a test with Dutilleul's effective n (of
        ranks, where the method has ranks), for the first three methods.
    names : str or sequence, optional
        What rows are called where influence is named.
    test : {"auto", "asymptotic", "exact", "permutation"}, optional
        "auto" looks at all arrangements of up to 9 rows (tau: counts up to 34), exchanges
        within strata where there are some, and else takes the distribution of t, of a
        normal or of a chi squared variable. The table says which.

        With covariates "permutation" exchanges the residuals of x, which are fitted anew
        [7]_, [8]_: a test in large samples, that of the partial correlation for
        semi-partial ones too, and none of tau. With weights it exchanges x, and each row
        keeps its weight and its y; r and rho are taken over an error from the rows
        themselves [9]_, so that the level holds in large samples wherever the correlation
        is 0, and is exact where x has to do with neither y nor the weights, as it is for
        tau.
    interval : {"auto", "fisher", "bootstrap", None}, optional
        Fisher's z for the first three methods, BCa bootstrap of rows, strata or clusters.
    adjust : str, optional
        Method of `nrd.adjust_pvalues`, where there are several methods or lags.
    alternative : {"two-sided", "greater", "less"}, optional
        What counts as extreme. Of xi and distances great ones do, whatever is said here.
    level, power : float, optional
        Of the interval, and of the smallest coefficient that n rows would find.
    share : float, optional
        Of values winsorized at each end, or bent; in [0, 1/2).
    n_resamples : int, optional
        Arrangements and resamples to draw.
    influence : bool, optional
        Whether to find the coefficient without each row (or unit).
    seed : int, optional
        From 0 to 2^64 - 1; by default of the operating system. The result holds it.
    threads : int, optional
        0 for all processors; the result does not depend on it.
    progress : bool or callable, optional
        True for a bar, or a function of the steps done and of all: arrangements and
        resamples of all pairs.

    Returns
    -------
    Correlations
        ``coefficient``, ``pvalue``, ``low``, ``high``; ``table``, one row.

    Raises
    ------
    NrdTypeError, NrdKeyError
        If a column is not numeric or not there.
    NrdValueError
        If an option cannot be or does not go with another, a value is infinite, lengths
        differ, there is one cluster, or a unit has two rows at one time. A coefficient
        that is undefined is no error: it is NaN, and ``reason`` says why.

    Notes
    -----
    A correlation is an association: it does not say that one thing brings about the other.

    References
    ----------
    .. [1] M. G. Kendall, Rank Correlation Methods, 4th ed. (1970).
    .. [2] G. J. Szekely, M. L. Rizzo, N. K. Bakirov, Ann. Statist. 35 (2007) 2769-2794.
    .. [3] S. Chatterjee, J. Amer. Statist. Assoc. 116 (2021) 2009-2022.
    .. [4] R. R. Wilcox, Introduction to Robust Estimation and Hypothesis Testing (2012).
    .. [5] J. M. Bland, D. G. Altman, BMJ 310 (1995) 446 and 633.
    .. [6] P. Dutilleul, Biometrics 49 (1993) 305-314.
    .. [7] D. Freedman, D. Lane, J. Bus. Econ. Statist. 1 (1983) 292-298.
    .. [8] A. M. Winkler et al., NeuroImage 92 (2014) 381-397.
    .. [9] C. J. DiCiccio, J. P. Romano, J. Amer. Statist. Assoc. 112 (2017) 1211-1220.

    Examples
    --------
    >>> import nrd
    >>> capital = [12.5, 30.1, 8.4, 22.0, 41.3, 18.7, 15.2]
    >>> criteria = [11, 16, 10, 13, 19, 14, 9]
    >>> found = nrd.correlate(capital, criteria, "spearman")
    >>> round(found.coefficient, 3), round(found.pvalue, 4), found.columns["test"][0]
    (0.857, 0.0238, 'exact permutation')
    """
    where = "correlate"
    data, x_name, y_name, extra = as_table(data, x, y, covariates, where)
    return Request(
        where,
        data,
        [x_name, y_name],
        lambda table: np.array([[table.names.index(x_name), table.names.index(y_name)]]),
        covariates=extra,
        single=True,
        later=[y_name],
        labels={"unit": unit, "cluster": cluster, "strata": strata, "names": names},
        weights=weights,
        time=time,
        neighbours=neighbours,
        plan=plan_of(
            where,
            method=method,
            relation=relation,
            part=part,
            missing="pairwise",
            share=share,
            test=test,
            interval=interval,
            adjust=adjust,
            alternative=alternative,
            level=level,
            power=power,
            n_resamples=n_resamples,
            lag=lag,
            influence=influence,
            seed=seed,
            threads=threads,
        ),
        progress=progress,
    ).run()


def correlation_matrix(
    data: Any,
    columns: Sequence[str] | None = None,
    method: str | Sequence[str] = "pearson",
    *,
    x: Sequence[str] | None = None,
    y: Sequence[str] | None = None,
    covariates: Sequence[str] = (),
    part: str = "both",
    weights: str | Sequence[float] | None = None,
    unit: str | Sequence | None = None,
    relation: str = "rows",
    time: str | Sequence | None = None,
    lag: int | Sequence[int] = 0,
    cluster: str | Sequence | None = None,
    strata: str | Sequence | None = None,
    neighbours: Any = None,
    names: str | Sequence | None = None,
    missing: str = "pairwise",
    test: str = "auto",
    interval: str | None = "auto",
    adjust: str | None = "holm",
    alternative: str = "two-sided",
    level: float = 0.95,
    power: float = 0.8,
    share: float = 0.2,
    n_resamples: int = 9999,
    influence: bool = False,
    seed: int | None = None,
    threads: int = 0,
    progress: bool | Callable[[int, int], None] = False,
) -> Correlations:
    """Correlate all pairs of columns in one call, adjusted for their number.

    Parameters
    ----------
    data : data frame, mapping of columns, or array of shape (n, columns)
        Anything narwhals reads.
    columns : sequence of str, optional
        Columns whose pairs are taken; by default all that have no other role.
    method, covariates, part, weights, unit, relation, time, lag, cluster, strata, \
neighbours, names, test, interval, alternative, level, power, share, n_resamples, \
influence, seed, threads, progress
        As in `nrd.correlate`. Covariates are names. With "xi" both directions are taken.
    x, y : sequence of str, optional
        Instead of `columns`: each of these with each of those, say resources with results.
    missing : {"pairwise", "listwise"}, optional
        Whether a pair has the rows that miss neither of the two, or all pairs those that
        miss none. The table counts what was dropped.
    adjust : str or None, optional
        Method of `nrd.adjust_pvalues` ("holm", "fdr_bh", "fdr_by" ...) over all pairs of a
        method; or "max-t", the step-down maximum over random arrangements, of rows that
        miss nothing: with `x` and `y` the rows of all x together are exchanged against
        those of all y, else each column against all others.

    Returns
    -------
    Correlations
        ``table``, one row a pair, and ``matrix()``. A pair without a coefficient says why
        in its row, and the others go on.

    Raises
    ------
    NrdTypeError, NrdKeyError, NrdValueError
        As in `nrd.correlate`; if there is no pair, or both `columns` and `x` or `y`.

    References
    ----------
    .. [1] P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993).

    Examples
    --------
    >>> import nrd
    >>> rows = {
    ...     "capital": [12.5, 30.1, 8.4, 22.0, 41.3, 18.7],
    ...     "credit": [3.1, 4.0, 2.2, None, 5.1, 1.9],
    ...     "criteria": [11, 16, 10, 13, 19, 14],
    ... }
    >>> found = nrd.correlation_matrix(rows, method="kendall", x=["capital", "credit"],
    ...     y=["criteria"])
    >>> [round(p, 4) for p in found.columns["adjusted"]], found.columns["n"]
    ([0.0333, 0.2333], [6, 5])
    """
    where = "correlation_matrix"
    chosen = columns_of(columns, x, y, where)
    return Request(
        where,
        data,
        chosen,
        lambda table: pairs_of(table, chosen, x, y, method, where),
        covariates=list(covariates),
        single=False,
        later=list(y) if y is not None else [],
        labels={"unit": unit, "cluster": cluster, "strata": strata, "names": names},
        weights=weights,
        time=time,
        neighbours=neighbours,
        plan=plan_of(
            where,
            method=method,
            relation=relation,
            part=part,
            missing=missing,
            share=share,
            test=test,
            interval=interval,
            adjust=adjust,
            alternative=alternative,
            level=level,
            power=power,
            n_resamples=n_resamples,
            lag=lag,
            influence=influence,
            seed=seed,
            threads=threads,
        ),
        progress=progress,
    ).run()
