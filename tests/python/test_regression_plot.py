"""Pictures of regressions: what is drawn is what the result says."""

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")
from matplotlib import pyplot

import nrd

ROWS = {
    "y": [1.0, 2.0, 4.0, 3.0, 5.5, 7.0, 1.0],
    "x": [2.0, 3.0, 5.0, 7.0, 11.0, 2.0, 3.0],
    "z": [1.0, 0.0, 2.0, 0.5, 1.0, 3.0, 2.5],
    "g": ["a", "a", "a", "b", "b", "b", "lone"],
}


def drawn(ax):
    """Names, lower ends, points and upper ends on an Axes."""
    names = [text.get_text() for text in ax.get_yticklabels()]
    lines = np.array([path.vertices for path in ax.collections[0].get_paths()])
    points = ax.lines[-1].get_xdata()
    return names, lines[:, 0, 0].tolist(), list(points), lines[:, 1, 0].tolist()


@pytest.fixture(autouse=True)
def _no_figure_stays():
    yield
    pyplot.close("all")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_predictions_are_drawn_where_there_are_any(language):
    fit = nrd.regress(ROWS, "y", "x")
    at = fit.predict({"x": [1.0, None, 4.0]}, interval="prediction")
    ax = at.plot(language=language)
    assert ax.lines[-1].get_xdata().tolist() == [0, 2]
    assert ax.lines[-1].get_ydata().tolist() == [at.columns["fitted"][i] for i in (0, 2)]
    ends = [path.vertices[:, 1].tolist() for path in ax.collections[0].get_paths()]
    assert ends == [[at.columns["low"][i], at.columns["high"][i]] for i in (0, 2)]
    assert ax.get_title(loc="left").endswith(": y")
    assert not fit.predict(ROWS).plot(title="").collections
    with pytest.raises(nrd.NrdValueError, match="no predicted value"):
        fit.predict({"x": [None]}).plot()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_adjusted_p_values_are_drawn_from_the_least(language):
    found = nrd.adjust_pvalues([0.03, None, 0.01, 0.2])
    ax = found.plot(language=language)
    level, p, adjusted = (line.get_ydata() for line in ax.lines)
    assert list(level) == [0.05, 0.05]
    assert list(p) == [0.01, 0.03, 0.2]
    assert list(adjusted) == [found.columns["adjusted"][i] for i in (2, 0, 3)]
    assert ax.get_title(loc="left").endswith("holm")


def test_coefficients_are_drawn_without_the_intercept():
    fit = nrd.regress(ROWS, "y", ["x", "z"])
    names, low, middle, high = drawn(fit.plot())
    assert names == ["x", "z"]
    assert middle == fit.estimate[0, 1:].tolist()
    assert (low, high) == (fit.low[0, 1:].tolist(), fit.high[0, 1:].tolist())


def test_one_coefficient_of_each_group_is_drawn():
    fit = nrd.regress(ROWS, "y", "x", by="g")
    _, ax = pyplot.subplots()
    assert fit.plot(ax, "vi", term="x") is ax
    names, low, middle, _ = drawn(ax)
    assert names == ["a", "b"]
    assert middle == fit.estimate[:2, 1].tolist()
    assert low == fit.low[:2, 1].tolist()
    assert ax.get_title(loc="left") == "Hồi quy: y, x"
    assert fit.plot(term="x", title="").get_title(loc="left") == ""


def test_what_cannot_be_drawn_is_refused():
    fit = nrd.regress(ROWS, "y", "x", by="g")
    with pytest.raises(nrd.NrdKeyError, match=r"term is None, expected one of '\(inter"):
        fit.plot()
    with pytest.raises(nrd.NrdKeyError, match="term is 'q'"):
        fit.plot(term="q")
    with pytest.raises(nrd.NrdValueError, match="'en' or 'vi'"):
        fit.plot(language="fr", term="x")
    lone = nrd.regress({"y": [1.0], "x": [1.0], "g": ["a"]}, "y", "x", by="g")
    with pytest.raises(nrd.NrdValueError, match="there is no coefficient"):
        lone.plot(term="x")
