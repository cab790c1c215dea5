"""The commands about units: `nrd units list`, `nrd units match`, `nrd harmonise`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .errors import NrdValueError

if TYPE_CHECKING:
    from .crosswalks import Crosswalk

_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
)
_FILE = click.argument("file", type=click.Path(path_type=Path))
_LEVEL = click.option(
    "--level",
    type=click.Choice(["province", "district", "commune"]),
    default="commune",
    show_default=True,
)
_AT = click.option("--at", default="2025-06-30", show_default=True, help="Day.")


@click.group()
def units() -> None:
    """Administrative units before and after July 2025: list them, match names."""


@units.command("list")
@_LEVEL
@_AT
@click.option("--within", help="Code or name of a province or district.")
@click.option("--name", help="Units of this name, however it is written.")
def list_units(level: str, at: str, within: str | None, name: str | None) -> None:
    """List units with their codes, as CSV."""
    from .cli import csv_text
    from .unit_names import unit_columns

    found = unit_columns(level, at=at, within=within, name=name)
    click.echo(csv_text(found), nl=False)


@units.command("match")
@_FILE
@click.option(
    "--name", "column", default="name", show_default=True, help="Column of names."
)
@click.option("--within", help="Province or district of all, or a column that has it.")
@_LEVEL
@_AT
@click.option("--fuzzy/--no-fuzzy", default=True, help="Compare by letters, too.")
@_FORMAT
def match(file: Path, column: str, within: str | None, form: str, **options: Any) -> None:
    """Find the codes of the names in FILE: CSV, Parquet or Excel.

    A name that fits several units gets no code; its candidates are listed.
    """
    from ._files import read_table
    from ._frames import Frame
    from .unit_names import match_units

    frame = Frame(read_table(file), "match")
    parents = frame.values(within) if within in frame.columns else within
    found = match_units(frame.values(column), within=parents, **options)
    joined = [" ".join(codes) for codes in found.columns["candidates"]]
    _give(found, {**found.columns, "candidates": joined}, form)


@click.command()
@_FILE
@click.option("--unit", default="unit", show_default=True, help="Column of old codes.")
@click.option("--period", help="Column of periods.")
@click.option(
    "--rule",
    "rules",
    multiple=True,
    required=True,
    help="COLUMN=RULE: sum, mean:WEIGHTS, rate:NUMERATOR:DENOMINATOR:FACTOR, all, any, "
    "share:WEIGHTS:SHARE, first or last. May be given several times.",
)
@click.option(
    "--level",
    type=click.Choice(["commune", "province"]),
    default="commune",
    show_default=True,
)
@click.option("--equal-shares", is_flag=True, help="Divide divided units into equal parts.")
@click.option("--repair-codes", is_flag=True, help="Give codes their leading zeros back.")
@_FORMAT
def harmonise(
    file: Path,
    unit: str,
    period: str | None,
    rules: tuple[str, ...],
    level: str,
    equal_shares: bool,
    repair_codes: bool,
    form: str,
) -> None:
    """Turn the table in FILE into units after the mergers of July 2025.

    FILE has one row a unit before, or a unit and period: CSV, Parquet or Excel. Where
    nobody knows how a unit was divided the result has bounds.
    """
    from ._files import read_table
    from ._frames import Frame
    from .crosswalks import crosswalk
    from .harmonised import harmonise as run

    frame = Frame(read_table(file), "harmonise")
    walk = crosswalk(level)
    if not repair_codes:
        walk = _touched(walk, {str(code) for code in frame.values(unit)})
    found = run(
        {name: frame.values(name) for name in frame.columns},
        walk,
        weights="equal" if equal_shares else None,
        unit=unit,
        period=period,
        rules=dict(map(_rule, rules)),
        repair_codes=repair_codes,
    )
    _give(found, found.bounds, form)


def _touched(walk: Crosswalk, codes: set[str]) -> Crosswalk:
    """The units after that some of the codes went into, with all of their parts."""
    reached = [walk.new[new] for old, new in walk.links if walk.old[old] in codes]
    return walk.into(reached) if reached else walk


def _rule(text: str) -> tuple[str, Any]:
    """A rule as the library takes it: "rate:poor:people:100" is ("rate", ..., 100)."""
    column, mark, rest = text.partition("=")
    kind, *given = rest.split(":")
    if not (column and mark and kind):
        raise NrdValueError(f"harmonise: the rule is {text!r}, expected COLUMN=RULE")
    try:
        if kind == "rate" and len(given) == 3:
            given[2] = int(given[2])
        if kind == "share" and len(given) == 2:
            given[1] = float(given[1])
    except ValueError:
        raise NrdValueError(
            f"harmonise: the rule is {text!r}, expected a number at its end"
        ) from None
    return column, (kind, *given) if given else kind


def _give(result: Any, columns: Any, form: str) -> None:
    """Show a result as text, or print it as JSON or its table as CSV."""
    from .cli import csv_text, show_sections

    if form == "text":
        show_sections(result.report("en"))
    elif form == "json":
        click.echo(result.to_json())
    else:
        click.echo(csv_text(columns), nl=False)
