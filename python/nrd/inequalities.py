"""How unequally something is spread: Gini, Theil, Herfindahl, between and within groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._columns import Numbers, read_numbers
from ._core.inequality import MEASURES, lorenz, measure
from ._groups import key_columns, ordered
from ._labels import label
from ._late import or_none
from ._result import Columns, Provenance, Result, plain, records
from ._statistics import header_of
from .errors import NrdValueError

__all__ = ["Inequality", "inequality"]

_WHERE = "inequality"
_REFERENCES = (
    "F. A. Cowell, Measuring Inequality, 3rd ed. (2011)",
    "F. Bourguignon, Decomposable income inequality measures, Econometrica 47 (1979)",
)


@dataclass(frozen=True, eq=False, repr=False)
class Inequality(Result):
    """How unequally a column is spread over its rows.

    Attributes
    ----------
    columns : dict of columns
        Keys of the group, rows used ``n``, ``weight``, ``total``, ``mean``, ``gini``,
        ``theil``, ``herfindahl`` and ``largest`` (the largest share); one row a group, or
        one in all. None where a group has no total.
    whole : dict
        The same of all rows together.
    parts : dict of columns or None
        With groups: how much of ``theil`` and of ``gini`` lies ``between`` the groups,
        ``within`` them, and, for Gini, in the ``overlap`` of their ranges. Theil's parts
        add up to the whole, but for rounding.
    curve : tuple of ndarray
        Points of the Lorenz curve of all rows: shares of the weight and of the total.
    """

    columns: Columns
    whole: dict[str, float | int | None]
    parts: Columns | None
    curve: tuple[np.ndarray, np.ndarray]

    @property
    def gini(self) -> float | None:
        """Gini's coefficient of all rows."""
        return self.whole["gini"]

    @property
    def theil(self) -> float | None:
        """Theil's T of all rows."""
        return self.whole["theil"]

    @property
    def herfindahl(self) -> float | None:
        """Sum of the squared shares of all rows."""
        return self.whole["herfindahl"]

    @property
    def table(self) -> Any:
        """One row a group, in the caller's kind of frame."""
        return self.kind.build(self.columns)

    @property
    def part_table(self) -> Any:
        """Between and within groups, in the caller's kind of frame."""
        if self.parts is None:
            raise NrdValueError(f"{_WHERE}: there are no groups, expected `by`")
        return self.kind.build(self.parts)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the Lorenz curve of all rows.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        language, title, source : str, optional
            As in `nrd.plot.heat_map`.
        labels : mapping of str to str, optional
            What the column is called, as in `Correlations.plot`.

        Returns
        -------
        matplotlib.axes.Axes
        """
        from ._plot_inequality import lorenz

        return lorenz(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        return {
            "provenance": plain(self.provenance),
            "whole": self.whole,
            "table": records(self.columns),
            "parts": None if self.parts is None else records(self.parts),
            "curve": plain(list(self.curve)),
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from ._display import Section, number

        indices = {*MEASURES.names[3:], "between", "within", "overlap", "whole"}
        out = []
        for title, columns in (("inequality", self.columns), ("parts", self.parts)):
            if columns is not None:
                shown = [
                    [number(v, 4) for v in held] if name in indices else held
                    for name, held in columns.items()
                ]
                rows = list(zip(*shown, strict=True))
                out.append(Section(label(title, language), list(columns), rows))
        return out


def inequality(
    data: Any,
    column: str | None = None,
    *,
    by: str | Sequence[str] | None = None,
    weights: str | Sequence[float] | None = None,
) -> Inequality:
    """Gini, Theil and Herfindahl of a column, for groups and for all rows.

    Parameters
    ----------
    data : data frame, mapping of columns, array, or list of numbers
        Anything narwhals reads, or numbers, each 0 or more. Rows with a missing value,
        weight or group are left out.
    column : str, optional
        The column; by default the only one.
    by : str or sequence of str, optional
        Columns whose values make groups, between and within which the whole is divided.
    weights : str or sequence of float, optional
        Persons or households that a row stands for, each with the value of the row; or the
        column that holds them. Shares are then those of weight times value.

    Returns
    -------
    Inequality
        ``gini``, ``theil`` and ``herfindahl`` of all rows, ``columns`` of the groups.

    Raises
    ------
    NrdTypeError, NrdKeyError
        If the column is not numeric or not there.
    NrdValueError
        If there are several columns to choose from, a value or weight is negative or
        infinite, or the total is 0.

    Notes
    -----
    No correction for small samples is made: n equal values of which all but one are 0 have
    a Gini coefficient of 1 - 1/n, as in R's ``ineq``. The overlap of Gini's parts is what
    is neither between the means of the groups nor within them; it is no share of either.

    References
    ----------
    .. [1] F. A. Cowell, Measuring Inequality, 3rd ed. (2011).
    .. [2] F. Bourguignon, Econometrica 47 (1979) 901-920: Theil's parts.

    Examples
    --------
    >>> import nrd
    >>> nrd.inequality([1.0, 1.0, 2.0, 4.0]).gini
    0.3125
    >>> rows = {"province": ["A", "A", "B", "B"], "income": [1.0, 3.0, 2.0, 6.0]}
    >>> found = nrd.inequality(rows, "income", by="province")
    >>> [round(found.parts[name][0], 4) for name in ("between", "within", "whole")]
    [0.0566, 0.1308, 0.1874]
    """
    found = read_numbers(data, _WHERE, columns=column, by=by, weights=weights)
    if len(found.names) != 1:
        raise NrdValueError(
            f"{_WHERE}: there are {len(found.names)} columns, expected `column` to name one"
        )
    names = [by] if isinstance(by, str) else list(by or ())
    header = header_of(names, *_HEADS)
    _check("column " + repr(found.names[0]), found.columns[0])
    if found.weight is not None:
        _check("weights", found.weight)
    rows, starts, codes = _rows(found)
    values = found.columns[0][rows]
    heads = None if found.weight is None else found.weight[rows]
    all_rows = np.array([0, len(rows)])
    (whole,) = measure(values, heads, all_rows, _WHERE)
    if not whole["total"] > 0:
        raise NrdValueError(f"{_WHERE}: the total is 0, expected a value above 0")
    groups = measure(values, heads, starts, _WHERE) if names else whole.reshape(1)
    columns = [
        *(np.asarray(v).tolist() for v in key_columns(found, codes, names, 1).values()),
        *_columns(groups).values(),
    ]
    return Inequality(
        provenance=Provenance(
            method="inequality from exact sums",
            options={"column": found.names[0], "by": names, "weights": found.weight_name},
            used=len(rows),
            dropped=found.rows - len(rows),
            references=_REFERENCES,
        ),
        kind=found.kind,
        columns=dict(zip(header, columns, strict=True)),
        whole={name: held[0] for name, held in _columns(whole.reshape(1)).items()},
        parts=_parts(groups, whole) if names else None,
        curve=lorenz(values, heads, _WHERE),
    )


_HEADS = ("n", "weight", "total", "mean", *MEASURES.names[3:])


def _rows(found: Numbers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Complete rows group by group, where each group starts, and codes of the groups."""
    complete = ~np.isnan(found.columns[0])
    if found.weight is not None:
        complete &= ~np.isnan(found.weight)
    if found.group is None:
        rows = np.flatnonzero(complete)
        return rows, np.array([0, len(rows)]), np.zeros(1, np.int64)
    code = found.group.astype(np.int64) - found.first_group
    rows = np.flatnonzero(complete & (code >= 0))
    codes = ordered(found, np.unique(code[rows]))
    place = np.empty(len(found.keys), np.int64)
    place[codes] = np.arange(len(codes))
    order = np.argsort(place[code[rows]], kind="stable")
    counts = np.bincount(place[code[rows]], minlength=len(codes))
    return rows[order], np.append(0, np.cumsum(counts)), codes


