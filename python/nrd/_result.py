"""What every result has in common: tables, text, JSON and how it was made."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from ._core import versions
from ._frames import Kind

Columns = Mapping[str, Sequence]


@dataclass(frozen=True)
class Provenance:
    """What made a result.

    Attributes
    ----------
    method : str
        The computation in a sentence.
    options : dict
        Options as used.
    used, dropped : int
        Rows of input that entered, and rows left out.
    assumptions : tuple of str
        What was taken as given beyond the rows, one sentence each.
    references : tuple of str
        Publications of the method or the data.
    versions : dict
        Versions of nrd and of what it computes with.
    seed : int or None
        Seed of the random numbers; None where none are used.
    """

    method: str
    options: dict[str, Any] = field(default_factory=dict)
    used: int = 0
    dropped: int = 0
    assumptions: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=versions)
    seed: int | None = None


@dataclass(frozen=True, eq=False)
class Result:
    """Base of the results: immutable, with tables in the caller's own kind of frame."""

    provenance: Provenance
    kind: Kind = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Everything the result holds, as plain Python values at full precision."""
        names = [f.name for f in dataclasses.fields(self) if f.name != "kind"]
        return {name: plain(getattr(self, name)) for name in names}

    def to_json(self, *, indent: int | None = 2) -> str:
        """Everything the result holds as JSON; a missing number is null, never NaN."""
        return to_json(self.to_dict(), indent=indent)

    def summary(self, *, language: str = "en") -> str:
        """Return the result as text, with numbers rounded for reading.

        Parameters
        ----------
        language : {"en", "vi"}, optional
            Language of the labels.
        """
        from . import _display

        return _display.text(self.report(language))

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` and the notebook show."""
        raise TypeError(f"{type(self).__name__} has no report")  # pragma: no cover

    def _repr_html_(self) -> str:
        from . import _display

        return _display.html(self.report("en"))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.provenance.method}>"


def plain(value: Any) -> Any:
    """Return a value as what JSON can hold."""
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if value - value == 0 else None
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | timedelta) else value


def to_json(value: Any, *, indent: int | None = 2) -> str:
    """Return plain values as JSON text, diacritics kept."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def records(columns: Columns) -> list[dict[str, Any]]:
    """Turn columns into a list of rows, as JSON tools like them."""
    lists = {
        name: plain(np.asarray(v) if isinstance(v, np.ndarray) else list(v))
        for name, v in columns.items()
    }
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
