"""Permutation tests: of C statistics for many outcomes at once, or of a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ._bootstrap import Sample, read_sample
from ._core.moments import column_decimals
from ._core.permutation import Permutation
from ._permutation import ALL, WHERE, PermutationTest, Plan, Roles, plan_of
from ._permutation_run import run_function, run_test
from ._resample import progress_of, seed_of
from ._result import Provenance
from .errors import NrdError, NrdKeyError, NrdValueError

__all__ = ["PermutationTest", "permutation_test"]

_SOURCES = (
    "P. Good, Permutation, Parametric and Bootstrap Tests of Hypotheses (2005)",
    "B. Phipson, G. K. Smyth, Permutation p-values should never be zero, Stat. Appl. "
    "Genet. Mol. Biol. 9 (2010) 39",
)
_STOPPING = "J. Besag, P. Clifford, Sequential Monte Carlo p-values, Biometrika 78 (1991)"
_JOINT = "P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993): maxT"
_RANDOM = "random numbers: J. K. Salmon et al., Parallel random numbers, SC'11 (2011)"


def permutation_test(
    data: Any,
    statistic: str | Callable = "mean_difference",
    columns: str | Sequence[str] | None = None,
    *,
    x: str | None = None,
    group: str | Sequence | None = None,
    strata: str | Sequence | None = None,
    cluster: str | Sequence | None = None,
    permutation_type: str | None = None,
    p: float = 0.5,
    type: int = 7,
    n_resamples: float = 9999,
    alternative: str = "two-sided",
    adjust: str | None = None,
    stop_after: int | None = None,
    decimal: str | None = "auto",
    seed: int | None = None,
    threads: int = 0,
    progress: bool | Callable[[int, int], None] = False,
) -> PermutationTest:
    """Test a statistic against the arrangements of the data that are as likely.

    All outcomes go through the same arrangements in one call. Statistics that are equal in
    theory count as equal: they are compared without rounding. Names and defaults are those
    of ``scipy.stats.permutation_test`` where they mean the same.

    Parameters
    ----------
    data : data frame, mapping of columns, array, or tuple of arrays
        Anything narwhals reads. Rows with a missing value are left out. A tuple of arrays
        is taken as by SciPy: samples with "independent", else columns.
    statistic : str or callable, optional
        "mean" (of differences), "mean_difference" and "quantile" (first group less second,
        in the order of their labels), "pearson", "spearman", "kendall" (tau-b) or "slope";
        these run in C. A function of yours gets the columns of an arrangement, or with
        "independent" the two samples, and returns a number.
    columns : str or sequence of str, optional
        Outcomes; by default all columns that are not named otherwise.
    x : str, optional
        What "pearson", "spearman", "kendall" and "slope" relate each outcome to; by default
        the first column.
    group : str or sequence, optional
        Two labels, for "independent".
    strata : str or sequence, optional
        Labels; nothing is exchanged between strata. A stratum of one row stays as it is.
    cluster : str or sequence, optional
        Labels of rows that go together: the sign of a cluster is turned as a whole, and
        clusters take each other's place where they have as many rows, row by row.
    permutation_type : {"independent", "samples", "pairings"}, optional
        What is exchanged: rows between two samples; the two columns within rows (or the
        sign of one); or the first column (`x`) against the others. The statistic decides,
        but for a function; "mean_difference" is of pairs in two columns with "samples".
    p, type : float and int, optional
        Probability and type (1 to 9) of the quantile.
    n_resamples : int or inf, optional
        Arrangements to draw. Where there are no more different ones than this, all are
        looked at, and the p-value is exact.
    alternative : {"two-sided", "greater", "less", "absolute"}, optional
        "two-sided" doubles the smaller one-sided p-value, as SciPy does. "absolute" counts
        what is as far from the middle as the data or farther, as R's coin does; the middle
        is the mean over all arrangements, 0 for tau, quantiles and functions.
    adjust : {"westfall-young"}, optional
        Adjust for the number of outcomes by the step-down maximum of Westfall and Young,
        of statistics in units of the spread of the outcome within strata.
    stop_after : int, optional
        Stop counting for an outcome when so many arrangements were as extreme as the data,
        h: then p = h / (number looked at), as by Besag and Clifford. Where all are looked
        at, all are counted.
    decimal : {"auto"} or None, optional
        By default columns with up to 9 printed decimals are taken as these numbers, so that
        0.1 + 0.2 equals 0.3. None takes doubles as they are.
    seed : int, optional
        From 0 to 2^64 - 1; by default of the operating system. The result holds it.
    threads : int, optional
        0 for all processors; the result does not depend on it.
    progress : bool or callable, optional
        True for a bar, or a function of the arrangements done and of all.

    Returns
    -------
    PermutationTest
        ``pvalue`` and ``estimate`` where there is one outcome, else ``columns``.

    Raises
    ------
    NrdTypeError, NrdKeyError
        If a column is not numeric or not there, or the function returns something else.
    NrdValueError
        If an option cannot be, a column does not vary, nothing can be exchanged, or the
        function raises.

    Notes
    -----
    Where arrangements are drawn, p = (b + 1) / (B + 1) with b of B as extreme as the data.
    For a function, numbers within a relative 1e-14 count as equal, as in SciPy.

    Other than in SciPy, "pairings" exchanges one column only, which gives the same test;
    ``rng`` is `seed`, and a function gets one arrangement at a time, without ``axis``.
    "absolute", `stop_after` and `adjust` are not there.

    References
    ----------
    .. [1] P. Good, Permutation, Parametric and Bootstrap Tests of Hypotheses (2005).
    .. [2] P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993).
    .. [3] J. Besag, P. Clifford, Biometrika 78 (1991) 301-304.

    Examples
    --------
    >>> import nrd
    >>> rows = {"met": [9, 12, 14, 11, 16, 17], "district": list("AAABBB")}
    >>> nrd.permutation_test(rows, group="district", alternative="less").pvalue
    0.15
    >>> rows = {"capital": [1.0, 2.5, 0.5, 4.0], "met": [10, 14, 9, 18]}
    >>> nrd.permutation_test(rows, "pearson", x="capital").pvalue
    0.08333333333333333
    """
    plan = plan_of(
        statistic, permutation_type, n_resamples, alternative, adjust, stop_after, decimal
    )
    data, group = _table(data, plan, group)
    labels = {"group": group, "strata": strata, "cluster": cluster}
    if x is not None and columns is not None:
        named = [columns] if isinstance(columns, str) else list(columns)
        columns = [x, *(name for name in named if name != x)]
    sample = read_sample(data, WHERE, columns, labels, apart=False, alone=True)
    roles = _roles(plan, sample, x)
    seed = seed_of(seed, WHERE)
    with progress_of(progress, WHERE) as look:
        test = _test(plan, sample, roles, seed, p, type)
        if plan.count == ALL and not test.exact:
            raise NrdValueError(
                f"{WHERE}: n_resamples is all, expected a number: there are 2^64 different "
                "arrangements or more"
            )
        run = run_function if callable(statistic) else run_test
        found, values = run(plan, sample, test, roles, threads, look)
    out = {
        "statistic": [plan.name] * len(roles.names),
        "column": roles.names,
        **found,
    }
    options = {"columns": sample.names}
    if plan.statistic == "quantile":
        options |= {"p": p, "type": type}
    options |= {name: given for name, given in labels.items() if isinstance(given, str)}
    return PermutationTest(
        _provenance(plan, sample, test, seed, options),
        sample.kind,
        out,
        test.exact,
        test.arrangements,
        values,
    )


def _table(data: Any, plan: Plan, group: Any) -> tuple[Any, Any]:
    """Turn a tuple of arrays into columns: two samples, or columns as they are."""
    arrays = isinstance(data, tuple) and all(np.ndim(item) == 1 for item in data)
    if not arrays or not data:
        return data, group
    if plan.kind != "independent":
        return {str(i + 1): np.asarray(item) for i, item in enumerate(data)}, group
    if len(data) != 2 or group is not None:
        raise NrdValueError(
            f"{WHERE}: there are {len(data)} samples, expected 2 and no group"
        )
    label = np.repeat([0, 1], [len(item) for item in data])
    return {"value": np.concatenate(data)}, label


def _roles(plan: Plan, sample: Sample, x: str | None) -> Roles:
    names, columns = sample.names, sample.columns
    if (plan.kind == "independent") != (sample.sample is not None):
        expected = "two labels" if plan.kind == "independent" else "none"
        raise NrdValueError(f"{WHERE}: group of {plan.kind}: expected {expected}")
    if x is not None and (plan.kind != "pairings" or x not in names):
        if plan.kind == "pairings":
            raise NrdKeyError(f"{WHERE}: there is no column {x!r}")
        raise NrdValueError(f"{WHERE}: x is {x!r}, expected None with {plan.kind}")
    if callable(plan.statistic):
        return _roles_of_function(plan, sample, x)
    whole, digits = _decimals(plan, columns)
    if plan.kind == "pairings":
        first = 0 if x is None else names.index(x)
        rest = [i for i in range(len(names)) if i != first]
        if not rest:
            raise NrdValueError(f"{WHERE}: {plan.name} has 1 column, expected 2 or more")
        slope = plan.statistic == "slope"
        scale = [10.0 ** (digits[first] - digits[i]) if slope else 1.0 for i in rest]
        return Roles(
            [names[i] for i in rest], [whole[i] for i in rest], whole[first], scale
        )
    if plan.statistic == "mean_difference" and plan.kind == "samples":
        if len(names) != 2:
            raise NrdValueError(
                f"{WHERE}: there are {len(names)} columns, expected the 2 of pairs"
            )
        (first, second), most = whole, max(digits)
        first, second = (
            first * 10.0 ** (most - digits[0]),
            second * 10.0 ** (most - digits[1]),
        )
        return Roles([f"{names[0]} - {names[1]}"], [first - second], None, [10.0**-most])
    return Roles(names, whole, None, [10.0**-place for place in digits])


def _roles_of_function(plan: Plan, sample: Sample, x: str | None) -> Roles:
    """The column whose arrangements are listed; all of them are the function's."""
    first = 0 if x is None else sample.names.index(x)
    width = len(sample.names)
    expected = {"independent": "1", "samples": "1 or 2", "pairings": "2 or more"}[plan.kind]
    if {"independent": width != 1, "samples": width > 2, "pairings": width < 2}[plan.kind]:
        raise NrdValueError(
            f"{WHERE}: there are {width} columns, expected {expected} with {plan.kind}"
        )
    exchanged = sample.columns[first] if plan.kind == "pairings" else None
    names = [", ".join(sample.names)]
    return Roles(names, [sample.columns[0]], exchanged, [1.0], first)


