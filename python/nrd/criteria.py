"""Criteria sets: the versioned official documents that say what a unit must meet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ._core.criteria import Document, Item, Level
from .errors import NrdFileError, NrdKeyError, NrdValueError

CRITERIA_FOLDER = Path(__file__).parent / "datasets" / "criteria"


@dataclass(frozen=True)
class CriteriaSet:
    """The criteria of a set, in its order.

    Attributes
    ----------
    id : str
        Identifier, ``"vn-318-2022-commune-standard"`` for example.
    codes : tuple of str
        Official numbers of the criteria, as text.
    names_en, names_vi : tuple of str
        Names; the English one stands in where no Vietnamese one is known.
    groups : tuple of str or None
        Group of each criterion as the document states it.
    about : dict
        Decision, date, level, tier and period.
    items : tuple of Item
        What is measured: indicators, and parts of those that have several. Conditions of
        the whole set stand at the end, with `criterion` None.
    """

    id: str
    codes: tuple[str, ...]
    names_en: tuple[str, ...]
    names_vi: tuple[str, ...]
    groups: tuple[str | None, ...]
    about: dict[str, str]
    items: tuple[Item, ...] = field(default=(), repr=False)
    _read: Document | None = field(default=None, repr=False, compare=False)
    _text: bytes = field(default=b"{}", repr=False, compare=False)

    def name(self, code: str, language: str = "en") -> str:
        """Name of a criterion in a language."""
        names = self.names_vi if language == "vi" else self.names_en
        return names[self.codes.index(code)]

    @property
    def places(self) -> tuple[str, ...]:
        """Ids of the regions, or groups of communes, with levels of their own."""
        return self._document().places

    @property
    def years(self) -> range:
        """Years of the period."""
        first, last = self._document().years
        return range(first, last + 1)

    @cached_property
    def content(self) -> dict[str, Any]:
        """The file as it stands, with the sources and notes of every level."""
        return json.loads(self._text)

    @property
    def unlisted(self) -> tuple[str, ...]:
        """Criteria of which the set does not list all indicators: never known to be met."""
        listed = {c.code for c in self._document().criteria if c.complete}
        return tuple(code for code in self.codes if code not in listed)

    def item(self, code: str) -> Item:
        """One item by its code.

        Raises
        ------
        NrdKeyError
            If the set has no such item; the parts are named where it has parts.
        """
        return self.items[self._place_of_item(code)]

    def level(
        self, code: str, *, region: str = "general", year: int, as_of: str | None = None
    ) -> Level:
        """What is asked of an item at a place in a year.

        The level of the region holds. Where the set does not state it, the general level
        stands in if it is verified, and else the level is unknown.

        Parameters
        ----------
        code : str
            Code of the item, ``"15.3"`` or ``"17.1/clean"``.
        region : str, optional
            Region or group of communes; ``"general"`` for the general level.
        year : int
            A year of the period.
        as_of : str, optional
            Day of that year, as amendments take effect within it; by default its last.

        Returns
        -------
        Level
            ``kind``: ``"number"``, ``"met"``, ``"provincial"`` (set by the province, not
            said here), ``"unknown"`` or ``"not asked"``; ``value`` in the unit of the item,
            and the ``decision`` that states it.

        Raises
        ------
        NrdKeyError
            If the set has no such item or region.
        NrdValueError
            If the year is not in the period, or `as_of` is no day of it.

        Examples
        --------
        >>> import nrd
        >>> standard = nrd.criteria_set("vn-318-2022-commune-standard")
        >>> standard.level("15.3", region="red_river_delta", year=2024).value
        16.5
        """
        item = self._place_of_item(code)
        return self._document().level(item, self.place(region), self.day(year, as_of))

    def place(self, region: str) -> int:
        """Index of a region or group; -1 for ``"general"``."""
        if region == "general":
            return -1
        if region not in self.places:
            known = ", ".join((*self.places, "general"))
            raise NrdKeyError(
                f"there is no region {region!r} in the set {self.id}, expected one of "
                f"{known}"
            )
        return self.places.index(region)

    def day(self, year: int, as_of: str | None = None) -> int:
        """Day on which a year is judged, as yyyymmdd."""
        if year not in self.years:
            raise NrdValueError(
                f"the year is {year}, expected one of {self.about['period']}, "
                f"the period of the set {self.id}"
            )
        if as_of is None:
            return int(year) * 10000 + 1231
        try:
            day = datetime.strptime(as_of, "%Y-%m-%d") if isinstance(as_of, str) else None
        except ValueError:
            day = None
        if day is None or day.year != year:
            raise NrdValueError(
                f"as_of is {as_of!r}, expected a day of {year} such as '{year}-12-31'"
            )
        return day.year * 10000 + day.month * 100 + day.day

    def override(
        self,
        changes: Mapping[str, Any] | str | Path,
        *,
        decision: str | None = None,
        id: str | None = None,
        complete: Mapping[str, bool] | list[str] | tuple[str, ...] = (),
    ) -> CriteriaSet:
        """Add the levels that a province has set to those of this set.

        Parameters
        ----------
        changes : mapping, str or Path
            From the id of an indicator to its level (a number, ``"met"``, or a mapping from
            parts to levels), or to a mapping with ``general``, ``by_region``, ``by_group``,
            ``by_year``, ``rule``, ``unit``, ``parts``, ``source``; for an indicator that
            the set does not list, with ``criterion`` and ``description_en`` too. Or a JSON
            file with ``decision``, ``levels`` (such a mapping), and optionally ``id`` and
            ``complete``; `nrd criteria template` writes one.
        decision : str
            The province's decision, by which results name these levels.
        id : str, optional
            Identifier of the new set; by default the old one and the decision.
        complete : iterable of str, optional
            Criteria of which the new set lists all indicators.

        Returns
        -------
        CriteriaSet

        Raises
        ------
        NrdKeyError
            If a criterion does not exist.
        NrdValueError
            If the result is not a criteria set; the message names line and path.
        NrdFileError
            If the file cannot be read.

        Examples
        --------
        >>> import nrd
        >>> national = nrd.criteria_set("vn-318-2022-commune-standard")
        >>> own = national.override({"15.1": 92.5}, decision="12/QD-UBND")
        >>> own.level("15.1", region="mekong_delta", year=2023)
        Level(kind='number', value=92.5, decision='12/QD-UBND')
        """
        from . import _override

        given = _override.read(changes, decision, id, complete)
        text = _override.apply(self, given)
        found = _from_text(text, given.where)
        if isinstance(changes, str | Path):
            _hold_against_schema(text, given.where)
        return found

    def _document(self) -> Document:
        if self._read is None:
            raise NrdValueError(f"the set {self.id} has names of criteria and no levels")
        return self._read

    def _place_of_item(self, code: str) -> int:
        for i, item in enumerate(self.items):
            if item.code == code:
                return i
        parts = [item.code for item in self.items if item.indicator == code]
        expected = parts or [item.code for item in self.items]
        raise NrdKeyError(
            f"there is no indicator {code!r} in the set {self.id}, expected "
            f"{'its parts ' if parts else 'one of '}{', '.join(expected)}"
        )


def read_criteria_set(path: str | Path) -> CriteriaSet:
    """Read a criteria set from a JSON file; strict, with line and path in the error.

    The library checks every file that it reads. Where ``jsonschema`` is installed (the
    extra ``nrd[schema]``), the file is held against the JSON Schema of `schema`, too.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    CriteriaSet

    Raises
    ------
    NrdFileError
        If the file cannot be read.
    NrdValueError
        If it is not a criteria set; the message names file, line and path.
    """
    path = Path(path)
    text = _bytes_of(path)
    found = _from_text(text, path.name)
    _hold_against_schema(text, path.name)
    return found


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NrdFileError(f"{path}: cannot be read, {error.strerror}") from error


def _from_text(text: bytes, where: str) -> CriteriaSet:
    document = Document(text, where)
    about = dict(document.about)
    return CriteriaSet(
        id=about.pop("id"),
        codes=tuple(c.code for c in document.criteria),
        names_en=tuple(c.name_en for c in document.criteria),
        names_vi=tuple(c.name_vi or c.name_en for c in document.criteria),
        groups=tuple(c.group for c in document.criteria),
        about=about,
        items=document.items,
        _read=document,
        _text=text,
    )


def criteria_sets() -> list[str]:
    """Identifiers of the criteria sets that ship with nrd.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import nrd
    >>> nrd.criteria_sets()[0], len(nrd.criteria_sets())
    ('vn-1980-2016-commune-standard', 9)
    """
    # The poverty standards of households beside them have another format.
    return sorted(
        p.stem for p in CRITERIA_FOLDER.glob("*.json") if not p.stem.startswith("vn-mpi-")
    )


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of criteria sets and poverty standards, as it ships."""
    return json.loads((CRITERIA_FOLDER.parent / "criteria-set.schema.json").read_bytes())


