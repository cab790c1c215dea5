"""Pictures of correlations: what is drawn, without a look at how."""

import matplotlib as mpl
import numpy as np
import pytest
from pictures import spoken, words, written

import nrd

mpl.use("Agg")
from matplotlib import pyplot as plt


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def rows(width=4, n=30):
    rng = np.random.default_rng(1)
    out = {f"column {i}": rng.normal(size=n) for i in range(width)}
    out["column 1"] += out["column 0"]
    return out


def test_a_matrix_shows_coefficients_and_intervals():
    found = nrd.correlation_matrix(rows() | {"same": np.ones(30)}, seed=1)
    ax = found.plot(title="T", source="S")
    r = found.columns["coefficient"][0]
    assert f"{r:.2f}" in words(ax)
    assert ax.get_title(loc="left") == "T"
    assert len(ax.patches) == 9  # nothing goes with the column that does not vary
    bold = [t.get_text() for t in ax.texts if t.get_fontweight() == "bold"]
    assert bold == [f"{r:.2f}"] * 2


def test_wide_matrices_have_no_numbers():
    ax = nrd.correlation_matrix(rows(20), seed=1).plot()
    assert not words(ax)
    assert len(ax.get_xticklabels()) == 20


def test_a_pair_shows_rows_and_names_the_influential():
    data = rows(2)
    data["column 0"][4] = data["column 1"][4] = 9
    names = [f"p{i}" for i in range(30)]
    found = nrd.correlate("column 0", "column 1", data=data, names=names, seed=1)
    ax = found.plot(language="vi")
    assert "p4" in words(ax)
    assert len(ax.collections[0].get_offsets()) == 30
    sizes = ax.collections[0].get_sizes()
    assert np.argmax(sizes) == 4
    alone = nrd.correlate("column 0", "column 1", data=data, influence=False, seed=1)
    assert not set(names) & set(words(alone.plot()))


def test_lags_are_a_profile():
    data = rows(2) | {"unit": [0] * 30, "year": list(range(30))}
    found = nrd.correlate(
        "column 0", "column 1", ["pearson", "kendall"], data=data, unit="unit",
        time="year", lag=[0, 1, 2], seed=1,
    )  # fmt: skip
    ax = found.plot()
    lines = [line for line in ax.lines if len(line.get_xdata()) == 3]
    assert len(lines) == 2
    assert list(lines[0].get_ydata()) == found.columns["coefficient"][:3]


def test_nothing_is_drawn_of_nothing():
    found = nrd.correlate([1.0, None], [None, 2.0], seed=1)
    with pytest.raises(nrd.NrdValueError, match="nothing can be drawn"):
        found.plot()
    with pytest.raises(nrd.NrdValueError, match="language"):
        found.plot(language="fr")


LABELS = {
    "column 0": ("Vốn bình quân", "million VND per person"),
    "column 1": "Số tiêu chí",
    "lag": ("Độ trễ", "năm"),
}


