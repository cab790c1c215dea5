"""Tables of crosswalks: codes, pairs and shares, read and checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._columns import floats
from ._frames import Frame, name_of
from .errors import NrdValueError

_WHERE = "Crosswalk"


def read_links(data: Any, old: str, new: str, share: str | None) -> tuple[tuple, ...]:
    """Codes before and after, pairs of their places, and shares.

    Raises
    ------
    NrdKeyError, NrdTypeError
        If a column is not there, or shares are no numbers.
    NrdValueError
        If a code is missing, a pair occurs twice, or a share is outside (0, 1].
    """
    frame = Frame(data, _WHERE)
    frame.require(old, new)
    codes = [_codes(frame, name) for name in (old, new)]
    places = [{code: i for i, code in enumerate(dict.fromkeys(held))} for held in codes]
    links: dict[tuple[int, int], int] = {}
    for row, (before, after) in enumerate(zip(*codes, strict=True)):
        first = links.setdefault((places[0][before], places[1][after]), row)
        if first != row:
            raise NrdValueError(
                f"{_WHERE}: row {row}: {before} into {after} is given twice, first in row "
                f"{first}",
                row=row,
            )
    given = None if share is None else floats(frame, share, _WHERE)
    shares = _shares(np.array([old for old, _ in links], np.int64), given)
    return tuple(places[0]), tuple(places[1]), tuple(links), tuple(shares.tolist())


def _codes(frame: Frame, name: str) -> list[str]:
    values = frame.values(name)
    if None in values:
        row = values.index(None)
        raise NrdValueError(f"{_WHERE}: row {row}: {name!r} is missing", row=row)
    return [name_of(value) for value in values]


def _shares(old: np.ndarray, given: np.ndarray | None) -> np.ndarray:
    """Shares as given; 1 for units that are not divided, where nothing else is said."""
    alone = np.bincount(old)[old] == 1
    if given is None:
        return np.where(alone, 1.0, np.nan)
    bad = np.flatnonzero(~np.isnan(given) & ~((given > 0) & (given <= 1)))
    if len(bad):
        row = int(bad[0])
        raise NrdValueError(
            f"{_WHERE}: row {row}: the share is {given[row]}, expected it in (0, 1]",
            row=row,
        )
    return np.where(np.isnan(given) & alone, 1.0, given)
