"""Pictures: what is drawn is what the result says, in both languages and on any Axes."""

import re
import subprocess
import sys
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")
from matplotlib import pyplot
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

import nrd
from nrd import plot

STUDY = nrd.load_study("binh-gia-2024")
PLANNED = nrd.reproduce(STUDY)
NOW = nrd.reproduce(STUDY, as_of="now")
MONEY = PLANNED.resources["infrastructure"]
RESULTS = {
    "heat_map": PLANNED,
    "averages": PLANNED.averages,
    "gaps": PLANNED.gaps,
    "resources": MONEY,
}
LANGUAGES = ("en", "vi")
SETTINGS = dict(mpl.rcParams)


def labels_in(language):
    def labels(kind, id):
        if kind == "criterion":
            return STUDY.criteria_set.name(id, language)
        return STUDY.label(kind, id, language)

    return labels


def draw(name, ax=None, language="en", **options):
    """Draw one of the pictures by name."""
    if name in ("gaps", "resources"):
        options["labels"] = labels_in(language)
    result = RESULTS[name]
    result = result.attainment if result is PLANNED else result
    return getattr(plot, name)(result, ax, language, **options)


each_picture = pytest.mark.parametrize("name", RESULTS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def _close():
    yield
    pyplot.close("all")


def names(ax, axis="y", minor=False):
    """Tick labels of an axis, lines joined."""
    ticks = getattr(ax, f"get_{axis}ticklabels")(minor=minor)
    assert list(getattr(ax, f"get_{axis}ticks")(minor=minor)) == list(range(len(ticks)))
    return [tick.get_text().replace("\n", " ") for tick in ticks]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def written(ax):
    return [text.get_text() for text in ax.texts]


def is_bar(patch):
    return isinstance(patch, Rectangle) and abs(patch.get_height() - 0.72) < 1e-9


def by_row(ax):
    """Bars of each row, left to right, as (colour, hatch, from, to)."""
    rows = {}
    for bar in ax.patches:
        if is_bar(bar):
            row = round(bar.get_y() + 0.36)
            look = (to_hex(bar.get_facecolor()), bar.get_hatch() or "")
            rows.setdefault(row, []).append(
                (*look, bar.get_x(), bar.get_x() + bar.get_width())
            )
    return {row: sorted(bars, key=lambda bar: bar[2:]) for row, bars in rows.items()}


def drawn_cells(ax):
    """Squares of each state: hatch, colour and (row, column) of the centres."""
    return [
        (
            cells.get_hatch() or "",
            to_hex(cells.get_facecolor()[0]) if len(cells.get_facecolor()) else "",
            {
                tuple(path.vertices[:4].mean(axis=0)[::-1].round().astype(int))
                for path in paths
            },
        )
        for cells in ax.collections
        for paths in [cells.get_paths()]
    ]


def between(low, high):
    return str(low) if low == high else f"{low}–{high}"


@each_language
@pytest.mark.parametrize("result", [PLANNED, NOW], ids=["planned", "now"])
def test_heat_map_shows_every_cell(result, language):
    ax = result.plot(language=language)
    attainment, table = result.attainment, result.averages.communes
    code = dict(zip(table["name"], table["unit"]))
    rows = names(ax)
    assert sorted(rows) == sorted(table["name"])
    expected = {"met": set(), "unmet": set(), "unknown": set()}
    for i, name in enumerate(rows):
        for j, criterion in enumerate(attainment.criteria):
            expected[attainment.state(code[name], criterion)].add((i, j))
    met, unmet, unknown = drawn_cells(ax)
    assert (met[2], unmet[2], unknown[2]) == tuple(expected.values())
    assert sum(len(cells) for _, _, cells in (met, unmet, unknown)) == 18 * 19
    assert (met[0], unmet[0]) == ("", "")
    assert "/" in unknown[0]
    assert unknown[1] == "#ffffff"


def test_states_differ_in_grey():
    def lightness(colour):
        return np.dot(mpl.colors.to_rgb(colour), (0.299, 0.587, 0.114))

    dark, light, white = (
        lightness(colour) for _, colour, _ in drawn_cells(draw("heat_map"))
    )
    assert dark < 0.35 < 0.65 < light < 0.85 < white


@each_language
def test_heat_map_is_sorted_and_has_margins(language):
    ax = draw("heat_map", language=language)
    table = PLANNED.averages.communes
    low = dict(zip(table["name"], table["low"]))
    high = dict(zip(table["name"], table["high"]))
    rows = names(ax)
    assert [low[name] for name in rows] == sorted(low.values(), reverse=True)
    columns = PLANNED.averages.by_criterion
    assert written(ax)[:18] == [between(low[name], high[name]) for name in rows]
    assert written(ax)[19:38] == list(map(between, columns["low"], columns["high"]))


def test_heat_map_names_criteria_and_communes():
    english, vietnamese = (draw("heat_map", language=language) for language in LANGUAGES)
    assert names(english, "x") == [str(i) for i in range(1, 20)]
    assert names(english, "x", minor=True)[1] == "Transport"
    assert names(vietnamese, "x", minor=True)[1] == "Giao thông"
    assert names(vietnamese, "x", minor=True)[12].startswith(
        "Tổ chức sản xuất và phát triển"
    )
    assert "Hoàng Văn Thụ" in names(english)
    assert legend(english) == ["Met", "Not met", "Unknown"]
    assert legend(vietnamese) == ["Đạt", "Chưa đạt", "Chưa rõ"]


@each_language
def test_averages_are_bars_from_low_to_high(language):
    ax = draw("averages", language=language)
    table = PLANNED.averages.communes
    bounds = {
        name: (low, high)
        for name, low, high in zip(*map(table.get, ("name", "low", "high")))
    }
    rows = by_row(ax)
    for row, name in enumerate(names(ax)):
        low, high = bounds[name]
        (_, plain, start, middle), (_, hatch, again, end) = rows[row]
        assert (start, middle, again, end) == (0, low, low, high)
        assert (plain, "/" in hatch) == ("", True)
    assert written(ax) == [between(*bounds[name]) for name in names(ax)]
    assert len(rows) == 18


def test_averages_show_the_mean_and_its_bounds():
    ax = draw("averages")
    (line,) = ax.lines
    assert list(line.get_xdata()) == [PLANNED.averages.mean] * 2
    (band,) = (patch for patch in ax.patches if not is_bar(patch))
    shape = band.get_path().transformed(band.get_patch_transform()).get_extents()
    averages = PLANNED.averages
    assert (shape.x0, shape.x1) == pytest.approx((averages.mean_low, averages.mean_high))
    assert "13.89" in ax.get_xlabel()
    assert not plot.averages(NOW.averages).lines


@each_language
def test_gaps_are_sorted_bars(language):
    ax = draw("gaps", language=language)
    found = PLANNED.gaps.by_criterion
    short = dict(zip(found["criterion"], zip(found["short_low"], found["short_high"])))
    order = [name.split(" ", 1)[0] for name in names(ax)]
    assert sorted(order) == sorted(short)
    assert [short[code] for code in order] == sorted(short.values(), reverse=True)
    assert written(ax) == [between(*short[code]) for code in order]
    for row, code in enumerate(order):
        bars = by_row(ax)[row]
        assert bars[-1][3] == short[code][1]
        sure = [end - start for _, hatch, start, end in bars if not hatch]
        assert sum(sure) == short[code][0]
    names_of = labels_in(language)
    assert names(ax)[0] == f"2 {names_of('criterion', '2')}"
    assert ax.get_xlim() == (0, 18)
    assert "18" in ax.get_xlabel()


@each_language
def test_resources_are_stacks_that_add_up(language):
    ax = draw("resources", language=language, unit="million VND")
    labels = labels_in(language)
    amounts = {
        labels("content", content): [a for a in row if a]
        for content, row in zip(MONEY.contents, MONEY.amounts)
    }
    rows = by_row(ax)
    for row, name in enumerate(names(ax)):
        parts = [end - start for _, _, start, end in rows[row]]
        assert parts == pytest.approx(amounts[name])
    totals = dict(
        zip(map(labels, ["content"] * 9, MONEY.contents), MONEY.by_content["amount"])
    )
    drawn = [totals[name] for name in names(ax)]
    assert drawn == sorted(totals.values(), reverse=True)
    assert written(ax)[0] == "83,544.18"
    total = {"en": "Total", "vi": "Tổng"}[language]
    assert ax.get_xlabel().endswith(f"(million VND). {total}: 174,101.15")
    assert legend(ax) == [
        f"{labels('fund', id)}: {amount}"
        for id, amount in zip(MONEY.sources, ("6,560", "15,426", "147,382", "4,733.15"))
    ]
    looks = {look[:2] for bars in rows.values() for look in bars}
    assert len(looks) == 4


def test_small_amounts_are_drawn_again_in_their_rows():
    ax = draw("resources")
    (inset,) = ax.child_axes
    rows, again = by_row(ax), by_row(inset)
    assert sorted(again) == [3, 4, 5, 6, 7, 8]
    ax.figure.canvas.draw()
    for row, bars in again.items():
        assert ax.texts[row].get_window_extent().x1 < inset.bbox.x0
        assert [bar[:2] for bar in bars] == [bar[:2] for bar in rows[row]]
        assert [bar[3] for bar in bars] == pytest.approx([bar[3] for bar in rows[row]])
        wide = inset.transData.transform((bars[-1][3], 0)) - inset.transData.transform(
            (0, 0)
        )
        thin = ax.transData.transform((bars[-1][3], 0)) - ax.transData.transform((0, 0))
        assert wide[0] > 5 * thin[0]
    assert inset.get_xlim()[1] < 0.1 * ax.get_xlim()[1]
    assert not plot.resources(PLANNED.resources["environment"]).child_axes


def test_labels_stand_for_themselves_where_none_are_given():
    ax = plot.resources(MONEY)
    assert names(ax)[0] == "01"
    assert legend(ax)[0].startswith("central: ")
    assert names(plot.gaps(PLANNED.gaps))[0] == "2 Transport"


def texts_of(ax):
    """Every text that is drawn; tick labels outside the limits are not."""
    low, high = ax.get_xlim()
    ticks = zip(ax.get_xticks(), ax.get_xticklabels())
    texts = [
        *(text for place, text in ticks if low <= place <= high),
        *ax.get_xticklabels(minor=True),
        *ax.get_yticklabels(),
        *ax.texts,
        *(ax.get_legend().get_texts() if ax.get_legend() else ()),
        *(ax.xaxis.label, ax._left_title, ax._right_title),
        *(text for inset in ax.child_axes for text in texts_of(inset)),
    ]
    return [text for text in texts if text.get_text().strip()]


@each_picture
@each_language
def test_no_text_is_cut_or_overlaps_another(name, language):
    ax = draw(name, language=language, source=f"{STUDY.citation} {STUDY.citation}")
    ax.figure.canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts_of(ax)]
    assert len(boxes) > 20
    page = ax.figure.bbox
    for text, box in boxes:
        assert page.x0 - 1 <= box.x0 < box.x1 <= page.x1 + 1, text
        assert page.y0 - 1 <= box.y0 < box.y1 <= page.y1 + 1, text
    for (one, box), (other, next_box) in combinations(boxes, 2):
        assert not box.padded(-1).overlaps(next_box.padded(-1)), (one, other)


