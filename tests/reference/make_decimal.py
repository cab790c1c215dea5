"""Decimals: nearest doubles, ratios, sums and printed numbers.

A decimal is written "unscaled scale", for JSON has no integers of 64 bits.
"""

import random
import re
from fractions import Fraction

LARGEST = 2**63 - 1


def text_of(decimal):
    """Write a pair (unscaled, scale) as "unscaled scale"."""
    return f"{decimal[0]} {decimal[1]}"


def exact(decimal):
    """Return the exact value of a pair (unscaled, scale)."""
    return Fraction(decimal[0], 10 ** decimal[1])


AWKWARD = [
    (0, 0),
    (0, 9),
    (1, 9),
    (-1, 9),
    (2385, 3),
    (373315, 2),
    (5500, 1),
    (2**53 - 1, 0),
    (2**53 + 1, 0),
    (2**53 + 3, 0),
    (-(2**53) - 1, 0),
    (2**53 + 1, 9),
    ((2**53 + 1) * 100 + 1, 2),
    ((2**53 + 1) * 100, 2),
    ((2**53 + 3) * 1000 - 1, 3),
    (2**54 + 2, 0),
    (2**54 + 6, 0),
    (2**63 - 512, 0),
    (2**63 - 513, 0),
    (LARGEST, 0),
    (-LARGEST, 0),
    (LARGEST, 9),
    (-LARGEST, 9),
    (-LARGEST - 1, 0),
    (-LARGEST - 1, 9),
]


def any_decimal(rng, bits=63):
    """Draw a decimal whose size is spread over all magnitudes."""
    return rng.choice((-1, 1)) * rng.getrandbits(rng.randint(1, bits)), rng.randint(0, 9)


def decimal_double():
    """Round decimals to the nearest double."""
    rng = random.Random(2)
    values = AWKWARD + [any_decimal(rng) for _ in range(200)]
    return {
        "source": "Fraction, rounded once",
        "values": [text_of(v) for v in values],
        "doubles": [float(exact(v)) for v in values],
    }


def near_ties(rng):
    """Quotients half way between two doubles, and those next to them."""
    for _ in range(60):
        half = 2 * rng.randrange(2**52, 2**53) + 1
        divisor = rng.randrange(1, 500)
        for nudge in (-1, 0, 1):
            yield (half * divisor + nudge, 0), (divisor, 0), 1
            yield (half * divisor + nudge, 7), (-divisor, 4), rng.choice((1, 10, 100))


def decimal_ratio():
    """Round factor * numerator / denominator to the nearest double."""
    rng = random.Random(3)
    rows = [(a, b, 1) for a in AWKWARD for b in AWKWARD[2:]]
    rows += [((n, 0), (d, 0), 100) for n, d in [(14, 18), (10, 18), (9, 18), (7, 19)]]
    rows += [(any_decimal(rng), (1, 0), 1000) for _ in range(20)]
    rows += list(near_ties(rng))
    for _ in range(200):
        numerator, denominator = any_decimal(rng), any_decimal(rng)
        if denominator[0] != 0:
            rows.append((numerator, denominator, rng.randint(1, 1000)))
    return {
        "source": "Fraction, rounded once",
        "numerators": [text_of(a) for a, _, _ in rows],
        "denominators": [text_of(b) for _, b, _ in rows],
        "factors": [f for _, _, f in rows],
        "doubles": [float(f * exact(a) / exact(b)) for a, b, f in rows],
    }


def sum_of(values):
    """Return the exact sum in the largest scale, as a pair."""
    scale = max((v[1] for v in values), default=0)
    return int(sum(map(exact, values)) * 10**scale), scale


