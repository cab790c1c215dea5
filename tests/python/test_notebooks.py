"""The notebooks: without outputs, run from top to bottom, no number typed by hand."""

import re
from pathlib import Path

import nbclient
import nbformat
import pytest

import nrd

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def executed(path, folder):
    """Run a notebook as a user would, in a folder that holds nothing."""
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return notebook


def outputs(notebook):
    return [output for cell in cells(notebook, "code") for output in cell.outputs]


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS][:1] == ["01_binh_gia_2024"]


@each_notebook
def test_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in cells(notebook, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None


@each_notebook
def test_no_number_is_typed_by_hand(path):
    """Findings come from the code; the prose may only name the year of the study."""
    for cell in cells(nbformat.read(path, as_version=4), "markdown"):
        assert set(re.findall(r"\d+", cell.source)) <= {path.stem.rsplit("_", 1)[1]}


@each_notebook
def test_runs_without_warnings(path, tmp_path, monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = executed(path, tmp_path)
    assert [cell.execution_count for cell in cells(notebook, "code")] == list(
        range(1, len(cells(notebook, "code")) + 1)
    )
    assert [o.text for o in outputs(notebook) if o.get("name") == "stderr"] == []
    assert list(tmp_path.iterdir()) == []

    if path.stem == "01_binh_gia_2024":
        says_what_the_study_says(notebook)
    if path.stem == "03_assess_communes":
        says_what_is_decided(notebook)
    if path.stem == "04_gaps_and_targets":
        says_what_the_targets_say(notebook)


def says_what_the_targets_say(notebook):
    text = "".join(o.text for o in outputs(notebook) if o.output_type == "stream")
    communes = nrd.load_study("son-la-2024").figure("communes-target-text-1")
    recognised = nrd.load_study("son-la-2024").attainment().counts["standard"]
    assert f"{communes - recognised} communes in" in text
    assert text.count("refused: ") == 2
    assert "shares of the regions add to 1\n" in text
    assert sum("image/png" in o.get("data", {}) for o in outputs(notebook)) == 4


def says_what_the_study_says(notebook):
    result = nrd.reproduce("binh-gia-2024")
    text = "".join(o.text for o in outputs(notebook) if o.output_type == "stream")
    assert f"planned: {result.averages.mean:.2f} from the counts" in text
    shown = [o.data for o in outputs(notebook) if "data" in o]
    assert sum("image/png" in data for data in shown) == 6
    tables = [data["text/html"] for data in shown if "text/html" in data]
    for label, verdict in zip(result.checks["label"], result.checks["verdict"]):
        if verdict == "different":
            assert any(label in table for table in tables)


def says_what_is_decided(notebook):
    """Two decisions read from the tables of the data again, and all pictures."""
    rates = nrd.load_dataset("gso-provinces", backend="pandas").table("provinces")
    rates = rates[(rates["unit_code"] == "25") & (rates["year"] == "2014")]
    rate = rates.set_index("indicator").loc["poverty_rate", "value"]
    text = "".join(o.text for o in outputs(notebook) if o.output_type == "stream")
    assert f"state: met\nvalue: {float(rate)}\nrule: below\nlevel: 10.0" in text
    assert "met by EXAMPLE, no real decision" in text
    shown = [o.data for o in outputs(notebook) if "data" in o]
    assert sum("image/png" in data for data in shown) == 5
