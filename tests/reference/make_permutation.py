"""Make the reference files of permutation tests: all arrangements, in fractions.

Every permutation of rows that the design allows is gone through, and statistics are
compared as fractions of the doubles. SciPy's permutation_test has to agree where it has the
design. The file is the same bits at every run::

    python3 make_permutation.py [directory]
"""

import random
import sys
from fractions import Fraction
from itertools import combinations, groupby, pairwise, permutations, product
from math import sqrt
from pathlib import Path

import numpy as np
import scipy
from make_reference import lines_of
from scipy import stats

# Numbers of nrd_statistic and nrd_alternative.
MEAN, MEAN_DIFFERENCE, QUANTILE, PEARSON, SPEARMAN, KENDALL, SLOPE = range(1, 8)
ALTERNATIVES = ("two-sided", "greater", "less", "absolute")
SAMPLES = (MEAN_DIFFERENCE, QUANTILE)
# More than doubles of this size are rounded by, and less than they differ.
NEAR = Fraction(1, 10**12)


def ranks(values):
    return [Fraction(r) for r in stats.rankdata(values)]


def sign(value):
    return (value > 0) - (value < 0)


def quantile(values, p):
    """Type 7."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * Fraction(p)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def numerator(statistic, x, y, p):
    """A number that ascends with the statistic over the arrangements."""
    if statistic == QUANTILE:
        samples = [[v for s, v in zip(x, y) if s == k] for k in (1, 0)]
        return quantile(samples[0], p) - quantile(samples[1], p)
    if statistic == KENDALL:
        return sum(
            sign(a - b) * sign(c - d) for (a, c), (b, d) in combinations(zip(x, y), 2)
        )
    return sum(a * b for a, b in zip(x, y))


def value(statistic, x, y, p):
    """The statistic itself."""
    n = len(y)
    if statistic == MEAN:
        return float(sum(y) / n)
    if statistic == QUANTILE:
        return float(numerator(statistic, x, y, p))
    if statistic == KENDALL:
        pairs = [sum(a != b for a, b in combinations(v, 2)) for v in (x, y)]
        return numerator(statistic, x, y, p) / sqrt(pairs[0] * pairs[1])
    xy, xx, yy = (
        n * sum(a * b for a, b in zip(u, v)) - sum(u) * sum(v)
        for u, v in ((x, y), (x, x), (y, y))
    )
    if statistic in (PEARSON, SPEARMAN):
        return sqrt(xy * xy / (xx * yy)) * sign(xy)
    return float(xy / xx)


def arrangements(case):
    """Rows that the rows take their x from, or signs."""
    starts = case["unit_rows"] or list(range(case["n"] + 1))
    units = [tuple(range(a, b)) for a, b in pairwise(starts)]
    if case["statistic"] == MEAN:
        for signs in product((1, -1), repeat=len(units)):
            yield [s for s, unit in zip(signs, units) for _ in unit]
        return
    bounds = case["stratum_units"] or [0, len(units)]
    sets = []
    for a, b in pairwise(bounds):
        by_size = sorted(units[a:b], key=len)
        sets += [list(g) for _, g in groupby(by_size, key=len)]
    for chosen in product(*(permutations(s) for s in sets)):
        rows = [0] * case["n"]
        for units_to, units_from in zip(sets, chosen):
            for to, source in zip(units_to, units_from):
                for i, k in zip(to, source):
                    rows[i] = k
        yield rows


def scales(case, ys):
    """What numerators of columns are compared by: squares of their spreads."""
    if case["statistic"] == KENDALL:
        return [Fraction(sum(a != b for a, b in combinations(y, 2))) for y in ys]
    starts = case["unit_rows"] or list(range(case["n"] + 1))
    if case["statistic"] == MEAN:
        return [sum(sum(y[a:b]) ** 2 for a, b in pairwise(starts)) for y in ys]
    assert not case["unit_rows"]
    bounds = case["stratum_units"] or [0, case["n"]]
    parts = [range(a, b) for a, b in pairwise(bounds)]
    return [
        sum(
            sum(y[i] ** 2 for i in part) - sum(y[i] for i in part) ** 2 / len(part)
            for part in parts
        )
        for y in ys
    ]


def is_extreme(t, data, middle, alternative):
    """On the side of the data exactly, on the other one to the bound of rounding."""
    if alternative == "greater":
        return t >= data
    if alternative == "less":
        return t <= data
    if data >= middle:
        return t >= data or t <= 2 * middle - data + NEAR
    return t <= data or t >= 2 * middle - data - NEAR


def middles(table, statistic):
    """Means over the arrangements; 0 is taken for tau and quantiles."""
    if statistic in (KENDALL, QUANTILE):
        return [Fraction(0)] * len(table[0])
    return [sum(column) / len(column) for column in zip(*table)]


def step_down(table, alternative, squares, middle):
    """Adjusted p-values of Westfall and Young; an arrangement a row, the data first."""

    def z(row):
        centred = [t - m for t, m in zip(row, middle)]
        turned = {"greater": centred, "less": [-t for t in centred]}
        turned["absolute"] = [abs(t) for t in centred]
        # Signed squares keep the order of t / sqrt(square).
        return [sign(t) * t * t / s for t, s in zip(turned[alternative], squares)]

    data = z(table[0])
    order = sorted(range(len(data)), key=lambda j: -data[j])
    counts = [0] * len(data)
    for row in table:
        own = z(row)
        for place, j in enumerate(order):
            others = [own[k] >= data[j] - NEAR for k in order[place + 1 :]]
            counts[j] += any(others) or is_extreme(
                row[j], table[0][j], middle[j], alternative
            )
    out, before = [0] * len(data), 0
    for j in order:
        before = out[j] = max(before, Fraction(counts[j], len(table)))
    return out


def one_sided(table, j, alternative, middle):
    """Share of arrangements that are as extreme as the data, in the first row."""
    column = [row[j] for row in table]
    extreme = sum(is_extreme(t, column[0], middle[j], alternative) for t in column)
    return Fraction(extreme, len(column))


def expected(case):
    """P-values of all columns by all alternatives, adjusted ones, and the statistic."""
    statistic, p = case["statistic"], case["p"]
    turn = ranks if statistic == SPEARMAN else lambda v: list(map(Fraction, v))
    ys = [turn(y) for y in case["columns"]]
    x = None
    if statistic in SAMPLES:
        x = [Fraction(1 - s) for s in case["sample"]]
    elif statistic != MEAN:
        x = turn(case["x"])
    table, distinct = [], set()
    for rows in arrangements(case):
        own = rows if x is None else [x[i] for i in rows]
        distinct.add(tuple(own))
        table.append([numerator(statistic, own, y, p) for y in ys])
    data = [numerator(statistic, x or [1] * case["n"], y, p) for y in ys]
    table.sort(key=lambda row: row != data)
    assert table[0] == data
    columns, middle = range(len(ys)), middles(table, statistic)
    sides = {a: [one_sided(table, j, a, middle) for j in columns] for a in ALTERNATIVES[1:]}
    out = {
        "arrangements": [len(distinct)],
        "observed": [value(statistic, x, y, p) for y in ys],
        **{a: list(map(float, v)) for a, v in sides.items()},
        "two-sided": [
            float(min(2 * min(a, b), 1)) for a, b in zip(sides["greater"], sides["less"])
        ],
    }
    if statistic != QUANTILE and not (case["unit_rows"] and statistic != MEAN):
        squares = scales(case, ys)
        joint = {a: step_down(table, a, squares, middle) for a in sides}
        both = zip(joint["greater"], joint["less"])
        joint["two-sided"] = [min(2 * min(a, b), 1) for a, b in both]
        for alternative, found in joint.items():
            out[f"joint {alternative}"] = list(map(float, found))
    return out


def check_scipy(case):
    """SciPy's p-values, where it has the design: no units and no strata."""
    statistic, y = case["statistic"], np.array(case["columns"][0])
    if case["unit_rows"] or case["stratum_units"] or statistic in (QUANTILE, SPEARMAN):
        return
    # Tenths have sums that are equal but for their rounding: SciPy takes them for equal.
    if any(v != round(v) and v * 10 == round(v * 10) for v in (*case["x"], *y)):
        return
    options = {"n_resamples": np.inf}
    if statistic == MEAN:
        data, options["permutation_type"] = (y,), "samples"
        function = np.mean
    elif statistic == MEAN_DIFFERENCE:
        sample = np.array(case["sample"])
        data, options["permutation_type"] = (y[sample == 0], y[sample == 1]), "independent"

        def function(a, b):
            return np.mean(a) - np.mean(b)
    else:
        data, options["permutation_type"] = (np.array(case["x"]),), "pairings"
        names = {PEARSON: "pearsonr", KENDALL: "kendalltau", SLOPE: "linregress"}

        def function(x):
            return getattr(stats, names[statistic])(x, y)[0]

    for alternative in ALTERNATIVES[:3]:
        found = stats.permutation_test(
            data, function, alternative=alternative, vectorized=False, **options
        )
        if abs(found.pvalue - case[alternative][0]) > 1e-12:
            raise SystemExit(f"{case}: SciPy has {found.pvalue} for {alternative}")


