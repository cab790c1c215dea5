"""Regressions from their definition: normal equations of fractions, eliminated."""

import math
import random
from decimal import localcontext
from fractions import Fraction

from make_exact import nearest
from make_moments import FREQUENCY, NONE, PRECISION, PROBABILITY, draw, real, value_of

SOURCE = "Fraction, rounded once; roots in 80 digits of Decimal"
OK, EMPTY, FEW_ROWS, DEPENDENT, ROUNDED = range(5)


def root(square):
    """Return the double nearest to a square root."""
    with localcontext() as context:
        context.prec = 80
        return float(real(square).sqrt()) if square else 0.0


def rest_of(value):
    """Return what rounding leaves; nothing of a number too large for a double."""
    rounded = nearest(value)
    return nearest(value - Fraction(rounded)) if math.isfinite(rounded) else 0.0


def solve(matrix, right):
    """Solve equations whose matrix is not singular."""
    n = len(matrix)
    rows = [[*row, value] for row, value in zip(matrix, right)]
    for i in range(n):
        at = next(r for r in range(i, n) if rows[r][i] != 0)
        rows[i], rows[at] = rows[at], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(n):
            if r != i and rows[r][i] != 0:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i])]
    return [row[-1] for row in rows]


def products(rows, left, right):
    """Weighted sum of the products of two columns of a design."""
    return sum((w * z[left] * z[right] for w, z in rows), Fraction(0))


def design_of(table, model, members):
    """Rows (weight, terms and y), around the means of their units where there are any."""
    intercept = [Fraction(1)] if model["intercept"] else []
    units = {}
    for unit, weight, values in members:
        terms = [values[c] ** p for c, p in model["terms"]]
        units.setdefault(unit, []).append(
            (weight, [*intercept, *terms, values[model["y"]]])
        )
    if not model["within"]:
        return [row for rows in units.values() for row in rows]
    out = []
    for rows in units.values():
        total = sum(w for w, _ in rows)
        for w, z in rows if total else ():
            means = [sum(v * x[i] for v, x in rows) / total for i in range(len(z))]
            out.append((w, [a - b for a, b in zip(z, means)]))
    return out


def first_dependent(table, model, rows, k):
    """Return the first column that those before it determine, and what takes part."""
    gram = [[products(rows, i, j) for j in range(k)] for i in range(k)]
    for i in range(k):
        part = solve([row[:i] for row in gram[:i]], [row[i] for row in gram[:i]])
        left = gram[i][i] - sum((p * gram[i][j] for j, p in enumerate(part)), Fraction(0))
        term = i - model["intercept"]
        single = term >= 0 and model["terms"][term][1] == 1
        doubles = single and table["decimals"][model["terms"][term][0]] < 0
        if left == 0:
            return DEPENDENT, i, part
        if doubles and left < gram[i][i] / 2**100:
            return ROUNDED, i, part
    return OK, -1, []


def count(table, members):
    """Rows with a weight above 0; with frequencies as many as they stand for."""
    if table["kind"] == FREQUENCY:
        return sum(w for _, w, _ in members)
    return Fraction(sum(w > 0 for _, w, _ in members))


def whole(model, rows, k, df):
    """Return the statistics of a regression as a whole, and its coefficients."""
    gram = [[products(rows, i, j) for j in range(k + 1)] for i in range(k + 1)]
    b = solve([row[:k] for row in gram[:k]], [row[k] for row in gram[:k]])
    rss = gram[k][k] - sum((v * gram[k][j] for j, v in enumerate(b)), Fraction(0))
    tss = gram[k][k] - (gram[k][0] ** 2 / gram[0][0] if model["intercept"] else 0)
    q = len(model["terms"])
    out = {"rss": nearest(rss), "tss": nearest(tss), "sigma": math.nan, "f": math.nan}
    out["r_squared"] = nearest(1 - rss / tss) if tss else math.nan
    out["adjusted"] = math.nan
    if df > 0:
        out["sigma"] = root(rss / df)
    if df > 0 and tss:
        out["adjusted"] = nearest(1 - (rss / df) / (tss / (df + q)))
        if q > 0:
            f = (tss - rss) / q / (rss / df) if rss else None
            out["f"] = math.inf if f is None else nearest(f)
    return out, gram, b, rss


