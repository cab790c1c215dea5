"""The command `nrd correlate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .errors import NrdValueError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--x", multiple=True, help="Column of resources; may be repeated.")
@click.option("--y", multiple=True, help="Column of results; each with each --x.")
@click.option("--column", "columns", multiple=True, help="In place of --x and --y.")
@click.option("--method", multiple=True, default=["pearson"], show_default=True)
@click.option(
    "--covariate", "covariates", multiple=True, help="Column to take out of both."
)
@click.option(
    "--part", default="both", show_default=True, help="What covariates are taken from."
)
@click.option("--weights", help="Column of weights.")
@click.option("--unit", help="Column of units, for --relation and --lag.")
@click.option("--relation", default="rows", show_default=True)
@click.option("--time", help="Column of years, for --lag.")
@click.option("--lag", type=int, default=0, help="Years by which --y is later.")
@click.option("--cluster", help="Column of what rows are clustered in.")
@click.option("--strata", help="Column of strata.")
@click.option("--names", help="Column of what rows are called.")
@click.option(
    "--neighbours",
    type=click.Choice(["provinces"]),
    help="Rows are provinces, called by their codes in --names.",
)
@click.option("--missing", default="pairwise", show_default=True)
@click.option("--test", default="auto", show_default=True)
@click.option("--interval", default="auto", show_default=True, help="A kind, or none.")
@click.option("--alternative", default="two-sided", show_default=True)
@click.option("--adjust", default="holm", show_default=True, help="A method, or none.")
@click.option("--influence", is_flag=True, help="Which row makes each coefficient.")
@click.option("--n-resamples", type=int, default=9999, show_default=True)
@click.option("--seed", type=int, help="Seed of resampling.")
@click.option("--progress", is_flag=True, help="A bar while resampling is long.")
@click.option("--level", type=float, default=0.95, show_default=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
)
@click.option(
    "--language",
    type=click.Choice(["en", "vi"]),
    default="en",
    show_default=True,
    help="Language of the labels.",
)
def correlate(file: Path, form: str, language: str, **options: Any) -> None:
    """Correlate columns of FILE, and say what the coefficients are worth.

    FILE is a CSV file with one row a unit, or a unit and year; also Parquet or Excel where
    pandas or Polars is installed.
    """
    from ._files import read_table
    from .cli import csv_text, show_sections
    from .correlation import correlation_matrix

    for name in ("x", "y", "columns"):
        options[name] = list(options[name]) or None
    options["method"], options["covariates"] = (
        list(options[name]) for name in ("method", "covariates")
    )
    for name in ("adjust", "interval"):
        options[name] = None if options[name] == "none" else options[name]
    table = read_table(file)
    if options["neighbours"] is not None:
        options["neighbours"] = _borders(table, options["names"])
    result = correlation_matrix(table, **options)
    if form == "text":
        show_sections(result.report(language))
    elif form == "json":
        click.echo(result.to_json())
    else:
        click.echo(csv_text(result.columns), nl=False)


def _borders(table: Any, names: str | None) -> list[tuple[str, str]]:
    """Pairs of neighbours among the provinces of a table."""
    from ._frames import Frame
    from .resource_results import province_neighbours

    if names is None:
        raise NrdValueError("correlate: neighbours are provinces, expected their --names")
    return province_neighbours(Frame(table, "correlate").values(names))
