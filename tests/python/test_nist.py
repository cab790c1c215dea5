"""The reader of the NIST sets: certified values computed once more, from the decimals."""

import math
from collections import defaultdict
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from nist import ANOVA, LINEAR, UNIVARIATE, anova, digits, linear, univariate

# Rounded at the fifteenth significant digit, a value keeps more than this.
CERTIFIED = 14.3


def root(square):
    """The square root of a fraction, to 40 digits."""
    with localcontext() as context:
        context.prec = 40
        return Fraction((Decimal(square.numerator) / Decimal(square.denominator)).sqrt())


def squares(values, mean):
    return sum((value - mean) ** 2 for value in values)


def test_all_sets_are_there():
    names = "Lew Lottery Mavro Michelso NumAcc1 NumAcc2 NumAcc3 NumAcc4 PiDigits"
    assert " ".join(UNIVARIATE) == names
    names = "AtmWtAg SiRstv " + " ".join(f"SmLs{i:02}" for i in range(1, 10))
    assert " ".join(ANOVA) == names
    names = "Filip Longley NoInt1 NoInt2 Norris Pontius " + " ".join(
        f"Wampler{i}" for i in range(1, 6)
    )
    assert " ".join(LINEAR) == names


def test_values_are_as_printed():
    lew, mavro, accuracy = map(univariate, ("Lew", "Mavro", "NumAcc4"))
    assert (len(lew.values), lew.values[0], lew.values[-1]) == (200, "-213", "96")
    assert lew[1:] == ("-177.435000000000", "277.332168044316", "-0.307304800605679")
    assert mavro.values[0] == "2.00180"
    assert mavro.sd == "0.000429123454003053"
    assert accuracy[1:] == ("10000000.2", "0.1", "-0.999")
    silicon, simon = anova("SiRstv"), anova("SmLs09")
    assert silicon.groups == [code for code in "12345" for _ in range(5)]
    assert (silicon.values[0], silicon.values[-1]) == ("196.3052", "196.2090")
    assert silicon.f == "1.18046237440255E+00"
    assert silicon.residual_sd == "1.04076068334656E-01"
    assert (len(simon.values), simon.values[0]) == (18009, "1000000000000.4")
    assert (simon.between_df, simon.within_df) == ("8", "18000")
    assert simon.r2 == "4.70712773465067E-01"
    longley, filip, exactly = map(linear, ("Longley", "Filip", "Wampler1"))
    assert list(longley.columns) == ["y", "x1", "x2", "x3", "x4", "x5", "x6"]
    assert longley.columns["x1"][:2] == ["83.0", "88.5"]
    assert (longley.coefficients[0], longley.errors[6]) == (
        "-3482258.63459582",
        "455.478499142212",
    )
    assert (len(filip.columns["y"]), filip.columns["x"][0]) == (82, "-6.860120914")
    assert (len(filip.coefficients), filip.f) == (11, "2162.43954511489")
    assert (exactly.f, exactly.residual_ss) == ("Infinity", "0.000000000000000")


@pytest.mark.parametrize("name", UNIVARIATE)
def test_univariate_values_are_certified(name):
    data = univariate(name)
    y = [Fraction(value) for value in data.values]
    mean = sum(y) / len(y)
    around = squares(y, mean)
    lagged = sum((a - mean) * (b - mean) for a, b in pairwise(y))
    assert digits(mean, data.mean) > CERTIFIED
    assert digits(root(around / (len(y) - 1)), data.sd) > CERTIFIED
    assert digits(lagged / around, data.lag1) > CERTIFIED


@pytest.mark.parametrize("name", ANOVA)
def test_anova_values_are_certified(name):
    data = anova(name)
    groups = defaultdict(list)
    for code, value in zip(data.groups, data.values):
        groups[code].append(Fraction(value))
    n = len(data.values)
    grand = sum(map(sum, groups.values())) / n
    means = {code: sum(y) / len(y) for code, y in groups.items()}
    between = sum(len(y) * (means[code] - grand) ** 2 for code, y in groups.items())
    within = sum(squares(y, means[code]) for code, y in groups.items())
    between_df, within_df = len(groups) - 1, n - len(groups)
    assert (data.between_df, data.within_df) == (str(between_df), str(within_df))
    found = {
        "between_ss": between,
        "between_ms": between / between_df,
        "within_ss": within,
        "within_ms": within / within_df,
        "f": between / between_df / (within / within_df),
        "r2": between / (between + within),
        "residual_sd": root(within / within_df),
    }
    for key, value in found.items():
        assert digits(value, getattr(data, key)) > CERTIFIED, key


def test_digits_are_those_of_the_relative_error():
    assert digits(2.385, "2.385") == 15.0
    assert digits("2.38501", "2.385") == pytest.approx(math.log10(238500), rel=1e-15)
    assert digits(-7.19, "7.19") == 0.0
    assert digits(Fraction(1, 3), "0.333") == pytest.approx(math.log10(999), rel=1e-15)
    assert digits("1e-7", "0") == 7.0
    assert digits(0.0, "0.00") == 15.0
    assert digits(Decimal("1.00000000000000001"), "1") == 15.0
    assert digits(math.nan, "7.19") == digits(math.inf, "7.19") == digits("NaN", "1") == 0.0
