"""Pictures of correlations: what is drawn, without a look at how."""

import matplotlib as mpl
import numpy as np
import pytest

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


def words(ax):
    return [text.get_text() for text in ax.texts]


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
