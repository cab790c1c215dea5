"""What bootstrap and permutation tests share: seeds, progress, statistics of the caller."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Integral
from typing import Any

import numpy as np

from .errors import NrdTypeError, NrdValueError

# More replicates than any memory holds.
MOST_RESAMPLES = 2**48

# At most so many row numbers are held at once for a statistic of the caller.
_ROWS = 4_000_000


def whole(value: Any, name: str, where: str, low: int, high: int | None = None) -> int:
    """Return a whole number in a range.

    Raises
    ------
    NrdTypeError, NrdValueError
        If it is something else, or outside.
    """
    span = f"from {low} on" if high is None else f"from {low} to {high}"
    if not isinstance(value, Integral) or isinstance(value, bool | np.bool_):
        raise NrdTypeError(f"{where}: {name} is {value!r}, expected a whole number {span}")
    if value < low or (high is not None and value > high):
        raise NrdValueError(f"{where}: {name} is {value}, expected a whole number {span}")
    return int(value)


def seed_of(seed: int | None, where: str) -> int:
    """Return the seed: the caller's, or one of the operating system."""
    if seed is None:
        return int.from_bytes(os.urandom(8), "little")
    return whole(seed, "seed", where, 0, 2**64 - 1)


@contextmanager
def progress_of(progress: Any, where: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give what is called with the replicates done and all of them, or None.

    Parameters
    ----------
    progress : bool or callable
        True for a bar on the error channel, or the caller's own function.
    where : str
        What the bar is called.
    """
    if callable(progress):
        yield progress
        return
    if not isinstance(progress, bool):
        raise NrdTypeError(
            f"{where}: progress is {progress!r}, expected True, False or a function"
        )
    if not progress:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(where, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def batches(count: int, rows: int, many: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield first number and size of batches of replicates of so many rows."""
    size = max(1, _ROWS // max(rows, 1)) if many is None else many
    for first in range(0, count, size):
        yield first, min(size, count - first)


def value_of(
    statistic: Callable, arrays: Sequence[np.ndarray], what: str, errors: bool = False
) -> tuple[float, float]:
    """Call a statistic of the caller: its value, and its standard error where wanted.

    Parameters
    ----------
    statistic : callable
        Called with the arrays; returns a number, or a number and its standard error.
    arrays : sequence of ndarray
        Columns of a resample.
    what : str
        What the message begins with: "bootstrap, replicate 7".
    errors : bool, optional
        Whether a standard error is wanted.

    Raises
    ------
    NrdValueError
        If the statistic raises.
    NrdTypeError
        If it returns something else.
    """
    wanted = "a number and its standard error" if errors else "a number"
    try:
        found = statistic(*arrays)
    except Exception as error:
        raise NrdValueError(
            f"{what}: the statistic raised {type(error).__name__}: {error}"
        ) from error
    try:
        numbers = np.asarray(found, np.float64)
    except (TypeError, ValueError):
        numbers = None
    if found is None or numbers is None or numbers.size != 1 + errors or numbers.ndim > 1:
        plain = found is None or numbers is None
        shown = repr(found)[:60] if plain else f"shape {numbers.shape}"
        raise NrdTypeError(f"{what}: the statistic returned {shown}, expected {wanted}")
    value, *rest = numbers.ravel().tolist()
    return value, rest[0] if rest else np.nan
