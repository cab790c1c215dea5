"""Administrative units before and after July 2025, and names matched to their codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ._frames import BACKENDS, Kind, is_missing
from ._matches import UnitMatches, matches_of
from ._names import agrees, plain_key_of, tidy, without_type
from .dataset import load_dataset
from .errors import NrdKeyError, NrdTypeError, NrdValueError

__all__ = ["UnitMatches", "match_units", "units"]

REFORM = "2025-07-01"
LEVELS = ("province", "district", "commune")
# English and short names that no rule gives.
_ALIASES = {
    "hochiminhcity": "hochiminh", "hcmc": "hochiminh", "saigon": "hochiminh",
    "thuathienhue": "hue", "bariavungtau": "bariavungtau",
}  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A unit: its code, name and type, and what it lies in."""

    code: str
    name_vi: str
    name_ascii: str
    type_vi: str
    parents: tuple[str, ...]


def units(
    level: str,
    *,
    at: str = "2025-06-30",
    within: str | None = None,
    name: str | None = None,
    backend: str | None = None,
) -> Any:
    """Administrative units of Viet Nam on a day: a data frame of codes and names.

    Parameters
    ----------
    level : {"province", "district", "commune"}
        Districts were abolished on 1 July 2025. Communes are wards and townships, too.
    at : str, optional
        Day, such as "2025-06-30". The lists are those of mid-2025 before and after the
        mergers of 1 July; units of earlier years may differ.
    within : str, optional
        Code of the province or district they lie in.
    name : str, optional
        Units of this name only, however it is written.
    backend : {"pandas", "polars", "pyarrow"}, optional
        Library of the table; by default the first that is installed.

    Returns
    -------
    data frame
        ``code`` (text), ``name_vi``, ``name_ascii``, ``type_vi``, ``parent_code``.

    Raises
    ------
    NrdValueError
        If the level or the day cannot be.
    NrdKeyError
        If there is no such unit to look within.

    Examples
    --------
    >>> import nrd
    >>> found = nrd.units("commune", name="tan van", within="20", backend="pandas")
    >>> found[["code", "name_vi", "parent_code"]].values.tolist()
    [['06121', 'Tân Văn', '181']]
    """
    if backend not in (None, *BACKENDS):
        raise NrdValueError(f"backend is {backend!r}, expected {', '.join(BACKENDS)}")
    return Kind(backend).build(unit_columns(level, at=at, within=within, name=name))


def unit_columns(
    level: str, *, at: str, within: str | None, name: str | None
) -> dict[str, list[str]]:
    """Columns of the table of `units`."""
    found = list(_inside(index_at(level, at), within, at))
    if name is not None:
        wanted = without_type(name)[0]
        found = [unit for unit in found if _is_named(unit, wanted)]
    return {
        "code": [unit.code for unit in found],
        "name_vi": [unit.name_vi for unit in found],
        "name_ascii": [unit.name_ascii for unit in found],
        "type_vi": [unit.type_vi for unit in found],
        "parent_code": [unit.parents[0] if unit.parents else "" for unit in found],
    }


def match_units(
    names: Iterable[str | None],
    level: str = "commune",
    *,
    within: str | Sequence[str | None] | None = None,
    at: str = "2025-06-30",
    fuzzy: bool = True,
    score: float = 85.0,
) -> UnitMatches:
    """Find the official codes of names as people write them.

    A name is compared as it is, then in one form: without case, blanks and hyphens, with
    the tone wherever it stands (Hòa, Hoà), without "Xã", "TT." or "commune", and without
    diacritics where it has none. What is still open is compared by its letters, within its
    parent. Nothing is picked where several units fit; in a list without any diacritics
    "Sa Pa" may be Sa Pa or Sả Pả.

    Parameters
    ----------
    names : iterable of str
        The names; a missing or blank one stays so.
    level : {"province", "district", "commune"}, optional
        Level of all of them.
    within : str or sequence of str, optional
        The province or district of all names, or of each: a code, or a name.
    at : str, optional
        Day, as in `units`.
    fuzzy : bool, optional
        Whether to compare by letters; needs RapidFuzz.
    score : float, optional
        Least share of letters alike, 0 to 100, of a match by letters.

    Returns
    -------
    UnitMatches
        ``codes``, and a table that says how each was found.

    Raises
    ------
    NrdKeyError
        If a parent is not known, or not one unit only.
    NrdTypeError, NrdValueError
        If a name is no text, or an option cannot be.
    NrdError
        If RapidFuzz is needed and not installed.

    Examples
    --------
    >>> import nrd
    >>> found = nrd.match_units(
    ...     ["Xã Tân Văn", "quy hoà", "Hoa Thany Phong"], within="Binh Gia"
    ... )
    >>> found.columns["how"]
    ['exact', 'normalised', 'not found']
    >>> found.codes[:2]
    ['06121', '06076']
    """
    if not 0 <= score <= 100:
        raise NrdValueError(f"match_units: score is {score}, expected 0 to 100")
    if isinstance(names, str):
        raise NrdTypeError("match_units: names is one text, expected a list of names")
    given = [None if _is_blank(name, row) else name for row, name in enumerate(names)]
    pools = _pools(within, len(given), index_at(level, at), at)
    return matches_of(given, pools, level=level, at=at, fuzzy=fuzzy, score=score)


