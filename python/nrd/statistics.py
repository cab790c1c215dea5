"""Means, covariances, correlations and analysis of variance of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ._columns import Numbers, read_numbers
from ._core.moments import State, column_decimals
from ._frames import Kind
from ._groups import count, key_columns, ordered, seen
from ._late import Late
from ._result import Provenance
from ._statistics import Anova, Covariance, Statistics, header_of
from .errors import NrdKeyError, NrdValueError
from .moments import Moments

_MISSING = ("skip", "propagate", "raise")


def moments_of(found: Numbers, weight_kind: str | None, **options: Any) -> Moments:
    """Make a state of columns that were read; options as for `empty_moments`."""
    state = empty_moments(found, weight_kind, **options)
    state._add(found)
    return state


def empty_moments(
    found: Numbers,
    weight_kind: str | None,
    *,
    level: str,
    decimal: Any,
    threads: int,
    by: list[str],
) -> Moments:
    """Make a state that takes the columns that were read."""
    if decimal == "auto":
        decimal = dict(zip(found.names, map(column_decimals, found.columns), strict=True))
    return Moments(
        found.names,
        by=by,
        weights=found.weight_name,
        weight_kind=weight_kind,
        level=level,
        decimal=decimal,
        threads=threads,
    )


def each_column(found: Numbers, decimal: Any, where: str) -> Iterator[tuple[Numbers, Any]]:
    """Columns one by one, each with its own decimals."""
    if isinstance(decimal, dict) and not decimal.keys() <= set(found.names):
        unknown = next(name for name in decimal if name not in found.names)
        raise NrdKeyError(
            f"{where}: decimal names {unknown!r}, expected one of "
            f"{', '.join(map(repr, found.names))}"
        )
    for name, values in zip(found.names, found.columns, strict=True):
        one = Numbers(**{**vars(found), "names": [name], "columns": [values]})
        yield one, decimal.get(name, -1) if isinstance(decimal, dict) else decimal


def sums_of_each(
    found: Numbers,
    weight_kind: str | None,
    *,
    level: str,
    decimal: Any,
    threads: int,
    by: list[str],
    where: str,
) -> tuple[list[State], Provenance]:
    """Sums of each column by itself, and how they were made; options as in `Moments`."""
    states: list[State] = []
    decimals: list[int] = []
    for one, places in each_column(found, decimal, where):
        empty = empty_moments(
            one, weight_kind, level=level, decimal=places, threads=threads, by=by
        )
        states.append(empty._sums(one))
        decimals += empty.decimals or (-1,)
    made = empty._provenance({})
    taken = tuple(decimals) if max(decimals) >= 0 else None
    return states, replace(
        made,
        options={**made.options, "decimals": taken},
        used=max(int(state.rows().sum()) for state in states),
        dropped=max(state.dropped for state in states),
    )


def _names(by: str | Sequence[str] | None) -> list[str]:
    return [by] if isinstance(by, str) else list(by or ())


def _check_missing(found: Numbers, missing: str, where: str) -> None:
    if missing not in _MISSING:
        raise NrdValueError(
            f"{where}: missing is {missing!r}, expected {', '.join(_MISSING)}"
        )
    if missing == "raise":
        columns = dict(zip(found.names, found.columns, strict=True))
        if found.weight is not None:
            columns["weights"] = found.weight
        for name, values in columns.items():
            rows = np.flatnonzero(np.isnan(values))
            if len(rows):
                raise NrdValueError(
                    f"{where}: column {name!r}, row {rows[0]}: the value is missing",
                    row=int(rows[0]),
                )


def mean(
    data: Any,
    columns: str | Sequence[str] | None = None,
    *,
    by: str | Sequence[str] | None = None,
    weights: str | Sequence[float] | None = None,
    weight_kind: str | None = None,
    missing: str = "skip",
    decimal: str | int | dict[str, int] | None = None,
    threads: int = 0,
) -> Statistics:
    """Mean of each column, rounded once from the exact sum.

    Parameters
    ----------
    data : data frame, mapping of columns, array, or list of numbers
        Anything narwhals reads, or numbers.
    columns : str or sequence of str, optional
        Columns; by default all but those named by `by` and `weights`.
    by : str or sequence of str, optional
        Columns whose values make groups.
    weights : str or sequence of float, optional
        Weights, or the column that holds them.
    weight_kind : {"frequency", "probability", "precision"}, optional
        What the weights mean; required where there are weights. The mean is the same for
        all.
    missing : {"skip", "propagate", "raise"}, optional
        What a missing value or weight does: it is left out of its own column, makes the
        mean of its group None, or is an error. A row without a group is always left out.
    decimal : "auto", int, or mapping of str to int, optional
        Take values as the printed decimals they stand for, up to 9 of them and 15 digits.
    threads : int, optional
        0 for all processors.

    Returns
    -------
    Statistics
        ``float(result)`` is the number where there is one.

    Raises
    ------
    NrdTypeError, NrdKeyError
        If a column is not numeric or not there.
    NrdValueError
        If an option cannot be, a value is infinite, or a weight cannot be.

    Examples
    --------
    >>> import nrd
    >>> float(nrd.mean([1e308, 1e308, -1e308]))
    3.333333333333333e+307
    >>> rows = {"commune": ["A", "A", "B"], "income": [1, 2, 4]}
    >>> nrd.mean(rows, by="commune").columns["mean"]
    [1.5, 4.0]
    """
    found = read_numbers(data, "mean", columns=columns, by=by, weights=weights)
    _check_missing(found, missing, "mean")
    names = _names(by)
    header = header_of(names, "column", "n", "mean")
    states, made = sums_of_each(
        found, weight_kind, level="means", decimal=decimal, threads=threads, by=names,
        where="mean",
    )  # fmt: skip
    rows = np.column_stack([state.rows() for state in states])
    means = np.column_stack([state.mean() for state in states])
    if missing == "propagate":
        means[_lost(found)] = np.nan
    groups = ordered(found, seen(found, rows, all(state.dropped for state in states)))
    values = [
        *key_columns(found, groups, names, len(found.names)).values(),
        found.names * len(groups),
        rows[groups].ravel(),
        means[groups].ravel(),
    ]
    return Statistics(made, found.kind, Late(zip(header, values, strict=True)))


def _lost(found: Numbers) -> np.ndarray:
    """Where a value or weight is missing, by group and column."""
    lost = np.zeros((count(found), len(found.names)), bool)
    for i, values in enumerate(found.columns):
        rows = np.isnan(values)
        if found.weight is not None:
            rows |= np.isnan(found.weight)
        if found.group is None:
            lost[0, i] = rows.any()
        else:
            codes = found.group[rows] - found.first_group
            lost[codes[codes >= 0], i] = True
    return lost


def covariance(
    data: Any,
    columns: str | Sequence[str] | None = None,
    *,
    by: str | Sequence[str] | None = None,
    weights: str | Sequence[float] | None = None,
    weight_kind: str | None = None,
    ddof: int = 1,
    missing: str = "skip",
    decimal: str | int | dict[str, int] | None = None,
    threads: int = 0,
) -> Covariance:
    """Covariances and Pearson correlations of columns, exact until they are rounded once.

    A row with a missing value in any column is left out (listwise). A correlation is never
    beyond 1 in size, is 1 or -1 only where the rows lie on a line, and is undefined where a
    column does not vary.

    Parameters
    ----------
    data, columns, by, weights, decimal, threads
        As in `mean`.
    weight_kind : {"frequency", "probability", "precision"}, optional
        Frequencies count rows; with the others the weighted mean square is multiplied by
        n / (n - ddof).
    ddof : {1, 0}, optional
        As in ``numpy.cov``.
    missing : {"skip", "raise"}, optional
        As in `mean`.

    Returns
    -------
    Covariance

    Raises
    ------
    NrdTypeError, NrdKeyError, NrdValueError
        As `mean`.

    Examples
    --------
    >>> import nrd
    >>> result = nrd.covariance({"x": [0.0, 0.0, 2.0], "y": [1e8, 1e8, 1e8 + 3]})
    >>> float(result.correlation[0, 0, 1])
    1.0
    """
    found = read_numbers(data, "covariance", columns=columns, by=by, weights=weights)
    if missing == "propagate":
        raise NrdValueError(
            "covariance: missing is 'propagate', expected 'skip' or 'raise'"
        )
    _check_missing(found, missing, "covariance")
    state = moments_of(
        found,
        weight_kind,
        level="covariances",
        decimal=decimal,
        threads=threads,
        by=_names(by),
    )
    made = state.covariance(ddof=ddof)
    return _of_kind(made, found.kind)


def anova(
    data: Any,
    column: str,
    *,
    by: str,
    decimal: str | int | None = None,
    threads: int = 0,
) -> Anova:
    """One-way analysis of variance of a column over groups.

    Parameters
    ----------
    data : data frame or mapping of columns
        Anything narwhals reads.
    column : str
        The column of values.
    by : str
        The column of groups.
    decimal : "auto" or int, optional
        As in `mean`.
    threads : int, optional
        0 for all processors.

    Returns
    -------
    Anova

    Raises
    ------
    NrdTypeError, NrdKeyError
        If a column is not numeric or not there.
    NrdValueError
        If there are fewer than two groups, no more rows than groups, or no variation.

    Examples
    --------
    >>> import nrd
    >>> rows = {"district": ["A", "A", "B", "B"], "income": [1.0, 2.0, 3.0, 5.0]}
    >>> nrd.anova(rows, "income", by="district").f
    5.0
    """
    found = read_numbers(data, "anova", columns=column, by=by)
    state = moments_of(
        found, None, level="variances", decimal=decimal, threads=threads, by=_names(by)
    )
    if state._state is None:
        raise NrdValueError("anova: there are no rows")
    return Anova(
        state._provenance({"by": by, "column": column}), found.kind, **state._state.anova()
    )


def _of_kind(made: Covariance, kind: Kind) -> Covariance:
    return Covariance(
        made.provenance,
        kind,
        made.names,
        made.keys,
        made.n,
        made.covariance,
        made.correlation,
    )
