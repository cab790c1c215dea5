"""Confidence intervals for shares of communes."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np

from ._core import interval
from ._frames import NO_KIND
from ._result import Provenance
from ._statistics import Statistics
from .errors import NrdTypeError, NrdValueError

__all__ = ["proportion_interval"]

_SOURCES = {
    "wilson": "E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212",
    "clopper-pearson": "C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413",
    "jeffreys": "L. D. Brown, T. T. Cai, A. DasGupta, Statist. Sci. 16 (2001) 101-133",
    "hypergeometric": "H. S. Konijn, Statistical Theory of Sample Survey Design and "
    "Analysis (1973): inversion of the hypergeometric tests",
}


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
    given = {"met": met, "known": known, "population": population}
    counts = {k: _counts(v, k) for k, v in given.items() if v is not None}
    met_n, known_n, *rest = np.broadcast_arrays(*counts.values())
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
    share = [
        m / k if k else None for m, k in zip(met_n.tolist(), known_n.tolist(), strict=True)
    ]
    columns = {"met": met_n.tolist(), "known": known_n.tolist(), "share": share}
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


def _counts(values: Any, name: str) -> np.ndarray:
    found = np.atleast_1d(np.asarray(values))
    whole = found.dtype.kind in "iu" or all(isinstance(v, Integral) for v in found.tolist())
    if not whole or found.dtype.kind == "b":
        raise NrdTypeError(
            f"proportion_interval: {name} holds {values!r}, expected whole numbers"
        )
    if found.size and int(found.min()) < 0:
        row = int(np.argmin(found))
        raise NrdValueError(
            f"proportion_interval, row {row}: {name} is {found[row]}, expected 0 or more",
            row=row,
        )
    return found.astype(np.uint64)
