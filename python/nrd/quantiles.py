"""Quantiles of all nine types, and the description of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._columns import Numbers, read_numbers
from ._core.order import quantiles
from ._groups import count, key_columns, ordered, seen, sizes
from ._late import Late
from ._options import threads_of, weight_kind_of
from ._result import Provenance
from ._statistics import Statistics, header_of
from .errors import NrdValueError
from .statistics import sums_of_each

__all__ = ["describe", "quantile"]

_SPREAD = (0.0, 0.25, 0.5, 0.75, 1.0)
_SOURCE = (
    "R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American "
    "Statistician 50 (1996) 361-365",
)


def quantile(
    data: Any,
    p: float | Sequence[float],
    columns: str | Sequence[str] | None = None,
    *,
    type: int = 7,
    by: str | Sequence[str] | None = None,
    weights: str | Sequence[float] | None = None,
    weight_kind: str | None = None,
    threads: int = 0,
) -> Statistics:
    """Quantiles of each column, by group; the order of rows does not matter, bit for bit.

    Parameters
    ----------
    data : data frame, mapping of columns, array, or list of numbers
        Anything narwhals reads, or numbers. Missing values are left out.
    p : float or sequence of float
        Probabilities, in [0, 1].
    columns, by, weights : optional
        As in `mean`.
    type : int, optional
        Type of Hyndman and Fan, 1 to 9, as in R; 7 is the default of R and NumPy. Weights
        that are not frequencies allow the types 1, 2, 4 and 5.
    weight_kind : {"frequency", "probability", "precision"}, optional
        Frequencies mean rows that are there so often.
    threads : int, optional
        0 for all processors.

    Returns
    -------
    Statistics
        One row a group, column and probability.

    Raises
    ------
    NrdTypeError, NrdKeyError
        If a column is not numeric or not there.
    NrdValueError
        If a probability, the type or a weight cannot be.

    Examples
    --------
    >>> import nrd
    >>> nrd.quantile([3.0, 1.0, 2.0, 10.0], [0.25, 0.5]).columns["quantile"]
    [1.75, 2.5]
    """
    found = read_numbers(data, "quantile", columns=columns, by=by, weights=weights)
    weight_kind_of(found.weight is not None, weight_kind)
    type, wanted = _type(type), _probabilities(p)
    names = [by] if isinstance(by, str) else list(by or ())
    header = header_of(names, "column", "n", "p", "quantile")
    values, n = _of_columns(found, wanted, type, weight_kind, threads_of(threads))
    groups = ordered(found, seen(found, n))
    columns = [
        *key_columns(found, groups, names, len(found.names) * len(wanted)).values(),
        [name for name in found.names for _ in wanted] * len(groups),
        np.repeat(n[groups].ravel(), len(wanted)),
        np.tile(wanted, len(groups) * len(found.names)),
        values[groups].ravel(),
    ]
    used = int(n.sum())
    return Statistics(
        Provenance(
            method=f"quantiles of type {type}",
            options={
                "p": wanted.tolist(),
                "type": type,
                "weights": found.weight_name,
                "weight_kind": weight_kind,
            },
            used=used,
            dropped=found.rows * len(found.names) - used,
            references=_SOURCE,
        ),
        found.kind,
        Late(zip(header, columns, strict=True)),
    )


def _of_columns(
    found: Numbers, p: np.ndarray, type: int, weight_kind: str | None, threads: int
) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles by group, column and probability, and rows used by group and column."""
    made = [
        quantiles(
            column,
            p,
            type,
            group=found.group,
            first_group=found.first_group,
            groups=count(found),
            weight=found.weight,
            frequencies=weight_kind == "frequency",
            threads=threads,
        )
        for column in found.columns
    ]
    values, n = zip(*made, strict=True)
    return np.stack(values, axis=1), np.stack(n, axis=1).astype(np.int64)


def _type(type: int) -> int:
    if not isinstance(type, int | np.integer) or not 1 <= type <= 9:
        raise NrdValueError(f"quantile: the type is {type!r}, expected 1 to 9")
    return int(type)


def _probabilities(p: float | Sequence[float]) -> np.ndarray:
    held = list(p) if hasattr(p, "__iter__") and not isinstance(p, str) else [p]
    for place, value in enumerate(held):
        if not isinstance(value, int | float | np.number) or not 0 <= value <= 1:
            raise NrdValueError(
                f"quantile: probability {place} is {value!r}, expected a number in [0, 1]"
            )
    return np.array(held, np.float64)


def describe(
    data: Any,
    columns: str | Sequence[str] | None = None,
    *,
    by: str | Sequence[str] | None = None,
    decimal: str | int | dict[str, int] | None = None,
    threads: int = 0,
) -> Statistics:
    """Count, missing values, mean, standard deviation, quartiles and range of each column.

    Parameters
    ----------
    data, columns, by, decimal, threads
        As in `mean`. Missing values are counted and left out.

    Returns
    -------
    Statistics
        One row a group and column: ``n``, ``missing``, ``mean``, ``sd`` (divisor n - 1),
        ``min``, ``q25``, ``median``, ``q75`` (type 7) and ``max``.

    Raises
    ------
    NrdTypeError, NrdKeyError, NrdValueError
        As `mean`.

    Examples
    --------
    >>> import nrd
    >>> found = nrd.describe({"income": [19.5, 21.0, None, 24.0]}).columns
    >>> found["n"], found["missing"], found["mean"], found["median"]
    ([3], [1], [21.5], [21.0])
    """
    found = read_numbers(data, "describe", columns=columns, by=by)
    names = [by] if isinstance(by, str) else list(by or ())
    header = header_of(
        names,
        "column",
        "n",
        "missing",
        "mean",
        "sd",
        "min",
        "q25",
        "median",
        "q75",
        "max",
    )
    states, made = sums_of_each(
        found, None, level="variances", decimal=decimal, threads=threads, by=names,
        where="describe",
    )  # fmt: skip
    spread, n = _of_columns(found, np.array(_SPREAD), 7, None, threads_of(threads))
    groups = ordered(found, seen(found, n))
    missing = sizes(found)[:, np.newaxis] - n
    mean = np.column_stack([state.mean() for state in states])
    sd = np.sqrt(np.column_stack([state.variance() for state in states]))
    columns = [
        *key_columns(found, groups, names, len(found.names)).values(),
        found.names * len(groups),
        *(values[groups].ravel() for values in (n, missing, mean, sd)),
        *(spread[groups, :, i].ravel() for i in range(len(_SPREAD))),
    ]
    return Statistics(
        Provenance(
            method="exact sums rounded once; quantiles of type 7",
            options={"decimals": made.options["decimals"]},
            used=made.used,
            dropped=made.dropped,
            references=_SOURCE,
        ),
        found.kind,
        Late(zip(header, columns, strict=True)),
    )
