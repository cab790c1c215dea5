"""Moments, analyses of variance and printed decimals, from their definitions."""

import math
import random
import struct
import zlib
from decimal import Decimal, localcontext
from fractions import Fraction

from make_exact import LEAST, any_double, nearest

NONE, FREQUENCY, PROBABILITY, PRECISION = range(4)
LEVEL = 3
SOURCE = "Fraction, rounded once; roots in 80 digits of Decimal"


def real(value):
    """Return a fraction as a Decimal of the current precision."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def correlation(xy, xx, yy):
    """Return the nearest double; below 1 in size where the rows lie on no line."""
    with localcontext() as context:
        context.prec = 80
        r = float(real(xy) / (real(xx) * real(yy)).sqrt())
    if xy * xy != xx * yy and abs(r) == 1.0:
        r = math.nextafter(r, 0.0)
    return r


def written(total):
    """Return the bytes of a sum: its sign, place, length and digits of 32 bits."""
    scaled = abs(total) * 2**3232
    assert scaled.denominator == 1
    whole = scaled.numerator
    first = ((whole & -whole).bit_length() - 1) // 32 if whole else 101
    count = (whole.bit_length() + 31) // 32 - first if whole else 0
    digits = (whole >> 32 * first).to_bytes(4 * count, "little")
    return struct.pack("<BHH", total < 0, first, count) + digits


def canonical(table, groups, dropped):
    """Write the bytes of a state."""
    p = len(table["columns"])
    out = struct.pack(
        "<4sBBBBIIQ", b"NRDM", 1, table["kind"], LEVEL, 0, p, len(groups), dropped
    )
    out += struct.pack(f"{p}b", *table["decimals"])
    for group in groups:
        out += struct.pack("<QQ", group["rows"], group["weighted"])
        if group["rows"] > 0:
            sums = [group["total"]] if table["kind"] != NONE else []
            sums += [s * u for s, u in zip(group["sums"], table["units"])]
            for i, products in enumerate(group["products"]):
                for j in range(i, p):
                    sums.append(products[j] * table["units"][i] * table["units"][j])
            out += b"".join(map(written, sums))
    return (out + struct.pack("<I", zlib.crc32(out))).hex()


def sums_of(table, rows):
    """Add up the rows of one group: pairs of a weight and the values."""
    p = len(table["columns"])
    total = sum((w for w, _ in rows), Fraction(0))
    sums = [sum((w * x[i] for w, x in rows), Fraction(0)) for i in range(p)]
    products = [
        [sum((w * x[i] * x[j] for w, x in rows), Fraction(0)) for j in range(p)]
        for i in range(p)
    ]
    return {
        "rows": len(rows),
        "weighted": sum(w > 0 for w, _ in rows),
        "total": total,
        "sums": sums,
        "products": products,
    }


def covariance(kind, group, centred, ddof):
    """Return a covariance, or NaN, from the centred sum of products."""
    if kind in (NONE, FREQUENCY):
        divisor = group["total"] - ddof
        return nearest(centred / divisor) if divisor > 0 else math.nan
    n = group["weighted"]
    if n <= ddof:
        return math.nan
    return nearest(centred / group["total"] * n / (n - ddof))


def results(table, group, case):
    """Append the results of one group to the lists of a case."""
    p, total = len(table["columns"]), group["total"]
    case["rows"].append(group["rows"])
    case["total"].append(nearest(total))
    case["sum"] += [nearest(s) for s in group["sums"]]
    case["mean"] += [nearest(s / total) if total else math.nan for s in group["sums"]]
    centred = [
        [
            group["products"][i][j] - group["sums"][i] * group["sums"][j] / (total or 1)
            for j in range(p)
        ]
        for i in range(p)
    ]
    for i in range(p):
        for j in range(p):
            xy, xx, yy = centred[i][j], centred[i][i], centred[j][j]
            for ddof in (0, 1):
                value = covariance(table["kind"], group, xy, ddof)
                case[f"covariance{ddof}"].append(value)
            defined = xx > 0 and yy > 0
            case["correlation"].append(correlation(xy, xx, yy) if defined else math.nan)


def value_of(x, decimals):
    """Return the number that a double stands for."""
    return Fraction(x) if decimals < 0 else Fraction(Decimal(repr(x)))


def moments_case(table):
    """Describe all results of a table; None and NaN are missing."""
    columns, decimals = table["columns"], table["decimals"]
    table["units"] = [10 ** max(d, 0) for d in decimals]
    n = len(columns[0])
    weight, group = table["weight"] or [1.0] * n, table["group"] or [0] * n
    members = [[] for _ in range(table["groups"])]
    for row in range(n):
        values = [c[row] for c in columns]
        if not any(v is None for v in (*values, weight[row], group[row])):
            exact = [value_of(x, d) for x, d in zip(values, decimals)]
            members[group[row]].append((Fraction(weight[row]), exact))
    groups = [sums_of(table, rows) for rows in members]
    dropped = n - sum(g["rows"] for g in groups)
    case = {
        "kind": [table["kind"]],
        "decimals": [*decimals],
        "groups": [table["groups"]],
        "columns": [x for column in columns for x in column],
        "weight": table["weight"],
        "group": table["group"],
        "dropped": [dropped],
        "bytes": canonical(table, groups, dropped),
    }
    names = "rows total sum mean covariance0 covariance1 correlation".split()
    case |= {name: [] for name in names}
    for g in groups:
        results(table, g, case)
    return case


def draw(rng, maker, n):
    """Draw a column of a kind."""
    if maker == "any":
        return [any_double(rng) for _ in range(n)]
    if maker == "tiny":
        return [any_double(rng, -1074, -1000) for _ in range(n)]
    if maker == "sizes":
        return [rng.gauss(0, 1) * 10.0 ** rng.randint(-30, 30) for _ in range(n)]
    if maker == "far":
        return [1e9 + rng.randint(0, 3) for _ in range(n)]
    if maker == "decimal":
        return [rng.randint(-(10**7), 10**7) / 1000 for _ in range(n)]
    return [rng.uniform(-1, 1) for _ in range(n)]


def draw_weights(rng, kind, maker, n):
    """Draw weights that their kind allows, some of them 0."""
    if kind == NONE:
        return []
    if kind == FREQUENCY:
        return [float(rng.choice((0, 1, 2, 7, 2**53))) for _ in range(n)]
    if maker in ("any", "tiny"):
        return [abs(any_double(rng, high=999)) for _ in range(n)]
    return [rng.choice((0.0, rng.uniform(0, 3), 1.0, 0.1)) for _ in range(n)]


def a_table(rng, maker, kind, groups, n):
    """Draw a table with some cells missing."""
    p = 2 if maker == "any" else 3
    columns = [draw(rng, maker, n) for _ in range(p)]
    decimals = [3, 4, 9][:p] if maker == "decimal" else [-1] * p
    if rng.random() < 0.4:
        columns[1] = [-2 * x if abs(x) < 1e300 else x for x in columns[0]]
    weight = draw_weights(rng, kind, maker, n)
    group = [rng.randrange(groups) for _ in range(n)] if groups > 1 else []
    for cells in (*columns, weight, group):
        for row in range(len(cells)):
            if rng.random() < 0.03:
                cells[row] = None
    return {
        "columns": columns,
        "decimals": decimals,
        "kind": kind,
        "weight": weight,
        "groups": groups,
        "group": group,
    }


def edges():
    """Yield tables, two columns and weights, at the ends of what is defined."""
    tables = [
        ([], [], []),
        ([2.385], [7.19], [3.0]),
        ([2.385, None], [7.19, 1.0], [1.0, 1.0]),
        ([None, 1.0], [1.0, None], [1.0, 1.0]),
        ([0.3] * 7, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [1.0] * 7),
        ([0.3] * 7, [0.1] * 7, [2.0, 0.0, 1.0, 1.0, 3.0, 1.0, 1.0]),
        ([0.1, 2.385], [0.2, 7.19], [0.0, 0.0]),
        ([0.1, 2.385], [0.2, 7.19], [0.0, 1.0]),
        ([0.1, 2.385], [0.2, 7.19], [0.0, 7.0]),
        ([1e200, -1e200, 3e200], [1e-200, 7e-200, -1e-200], [1.0, 2.0, 1.0]),
        ([LEAST, -LEAST, 0.0], [1.7e308, -1.7e308, 1e308], [1.0, 1.0, 2.0]),
        ([-0.0, 0.0, -0.0], [1.0, -1.0, -0.0], [1.0, 1.0, 1.0]),
        ([1e8, 1e8, 1e8 + 2], [1e8, 1e8, 1e8 + 3], [1.0, 1.0, 1.0]),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0 + 2**-50], [1.0, 1.0, 1.0]),
        ([1.0, 2.0, 3.0], [-1.0, -2.0, math.nextafter(-3.0, -4.0)], [1.0, 1.0, 1.0]),
    ]
    for kind in range(4):
        for x, y, weight in tables:
            yield {
                "columns": [x, y],
                "decimals": [-1, -1],
                "kind": kind,
                "weight": weight if kind != NONE else [],
                "groups": 1,
                "group": [],
            }


def moments_columns():
    """Moments with each kind of weights, with and without groups."""
    rng = random.Random(31)
    tables = [*edges()]
    for maker in ("uniform", "sizes", "far", "decimal", "any", "tiny"):
        for kind in range(4):
            for groups in (1, 4):
                n = 9 if maker in ("any", "tiny") else rng.choice((19, 35))
                tables.append(a_table(rng, maker, kind, groups, n))
    cases = [moments_case(table) for table in tables]
    return {"source": f"{SOURCE}; zlib.crc32", "cases": cases}


def anova_case(column, group, decimals):
    """Describe a one-way analysis of variance; groups may be empty."""
    members = {}
    for x, g in zip(column, group):
        members.setdefault(g, []).append(value_of(x, decimals))
    n, k = len(column), len(members)
    grand = sum(sum(rows) for rows in members.values()) / n
    means = {g: sum(rows) / len(rows) for g, rows in members.items()}
    between = sum(len(rows) * (means[g] - grand) ** 2 for g, rows in members.items())
    within = sum((x - means[g]) ** 2 for g, rows in members.items() for x in rows)
    mean_between, mean_within = between / (k - 1), within / (n - k)
    with localcontext() as context:
        context.prec = 80
        residual_sd = float(real(mean_within).sqrt())
    return {
        "column": column,
        "group": group,
        "groups": [max(group) + 2],
        "decimals": [decimals],
        "counts": [k, n],
        "between": [nearest(between)],
        "within": [nearest(within)],
        "mean_between": [nearest(mean_between)],
        "mean_within": [nearest(mean_within)],
        "f": [nearest(mean_between / mean_within) if within else math.inf],
        "r_squared": [nearest(between / (between + within))],
        "residual_sd": [residual_sd],
    }


def moments_anova():
    """Analyses of variance: well and badly scaled, next to no variance, empty groups."""
    rng = random.Random(32)
    cases = [
        anova_case([2.385, 7.19, 1.0], [0, 0, 1], -1),
        anova_case([0.1, 0.1, 0.7, 0.7], [0, 0, 2, 2], -1),
        anova_case([1.0, 3.0, 2.0, 2.0], [0, 0, 1, 1], -1),
        anova_case([0.1, 0.3, 0.2, 0.2], [0, 0, 3, 3], 1),
        anova_case([1e9 + 1, 1e9 + 1, 1e9 + 2, 1e9 + 1], [0, 1, 1, 2], -1),
        anova_case([1e12 + x / 10 for x in (2, 1, 3, 4, 2, 3)], [0, 0, 1, 1, 2, 2], 1),
        anova_case([1.0, 1.0 + 2**-52, 1.0, 1.0], [0, 0, 1, 1], -1),
    ]
    for size, maker in [(12, "uniform"), (40, "far"), (40, "sizes"), (40, "decimal")]:
        column = draw(rng, maker, size)
        group = [rng.randrange(5) for _ in column]
        cases.append(anova_case(column, group, 3 if maker == "decimal" else -1))
    for power in (-1060, -600, -530, -480, 480, 515, 1000):
        column = [math.ldexp(rng.uniform(-1, 1), power) for _ in range(20)]
        cases.append(anova_case(column, [rng.randrange(3) for _ in column], -1))
    return {"source": SOURCE, "cases": cases}


def stands_for(value, decimals):
    """Say whether a double is the nearest to a whole number of units below 2^51."""
    whole = round(Fraction(value) * 10**decimals)
    near = (whole - 1, whole, whole + 1)
    return any(abs(k) < 2**51 and float(Fraction(k, 10**decimals)) == value for k in near)


def moments_decimals():
    """Printed decimals of columns; None is missing."""
    columns = [
        [],
        [None, None],
        [0.0, -0.0],
        [7.0, -2385.0, None],
        [0.1],
        [0.1, 0.25, 3.0],
        [-0.5],
        [7.0, -0.25],
        [-1234.5678905],
        [0.1 + 0.2],
        [2.385, None, 1e-6],
        [1e-7],
        [1.0000001],
        [107.8681568],
        [-6.860120914, None, -3.442],
        [1e-9, -123456.654321987],
        [1e-10],
        [1.0000000001],
        [2251799.813685247],
        [2251799.813685248],
        [0.333333333, 0.3333333333333333],
        [0.000001, -123456.654321],
        [1 / 3],
        [2.0**51 - 1],
        [2.0**51],
        [-(2.0**51)],
        [2.0**51 - 1, 0.5],
        [0.5, 2.0**51 - 1],
        [2.0**47, 0.25],
        [0.25, 2.0**47],
        [2.0**45, 0.25],
        [2251799813.685247],
        [2251799813.685248],
        [225179981368524.7, 0.1],
        [225179981368524.7, 0.01],
        [1e15],
        [1e308],
        [math.inf],
        [LEAST],
        [0.07, 0.29, 0.57, 1.005, 4.35, 1.1],
    ]
    cases = []
    for column in columns:
        values = [v for v in column if v is not None]
        fits = [
            d
            for d in range(10)
            if all(math.isfinite(v) and stands_for(v, d) for v in values)
        ]
        cases.append({"values": column, "decimals": [fits[0] if fits else -1]})
    return {"source": "Fraction, every whole number near", "cases": cases}
