"""What resampling says of a pair: intervals, and what clusters do to them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ._bootstrap import Sample, read_sample
from ._core.bootstrap import SIDES, Design, acceleration, interval
from ._core.correlation import Columns, Meaning
from ._core.moments import State
from ._correlation_plan import CLASSICAL
from ._correlation_read import Table
from ._correlation_run import Run
from .errors import NrdError, NrdValueError

# Rows of resamples that are drawn together.
_DRAWN = 4_000_000
# Looks at the progress of one pair.
_LOOKS = 20


class Resampler:
    """Resamples of the rows, clusters or strata of one pair."""

    def __init__(self, run: Run, k: int):
        table, plan = run.table, run.plan
        places = [*run.pairs[k].tolist(), *table.covariates]
        columns = {str(i): table.columns[c] for i, c in enumerate(places)}
        labels = {name: _labels(table, name) for name in ("cluster", "strata")}
        self.plan, self.method, self.where = plan, run.method, run.where
        self.steps = run.steps
        self.sample = read_sample(columns, run.where, list(columns), labels, apart=False)
        self.in_c = run.method in CLASSICAL and len(places) == 2
        self.meaning = Meaning(run.method, "rows", plan.part, False, plan.share)
        self.design = self._design(self.sample)
        self.data = Columns(
            self.sample.columns, covariates=range(2, len(self.sample.columns))
        )

    def _design(self, sample: Sample) -> Design:
        return Design(
            self.method if self.in_c else None,
            "multinomial",
            sample.columns if self.in_c else [],
            sample.n,
            units=sample.units,
            strata=sample.strata,
            where=self.where,
        )

    def _repeated(self, times: np.ndarray) -> np.ndarray:
        plan = self.plan
        return self.data.repeated((0, 1), self.meaning, times, plan.threads, self.where)

    def _replicates(self) -> np.ndarray:
        plan, parts = self.plan, []
        some = max(1, _DRAWN // self.sample.n)
        if self.in_c:
            some = max(1, plan.count // _LOOKS) if self.steps.look else plan.count
        for first in range(0, plan.count, some):
            many = min(some, plan.count - first)
            parts.append(self._some(first, many))
            self.steps.at(first + many)
        return np.concatenate(parts)

    def _some(self, first: int, many: int) -> np.ndarray:
        plan = self.plan
        if self.in_c:
            found = self.design.replicates(plan.seed, first, many, threads=plan.threads)
            return found[0][:, 0]
        return self._repeated(self.design.weights(plan.seed, first, many))

    @cached_property
    def jackknife(self) -> np.ndarray:
        """The coefficient without each row or cluster."""
        if self.in_c:
            return self.design.jackknife(self.plan.threads)[:, 0]
        return self.data.left((0, 1), self.meaning, self.plan.threads, self.where)

    def bounds(self, estimate: float) -> tuple[float, float]:
        """The BCa interval."""
        strata = self.sample.strata
        strata = np.array([0, self.design.units]) if strata is None else strata
        grown = acceleration(self.jackknife, strata)
        side = SIDES[self.plan.alternative]
        found = interval(
            "BCa",
            self.plan.level,
            side,
            self._replicates(),
            None,
            (estimate, 0.0, grown),
        )
        return max(found.low, -1.0), min(found.high, 1.0)

    def effect(self) -> float:
        """Variance with clusters over that with rows, both by the jackknife."""
        if self.sample.units is None:
            return float("nan")
        alone = Sample(**{**vars(self.sample), "units": None, "strata": None})
        rows = self._design(alone).jackknife(self.plan.threads)[:, 0]
        return _jackknife_variance(self.jackknife) / _jackknife_variance(rows)


def _jackknife_variance(values: np.ndarray) -> float:
    held = values[~np.isnan(values)]
    if len(held) < 2:
        return float("nan")
    state = State(1, level="variances")
    state.update([held])
    return (len(held) - 1) ** 2 / len(held) * float(state.variance()[0, 0])


def _labels(table: Table, name: str) -> list | None:
    """Labels of rows as whole numbers, None where there is none."""
    code = table.code(name)
    return None if code is None else [i if i >= 0 else None for i in code.tolist()]


def check_clusters(table: Table, where: str) -> None:
    """Refuse a column of clusters with one of them."""
    found = table.labels.get("cluster")
    if found is not None and len(set(found.code.tolist()) - {-1}) < 2:
        raise NrdValueError(
            f"{where}: cluster has {len(set(found.code.tolist()) - {-1})} different "
            "labels, expected 2 or more"
        )


def resampler_of(run: Run, k: int) -> Resampler:
    """The resampler of a pair, made once."""
    if k not in run.resamplers:
        run.resamplers[k] = Resampler(run, k)
    return run.resamplers[k]


def shrink_clusters(run: Run) -> np.ndarray:
    """Design effects; the run counts that many fewer rows, and no more than clusters."""
    effects = np.full(len(run.pairs), np.nan)
    effective = run.effective.copy()
    for k in np.flatnonzero(run.found["status"] == 0):
        try:
            own = resampler_of(run, k)
        except NrdError as error:
            run.reasons[k] = _said(error)
            continue
        effects[k] = own.effect()
        if np.isfinite(effects[k]) and effects[k] > 0:
            effective[k] = min(effective[k], effective[k] / effects[k])
        # A test cannot have more degrees of freedom than clusters less 2.
        effective[k] = min(effective[k], float(own.design.units))
    run.shrink(effective)
    return effects


def set_bounds(run: Run, tests: dict[str, np.ndarray]) -> None:
    """Replace the intervals by bootstrap ones; a pair without one says why."""
    tests["low"][:] = tests["high"][:] = np.nan
    for k in range(len(run.pairs)):
        if run.found["status"][k] == 0:
            _set_bound(run, tests, k)
        run.steps.end(run.plan.count)


def _set_bound(run: Run, tests: dict[str, np.ndarray], k: int) -> None:
    try:
        found = resampler_of(run, k).bounds(float(run.found["estimate"][k]))
    except NrdError as error:
        run.reasons[k] = run.reasons[k] or f"no interval: {_said(error)}"
        return
    tests["low"][k], tests["high"][k] = found


def _said(error: NrdError) -> str:
    """The message without the name of the function."""
    return str(error).partition(": ")[2] or str(error)