def results(table, model, members):
    """Return all results of one regression."""
    k = len(model["terms"]) + model["intercept"]
    weighted = {unit for unit, w, _ in members if w > 0}
    units = len(weighted) if model["within"] else 0
    df = count(table, members) - k - units
    empty = [math.nan] * k
    out = {"rows": len(members), "units": units, "df": nearest(df)}
    out |= dict.fromkeys("rss tss sigma r_squared adjusted f".split(), math.nan)
    out |= {"status": OK, "dependent": -1, "combined": [0] * k}
    out |= dict.fromkeys("coefficient low se pivot".split(), empty)
    out |= dict.fromkeys(("covariance", "inverse", "factor"), empty * k)
    if not weighted or df < 0:
        out["status"] = EMPTY if not weighted else FEW_ROWS
        return out
    rows = design_of(table, model, members)
    out["status"], out["dependent"], part = first_dependent(table, model, rows, k)
    if out["status"] != OK:
        out["combined"] = [int(p != 0) for p in part] + [0] * (k - len(part))
        return out
    found, gram, b, rss = whole(model, rows, k, df)
    gram = [row[:k] for row in gram[:k]]
    unit = [[Fraction(i == j) for j in range(k)] for i in range(k)]
    inverse = [solve(gram, row) for row in unit]
    out |= found
    out["coefficient"] = [nearest(v) for v in b]
    out["low"] = [rest_of(v) for v in b]
    out["inverse"] = [nearest(v) for row in inverse for v in row]
    variance = [rss / df * v if df > 0 else math.nan for row in inverse for v in row]
    out["covariance"] = list(map(nearest, variance))
    out["se"] = [root(rss / df * inverse[i][i]) if df > 0 else math.nan for i in range(k)]
    out["factor"], out["pivot"] = [], []
    for i in range(k):
        part = solve([row[:i] for row in gram[:i]], [row[i] for row in gram[:i]])
        out["factor"] += [nearest(-v) for v in part] + [1.0] + [0.0] * (k - i - 1)
        left = gram[i][i] - sum((p * gram[i][j] for j, p in enumerate(part)), Fraction(0))
        out["pivot"].append(nearest(left))
    return out


def regression_case(table, model):
    """Describe a table, a model and the results; None and NaN are missing."""
    columns, decimals = table["columns"], table["decimals"]
    n = len(columns[0])
    weight, group = table["weight"] or [1.0] * n, table["group"] or [0] * n
    within = model["within"]
    regressions = max(within) + 1 if within else table["groups"]
    members = [[] for _ in range(regressions)]
    for row in range(n):
        values = [c[row] for c in columns]
        if not any(v is None for v in (*values, weight[row], group[row])):
            exact = [value_of(x, d) for x, d in zip(values, decimals)]
            at = within[group[row]] if within else group[row]
            members[at].append((group[row], Fraction(weight[row]), exact))
    case = {
        "kind": [table["kind"]],
        "decimals": [*decimals],
        "degrees": table["degrees"],
        "groups": [table["groups"]],
        "columns": [x for column in columns for x in column],
        "weight": table["weight"],
        "group": table["group"],
        "y": [model["y"]],
        "terms": [x for term in model["terms"] for x in term],
        "intercept": [int(model["intercept"])],
        "within": within,
        "regressions": [regressions],
    }
    found = [results(table, model, rows) for rows in members]
    for name in found[0]:
        values = [result[name] for result in found]
        flat = isinstance(values[0], list)
        case[name] = [v for value in values for v in value] if flat else values
    return case


def a_table(rng, maker, kind, groups, n):
    """Draw a table of three columns with some cells missing."""
    columns = [draw(rng, maker, n) for _ in range(3)]
    decimals = [3, 3, 4] if maker == "decimal" else [-1] * 3
    weight = []
    if kind == FREQUENCY:
        weight = [float(rng.choice((0, 1, 2, 7))) for _ in range(n)]
    elif kind != NONE:
        weight = [rng.choice((0.0, rng.uniform(0, 3), 1.0, 0.1)) for _ in range(n)]
    group = [rng.randrange(groups) for _ in range(n)] if groups > 1 else []
    for cells in (*columns, weight, group):
        for row in range(len(cells)):
            if rng.random() < 0.03:
                cells[row] = None
    return {
        "columns": columns,
        "decimals": decimals,
        "degrees": [],
        "kind": kind,
        "weight": weight,
        "groups": groups,
        "group": group,
    }


