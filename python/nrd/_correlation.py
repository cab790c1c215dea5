"""The result of correlations: one row a pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ._late import or_none
from ._result import Columns, Result, records
from .errors import NrdKeyError, NrdTypeError, NrdValueError

NOT_CAUSE = "A correlation is an association, and does not say what brings about what."


@dataclass(frozen=True, eq=False, repr=False)
class Correlations(Result):
    """Correlations of pairs of columns, with what they are worth.

    Attributes
    ----------
    columns : dict of columns
        One row a pair: ``x``, ``y``, ``lag`` (where there are lags), ``method``,
        ``coefficient``, ``low`` and ``high`` (interval), ``p``, ``adjusted`` (for the
        number of pairs of the method), ``test`` (what p is of), ``smallest_p`` (the least
        p these rows could have had, where arrangements are looked at), ``detectable`` (the
        least size of a coefficient that so many rows find with the power asked for),
        ``n`` (rows used), ``effective_n`` (independent rows they are worth), ``dropped``
        (rows without one of the two), ``units`` (with a relation), ``design_effect`` (with
        clusters), ``moran_x`` and ``moran_y`` (with neighbours), ``influential`` and
        ``without`` (the row or unit without which the coefficient changes most, and what
        it then is), ``reason`` (why something is missing). None where undefined.
    influence : dict of columns or None
        One row a pair and row or unit: ``x``, ``y``, ``method``, ``unit``, ``without``
        (the coefficient without it) and ``change``; None where it was not asked for.
    points : dict of columns or None
        Of a single pair (of one x with one y) what is correlated, one row a point:
        ``unit`` (the number of the row where it has no name), ``x`` and ``y``.
        Rows as they are; between units their means; within units deviations from these,
        and of partial r what the covariates leave, each put back at the mean of all.
    """

    columns: Columns
    influence: Columns | None
    points: Columns | None

    @property
    def table(self) -> Any:
        """One row a pair, in the caller's kind of frame."""
        return self.kind.build(self.columns)

    def __len__(self) -> int:
        """Number of rows of the table."""
        return len(self.columns["x"])

    def __float__(self) -> float:
        """The coefficient, where there is one pair."""
        return self.coefficient

    @property
    def coefficient(self) -> float:
        """The coefficient, where there is one pair."""
        return self._one("coefficient")

    @property
    def pvalue(self) -> float:
        """The p-value, where there is one pair."""
        return self._one("p")

    @property
    def low(self) -> float:
        """Lower end of the interval, where there is one pair."""
        return self._one("low")

    @property
    def high(self) -> float:
        """Upper end of the interval, where there is one pair."""
        return self._one("high")

    @property
    def reason(self) -> str | None:
        """Why something is missing, where there is one pair."""
        self._single()
        return self.columns["reason"][0]

    def _single(self) -> None:
        if len(self) != 1:
            raise NrdTypeError(f"there are {len(self)} pairs, expected one")

    def _one(self, name: str) -> float:
        self._single()
        value = self.columns[name][0]
        return float("nan") if value is None else float(value)

    def methods(self) -> list[str]:
        """Methods of the table, in its order."""
        return list(dict.fromkeys(self.columns["method"]))

    def matrix(
        self, values: str = "coefficient", *, method: str | None = None, lag: int = 0
    ) -> Any:
        """Return a column of the table as a matrix, in the caller's kind of frame.

        Parameters
        ----------
        values : str, optional
            "coefficient", "p", "adjusted", "n" or another column of numbers.
        method : str, optional
            One of the methods, where there is more than one.
        lag : int, optional
            One of the lags, where there are some.

        Returns
        -------
        data frame
            Column ``x`` names the rows; the others are columns of the data. A column with
            itself has a coefficient of 1 and nothing else.

        Raises
        ------
        NrdKeyError
            If there is no such column, method or lag.
        """
        rows, columns, cells = self.cells(values, method=method, lag=lag)
        out = {"x": rows}
        out |= {name: or_none(cells[:, k]) for k, name in enumerate(columns)}
        return self.kind.build(out)

    def cells(
        self, values: str, *, method: str | None = None, lag: int = 0
    ) -> tuple[list[str], list[str], np.ndarray]:
        """Names of rows and columns of `matrix`, and its numbers; NaN for none."""
        if values not in self.columns:
            raise NrdKeyError(f"matrix: there is no column {values!r} in the table")
        known = self.methods()
        if method is None and len(known) > 1:
            raise NrdValueError(f"matrix: method is None, expected {', '.join(known)}")
        if method is not None and method not in known:
            raise NrdKeyError(f"matrix: method is {method!r}, expected {', '.join(known)}")
        lags = self.columns.get("lag", [0] * len(self))
        if lag not in lags:
            raise NrdKeyError(f"matrix: lag is {lag!r}, expected {sorted(set(lags))}")
        chosen = [
            k
            for k, (name, own) in enumerate(zip(self.columns["method"], lags, strict=True))
            if name == (method or known[0]) and own == lag
        ]
        x = [self.columns["x"][k] for k in chosen]
        y = [self.columns["y"][k] for k in chosen]
        square = not self.provenance.options.get("rectangular", False)
        rows = list(dict.fromkeys([*x, *y])) if square else list(dict.fromkeys(x))
        columns = rows if square else list(dict.fromkeys(y))
        cells = np.full((len(rows), len(columns)), np.nan)
        for k, first, second in zip(chosen, x, y, strict=True):
            value = self.columns[values][k]
            if square and values == "coefficient" and value is not None:
                # A column that does not vary has no correlation with itself either.
                for name in (first, second):
                    cells[rows.index(name), rows.index(name)] = 1.0
            cells[rows.index(first), columns.index(second)] = _float(value)
            if square and self.columns["method"][k] != "xi":
                cells[rows.index(second), columns.index(first)] = _float(value)
        return rows, columns, cells

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw one pair as points, several as a matrix, lags as a profile.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; by default a new figure.
        **options
            ``language`` ("en" or "vi"), ``title`` and ``source``; ``labels``, a mapping of
            columns to what they are called, or to a name and a unit of measure: ``{"rate":
            ("Poverty rate", "%")}``, with "lag" for the axis of lags; ``method`` and
            ``lag`` of a matrix.
        """
        from . import _plot_correlation as pictures

        if "lag" in self.columns and len(set(self.columns["lag"])) > 1:
            return pictures.profile(self, ax=ax, **options)
        draw = pictures.scatter if self.points is not None else pictures.matrix
        return draw(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; tables as lists of rows."""
        out = {**super().to_dict(), "columns": records(self.columns)}
        for name in ("influence", "points"):
            found = getattr(self, name)
            out[name] = None if found is None else records(found)
        return out

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from ._sections_correlation import correlations

        return correlations(self, language)


def _float(value: Any) -> float:
    return float("nan") if value is None else float(value)
