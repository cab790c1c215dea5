"""Confidence intervals for shares, their differences, and means."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np

from ._columns import read_numbers
from ._core import interval
from ._frames import NO_KIND
from ._groups import key_columns, ordered, seen
from ._late import Late
from ._result import Provenance
from ._statistics import Statistics, header_of
from .errors import NrdTypeError, NrdValueError
from .statistics import sums_of_each

__all__ = ["mean_interval", "proportion_difference", "proportion_interval"]

_SOURCES = {
    "wilson": "E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212",
    "clopper-pearson": "C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413",
    "jeffreys": "L. D. Brown, T. T. Cai, A. DasGupta, Statist. Sci. 16 (2001) 101-133",
    "hypergeometric": "H. S. Konijn, Statistical Theory of Sample Survey Design and "
    "Analysis (1973): inversion of the hypergeometric tests",
}
_NEWCOMBE = "R. G. Newcombe, Stat. Med. 17 (1998) 873-890"
_STUDENT = "Student, The probable error of a mean, Biometrika 6 (1908) 1-25"


def proportion_interval(
    met: int | Sequence[int],
    known: int | Sequence[int],
    *,
    level: float = 0.95,
    method: str = "wilson",
    population: int | Sequence[int] | None = None,
) -> Statistics:
    """Confidence interval for the share of units that meet a criterion, from a sample.

    A full count has no interval: `known` of `known` units is what there is. Where the
    sample is a good part of the units give `population`; at `known` = `population` the
    interval is the share itself.

    Parameters
    ----------
    met : int or sequence of int, shape (n,)
        Units of the sample that meet it.
    known : int or sequence of int, shape (n,)
        Units in the sample, each at least `met`.
    level : float, optional
        Confidence level, in (0, 1).
    method : {"wilson", "clopper-pearson", "jeffreys"}, optional
        Which interval, where no `population` is given.
    population : int or sequence of int, shape (n,), optional
        Units there are in all, each at least `known`: exact hypergeometric interval.

    Returns
    -------
    Statistics
        One row a share: ``met``, ``known``, ``share`` (None where nothing is known),
        ``low`` and ``high``, shares in [0, 1].

    Raises
    ------
    NrdTypeError
        If a count is not a whole number.
    NrdValueError
        If `met` exceeds `known` or `known` exceeds `population` in a row, the level is
        outside (0, 1), or the method is not known.

    Examples
    --------
    >>> import nrd
    >>> found = nrd.proportion_interval(10, 18).columns
    >>> round(found["low"][0], 4), round(found["high"][0], 4)
    (0.3372, 0.7544)
    """
    given = {"met": met, "known": known}
    if population is not None:
        given["population"] = population
    met_n, known_n, *rest = _rows(given, "proportion_interval")
    if population is None:
        if method not in interval.METHODS:
            raise NrdValueError(
                f"method is {method!r}, expected {', '.join(map(repr, interval.METHODS))}"
            )
        low, high = interval.share(method, met_n, known_n, level)
    else:
        method = "hypergeometric"
        least, most = interval.finite(met_n, known_n, rest[0], level)
        low, high = least / rest[0], most / rest[0]
    columns = {
        "met": met_n.tolist(),
        "known": known_n.tolist(),
        "share": _shares(met_n, known_n),
    }
    return Statistics(
        Provenance(
            method=f"{method} interval for a share",
            options={"level": level, "method": method, "population": population},
            used=len(met_n),
            references=(_SOURCES[method],),
        ),
        NO_KIND,
        {**columns, "low": low.tolist(), "high": high.tolist()},
    )


def _shares(met: np.ndarray, known: np.ndarray) -> list[float | None]:
    pairs = zip(met.tolist(), known.tolist(), strict=True)
    return [m / k if k else None for m, k in pairs]


def proportion_difference(
    met_a: int | Sequence[int],
    known_a: int | Sequence[int],
    met_b: int | Sequence[int],
    known_b: int | Sequence[int],
    *,
    level: float = 0.95,
) -> Statistics:
    """Difference between the shares of two independent samples, and Newcombe's interval.

    It is a less b: positive where the share of `met_a` in `known_a` is the greater one. The
    interval is method 10 of Newcombe, from Wilson's for each sample.

    Parameters
    ----------
    met_a, met_b : int or sequence of int, shape (n,)
        Units of each sample that meet the criterion.
    known_a, known_b : int or sequence of int, shape (n,)
        Units in each sample, at least as many as meet it.
    level : float, optional
        Confidence level, in (0, 1).

    Returns
    -------
    Statistics
        One row a pair: ``share_a``, ``share_b`` and ``difference`` (None where a sample is
        empty), ``low`` and ``high``, in [-1, 1].

    Raises
    ------
    NrdTypeError
        If a count is not a whole number.
    NrdValueError
        If more meet the criterion than there are in a row, a count is negative, or the
        level is outside (0, 1).

    Examples
    --------
    Of 34 communes 20 meet a criterion in one district, and 11 of 29 in another:

    >>> import nrd
    >>> found = nrd.proportion_difference(20, 34, 11, 29).columns
    >>> round(found["difference"][0], 4)
    0.2089
    >>> round(found["low"][0], 4), round(found["high"][0], 4)
    (-0.0364, 0.4215)
    """
    given = {"met_a": met_a, "known_a": known_a, "met_b": met_b, "known_b": known_b}
    counts = _rows(given, "proportion_difference")
    low, high = interval.difference(counts, level)
    first, second = _shares(*counts[:2]), _shares(*counts[2:])
    pairs = list(zip(first, second, strict=True))
    return Statistics(
        Provenance(
            method="Newcombe's interval for a difference of shares",
            options={"level": level},
            used=len(low),
            references=(_NEWCOMBE,),
        ),
        NO_KIND,
        {
            **{name: held.tolist() for name, held in zip(given, counts, strict=True)},
            "share_a": first,
            "share_b": second,
            "difference": [None if None in pair else pair[0] - pair[1] for pair in pairs],
            "low": low.tolist(),
            "high": high.tolist(),
        },
    )


def mean_interval(
    data: Any,
    columns: str | Sequence[str] | None = None,
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    decimal: str | int | dict[str, int] | None = None,
    threads: int = 0,
) -> Statistics:
    """Mean of each column with Student's confidence interval, by group.

    The rows are taken as a random sample from a population that is much larger. A full
    count has no interval: its mean is what there is.

    Parameters
    ----------
    data, columns, by, decimal, threads
        As in `mean`. Missing values are left out.
    level : float, optional
        Confidence level, in (0, 1).

    Returns
    -------
    Statistics
        One row a group and column: ``n``, ``mean``, ``sd`` (divisor n - 1), ``low`` and
        ``high``, in the unit of the column. One number says nothing of its spread: bounds
        are None where n is less than 2.

    Raises
    ------
    NrdTypeError, NrdKeyError, NrdValueError
        As `mean`, and if the level is outside (0, 1) or a variance is beyond the doubles.

    Examples
    --------
    >>> import nrd
    >>> found = nrd.mean_interval({"income": [19.5, 21.0, 24.0, 22.5]}).columns
    >>> found["mean"][0], round(found["low"][0], 3), round(found["high"][0], 3)
    (21.75, 18.669, 24.831)
    """
    found = read_numbers(data, "mean_interval", columns=columns, by=by)
    names = [by] if isinstance(by, str) else list(by or ())
    header_of(names, "column", "n", "mean", "sd", "low", "high")
    states, made = sums_of_each(
        found, None, level="variances", decimal=decimal, threads=threads, by=names,
        where="mean_interval",
    )  # fmt: skip
    n, mean, variance = (
        np.column_stack([getattr(state, name)() for state in states])
        for name in ("rows", "mean", "variance")
    )
    groups = ordered(found, seen(found, n))
    n, mean, variance = (values[groups] for values in (n, mean, variance))

    def where(row: int) -> str:
        return f"mean_interval: column {found.names[row % len(found.names)]!r}"

    bounds = interval.mean(mean.ravel(), variance.ravel(), n.ravel(), level, where)
    return Statistics(
        Provenance(
            method="Student's interval for a mean",
            options={"level": level, "decimals": made.options["decimals"]},
            used=made.used,
            dropped=made.dropped,
            references=(_STUDENT,),
        ),
        found.kind,
        Late(
            {
                **key_columns(found, groups, names, len(found.names)),
                "column": found.names * len(groups),
                "n": n.ravel(),
                "mean": mean.ravel(),
                "sd": np.sqrt(variance).ravel(),
                **{
                    name: np.where(n.ravel() < 2, np.nan, bound)
                    for name, bound in zip(("low", "high"), bounds, strict=True)
                },
            }
        ),
    )


def _rows(given: dict[str, Any], where: str) -> list[np.ndarray]:
    """Counts by name as columns of one length; one count goes with every row."""
    counts = [_counts(values, name, where) for name, values in given.items()]
    lengths = {len(values) for values in counts} - {1}
    if len(lengths) > 1:
        raise NrdValueError(
            f"{where}: {', '.join(given)} have {sorted(lengths)} rows, expected one length"
        )
    return list(np.broadcast_arrays(*counts))


def _counts(values: Any, name: str, where: str) -> np.ndarray:
    found = np.atleast_1d(np.asarray(values))
    if found.ndim > 1:
        raise NrdTypeError(f"{where}: {name} has {found.ndim} dimensions, expected 1")
    whole = found.dtype.kind in "iu" or all(isinstance(v, Integral) for v in found.tolist())
    if not whole or found.dtype.kind == "b":
        raise NrdTypeError(f"{where}: {name} holds {values!r}, expected whole numbers")
    if found.size and int(found.min()) < 0:
        row = int(np.argmin(found))
        raise NrdValueError(
            f"{where}, row {row}: {name} is {found[row]}, expected 0 or more",
            row=row,
        )
    return found.astype(np.uint64)
