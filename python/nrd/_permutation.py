"""Options of a permutation test, checked; its result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core.bootstrap import STATISTICS
from ._core.permutation import ALTERNATIVES
from ._labels import label
from ._resample import whole
from ._result import Columns, Result, records
from .errors import NrdTypeError, NrdValueError

WHERE = "permutation_test"
TYPES = ("independent", "samples", "pairings")
# What each statistic exchanges, the usual first.
ALLOWED = {
    "mean": ("samples",),
    "mean_difference": ("independent", "samples"),
    "quantile": ("independent",),
    "pearson": ("pairings",),
    "spearman": ("pairings",),
    "kendall": ("pairings",),
    "slope": ("pairings",),
}
# For all arrangements, whatever their number.
ALL = 2**64 - 1


@dataclass(frozen=True)
class Plan:
    """Options, checked."""

    statistic: str | Callable
    kind: str
    count: int
    alternative: str
    joint: bool
    enough: int
    as_decimals: bool

    @property
    def name(self) -> str:
        """What the statistic is called."""
        if isinstance(self.statistic, str):
            return self.statistic
        return getattr(self.statistic, "__name__", "statistic")


def plan_of(
    statistic: Any,
    permutation_type: str | None,
    n_resamples: Any,
    alternative: str,
    adjust: str | None,
    stop_after: int | None,
    decimal: str | None,
) -> Plan:
    """Check the options that need no data."""
    if not callable(statistic):
        names = [name for name in STATISTICS if name]
        _one_of(statistic, "statistic", names, " or a function")
    allowed = TYPES if callable(statistic) else ALLOWED[statistic]
    if permutation_type is not None:
        _one_of(permutation_type, "permutation_type", allowed)
    elif callable(statistic):
        raise NrdValueError(
            f"{WHERE}: permutation_type is None, expected {', '.join(TYPES)} for a function"
        )
    _one_of(alternative, "alternative", ALTERNATIVES)
    if adjust is not None:
        _one_of(adjust, "adjust", ("westfall-young",))
    if decimal is not None:
        _one_of(decimal, "decimal", ("auto",))
    enough = 0 if stop_after is None else whole(stop_after, "stop_after", WHERE, 1)
    if adjust is not None and (enough or callable(statistic) or statistic == "quantile"):
        other = "stop_after" if enough else "a function or quantiles"
        raise NrdValueError(f"{WHERE}: adjust is {adjust!r}, expected None with {other}")
    return Plan(
        statistic,
        permutation_type or allowed[0],
        _count(n_resamples),
        alternative,
        adjust is not None,
        enough,
        decimal is not None and not callable(statistic),
    )


def _count(n_resamples: Any) -> int:
    if isinstance(n_resamples, float) and math.isinf(n_resamples) and n_resamples > 0:
        return ALL
    return whole(n_resamples, "n_resamples", WHERE, 1, ALL)


def _one_of(value: Any, name: str, known: Any, other: str = "") -> None:
    if not isinstance(value, str) or value not in known:
        raise NrdValueError(
            f"{WHERE}: {name} is {value!r}, expected {', '.join(known)}{other}"
        )


@dataclass(frozen=True)
class Roles:
    """Which columns are outcomes, and which is exchanged.

    Attributes
    ----------
    names : list of str
        Names of the outcomes.
    outcomes : list of ndarray
        Their values; whole numbers where they are printed decimals.
    x : ndarray or None
        What is exchanged against them.
    scale : list of float
        What 1 of each statistic is worth.
    place : int
        Place of x among the columns.
    """

    names: list[str]
    outcomes: list[np.ndarray]
    x: np.ndarray | None
    scale: list[float]
    place: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class PermutationTest(Result):
    """A statistic and its p-values under permutation.

    Attributes
    ----------
    columns : dict of columns
        One row an outcome: ``statistic``, ``column``, ``estimate``, ``p``, ``adjusted``
        (with `adjust`), ``extreme`` (arrangements as extreme as the data, on the side that
        decides) and ``resamples`` (arrangements looked at for it).
    exact : bool
        Whether all arrangements were looked at; else some were drawn.
    arrangements : int
        Number of different arrangements; 2^64 - 1 for that many or more.
    distribution : ndarray or None
        The statistic of the arrangements, shape (resamples,) or (resamples, outcomes); NaN
        where they were not wanted any more, None where there would be too many numbers.
    """

    columns: Columns
    exact: bool
    arrangements: int
    distribution: np.ndarray | None

    @property
    def table(self) -> Any:
        """One row an outcome, in the caller's kind of frame."""
        return self.kind.build(self.columns)

    def __float__(self) -> float:
        """The p-value, where there is one outcome."""
        return self.pvalue

    @property
    def estimate(self) -> float:
        """The statistic of the data."""
        return self._one("estimate")

    @property
    def pvalue(self) -> float:
        """The p-value."""
        return self._one("p")

    def _one(self, name: str) -> float:
        values = self.columns[name]
        if len(values) != 1:
            raise NrdTypeError(f"there are {len(values)} outcomes, expected one")
        return float(values[0])

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw the arrangements and the data; options as in `nrd.plot.heat_map`."""
        from ._plot_distribution import arrangements

        return arrangements(self, ax=ax, **options)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the table as a list of rows."""
        return {**super().to_dict(), "columns": records(self.columns)}

    def report(self, language: str = "en") -> list:
        """Return the titled table that `summary` shows."""
        from ._display import Section, chance, number

        columns = dict(self.columns)
        columns["estimate"] = [number(value, 4) for value in columns["estimate"]]
        for name in ("p", "adjusted"):
            if name in columns:
                columns[name] = [chance(value) for value in columns[name]]
        rows = list(zip(*columns.values(), strict=True))
        title = label("permutation", language)
        return [Section(title, list(columns), rows, self.provenance.method)]
