"""Tables in files of the user's: CSV by Python's own reader, others by pandas or Polars."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path
from typing import Any

from .errors import NrdError, NrdFileError, NrdValueError

# Endings, what reads them, and how pandas and Polars call it.
_OTHERS = {".parquet": "read_parquet", ".xlsx": "read_excel", ".xls": "read_excel"}
_MISSING = {"", "na", "n/a", "nan", "null", "-", "..", "…"}


def read_table(path: Path) -> Any:
    """Read a table: columns of a CSV file, or a frame.

    In a CSV file (UTF-8, comma, semicolon or tab) a column is one of numbers where each of
    its cells is a number or missing: empty, "NA", "n/a", "null", "-", ".." or "…". Codes
    that begin with 0 are text.

    Raises
    ------
    NrdFileError
        If the file cannot be read.
    NrdValueError
        If a row has another number of cells than the head.
    NrdError
        If nothing that reads the file is installed.
    """
    path = Path(path)
    if path.suffix.lower() in _OTHERS:
        return _read_frame(path, _OTHERS[path.suffix.lower()])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NrdFileError(f"{path}: found bytes that are not UTF-8") from None
    except OSError as error:
        raise NrdFileError(f"{path}: cannot be read, {error.strerror}") from error
    head, _, _ = text.partition("\n")
    mark = max(",;\t", key=head.count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=mark) if row]
    if len(rows) < 2:
        raise NrdValueError(f"{path}: there are no rows")
    names = [name.strip() for name in rows[0]]
    if len(set(names)) < len(names):
        raise NrdValueError(f"{path}: a column is there twice, expected different names")
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(names):
            raise NrdValueError(
                f"{path}, row {line}: found {len(row)} cells, expected {len(names)}"
            )
    cells = zip(*rows[1:], strict=True)
    return {name: _column(column) for name, column in zip(names, cells, strict=True)}


def _column(cells: tuple[str, ...]) -> list:
    """Numbers where all are, else text; missing ones as None."""
    held = [None if cell.strip().lower() in _MISSING else cell.strip() for cell in cells]
    if any(cell is not None and _is_code(cell) for cell in held):
        return held
    try:
        return [None if cell is None else _number(cell) for cell in held]
    except ValueError:
        return held


def _is_code(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == "0" and cell.isdigit()


def _number(cell: str) -> int | float:
    return int(cell) if cell.lstrip("+-").isdigit() else float(cell)


def _read_frame(path: Path, reader: str) -> Any:
    for library in ("pandas", "polars"):
        if importlib.util.find_spec(library):
            break
    else:
        raise NrdError(
            f"{path}: needs pandas or Polars, for example pip install nrd[pandas]"
        )
    try:
        return getattr(importlib.import_module(library), reader)(path)
    except ImportError as error:
        raise NrdError(f"{path}: {library} needs another package, {error}") from None
    except OSError as error:
        raise NrdFileError(f"{path}: cannot be read, {error.strerror or error}") from error
    except Exception as error:  # each reader has failures of its own
        raise NrdFileError(f"{path}: cannot be read, {error}") from error
