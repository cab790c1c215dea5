"""The picture of criteria met over the years: what is drawn is what is printed."""

import re
import sys
from datetime import date, timedelta
from itertools import combinations

import matplotlib as mpl
import pytest

mpl.use("Agg")
from matplotlib import pyplot
from matplotlib.colors import to_hex
from test_plot import legend, texts_of, written

import nrd
from nrd import plot
from nrd._progress import decisions, means, stretch

DATA = nrd.load_dataset("nrd-progress", backend="pyarrow")
ROWS = DATA.table("progress", numbers=True).to_pylist()
UNITS = sorted({row["unit_code"] for row in ROWS if row["avg_criteria"] is not None})
SETTINGS = dict(mpl.rcParams)

each_language = pytest.mark.parametrize("language", ["en", "vi"])


@pytest.fixture(autouse=True)
def _close():
    yield
    pyplot.close("all")


def printed(unit):
    return {
        (row["as_of"], row["avg_criteria"])
        for row in ROWS
        if row["unit_code"] == unit and row["avg_criteria"] is not None
    }


def points(ax):
    """Places of the dots and whether each is hollow."""
    dots = ax.collections[-1]
    colours = [to_hex(colour) for colour in dots.get_facecolors()]
    return [(x, y, c == "#ffffff") for (x, y), c in zip(dots.get_offsets(), colours)]


@pytest.mark.parametrize("unit", UNITS)
def test_every_printed_mean_is_a_dot(unit):
    wanted = {(sum(stretch(as_of)) / 2, value) for as_of, value in printed(unit)}
    found = points(plot.progress(DATA, unit=unit))
    assert {(x, y) for x, y, _ in found} == wanted
    assert len(found) == len(printed(unit))


def test_the_country():
    ax = plot.progress(DATA)
    texts = ["4.7", "5.28", "10", "11.64", "12.9", "13.47", "15.26", "17", "17.1", "17.5"]
    assert written(ax)[:10] == texts
    assert [round(y, 2) for _, y, _ in points(ax)] == list(map(float, texts))
    assert not any(hollow for _, _, hollow in points(ax))
    assert legend(ax) == []
    assert [text.split()[-1] for text in written(ax)[10:12]] == [
        "1980/QĐ-TTg",
        "318/QĐ-TTg",
    ]


def test_a_year_is_a_bar_and_a_day_is_not():
    bars = plot.progress(DATA).collections[0].get_segments()
    lengths = [end[0] - begin[0] for begin, end in bars]
    assert lengths[:2] == [1, 1]
    assert max(lengths[2:]) < 0.09


def test_what_was_derived_is_hollow():
    ax = plot.progress(DATA, unit="14")
    assert [hollow for _, _, hollow in points(ax)] == [True, False, False]
    assert legend(ax) == ["Printed", "Derived from printed numbers"]


@each_language
def test_names_and_source(language):
    ax = plot.progress(DATA, language=language)
    country = {"en": "Viet Nam", "vi": "Việt Nam"}[language]
    assert ax.get_title(loc="left").endswith(f": {country}")
    assert written(ax)[-1].replace("\n", " ").endswith(DATA.short_citation)
    assert ax.get_xlabel() == {"en": "Year", "vi": "Năm"}[language]
    ax = plot.progress(DATA, language=language, unit="14", title="Another", source="")
    assert ax.get_title(loc="left") == "Another"
    assert not any(word in written(ax)[-1] for word in ("Source", "Nguồn"))
    assert plot.progress(DATA, unit="14").get_title(loc="left").endswith(": Sơn La")


@each_language
@pytest.mark.parametrize("unit", ["vn", "14", "11", "42", "17"])
def test_no_text_is_cut_or_overlaps_another(unit, language):
    ax = plot.progress(DATA, unit=unit, language=language)
    ax.figure.canvas.draw()
    texts = [*texts_of(ax), ax.yaxis.label]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    page = ax.figure.bbox
    for text, box in boxes:
        assert page.x0 - 1 <= box.x0 < box.x1 <= page.x1 + 1, text
        assert page.y0 - 1 <= box.y0 < box.y1 <= page.y1 + 1, text
    for (one, box), (other, next_box) in combinations(boxes, 2):
        assert not box.padded(-1).overlaps(next_box.padded(-1)), (one, other)


def test_axes_and_settings_are_the_callers():
    _, (left, right) = pyplot.subplots(1, 2)
    assert plot.progress(DATA, right) is right
    assert not left.has_data()
    assert dict(mpl.rcParams) == SETTINGS


@pytest.mark.parametrize(
    ("as_of", "begin", "days"),
    [
        ("2010", date(2010, 1, 1), 365),
        ("2012", date(2012, 1, 1), 366),
        ("2012-02", date(2012, 2, 1), 29),
        ("2014-12", date(2014, 12, 1), 31),
        ("2015-09-30", date(2015, 9, 30), 1),
        ("2019-2024", date(2019, 1, 1), 2192),
    ],
)
def test_a_printed_date_is_a_stretch_of_years(as_of, begin, days):
    def years(day):
        first = date(day.year, 1, 1)
        return day.year + (day - first) / (date(day.year + 1, 1, 1) - first)

    wanted = years(begin), years(begin + timedelta(days))
    assert stretch(as_of) == pytest.approx(wanted, abs=1e-12)


def test_decisions_are_in_the_order_of_their_dates():
    found = decisions()
    assert found == sorted(found)
    assert found[1] == (pytest.approx(2016 + 290 / 366), "1980/QĐ-TTg")


def test_means_are_in_the_order_of_their_dates():
    for unit in UNITS:
        assert means(DATA, unit) == sorted(means(DATA, unit))


def test_bad_input_is_refused_before_a_figure_is_made(study_copy):
    with pytest.raises(nrd.NrdKeyError, match=r"no unit 'xx' in units\.csv"):
        plot.progress(DATA, unit="xx")
    with pytest.raises(nrd.NrdValueError, match="no mean is known for the unit '04'"):
        plot.progress(DATA, unit="04")
    with pytest.raises(nrd.NrdValueError, match="'fr'"):
        plot.progress(DATA, language="fr")
    with pytest.raises(nrd.NrdKeyError, match="no table 'progress'"):
        plot.progress(nrd.load_study(study_copy), unit="20")
    assert pyplot.get_fignums() == []


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(nrd.NrdError, match=re.escape("pip install nrd[plot]")):
        plot.progress(DATA)
