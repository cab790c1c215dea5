"""From replicates to a result: intervals, the table, and what made them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._bootstrap import Bootstrap
from ._bootstrap_plan import Plan
from ._core.bootstrap import SIDES, Bounds, interval
from ._core.moments import State
from ._frames import Kind
from ._late import or_none
from ._result import Provenance

_SOURCES = {
    None: (
        "B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993)",
        "A. C. Davison, D. V. Hinkley, Bootstrap Methods and their Application (1997)",
        "random numbers: J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, "
        "SC'11 (2011)",
    ),
    "BCa": ("B. Efron, J. Amer. Statist. Assoc. 82 (1987) 171-185",),
    "moving": ("H. R. Künsch, Ann. Statist. 17 (1989) 1217-1241",),
    "circular": ("D. N. Politis, J. P. Romano, Exploring the Limits of Bootstrap (1992)",),
    "poisson": ("A. Canty, A. C. Davison, J. Roy. Statist. Soc. D 48 (1999) 379-391",),
}


def result_of(
    plan: Plan,
    names: list[str],
    kind: Kind,
    rows: tuple[int, int],
    estimate: np.ndarray,
    replicates: np.ndarray,
    *,
    seed: int,
    options: dict[str, Any],
    errors: tuple[np.ndarray, np.ndarray] | None = None,
    grown: np.ndarray | None = None,
) -> Bootstrap:
    """Make the result of a plan.

    Parameters
    ----------
    plan, names, kind
        Options, names of the columns, and the caller's kind of frame.
    rows : tuple of int
        Rows used and rows dropped.
    estimate : ndarray, shape (statistics,)
        Of the data.
    replicates : ndarray, shape (n_resamples, statistics)
        Of the resamples.
    seed, options
        What the provenance says.
    errors : tuple of ndarray, optional
        Standard errors of both, for studentised intervals.
    grown : ndarray, optional
        Accelerations, for BCa.
    """
    found = [
        interval(
            plan.method,
            plan.level,
            SIDES[plan.alternative],
            replicates[:, k],
            None if errors is None else errors[1][:, k],
            (
                float(estimate[k]),
                0.0 if errors is None else float(errors[0][k]),
                0.0 if grown is None else float(grown[k]),
            ),
        )
        for k in range(len(estimate))
    ]
    return Bootstrap(
        _provenance(plan, rows, replicates, seed, options),
        kind,
        _columns(plan, names, estimate, replicates, found),
        replicates[:, 0] if len(estimate) == 1 else replicates,
        np.array([(bounds.p_low, bounds.p_high) for bounds in found]),
        grown,
    )


def _columns(
    plan: Plan,
    names: list[str],
    estimate: np.ndarray,
    replicates: np.ndarray,
    found: list[Bounds],
) -> dict[str, list]:
    """The table: what each statistic is of, and what became of it."""
    names = names if len(estimate) == len(names) else [", ".join(names)]
    spread = [_spread(replicates[:, k]) for k in range(len(estimate))]
    return {
        "statistic": [plan.name] * len(estimate),
        "column": list(names),
        "estimate": or_none(estimate),
        "standard_error": [error for _, error in spread],
        "bias": [
            None if mean is None else mean - value
            for (mean, _), value in zip(spread, estimate.tolist(), strict=True)
        ],
        "low": [bounds.low for bounds in found],
        "high": [bounds.high for bounds in found],
        "replicates": [bounds.used for bounds in found],
    }


def _spread(replicates: np.ndarray) -> tuple[float | None, float | None]:
    """Mean and standard deviation of the replicates that are numbers, from exact sums."""
    values = replicates[np.isfinite(replicates)]
    state = State(1, level="variances")
    state.update([values])
    if len(values) < 2:
        return None, None
    return float(state.mean()[0, 0]), float(np.sqrt(state.variance()[0, 0]))


def _provenance(
    plan: Plan, rows: tuple[int, int], replicates: np.ndarray, seed: int, options: dict
) -> Provenance:
    undefined = int(np.isnan(replicates).any(axis=1).sum())
    assumptions = []
    if undefined:
        assumptions.append(
            f"{undefined} of {plan.count} resamples, where the statistic is undefined, are "
            "left out"
        )
    if plan.scheme == "poisson":
        assumptions.append(
            "the size of a resample varies: below some 100 units the multinomial scheme is "
            "nearer to the usual bootstrap"
        )
    return Provenance(
        method=f"bootstrap of {plan.name}: {plan.method} interval at level {plan.level:g} "
        f"from {plan.count} {plan.scheme} resamples",
        options={**plan.options(), **options},
        used=rows[0],
        dropped=rows[1],
        assumptions=tuple(assumptions),
        references=(
            *_SOURCES[None],
            *_SOURCES.get(plan.method, ()),
            *_SOURCES.get(plan.scheme, ()),
        ),
        seed=seed,
    )
