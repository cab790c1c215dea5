"""Exceptions of nrd: each is a `NrdError` and the built-in exception that fits."""

from __future__ import annotations

__all__ = [
    "NrdContradictionError",
    "NrdError",
    "NrdFileError",
    "NrdKeyError",
    "NrdMemoryError",
    "NrdTypeError",
    "NrdValueError",
]


class NrdError(Exception):
    """Base of every exception that nrd raises on purpose.

    Attributes
    ----------
    status : str or None
        Name of the status of the C library, ``"NRD_E_DOMAIN"`` for example.
    row : int or None
        The row to blame, counted from 0; None where no row is.
    """

    def __init__(self, message: str, *, status: str | None = None, row: int | None = None):
        super().__init__(message)
        self.status = status
        self.row = row

    def __str__(self) -> str:
        # KeyError would print the repr of its message.
        return str(self.args[0])


class NrdValueError(NrdError, ValueError):
    """A value that is outside its range, or contradicts another."""


class NrdTypeError(NrdError, TypeError):
    """An argument or column of a type that cannot be used."""


class NrdKeyError(NrdError, KeyError):
    """A name, code or column that does not exist."""


class NrdMemoryError(NrdError, MemoryError):
    """No memory left for what was asked for."""


class NrdFileError(NrdError, OSError):
    """A file or folder that cannot be read or written."""


class NrdContradictionError(NrdValueError):
    """Statements and cells that cannot hold together.

    Attributes
    ----------
    statements : tuple of str
        Those that contradict each other, in words; without any one of them the others can
        hold.
    smallest : bool
        Whether no set of fewer contradicts.
    """

    def __init__(self, message: str, *, statements: tuple[str, ...], smallest: bool):
        super().__init__(message)
        self.statements = statements
        self.smallest = smallest
