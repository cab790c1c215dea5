"""Means, deviations, variances by group and regressions, as certified by NIST."""

import random
import subprocess
import sys

import pytest
from nist import (
    ANOVA,
    FOLDER,
    LINEAR,
    UNIVARIATE,
    anova,
    computed_anova,
    computed_linear,
    computed_univariate,
    digits,
    least_linear,
    linear,
    printed_decimals,
    univariate,
)

import nrd

# All that a value certified to 15 digits can tell, but for its own rounding.
ALL = 14.0
# Doubles hold other numbers than those printed; the exact statistics of the doubles have
# so many digits in common with the certified ones.
OF_DOUBLES = {
    "Mavro": 13.1, "Michelso": 13.4, "NumAcc3": 9.4, "NumAcc4": 8.2,
    "SmLs04": 9.9, "SmLs05": 9.9, "SmLs06": 9.9,
    "SmLs07": 2.0, "SmLs08": 2.0, "SmLs09": 2.0,
    "AtmWtAg": 9.0, "SiRstv": 12.0,
    "Filip": 13.9, "Norris": 13.6, "Pontius": 13.4, "Wampler2": 13.1,
}  # fmt: skip


def least_digits(found, certified):
    return min(digits(value, getattr(certified, name)) for name, value in found.items())


@pytest.mark.parametrize("name", UNIVARIATE)
def test_univariate_sets_have_every_digit(name):
    data = univariate(name)
    assert (
        least_digits(computed_univariate(data, printed_decimals(data.values)), data) >= ALL
    )


@pytest.mark.parametrize("name", ANOVA)
def test_anova_sets_have_every_digit(name):
    data = anova(name)
    found = computed_anova(data, "auto")
    assert found == computed_anova(data, printed_decimals(data.values))
    assert least_digits(found, data) >= ALL


@pytest.mark.parametrize("name", UNIVARIATE)
def test_univariate_sets_as_doubles(name):
    data = univariate(name)
    found = least_digits(computed_univariate(data, None), data)
    assert found >= OF_DOUBLES.get(name, ALL)


@pytest.mark.parametrize("name", ANOVA)
def test_anova_sets_as_doubles(name):
    data = anova(name)
    assert least_digits(computed_anova(data, None), data) >= OF_DOUBLES.get(name, ALL)


def decimals_of(data):
    return {name: printed_decimals(values) for name, values in data.columns.items()}


@pytest.mark.parametrize("name", LINEAR)
def test_linear_sets_have_every_digit(name):
    data = linear(name)
    found = computed_linear(data, "auto")
    assert min(least_linear(found, data).values()) >= ALL
    assert found == computed_linear(data, decimals_of(data))


@pytest.mark.parametrize("name", LINEAR)
def test_linear_sets_merged_from_parts_have_the_same_bits(name):
    data = linear(name)
    whole = computed_linear(data, decimals_of(data))
    rng = random.Random(7)
    rows = list(range(len(data.columns["y"])))
    for _ in range(3):
        rng.shuffle(rows)
        cuts = sorted(rng.choices(range(len(rows) + 1), k=6))
        parts = [rows[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)])]
        assert len(parts) == 7
        assert computed_linear(data, decimals_of(data), parts) == whole


@pytest.mark.parametrize("name", LINEAR)
def test_linear_sets_as_doubles(name):
    data = linear(name)
    found = least_linear(computed_linear(data, None), data)
    if name == "Wampler2":
        # The doubles lie on no polynomial: F is large, not infinite.
        del found["f"]
    assert min(found.values()) >= OF_DOUBLES.get(name, ALL)


@pytest.mark.parametrize("name", UNIVARIATE)
def test_decimals_of_the_sets_are_found(name):
    data = univariate(name)
    found = nrd.mean([float(value) for value in data.values], decimal="auto")
    (places,) = found.provenance.options["decimals"]
    assert places == printed_decimals([value.rstrip("0") for value in data.values])
    assert digits(float(found), data.mean) >= ALL


def test_the_table_in_the_readme_is_as_computed():
    script = FOLDER.parent / "nist_table.py"
    made = subprocess.run(
        [sys.executable, script, "--nrd"], capture_output=True, text=True, check=True
    ).stdout
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [row for row in made.splitlines() if row.startswith("| `")]
    assert len(rows) == len(UNIVARIATE) + len(ANOVA) + len(LINEAR)
    for row in rows:
        assert row.rstrip("| ") in readme, row
