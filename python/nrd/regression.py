"""Linear regressions from exact sums: one, or thousands by group, in parts or in one piece.

The sums behind them are those of `Moments`; the equations are solved in whole numbers, so
that nothing is lost to ill-conditioned data and each number is rounded once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._columns import read_numbers
from ._core.moments import column_decimals
from ._fit import CLASSICAL, fit_of
from ._frames import NO_KIND
from ._regression import ESTIMATES, WHOLES, LinearFit
from ._saved import packed, unpacked
from ._statistics import header_of
from ._terms import Poly, effects_of, poly, terms_of
from .errors import NrdTypeError, NrdValueError
from .moments import Moments

if TYPE_CHECKING:
    from .covariances import Cluster, Hac, WildCluster

__all__ = ["LinearFit", "Regression", "poly", "regress"]

_VERSION = 1


class Regression:
    """A state of exact sums from which a regression follows; see `regress`.

    Rows are added in any number of parts, states of other rows are merged into it, on one
    machine or many: the result has the same bits as that of one pass over all rows.

    Parameters
    ----------
    y, x, by, effects, weights, weight_kind, intercept, threads
        As in `regress`; weights by the name of their column.
    decimal : int or mapping of str to int, optional
        Printed decimals of the columns, as in `Moments`.

    Raises
    ------
    NrdValueError, NrdKeyError, NrdTypeError
        If an option cannot be.

    Examples
    --------
    >>> import nrd
    >>> first, second = (nrd.Regression("poverty", "year") for _ in range(2))
    >>> first.update({"year": [2019, 2020], "poverty": [9.5, 8.0]})
    >>> second.update({"year": [2021, 2022], "poverty": [7.5, 6.0]})
    >>> first.merge(second)
    >>> first.finalize().estimate.tolist()
    [[2230.3, -1.1]]
    """

    def __init__(
        self,
        y: str,
        x: str | Poly | Sequence[str | Poly],
        *,
        by: str | Sequence[str] | None = None,
        effects: str | None = None,
        weights: str | None = None,
        weight_kind: str | None = None,
        intercept: bool = True,
        decimal: int | dict[str, int] | None = None,
        threads: int = 0,
    ):
        self._terms = terms_of(y, x, intercept and effects is None)
        self._effects = effects_of(effects)
        by = [by] if isinstance(by, str) else list(by or ())
        self._sums = Moments(
            self._terms.columns,
            by=[*by, *self._effects],
            weights=weights,
            weight_kind=weight_kind,
            decimal=decimal,
            powers=dict(zip(self._terms.columns, self._terms.powers, strict=True)),
            threads=threads,
        )
        header_of(by, *ESTIMATES, *WHOLES)

    @property
    def by(self) -> list[str]:
        """Columns whose values make groups."""
        return self._sums.by[: len(self._sums.by) - len(self._effects)]

    @property
    def dropped(self) -> int:
        """Rows left out because a value, weight or group was missing."""
        return self._sums.dropped

    def update(self, frame: Any) -> None:
        """Add the rows of a table, or of a batch of one.

        Raises
        ------
        NrdKeyError, NrdTypeError
            If a column is not there or not numeric.
        NrdValueError
            If a value is infinite, or a weight cannot be; the state stays as it was.
        """
        self._sums.update(frame)

    def merge(self, other: Regression) -> None:
        """Add the rows of another state of the same regression.

        Raises
        ------
        NrdValueError
            If it is of another one.
        NrdTypeError
            If it is no state.
        """
        if not isinstance(other, Regression):
            raise NrdTypeError(f"merge: found {type(other).__name__}, expected Regression")
        if (other._terms, other._effects) != (self._terms, self._effects):
            raise NrdValueError(
                f"merge: found a regression on {', '.join(other._terms.names)}, expected "
                f"one on {', '.join(self._terms.names)}"
            )
        self._sums.merge(other._sums)

    def to_bytes(self) -> bytes:
        """Canonical bytes: the same rows give the same bytes, whatever the road."""
        about = {
            "columns": self._terms.columns,
            "powers": self._terms.powers,
            "intercept": self._terms.model.intercept,
            "effects": self._effects,
        }
        return packed("regression", _VERSION, about, self._sums.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> Regression:
        """Read a state from its bytes.

        Raises
        ------
        NrdValueError
            If the bytes are damaged or of another version.
        NrdTypeError
            If they are no bytes.
        """
        return unpacked(data, "regression", _VERSION, "Regression", cls._build)

    @classmethod
    def _build(cls, about: dict[str, Any], sums: bytes) -> Regression:
        (y, *names), (_, *powers) = about["columns"], about["powers"]
        out = cls.__new__(cls)
        x = [Poly(*pair) for pair in zip(names, powers, strict=True)]
        out._terms = terms_of(y, x, about["intercept"])
        out._effects = about["effects"]
        out._sums = Moments.from_bytes(sums)
        return out

    def finalize(self, *, level: float = 0.95) -> LinearFit:
        """Coefficients with classical standard errors.

        Parameters
        ----------
        level : float, optional
            Confidence level of the intervals, in (0, 1).

        Returns
        -------
        LinearFit

        Raises
        ------
        NrdValueError
            If there is no regression: too few rows, or a column that others determine.
        """
        return fit_of(self, level, NO_KIND)


def regress(
    data: Any,
    y: str,
    x: str | Poly | Sequence[str | Poly],
    *,
    by: str | Sequence[str] | None = None,
    effects: str | None = None,
    weights: str | Sequence[float] | None = None,
    weight_kind: str | None = None,
    intercept: bool = True,
    cov: str | Hac | Cluster | WildCluster = CLASSICAL,
    level: float = 0.95,
    decimal: str | int | dict[str, int] | None = None,
    threads: int = 0,
) -> LinearFit:
    """Least squares without a digit lost, for one table or each group of it.

    Coefficients, standard errors and sums of squares are within 1 ulp of those of the exact
    rows, however ill-conditioned they are. The same rows give the same bits in any order.

    Parameters
    ----------
    data : data frame or mapping of columns
        Anything narwhals reads. A row with a missing value in any of the columns named is
        left out.
    y : str
        Column that is explained.
    x : str, Poly, or sequence of them
        Columns that explain it, and powers of columns (`nrd.poly`).
    by : str or sequence of str, optional
        Columns whose values make groups, with one regression each. A group that has none
        keeps its rows in the tables, empty, and says why in ``groups``.
    effects : str, optional
        Column of units with an intercept each, which is taken out: y and x are compared
        within units. The degrees of freedom are less the number of units; R squared and F
        are those within units. For effects of periods beside them, give columns of 0 and 1.
    weights : str or sequence of float, optional
        Weights, or the column that holds them.
    weight_kind : {"frequency", "probability", "precision"}, optional
        What the weights mean; required where there are weights. The coefficients are the
        same for all. Frequencies count rows: the degrees of freedom are their sum less the
        coefficients. With the others they are the rows with a weight above 0 less the
        coefficients; precision weights are inverses of variances up to a factor, and
        classical standard errors take probability weights for the same.
    intercept : bool, optional
        Whether there is one; ``OLS`` of statsmodels has none. Without it R squared and F
        compare with 0, not with the mean. With `effects` there is none beside them.
    cov : {"classical", "HC0", "HC1", "HC2", "HC3"}, Hac, Cluster or WildCluster, optional
        Covariance of the coefficients, and with it standard errors, tests and intervals:
        for errors alike; that differ in variance (as in R, and in statsmodels with
        ``use_t=True``); that are correlated in time (`nrd.hac`) or within clusters
        (`nrd.cluster`); or a bootstrap for few clusters (`nrd.wild_cluster`). Beside
        `effects` HC2, HC3 and `nrd.hac` are not offered.
    level : float, optional
        Confidence level of the intervals, in (0, 1).
    decimal : "auto", int, or mapping of str to int, optional
        Take values as the printed decimals they stand for, as in `mean`.
    threads : int, optional
        0 for all processors.

    Returns
    -------
    LinearFit

    Raises
    ------
    NrdTypeError, NrdKeyError
        If a column is not numeric or not there.
    NrdValueError
        If an option cannot be, a value is infinite, or a weight cannot be. Without groups:
        if there are fewer rows than coefficients, or a column is a combination of others,
        exactly or but for the rounding of doubles (what is left of it is below 2^-50 of its
        size); the message names them. Further if the leverage of a row is 1 (HC2, HC3), a
        time or cluster is missing, a time occurs twice, a bandwidth exceeds the rows of a
        regression, or all its rows are in one cluster.

    References
    ----------
    .. [1] E. H. Bareiss, Math. Comput. 22 (1968), 565-578.
    .. [2] J. H. Goodnight, Amer. Statist. 33 (1979), 149-158.

    Examples
    --------
    >>> import nrd
    >>> rows = {"year": [2019, 2020, 2021, 2022], "poverty": [9.5, 8.0, 7.5, 6.0]}
    >>> result = nrd.regress(rows, "poverty", "year", decimal="auto")
    >>> dict(zip(result.terms, result.estimate[0].tolist()))
    {'(intercept)': 2230.3, 'year': -1.1}
    >>> round(float(result.se[0, 1]), 6)
    0.141421
    """
    classical = isinstance(cov, str) and cov == CLASSICAL
    if not classical:
        from .covariances import check_cov

        check_cov(cov)
    terms = terms_of(y, x, intercept and effects is None)
    groups = [by] if isinstance(by, str) else list(by or ())
    found = read_numbers(
        data,
        "regress",
        columns=terms.columns,
        by=[*groups, *effects_of(effects)],
        weights=weights,
    )
    if decimal == "auto":
        decimal = dict(zip(found.names, map(column_decimals, found.columns), strict=True))
    state = Regression(
        y,
        x,
        by=groups,
        effects=effects,
        weights=None if weights is None else "weights",
        weight_kind=weight_kind,
        intercept=intercept,
        decimal=decimal,
        threads=threads,
    )
    state._sums._add(found)
    result = fit_of(state, level, found.kind, classical=classical)
    if classical:
        return result
    from ._design import Design
    from ._robust import robust

    design = Design(result, found, state._sums, data)
    del state  # its sums, often the most of all, make room for what follows
    return robust(result, cov, design, threads)
