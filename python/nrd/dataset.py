"""Data sets: published figures as tables, each row with its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ._core import decimal as dec
from ._descriptor import DESCRIPTOR
from ._frames import BACKENDS, Kind
from ._package import CsvTable, Package, read_package
from .errors import NrdFileError, NrdKeyError, NrdValueError

DATASETS = Path(__file__).parent / "datasets"


def list_datasets() -> list[str]:
    """Identifiers of the data sets that ship with nrd, beside the studies.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import nrd
    >>> nrd.list_datasets()[:2]
    ['admin-2025', 'boundaries-provinces']
    """
    return shipped(studies=False)


def load_dataset(dataset: str | Path, *, backend: str | None = None) -> Dataset:
    """Load a data set that ships with nrd, or one from a folder.

    Parameters
    ----------
    dataset : str or Path
        Identifier of a shipped data set, or a folder with a `datapackage.json`.
    backend : {"pandas", "polars", "pyarrow"}, optional
        Library of the tables that come back; by default the first that is installed.

    Returns
    -------
    Dataset

    Raises
    ------
    NrdKeyError
        If there is no such data set.
    NrdFileError
        If the folder holds no `datapackage.json`, or a file cannot be read.
    NrdValueError
        If a file is malformed, or a row breaks a rule; the message names file and line.

    Examples
    --------
    >>> import nrd
    >>> data = nrd.load_dataset("gso-provinces", backend="pandas")
    >>> rows = data.table("provinces", numbers=True)
    >>> rows = rows[(rows["unit_code"] == "14") & (rows["indicator"] == "poverty_rate")]
    >>> dict(zip(rows["year"], rows["value"]))[2015]
    22.6
    """
    return Dataset(*find(dataset, list_datasets(), "data set", backend))


class Dataset:
    """Published figures: tables, what their columns mean, and whom to cite.

    Attributes
    ----------
    id, title, title_vi, description, citation, short_citation, version : str
        What the data set is and how to cite it.
    licences, sources : tuple of dict
        As in the descriptor: `name`, `title` and `path`, as far as given.
    tables : dict of CsvTable
        The tables as printed: text, with the line of each row.
    files : dict of Path
        Files that are no tables, such as boundaries, for the libraries that read them.
    digests : dict of str
        SHA-256 of each file.
    """

    def __init__(self, package: Package, kind: Kind):
        described = package.descriptor
        about = described.get("nrd", {})
        self.id = str(described.get("name", package.folder.name))
        self.title = str(described.get("title", self.id))
        self.title_vi = str(about.get("title_vi", self.title))
        self.description = str(described.get("description", ""))
        self.citation = str(about.get("citation", self.title))
        self.short_citation = str(about.get("citation_short", self.citation))
        self.version = str(described.get("version", ""))
        self.licences = tuple(described.get("licenses", ()))
        self.sources = tuple(described.get("sources", ()))
        self.about = about
        self.digests = package.digests
        self.tables = package.tables
        self.files = package.files
        self._kind = kind

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}: {self.title}>"

    def table(self, name: str, *, numbers: bool = False) -> Any:
        """One of the tables as a data frame; a blank is missing.

        Parameters
        ----------
        name : str
            Name of the table.
        numbers : bool, optional
            Give the columns that the descriptor declares as numbers as such: whole numbers,
            and the doubles nearest to the printed decimals. By default all is text, as
            printed.

        Raises
        ------
        NrdKeyError
            If there is no such table.
        """
        columns = self.require(name).columns
        if numbers:
            columns = {column: self.numbers(name, column) for column in columns}
        return self._kind.build(columns)

    def fields(self, name: str) -> Any:
        """What the columns of a table mean, as a data frame.

        Parameters
        ----------
        name : str
            Name of the table.

        Returns
        -------
        data frame
            ``name``, ``type``, ``title``, ``description`` and ``filled``, the number of
            cells that are not blank; one row a column.

        Raises
        ------
        NrdKeyError
            If there is no such table.
        """
        table = self.require(name)
        keys = ("name", "type", "title", "description")
        columns = {key: [f.get(key, "") for f in table.fields.values()] for key in keys}
        counts = [len(v) - v.count(None) for v in table.columns.values()]
        return self._kind.build({**columns, "filled": counts})

    def summary(self, *, language: str = "en") -> str:
        """Return what the data set holds as text.

        Parameters
        ----------
        language : {"en", "vi"}, optional
            Language of the labels.
        """
        from . import _display

        return _display.text(self.report(language))

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` and the notebook show."""
        from ._contents import dataset_sections

        return dataset_sections(self, language)

    def _repr_html_(self) -> str:
        from . import _display

        return _display.html(self.report("en"))

    def require(self, name: str) -> CsvTable:
        """One of the tables as it was read.

        Raises
        ------
        NrdKeyError
            If there is no such table.
        """
        if name not in self.tables:
            raise NrdKeyError(
                f"{self.id} has no table {name!r}, it has {', '.join(self.tables)}"
            )
        return self.tables[name]

    def numbers(self, name: str, column: str) -> list:
        """Values of a column: numbers where the descriptor says so, else text.

        Parameters
        ----------
        name, column : str
            Names of the table and of the column.

        Returns
        -------
        list
            One value a row, None where blank.

        Raises
        ------
        NrdKeyError
            If there is no such table or column.
        """
        table = self.require(name)
        if column not in table.columns:
            raise NrdKeyError(
                f"{table.file} has no column {column!r}, it has {', '.join(table.columns)}"
            )
        texts, kind = table.columns[column], table.fields[column].get("type")
        if kind not in ("number", "integer"):
            return texts
        rows = [row for row, text in enumerate(texts) if text is not None]
        values: list = [None] * len(texts)
        found = table.decimals(column, rows)
        read = found["unscaled"] if kind == "integer" else dec.to_float(found)
        for row, value in zip(rows, read.tolist(), strict=True):
            values[row] = value
        return values


def shipped(*, studies: bool) -> list[str]:
    """Identifiers of the packages that ship with nrd: the studies, or the others.

    A study is about one area, which its descriptor names.
    """
    found = []
    for path in DATASETS.glob(f"*/{DESCRIPTOR}"):
        about = json.loads(path.read_text(encoding="utf-8")).get("nrd", {})
        if ("area_code" in about) == studies:
            found.append(path.parent.name)
    return sorted(found)


def find(
    name: str | Path, known: list[str], what: str, backend: str | None
) -> tuple[Package, Kind]:
    """Read a shipped package or one from a folder; `what` names it in errors."""
    if backend not in (None, *BACKENDS):
        raise NrdValueError(f"backend is {backend!r}, expected {', '.join(BACKENDS)}")
    folder = DATASETS / name if isinstance(name, str) and name in known else Path(name)
    if not folder.is_dir():
        raise NrdKeyError(
            f"there is no {what} {str(name)!r}, expected one of {', '.join(known)}, "
            "or a folder"
        )
    if not (folder / DESCRIPTOR).is_file():
        raise NrdFileError(f"{folder}: there is no {DESCRIPTOR} in this folder")
    return read_package(folder), Kind(backend)
