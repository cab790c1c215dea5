"""Tables of amounts, and stated numbers held against computed ones."""

import random
from fractions import Fraction

from make_decimal import LARGEST, any_decimal, exact, sum_of, text_of

EQUAL, ROUNDED, TRUNCATED, DIFFERENT = range(4)


def margins_case(rng, contents, sources, filled):
    """Margins of one table; cells that are not filled are not given."""
    places = [(c, s) for c in range(contents) for s in range(sources)]
    places = rng.sample(places, filled)
    amounts = [any_decimal(rng, rng.choice((1, 12, 25))) for _ in places]
    scale = max((a[1] for a in amounts), default=0)

    def margin(axis, index):
        chosen = [a for p, a in zip(places, amounts) if p[axis] == index]
        return f"{int(sum(map(exact, chosen)) * 10**scale)} {scale}"

    return {
        "contents": [contents],
        "sources": [sources],
        "content": [p[0] for p in places],
        "source": [p[1] for p in places],
        "amounts": [text_of(a) for a in amounts],
        "content_sums": [margin(0, c) for c in range(contents)],
        "source_sums": [margin(1, s) for s in range(sources)],
        "total": [text_of(sum_of(amounts))],
    }


def resource_margins():
    """Margins of tables, some with contents or sources that nothing was given for."""
    rng = random.Random(8)
    shapes = [(1, 1, 1), (1, 1, 0), (3, 2, 0), (1, 6, 4), (6, 1, 5), (4, 5, 20), (7, 3, 11)]
    shapes += [(9, 9, 9), (19, 6, 70)]
    return {
        "source": "Fraction",
        "cases": [margins_case(rng, *shape) for shape in shapes * 2],
    }


