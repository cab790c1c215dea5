"""Arrangements gone through: in C, or for a function of the caller one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ._bootstrap import Sample
from ._core.permutation import Permutation
from ._permutation import WHERE, Plan, Roles
from ._resample import batches, value_of
from .errors import NrdValueError

Look = Callable[[int, int], None] | None

# Numbers of the distribution that are kept.
_MOST_VALUES = 5_000_000
# Looks at the progress.
_LOOKS = 100
# Numbers of a function that are so near to each other count as equal; SciPy's limit.
_NEAR = 1e-14


def run_test(
    plan: Plan, sample: Sample, test: Permutation, roles: Roles, threads: int, look: Look
) -> tuple[dict[str, list], np.ndarray | None]:
    """Go through the arrangements in C.

    Returns
    -------
    columns : dict of columns
        What the table says of each outcome.
    values : ndarray or None
        The distribution.
    """
    total, width = test.left, test.shape[0]
    scale = np.array(roles.scale)
    values = np.full((total, width), np.nan) if total * width <= _MOST_VALUES else None
    step = max(1, total // _LOOKS) if look else total
    for first in range(0, total, step):
        count = min(step, total - first)
        part = None if values is None else values[first : first + count]
        test.update(count, threads, part)
        if look:
            look(first + count, total)
        if not test.left:
            break
    extreme, used = test.counts()
    out = {"estimate": (test.observed() * scale).tolist(), "p": test.p().tolist()}
    if plan.joint:
        out["adjusted"] = test.adjusted().tolist()
    out |= {"extreme": extreme.tolist(), "resamples": used.tolist()}
    if values is not None:
        values *= scale
        values = values[: int(used.max())]
        values = values[:, 0] if width == 1 else values
    return out, values


class _Count:
    """How many numbers are as extreme as the data on one side."""

    def __init__(self, data: float, side: str, enough: int):
        self.data, self.side, self.enough = data, side, enough
        self.near = _NEAR * abs(data)
        self.extreme = self.used = 0

    @property
    def open(self) -> bool:
        """Whether more are wanted."""
        return not self.enough or self.extreme < self.enough

    def add(self, value: float) -> None:
        """Count a number, unless there were enough."""
        if self.open:
            self.used += 1
            if self.side == "greater":
                self.extreme += value >= self.data - self.near
            elif self.side == "less":
                self.extreme += value <= self.data + self.near
            else:
                self.extreme += abs(value) >= abs(self.data) - self.near

    def p(self, exact: bool) -> float:
        """The p-value; with the data themselves where arrangements were drawn."""
        data = not exact and self.open
        return (self.extreme + data) / (self.used + data)


def run_function(
    plan: Plan, sample: Sample, test: Permutation, roles: Roles, threads: int, look: Look
) -> tuple[dict[str, list], np.ndarray | None]:
    """Go through the arrangements one by one; see `run_test`."""
    function: Any = plan.statistic
    data = _data_of(function, plan, sample)
    sides = [plan.alternative]
    if plan.alternative == "two-sided":
        sides = ["greater", "less"]
    enough = 0 if test.exact else plan.enough
    counts = [_Count(data, side, enough) for side in sides]
    values = []
    total = test.left
    for number, rows in enumerate(_arrangements(test, sample.n)):
        arrays = _arranged(plan, sample, roles.place, rows)
        value, _ = value_of(function, arrays, f"{WHERE}, arrangement {number}")
        if np.isnan(value):
            raise NrdValueError(
                f"{WHERE}, arrangement {number}: the statistic is NaN, expected a number"
            )
        values.append(value)
        for count in counts:
            count.add(value)
        if look and number % max(1, total // _LOOKS) == 0:
            look(number + 1, total)
        if not any(count.open for count in counts):
            break
    if look:
        look(total, total)
    best = min(counts, key=lambda count: count.p(test.exact))
    p = min(1.0, len(counts) * best.p(test.exact))
    out = {"estimate": [data], "p": [p], "extreme": [int(best.extreme)]}
    return out | {"resamples": [best.used]}, np.array(values)


def _data_of(function: Any, plan: Plan, sample: Sample) -> float:
    if plan.kind == "independent":
        arrays = [sample.columns[0][sample.sample == which] for which in (0, 1)]
    else:
        arrays = sample.columns
    value, _ = value_of(function, arrays, f"{WHERE}, the data")
    if np.isnan(value):
        raise NrdValueError(f"{WHERE}, the data: the statistic is NaN, expected a number")
    return value


def _arrangements(test: Permutation, n: int) -> Iterator[np.ndarray]:
    for _, count in batches(test.left, n):
        yield from test.rows(count)


def _arranged(plan: Plan, sample: Sample, place: int, rows: np.ndarray) -> list[np.ndarray]:
    """The columns or samples of an arrangement."""
    columns = list(sample.columns)
    if plan.kind == "independent":
        which = sample.sample[rows]
        return [columns[0][which == k] for k in (0, 1)]
    if plan.kind == "pairings":
        columns[place] = columns[place][rows]
        return columns
    turned = rows.astype(bool)
    if len(columns) == 1:
        return [np.where(turned, -columns[0], columns[0])]
    first, second = columns
    return [np.where(turned, second, first), np.where(turned, first, second)]
