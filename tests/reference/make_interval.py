"""Make the reference files of the intervals.

Bounds are mpmath's at 50 digits, and this script fails where SciPy or statsmodels does not
agree with them; intervals for finite populations are counted out with fractions. The files
are the same bits at every run::

    python3 make_interval.py [directory]
"""

import sys
from fractions import Fraction
from math import comb, isclose
from pathlib import Path

import scipy
import statsmodels
from make_dist import DIGITS, beta_point, normal_point, t_point
from make_reference import lines_of
from mpmath import mpf, sqrt, workdps
from scipy.stats import binomtest, t
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

LEVELS = [0.5, 0.9, 0.95, 0.999]
SOURCE = f"mpmath at 50 digits, as SciPy {scipy.__version__} and statsmodels "
SOURCE += f"{statsmodels.__version__} to their precision; tests/reference/make_interval.py"

SHARES = [(0, 1), (1, 1), (0, 19), (1, 19), (7, 19), (10, 18), (18, 19), (19, 19)]
SHARES += [(14, 18), (368, 8000), (1, 11162), (9161, 9161), (2385, 9000), (500000, 1000000)]
MEANS = [(2.385, 0.368, 2), (-17.25, 4.5, 3), (0.0, 1e-12, 7), (373315.0, 0.0, 19)]
MEANS += [(14.368, 2.385, 66), (1e-3, 1e6, 11162), (61.5, 3.25, 1000000)]
PAIRS = [
    (7, 19, 14, 18),
    (0, 19, 0, 18),
    (0, 19, 18, 18),
    (19, 19, 0, 18),
    (18, 18, 19, 19),
]
PAIRS += [(368, 8000, 385, 9000), (1, 1, 0, 1), (10, 18, 10, 18), (2385, 9000, 7, 19)]


def agree(ours, theirs):
    """Fail where a bound is not the one of another package."""
    if not isclose(ours, theirs, rel_tol=1e-11, abs_tol=1e-14):
        raise SystemExit(f"{float(ours)!r} is not {float(theirs)!r}")


def tail_of(level):
    """Half of what the level, a double, leaves."""
    return (1 - mpf(level)) / 2


def wilson(met, known, level):
    """Both roots of Wilson's equation."""
    z2 = normal_point(1, tail_of(level)) ** 2
    root = sqrt(z2 * z2 + 4 * z2 * mpf(met) * (known - met) / known)
    low, high = ((2 * met + z2 + k * root) / (2 * (known + z2)) for k in (-1, 1))
    interval = binomtest(met, known).proportion_ci(level, "wilson")
    agree(low, interval.low)
    agree(high, interval.high)
    return (low if met else mpf(0)), (high if met < known else mpf(1))


def clopper_pearson(met, known, level):
    """Beta quantiles; the ends of the range where a shape would be 0."""
    tail = tail_of(level)
    low = beta_point(0, tail, met, known - met + 1) if met else mpf(0)
    high = beta_point(1, tail, met + 1, known - met) if met < known else mpf(1)
    interval = proportion_confint(met, known, 1 - level, "beta")
    agree(low, interval[0])
    agree(high, interval[1])
    return low, high


def jeffreys(met, known, level):
    """Beta quantiles; the ends of the range where nothing or everything meets it."""
    tail = tail_of(level)
    low = beta_point(0, tail, mpf(met) + 0.5, mpf(known - met) + 0.5)
    high = beta_point(1, tail, mpf(met) + 0.5, mpf(known - met) + 0.5)
    interval = proportion_confint(met, known, 1 - level, "jeffreys")
    agree(low, interval[0])
    agree(high, interval[1])
    return (low if met else mpf(0)), (high if met < known else mpf(1))


def mean(value, variance, count, level):
    """Student's interval."""
    half = t_point(1, tail_of(level), count - 1) * sqrt(mpf(variance) / count)
    if variance > 0:
        scale = (variance / count) ** 0.5
        interval = t.interval(level, count - 1, loc=value, scale=scale)
        agree(value - half, interval[0])
        agree(value + half, interval[1])
    return value - half, value + half


def difference(met_a, known_a, met_b, known_b, level):
    """Newcombe's method 10."""
    a, b = mpf(met_a) / known_a, mpf(met_b) / known_b
    low_a, high_a = wilson(met_a, known_a, level)
    low_b, high_b = wilson(met_b, known_b, level)
    low = a - b - sqrt((a - low_a) ** 2 + (high_b - b) ** 2)
    high = a - b + sqrt((high_a - a) ** 2 + (b - low_b) ** 2)
    interval = confint_proportions_2indep(
        met_a, known_a, met_b, known_b, "newcomb", "diff", 1 - level
    )
    agree(low, interval[0])
    agree(high, interval[1])
    return low, high


def bounds_file(method, names, rows):
    """Bounds of all rows at every level."""
    cases = []
    for level in LEVELS:
        with workdps(DIGITS):
            bounds = [method(*row, level) for row in rows]
            cases.append(
                {
                    "level": [level],
                    **{name: list(x) for name, x in zip(names, zip(*rows))},
                    "low": [float(low) for low, _ in bounds],
                    "high": [float(high) for _, high in bounds],
                }
            )
    return {"source": SOURCE, "cases": cases}


def chances(met, known, population, number):
    """Chances of at most and of at least as many as met, by counting samples."""
    ways = [
        comb(number, k) * comb(population - number, known - k) for k in range(known + 1)
    ]
    all_ways = comb(population, known)
    return Fraction(sum(ways[: met + 1]), all_ways), Fraction(sum(ways[met:]), all_ways)


def finite(met, known, population, tail):
    """Every number of units is tried."""
    kept = [
        number
        for number in range(met, population - known + met + 1)
        if min(chances(met, known, population, number)) > tail
    ]
    return kept[0], kept[-1]


def finite_file():
    """Intervals of all samples of small populations, and of some of larger ones."""
    sizes = [
        (known, population) for population in range(8) for known in range(population + 1)
    ]
    rows = [
        (met, known, population) for known, population in sizes for met in range(known + 1)
    ]
    rows += [(met, 1, population) for population in (10, 20, 40) for met in (0, 1)]
    rows += [(7, 19, 66), (0, 19, 66), (19, 19, 66), (33, 65, 66), (10, 18, 500)]
    rows += [(1, 200, 500), (250, 499, 500)]
    cases = []
    for level in ("0.5", "0.8", "0.9", "0.95", "0.99"):
        bounds = [finite(*row, (1 - Fraction(level)) / 2) for row in rows]
        cases.append(
            {
                "level": [float(level)],
                "met": [row[0] for row in rows],
                "known": [row[1] for row in rows],
                "population": [row[2] for row in rows],
                "low": [low for low, _ in bounds],
                "high": [high for _, high in bounds],
            }
        )
    source = "samples counted, levels as decimals; tests/reference/make_interval.py"
    return {"source": source, "cases": cases}


def main(directory):
    """Write every reference file into a directory."""
    shares, pairs = ("met", "known"), ("met_a", "known_a", "met_b", "known_b")
    files = {
        "interval_mean": bounds_file(mean, ("mean", "variance", "count"), MEANS),
        "interval_wilson": bounds_file(wilson, shares, SHARES),
        "interval_clopper_pearson": bounds_file(clopper_pearson, shares, SHARES),
        "interval_jeffreys": bounds_file(jeffreys, shares, SHARES),
        "interval_difference": bounds_file(difference, pairs, PAIRS),
        "interval_finite": finite_file(),
    }
    for name, value in files.items():
        text = "".join(lines_of(value))
        (Path(directory) / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
