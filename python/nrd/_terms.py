"""Terms of a regression: columns, and powers of columns that are formed exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ._core.regression import Model
from .errors import NrdTypeError, NrdValueError

INTERCEPT = "(intercept)"


@dataclass(frozen=True)
class Poly:
    """The powers of a column from 1 to a degree; see `poly`."""

    column: str
    degree: int


@dataclass(frozen=True)
class Terms:
    """What is regressed on what: names of columns, highest powers, names of terms."""

    columns: tuple[str, ...]
    powers: tuple[int, ...]
    names: tuple[str, ...]
    model: Model


def poly(column: str, degree: int) -> Poly:
    """Powers of a column from 1 to a degree, as terms of a regression.

    The powers are formed without rounding: a polynomial of degree 10 loses no digit.

    Parameters
    ----------
    column : str
        Name of the column.
    degree : int
        Highest power, 1 to 20.

    Returns
    -------
    Poly
        To be given as `x` of `regress`, alone or among other terms.

    Raises
    ------
    NrdValueError
        If the degree is none.

    Examples
    --------
    >>> import nrd
    >>> rows = {"year": [2020, 2021, 2022, 2023], "rate": [9.0, 7.0, 6.0, 6.0]}
    >>> float(nrd.regress(rows, "rate", nrd.poly("year", 2)).estimate[0, -1])
    0.5
    """
    if type(degree) is not int or not 1 <= degree <= 20:
        raise NrdValueError(f"poly: degree is {degree!r}, expected a whole number, 1 to 20")
    if not isinstance(column, str):
        raise NrdTypeError(f"poly: column is {column!r}, expected the name of a column")
    return Poly(column, degree)


def terms_of(y: str, x: str | Poly | Sequence[str | Poly], intercept: bool) -> Terms:
    """Check what is regressed on what."""
    if not isinstance(y, str):
        raise NrdTypeError(f"y is {y!r}, expected the name of a column")
    given = [x] if isinstance(x, str | Poly) else list(x)
    highest: dict[str, int] = {y: 1}
    names, terms = [INTERCEPT] if intercept else [], []
    for term in given:
        if not isinstance(term, str | Poly):
            raise NrdTypeError(f"x holds {term!r}, expected names of columns or nrd.poly")
        column, degree = (term, 1) if isinstance(term, str) else (term.column, term.degree)
        if column in highest:
            said = "is y" if column == y else "occurs twice"
            raise NrdValueError(f"x: column {column!r} {said}, expected each column once")
        highest[column] = degree
        names += [column if p == 1 else f"{column}^{p}" for p in range(1, degree + 1)]
        terms += [(len(highest) - 1, p) for p in range(1, degree + 1)]
    if not names:
        raise NrdValueError("x: there is no term and no intercept, expected one at least")
    return Terms(
        tuple(highest),
        tuple(highest.values()),
        tuple(names),
        Model(0, tuple(terms), bool(intercept)),
    )


def effects_of(effects: str | None) -> list[str]:
    """Check the column of units that have an intercept each."""
    if effects is not None and not isinstance(effects, str):
        raise NrdTypeError(
            f"effects is {effects!r}, expected one column; for effects of a second kind "
            "give columns of 0 and 1 among x"
        )
    return [] if effects is None else [effects]
