"""Options of a bootstrap, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._bootstrap import Sample
from ._core.bootstrap import METHODS, SCHEMES, SIDES, STATISTICS
from ._resample import MOST_RESAMPLES, whole
from .errors import NrdTypeError, NrdValueError

WHERE = "bootstrap"
NAMES = tuple(name for name in STATISTICS if name)
_PAIRS = ("pearson", "spearman", "kendall", "slope")
_WITH_ERROR = ("mean", "mean_difference", "pearson", "slope")


@dataclass(frozen=True)
class Plan:
    """Options, checked."""

    statistic: str | Callable
    of_means: bool
    scheme: str
    block: int | None
    count: int
    method: str
    level: float
    alternative: str

    @property
    def name(self) -> str:
        """What the statistic is called."""
        if isinstance(self.statistic, str):
            return self.statistic
        return getattr(self.statistic, "__name__", "statistic")

    @property
    def errors(self) -> bool:
        """Whether standard errors are wanted."""
        return self.method == "studentized"

    def options(self) -> dict[str, Any]:
        """What the result says about itself."""
        out = {
            "statistic": self.name,
            "scheme": self.scheme,
            "block": self.block,
            "n_resamples": self.count,
            "method": self.method,
            "level": self.level,
            "alternative": self.alternative,
        }
        return {name: value for name, value in out.items() if value is not None}


def plan_of(
    statistic: Any,
    of_means: bool,
    scheme: str | None,
    block: int | None,
    n_resamples: int,
    method: str,
    level: float,
    alternative: str,
) -> Plan:
    if not callable(statistic):
        _one_of(statistic, "statistic", NAMES, " or a function")
        if of_means:
            raise NrdTypeError(f"{WHERE}: of_means needs a function as statistic")
    method = {name.lower(): name for name in METHODS}.get(str(method).lower(), method)
    _one_of(method, "method", METHODS)
    _one_of(alternative, "alternative", SIDES)
    if scheme is None:
        scheme = "multinomial" if block is None else "circular"
    _one_of(scheme, "scheme", SCHEMES)
    blocks = scheme in ("moving", "circular")
    if blocks != (block is not None):
        expected = "a number of rows" if blocks else "none with this scheme"
        raise NrdValueError(f"{WHERE}: block is {block!r}, expected {expected}")
    if method == "BCa" and blocks:
        raise NrdValueError(
            f"{WHERE}: BCa leaves out units one by one, which rows in blocks are not: "
            "expected method 'percentile' or 'basic'"
        )
    if method == "studentized":
        named = not callable(statistic)
        if of_means or blocks or (named and statistic not in _WITH_ERROR):
            raise NrdValueError(
                f"{WHERE}: a replicate has no standard error here, expected another method "
                f"than 'studentized', or one of {', '.join(_WITH_ERROR)} without blocks"
            )
    return Plan(
        statistic,
        of_means,
        scheme,
        None if block is None else whole(block, "block", WHERE, 1),
        whole(n_resamples, "n_resamples", WHERE, 1, MOST_RESAMPLES),
        method,
        _level(level),
        alternative,
    )


def _one_of(value: Any, name: str, known: Any, other: str = "") -> None:
    if not isinstance(value, str) or value not in known:
        raise NrdValueError(
            f"{WHERE}: {name} is {value!r}, expected {', '.join(known)}{other}"
        )


def _level(level: Any) -> float:
    if not isinstance(level, int | float | np.floating) or not 0 < level < 1:
        raise NrdValueError(f"{WHERE}: level is {level!r}, expected a number in (0, 1)")
    return float(level)


def quantile_of(p: Any, type: Any) -> tuple[float, int]:
    """Return probability and type of a quantile, checked."""
    if not isinstance(p, int | float | np.number) or not 0 <= p <= 1:
        raise NrdValueError(f"{WHERE}: p is {p!r}, expected a number in [0, 1]")
    return float(p), whole(type, "type", WHERE, 1, 9)


def check_sample(plan: Plan, sample: Sample, strata: Any) -> None:
    """What the statistic needs of the columns, and the scheme of the labels."""
    width = len(sample.names)
    if isinstance(plan.statistic, str) and plan.statistic != "mean":
        expected = 2 if plan.statistic in _PAIRS else 1
        if width != expected:
            raise NrdValueError(
                f"{WHERE}: {plan.statistic} has {width} columns, expected {expected}"
            )
    if plan.statistic == "mean_difference" and sample.sample is None:
        raise NrdValueError(f"{WHERE}: mean_difference needs group, two labels")
    if sample.sample is not None:
        named = isinstance(plan.statistic, str) and plan.statistic != "mean_difference"
        if named or plan.of_means or width != 1:
            raise NrdValueError(
                f"{WHERE}: group is for mean_difference, or for a function of two samples "
                "of one column"
            )
    if plan.scheme == "poisson" and strata is not None:
        raise NrdValueError(f"{WHERE}: Poisson numbers know no strata, expected none")
    if plan.block is not None:
        if sample.units is not None or strata is not None:
            raise NrdValueError(f"{WHERE}: blocks are of rows, expected no cluster, strata")
        whole(plan.block, "block", WHERE, 1, sample.n)
