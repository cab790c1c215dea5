"""Reading a Data Package (Frictionless standard), strictly: errors name file and line."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ._core import decimal as dec
from ._descriptor import DESCRIPTOR, as_list, check_descriptor, tables_of
from .errors import NrdFileError, NrdKeyError, NrdValueError


@dataclass(frozen=True)
class CsvTable:
    """One CSV file of a package: columns of text, blank as None, with the lines."""

    file: str
    columns: dict[str, list[str | None]]
    lines: list[int]
    fields: dict[str, dict[str, Any]]

    def __len__(self) -> int:
        return len(self.lines)

    def where(self, row: int) -> str:
        """Name of a row for a message."""
        return f"{self.file}, line {self.lines[row]}"

    def locator(self, row: int) -> str:
        """Name of a row for a result: file and line."""
        return f"{self.file}:{self.lines[row]}"

    def rows(self) -> list[dict[str, str | None]]:
        """Rows as mappings from column to text."""
        names = list(self.columns)
        return [
            dict(zip(names, row, strict=True))
            for row in zip(*self.columns.values(), strict=True)
        ]

    def marks(self, column: str) -> tuple[str, str | None]:
        """Decimal and group mark that the descriptor declares for a column."""
        field = self.fields[column]
        return field.get("decimalChar", "."), field.get("groupChar")

    def decimals(self, column: str, rows: list[int]) -> np.ndarray:
        """Exact numbers of some rows of a column."""
        texts = [self.columns[column][row] or "" for row in rows]
        return dec.parse(texts, *self.marks(column), lambda i: self.where(rows[i]))


@dataclass(frozen=True)
class Package:
    """A Data Package: its descriptor, its tables, its other files, all digests."""

    folder: Path
    descriptor: dict[str, Any]
    tables: dict[str, CsvTable]
    files: dict[str, Path]
    digests: dict[str, str]


def read_package(folder: Path) -> Package:
    """Read `datapackage.json` and every CSV file it lists.

    Raises
    ------
    NrdFileError
        If a file cannot be read.
    NrdValueError
        If the JSON or a CSV is malformed, a value breaks its field's rules, or a key occurs
        twice; the message names file and line.
    """
    digests: dict[str, str] = {}
    text = _read(folder, DESCRIPTOR, digests)
    try:
        descriptor = json.loads(text)
    except json.JSONDecodeError as error:
        raise NrdValueError(f"{DESCRIPTOR}, line {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise NrdValueError(f"{DESCRIPTOR}: the JSON is nested too deeply") from None
    check_descriptor(descriptor)
    tables, files = {}, {}
    for resource in descriptor["resources"]:
        name, path = resource["name"], resource["path"]
        text = _read(folder, path, digests)
        if "schema" in resource:
            tables[name] = _read_table(path, text, resource["schema"])
        else:
            files[name] = folder / path
    for resource in tables_of(descriptor):
        _check_references(tables, resource)
    return Package(folder, descriptor, tables, files, digests)


def _read(folder: Path, name: str, digests: dict[str, str]) -> str:
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise NrdFileError(f"{folder / name}: cannot be read, {error.strerror}") from error
    digests[name] = hashlib.sha256(data).hexdigest()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise NrdValueError(f"{name}, line {line}: the text is not UTF-8") from None


def _read_table(file: str, text: str, schema: dict) -> CsvTable:
    fields = {field["name"]: field for field in schema["fields"]}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[list[str | None]] = [[] for _ in fields]
    lines: list[int] = []
    try:
        header = next(reader, [])
        if header != list(fields):
            raise NrdValueError(
                f"{file}, line 1: the columns are {', '.join(header) or 'none'}, "
                f"expected {', '.join(fields)}"
            )
        for row in reader:
            if len(row) != len(fields):
                raise NrdValueError(
                    f"{file}, line {reader.line_num}: found {len(row)} values, "
                    f"expected {len(fields)}"
                )
            lines.append(reader.line_num)
            for column, value in zip(columns, row, strict=True):
                column.append(value if value != "" else None)
    except csv.Error as error:
        raise NrdValueError(f"{file}, line {reader.line_num}: {error}") from None
    table = CsvTable(file, dict(zip(fields, columns, strict=True)), lines, fields)
    for name, field in fields.items():
        _check_field(table, name, field)
    _check_unique(table, as_list(schema.get("primaryKey", [])))
    return table


def _check_field(table: CsvTable, name: str, field: dict) -> None:
    values = table.columns[name]
    rules = field.get("constraints", {})
    if rules.get("required") and None in values:
        raise NrdValueError(
            f"{table.where(values.index(None))}: {name!r} is blank", row=None
        )
    if "enum" in rules:
        allowed = [str(value) for value in rules["enum"]]
        for row, value in enumerate(values):
            if value is not None and value not in allowed:
                raise NrdValueError(
                    f"{table.where(row)}: {name} is {value!r}, "
                    f"expected {', '.join(allowed)}"
                )
    if field.get("type") in ("number", "integer"):
        rows = [row for row, value in enumerate(values) if value is not None]
        parts = table.decimals(name, rows)["scale"]
        if field["type"] == "integer" and parts.any():
            row = rows[int(np.argmax(parts != 0))]
            raise NrdValueError(
                f"{table.where(row)}: {name} is {values[row]!r}, expected a whole number",
                row=row,
            )
    if rules.get("unique"):
        _check_unique(table, [name])


def _check_unique(table: CsvTable, key: list[str]) -> None:
    if not key:
        return
    seen: dict[tuple, int] = {}
    for row, values in enumerate(zip(*(table.columns[name] for name in key), strict=True)):
        if values in seen:
            raise NrdValueError(
                f"{table.where(row)}: {' and '.join(key)} "
                f"{' and '.join(map(repr, values))} occurs twice, "
                f"first in line {table.lines[seen[values]]}",
                row=row,
            )
        seen[values] = row


def _check_references(tables: dict[str, CsvTable], resource: dict) -> None:
    """Foreign keys of one column; a blank refers to nothing."""
    table = tables[resource["name"]]
    for key in resource["schema"].get("foreignKeys", []):
        target = key["reference"]["resource"] or resource["name"]
        here, there = (
            as_list(names)[0] for names in (key["fields"], key["reference"]["fields"])
        )
        known = set(tables[target].columns[there])
        for row, value in enumerate(table.columns[here]):
            if value is not None and value not in known:
                raise NrdKeyError(
                    f"{table.where(row)}: {here} {value!r} is not in {tables[target].file}",
                    row=row,
                )
