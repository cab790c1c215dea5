"""`nrd trend`, the files it reads, and pictures of trends."""

import csv
import io
import json

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from support import fail, succeed

mpl.use("Agg")
from matplotlib import pyplot

import nrd
from nrd._files import read_table

ROWS = """\
commune,year,rate,standard
007,2016,18.2,old
007,2017,16.4,old
007,2018,13.9,old
007,2019,12.1,old
007,2020,9.8,old
011,2016,30.1,old
011,2017,n/a,old
011,2018,25.0,old
011,2020,21.7,new
"""
ASKED = ("--unit", "commune", "--time", "year", "--value", "rate")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _no_figure_stays():
    yield
    pyplot.close("all")


def test_words(file):
    alone = succeed("trend", str(file), *ASKED)
    assert "011 (new): 2020" in alone
    shown = " ".join(succeed("trend", str(file), *ASKED, "--standard", "none").split())
    assert "007: 2016–2020, 5 years: falls by 2.12 points a year" in shown
    assert "011: 2016–2020, 3 years" in shown
    assert "giảm 2.12" in succeed("trend", str(file), *ASKED, "--language", "vi")


def test_csv_and_json(file):
    (head, first, *_) = csv.reader(
        io.StringIO(succeed("trend", str(file), *ASKED, "--format", "csv"))
    )
    assert dict(zip(head, first))["commune"] == "007"
    held = json.loads(
        succeed("trend", str(file), *ASKED, "--standard", "standard", "--method", "ols",
                "--method", "siegel", "--format", "json")
    )  # fmt: skip
    assert [row["n"] for row in held["table"]] == [5, 5, 2, 2, 1, 1]
    assert [row["method"] for row in held["table"]] == ["ols", "siegel"] * 3


def test_options_are_those_of_the_function(file):
    options = "--by standard --seed 6 --test trend-free --adjust holm --format json"
    shown = succeed("trend", str(file), *ASKED, *options.split())
    wanted = nrd.poverty_trends(
        read_table(file), unit="commune", time="year", value="rate", by=["standard"],
        seed=6, test="trend-free", adjust="holm",
    )  # fmt: skip
    held = json.loads(wanted.to_json())
    held["provenance"]["options"]["method"] = ["theil-sen"]
    assert json.loads(shown) == held
    assert "method is 'sen'" in fail("trend", str(file), *ASKED, "--method", "sen")


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_marks_and_a_byte_order(tmp_path, file, mark, start):
    other = tmp_path / "other.csv"
    other.write_text(start + ROWS.replace(",", mark), encoding="utf-8")
    wanted = succeed("trend", str(file), *ASKED)
    assert succeed("trend", str(other), *ASKED) == wanted


def test_parquet_and_excel(tmp_path, file):
    frame = pd.read_csv(file, dtype={"commune": str})
    frame.to_parquet(tmp_path / "rates.parquet")
    wanted = succeed("trend", str(file), *ASKED)
    assert succeed("trend", str(tmp_path / "rates.parquet"), *ASKED) == wanted
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    assert "bad.parquet: cannot be read" in fail(
        "trend", str(tmp_path / "bad.parquet"), *ASKED
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"commune,year,rate\n", "there are no rows"),
        (b"commune,year,rate\n007,2016\n", "row 2: found 2 cells, expected 3"),
        (b"commune,year,year\n007,2016,3\n", "a column is there twice"),
        (b"commune,year,rate\nX\xe3,2016,3\n", "not UTF-8"),
        (b"commune,year,rate\n007,2016,3.5x\n", "found '3.5x', expected a number"),
        (b"commune,year,part\n007,2016,3\n", "there is no column 'rate'"),
    ],
)
def test_files_that_cannot_be(tmp_path, text, message):
    path = tmp_path / "bad.csv"
    path.write_bytes(text)
    assert message in fail("trend", str(path), *ASKED)


def test_a_file_that_is_not_there(tmp_path):
    assert "cannot be read" in fail("trend", str(tmp_path / "none.csv"), *ASKED)


def rates(areas, standards=("old",)):
    years = np.arange(2011, 2017)
    return {
        "c": np.repeat([f"Xã {i}" for i in range(areas)], 6),
        "t": np.tile(years, areas),
        "v": np.tile(np.linspace(40, 10, 6), areas) + np.repeat(np.arange(areas), 6) / 10,
        "s": np.tile(np.array(list(standards) * 6)[:6], areas),
    }


def test_panels_hold_the_series_and_the_fit():
    columns = rates(6)
    result = nrd.poverty_trends(columns, unit="c", time="t", value="v")
    figure = result.plot(language="vi", source="GSO")
    panels = [ax for ax in figure.axes if ax.axison]
    assert len(panels) == 6
    for area, ax in enumerate(panels):
        points, curve = ax.lines
        assert points.get_xdata().tolist() == columns["t"][:6].tolist()
        assert points.get_ydata().tolist() == columns["v"][6 * area : 6 * area + 6].tolist()
        ends = curve.get_ydata()[[0, -1]]
        slope = result.estimates[0].slope[area]
        assert (ends[1] - ends[0]) / 5 == pytest.approx(slope)
        assert f"Xã {area}" in ax.get_title(loc="left")
        assert "điểm %/năm" in ax.get_title(loc="left")
        assert ax.get_ylim()[0] == 0
    assert "Tỷ lệ hộ nghèo" in figure.get_supylabel()
    assert "GSO" in figure.get_supxlabel()


def test_no_fit_goes_across_standards():
    columns = rates(1, ("old", "old", "old", "new", "new", "new"))
    result = nrd.poverty_trends(columns, unit="c", time="t", value="v", standard="s")
    _, ax = pyplot.subplots()
    assert result.plot(ax) is ax
    curves = [line.get_xdata() for line in ax.lines[1::2]]
    assert [(x[0], x[-1]) for x in curves] == [(2011, 2013), (2014, 2016)]
    assert "new: −6 points/year" in ax.get_title(loc="left")
    marks = {line.get_marker() for line in ax.lines[::2]}
    assert len(marks) == 2


@pytest.mark.parametrize("method", ["log-linear", "logit-linear"])
def test_curves_are_those_of_the_method(method):
    result = nrd.poverty_trends(rates(1), unit="c", time="t", value="v", method=method)
    _, ax = pyplot.subplots()
    result.plot(ax)
    curve = ax.lines[1].get_ydata()
    assert (curve > 0).all()
    assert (curve < 100).all()
    assert not np.allclose(np.diff(curve, 2), 0)


def test_pictures_that_cannot_be():
    result = nrd.poverty_trends(rates(61), unit="c", time="t", value="v")
    with pytest.raises(nrd.NrdValueError, match="61 areas, expected 1 to 60"):
        result.plot()
    two = nrd.poverty_trends(rates(2), unit="c", time="t", value="v")
    _, ax = pyplot.subplots()
    with pytest.raises(nrd.NrdValueError, match="ax is given for 2 areas"):
        two.plot(ax)
    with pytest.raises(nrd.NrdValueError, match="language is 'fr'"):
        two.plot(language="fr")
