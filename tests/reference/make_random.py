"""Philox4x64-10 in whole numbers of Python, its streams, and the edges of Poisson numbers.

Held against the known answers of Random123 and, where NumPy is there, its Philox.
"""

from fractions import Fraction
from math import factorial

MASK = 2**64 - 1
MULTIPLIERS = 0xD2E7470EE14C6C93, 0xCA5A826395121157
KEY_STEPS = 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B
# Random123 1.14, tests/kat_vectors: philox4x64 10.
KNOWN = [
    (
        (0,) * 4,
        (0,) * 2,
        "16554d9eca36314c db20fe9d672d0fdc d7e772cee186176b 7e68b68aec7ba23b",
    ),
    (
        (MASK,) * 4,
        (MASK,) * 2,
        "87b092c3013fe90b 438c3c67be8d0224 9cc7d7c69cd777b6 a09caebf594f0ba0",
    ),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        "a528f45403e61d95 38c72dbd566e9788 a5a1610e72fd18b5 57bd43b5e52b7fe6",
    ),
]
CHECKED = "checked against NumPy 2.4.6"


def philox(counter, key):
    """Return the block of a counter: ten rounds, the key moves on between them."""
    a, b, c, d = counter
    for turn in range(10):
        k = [(key[i] + turn * KEY_STEPS[i]) & MASK for i in range(2)]
        left, right = MULTIPLIERS[0] * a, MULTIPLIERS[1] * c
        a, b = right >> 64 ^ b ^ k[0], right & MASK
        c, d = left >> 64 ^ d ^ k[1], left & MASK
    return a, b, c, d


def halves(words):
    """Words as pairs of 32 bits: JSON numbers are doubles."""
    return [[word >> 32, word & 2**32 - 1] for word in words]


def random_philox():
    """The known answers."""
    cases = []
    for counter, key, block in KNOWN:
        words = [int(word, 16) for word in block.split()]
        assert list(philox(counter, key)) == words
        case = {"counter": counter, "key": key, "block": words}
        cases.append({name: halves(item) for name, item in case.items()})
    return {"source": "Random123 1.14, tests/kat_vectors", "cases": cases}


def random_stream():
    """The first words of streams: seed, replicate, unit."""
    cases = []
    for seed, replicate, unit in [(0, 0, 0), (19, 7, 63), (MASK, 9998, MASK), (1, MASK, 0)]:
        blocks = [philox((b, unit, replicate, 0), (seed, 0)) for b in range(3)]
        words = [word for block in blocks for word in block][:11]
        cases.append({"stream": halves([seed, replicate, unit]), "words": halves(words)})
    return {"source": f"Philox4x64-10 in whole numbers; {CHECKED}", "cases": cases}


def random_poisson():
    """What is drawn at and just before each edge of 72 bits, and in the middle of bytes."""
    inverse_e = sum(Fraction((-1) ** k, factorial(k)) for k in range(60))
    edges, below = [], Fraction(0)
    for k in range(22):
        below += inverse_e / factorial(k)
        edges.append(round(below * 2**72))
    points = {p for edge in edges for p in (edge - 1, edge)}
    points |= {byte << 64 | 2**63 for byte in range(256)} | {2**72 - 1}
    cases = []
    for point in sorted(points):
        byte, word = point >> 64, point & MASK
        ends = byte << 64, (byte + 1 << 64) - 1
        low, high = (sum(end >= edge for edge in edges) for end in ends)
        case = {"byte": byte, "word": halves([word])}
        case["poisson"] = sum(point >= edge for edge in edges)
        cases.append({**case, "decided": int(low == high)})
    return {"source": "partial sums of 1 / (e k!) in Fractions", "cases": cases}


def cross_check():
    """Hold the streams against NumPy, which counts on before it makes a block."""
    import numpy as np

    assert np.__version__ in CHECKED
    for seed, replicate, unit in [(19, 7, 63), (MASK, 9998, MASK)]:
        counter = (unit | replicate << 64) << 64
        bits = np.random.Philox(key=seed, counter=(counter - 1) % 2**256)
        expected = [w for b in range(3) for w in philox((b, unit, replicate, 0), (seed, 0))]
        assert bits.random_raw(12).tolist() == expected


if __name__ == "__main__":
    cross_check()
