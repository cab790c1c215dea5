"""Names against a list of units: as they are, in one form, by their letters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._frames import NO_KIND
from ._labels import label
from ._names import agrees, is_plain, plain_key_of, tidy, without_type
from ._result import Columns, Provenance, Result, plain, records
from .errors import NrdError

if TYPE_CHECKING:
    from .unit_names import Unit

HOW = ("exact", "normalised", "fuzzy", "ambiguous", "not found", "blank")
# A second unit whose letters are nearly as much alike makes a match ambiguous.
_MARGIN = 4.0
_SHOWN = 5
_SOURCE = "M. Bachmann, RapidFuzz: similarity of two texts by insertions and deletions"


@dataclass(frozen=True, eq=False, repr=False)
class UnitMatches(Result):
    """Codes of names, and how each was found.

    Attributes
    ----------
    columns : dict of columns
        ``name`` as given, ``code`` and ``matched`` (None where nothing or more than one
        unit fits), ``type_vi``, ``how`` ("exact", "normalised", "fuzzy", "ambiguous", "not
        found" or "blank"), ``score`` of a fuzzy match, and ``candidates``: codes of the
        units that fit, or of those nearest by letters.
    counts : dict of int
        Names by how they were found.
    """

    columns: Columns

    @property
    def codes(self) -> list[str | None]:
        """Code of each name; None where none is certain."""
        return list(self.columns["code"])

    @property
    def counts(self) -> dict[str, int]:
        """Names by how they were found."""
        found = Counter(self.columns["how"])
        return {how: found[how] for how in HOW if found[how]}

    @property
    def table(self) -> Any:
        """One row a name; candidates joined by blanks."""
        joined = [" ".join(codes) for codes in self.columns["candidates"]]
        return self.kind.build({**self.columns, "candidates": joined})

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain Python values; the table as a list of rows."""
        return {
            "provenance": plain(self.provenance),
            "counts": self.counts,
            "table": records(self.columns),
        }

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` shows: counts, and what is open."""
        from ._display import Section

        heads = ("name", "how", "candidates")
        rows = [
            (row["name"], row["how"], " ".join(row["candidates"]))
            for row in records(self.columns)
            if row["how"] in ("fuzzy", "ambiguous", "not found")
        ]
        return [
            Section(label("matches", language), ("how", "n"), list(self.counts.items())),
            Section(label("matches_open", language), heads, rows),
        ]


@dataclass(frozen=True)
class _Found:
    how: str
    units: tuple[Unit, ...] = ()
    score: float | None = None


class _Index:
    """Units of a pool by their names in several forms."""

    def __init__(self, pool: tuple[Unit, ...]):
        self.pool = pool
        self.written: dict[str, list[Unit]] = {}
        self.letters: dict[str, list[Unit]] = {}
        for unit in pool:
            self.written.setdefault(unit.name_vi, []).append(unit)
            self.letters.setdefault(plain_key_of(unit.name_ascii), []).append(unit)

    def named(self, name: str, marked: bool) -> _Found | None:
        """The units of a name, as it is or in one form.

        Where no name of the list has a mark, none can be taken as it is: Sa Pa may be Sa Pa
        or Sả Pả.
        """
        text = tidy(name)
        bare, kind = without_type(text)
        for given, of in ((text, None), (bare, kind)) if marked else ():
            found = _of_type(self.written.get(given, ()), of)
            if found:
                return _one("exact", found)
        for given, of in ((bare, kind), (text, None)):
            same = self.letters.get(plain_key_of(given), ())
            found = [unit for unit in same if agrees(given, unit.name_vi)]
            if found:
                found = _of_type(found, of)
                as_it_is = [given] == [unit.name_vi for unit in found]
                return _one("exact" if as_it_is else "normalised", found)
        return None

    def nearest(self, name: str, score: float) -> _Found:
        """The units whose letters are most alike."""
        from rapidfuzz import fuzz, process

        bare, kind = without_type(name)
        near = process.extract(
            plain_key_of(bare), list(self.letters), scorer=fuzz.ratio, limit=_SHOWN
        )
        best = [found for found in near if near and found[1] >= near[0][1] - _MARGIN]
        units = tuple(unit for key, _, _ in best for unit in self.letters[key])
        if not near or near[0][1] < score:
            return _Found("not found", units)
        held = _of_type(units, kind) or units
        return _Found("fuzzy" if len(held) == 1 else "ambiguous", tuple(held), near[0][1])


def matches_of(
    names: list[str | None],
    pools: list[tuple[Unit, ...]],
    *,
    level: str,
    at: str,
    fuzzy: bool,
    score: float,
) -> UnitMatches:
    """Match names, each against its pool of units; see `nrd.match_units`."""
    marked = not all(name is None or is_plain(name) for name in names)
    indices: dict[int, _Index] = {}
    known: dict[tuple[str | None, int], _Found] = {}
    found = []
    for name, pool in zip(names, pools, strict=True):
        place = (name, id(pool))
        if place not in known:
            index = indices.setdefault(id(pool), None) or _Index(pool)
            indices[id(pool)] = index
            known[place] = _match(name, index, marked, fuzzy, score)
        found.append(known[place])
    columns = _columns(names, found)
    made = Provenance(
        method="names against the official list of units",
        options={"level": level, "at": at, "fuzzy": fuzzy, "score": score},
        used=sum(code is not None for code in columns["code"]),
        dropped=sum(code is None for code in columns["code"]),
        references=(_SOURCE,) if fuzzy else (),
    )
    return UnitMatches(made, NO_KIND, columns)


def _match(
    name: str | None, index: _Index, marked: bool, fuzzy: bool, score: float
) -> _Found:
    if name is None:
        return _Found("blank")
    found = index.named(name, marked)
    if found is not None or not fuzzy:
        return found or _Found("not found")
    try:
        return index.nearest(name, score)
    except ImportError:
        raise NrdError(
            f"match_units: {name!r} is no unit, and comparing letters needs RapidFuzz: "
            "pip install nrd[match], or fuzzy=False"
        ) from None


def _of_type(found: Any, kind: str | None) -> list[Unit]:
    """Units of the type that the name says; all where it says none, or none is of it."""
    same = [unit for unit in found if unit.type_vi == kind]
    return same or list(found)


def _one(how: str, found: list[Unit]) -> _Found:
    return _Found(how if len(found) == 1 else "ambiguous", tuple(found))


def _columns(names: list[str | None], found: list[_Found]) -> Columns:
    sure = [
        held.units[0] if held.how in ("exact", "normalised", "fuzzy") else None
        for held in found
    ]
    return {
        "name": names,
        "code": [unit and unit.code for unit in sure],
        "matched": [unit and unit.name_vi for unit in sure],
        "type_vi": [unit and unit.type_vi for unit in sure],
        "how": [held.how for held in found],
        "score": [held.score for held in found],
        "candidates": [[unit.code for unit in held.units] for held in found],
    }
