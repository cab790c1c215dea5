"""Studies: published evaluations as data, each number with the place it was printed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ._cells import status_of
from ._counts import AS_OF, Count, carried, read_count, whole_number
from ._descriptor import DESCRIPTOR
from ._frames import Kind
from ._package import CsvTable, Package
from .attainment import Attainment
from .criteria import CriteriaSet, criteria_set
from .dataset import Dataset, find, shipped
from .errors import NrdKeyError, NrdValueError
from .resources import Reconciliation, reconcile


def list_studies() -> list[str]:
    """Identifiers of the studies that ship with nrd.

    Returns
    -------
    list of str

    Examples
    --------
    >>> import nrd
    >>> nrd.list_studies()
    ['binh-gia-2024', 'dien-bien-2025', 'ha-tinh-2025', 'son-la-2024']
    """
    return shipped(studies=True)


def load_study(study: str | Path, *, backend: str | None = None) -> Study:
    """Load a study that ships with nrd, or one from a folder.

    Parameters
    ----------
    study : str or Path
        Identifier of a shipped study, or a folder with a `datapackage.json`.
    backend : {"pandas", "polars", "pyarrow"}, optional
        Library of the tables that come back; by default the first that is installed.

    Returns
    -------
    Study

    Raises
    ------
    NrdKeyError
        If there is no such study.
    NrdFileError
        If the folder holds no `datapackage.json`, or a file cannot be read.
    NrdValueError
        If a file is malformed, or a row breaks a rule; the message names file and line.

    Examples
    --------
    >>> import nrd
    >>> study = nrd.load_study("binh-gia-2024")
    >>> len(study.attainment("planned").units)
    18
    """
    return Study(*find(study, list_studies(), "study", backend))


class Study(Dataset):
    """A published evaluation: its tables, and what they say about attainment and money.

    Attributes
    ----------
    criteria_set : CriteriaSet
        The criteria that its main counts speak of.
    n_units : int or None
        Number of communes that it states; None where it states none.
    persons : int or None
        Population that amounts per person are divided by.

    Notes
    -----
    What the study is, how to cite it and its tables are attributes as those of `Dataset`.
    """

    def __init__(self, package: Package, kind: Kind):
        super().__init__(package, kind)
        about = self.about
        self.labels = _labels(self.tables.get("labels"))
        self.units = _units(self.tables, about)
        self.n_units = self.figure(about.get("units_figure"))
        self.persons = self.figure(about.get("population_figure"))
        self.named = len(self.units) == self.n_units
        self.criteria_set = self._criteria_set(about.get("criteria_set", "recognition"))
        self._check_rows()

    def report(self, language: str = "en") -> list:
        """Return the titled tables that `summary` and the notebook show."""
        from ._contents import study_sections

        return study_sections(self, language)

    def label(self, kind: str, id: str, language: str = "en") -> str:
        """Label of a content, fund, table, topic, set or criterion; else its id."""
        return self.labels.get((kind, id), {}).get(language) or id

    def figure(self, id: str | None) -> int | None:
        """A whole number from the figures; None where `id` is None."""
        if id is None:
            return None
        table = self.require("figures")
        if id not in table.columns["id"]:
            raise NrdKeyError(f"{DESCRIPTOR}: there is no figure {id!r}")
        return whole_number(table, "value", table.columns["id"].index(id))

    def figure_rows(self) -> dict[str, dict[str, Any]]:
        """Return the number of communes and the population, with the rows they stand in."""
        table = self.tables.get("figures")
        out = {}
        for name, value in (("units", self.n_units), ("persons", self.persons)):
            if value is not None:
                key = "units_figure" if name == "units" else "population_figure"
                row = table.columns["id"].index(self.about[key])
                out[name] = {
                    "value": value,
                    "source": table.columns["source"][row],
                    "rows": [table.locator(row)],
                }
        return out

    def attainment(self, as_of: str = "now", *, carry: bool = True) -> Attainment:
        """Return which communes meet which criteria, as far as the study says.

        Parameters
        ----------
        as_of : {"now", "planned"}, optional
            Reached now, or expected for the planned date.
        carry : bool, optional
            Let the two dates speak of each other: what is met now stays met, and a planned
            total caps the present one. With False only what is printed for the date counts.

        Returns
        -------
        Attainment

        Raises
        ------
        NrdValueError
            If `as_of` is neither, the study states no number of communes, or its counts
            contradict its lists.
        """
        if as_of not in AS_OF:
            raise NrdValueError(f"as_of is {as_of!r}, expected 'now' or 'planned'")
        if self.n_units is None:
            raise NrdValueError(f"{self.id}: the study states no number of communes")
        printed = {date: self._printed(date) for date in AS_OF}
        return carried(printed, as_of) if carry else printed[as_of]

    def resources(self) -> dict[str, Reconciliation]:
        """Each table of money of the study, summed and reconciled."""
        return self._resources

    @cached_property
    def _resources(self) -> dict[str, Reconciliation]:
        table = self.tables.get("capital")
        if table is None:
            return {}
        decimal, thousands = table.marks("amount")
        out = {}
        for name in dict.fromkeys(table.columns["table"]):
            rows = [i for i, value in enumerate(table.columns["table"]) if value == name]
            _same_unit(table, rows)
            out[name] = reconcile(
                {
                    c: [table.columns[c][i] for i in rows]
                    for c in ("content", "fund", "amount")
                },
                source="fund",
                decimal=decimal,
                thousands=thousands,
                units=self.n_units,
                persons=self.persons,
                where=lambda i, rows=rows: table.where(rows[i]),
            )
        return out

    def counts(self, as_of: str, set: str | None = None) -> list[Count]:
        """Printed counts of a date, of one set of criteria or of all."""
        return [
            count
            for count in self._counts
            if count.as_of == as_of and set in (None, count.set)
        ]

    @cached_property
    def _counts(self) -> list[Count]:
        table = self.tables.get("criteria_counts")
        if table is None:
            return []
        return [read_count(table, i, row) for i, row in enumerate(table.rows())]

    def _criteria_set(self, id: str) -> CriteriaSet:
        if id.startswith("vn-"):
            return criteria_set(id)
        codes = dict.fromkeys(c.criterion for c in self._counts if c.set == id)
        return CriteriaSet(
            id=id,
            codes=tuple(codes),
            names_en=tuple(self.label("criterion", code) for code in codes),
            names_vi=tuple(self.label("criterion", code, "vi") for code in codes),
            groups=tuple(None for _ in codes),
            about={},
        )

    def _check_rows(self) -> None:
        """A criterion that is not in the set, a status word that is not understood."""
        for name in ("criteria_counts", "attainment"):
            table = self.tables.get(name)
            for row, (set, code) in enumerate(_pairs(table, "set", "criterion")):
                if set == self.criteria_set.id and code not in self.criteria_set.codes:
                    raise NrdKeyError(
                        f"{table.where(row)}: criterion {code!r} is not in the set {set}",
                        row=row,
                    )
        cells = self.tables.get("attainment")
        for row, (word, unit) in enumerate(_pairs(cells, "status", "unit_code")):
            try:
                status_of(word)
            except NrdValueError as error:
                raise NrdValueError(f"{cells.where(row)}: {error}", row=row) from None
            if (
                self.named
                and unit is not None
                and self._is_main(row)
                and unit not in self.units
            ):
                raise NrdKeyError(
                    f"{cells.where(row)}: unit {unit!r} is not one of the communes", row=row
                )

    def _is_main(self, row: int) -> bool:
        return self.tables["attainment"].columns["set"][row] == self.criteria_set.id

    def cells(self, as_of: str) -> dict[tuple[str, str], tuple[int, list[int]]]:
        """Printed cells of the main set: state and rows of each (unit, criterion)."""
        found: dict[tuple[str, str], tuple[int, list[int]]] = {}
        table = self.tables.get("attainment")
        for i, row in enumerate(table.rows() if table and self.named else ()):
            if row["as_of"] != as_of or not self._is_main(i) or row["unit_code"] is None:
                continue
            key, state = (row["unit_code"], row["criterion"]), status_of(row["status"])
            if key in found and found[key][0] != state:
                raise NrdValueError(
                    f"{table.where(i)}: unit {key[0]!r} and criterion {key[1]!r} "
                    f"contradict line {table.lines[found[key][1][0]]}",
                    row=i,
                )
            found.setdefault(key, (state, []))[1].append(i)
        return found

    def _printed(self, as_of: str) -> Attainment:
        """What is printed for one date: named cells, and counts as totals."""
        units = (
            list(self.units) if self.named else [str(i + 1) for i in range(self.n_units)]
        )
        codes = self.criteria_set.codes
        cells = self.cells(as_of)
        named = Attainment(
            units,
            codes,
            (
                np.array([units.index(unit) for unit, _ in cells], np.int32),
                np.array([codes.index(code) for _, code in cells], np.int32),
                np.array([state for state, _ in cells.values()], np.int8),
            ),
            names={unit: row["name_vi"] for unit, row in self.units.items()},
            criteria_set=self.criteria_set,
            kind=self._kind,
        )
        return self._with_counts(named, as_of)

    def _with_counts(self, attainment: Attainment, as_of: str) -> Attainment:
        """Add counts one by one, so that a contradiction names its row."""
        table = self.tables.get("criteria_counts")
        ranges: dict[str, tuple[int, int]] = {}
        for count in self.counts(as_of, self.criteria_set.id):
            low, high = ranges.get(count.criterion, (count.met, count.met))
            ranges[count.criterion] = min(low, count.met), max(high, count.met)
            try:
                attainment = attainment.with_totals(
                    {count.criterion: ranges[count.criterion]}
                )
            except NrdValueError as error:
                raise NrdValueError(
                    f"{table.where(count.row)}: {error}", row=count.row
                ) from None
        return attainment


def _units(tables: dict[str, CsvTable], about: dict) -> dict[str, dict]:
    """The communes of the area by code, in the order of the file."""
    table = tables.get("units")
    return {
        row["code"]: row
        for row in (table.rows() if table else ())
        if row["level"] == about.get("unit_level", "commune")
        and row["parent_code"] == about.get("area_code")
    }


def _labels(table: CsvTable | None) -> dict[tuple[str, str], dict[str, str | None]]:
    return {
        (row["kind"], row["id"]): {"en": row["label_en"], "vi": row["label_vi"]}
        for row in (table.rows() if table else ())
    }


def _pairs(table: CsvTable | None, *names: str) -> Iterable[tuple]:
    return zip(*(table.columns[name] for name in names), strict=True) if table else ()


def _same_unit(table: CsvTable, rows: list[int]) -> None:
    """Amounts in different units of measure cannot be summed."""
    for i in rows:
        if table.columns["unit"][i] != table.columns["unit"][rows[0]]:
            raise NrdValueError(
                f"{table.where(i)}: the unit is {table.columns['unit'][i]!r}, expected "
                f"{table.columns['unit'][rows[0]]!r} as in line {table.lines[rows[0]]}",
                row=i,
            )
