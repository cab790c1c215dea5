"""The accuracy of the distribution functions that the documentation states."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "reference"


def rows_of(text):
    """Cells of the rows of both tables, by law."""
    rows = [row.strip("| ").split(" | ") for row in text.splitlines()]
    return {row[0]: row[1:4] for row in rows if row[0].startswith("`") and len(row) > 3}


def test_the_table_in_the_readme_is_as_computed():
    made = subprocess.run(
        [sys.executable, FOLDER / "dist_table.py", "--nrd"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    stated = rows_of((FOLDER / "README.md").read_text(encoding="utf-8"))
    found = rows_of(made)
    assert len(found) == 7
    assert found.keys() == stated.keys()
    for law, (points, *errors) in found.items():
        assert points == stated[law][0]
        for error, other in zip(errors, stated[law][1:], strict=True):
            if " of " in other:
                assert error == other
            else:  # another mathematical library may round the last bit otherwise
                assert float(error) == pytest.approx(float(other), rel=0.5)
