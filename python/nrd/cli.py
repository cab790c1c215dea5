"""The command line: `nrd studies`, `show`, `reproduce`, `criteria`, `trend`, `units` ..."""

from __future__ import annotations

import csv
import errno
import io
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__
from ._cli_correlate import correlate
from ._cli_units import harmonise, units
from .errors import NrdError, NrdFileError

if TYPE_CHECKING:
    from .criteria import CriteriaSet
    from .dataset import Dataset
    from .reproduce import Reproduction

LANGUAGE = click.option(
    "--language",
    type=click.Choice(["en", "vi"]),
    default="en",
    show_default=True,
    help="Language of the labels.",
)


class _Group(click.Group):
    """Turns what nrd says into one sentence on stderr and exit code 2."""

    def invoke(self, context: click.Context) -> object:
        # A terminal that has no letter for a name gets its code, not the end of the work.
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            result = super().invoke(context)
            sys.stdout.flush()
            return result
        except NrdError as error:
            click.echo(f"nrd: {' '.join(str(error).split())}", err=True)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            click.echo(f"nrd: the output cannot be written, {error.strerror}", err=True)
            _give_up_stdout()
        return context.exit(2)


def _give_up_stdout() -> None:
    """What could not be written must not be tried again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nrd")
def main() -> None:
    """Recompute evaluations of Viet Nam's New Rural Development programme."""


main.add_command(correlate)
main.add_command(units)
main.add_command(harmonise)


@main.command()
@LANGUAGE
def studies(language: str) -> None:
    """List the studies that ship with nrd."""
    from .study import list_studies, load_study

    _list("study", map(load_study, list_studies()), language)


@main.command()
@LANGUAGE
def datasets(language: str) -> None:
    """List the data sets that ship with nrd beside the studies."""
    from .dataset import list_datasets, load_dataset

    _list("dataset", map(load_dataset, list_datasets()), language)


def _list(what: str, packages: Iterable[Dataset], language: str) -> None:
    """Show the identifiers and the titles of packages."""
    from . import _display
    from ._labels import label

    rows = [(p.id, p.title_vi if language == "vi" else p.title) for p in packages]
    heads = (label(what, language), label("title", language))
    show_sections([_display.Section(label(what, language), heads, rows)])


@main.command()
@click.argument("study")
@LANGUAGE
def show(study: str, language: str) -> None:
    """Show what STUDY holds: its tables and figures as printed.

    STUDY is the name of a shipped study or data set, or a folder with a datapackage.json.
    """
    from .dataset import list_datasets, load_dataset
    from .study import load_study

    load = load_dataset if study in list_datasets() else load_study
    show_sections(load(study).report(language))


@main.command()
@click.argument("study")
@click.option(
    "--as-of",
    type=click.Choice(["now", "planned"]),
    help="Reached now, or expected for the planned date; by default planned where the "
    "study speaks of it.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write files to.")
@LANGUAGE
def reproduce(
    study: str, as_of: str | None, form: str, out: Path | None, language: str
) -> None:
    """Recompute STUDY from its own data, and check its printed numbers.

    STUDY is the name of a shipped study or a folder with a datapackage.json.
    """
    from .reproduce import reproduce as run

    result = run(study, as_of=as_of)
    if out is None and form == "text":
        show_sections(result.report(language))
        return
    files = _files(result, form, language)
    if out is not None:
        write_files(out, files)
        for name in files:
            click.echo(out / name)
        return
    for name, text in files.items():
        click.echo(f"# {name}\n{text}" if form == "csv" else text)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--unit", required=True, help="Column of the areas.")
