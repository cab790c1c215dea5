"""Pictures of areas and of classes over time: what is drawn is what the tables say."""

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")
from matplotlib import pyplot
from matplotlib.patches import Rectangle
from test_plot import by_row, legend, names, written

import nrd
from nrd import Attainment, criteria_averages, plot_areas
from nrd._progress_bands import band_rows

DATA = nrd.load_dataset("nrd-progress")
SETTINGS = dict(mpl.rcParams)
CELLS = np.array([[1, 1, np.nan], [1, 0, 1], [np.nan, 0, 0], [1, 1, 1]])
AREAS = ["Bình Gia", "Bắc Sơn", "Bắc Sơn", "Chi Lăng"]
RESULT = criteria_averages(
    Attainment.from_wide(CELLS), by={"district": AREAS}, weights=[1, 5, 1, 1]
)

each_language = pytest.mark.parametrize("language", ["en", "vi"])


@pytest.fixture(autouse=True)
def _close():
    yield
    pyplot.close("all")
    assert dict(mpl.rcParams) == SETTINGS


def drawn(ax):
    """Bars of each area as (from, to, hatched)."""
    rows = by_row(ax)
    return {
        name: [(left, round(right, 12), bool(hatch)) for _, hatch, left, right in rows[i]]
        for i, name in enumerate(names(ax))
    }


@each_language
def test_areas_are_ranked_with_their_bounds(language):
    ax = plot_areas.ranked(RESULT, language=language)
    assert drawn(ax) == {
        "Chi Lăng": [(0, 3.0, False)],
        "Bình Gia": [(0, 2.0, False), (2.0, 3.0, True)],
        "Bắc Sơn": [(0, 1.0, False), (1.0, 1.5, True)],
    }
    assert written(ax) == ["3", "2–3", "1–1.5"]
    words = {"en": "Possibly met", "vi": "Có thể đạt"}
    assert words[language] in legend(ax)


def test_weighted_means_are_drawn_where_asked():
    ax = RESULT.plot_areas(weighted=True)
    sure, possible = drawn(ax)["Bắc Sơn"]
    assert sure == (0, round(10 / 6, 12), False)
    assert possible == (pytest.approx(10 / 6), round(11 / 6, 12), True)
    assert "Weighted" in ax.get_xlabel()


def test_nothing_hatched_where_all_is_known():
    table = Attainment.from_wide(np.array([[1, 0], [1, 1]]))
    ax = criteria_averages(table, by={"d": ["A", "B"]}).plot_areas()
    assert legend(ax) == ["Surely met", "Mean of all communes"]


def bars(ax):
    """Bars of each date from the left: width and whether hatched."""
    out = {}
    for bar in ax.patches:
        if isinstance(bar, Rectangle) and abs(bar.get_height() - 0.68) < 1e-9:
            row = round(bar.get_y() + 0.34)
            out.setdefault(row, []).append(
                (bar.get_x(), bar.get_width(), bool(bar.get_hatch()))
            )
    return {row: sorted(parts) for row, parts in out.items()}


@pytest.mark.parametrize("unit", sorted({r.unit for r in band_rows(DATA)}))
def test_every_date_adds_up_to_all_communes(unit):
    counted = [r for r in band_rows(DATA, unit) if plot_areas._is_counted(r)]
    if not counted:
        with pytest.raises(nrd.NrdValueError, match="prints no bands"):
            plot_areas.classes_over_time(DATA, unit=unit)
        return
    ax = plot_areas.classes_over_time(DATA, unit=unit)
    found = bars(ax)
    assert len(found) == len({r.as_of for r in counted})
    for parts in found.values():
        assert sum(width for _, width, _ in parts) == pytest.approx(100, rel=1e-12)
        ends = [left + width for left, width, _ in parts]
        assert [left for left, *_ in parts[1:]] == pytest.approx(ends[:-1], rel=1e-12)


@each_language
def test_the_classes_of_a_province(language):
    ax = plot_areas.classes_over_time(DATA, language=language, unit="42")
    shares = [round(width * 235 / 100) for _, width, _ in bars(ax)[0]]
    assert shares == [1, 18, 144, 72]
    assert bars(ax)[1] == [
        (0, pytest.approx(15800 / 229), False),
        (pytest.approx(15800 / 229), pytest.approx(7100 / 229), True),
    ]
    below = {"en": "below 5 criteria", "vi": "dưới 5 tiêu chí"}
    assert legend(ax)[-2:] == [below[language], legend(ax)[-1]]
    assert legend(ax)[-1].startswith("5–18")
    assert ax.get_yticklabels()[0].get_text() == "2010 (235)"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"level": "province"}, nrd.NrdKeyError, "there is no level 'province'"),
        ({"language": "fr"}, nrd.NrdValueError, "language is 'fr'"),
    ],
)
def test_what_cannot_be_drawn(options, error, words):
    with pytest.raises(error, match=words):
        plot_areas.ranked(RESULT, **options)


def test_no_areas_no_weights_no_unit():
    bare = criteria_averages(Attainment.from_wide(CELLS))
    with pytest.raises(nrd.NrdValueError, match="there are no areas"):
        plot_areas.ranked(bare)
    some = criteria_averages(Attainment.from_wide(CELLS), by={"d": list("AABB")})
    with pytest.raises(nrd.NrdValueError, match="there are no weights"):
        plot_areas.ranked(some, weighted=True)
    with pytest.raises(nrd.NrdKeyError, match="there is no unit 'nowhere'"):
        plot_areas.classes_over_time(DATA, unit="nowhere")