@cache
def _validator() -> Any:
    """What holds a file against the schema; None where jsonschema is not installed."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        return None
    return Draft202012Validator(schema())


def _hold_against_schema(text: bytes, where: str) -> None:
    validator = _validator()
    if validator is not None:
        for error in validator.iter_errors(json.loads(text)):
            raise NrdValueError(f"{where}: {error.json_path}: {error.message}")


def criteria_set(id: str) -> CriteriaSet:
    """Load an official criteria set that ships with nrd.

    Parameters
    ----------
    id : str
        Identifier of the set.

    Returns
    -------
    CriteriaSet

    Raises
    ------
    NrdKeyError
        If no such set ships.

    Examples
    --------
    >>> import nrd
    >>> standard = nrd.criteria_set("vn-318-2022-commune-standard")
    >>> len(standard.codes), standard.name("15"), standard.name("15", "vi")
    (19, 'Health', 'Y tế')
    """
    path = CRITERIA_FOLDER / f"{id}.json"
    shipped = criteria_sets()
    if id not in shipped:
        raise NrdKeyError(
            f"there is no criteria set {id!r}, expected one of {', '.join(shipped)}"
        )
    # What ships is held against the schema once, by the tests: no import of jsonschema.
    return _from_text(_bytes_of(path), path.name)
