"""Which area is meant by a code."""

from __future__ import annotations

from collections.abc import Hashable

from ._frames import name_of
from ._series import Series
from .errors import NrdKeyError


def place_of(series: Series, key: tuple[Hashable, ...]) -> int:
    """Place of an area: by the value of its unit, or with those of its groups before it.

    Raises
    ------
    NrdKeyError
        If there is no such area, or several groups have one.
    """
    text = tuple(map(name_of, key[0] if key and isinstance(key[0], tuple) else key))
    found = [
        place
        for place, known in enumerate(series.keys)
        if tuple(map(name_of, known[-len(text) :])) == text
    ]
    if len(found) != 1:
        shown = ", ".join(map(repr, text))
        raise NrdKeyError(
            f"area: there is no area {shown}"
            if not found
            else f"area: {len(found)} groups have an area {shown}, expected a value for "
            f"each of {', '.join(series.names)}"
        )
    return found[0]