def plain(terms, intercept=True, within=(), y=0):
    return {"y": y, "terms": terms, "intercept": intercept, "within": [*within]}


def edges():
    """Yield tables and models at the ends of what is defined."""
    x, y = [2.385, 7.19, -1.5, 0.25, 3.0], [1.0, 2.0, 4.0, 8.0, 16.5]
    tables = [
        (y, x, [a + 2.5 for a in x]),
        (y, x, [0.25 * a + 3.0 for a in x]),
        (y, x, [0.0] * 5),
        (y, [3.0] * 5, x),
        (y, x, [a * 0.1 + b * 0.7 for a, b in zip(x, x[::-1])]),
        (y, [1.1, 2.2, 3.3, 4.4, 5.5], [0.1 + 1.1, 0.1 + 2.2, 0.1 + 3.3, 4.5, 5.6]),
        ([7.0] * 5, x, y),
        ([0.0] * 5, x, y),
        ([2.0 * a + 1.0 for a in x], x, y),
        (y[:3], x[:3], [1.0, 5.0, -2.0]),
        (y[:2], x[:2], [1.0, 5.0]),
        (y[:1], x[:1], [1.0]),
        ([], [], []),
        ([1e300, -1e300, 3e300, 2e300], [1e-300, 2e-300, 5e-300, 1e-300], [1.0, 2, 2, 7]),
        ([5e-324, 1.0, 0.0, 2.0], [1e308, 1.0, 5.0, -1e308], [1.0, 3.0, 2.0, 2.5]),
        (
            [1e9, 1e9 + 1, 1e9 + 1, 1e9 + 3],
            [1e8, 1e8 + 1, 1e8 + 2, 1e8 + 3],
            [1.0, 3, 2, 2],
        ),
    ]
    for columns in tables:
        table = {
            "columns": [list(map(float, column)) for column in columns],
            "decimals": [-1] * 3,
            "degrees": [],
            "kind": NONE,
            "weight": [],
            "groups": 1,
            "group": [],
        }
        for terms in ([[1, 1], [2, 1]], [[1, 1]], []):
            yield table, plain(terms)
            if terms:
                yield table, plain(terms, False)
    zero = {**table, "kind": PRECISION, "weight": [0.0, 0.0, 1.0, 0.0]}
    yield zero, plain([[1, 1]])
    yield {**zero, "weight": [0.0] * 4}, plain([[1, 1]])
    yield {**zero, "weight": [1.0, 1e-200, 1e200, 3.0]}, plain([[1, 1]])


def regression_fit():
    """Regressions with each kind of weights, by group, with powers, with units."""
    rng = random.Random(41)
    cases = [regression_case(*edge) for edge in edges()]
    kinds = (NONE, FREQUENCY, PROBABILITY, PRECISION)
    for maker in ("uniform", "sizes", "far", "decimal"):
        for kind in kinds:
            table = a_table(rng, maker, kind, 1, 19)
            cases.append(regression_case(table, plain([[1, 1], [2, 1]])))
            cases.append(regression_case(table, plain([[2, 1], [0, 1]], False, y=1)))
            table = a_table(rng, maker, kind, 4, 23)
            cases.append(regression_case(table, plain([[1, 1], [2, 1]])))
            cases.append(regression_case(table, plain([[2, 1]], False, (0, 0, 0, 0))))
            cases.append(regression_case(table, plain([[1, 1]], False, (1, 0, 1, 0))))
    for maker, kind in (("uniform", NONE), ("decimal", NONE), ("uniform", PRECISION)):
        table = {**a_table(rng, maker, kind, 2, 31), "degrees": [1, 4, 2]}
        powers = [[1, 1], [1, 2], [1, 3], [1, 4], [2, 1], [2, 2]]
        cases.append(regression_case(table, plain(powers)))
        cases.append(regression_case(table, plain([[1, 2], [2, 2]], False, (0, 0))))
    return {"source": SOURCE, "cases": cases}
