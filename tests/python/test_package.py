"""The package as a whole: its names, its weight, threads, forks, the extension."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pytest

import nrd
from nrd._core import _native

HEAVY = ("matplotlib", "pandas", "polars", "pyarrow", "narwhals", "rich", "click", "duckdb")


def python(code, **environment):
    """Standard output of a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_version_is_that_of_the_distribution():
    assert nrd.__version__ == version("nrd")


def test_names():
    assert list(nrd.__all__) == sorted(nrd.__all__)
    assert set(nrd.__all__) >= {
        "Attainment", "criteria_averages", "attainment_gaps", "reconcile", "reproduce",
        "load_study", "list_studies", "criteria_set", "NrdError",
    }  # fmt: skip


@pytest.mark.parametrize("name", nrd.__all__)
def test_every_name_is_there_and_documented(name):
    assert getattr(nrd, name).__doc__.strip()


def test_importing_loads_nothing_heavy():
    code = f"import sys, nrd; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    assert python(code).split() == []


def test_a_mapping_needs_no_frame_library():
    """Averages of plain columns, their table and their JSON."""
    code = f"""
import sys, nrd
for name in {HEAVY!r}:
    sys.modules[name] = None
sheet = {{"unit": ["A"], "c": ["met"]}}
found = nrd.criteria_averages(nrd.Attainment.from_wide(sheet))
print(found.table["met"], len(found.to_json()) > 0)
"""
    assert python(code).split() == ["[1]", "True"]


def test_a_frame_needs_a_frame_library():
    code = """
import sys, nrd
for name in ("pandas", "polars", "pyarrow"):
    sys.modules[name] = None
study = nrd.load_study("son-la-2024")
try:
    study.table("units")
except nrd.NrdError as error:
    print(error)
"""
    assert "pip install nrd[pandas]" in python(code)


def answer():
    """A number from every part of the library."""
    attainment = nrd.Attainment.from_totals({str(j): j for j in range(75)}, units=97)
    money = {"content": ["a", "b"], "source": ["s", "s"], "amount": ["0.1", "0.2"]}
    return (
        nrd.criteria_averages(attainment).mean,
        nrd.attainment_gaps(attainment, target=0.8).to_json(),
        nrd.reconcile(money).total,
        nrd.reproduce("son-la-2024").to_json(),
    )


def test_threads_get_the_same_answer():
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: answer(), range(32)))
    assert answers == [answer()] * 32


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_made_by_fork_gets_the_same_answer():
    code = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_package import answer
here = answer()
child = os.fork()
if child == 0:
    os._exit(0 if answer() == here else 1)
print(os.waitpid(child, 0)[1])
"""
    assert python(code, PYTHONWARNINGS="ignore").split() == ["0"]


@pytest.mark.skipif(shutil.which("nm") is None, reason="there is no nm")
@pytest.mark.skipif(sys.platform == "darwin", reason="nm has other options")
def test_the_extension_exports_its_entry_point_only():
    command = ["nm", "-D", "--defined-only", "--format=posix", _native.__file__]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert [line.split()[0] for line in listed.splitlines()] == ["PyInit__native"]


def test_the_extension_is_for_every_python():
    assert "abi3" in Path(_native.__file__).name


def test_datasets_come_with_the_package():
    folder = Path(nrd.__file__).parent / "datasets"
    named = [*nrd.list_studies(), *nrd.list_datasets()]
    assert {path.parent.name for path in folder.glob("*/datapackage.json")} == set(named)
    assert list(folder.glob("criteria/*.json"))
