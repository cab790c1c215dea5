"""Waterfalls: what is drawn is what the result says."""

import matplotlib as mpl
import pytest
from gap_sets import TOY
from matplotlib import pyplot

import nrd

mpl.use("agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    pyplot.close("all")


def bars(ax):
    """Left end, right end and name of each row, of its first bar."""
    names = [text.get_text() for text in ax.get_yticklabels()]
    found = {}
    for patch in ax.patches:
        row = round(patch.get_y() + patch.get_height() / 2)
        ends = sorted((patch.get_x(), patch.get_x() + patch.get_width()))
        found.setdefault(row, []).append([round(end, 9) for end in ends])
    return [(names[row], *found[row]) for row in sorted(found)]


SHEET = {
    "unit": ["A", "B", "C", "D"],
    "a": [0, 0, 0, 1],
    "b": [0, 1, 1, None],
    "c": [1, 1, None, 1],
}


def test_a_waterfall_falls_to_the_mean():
    """A, B, C miss a; A misses b and D may; C may miss c: the mean is 2, or 1.5."""
    gaps = nrd.attainment_gaps(nrd.Attainment.from_wide(SHEET))
    assert bars(gaps.waterfall()) == [
        ("All criteria", [0, 3]),
        ("a", [2.25, 3]),
        ("b", [2.0, 2.25], [1.75, 2.0]),
        ("c", [2.0, 2.0], [1.75, 2.0]),
        ("Mean met", [0, 1.5], [1.5, 2.0]),
    ]


def test_what_is_certain_has_no_key_for_what_is_possible():
    sure = {**SHEET, "b": [0, 1, 1, 1], "c": [1] * 4}
    for sheet, n in ((SHEET, 3), (sure, 2)):
        gaps = nrd.attainment_gaps(nrd.Attainment.from_wide(sheet))
        assert len(gaps.waterfall().get_legend().get_texts()) == n


def test_many_small_criteria_are_joined():
    counts = nrd.Attainment.from_totals({str(i): i for i in range(30)}, units=40)
    rows = bars(nrd.attainment_gaps(counts).waterfall(language="vi"))
    assert len(rows) == 22
    assert rows[-2][0] == "11 tiêu chí khác"
    mean = sum(range(30)) / 40
    assert rows[-2][1][0] == pytest.approx(mean)
    assert rows[-1] == ("Đạt bình quân", [0, mean])


@pytest.fixture(scope="module")
def index():
    sheet = {"unit": ["A", "A"], "year": [2021, 2022], "1.1": [45, 30], "2.1": [False] * 2}
    return nrd.gap_index(nrd.assess(sheet, TOY, region="delta"))


@pytest.mark.parametrize("order", ["incidence", "depth", "severity"])
def test_criteria_add_to_the_index(index, order):
    rows = bars(index.plot(year=2022, order=order))
    whole = index.by_year[order][1]
    assert rows[0][1][0] == 0
    assert rows[0][1][1] == rows[1][1][0]
    assert rows[1][1][1] == pytest.approx(whole)
    assert rows[2][1] == pytest.approx([0, whole])


def test_names_follow_the_language(index):
    ax = index.plot(year=2021, language="vi", source="báo cáo")
    assert [name for name, _ in bars(ax)] == ["2 Tiêu chí 2", "1 Tiêu chí 1", "Độ sâu"]
    assert ax.get_title(loc="left") == "Chỉ số khoảng cách: Độ sâu"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({}, nrd.NrdValueError, "there are 2 years, expected year to name one"),
        ({"year": 2020}, nrd.NrdValueError, "no measurements of 2020"),
        ({"year": 2021, "order": "width"}, nrd.NrdKeyError, "order is 'width'"),
        ({"year": 2021, "language": "fr"}, nrd.NrdValueError, "language is 'fr'"),
    ],
)
def test_bad_input(index, options, error, words):
    with pytest.raises(error, match=words):
        index.plot(**options)
    assert pyplot.get_fignums() == []


def test_a_year_without_a_gap():
    found = nrd.assess({"unit": ["A"], "1.1": [60]}, TOY, year=2021, region="delta")
    with pytest.raises(nrd.NrdValueError, match="no gap, nothing can be drawn"):
        nrd.gap_index(found).plot()
