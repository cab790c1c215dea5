"""Make the reference files of the distribution functions, with mpmath at 50 digits.

A share is summed from the power series that converges fastest and its complement taken
with so many more digits that 50 are left; libnrd uses neither. The files are the same bits
at every run::

    python3 make_dist.py [directory]
"""

import math
import sys
from pathlib import Path

from make_reference import lines_of
from mpmath import erfc, exp, log, loggamma, mp, mpf, sqrt, workdps

DIGITS = 50
TAILS = [1e-300, 1e-200, 1e-100, 1e-30, 1e-12, 1e-5, 2.385e-3, 0.025, 0.1, 7 / 19, 0.49]
TAILS += [0.5 - 2.0**-40]
SOURCE = "mpmath at 50 digits; tests/reference/make_dist.py"


def summed(first, ratio):
    """Sum a series of positive terms from its first term and the ratios of the others."""
    term = total = first
    n = 0
    while True:
        step = ratio(n)
        term *= step
        total += term
        n += 1
        if step < 1 and term < mp.eps * total * (1 - step):
            return total


def beta_shares(a, b, part, rest):
    """Lower share, upper share and slope of a beta variable at part / (part + rest)."""
    x, y = part / (part + rest), rest / (part + rest)
    if x > y:
        lower, upper, slope = beta_shares(b, a, rest, part)
        return upper, lower, slope
    slope = exp(a * log(x) + b * log(y) - loggamma(a) - loggamma(b) + loggamma(a + b))
    lower = slope * summed(1 / a, lambda n: (a + b + n) / (a + 1 + n) * x)
    return lower, 1 - lower, slope


def t_shares(t, df):
    """The same of the absolute value of t."""
    lower, upper, slope = beta_shares(mpf(1) / 2, mpf(df) / 2, t * t, mpf(df))
    return lower, upper, 2 * slope


def f_shares(f, df1, df2):
    """The same of F."""
    return beta_shares(mpf(df1) / 2, mpf(df2) / 2, mpf(df1) * f, mpf(df2))


def chi2_shares(x, df):
    """The same of chi squared."""
    a, x = mpf(df) / 2, x / 2
    slope = exp(a * log(x) - x - loggamma(a))
    lower = slope * summed(1 / a, lambda n: x / (a + 1 + n))
    return lower, 1 - lower, slope


def normal_shares(z):
    """The same of the absolute value of a standard normal variable."""
    upper = erfc(z / sqrt(mpf(2)))
    return 1 - upper, upper, z * sqrt(2 / mp.pi) * exp(-z * z / 2)


