"""Pictures of what was mobilised."""

import matplotlib as mpl
import pytest
from pictures import spoken, written

import nrd

mpl.use("Agg")
from matplotlib import pyplot as plt

ROWS = {
    "unit": ["A", "A", "A", "B", "B", "C"],
    "period": [2018, 2018, 2019, 2018, 2019, 2018],
    "source": ["state", "people", "state", "state", "people", "credit"],
    "amount": ["10.10", "4.2", "8", "6.05", "0.3", "7"],
}


def resources(**changes):
    return nrd.Resources({**ROWS, **changes}, measure="billion VND")


@pytest.fixture
def drawn():
    yield lambda found, **options: found.plot(**options)
    plt.close("all")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_units_are_bars_with_their_sources_stacked(drawn, language):
    labels = {"A": "Bình Gia", "state": "Nhà nước", "people": "Dân", "credit": "Vay"}
    found = resources().total("unit", "source")
    ax = drawn(found, language=language, labels=labels, source="S", title="T")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Bình Gia", "B", "C"]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == pytest.approx(found.columns["amount"])
    first, second = ax.patches[:2]
    assert second.get_x() == first.get_width()
    key = [text.get_text() for text in ax.get_legend().get_texts()]
    assert key == ["Nhà nước", "Dân", "Vay"]
    assert (
        "tỷ đồng" in ax.get_xlabel() if language == "vi" else "billion" in ax.get_xlabel()
    )
    shares = drawn(resources().shares(), language=language)
    ends = {}
    for bar in shares.patches:
        ends[bar.get_y()] = ends.get(bar.get_y(), 0) + bar.get_width()
    assert list(ends.values()) == pytest.approx([100] * 3)


def test_ratios_are_bars_with_their_numbers(drawn):
    ax = drawn(resources().leverage(), language="vi")
    assert ax.get_xlabel() == "cộng đồng trên mỗi đồng vốn: nhà nước"
    assert next(bar.get_width() for bar in ax.patches) == 42 / 181
    assert [t.get_text() for t in ax.texts][:2] == ["0.232", "0.0496"]
    per = drawn(resources().per({"A": 2, "B": 4}, "person"))
    assert per.get_xlabel() == "Amount, billion VND / person"
    assert [t.get_text() for t in per.texts] == ["11.15", "1.59", "–"]
    one = drawn(resources().where(unit="A").shares(), labels={"people": "Dân"})
    assert [t.get_text() for t in one.get_yticklabels()] == ["state", "Dân"]


def test_nothing_is_drawn_of_nothing(drawn):
    with pytest.raises(nrd.NrdValueError, match="no number above 0"):
        drawn(resources(amount=["0"] * 6).total("unit"))
    with pytest.raises(nrd.NrdValueError, match="language"):
        drawn(resources().total("unit"), language="fr")


@pytest.mark.parametrize(
    "make",
    [
        lambda given: given.total("unit", "source"),
        lambda given: given.shares(),
        lambda given: given.leverage(),
        lambda given: given.concentration("source"),
        lambda given: given.per({"A": 2, "B": 4}, "persons"),
        lambda given: given.lorenz(),
    ],
)
def test_no_english_word_is_in_a_vietnamese_picture(drawn, make):
    labels = {"state": "Vốn", "people": "Dân", "credit": "Vay", "persons": "người"}
    labels |= {"amount": "Tổng", "community": "Cộng", "A": "A", "B": "B", "C": "C"}
    options = {"labels": labels, "source": "S"}
    english, shown = (
        spoken(written(drawn(make(resources()), language=language, **options)))
        for language in ("en", "vi")
    )
    assert english & shown <= spoken(labels.values()) | {"S", "Gini", "n", "Lorenz"}
    assert "Nguồn" in shown
