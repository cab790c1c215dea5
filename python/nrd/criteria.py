"""Criteria sets: the versioned official documents that say what a unit must meet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ._core import criteria as _criteria
from .errors import NrdFileError, NrdKeyError

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
    """

    id: str
    codes: tuple[str, ...]
    names_en: tuple[str, ...]
    names_vi: tuple[str, ...]
    groups: tuple[str | None, ...]
    about: dict[str, str]

    def name(self, code: str, language: str = "en") -> str:
        """Name of a criterion in a language."""
        names = self.names_vi if language == "vi" else self.names_en
        return names[self.codes.index(code)]


def read_criteria_set(path: str | Path) -> CriteriaSet:
    """Read a criteria set from a JSON file; strict, with line and path in the error.

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
    try:
        text = path.read_bytes()
    except OSError as error:
        raise NrdFileError(f"{path}: cannot be read, {error.strerror}") from error
    about, criteria = _criteria.read(text, path.name)
    return CriteriaSet(
        id=about.pop("id"),
        codes=tuple(c.code for c in criteria),
        names_en=tuple(c.name_en for c in criteria),
        names_vi=tuple(c.name_vi or c.name_en for c in criteria),
        groups=tuple(c.group for c in criteria),
        about=about,
    )


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
    # The poverty standards of households beside them have another format.
    shipped = sorted(
        p.stem for p in CRITERIA_FOLDER.glob("*.json") if not p.stem.startswith("vn-mpi-")
    )
    if id not in shipped:
        raise NrdKeyError(
            f"there is no criteria set {id!r}, expected one of {', '.join(shipped)}"
        )
    return read_criteria_set(path)