@each_picture
def test_the_given_axes_are_used(name):
    _, (left, right) = pyplot.subplots(1, 2)
    assert draw(name, right) is right
    assert pyplot.get_fignums() == [1]
    assert not left.has_data()


@each_picture
def test_a_new_figure_where_none_are_given(name):
    ax = draw(name)
    assert pyplot.get_fignums() == [ax.figure.number]


@each_picture
@each_language
def test_results_draw_themselves(name, language):
    result = RESULTS[name]
    argument = PLANNED.attainment if result is PLANNED else result
    source = {"source": result.study.short_citation} if result is PLANNED else {}
    expected = getattr(plot, name)(argument, language=language, **source)
    _, ax = pyplot.subplots()
    assert result.plot(ax, language=language) is ax
    for read in (names, legend, written):
        assert read(ax) == read(expected)
    assert ax.get_title(loc="left") == expected.get_title(loc="left")


@each_picture
def test_titles_and_sources(name):
    assert draw(name).get_title(loc="left")
    assert not any("Source" in text for text in written(draw(name)))
    ax = draw(name, title="Another", source="A paper (2024)")
    assert ax.get_title(loc="left") == "Another"
    assert written(ax)[-1] == "Source: A paper (2024)"
    vietnamese = draw(name, language="vi", source="A paper (2024)")
    assert written(vietnamese)[-1] == "Nguồn: A paper (2024)"
    assert vietnamese.get_title(loc="left") != draw(name).get_title(loc="left")