def designs():
    """Small designs of every statistic: equal values, awkward decimals, units, strata."""
    rng = random.Random(11)

    def numbers(n, kind):
        if kind == 0:
            return [float(rng.randint(0, 3)) for _ in range(n)]
        if kind == 1:
            return [rng.randint(0, 9) / 10 for _ in range(n)]
        return [rng.gauss(2.385, 1) for _ in range(n)]

    strata = {4: [0, 2, 4], 5: [0, 1, 5], 6: [0, 3, 6], 7: [0, 3, 7]}
    clusters = {4: [0, 1, 2, 4], 5: [0, 2, 3, 5], 6: [0, 2, 4, 6], 7: [0, 1, 3, 5, 7]}
    for statistic in range(1, 8):
        for n in (4, 5, 6, 7):
            for kind in range(3):
                for how in ("plain", "strata", "clusters"):
                    sample = [i % 2 for i in range(n)]
                    rng.shuffle(sample)
                    yield {
                        "statistic": statistic,
                        "n": n,
                        "p": 0.5 if kind == 0 else 0.25,
                        "x": numbers(n, kind),
                        "sample": sample,
                        "columns": [numbers(n, kind) for _ in range(3)],
                        "unit_rows": clusters[n] if how == "clusters" else [],
                        "stratum_units": strata[n] if how == "strata" else [],
                    }


def varies(case):
    return all(len(set(v)) > 1 for v in (case["x"], *case["columns"]))


def main(directory):
    """Write the reference file into a directory."""
    cases = []
    for case in filter(varies, designs()):
        case |= expected(case)
        if case["arrangements"][0] > 1:
            check_scipy(case)
            case["statistic"], case["n"], case["p"] = (
                [case[name]] for name in ("statistic", "n", "p")
            )
            cases.append(case)
    source = f"all arrangements in fractions, as SciPy {scipy.__version__} where it can; "
    source += "tests/reference/make_permutation.py"
    text = "".join(lines_of({"source": source, "cases": cases}))
    (Path(directory) / "permutation_all.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
