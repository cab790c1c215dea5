"""Options of correlations, checked where they enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._core.adjust import DISCRETE
from ._core.adjust import METHODS as ADJUSTMENTS
from ._core.correlation import METHODS, Meaning
from ._options import threads_of
from ._resample import seed_of, whole
from .errors import NrdTypeError, NrdValueError

TESTS = ("auto", "asymptotic", "exact", "permutation")
INTERVALS = ("auto", "fisher", "bootstrap", None)
ALTERNATIVES = ("two-sided", "greater", "less")
MISSING = ("pairwise", "listwise")
MAX_T = "max-t"
CLASSICAL = ("pearson", "spearman", "kendall")
# Methods whose coefficient is large where there is dependence of any kind.
ONE_SIDED = ("distance", "distance_unbiased", "xi")
# 9!: so many arrangements are looked at for an exact p.
EXACT = 362_880


@dataclass(frozen=True)
class Plan:
    """Options, checked."""

    methods: tuple[str, ...]
    relation: str
    part: str
    missing: str
    share: float
    test: str
    interval: str | None
    adjust: str | None
    alternative: str
    level: float
    power: float
    count: int
    lags: tuple[int, ...]
    influence: bool
    seed: int
    threads: int

    def meaning(self, method: str) -> Meaning:
        """What C is asked for."""
        listwise = self.missing == "listwise" or self.adjust == MAX_T
        return Meaning(method, self.relation, self.part, listwise, self.share)


def plan_of(
    where: str,
    *,
    method: str | Sequence[str],
    relation: str,
    part: str,
    missing: str,
    share: float,
    test: str,
    interval: str | None,
    adjust: str | None,
    alternative: str,
    level: float,
    power: float,
    n_resamples: int,
    lag: int | Sequence[int],
    influence: bool,
    seed: int | None,
    threads: int,
) -> Plan:
    """Check the options that need no data."""
    methods = (method,) if isinstance(method, str) else tuple(method)
    if not methods:
        raise NrdValueError(f"{where}: there is no method, expected {', '.join(METHODS)}")
    for name in methods:
        _one_of(where, "method", name, tuple(METHODS))
    if len(set(methods)) < len(methods):
        raise NrdValueError(f"{where}: a method occurs twice")
    _one_of(where, "relation", relation, ("rows", "within", "between"))
    _one_of(where, "part", part, ("both", "x", "y"))
    _one_of(where, "missing", missing, MISSING)
    _one_of(where, "test", test, TESTS)
    _one_of(where, "interval", interval, INTERVALS)
    _one_of(where, "alternative", alternative, ALTERNATIVES)
    known = [name for name in ADJUSTMENTS if name not in DISCRETE]
    _one_of(where, "adjust", adjust, (*known, MAX_T, None))
    for name, value in (("level", level), ("power", power)):
        if not 0 < _number(where, name, value) < 1:
            raise NrdValueError(f"{where}: {name} is {value}, expected a number in (0, 1)")
    if not 0 <= _number(where, "share", share) < 0.5:
        raise NrdValueError(f"{where}: share is {share}, expected a number in [0, 1/2)")
    if not isinstance(influence, bool):
        raise NrdTypeError(f"{where}: influence is {influence!r}, expected True or False")
    if adjust == MAX_T and not set(methods) <= set(CLASSICAL):
        raise NrdValueError(
            f"{where}: adjust is {MAX_T!r}, which is for {', '.join(CLASSICAL)}"
        )
    lags = (lag,) if isinstance(lag, int | np.integer) else tuple(lag)
    return Plan(
        methods,
        relation,
        part,
        missing,
        float(share),
        test,
        interval,
        adjust,
        alternative,
        float(level),
        float(power),
        whole(n_resamples, "n_resamples", where, 1, 2**32),
        tuple(whole(k, "lag", where, -1000, 1000) for k in lags),
        influence,
        seed_of(seed, where),
        threads_of(threads),
    )


def check_roles(plan: Plan, where: str, given: dict[str, Any]) -> None:
    """Refuse options that do not go together.

    Parameters
    ----------
    plan : Plan
        The options.
    where : str
        What messages begin with.
    given : dict
        Whether there are "covariates", "weights", "unit", "time", "cluster", "strata" and
        "neighbours".
    """
    has = {name for name, there in given.items() if there}
    plain = plan.relation == "rows" and not has & {"covariates", "weights"}
    if plan.relation != "rows" and "unit" not in has:
        raise NrdValueError(f"{where}: relation is {plan.relation!r}, expected a unit")
    if plan.part != "both" and "covariates" not in has:
        raise NrdValueError(f"{where}: part is {plan.part!r}, expected covariates")
    if any(plan.lags) and not {"unit", "time"} <= has:
        raise NrdValueError(f"{where}: lag is {plan.lags}, expected unit and time")
    for name in ("cluster", "neighbours"):
        if name in has and not plain:
            raise NrdValueError(
                f"{where}: {name} goes with neither weights, covariates nor parts of units"
            )
    both = {"cluster", "neighbours"} <= has
    if both or ("cluster" in has and plan.test in ("exact", "permutation")):
        raise NrdValueError(
            f"{where}: rows of a cluster are not exchanged, and clusters are not "
            "neighbours; for clusters of one size there is nrd.permutation_test"
        )
    arranged = plan.test in ("exact", "permutation") or plan.adjust == MAX_T
    if arranged and (has & {"neighbours", "cluster"}):
        raise NrdValueError(
            f"{where}: rows with clusters or neighbours are not exchangeable; expected "
            "test 'auto' or 'asymptotic', and adjust of p-values"
        )
    if arranged:
        _check_arranged(plan, where, has)
    if arranged and plan.relation == "between":
        raise NrdValueError(f"{where}: means of units are not exchanged")
    if plan.adjust == MAX_T and plan.relation == "within":
        raise NrdValueError(f"{where}: adjust is {MAX_T!r}, expected relation 'rows'")
    if plan.interval == "bootstrap" and has & {"weights", "neighbours"}:
        raise NrdValueError(
            f"{where}: rows with weights or neighbours are not resampled, expected "
            "interval 'fisher' or None"
        )
    if plan.interval == "bootstrap" and plan.relation != "rows":
        raise NrdValueError(f"{where}: parts of units are not resampled")


def _check_arranged(plan: Plan, where: str, has: set[str]) -> None:
    """Refuse arrangements of rows with covariates or weights that have no meaning."""
    if "covariates" in has and plan.test == "exact":
        raise NrdValueError(
            f"{where}: test is 'exact', and residuals of covariates are exchangeable in "
            "large samples only; expected 'permutation'"
        )
    if "covariates" in has and "kendall" in plan.methods:
        raise NrdValueError(
            f"{where}: tau with covariates has no residuals that could be exchanged; "
            "expected 'spearman', or test 'auto' or 'asymptotic' and adjust of p-values"
        )
    if "weights" in has and "kendall" in plan.methods and plan.adjust == MAX_T:
        raise NrdValueError(
            f"{where}: adjust is {MAX_T!r}, which with weights is for pearson and spearman"
        )


def _one_of(where: str, name: str, value: Any, known: tuple) -> None:
    if not isinstance(value, str | None) or value not in known:
        listed = ", ".join("None" if item is None else item for item in known)
        raise NrdValueError(f"{where}: {name} is {value!r}, expected {listed}")


def _number(where: str, name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise NrdTypeError(f"{where}: {name} is {value!r}, expected a number")
    return float(value)