def pictures():
    """A matrix with a column that does not vary, a pair and lags."""
    data = rows(2)
    lagged = data | {"unit": [0] * 30, "year": list(range(30))}
    same = data | {"same": np.ones(30)}
    names = [f"p{i}" for i in range(30)]
    return [
        nrd.correlation_matrix(same, method="spearman", adjust="max-t", seed=1),
        nrd.correlate("column 0", "column 1", data=data, names=names, seed=1),
        nrd.correlate("column 0", "column 1", "xi", data=data, influence=False, seed=1),
        nrd.correlate(
            "column 0", "column 1", ["pearson", "winsorized"], data=lagged, unit="unit",
            time="year", lag=[0, 1, 2], seed=1,
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(4))
def test_labels_and_units_stand_in_place_of_columns(place):
    text = " ".join(written(pictures()[place].plot(labels=LABELS | {"same": "S"})))
    assert "column" not in text
    assert "Số tiêu chí" in text.replace("\n", " ")


# What is written alike in both languages: coefficients, p and n, names of rows, and "in",
# to print.
ALIKE = {"r", "p", "n", "rho", "xi", "Pearson", "Spearman", "Chatterjee", "S", "in"}
ALIKE |= {f"p{i}" for i in range(30)}


@pytest.mark.parametrize("place", range(4))
def test_no_english_word_is_in_a_vietnamese_picture(place):
    found = pictures()[place]
    labels = LABELS | {"same": "Cột"}
    shown = written(found.plot(language="vi", labels=labels, source="S"))
    english = spoken(written(found.plot(labels=labels, source="S")))
    ours = spoken(v for w in labels.values() for v in ([w] if isinstance(w, str) else w))
    assert (english & spoken(shown)) - ours <= ALIKE
    assert any("Nguồn: S" in line for line in shown)


def test_units_of_measure_stand_on_axes_alone():
    data = rows(2)
    found = nrd.correlate("column 0", "column 1", data=data, seed=1)
    ax = found.plot(language="vi", labels=LABELS)
    assert ax.get_xlabel() == "Vốn bình quân, triệu đồng/người"
    assert ax.get_title(loc="left") == "Vốn bình quân, Số tiêu chí"
    curve = nrd.inequality({"a": [1.0, 2, 4]}, "a").plot(labels={"a": "Income"})
    assert curve.get_title(loc="left").endswith(": Income")
    assert any("n 3" in line for line in words(curve))


@pytest.mark.parametrize("labels", ["Rate", {"column 0": 3}, {"column 0": ("a", "b", "c")}])
def test_labels_that_are_none_are_refused(labels):
    found = nrd.correlate("column 0", "column 1", data=rows(2), seed=1)
    with pytest.raises(nrd.NrdTypeError, match="labels"):
        found.plot(labels=labels)


def test_few_rows_are_all_named_and_no_name_covers_another():
    data = rows(2, n=12)
    names = [f"Huyện số {i}" for i in range(12)]
    found = nrd.correlate("column 0", "column 1", data=data, names=names, seed=1)
    ax = found.plot()
    figure = ax.get_figure()
    figure.draw_without_rendering()
    boxes = [t.get_window_extent() for t in ax.texts if t.get_text() in names]
    assert len(boxes) == 12
    pairs = [(i, k) for i in range(12) for k in range(i)]
    assert not any(boxes[i].overlaps(boxes[k]) for i, k in pairs)


def panel():
    rng = np.random.default_rng(3)
    unit = np.repeat(list("ABCDEF"), 5)
    effect = np.repeat(10 * rng.normal(size=6), 5)
    x, y = effect + rng.normal(size=30), effect + rng.normal(size=30)
    y[4] = np.nan
    return {"x": x, "y": y, "z": rng.normal(size=30) + x, "unit": unit}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"relation": "within", "unit": "unit"}, "less the means of their units"),
        ({"relation": "between", "unit": "unit"}, "means of units"),
        ({"covariates": ["z"]}, "what is left beside: Z"),
        ({"covariates": ["z"], "part": "x"}, "of the horizontal axis"),
        ({"covariates": ["z"], "part": "y"}, "of the vertical axis"),
        ({"covariates": ["z"], "method": "spearman"}, "as measured"),
    ],
)
def test_points_are_what_is_correlated(options, said):
    """r of the points of a picture is the coefficient that stands above them."""
    found = nrd.correlate("x", "y", data=panel(), seed=1, **options)
    points = found.points
    ax = found.plot(labels={"z": "Z"})
    assert any(said in text for text in words(ax))
    weights = None
    if options.get("relation") == "between":
        assert points["unit"] == list("ABCDEF")
        weights = [4, *[5] * 5]
    if "method" not in options:
        r = np.cov(points["x"], points["y"], aweights=weights)
        assert r[0, 1] / np.sqrt(r[0, 0] * r[1, 1]) == pytest.approx(found.coefficient)
    held = ~np.isnan(panel()["y"])
    if weights is None:
        mean = panel()["x"][held].mean()
        assert np.mean(points["x"]) == pytest.approx(mean)
    assert not any("points" in text for text in words(found.plot(language="vi")))
