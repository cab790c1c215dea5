"""Groups of rows that were read: which there are, their order and their keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ._columns import Numbers
from ._keys import Run, in_order


def count(found: Numbers) -> int:
    """Number of groups to compute, those that no row is in included; 1 without groups."""
    return 1 if found.keys is None else max(len(found.keys), 1)


def sizes(found: Numbers) -> np.ndarray:
    """Rows of each group, used or not."""
    if found.group is None:
        return np.array([found.rows])
    codes = found.group - found.first_group
    return np.bincount(codes[codes >= 0], minlength=count(found))


def seen(found: Numbers, used: np.ndarray, dropped: bool = True) -> np.ndarray:
    """Codes of the groups that have rows, used or not.

    `used` holds rows used by group, or by group and column; where nothing was `dropped`
    these are all.
    """
    if found.keys is None:
        return np.zeros(1, np.int64)
    has_rows = used.reshape(len(used), -1).any(axis=1)[: len(found.keys)]
    if dropped and not has_rows.all():
        has_rows = sizes(found)[: len(found.keys)] > 0
    return np.flatnonzero(has_rows)


def ordered(found: Numbers, codes: np.ndarray) -> np.ndarray:
    """Codes of groups in the order of their keys."""
    if found.keys is None or isinstance(found.keys, Run):
        return codes
    order = np.array(in_order(found.keys), np.int64)
    return order[np.isin(order, codes)]


def key_columns(
    found: Numbers, codes: np.ndarray, names: Sequence[str], times: int
) -> dict[str, list | np.ndarray]:
    """Keys of the groups, each so many times, by the names they were read from."""
    codes = np.repeat(codes, times)
    if isinstance(found.keys, Run):
        return {names[0]: codes + found.first_group}
    keys = [found.keys[code] for code in codes.tolist()] if names else []
    return {name: [key[place] for key in keys] for place, name in enumerate(names)}
