"""Results of statistics: tables of numbers, covariance matrices, analyses of variance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._labels import label
from ._late import or_none
from ._result import Columns, Result, plain, records
from .errors import NrdTypeError, NrdValueError


@dataclass(frozen=True, eq=False, repr=False)
class Statistics(Result):
    """One number or several for each column and group.

    Attributes
    ----------
    columns : mapping of columns
        Keys of the group, ``column``, ``n`` (rows used) and the statistics; None where a
        statistic is undefined.
    """

    columns: Columns

    @property
    def table(self) -> Any:
        """One row a group and column, in the caller's kind of frame."""
        return self.kind.build(self.columns)

    def __float__(self) -> float:
        """The number, where there is one: one column, no groups, one statistic."""
        name = list(self.columns)[-1]
        if len(self.columns[name]) != 1:
            raise NrdTypeError(f"there are {len(self.columns[name])} numbers, expected one")
        value = self.columns[name][0]
        return float("nan") if value is None else float(value)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the table as a list of rows."""
        return {"provenance": plain(self.provenance), "table": records(self.columns)}

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        return _report(self, "statistics", self.columns, language)


@dataclass(frozen=True, eq=False, repr=False)
class Covariance(Result):
    """Covariance and correlation matrices, one for each group.

    Attributes
    ----------
    names : tuple of str
        Names of the columns.
    keys : list of tuple or None
        Keys of the groups; None without groups.
    n : ndarray of int, shape (groups,)
        Rows used: those without a missing value.
    covariance, correlation : ndarray, shape (groups, columns, columns)
        NaN where undefined: too few rows, or a column that does not vary.
    """

    names: tuple[str, ...]
    keys: list[tuple[Hashable, ...]] | None
    n: np.ndarray
    covariance: np.ndarray
    correlation: np.ndarray

    @property
    def table(self) -> Any:
        """One row a group and pair of columns, in the caller's kind of frame."""
        return self.kind.build(self._pairs())

    def _pairs(self) -> Columns:
        p = len(self.names)
        first, second = np.triu_indices(p)
        out: dict[str, list] = {}
        if self.keys is not None:
            out["group"] = [" ".join(map(str, key)) for key in self.keys for _ in first]
        groups = len(self.n)
        out["x"] = [self.names[i] for i in first] * groups
        out["y"] = [self.names[j] for j in second] * groups
        out["n"] = np.repeat(self.n, len(first)).tolist()
        for name in ("covariance", "correlation"):
            out[name] = or_none(getattr(self, name)[:, first, second].ravel())
        return out

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the table as a list of rows."""
        return {"provenance": plain(self.provenance), "table": records(self._pairs())}

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        return _report(self, "covariance", self._pairs(), language)


@dataclass(frozen=True, eq=False, repr=False)
class Anova(Result):
    """One-way analysis of variance.

    Attributes
    ----------
    groups, rows : int
        Groups with rows, and rows used.
    between, within : float
        Sums of squares between and within groups.
    mean_between, mean_within, f, r_squared, residual_sd : float
        Mean squares, their ratio, the share between, and the root of the mean within.
    """

    groups: int
    rows: int
    between: float
    within: float
    mean_between: float
    mean_within: float
    f: float
    r_squared: float
    residual_sd: float

    @property
    def table(self) -> Any:
        """The analysis as a table of two sources, in the caller's kind of frame."""
        return self.kind.build(self._rows())

    def _rows(self) -> Columns:
        return {
            "source": ["between", "within"],
            "df": [self.groups - 1, self.rows - self.groups],
            "sum_of_squares": [self.between, self.within],
            "mean_square": [self.mean_between, self.mean_within],
            "f": [self.f, None],
        }

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        return _report(self, "anova", self._rows(), language)


def _report(result: Result, title: str, columns: Columns, language: str) -> list:
    """One table under a title, with the method below it."""
    from ._display import Section

    rows = list(zip(*columns.values(), strict=True))
    return [Section(label(title, language), list(columns), rows, result.provenance.method)]


def header_of(by: Sequence[str], *names: str) -> list[str]:
    """Names of the columns of a table: those of the keys, then its own."""
    for name in by:
        if name in names:
            raise NrdValueError(
                f"by: the result has a column {name!r} of its own, expected another name"
            )
    return [*by, *names]
