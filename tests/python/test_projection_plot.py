"""Pictures of projections and joints: what is drawn is what the result says."""

import matplotlib as mpl
import numpy as np
import pytest
from test_projections import COLUMNS, RATES, projected

mpl.use("Agg")
from matplotlib import pyplot

import nrd


@pytest.fixture(autouse=True)
def _no_figure_stays():
    yield
    pyplot.close("all")


def texts(ax):
    return [note.get_text() for note in ax.texts]


def keys_of(ax):
    (legend,) = ax.get_figure().legends
    return [text.get_text() for text in legend.get_texts()]


def test_figures_trend_fan_and_target_are_drawn():
    found = projected(target_year=2025)
    (ax,) = found.plot("A", names={"A": "Ấp A"}, source="a page")
    points, target, due, ahead, fitted, span = ax.lines
    assert points.get_ydata().tolist() == RATES["rate"][:6]
    assert set(target.get_ydata()) == {5}
    assert set(due.get_xdata()) == {2025}
    assert ahead.get_ydata().tolist() == found.points["estimate"][0].tolist()
    assert np.array_equal(fitted.get_ydata(), found.fitted(0)[1])
    row = found.row("A")
    assert span.get_xdata().tolist() == [row["reach_low"], row["reach_high"]]
    fan = ax.collections[0].get_paths()[0].vertices
    assert {*found.points["low"][0], *found.points["high"][0]} <= set(fan[:, 1])
    assert ax.get_title(loc="left") == "Ấp A"
    assert texts(ax) == ["2022.7 (2021.4–2024.3)"]
    assert "Source: a page" in ax.get_figure()._supxlabel.get_text()


def test_words_are_of_the_language():
    (ax, other) = projected(target_year=2025).plot(language="vi")
    assert keys_of(ax)[:3] == ["Số liệu", "Xu thế", "Khoảng của số liệu, 95 %"]
    assert ax.get_ylabel() == "Tỷ lệ, %"
    assert "không sớm hơn" in texts(other)[0]
    english = projected(target_year=2025).plot()
    assert keys_of(english[0])[-2:] == ["Target, and 2025", "When it is reached, 95 %"]


def test_other_standards_stand_apart():
    rates = {**RATES, "standard": ["old"] * 2 + ["new"] * 9}
    (ax,) = projected(rates).plot("A")
    old, new = ax.lines[0], ax.lines[1]
    assert (len(old.get_xdata()), len(new.get_xdata())) == (2, 4)
    assert old.get_color() != new.get_color()
    assert keys_of(ax)[-1] == "Other standards"


def test_an_area_of_which_nothing_is_told_says_why():
    rates = {**RATES, "rate": [0.0, *RATES["rate"][1:]]}
    (ax,) = projected(rates).plot("A")
    assert " ".join(texts(ax)[0].split()) == "a value has no place on the scale: 0 (2010)"


def test_no_target_is_no_line():
    (ax,) = projected(target=None).plot("A")
    assert len(ax.lines) == 3
    assert keys_of(ax) == ["Figure", "Trend", "Interval of a figure, 95 %"]


def test_axes_of_the_caller():
    found = projected()
    _, grid = pyplot.subplots(1, 2)
    assert list(found.plot("A", "B", axes=grid)) == list(grid)
    with pytest.raises(nrd.NrdValueError, match="there are 2 axes, expected 1"):
        found.plot("A", axes=grid)
    with pytest.raises(nrd.NrdKeyError, match="no area 'C'"):
        found.plot("C")
    with pytest.raises(nrd.NrdValueError, match="'en' or 'vi'"):
        found.plot(language="fr")


def test_joints_are_drawn():
    rates = {
        "area": ["A"] * 10,
        "year": range(2010, 2020),
        "rate": [30.2, 27.9, 26.1, 23.8, 22.0, 21.6, 20.9, 20.7, 19.9, 19.6],
    }
    found = nrd.poverty_joints(rates, **COLUMNS, most=1, seed=1)
    (ax,) = found.plot(language="vi", title="Một xã")
    points, fitted, joint, span = ax.lines
    assert points.get_ydata().tolist() == rates["rate"]
    assert np.array_equal(fitted.get_ydata(), found.fitted(0)[1])
    assert set(joint.get_xdata()) == {2014}
    row = found.row("A")
    assert span.get_xdata().tolist() == [row["joint_1_low"], row["joint_1_high"]]
    (legend,) = ax.get_figure().legends
    assert legend.get_title().get_text() == "Một xã"
    with pytest.raises(nrd.NrdValueError, match="none of the areas"):
        found.plot("B")
