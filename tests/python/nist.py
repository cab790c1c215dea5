"""Statistical Reference Datasets of NIST, and digits in common with a certified value."""

import re
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent.parent / "reference" / "nist"
UNIVARIATE = tuple(sorted(file.stem for file in FOLDER.glob("univariate/*.dat")))
LINEAR = tuple(sorted(file.stem for file in FOLDER.glob("linear/*.dat")))
ANOVA = tuple(sorted(file.stem for file in FOLDER.glob("anova/*.dat")))
NUMBER = r"([-+]?\d+(?:\.\d+)?(?:E[-+]\d+)?)"
MOST_DIGITS = 15.0


class Univariate(NamedTuple):
    """Values and certified statistics, all as printed."""

    values: list[str]
    mean: str
    sd: str
    lag1: str


class Anova(NamedTuple):
    """Group codes, values and the certified table, all as printed."""

    groups: list[str]
    values: list[str]
    between_df: str
    between_ss: str
    between_ms: str
    f: str
    within_df: str
    within_ss: str
    within_ms: str
    r2: str
    residual_sd: str


class Linear(NamedTuple):
    """Columns (y first), what x is made of, and the certified values, all as printed."""

    columns: dict[str, list[str]]
    degree: int
    intercept: bool
    coefficients: list[str]
    errors: list[str]
    residual_sd: str
    r2: str
    f: str
    residual_ss: str


# Degrees of the polynomials in x; the others are linear in each column.
DEGREES = {"Filip": 10, "Pontius": 2, **{f"Wampler{i}": 5 for i in range(1, 6)}}


def lines_of(text, what):
    """Lines of a file, as its own header counts them."""
    first, last = re.search(rf"{what}\s*:?\s*\(?lines\s+(\d+)\s+to\s+(\d+)", text).groups()
    return text.splitlines()[int(first) - 1 : int(last)]


def univariate(name):
    """Read one set of univariate summary statistics."""
    text = (FOLDER / "univariate" / f"{name}.dat").read_text(encoding="ascii")
    certified = "\n".join(lines_of(text, "Certified Values"))
    labels = (r"ybar:", r"\bs:", r"r\(1\):")
    statistics = [re.search(rf"{label}\s+{NUMBER}", certified)[1] for label in labels]
    values = [line.strip() for line in lines_of(text, "Data")]
    assert len(values) == int(re.search(r"Number of Observations:\s+(\d+)", text)[1])
    return Univariate(values, *statistics)


def anova(name):
    """Read one set of one-way analysis of variance."""
    text = (FOLDER / "anova" / f"{name}.dat").read_text(encoding="ascii")
    # Not only the lines of certified values: in AtmWtAg they end a line too early.
    between = re.search(rf"Between \w+\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}", text)
    within = re.search(rf"Within \w+\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}", text)
    r2 = re.search(rf"Certified R-Squared\s+{NUMBER}", text)[1]
    residual_sd = re.search(rf"Standard Deviation\s+{NUMBER}", text)[1]
    groups, values = map(list, zip(*(line.split() for line in lines_of(text, "Data"))))
    assert len(values) == int(re.search(r"(\d+)\s+Observations", text)[1])
    return Anova(groups, values, *between.groups(), *within.groups(), r2, residual_sd)


def linear(name):
    """Read one set of linear least squares."""
    text = (FOLDER / "linear" / f"{name}.dat").read_text(encoding="ascii")
    data = [line.split() for line in lines_of(text, "Data") if line.strip()]
    assert len(data) == int(re.search(r"(\d+)\s+Observations", text)[1])
    head = re.search(r"^Data:\s+(y\s+x.*)$", text, re.MULTILINE)[1].split()
    columns = dict(zip(head, map(list, zip(*data)), strict=True))
    coefficients, errors = zip(*re.findall(rf"\bB\d+\s+{NUMBER}\s+{NUMBER}", text))
    return Linear(
        columns,
        DEGREES.get(name, 1),
        not name.startswith("NoInt"),
        list(coefficients),
        list(errors),
        re.search(rf"Standard Deviation\s+{NUMBER}", text)[1],
        re.search(rf"R-Squared\s+{NUMBER}", text)[1],
        re.search(r"Regression\s+\d+\s+\S+\s+\S+\s+(\S+)", text)[1],
        re.search(rf"Residual\s+\d+\s+{NUMBER}", text)[1],
    )


