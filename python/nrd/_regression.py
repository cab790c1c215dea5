"""Results of regressions: coefficients with their tests, and what the whole explains."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ._core.regression import Solved, f_share, infer
from ._labels import label
from ._late import or_none
from ._result import Columns, Result, plain, records
from ._terms import Terms

if TYPE_CHECKING:
    from ._prediction import Prediction

ESTIMATES = ("term", "estimate", "se", "t", "p", "low", "high")
WHOLES = ("n", "df", "r_squared", "adjusted", "sigma", "f", "f_p", "problem")


@dataclass(frozen=True, eq=False, repr=False)
class LinearFit(Result):
    """Linear regressions: one, or one for each group.

    Attributes
    ----------
    y : str
        Name of the column that is explained.
    terms : tuple of str
        Names of the coefficients, k of them.
    keys : sequence of tuple or None
        Keys of the g groups; None without groups.
    estimate, se : ndarray, shape (g, k)
        Coefficients and standard errors; NaN where there is no regression, and standard
        errors NaN where no degree of freedom is left.
    covariance : ndarray, shape (g, k, k)
        Covariances of the coefficients.
    test_df : ndarray, shape (g, k)
        Degrees of freedom of the tests of the coefficients.
    t, p, low, high : ndarray, shape (g, k)
        Tests against 0 by Student's t, and intervals at `level`; or those of a bootstrap.
    n, df : ndarray, shape (g,)
        Rows used, and degrees of freedom of the residuals.
    r_squared, adjusted, sigma, rss, tss : ndarray, shape (g,)
        Share explained, the same less what chance gives, standard deviation of the
        residuals, and sums of squares of residuals and of y (around its mean where there is
        an intercept or effects).
    f, f_p : ndarray, shape (g,)
        Test of all coefficients but the intercept; NaN where the covariance is not the
        classical one, on which it rests.
    problems : list of str or None
        Why a group has no regression.
    """

    y: str
    terms: tuple[str, ...]
    by: tuple[str, ...]
    keys: Sequence[tuple[Hashable, ...]] | None
    level: float
    estimate: np.ndarray
    se: np.ndarray
    covariance: np.ndarray
    test_df: np.ndarray
    n: np.ndarray
    df: np.ndarray
    df_model: np.ndarray
    rss: np.ndarray
    tss: np.ndarray
    sigma: np.ndarray
    r_squared: np.ndarray
    adjusted: np.ndarray
    f: np.ndarray
    problems: list[str | None]
    _terms: Terms = field(repr=False)
    _solved: Solved = field(repr=False)
    _details: dict[str, np.ndarray] | None = field(default=None, repr=False)
    _given: tuple[np.ndarray, ...] | None = field(default=None, repr=False)

    @cached_property
    def _tests(self) -> tuple[np.ndarray, ...]:
        if self._given is not None:
            return self._given
        return infer(self.estimate, self.se, self.test_df, self.level)

    t = property(lambda self: self._tests[0])
    p = property(lambda self: self._tests[1])
    low = property(lambda self: self._tests[2])
    high = property(lambda self: self._tests[3])

    @cached_property
    def f_p(self) -> np.ndarray:
        """Chance that F is as large or larger where all coefficients are 0."""
        return f_share(self.f, self.df_model, self.df)

    @property
    def table(self) -> Any:
        """One row a group and coefficient, in the caller's kind of frame."""
        return self.kind.build(self._rows())

    @property
    def groups(self) -> Any:
        """One row a group: what its regression explains, or why there is none."""
        return self.kind.build(self._wholes())

    def predict(
        self, frame: Any, *, interval: str | None = None, level: float | None = None
    ) -> Prediction:
        """Predicted values of y at the rows of a table.

        Parameters
        ----------
        frame : data frame or mapping of columns
            It has the columns that x and `by` name; where one is missing there is no value.
        interval : {None, "mean", "prediction"}, optional
            Interval for the mean of y at a row, or for the y of one new row (of weight 1).
        level : float, optional
            Its confidence level, in (0, 1); by default that of the fit.

        Returns
        -------
        Prediction

        Raises
        ------
        NrdKeyError, NrdTypeError
            If a column is not there or not numeric.
        NrdValueError
            If a group was not in the fit, an option cannot be, or there are effects: those
            of units are not estimated.

        Examples
        --------
        >>> import nrd
        >>> rows = {"year": [2019, 2020, 2021, 2022], "poverty": [9.5, 8.0, 7.5, 6.0]}
        >>> result = nrd.regress(rows, "poverty", "year")
        >>> result.predict({"year": [2023, 2024]}).columns["fitted"]
        [5.0, 3.9]
        """
        from ._prediction import predict

        return predict(self, frame, interval, self.level if level is None else level)

    def plot(
        self,
        ax: Any = None,
        language: str = "en",
        *,
        term: str | None = None,
        title: str | None = None,
    ) -> Any:
        """Draw the coefficients but the intercept, or one of each group, with intervals.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        language : {"en", "vi"}, optional
            Language of the title.
        term : str, optional
            The coefficient to draw; needed where there are groups.
        title : str, optional
            Another title; "" for none.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        NrdError
            If matplotlib is not installed, or the term or language is none of those there.
        """
        from ._plot_fit import coefficients

        return coefficients(self, ax, language, term=term, title=title)

    def _rows(self) -> Columns:
        k = len(self.terms)
        out: dict[str, list] = self._keys(k)
        out["term"] = list(self.terms) * len(self.n)
        for name in ESTIMATES[1:]:
            out[name] = or_none(getattr(self, name).ravel())
            if name == "t" and self._details is not None:
                out["df"] = or_none(self.test_df.ravel())
        return out

    def _wholes(self) -> Columns:
        out: dict[str, list] = self._keys(1)
        out["n"] = self.n.tolist()
        for name in WHOLES[1:-1]:
            out[name] = or_none(getattr(self, name))
        for name, values in (self._details or {}).items():
            out[name] = or_none(values) if values.dtype.kind == "f" else values.tolist()
        out["problem"] = self.problems
        return out

    def _keys(self, times: int) -> dict[str, list]:
        return {
            name: [key[place] for key in self.keys or () for _ in range(times)]
            for place, name in enumerate(self.by)
        }

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the tables as lists of rows."""
        return {
            "provenance": plain(self.provenance),
            "y": self.y,
            "level": self.level,
            "table": records(self._rows()),
            "groups": records(self._wholes()),
            "covariance": plain(self.covariance),
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows."""
        from ._display import Section

        tables = (
            ("regression", self._rows(), ""),
            ("regression_fit", self._wholes(), None),
        )
        found = []
        for title, columns, note in tables:
            rows = list(zip(*columns.values(), strict=True))
            note = self.provenance.method if note is None else note
            found.append(Section(label(title, language), list(columns), rows, note))
        return found
