"""Quantiles of all nine types, and the description of a table."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np

from ._columns import Numbers, read_numbers
from ._core import order
from ._frames import EXACT
from ._keys import in_order
from ._result import Provenance
from ._statistics import Statistics, header_of
from .errors import NrdValueError
from .moments import weight_kind_of
from .statistics import each_column, moments_of

__all__ = ["describe", "quantile"]

_QUARTILES = (0.25, 0.5, 0.75)
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
    _check_weights(found.weight, weight_kind)
    type, wanted = _type(type), _probabilities(p)
    names = [by] if isinstance(by, str) else list(by or ())
    header = header_of(names, "column", "n", "p", "quantile")
    rows = []
    used = 0
    for key, name, values, weight in _parts(found):
        used += len(values)
        for probability, value in zip(
            wanted.tolist(),
            _quantiles(values, wanted, type, weight, weight_kind),
            strict=True,
        ):
            rows.append((*key, name, len(values), probability, value))
    return Statistics(
        Provenance(
            method=f"quantiles of type {type}",
            options={"p": wanted.tolist(), "type": type, "weight_kind": weight_kind},
            used=used,
            dropped=found.rows * len(found.names) - used,
            references=_SOURCE,
        ),
        found.kind,
        {name: [row[i] for row in rows] for i, name in enumerate(header)},
    )


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


def _check_weights(weight: np.ndarray | None, kind: str | None) -> None:
    """Check the weights of all rows, also where a value is missing."""
    if weight is None:
        return
    bad = (weight < 0) | np.isinf(weight)
    expected = "a number, 0 or more"
    if kind == "frequency":
        bad |= ~np.isnan(weight) & ((weight != np.floor(weight)) | (weight > EXACT))
        expected = "a whole number, 0 or more"
    if bad.any():
        row = int(np.argmax(bad))
        raise NrdValueError(
            f"quantile: row {row}: the weight is {weight[row]:.17g}, expected {expected}",
            row=row,
        )


def _quantiles(values, wanted, type, weight, weight_kind) -> list[float | None]:
    if not len(values) or (weight is not None and not weight.any()):
        return [None] * len(wanted)
    found = order.quantile(values, wanted, type, weight, weight_kind == "frequency")
    return [None if v != v else v for v in found.tolist()]


def _parts(
    found: Numbers,
) -> Iterator[tuple[tuple[Hashable, ...], str, np.ndarray, np.ndarray | None]]:
    """Values and weights of each group and column, without missing ones."""
    for key, rows in _groups(found):
        for name, column in zip(found.names, found.columns, strict=True):
            values = column[rows]
            weight = None if found.weight is None else found.weight[rows]
            keep = ~np.isnan(values)
            if weight is not None:
                keep &= ~np.isnan(weight)
            if not keep.all():
                values, weight = values[keep], None if weight is None else weight[keep]
            yield key, name, values, weight


def _groups(found: Numbers) -> Iterator[tuple[tuple[Hashable, ...], Any]]:
    """Keys in their order, and the rows of each."""
    if found.keys is None:
        yield (), slice(None)
        return
    codes = found.group - found.first_group
    sorted_rows = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[sorted_rows], np.arange(len(found.keys) + 1))
    for code in in_order(found.keys):
        rows = sorted_rows[ends[code] : ends[code + 1]]
        if len(rows):
            yield found.keys[code], rows


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
    sums = {}
    for one, places in each_column(found, decimal, "describe"):
        state = moments_of(
            one, None, level="variances", decimal=places, threads=threads, by=names
        )
        table = state.finalize().columns
        keys = zip(*(table[n] for n in names), strict=True) if names else [()]
        sums[one.names[0]] = dict(
            zip(keys, zip(table["mean"], table["sd"], strict=True), strict=True)
        )
    rows = []
    probabilities = np.array([0.0, *_QUARTILES, 1.0])
    for key, rows_of in _groups(found):
        for name, column in zip(found.names, found.columns, strict=True):
            values = column[rows_of]
            kept = values[~np.isnan(values)]
            mean, sd = sums[name].get(key, (None, None))
            spread = _quantiles(kept, probabilities, 7, None, None)
            rows.append((*key, name, len(kept), len(values) - len(kept), mean, sd, *spread))
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
    return Statistics(
        Provenance(
            method="exact sums rounded once; quantiles of type 7",
            used=found.rows,
            references=_SOURCE,
        ),
        found.kind,
        {name: [row[i] for row in rows] for i, name in enumerate(header)},
    )
