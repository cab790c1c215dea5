"""Maps of the provinces: what is drawn, what is hatched, what is refused."""

import sys

import pytest

import nrd
from nrd import plot_maps

pytest.importorskip("geopandas")
from matplotlib import pyplot


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def trends(units):
    data = nrd.load_dataset("gso-provinces", backend="pandas")
    rows = data.table("provinces", numbers=True)
    poverty = (rows["indicator"] == "poverty_rate") & (rows["basis"] == "line 2011-2015")
    rows = rows[poverty & rows["unit_code"].isin(units)]
    return nrd.poverty_trends(rows, unit="unit_code", time="year", value="value")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_provinces_with_and_without_a_number(language):
    ax = plot_maps.provinces({"14": 2.5, "20": 4.0, "42": None}, language=language,
                             label="%", title="Sơn La", source="GSO (2018)")  # fmt: skip
    patches = sum(len(held.get_paths()) for held in ax.collections)
    assert patches == 63 or patches > 63  # islands are paths of their own
    assert ax.get_title("left") == "Sơn La"
    text = " ".join(held.get_text() for held in ax.texts)
    assert "GSO (2018); Open Development Mekong" in " ".join(text.split())


def test_a_map_of_trends():
    found = trends(["14", "20", "42"])
    ax = found.plot_map(title="Slopes")
    assert ax.figure.axes[1].get_ylabel() == "slope_points"
    with pytest.raises(nrd.NrdKeyError, match="no column 'colour'"):
        found.plot_map("colour")
    with pytest.raises(nrd.NrdKeyError, match="no province 'vn'"):
        trends(["vn", "14"]).plot_map()


def test_several_rows_of_a_province_are_refused():
    data = nrd.load_dataset("gso-provinces", backend="pandas")
    rows = data.table("provinces", numbers=True)
    rows = rows[(rows["indicator"] == "poverty_rate") & (rows["unit_code"] == "14")]
    found = nrd.poverty_trends(rows, unit="unit_code", time="year", value="value")
    with pytest.raises(nrd.NrdValueError, match="unit 14 has several rows"):
        found.plot_map()


def test_what_is_refused(monkeypatch):
    with pytest.raises(nrd.NrdKeyError, match="no province '99'"):
        plot_maps.provinces({"99": 1.0})
    with pytest.raises(nrd.NrdValueError, match="there is no number"):
        plot_maps.provinces({"14": None})
    with pytest.raises(nrd.NrdValueError, match="language is 'fr'"):
        plot_maps.provinces({"14": 1.0}, language="fr")
    monkeypatch.setitem(sys.modules, "geopandas", None)
    with pytest.raises(nrd.NrdError, match=r"pip install nrd\[map\]"):
        plot_maps.provinces({"14": 1.0})