def _is_blank(name: Any, row: int) -> bool:
    if is_missing(name):
        return True
    if not isinstance(name, str):
        raise NrdTypeError(f"match_units: row {row}: found {name!r}, expected a name")
    return not name.strip()


def index_at(level: str, at: str) -> tuple[Unit, ...]:
    """All units of a level on a day."""
    if level not in LEVELS:
        raise NrdValueError(f"level is {level!r}, expected {', '.join(LEVELS)}")
    after = _is_after(at)
    if after and level == "district":
        raise NrdValueError(
            f"level is 'district' on {at}, expected a day before 1 July 2025, when "
            "districts were abolished"
        )
    return _index(level, after)


def _is_after(at: str) -> bool:
    from datetime import date

    try:
        return date.fromisoformat(at) >= date.fromisoformat(REFORM)
    except (TypeError, ValueError):
        raise NrdValueError(f"at is {at!r}, expected a day such as '2025-06-30'") from None


@cache
def _index(level: str, after: bool) -> tuple[Unit, ...]:
    rows = load_dataset("admin-2025").tables
    if level == "province" and after:
        held = {}
        for row in rows["provinces"].rows():
            held[row["code_2025"]] = (row["name_vi_2025"], row["name_ascii_2025"])
        return tuple(Unit(code, *names, "Tỉnh", ()) for code, names in sorted(held.items()))
    table = {"province": "provinces", "district": "districts"}.get(
        level, "communes_after" if after else "communes_before"
    )
    return tuple(
        Unit(
            row["code"],
            row["name_vi"],
            row["name_ascii"],
            row.get("type_vi", "Tỉnh"),
            tuple(row[key] for key in ("district_code", "province_code") if key in row),
        )
        for row in rows[table].rows()
    )


def _inside(pool: tuple[Unit, ...], within: str | None, at: str) -> Iterable[Unit]:
    """Units of a pool that lie in a province or district."""
    if within is None:
        return pool
    code = _parent(within, at)
    return (unit for unit in pool if code in unit.parents)


def _pools(within: Any, count: int, pool: tuple[Unit, ...], at: str) -> list:
    """The units that each name may be."""
    if within is None or isinstance(within, str):
        return [tuple(_inside(pool, within, at))] * count
    given = list(within)
    if len(given) != count:
        raise NrdValueError(
            f"match_units: within has {len(given)} parents, expected {count}, one a name"
        )
    held = {
        parent: tuple(_inside(pool, None if is_missing(parent) else parent, at))
        for parent in dict.fromkeys(given)
    }
    return [held[parent] for parent in given]


def _is_named(unit: Unit, name: str) -> bool:
    """Whether a unit has a name, however it is written."""
    letters = _ALIASES.get(plain_key_of(name), plain_key_of(name))
    return plain_key_of(unit.name_ascii) == letters and (
        letters != plain_key_of(name) or agrees(name, unit.name_vi)
    )


def _parent(within: str, at: str) -> str:
    """Code of a province or district given by code or name."""
    if not isinstance(within, str):
        raise NrdTypeError(f"within is {within!r}, expected a code or a name")
    levels = ("province",) if _is_after(at) else ("province", "district")
    everything = [unit for level in levels for unit in index_at(level, at)]
    if within.isdecimal():
        found = [unit for unit in everything if unit.code == within]
    else:
        wanted, kind = without_type(within)
        found = [unit for unit in everything if _is_named(unit, wanted)]
        exact = [unit for unit in found if kind in (None, unit.type_vi)]
        found = exact or found
        # Where a province and its capital share a name, the name alone is the province.
        provinces = [unit for unit in found if not unit.parents]
        found = provinces if len(found) > 1 and provinces and kind is None else found
    if len(found) != 1:
        said = "there is no" if not found else f"there are {len(found)} units named"
        raise NrdKeyError(f"within: {said} {tidy(within)!r} on {at}")
    return found[0].code
