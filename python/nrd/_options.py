"""Options of statistics: checked where they enter."""

from __future__ import annotations

import numpy as np

from ._core.moments import WEIGHTS
from .errors import NrdKeyError, NrdValueError

# As in libnrd.
_MOST_DECIMALS = 9
# Asking for more than libnrd makes is no error, as there.
_MOST_THREADS = 1024


def weight_kind_of(weighted: bool, kind: str | None) -> str | None:
    """Check a kind of weights: that it is one, and that there are weights."""
    if not isinstance(kind, str | None) or kind not in WEIGHTS:
        names = ", ".join(map(repr, filter(None, WEIGHTS)))
        raise NrdValueError(f"weight_kind is {kind!r}, expected {names}")
    if weighted != (kind is not None):
        raise NrdValueError(
            "weights and weight_kind go together: say whether weights are frequencies, "
            "probability weights or precision weights"
        )
    return kind


def decimals_of(
    decimal: int | dict[str, int] | None, columns: list[str]
) -> list[int] | None:
    """Check printed decimals: a number for each column, -1 for none."""
    if decimal is None:
        return None
    given = decimal if isinstance(decimal, dict) else dict.fromkeys(columns, decimal)
    if unknown := [name for name in given if name not in columns]:
        raise NrdKeyError(
            f"decimal: there is no column {unknown[0]!r}, expected one of "
            f"{', '.join(map(repr, columns))}"
        )
    found = [given.get(name, -1) for name in columns]
    if not all(type(d) is int and -1 <= d <= _MOST_DECIMALS for d in found):
        raise NrdValueError(
            f"decimal is {decimal!r}, expected whole numbers from 0 to {_MOST_DECIMALS}"
        )
    return found if max(found) >= 0 else None


def threads_of(threads: int) -> int:
    """Check a number of threads; 0 is all processors."""
    if not isinstance(threads, int | np.integer) or threads < 0:
        raise NrdValueError(f"threads is {threads!r}, expected a whole number, 0 or more")
    return min(int(threads), _MOST_THREADS)
