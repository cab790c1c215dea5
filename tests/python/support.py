"""What the tests share: kinds of frames, brute force, spoilt studies, the command line."""

import json
import signal
import subprocess
import sys
import time
from fractions import Fraction
from itertools import product
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
from click.testing import CliRunner
from hypothesis import strategies as st

import nrd
from nrd.cli import main

DATASETS = Path(nrd.__file__).parent / "datasets"
STUDIES = ("binh-gia-2024", "dien-bien-2025", "ha-tinh-2025", "son-la-2024")
STANDARD = "vn-318-2022-commune-standard"


class Capsule:
    """A table that offers the Arrow PyCapsule interface and nothing else."""

    def __init__(self, columns):
        self._table = pa.table(columns)

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


def duckdb_relation(columns):
    # Not at the top: Hypothesis keeps this module alive, and DuckDB complains at exit.
    import duckdb

    return duckdb.from_arrow(pa.table(columns))


def kind_of(table):
    """Library and type of a table."""
    library = type(table).__module__.split(".")[0].removeprefix("_")
    return f"{library} {type(table).__name__}"


# How a frame is made from columns, and the kind of its tables when they come back.
KINDS = {
    "mapping": (dict, "builtins dict"),
    "pandas": (pd.DataFrame, "pandas DataFrame"),
    "pandas-nullable": (lambda c: pd.DataFrame(c).convert_dtypes(), "pandas DataFrame"),
    "pandas-object": (
        lambda c: pd.DataFrame(c, dtype=object).fillna(pd.NA),
        "pandas DataFrame",
    ),
    "polars": (pl.DataFrame, "polars DataFrame"),
    "polars-lazy": (pl.LazyFrame, "polars LazyFrame"),
    "pyarrow": (pa.table, "pyarrow Table"),
    "duckdb": (duckdb_relation, "duckdb DuckDBPyRelation"),
    "capsule": (Capsule, "pyarrow Table"),
}


def columns_of(table):
    """Columns of a table of any kind as plain lists; missing values are None."""
    if hasattr(table, "to_arrow_table"):
        table = table.to_arrow_table()
    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    if isinstance(table, pa.Table):
        return table.to_pydict()
    if isinstance(table, pl.DataFrame):
        return table.to_dict(as_series=False)
    columns = {name: list(table[name]) for name in table}
    return {
        name: [None if value is None or value != value else value for value in values]
        for name, values in columns.items()
    }


@st.composite
def puzzles(draw):
    """A small matrix with unknown cells (None), and a range for some of the totals."""
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    cell = st.sampled_from([None, None, True, False])
    cells = [[draw(cell) for _ in range(m)] for _ in range(n)]
    count = st.integers(0, n)
    span = st.tuples(count, count).map(sorted).map(tuple)
    return cells, [draw(st.none() | count.map(lambda k: (k, k)) | span) for _ in range(m)]


def attainment_of(cells, totals, criteria=None):
    """The matrix of a puzzle; `criteria` may be a set with as many codes."""
    codes = criteria.codes if criteria else [f"c{j}" for j in range(len(totals))]
    sheet = {"unit": [f"u{i}" for i in range(len(cells))]}
    sheet |= {code: [row[j] for row in cells] for j, code in enumerate(codes)}
    given = {code: span for code, span in zip(codes, totals) if span is not None}
    return nrd.Attainment.from_wide(sheet, criteria=criteria).with_totals(given)


def completions(cells, totals):
    """Every matrix of True and False that agrees with the known cells and the totals."""
    columns = []
    for j, span in enumerate(totals):
        low, high = span or (0, len(cells))
        open_cells = [(False, True) if row[j] is None else (row[j],) for row in cells]
        columns.append([c for c in product(*open_cells) if low <= sum(c) <= high])
    return [list(zip(*chosen)) for chosen in product(*columns)]


def extremes(values):
    values = list(values)
    return min(values), max(values)


def nearest(numerator, denominator=1):
    """The double nearest to an exact quotient."""
    return float(Fraction(numerator) / Fraction(denominator))


def change(file, old, new):
    """Replace a text that stands once or more in a file of a study, the first time."""

    def spoil(folder):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def describe(edit):
    """Change the descriptor of a study, as a Python object."""

    def spoil(folder):
        path = folder / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        edit(descriptor)
        path.write_text(json.dumps(descriptor), encoding="utf-8")

    return spoil


def resource(descriptor, name):
    return next(r for r in descriptor["resources"] if r["name"] == name)


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def succeed(*arguments):
    done = run(*arguments)
    assert (done.exit_code, done.stderr) == (0, ""), done.exception
    return done.stdout


def fail(*arguments):
    """The one line on stderr; nothing else is printed."""
    done = run(*arguments)
    assert done.exit_code == 2, done.exception
    assert done.stdout == ""
    assert done.stderr.startswith("nrd: ")
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith("\n")
    return done.stderr


def files(folder):
    """Everything below a folder, hidden files too."""
    return {path for path in folder.rglob("*") if not path.is_dir()}


def files_of(study, form, out, *arguments):
    """Files that are written, as the command names them."""
    shown = succeed("reproduce", study, "--format", form, "--out", out, *arguments)
    written = [Path(line) for line in shown.splitlines()]
    assert set(written) == files(out)
    return written


def run_python(script, **options):
    """Run a script beside this one; a warning at run time is an error there."""
    return subprocess.Popen(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", script],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


def assert_stops(script, waits, last=""):
    """Interrupt each call of a script that says "ready" before it and "stopped" after."""
    with run_python(script) as process:
        for wait in waits:
            assert process.stdout.readline() == "ready\n"
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            start = time.monotonic()
            assert process.stdout.readline() == "stopped\n"
            assert time.monotonic() - start < 0.5
        assert process.stdout.read() == last
        assert process.stderr.read() == ""
    assert process.returncode == 0