def point_of(shares, side, share, start, shape=0):
    """Find the point with a share on one side, between ever closer points around it.

    Far above its shape a series has very many terms, so steps upward are short.
    """
    leap = 40 / sqrt(mpf(400 + shape))
    low, high, point = mpf(0), mp.inf, mpf(start)
    while True:
        found = shares(point)
        if found[side] > mp.eps:
            excess = log(found[side] / share) * (1 if side == 0 else -1)
            step = excess * found[side] / found[2]
            if abs(step) < mpf(10) ** (-DIGITS // 2):
                return point * exp(-step)
        else:
            step = excess = mpf(1 if side else -1)
        low, high = (low, point) if excess > 0 else (point, high)
        point *= exp(-max(step, -leap))
        if not low < point < high:
            point = sqrt(low * high)


def t_point(side, share, df):
    """Point of t; near the middle from the share between -t and t."""
    start = mpf(1)
    if 4 * share < 1:
        point = point_of(lambda t: t_shares(t, df), 1, 2 * share, start)
    else:
        point = point_of(lambda t: t_shares(t, df), 0, 1 - 2 * share, start)
    return point if side else -point


def t_both(t, df):
    """Share at or below t and above it."""
    far = t_shares(abs(t), df)[1] / 2
    return (1 - far, far) if t > 0 else (far, 1 - far)


def normal_point(side, share):
    """Point of a standard normal variable, likewise."""
    if 4 * share < 1:
        point = point_of(normal_shares, 1, 2 * share, mpf(1))
    else:
        point = point_of(normal_shares, 0, 1 - 2 * share, mpf(1))
    return point if side else -point


def normal_both(z):
    """Share at or below z and above it."""
    far = normal_shares(abs(z))[1] / 2
    return (1 - far, far) if z > 0 else (far, 1 - far)


def f_point(side, share, df1, df2):
    """Point of F."""
    return point_of(lambda f: f_shares(f, df1, df2), side, share, mpf(1), min(df1, df2))


def f_both(f, df1, df2):
    """Share at or below f and above it."""
    return f_shares(f, df1, df2)[:2]


def chi2_point(side, share, df):
    """Point of chi squared."""
    return point_of(lambda x: chi2_shares(x, df), side, share, mpf(df), df)


def chi2_both(x, df):
    """Share at or below x and above it."""
    return chi2_shares(x, df)[:2]


def beta_point(side, share, a, b):
    """Point of a beta variable."""
    a, b = mpf(a), mpf(b)
    odds = point_of(lambda w: beta_shares(a, b, w, mpf(1)), side, share, a / b, min(a, b))
    return odds / (1 + odds)


def beta_both(x, a, b):
    """Share at or below x and above it."""
    return beta_shares(mpf(a), mpf(b), x, 1 - x)[:2]


T_DF = [0.5, 1.0, 2.0, 3.0, 4.0, 7.5, 10.0, 30.0, 31.0, 50.0, 61.0, 100.0, 1e3, 1e4, 1e6]
F_DF = [(0.5, 0.5), (1.0, 1.0), (1.0, 61.0), (3.0, 7.5), (2.0, 1e3), (61.0, 10.0)]
F_DF += [(1e3, 1e3), (1e6, 3.0), (0.5, 1e6), (1e6, 1e6)]
CHI2_DF = [0.5, 1.0, 2.0, 3.0, 7.5, 19.0, 100.0, 1e3, 1e4, 1e6]
BETA = [(0.25, 0.25), (0.5, 12.5), (7.5, 12.5), (1.0, 19.0), (8.0, 12.0), (3.0, 1e5)]
BETA += [(368.5, 7632.5), (2e5, 0.5), (5e5, 5e5), (5e5, 2385.0)]

FAMILIES = {
    "normal": ((), [()], normal_point, normal_both),
    "t": (("df",), [(df,) for df in T_DF], t_point, t_both),
    "f": (("df1", "df2"), F_DF, f_point, f_both),
    "chi2": (("df",), [(df,) for df in CHI2_DF], chi2_point, chi2_both),
    "beta": (("a", "b"), BETA, beta_point, beta_both),
}


def rows_of(shapes, point_at, both_at):
    """Yield a share in one tail, its side, the point, and both shares at that double."""
    for side in (0, 1):
        for tail in TAILS:
            with workdps(DIGITS + 10 - int(math.log10(tail))):
                point = float(point_at(side, mpf(tail), *shapes))
                if 1e-300 < abs(point) < 1e300 and point != 1:
                    lower, upper = both_at(mpf(point), *shapes)
                    yield (*shapes, tail, side, point, float(lower), float(upper))


def family_file(name):
    """Points and shares of a continuous distribution."""
    names, parameters, point_at, both_at = FAMILIES[name]
    rows = [r for shapes in parameters for r in rows_of(shapes, point_at, both_at)]
    keys = (*names, "tail", "side", "point", "lower", "upper")
    return {"source": SOURCE, **{k: list(x) for k, x in zip(keys, zip(*rows))}}


BINOMIAL = [(7, 0.5), (19, 7 / 19), (100, 0.025), (1000, 0.9), (1000, 1e-5), (9000, 0.368)]
BINOMIAL += [(1000000, 0.5), (1000000, 2.385e-3), (1000000, 0.999999)]
HYPERGEOMETRIC = [(18, 14, 7), (18, 7, 14), (66, 33, 19), (10, 10, 4), (500, 3, 250)]
HYPERGEOMETRIC += [(11162, 8000, 368), (1000000, 500000, 500000), (1000000, 7, 200000)]
HYPERGEOMETRIC += [(1000000, 2385, 999000), (1000000, 900000, 1000)]
SHARES = [1e-200, 1e-12, 2.385e-3, 0.025, 7 / 19, 0.6, 0.975, 1 - 2.0**-40]


def log_choices(n, k):
    """Return the logarithm of a binomial coefficient."""
    return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)


