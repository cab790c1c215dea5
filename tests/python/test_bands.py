"""Bands alone: bounds of the mean against every way to fill them, and printed means."""

import shutil
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nrd
from nrd import Statement, band_averages
from nrd._progress_bands import band_rows

band = Statement.band
PROGRESS = nrd.load_dataset("nrd-progress")


@st.composite
def stated(draw):
    """Bands of up to 5 criteria that do not overlap, and a number of units or a range."""
    m = draw(st.integers(1, 5))
    cuts = sorted(draw(st.sets(st.integers(0, m + 1), min_size=2)))
    chosen = [pair for pair in pairwise(cuts) if draw(st.booleans())] or [tuple(cuts[:2])]
    counts = st.integers(0, 2)
    bands = [
        band(draw(counts | st.tuples(counts, counts).map(sorted).map(tuple)), a, b - 1)
        for a, b in chosen
    ]
    low, more = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    return m, bands, (low, low + more)


def fillings(m, bands, units):
    """Every list of numbers of criteria, one a unit, that the bands allow."""
    for n in range(units[0], units[1] + 1):
        for rows in combinations_with_replacement(range(m + 1), n):
            held = [sum(b.criteria[0] <= r <= b.criteria[1] for r in rows) for b in bands]
            if all(b.count[0] <= k <= b.count[1] for b, k in zip(bands, held)):
                yield rows


@given(stated())
def test_bounds_are_those_of_all_fillings(case):
    m, bands, units = case
    possible = list(fillings(m, bands, units))
    if not possible:
        with pytest.raises(nrd.NrdValueError, match="add up to"):
            band_averages(bands, units=units, criteria=m)
        return
    found = band_averages(bands, units=units, criteria=m)
    means = [Fraction(sum(rows), len(rows)) for rows in possible]
    assert (found.mean_low, found.mean_high) == (float(min(means)), float(max(means)))
    assert found.units == (min(map(len, possible)), max(map(len, possible)))
    columns = (found.classes[name] for name in ("least", "most", "low", "high"))
    for least, most, low, high in zip(*columns):
        held = [sum(least <= r <= most for r in rows) for rows in possible]
        assert (low, high) == (min(held), max(held))


def test_all_bands_stated_need_no_number_of_units():
    found = band_averages([band(33, 19), band(63, 15, 18), band(40, 0, 14)])
    assert found.units == (136, 136)
    assert found.mean_low == (33 * 19 + 63 * 15) / 136
    assert found.mean_high == (33 * 19 + 63 * 18 + 40 * 14) / 136


def test_units_without_an_end():
    found = band_averages([band(18, 19), band(0, 0, 4)])
    assert (found.mean_low, found.mean_high) == (5.0, 19.0)
    assert found.units == (18, None)
    assert found.classes["high"] == [18, None, 0]
    assert found.provenance.assumptions == ("The number of units has no upper end.",)
    assert "≥ 18" in found.summary()
    # The least mean is where the lowest band is full: 50 units, none above.
    turning = band_averages([band((0, 50), 0, 4), band(2, 19)])
    assert turning.mean_low == 2 * 19 / 52


@pytest.mark.parametrize(
    ("bands", "options", "error", "words"),
    [
        ([band(1, 15, 19), band(2, 10, 15)], {}, nrd.NrdValueError,
         "'2 units meet 10–15 criteria' and .* overlap at 15 criteria"),
        ([band(3, 10, 19), band(4, 0, 9)], {"units": 8}, nrd.NrdValueError,
         "the bands add up to 7 units, expected 8"),
        ([band(3, 10, 19)], {"units": 2}, nrd.NrdValueError,
         "the bands add up to 3 or more units, expected 2"),
        ([band((3, 5), 0, 19)], {"units": (6, 9)}, nrd.NrdValueError,
         "the bands add up to 3 to 5 units, expected 6 to 9"),
        ([band(0, 0, 19)], {}, nrd.NrdValueError, "add up to 0 units, expected one or"),
        ([band(3, 10, 20)], {}, nrd.NrdValueError, "band 0, .* goes beyond the 19"),
        ([], {}, nrd.NrdValueError, "there are no bands"),
        ([Statement.each(5)], {}, nrd.NrdTypeError, "band 0 is 'each unit meets 5"),
        ([band(1, 19, units=["A"])], {}, nrd.NrdTypeError, "expected nrd.Statement.band"),
        ([band(1, 19)], {"units": 1.5}, nrd.NrdTypeError, "units is 1.5"),
        ([band(1, 19)], {"criteria": 0}, nrd.NrdTypeError, "criteria is 0"),
    ],
)  # fmt: skip
def test_bad_bands_are_one_sentence(bands, options, error, words):
    with pytest.raises(error, match=words):
        band_averages(bands, **options)


def test_printed_means_lie_within_their_bands():
    rows = band_rows(PROGRESS)
    assert (len(rows), sum(row.printed is not None for row in rows)) == (83, 27)
    assert [row.problem for row in rows if row.problem] == []
    assert [row.as_of for row in rows if row.fits is False] == []
    assert sum(row.fits is True for row in rows) == 27


def test_the_bands_that_say_most():
    [row] = [r for r in band_rows(PROGRESS, "24") if r.printed is not None]
    assert (row.as_of, row.printed) == ("2014", "10.2")
    assert row.averages.mean_low == (19 + 25 * 15 + 88 * 10 + 85 * 5) / 202
    assert row.averages.mean_high == (19 + 25 * 18 + 88 * 14 + 85 * 9 + 3 * 4) / 202


def test_a_share_that_was_cut_finds_its_communes():
    # 158 of 229 are 68.996 percent, printed as 68.99.
    [row] = [r for r in band_rows(PROGRESS, "42") if r.as_of == "2018-12"]
    assert row.averages.units == (229, 229)


def test_a_printed_mean_outside_is_found(tmp_path):
    rows = [r for r in band_rows(PROGRESS, "24") if r.printed is not None]
    folder = tmp_path / "nrd-progress"
    shutil.copytree(Path(nrd.__file__).parent / "datasets" / "nrd-progress", folder)
    file = folder / "progress.csv"
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    at = rows[0].row + 1
    assert ",10.2," in lines[at]
    wrong = lines[at].replace(",10.2,", ",12.4,")
    file.write_text("".join([*lines[:at], wrong, *lines[at + 1 :]]), encoding="utf-8")
    spoilt = nrd.load_dataset(folder)
    [row] = [r for r in band_rows(spoilt, "24") if r.printed is not None]
    assert row.fits is False
    more = lines[at].replace(",85,3,", ",86,3,")
    assert more != lines[at]
    file.write_text("".join([*lines[:at], more, *lines[at + 1 :]]), encoding="utf-8")
    [row] = [r for r in band_rows(nrd.load_dataset(folder), "24") if r.printed is not None]
    assert row.problem == "band_averages: the bands add up to 203 units, expected 202"