def decimal_sum():
    """Exact sums, and the order of their first two numbers."""
    rng = random.Random(4)
    groups = [
        [],
        [(LARGEST, 0)],
        [(-LARGEST, 9)],
        [(LARGEST, 0), (LARGEST, 0), (-LARGEST, 0)],
        [(LARGEST, 2), (-LARGEST, 2)],
        [(1, 1), (2, 1), (-3, 1)],
        [(1, 0), (10**9, 9)],
        [(5500, 1), (-550, 0), (1, 9)],
        [(2**53 + 1, 0), (1, 0), (-(2**53), 0)],
    ]
    while len(groups) < 60:
        size = rng.randint(2, 12)
        groups.append([any_decimal(rng, rng.choice((8, 20, 31))) for _ in range(size)])
    cases = []
    for group in groups:
        total = sum_of(group)
        assert abs(total[0]) <= LARGEST
        case = {"values": [text_of(v) for v in group], "sum": [text_of(total)]}
        if len(group) > 1:
            first, second = exact(group[0]), exact(group[1])
            case["order"] = [(first > second) - (first < second)]
        cases.append(case)
    return {"source": "Fraction", "cases": cases}


def printed(rng, decimal_mark, group_mark):
    """Draw a decimal and print it with the two marks; some are not grouped."""
    unscaled, scale = any_decimal(rng)
    whole, decimals = divmod(abs(unscaled), 10**scale)
    grouped = group_mark and rng.random() < 0.8
    text = f"{whole:,}".replace(",", group_mark) if grouped else str(whole)
    if scale > 0:
        text += f"{decimal_mark}{decimals:0{scale}d}"
    return ("-" if unscaled < 0 else rng.choice(("", "", "+"))) + text


def read_decimal(text, decimal_mark, group_mark):
    """Read a printed decimal, or return None where it is none."""
    groups = rf"|[0-9]{{1,3}}(?:{re.escape(group_mark)}[0-9]{{3}})+" if group_mark else ""
    mark = re.escape(decimal_mark)
    found = re.fullmatch(rf"([+-]?)([0-9]+{groups})(?:{mark}([0-9]+))?", text)
    if found is None:
        return None
    whole = found[2].replace(group_mark, "") if group_mark else found[2]
    decimals = found[3] or ""
    return int(found[1] + whole + decimals), len(decimals)


MARKS = [(".", ""), (",", ""), (".", ","), (",", "."), (",", " ")]

FIXED = "0 -0 -0{d}00 +7 007{d}50 0{d}000000001 1{d}123456789 0{d}0 12{d}30".split()
FIXED += "9223372036854775807 -9223372036854775807 9223372036{d}854775807".split()
FIXED += ["000000000000000000000000012{d}5"]
BROKEN = "- + +-1 --1 {d}5 5{d} 1{d}5{d}5 1e5 abc 0x1F nan inf 1_000 1;5 12a 5+ 1-2".split()
BROKEN += ["", " 1", "1 ", "- 5", "\t3", "\u22125", "1\u00a0234", "\u00bd", "\u0663"]
GROUPED = "1{g}234 12{g}345{g}678 -999{g}000{d}5".split()
GROUPED += ["9{g}223{g}372{g}036{g}854{g}775{g}807"]
MISGROUPED = "1234{g}567 1{g}23 1{g}2345 {g}123 1{g}{g}234 1{g} 1{g}234{g}56".split()
MISGROUPED += "1{g}234567 1{d}234{g}567 1{g}234{g} 12{g}34{d}5 -{g}123".split()


def decimal_parse():
    """Texts read as declared, and texts that are no numbers under the declaration."""
    rng = random.Random(5)
    cases = []
    for decimal_mark, group_mark in MARKS:
        other = "." if decimal_mark == "," else ","
        texts, wrong = FIXED[:], BROKEN[:]
        (texts if group_mark else wrong).extend(GROUPED)
        wrong += MISGROUPED
        fill = {"d": decimal_mark, "g": group_mark or other}
        texts = [t.format(**fill) for t in texts]
        wrong = [t.format(**fill) for t in wrong]
        texts += [printed(rng, decimal_mark, group_mark) for _ in range(60)]
        if group_mark != other:
            wrong.append(f"3{other}5")
        values = [read_decimal(t, decimal_mark, group_mark) for t in texts]
        assert all(v is not None and abs(v[0]) <= LARGEST for v in values)
        assert not any(read_decimal(t, decimal_mark, group_mark) for t in wrong)
        cases.append(
            {
                "marks": [decimal_mark, group_mark],
                "texts": texts,
                "values": [text_of(v) for v in values],
                "wrong": wrong,
            }
        )
    return {"source": "regular expression and int", "cases": cases}
