"""Which column names the poverty standard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._columns import named
from ._frames import Frame

# What the data sets of nrd call it.
_NAMES = ("standard", "basis")
AUTO = "auto"


def standard_of(
    frame: Any, standard: str | None, where: str, by: str | Sequence[str] | None
) -> str | None:
    """Column of the standard; with "auto" one that the frame has by its name.

    One of the columns `by` names groups, and is none.
    """
    if standard != AUTO:
        return standard
    columns = Frame(named(frame, where), where).columns
    groups = [by] if isinstance(by, str) else list(by or ())
    return next((n for n in _NAMES if n in columns and n not in groups), None)


def assumption(column: str) -> str:
    """What is taken as given where the column was recognised."""
    return f"The column {column!r} names the poverty standard."
