"""The README: its examples run as printed, its commands and files exist."""

import os
import re
import shlex
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nrd.cli import main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
EXAMPLES = [
    (code, BLOCKS[i + 1]) for i, (kind, code) in enumerate(BLOCKS[:-1]) if kind == "python"
]
LINES = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
COMMANDS = [line.split(" ", 1)[1] for line in LINES if line.startswith(".venv/bin/nrd ")]
PICTURE = "notebooks/figures/binh-gia-2024.png"
DATA = (ROOT / "datasets" / "README.md").read_text(encoding="utf-8")
DATA_BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DATA, re.DOTALL | re.MULTILINE)
DATA_PICTURE = "notebooks/figures/criteria-2010-2025.png"


def run(code, folder):
    environment = {**os.environ, "PYTHONUTF8": "1", "MPLBACKEND": "Agg"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def size(path):
    """Width and height of a PNG file."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:])


def test_there_are_examples_and_commands():
    assert len(EXAMPLES) == sum(kind == "python" for kind, _ in BLOCKS) > 0
    assert {command.split()[0] for command in COMMANDS} == set(main.commands)


# The heading above each example.
NAMES = [
    re.findall(r"^## (.+)$", README[: README.index(code)], re.MULTILINE)[-1]
    for code, _ in EXAMPLES
]


@pytest.mark.parametrize(("code", "printed"), EXAMPLES, ids=NAMES)
def test_an_example_prints_what_the_readme_says(code, printed, tmp_path):
    done = run(code, tmp_path)
    assert done.stderr == ""
    assert ("text", done.stdout) == printed


def test_the_first_example_is_short():
    assert len(EXAMPLES[0][0].splitlines()) <= 11


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_works(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rates = "commune,year,rate\nA,2019,9.5\nA,2020,8.0\nA,2021,7.5\n"
    (tmp_path / "rates.csv").write_text(rates)  # files of the reader's own
    (tmp_path / "names.csv").write_text("commune\nTan Van\nHoa Binh\n")
    (tmp_path / "panel.csv").write_text("code,people\n06121,4821\n06103,2950\n")
    capital = "state,people,criteria\n9.5,1.2,11\n8.0,2.2,14\n7.5,0.4,9\n12,3.1,17\n"
    (tmp_path / "capital.csv").write_text(capital)
    done = CliRunner().invoke(main, shlex.split(command))
    assert (done.exit_code, done.exception) == (0, None)
    assert done.output
    if "--out" in command:
        assert any((tmp_path / "results").iterdir())


def test_the_first_commands_are_there():
    clone, *scripts = BLOCKS[0][1].splitlines()
    assert clone.startswith("git clone <address of this repository>")
    assert scripts == ["./demo", "./check"]
    for script in scripts:
        assert os.access(ROOT / script, os.X_OK)


def test_the_example_of_the_data_sets_prints_what_is_said(tmp_path):
    (_, code), printed, _ = DATA_BLOCKS
    done = run(code, tmp_path)
    assert done.stderr == ""
    assert ("text", done.stdout) == printed


@pytest.mark.parametrize(
    ("lines", "picture"),
    [(LINES, PICTURE), (DATA_BLOCKS[-1][1].splitlines(), DATA_PICTURE)],
    ids=["study", "data"],
)
def test_the_picture_is_made_by_the_command_beside_it(lines, picture, tmp_path):
    (line,) = (line for line in lines if "savefig" in line)
    python, option, code = shlex.split(line)
    assert (python, option) == (".venv/bin/python", "-c")
    (tmp_path / picture).parent.mkdir(parents=True)
    assert run(code, tmp_path).stderr == ""
    assert size(tmp_path / picture) == size(ROOT / picture)
    assert (ROOT / picture).stat().st_size < 200_000


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)\s]+)\)", README)
    assert PICTURE in links
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_link_of_the_data_sets_leads_somewhere():
    links = re.findall(r"\]\(([^)\s]+)\)", DATA)
    assert f"../{DATA_PICTURE}" in links
    for link in links:
        assert link.startswith("https://") or (ROOT / "datasets" / link).exists(), link


def test_functions_named_are_there():
    import nrd

    text = README.replace("sudo ", "")
    named = set(re.findall(r"`?\bnrd\.([a-z]\w+)", "\n".join(text.splitlines())))
    assert {"criteria_averages", "attainment_gaps", "reconcile", "reproduce"} <= named
    assert "resource_correlations" in named
    for name in named:
        assert hasattr(nrd, name), name