def computed_univariate(data, decimal):
    """What nrd finds for a set: mean, standard deviation, autocorrelation at lag 1."""
    import nrd

    x = [float(value) for value in data.values]
    state = nrd.Moments("x", decimal=decimal)
    state.update({"x": x})
    mean, sd = (state.finalize().columns[name][0] for name in ("mean", "sd"))
    pairs = {"x": x[:-1], "y": x[1:]}
    lagged = nrd.covariance(pairs, ddof=0, decimal=decimal).covariance[0, 0, 1]
    # Each column of pairs lacks one value, by which its mean is off the mean of all.
    first, last = ((mean - value) / (len(x) - 1) for value in (x[0], x[-1]))
    variance = state.covariance().covariance[0, 0, 0]
    return {"mean": mean, "sd": sd, "lag1": (lagged + first * last) / variance}


def computed_anova(data, decimal):
    """What nrd finds for a set, by the names of the certified values."""
    import nrd

    table = {"group": data.groups, "y": [float(value) for value in data.values]}
    found = nrd.anova(table, "y", by="group", decimal=decimal)
    return {
        "between_ss": found.between,
        "between_ms": found.mean_between,
        "within_ss": found.within,
        "within_ms": found.mean_within,
        "f": found.f,
        "r2": found.r_squared,
        "residual_sd": found.residual_sd,
    }


def computed_linear(data, decimal, parts=None):
    """What nrd finds for a set, from the whole table or merged from parts of its rows."""
    import nrd

    y, *x = data.columns
    terms = [nrd.poly(x[0], data.degree)] if data.degree > 1 else x
    table = {name: list(map(float, values)) for name, values in data.columns.items()}
    if parts is None:
        fit = nrd.regress(table, y, terms, intercept=data.intercept, decimal=decimal)
    else:
        options = {"intercept": data.intercept, "decimal": decimal}
        states = [nrd.Regression(y, terms, **options) for _ in parts]
        for state, rows in zip(states, parts):
            state.update({name: [v[i] for i in rows] for name, v in table.items()})
        for state in states[1:]:
            states[0].merge(state)
        fit = states[0].finalize()
    return {
        "coefficients": fit.estimate[0].tolist(),
        "errors": fit.se[0].tolist(),
        "residual_sd": float(fit.sigma[0]),
        "r2": float(fit.r_squared[0]),
        "f": float(fit.f[0]),
        "residual_ss": float(fit.rss[0]),
    }


def least_linear(found, data):
    """The fewest digits in common of each kind of result; an infinity is right or not."""
    out = {}
    for name, value in found.items():
        certified = getattr(data, name)
        if name == "f" and certified == "Infinity":
            out[name] = MOST_DIGITS if value == float("inf") else 0.0
        elif isinstance(value, list):
            out[name] = min(map(digits, value, certified))
        else:
            out[name] = digits(value, certified)
    return out


def printed_decimals(values):
    """Decimals of the values as they are printed."""
    return max(len(value.partition(".")[2]) for value in values)


def digits(found, certified):
    """Significant digits in common: the log relative error, from 0 to 15.

    Both are numbers or texts, taken exactly. Where the certified value is 0, the error is
    absolute; a value that is not finite has no digit right.
    """
    if not Decimal(found if isinstance(found, str) else float(found)).is_finite():
        return 0.0
    error = abs(Fraction(found) - Fraction(certified))
    if error == 0:
        return MOST_DIGITS
    relative = error / (abs(Fraction(certified)) or 1)
    with localcontext() as context:
        context.prec = 40
        size = (Decimal(relative.numerator) / Decimal(relative.denominator)).log10()
    return min(max(float(-size), 0.0), MOST_DIGITS)
