"""Columns of results that become Python values only where someone reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np


class Late(Mapping):
    """Columns by name; one that is an array becomes a list when it is first read.

    Of thousands of groups the Python numbers take as long as the statistics. A function is
    called for its column only then.
    """

    def __init__(
        self, columns: Mapping[str, Sequence | np.ndarray | Callable[[], np.ndarray]]
    ):
        self._columns = dict(columns)

    def __getitem__(self, name: str) -> Sequence:
        values = self.held(name)
        if isinstance(values, np.ndarray):
            values = self._columns[name] = or_none(values)
        return values

    def held(self, name: str) -> Sequence | np.ndarray:
        """A column as it is, for what takes arrays."""
        values = self._columns[name]
        if callable(values):
            values = self._columns[name] = values()
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __repr__(self) -> str:
        return repr(dict(self))


def or_none(values: np.ndarray) -> list[float | None]:
    """Return numbers as a list; NaN as None."""
    found = values.tolist()
    missing = values.dtype.kind == "f" and np.isnan(values).any()
    return [None if v != v else v for v in found] if missing else found