@click.option("--time", required=True, help="Column of the years.")
@click.option("--value", required=True, help="Column of the rates.")
@click.option(
    "--by", multiple=True, help="Column of what areas belong to; may be repeated."
)
@click.option("--weights", help="Column of weights, or of households.")
@click.option("--standard", default="auto", help="Column of the poverty standard, or none.")
@click.option("--rate", type=click.Choice(["percent", "share", "number"]))
@click.option("--method", multiple=True, default=["theil-sen"], show_default=True)
@click.option("--test", default="mann-kendall", show_default=True)
@click.option("--covariate", help="Column of a covariate, for --test partial.")
@click.option("--adjust", default="fdr_dbh_su", show_default=True)
@click.option("--seed", type=int, help="Seed of the joint tests of --by.")
@click.option("--level", type=float, default=0.95, show_default=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
)
@LANGUAGE
def trend(file: Path, form: str, language: str, **options: Any) -> None:
    """Test whether the rates of the areas in FILE fall, and how fast.

    FILE is a CSV file with one row an area and a year; also Parquet or Excel where pandas
    or Polars is installed.
    """
    from ._files import read_table
    from .trends import poverty_trends

    options["by"] = list(options["by"]) or None
    options["standard"] = None if options["standard"] == "none" else options["standard"]
    options["method"] = list(options["method"])
    result = poverty_trends(read_table(file), **options)
    if form == "text":
        show_sections(result.report(language))
    elif form == "json":
        click.echo(result.to_json())
    else:
        click.echo(csv_text(result.columns), nl=False)


@main.group()
def criteria() -> None:
    """Official criteria sets: list, show, check, and complete them."""


@criteria.command("list")
@LANGUAGE
def list_sets(language: str) -> None:
    """List the criteria sets that ship with nrd."""
    from . import _sections_assess
    from .criteria import criteria_set, criteria_sets

    show_sections(
        _sections_assess.criteria_sets(map(criteria_set, criteria_sets()), language)
    )


@criteria.command("show")
@click.argument("set")
@click.option("--region", default="general", show_default=True, help="Region or group.")
@click.option("--year", type=int, help="Year of the period; by default its last.")
@LANGUAGE
def show_set(set: str, region: str, year: int | None, language: str) -> None:
    """Show what SET asks in a region and year.

    SET is the id of a shipped set or a JSON file.
    """
    from . import _sections_assess

    found = _set(set)
    year = found.years[-1] if year is None else year
    show_sections(_sections_assess.criteria_set(found, region, year, language))


@criteria.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--base", help="FILE holds a province's levels of this set.")
def check_set(file: Path, base: str | None) -> None:
    """Check that FILE is a criteria set, or with --base a province's own levels."""
    from .criteria import read_criteria_set

    found = _set(base).override(file) if base else read_criteria_set(file)
    open_levels = {
        item.code
        for item in found.items
        for place in found.places or ("general",)
        for year in found.years
        if found.level(item.code, region=place, year=year).kind in ("unknown", "provincial")
    }
    click.echo(
        f"{file}: {found.id} is valid: {len(found.codes)} criteria, "
        f"{len({item.indicator for item in found.items})} indicators, "
        f"{len(open_levels)} of them without a level somewhere"
    )


@criteria.command("template")
@click.argument("set")
def template_of_set(set: str) -> None:
    """Print a JSON file in which a province fills in what SET does not say."""
    from ._override import template
    from ._result import to_json

    click.echo(to_json(template(_set(set))))


def _set(name: str) -> CriteriaSet:
    from .criteria import criteria_set, read_criteria_set

    return read_criteria_set(name) if name.endswith(".json") else criteria_set(name)


def show_sections(sections: list) -> None:
    """Draw on the terminal; a pipe gets the width that text files get."""
    from rich.console import Console

    from . import _display

    width = None if sys.stdout.isatty() else _display.WIDTH
    _display.draw(sections, Console(width=width, highlight=False, soft_wrap=False))


def _files(result: Reproduction, form: str, language: str) -> dict[str, str]:
    """Names and texts of the files of one format."""
    stem = f"{result.study.id}-{result.as_of}"
    if form == "text":
        return {f"{stem}.txt": result.summary(language=language) + "\n"}
    if form == "json":
        return {f"{stem}.json": result.to_json() + "\n"}
    return {
        f"{stem}-{name}.csv": csv_text(columns) for name, columns in result.tables().items()
    }


def csv_text(columns: Mapping[str, Sequence]) -> str:
    """Columns as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write all files or none: each goes to a temporary name first, then all are renamed.

    Raises
    ------
    NrdFileError
        If the folder or a file cannot be written; no new file is left behind.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            temporary, final = folder / f".{name}.{os.getpid()}", folder / name
            if final.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            waiting.append((temporary, final))
            temporary.write_bytes(text.encode())
        for temporary, final in waiting:
            temporary.replace(final)
    except OSError as error:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)
        raise NrdFileError(f"{folder}: cannot be written, {error.strerror}") from error