def _check(what: str, values: np.ndarray) -> None:
    """Refuse what is below 0 or infinite, by the row as the caller counts it."""
    bad = (values < 0) | np.isinf(values)
    if bad.any():
        row = int(np.argmax(bad))
        raise NrdValueError(
            f"{_WHERE}: {what}, row {row}: found {values[row]}, expected a finite number, "
            "0 or more",
            row=row,
        )


def _columns(groups: np.ndarray) -> Columns:
    """Measures as columns, with the mean."""
    with np.errstate(invalid="ignore"):
        mean = groups["total"] / groups["weight"]
    return {
        "n": groups["rows"].tolist(),
        "weight": groups["weight"].tolist(),
        "total": groups["total"].tolist(),
        "mean": or_none(mean),
        **{name: or_none(groups[name]) for name in MEASURES.names[3:]},
    }


def _parts(groups: np.ndarray, whole: np.void) -> Columns:
    """Between the means of the groups, within the groups, and what is neither."""
    held = groups[groups["total"] > 0]
    some = groups[groups["weight"] > 0]
    (between,) = measure(
        some["total"] / some["weight"], some["weight"], np.array([0, len(some)]), _WHERE
    )
    share = held["total"] / whole["total"]
    people = held["weight"] / whole["weight"]
    theil = math.fsum((share * held["theil"]).tolist())
    gini = math.fsum((share * people * held["gini"]).tolist())
    overlap = float(whole["gini"]) - float(between["gini"]) - gini
    return {
        "measure": ["theil", "gini"],
        "between": [float(between["theil"]), float(between["gini"])],
        "within": [theil, gini],
        "overlap": [0.0, max(overlap, 0.0)],
        "whole": [float(whole["theil"]), float(whole["gini"])],
    }