@each_picture
def test_drawing_changes_nothing_else(name):
    before = PLANNED.to_json()
    states = PLANNED.attainment.states()
    draw(name)
    assert dict(mpl.rcParams) == SETTINGS
    assert PLANNED.to_json() == before
    assert np.array_equal(PLANNED.attainment.states(), states)


def test_many_communes_have_no_names():
    cells = np.arange(200 * 3).reshape(200, 3) % 2
    attainment = nrd.Attainment.from_wide(cells.astype(object))
    ax = plot.heat_map(attainment)
    assert names(ax) == []
    assert names(ax, "x") == ["1", "2", "3"]
    assert sum(len(cells) for _, _, cells in drawn_cells(ax)) == 600
    assert len(by_row(nrd.criteria_averages(attainment).plot())) == 200


@each_picture
def test_another_language_is_refused_before_a_figure_is_made(name):
    with pytest.raises(nrd.NrdValueError, match="'fr'"):
        draw(name, language="fr")
    assert pyplot.get_fignums() == []


def test_nothing_to_draw_is_a_clear_error():
    with pytest.raises(nrd.NrdValueError, match="no communes"):
        nrd.reproduce("dien-bien-2025").plot()
    with pytest.raises(nrd.NrdValueError, match="no communes"):
        nrd.reproduce("son-la-2024").averages.plot()
    rows = {"content": ["a", "b"], "source": ["s", "s"], "amount": ["1", "-2"]}
    with pytest.raises(nrd.NrdValueError, match="negative"):
        nrd.reconcile(rows).plot()
    with pytest.raises(nrd.NrdValueError, match="no amounts"):
        nrd.reconcile({name: [] for name in rows}).plot()
    assert pyplot.get_fignums() == []


@each_picture
def test_without_matplotlib_the_error_says_what_to_install(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(nrd.NrdError, match=re.escape("pip install nrd[plot]")):
        draw(name)


def test_matplotlib_is_not_imported_before_something_is_drawn():
    code = (
        "import sys, nrd, nrd.plot, nrd.cli\n"
        "nrd.reproduce('binh-gia-2024').summary()\n"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