def _decimals(plan: Plan, columns: list[np.ndarray]) -> tuple[list[np.ndarray], list[int]]:
    """Columns of printed decimals as whole numbers, with the digits behind the point."""
    digits = [max(column_decimals(v), 0) if plan.as_decimals else 0 for v in columns]
    whole = [
        np.rint(values * 10.0**place) if place else values
        for values, place in zip(columns, digits, strict=True)
    ]
    return whole, digits


def _test(
    plan: Plan, sample: Sample, roles: Roles, seed: int, p: float, type: int
) -> Permutation:
    # A function's arrangements are those of a statistic that exchanges the same.
    stand_in = {"independent": "mean_difference", "samples": "mean", "pairings": "slope"}
    paired = plan.kind == "samples"
    statistic = stand_in[plan.kind] if callable(plan.statistic) else plan.statistic
    try:
        return Permutation(
            "mean" if paired else statistic,
            plan.alternative,
            roles.outcomes,
            x=roles.x,
            sample=sample.sample,
            units=sample.units,
            strata=sample.strata,
            resamples=plan.count,
            seed=seed,
            enough=plan.enough,
            joint=plan.joint,
            p=p,
            type=type,
        )
    except NrdError as error:
        if error.row is not None:
            name, (_, _, rest) = roles.names[error.row], str(error).partition(": ")
            error.args = (f"{WHERE}: column {name!r}: {rest}",)
        raise


def _provenance(
    plan: Plan, sample: Sample, test: Permutation, seed: int, options: dict[str, Any]
) -> Provenance:
    what = (
        f"all {test.arrangements} arrangements"
        if test.exact
        else f"{plan.count} random arrangements"
    )
    stopping = plan.enough and not test.exact
    options |= {
        "statistic": plan.name,
        "permutation_type": plan.kind,
        "n_resamples": plan.count,
        "alternative": plan.alternative,
    }
    if plan.enough:
        options["stop_after"] = plan.enough
    if plan.joint:
        options["adjust"] = "westfall-young"
    if sample.samples:
        options["samples"] = list(sample.samples)
    return Provenance(
        method=f"permutation test of {plan.name}: {plan.alternative}, {what}"
        + (f", until {plan.enough} are as extreme" if stopping else ""),
        options=options,
        used=sample.n,
        dropped=sample.dropped,
        references=(
            *_SOURCES,
            *((_STOPPING,) if stopping else ()),
            *((_JOINT,) if plan.joint else ()),
            *(() if test.exact else (_RANDOM,)),
        ),
        seed=seed,
    )
