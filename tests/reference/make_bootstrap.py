"""Bootstrap distributions of small samples: every resample there is, with its probability.

Statistics are Fractions; where there is a root it is taken with 60 digits.
"""

from collections import Counter
from decimal import Decimal, getcontext
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product
from math import factorial, floor, prod

getcontext().prec = 60


def mean(values):
    """Return the mean of Fractions."""
    return sum(values) / len(values)


def over_root(above, below):
    """Return above / sqrt(below) as the nearest double, None where that is undefined."""
    if below == 0:
        return None
    if above * above == below:
        return 1.0 if above > 0 else -1.0
    root = (Decimal(below.numerator) / Decimal(below.denominator)).sqrt()
    return float(Decimal(above.numerator) / Decimal(above.denominator) / root)


def products(x, y):
    """Return the sum of products of deviations from the means."""
    a, b = mean(x), mean(y)
    return sum((p - a) * (q - b) for p, q in zip(x, y))


def pearson(x, y):
    """Return Pearson's r."""
    return over_root(products(x, y), products(x, x) * products(y, y))


def slope(x, y):
    """Return the least squares slope of y on x."""
    below = products(x, x)
    return float(products(x, y) / below) if below else None


def ranks(x):
    """Return average ranks."""
    return [
        Fraction(sum(b < a for b in x)) + Fraction(1 + sum(b == a for b in x), 2) for a in x
    ]


def kendall(x, y):
    """Return tau-b from all pairs."""
    score, first, second = 0, 0, 0
    for i in range(len(x)):
        for j in range(i):
            a, b = (x[i] > x[j]) - (x[i] < x[j]), (y[i] > y[j]) - (y[i] < y[j])
            score, first, second = score + a * b, first + abs(a), second + abs(b)
    return over_root(Fraction(score), Fraction(first * second))


def quantile(x, p):
    """Return the quantile of type 7, the position being exact."""
    x, h = sorted(x), (len(x) - 1) * p
    j = floor(h)
    return float(x[j] + (h - j) * (x[min(j + 1, len(x) - 1)] - x[j]))


def statistic_of(case, rows):
    """Return the statistic of rows, as a double or None."""
    columns = [[Fraction(column[i]) for i in rows] for column in case["columns"]]
    name = case["statistic"]
    if name == "mean":
        return float(mean(columns[0]))
    if name == "mean_difference":
        parts = [
            [v for v, i in zip(columns[0], rows) if case["sample"][i] == k] for k in (0, 1)
        ]
        return float(mean(parts[0]) - mean(parts[1])) if all(parts) else None
    if name == "quantile":
        return quantile(columns[0], Fraction(case["p"]))
    if name == "spearman":
        return pearson(*map(ranks, columns))
    return {"pearson": pearson, "slope": slope, "kendall": kendall}[name](*columns)


def units_of(case):
    """Rows of each unit, and units of each stratum."""
    before = case.get("unit_rows") or list(range(len(case["columns"][0]) + 1))
    units = [range(a, b) for a, b in pairwise(before)]
    strata = case.get("stratum_units") or [0, len(units)]
    return units, [range(a, b) for a, b in pairwise(strata)]


def distribution(case):
    """Return values and probabilities of all resamples; None last, where there is one."""
    units, strata = units_of(case)
    found = Counter()
    draws = [combinations_with_replacement(stratum, len(stratum)) for stratum in strata]
    for drawn in product(*map(list, draws)):
        ways = Fraction(1)
        for some in drawn:
            times = Counter(some).values()
            ways *= Fraction(factorial(len(some)), prod(map(factorial, times)))
            ways /= len(some) ** len(some)
        rows = [i for some in drawn for unit in some for i in units[unit]]
        found[statistic_of(case, rows)] += ways
    values = sorted(v for v in found if v is not None) + [None] * (None in found)
    return values, [float(found[v]) for v in values]


X = [0.1, 0.2, 0.3, 0.3, 2.385, 1e6]
Y = [7.0, 1.25, 19.0, 0.1, 7.0, -3.5]
CASES = [
    {"statistic": "mean", "columns": [X]},
    {"statistic": "mean", "columns": [[1e9 + k for k in (0.1, 0.2, 0.3, 0.4, 0.5)]]},
    {"statistic": "mean", "columns": [[2.5] * 4]},
    {"statistic": "quantile", "columns": [X], "p": 0.5},
    {"statistic": "quantile", "columns": [Y], "p": 0.25},
    {"statistic": "pearson", "columns": [X, Y]},
    {"statistic": "pearson", "columns": [[1, 2, 3, 4, 5], [0.3, 0.5, 0.7, 0.9, 1.1]]},
    {"statistic": "pearson", "columns": [[1e-100, 2e-100, 4e-100, 1e-9], Y[:4]]},
    {"statistic": "spearman", "columns": [X, Y]},
    {"statistic": "kendall", "columns": [X, Y]},
    {"statistic": "slope", "columns": [X, Y]},
    {"statistic": "slope", "columns": [Y[:5], X[:5]]},
    {"statistic": "mean_difference", "columns": [X], "sample": [0, 0, 0, 1, 1, 1]},
    {
        "statistic": "mean_difference",
        "columns": [Y],
        "sample": [0, 0, 1, 1, 1, 1],
        "stratum_units": [0, 2, 6],
    },
    {"statistic": "mean", "columns": [X], "stratum_units": [0, 3, 6]},
    {"statistic": "mean", "columns": [Y], "unit_rows": [0, 1, 3, 6]},
    {"statistic": "pearson", "columns": [X, Y], "unit_rows": [0, 2, 3, 5, 6]},
    {"statistic": "kendall", "columns": [X, Y], "unit_rows": [0, 2, 3, 5, 6]},
    {"statistic": "quantile", "columns": [X], "p": 0.5, "unit_rows": [0, 2, 3, 6]},
    {
        "statistic": "slope",
        "columns": [X, Y],
        "unit_rows": [0, 1, 2, 4, 5, 6],
        "stratum_units": [0, 2, 5],
    },
]


def bootstrap_enumeration():
    """All resamples of small designs, the data themselves, and each unit left out."""
    cases = []
    for given in CASES:
        case = {**given, "columns": [list(map(float, c)) for c in given["columns"]]}
        values, shares = distribution(case)
        units, _ = units_of(case)
        rows = range(len(case["columns"][0]))
        case |= {"values": values, "probabilities": shares}
        case["estimate"] = statistic_of(case, list(rows))
        case["jackknife"] = [
            statistic_of(case, [i for i in rows if i not in unit]) for unit in units
        ]
        cases.append(case)
    return {"source": "all resamples in Fractions", "cases": cases}
