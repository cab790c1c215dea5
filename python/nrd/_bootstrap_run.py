"""Replicates and jackknife values: of C, of means, or of a function of the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ._bootstrap import Sample
from ._bootstrap_plan import WHERE, Plan
from ._core.bootstrap import Design
from ._resample import batches, value_of
from .errors import NrdMemoryError, NrdTypeError, NrdValueError

# Replicates between two looks at the progress, where C computes them.
_LOOK = 500


class Work:
    """Everything that is computed of resamples.

    Parameters
    ----------
    plan, sample, design
        What to compute, of which rows.
    seed, threads : int
        As in `nrd.bootstrap`.
    look : callable or None
        Called with the replicates done and all of them.
    """

    def __init__(
        self,
        plan: Plan,
        sample: Sample,
        design: Design,
        seed: int,
        threads: int,
        look: Callable[[int, int], None] | None,
    ):
        self.plan, self.sample, self.design = plan, sample, design
        self.seed, self.threads, self.look = seed, threads, look
        self.in_c = isinstance(plan.statistic, str)

    def estimate(self) -> tuple[np.ndarray, np.ndarray | None]:
        """The statistic of the data, and its standard error where wanted."""
        if self.in_c:
            return self.design.estimate(self.plan.errors)
        if self.plan.of_means:
            return self._of_means(self.design.estimate()[0][np.newaxis]), None
        found = self._value(np.arange(self.sample.n), "the data")
        return np.array(found[:1]), np.array(found[1:]) if self.plan.errors else None

    def replicates(self) -> tuple[np.ndarray, np.ndarray | None]:
        """The statistic of each resample, one row each, and its standard error."""
        parts, errors = [], []
        try:
            for first, count in self._batches():
                found, error = self._some(first, count)
                parts.append(found)
                errors.append(error)
            joined = np.concatenate(errors) if self.plan.errors else None
            return np.concatenate(parts), joined
        except MemoryError as error:
            raise NrdMemoryError(
                f"{WHERE}: no memory for {self.plan.count} replicates"
            ) from error

    def jackknife(self) -> np.ndarray:
        """The statistic without each unit, one row each."""
        if self.in_c or self.plan.of_means:
            found = self.design.jackknife(self.threads)
            return self._of_means(found)[:, np.newaxis] if self.plan.of_means else found
        units = self.sample.units
        rows = np.arange(self.sample.n)
        out = np.empty((self.design.units, 1))
        for unit in range(self.design.units):
            start, end = (unit, unit + 1) if units is None else units[unit : unit + 2]
            left = np.delete(rows, slice(start, end))
            out[unit] = self._value(left, f"without unit {unit}")[0]
        return out

    def _batches(self) -> Iterator[tuple[int, int]]:
        """Numbers of replicates that are computed together; the progress is told."""
        many = None
        if self.in_c or self.plan.of_means:
            many = _LOOK if self.look else self.plan.count
        for first, count in batches(self.plan.count, self.sample.n, many):
            yield first, count
            if self.look:
                self.look(first + count, self.plan.count)

    def _some(self, first: int, count: int) -> tuple[np.ndarray, np.ndarray | None]:
        if self.in_c or self.plan.of_means:
            found, errors = self.design.replicates(
                self.seed, first, count, errors=self.plan.errors, threads=self.threads
            )
            if self.plan.of_means:
                return self._of_means(found)[:, np.newaxis], None
            return found, errors
        values = np.empty((count, 2))
        for k, rows in enumerate(self._rows(first, count)):
            values[k] = self._value(rows, f"replicate {first + k}")
        return values[:, :1], values[:, 1:]

    def _rows(self, first: int, count: int) -> Iterator[np.ndarray]:
        """Rows of each resample, those of blocks in the order of the blocks."""
        if self.plan.block is not None:
            yield from self.design.rows(self.seed, first, count)
            return
        rows = np.arange(self.sample.n)
        for weights in self.design.weights(self.seed, first, count):
            yield np.repeat(rows, weights)

    def _value(self, rows: np.ndarray, what: str) -> tuple[float, float]:
        """The caller's statistic of rows: of their columns, or of their two samples."""
        arrays = [column[rows] for column in self.sample.columns]
        if self.sample.sample is not None:
            sample = self.sample.sample[rows]
            arrays = [arrays[0][sample == which] for which in (0, 1)]
        return value_of(self.plan.statistic, arrays, f"{WHERE}, {what}", self.plan.errors)

    def _of_means(self, means: np.ndarray) -> np.ndarray:
        """The caller's function of means, all at once."""
        function: Any = self.plan.statistic
        try:
            found = np.asarray(function(*means.T), np.float64)
        except Exception as error:
            raise NrdValueError(
                f"{WHERE}: the statistic raised {type(error).__name__}: {error}"
            ) from error
        if found.shape != (len(means),):
            raise NrdTypeError(
                f"{WHERE}: the statistic returned shape {found.shape} of means of shape "
                f"({len(means)},), expected the same"
            )
        return found
