"""From the sums of a regression to its results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ._core.regression import EMPTY, FEW_ROWS, ROUNDED, Solved, fit
from ._frames import Kind
from ._keys import Run
from ._regression import LinearFit
from ._result import Provenance
from ._terms import INTERCEPT
from .errors import NrdValueError

if TYPE_CHECKING:
    from .regression import Regression

_METHOD = "least squares from exact sums, solved in whole numbers, each number rounded once"
_REFERENCES = (
    "E. H. Bareiss, Sylvester's identity and multistep integer-preserving Gaussian "
    "elimination, Math. Comput. 22 (1968) 565-578",
    "J. H. Goodnight, A tutorial on the SWEEP operator, Amer. Statist. 33 (1979) 149-158",
)
CLASSICAL = "classical"
_PROBABILITY = "the standard errors take the weights as inverses of variances"


def fit_of(
    state: Regression, level: float, kind: Kind, *, classical: bool = True
) -> LinearFit:
    """Solve the regressions of a state, with classical covariances or yet without any."""
    terms = state._terms
    if not isinstance(level, float) or not 0 < level < 1:
        raise NrdValueError(f"regress: level is {level!r}, expected a number in (0, 1)")
    keys, solved = _solve(state, classical)
    problems: list[str | None] = [None] * len(solved.fit)
    for place in np.flatnonzero(solved.fit["status"]).tolist():
        problems[place] = _problem(state, solved, place)
    if not state.by and problems[0]:
        raise NrdValueError(f"regress: {problems[0]}")
    whole = solved.fit
    df = np.where(whole["status"] == 0, whole["df"], np.nan)
    names = ("df_model", "rss", "tss", "sigma", "r_squared", "adjusted", "f")
    return LinearFit(
        provenance=_provenance(state, level),
        kind=kind,
        y=terms.columns[0],
        terms=terms.names,
        by=tuple(state.by),
        keys=keys,
        level=level,
        estimate=solved.coefficient,
        se=solved.se,
        covariance=solved.covariance,
        test_df=np.broadcast_to(df[:, None], solved.coefficient.shape),
        n=whole["rows"],
        df=df,
        **{name: whole[name] for name in names},
        problems=problems,
        _terms=terms,
        _solved=solved,
    )


def _solve(state: Regression, classical: bool) -> tuple[Sequence | None, Solved]:
    """Regressions in the order of the keys of their groups."""
    sums, model = state._sums, state._terms.model
    order, moments = sums._ordered()
    keys = sums._keys if isinstance(sums._keys, Run) else list(sums._keys)
    if not state._effects:
        solved = fit(moments, model, classical=classical, threads=sums._threads)
        if not isinstance(order, range):
            keys, solved = [keys[i] for i in order] if sums.by else [], solved.take(order)
        return keys if sums.by else None, solved
    places: dict[tuple, int] = {}
    within = np.zeros(moments.groups, np.int64)
    for i in order:
        within[i] = places.setdefault(keys[i][:-1], len(places))
    solved = fit(moments, model, within, classical=classical, threads=sums._threads)
    return (list(places), solved.take(range(len(places)))) if state.by else (None, solved)


def _problem(state: Regression, solved: Solved, place: int) -> str:
    """Say in a sentence why there is no regression."""
    terms, found = state._terms, solved.fit[place]
    size = terms.model.size
    if found["status"] == EMPTY:
        return "there is no complete row with a weight above 0"
    if found["status"] == FEW_ROWS:
        units = int(found["units"])
        rows = int(found["df"]) + size + units
        also = f" and {units} units" if units else ""
        return f"there are {rows} rows for {size} coefficients{also}, expected as many"
    name = terms.names[found["dependent"]]
    others = [terms.names[i] for i in np.flatnonzero(solved.combined[place])]
    if not others and state._effects:
        return f"column {name!r} does not vary within any unit, so that effects take it all"
    if not others:
        return f"column {name!r} is 0 in every row"
    said = "" if found["status"] != ROUNDED else ", but for the rounding of doubles"
    if others == [INTERCEPT]:
        return f"column {name!r} is the same in every row, as the intercept is{said}"
    return (
        f"column {name!r} is a combination of {', '.join(map(repr, others))}{said}: "
        "leave one of them out"
    )


def _provenance(state: Regression, level: float) -> Provenance:
    made = state._sums._provenance({})
    options = {
        "y": state._terms.columns[0],
        "terms": state._terms.names,
        "cov": CLASSICAL,
        "effects": state._effects[0] if state._effects else None,
        "level": level,
        **made.options,
    }
    probability = made.options["weight_kind"] == "probability"
    return replace(
        made,
        method=_METHOD,
        options=options,
        references=_REFERENCES,
        assumptions=(_PROBABILITY,) if probability else (),
    )
