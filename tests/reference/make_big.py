"""Integers of many digits: products, differences, order, quotients."""

import math
import random
from fractions import Fraction

from make_exact import nearest

BASE = 2**32


def number(whole, exponent=0):
    """Describe whole * 2^(32 * exponent) as its sign, place and digits."""
    size, digits = abs(whole), []
    while size and size % BASE == 0:
        size //= BASE
        exponent += 1
    while size:
        digits.append(size % BASE)
        size //= BASE
    if not digits:
        exponent = 0
    return {
        "sign": [(whole > 0) - (whole < 0)],
        "exponent": [exponent],
        "digits": digits,
    }


def value(described):
    """Return the fraction that a description stands for."""
    whole = sum(d * BASE**i for i, d in enumerate(described["digits"]))
    return described["sign"][0] * whole * Fraction(BASE) ** described["exponent"][0]


def exact(fraction):
    """Describe a fraction whose denominator is a power of two."""
    shift = -(-(fraction.denominator.bit_length() - 1) // 32)
    return number(int(fraction * BASE**shift), -shift)


def leading(fraction):
    """Return the first 106 bits: 53 in [1/2, 1), the 53 after them, and the exponent."""
    if fraction == 0:
        return [0.0, 0.0, 0]
    size = abs(fraction)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent += size >= Fraction(2) ** exponent
    bits = int(size * Fraction(2) ** (106 - exponent))
    high, low = divmod(bits, 2**53)
    sign = 1 if fraction > 0 else -1
    return [sign * math.ldexp(high, -53), sign * math.ldexp(low, -106), exponent]


def big_case(a, b):
    """Describe what follows from two numbers; quotients where b is not 0."""
    x, y = value(a), value(b)
    case = {
        "a": a,
        "b": b,
        "product": exact(x * y),
        "difference": exact(x - y),
        "order": [1 + (abs(x) > abs(y)) - (abs(x) < abs(y))],
        "leading": leading(x),
        "ratio": [],
    }
    if y != 0:
        high = nearest(x / y)
        low = 0.0
        if high != 0.0 and math.isfinite(high):
            low = nearest((x - Fraction(high) * y) / y)
        case["ratio"] = [high, low]
    return case


def ties(rng):
    """Pairs whose quotient lies half way between two doubles, or one bit beside."""
    for bits in (7, 64, 200, 1100):
        b = rng.getrandbits(bits) | 1 << (bits - 1) | 1
        half = 2 * rng.randrange(2**52, 2**53) + 1
        for nudge in (-1, 0, 1):
            for power in (0, -1110, 960):
                whole = (half * b << 96) + nudge
                yield number(whole << power % 32, power // 32 - 3), number(b)


def random_number(rng, digits, exponents):
    """Draw a number of at most so many digits."""
    bits = rng.randint(1, 32 * digits)
    kind = rng.randrange(4)
    whole = rng.getrandbits(bits) if kind else (1 << bits) - 1
    if kind == 1:
        whole = whole >> bits // 2 << bits // 2
    return number(rng.choice((-1, 1)) * whole, rng.randint(-exponents, exponents))


def big_arithmetic():
    """All operations on pairs: small, one bit apart, ties, many digits, far apart."""
    rng = random.Random(33)
    few = [0, 1, -1, 7, -7, BASE - 1, BASE, 1 - BASE, BASE**2 - 1, 2**53 + 1, -(2**64)]
    pairs = [(number(x), number(y)) for x in few for y in few]
    pairs += [
        (number(1, -34), number(1)),
        (number(3, -34), number(2)),
        (number(1, 32), number(1)),
        (number(BASE - 1, 31), number(1)),
        (number((2**53 - 1) << 11, 30), number(1)),
        (number(((2**54 - 1) << 10) - 1, 30), number(1)),
        (number((2**54 - 1) << 10, 30), number(1)),
        (number(1, 100), number(1, -100)),
        (number(-1, -100), number(1, 100)),
        (number(1, 100), number(-1, 100)),
    ]
    pairs += ties(rng)
    for digits in (1, 3, 6, 30):
        for _ in range(8):
            a, b = (random_number(rng, digits, 10) for _ in "ab")
            pairs.append((a, b))
            bit = Fraction(2) ** (32 * a["exponent"][0] - rng.choice((0, 1, 64)))
            pairs.append((a, exact(value(a) + bit)))
    for _ in range(3):
        pairs.append(tuple(random_number(rng, 400, 100) for _ in "ab"))
    cases = [big_case(a, b) for a, b in pairs]
    return {"source": "int and Fraction, rounded once", "cases": cases}