def binomial(n, p):
    """Support, variance, mean, chance of k, and chance of k + 1 over that of k."""
    p = mpf(p)

    def chance(k):
        return exp(log_choices(n, k) + k * log(p) + (n - k) * log(1 - p))

    return 0, n, n * p * (1 - p), n * p, chance, lambda k: (n - k) * p / (k + 1) / (1 - p)


def hypergeometric(population, successes, n):
    """Return the same of the hypergeometric distribution."""
    failures = population - successes
    mean = mpf(n) * successes / population

    def chance(k):
        drawn = log_choices(successes, k) + log_choices(failures, n - k)
        return exp(drawn - log_choices(population, n))

    def ratio(k):
        return mpf((successes - k) * (n - k)) / ((k + 1) * (failures - n + k + 1))

    variance = mean * failures * (population - n) / population / (population - 1)
    return max(0, n - failures), min(n, successes), variance, mean, chance, ratio


def count_shares(k, first, last, mean, chance, ratio):
    """Share at or below k and above it; the one summed has shrinking terms."""
    if k == last:
        return mpf(1), mpf(0)
    at, end, step = (k, first, -1) if k < mean else (k + 1, last, 1)
    total = term = chance(at)
    while at != end and term > mp.eps * total:
        term = term * ratio(at) if step > 0 else term / ratio(at - 1)
        total += term
        at += step
    return (total, 1 - total) if step < 0 else (1 - total, total)


def smallest_count(enough, first, last, *chances):
    """Return the smallest count whose shares are enough."""
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if enough(*count_shares(middle, first, last, *chances)):
            high = middle
        else:
            low = middle + 1
    return low


def count_file(distribution, names, parameters):
    """Shares around counts, and counts at shares, of a discrete distribution."""
    cases = []
    for values in parameters:
        with workdps(DIGITS + 310):
            first, last, variance, *chances = distribution(*values)
            counts = {first, max(last - 1, first), last}
            for z in (-30, -8, -2.4, -0.9, 0, 0.1, 1.7, 5, 21):
                counts.add(int(min(max(chances[0] + z * sqrt(variance), first), last)))
            shares = {k: count_shares(k, first, last, *chances) for k in sorted(counts)}
            shares = {k: x for k, x in shares.items() if min(x) > 1e-300 or k == last}
            cases.append(
                {
                    **{name: [value] for name, value in zip(names, values)},
                    "k": list(shares),
                    "lower": [float(x[0]) for x in shares.values()],
                    "upper": [float(x[1]) for x in shares.values()],
                    "share": SHARES,
                    "quantile": [
                        smallest_count(lambda a, _: a >= x, first, last, *chances)  # noqa: B023
                        for x in map(mpf, SHARES)
                    ],
                    "isf": [
                        smallest_count(lambda _, b: b <= x, first, last, *chances)  # noqa: B023
                        for x in map(mpf, SHARES)
                    ],
                }
            )
    return {"source": SOURCE, "cases": cases}


FILES = {f"dist_{name}": (family_file, name) for name in FAMILIES}
FILES["dist_binomial"] = (count_file, binomial, ("n", "p"), BINOMIAL)
FILES["dist_hypergeometric"] = (
    count_file,
    hypergeometric,
    ("population", "successes", "n"),
    HYPERGEOMETRIC,
)


def main(directory):
    """Write every reference file into a directory."""
    for name, (make, *arguments) in FILES.items():
        text = "".join(lines_of(make(*arguments)))
        (Path(directory) / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