def truncated(value, scale):
    """Cut a value off at a number of decimals, toward zero; the result is unscaled."""
    scaled = abs(value) * 10**scale
    return (1 if value >= 0 else -1) * (scaled.numerator // scaled.denominator)


def rounded(value, scale):
    """Round a value to a number of decimals, halves away from zero; unscaled."""
    half = Fraction(1, 2 * 10**scale)
    return truncated(value + (half if value >= 0 else -half), scale)


def verdict(stated, value):
    """Say how a stated decimal and an exact value go together."""
    if exact(stated) == value:
        return EQUAL
    if stated[0] == rounded(value, stated[1]):
        return ROUNDED
    if stated[0] == truncated(value, stated[1]):
        return TRUNCATED
    return DIFFERENT


def statements(rng, value):
    """Draw what may be printed for an exact value: rounded, cut off, one beside."""
    scale = rng.randint(0, 9)
    for _ in range(3):
        for unscaled in (rounded(value, scale), truncated(value, scale)):
            for nudge in (0, rng.choice((-1, 1))):
                if abs(unscaled + nudge) <= LARGEST:
                    yield unscaled + nudge, scale
        scale = max(0, scale - rng.randint(1, 4))


def outcome(stated, value):
    """Return verdict, stated, computed and difference of one check."""
    return (
        verdict(stated, value),
        float(exact(stated)),
        float(value),
        float(exact(stated) - value),
    )


NAMES = ("verdicts", "stated_doubles", "computed_doubles", "differences")

SUMS = [
    ((13, 2), [(125, 3)]),
    ((12, 2), [(125, 3)]),
    ((-13, 2), [(-125, 3)]),
    ((-12, 2), [(-125, 3)]),
    ((0, 0), [(-4, 1)]),
    ((0, 2), [(-5, 3)]),
    ((-1, 2), [(-5, 3)]),
    ((5500, 1), [(550, 0)]),
    ((550, 0), [(2755, 1), (2745, 1)]),
    ((5500000000, 7), [(275, 0), (275, 0)]),
    ((373315, 2), [(373315, 2), (1, 9), (-1, 9)]),
    ((373315, 2), [(373315, 2), (1, 9)]),
    ((0, 9), [(LARGEST, 9), (-LARGEST, 9)]),
    ((LARGEST, 0), [(LARGEST, 9)]),
    ((-LARGEST, 0), [(LARGEST, 9)]),
    ((LARGEST, 9), [(LARGEST, 0)]),
    ((-LARGEST, 9), [(LARGEST, 0)]),
    ((-LARGEST - 1, 0), [(LARGEST, 0)]),
    ((LARGEST, 9), [(LARGEST - 1, 9)]),
    ((2**53 + 1, 9), [(2**53, 9)]),
]


def resource_sum():
    """Stated totals against the sums of their parts."""
    rng = random.Random(9)
    rows = SUMS[:]
    for _ in range(40):
        bits = rng.choice((6, 14, 24))
        parts = [any_decimal(rng, bits) for _ in range(rng.randint(1, 7))]
        rows += [(s, parts) for s in statements(rng, exact(sum_of(parts)))]
    cases = []
    for stated, parts in rows:
        found = outcome(stated, exact(sum_of(parts)))
        case = {"stated": [text_of(stated)], "parts": [text_of(p) for p in parts]}
        case.update((name, [x]) for name, x in zip(NAMES, found))
        cases.append(case)
    return {"source": "Fraction, rounded once", "cases": cases}


RATIOS = [
    ((7777, 2), (14, 0), (18, 0), 100),
    ((7778, 2), (14, 0), (18, 0), 100),
    ((5556, 2), (10, 0), (18, 0), 100),
    ((5555, 2), (10, 0), (18, 0), 100),
    ((50, 0), (9, 0), (18, 0), 100),
    ((500000, 4), (9, 0), (18, 0), 100),
    ((51, 0), (9, 0), (18, 0), 100),
    ((13, 2), (1, 0), (8, 0), 1),
    ((12, 2), (1, 0), (8, 0), 1),
    ((-13, 2), (-1, 0), (8, 0), 1),
    ((-12, 2), (-1, 0), (8, 0), 1),
    ((-14, 2), (-1, 0), (8, 0), 1),
    ((0, 0), (-1, 0), (2, 0), 1),
    ((-1, 0), (-1, 0), (2, 0), 1),
    ((0, 9), (0, 3), (2385, 3), 1000),
    ((368, 1), (7, 0), (19, 0), 100),
    ((333333333, 9), (1, 0), (3, 0), 1),
    ((333333334, 9), (1, 0), (3, 0), 1),
]

WIDE = [
    ((LARGEST, 9), (LARGEST, 9), (LARGEST, 0), 1),
    ((LARGEST, 9), (LARGEST, 0), (LARGEST, 9), 1000),
    ((-LARGEST, 9), (LARGEST, 0), (LARGEST, 9), 1000),
    ((LARGEST, 0), (LARGEST, 9), (LARGEST, 9), 1),
    ((LARGEST, 0), (-LARGEST, 0), (1, 9), 1000),
    ((LARGEST, 9), (1, 9), (LARGEST, 0), 1),
    ((-LARGEST - 1, 9), (-LARGEST - 1, 9), (LARGEST, 9), 1000),
    ((LARGEST, 0), (LARGEST - 2, 9), (LARGEST, 9), 1),
    ((1, 0), (LARGEST - 2, 9), (LARGEST, 9), 1),
    ((1000, 0), (LARGEST, 3), (LARGEST - 1, 3), 1000),
]


def checked_ratios(rng, rows, sizes):
    """Outcomes of the rows given and of rows drawn with numbers of the sizes in bits."""
    while len(rows) < 400:
        bits = rng.choice(sizes)
        numerator, denominator = any_decimal(rng, bits), any_decimal(rng, bits)
        denominator = (abs(denominator[0]) + (denominator[0] == 0), denominator[1])
        factor = rng.choice((1, 100, rng.randint(1, 1000)))
        value = factor * exact(numerator) / exact(denominator)
        rows += [(s, numerator, denominator, factor) for s in statements(rng, value)]
    found = [outcome(s, f * exact(a) / exact(b)) for s, a, b, f in rows]
    return {
        "source": "Fraction, rounded once",
        "stated": [text_of(s) for s, _, _, _ in rows],
        "numerators": [text_of(a) for _, a, _, _ in rows],
        "denominators": [text_of(b) for _, _, b, _ in rows],
        "factors": [f for _, _, _, f in rows],
        **{name: [x[k] for x in found] for k, name in enumerate(NAMES)},
    }


def resource_ratio():
    """Stated ratios against the ratios of their parts."""
    return checked_ratios(random.Random(10), RATIOS[:], (6, 20, 30))


def resource_ratio_wide():
    """Ratios whose exact comparison takes more than 128 bits."""
    return checked_ratios(random.Random(11), WIDE[:], (63,))
