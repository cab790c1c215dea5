"""Make the reference files of adjusted p-values that R's p.adjust does not give.

Those of statsmodels; and the discrete methods by their definition: critical values found
by trying every attainable p-value, in fractions. The files are the same bits at every
run::

    python3 make_adjust.py [directory]
"""

import json
import random
import sys
from fractions import Fraction
from pathlib import Path

import statsmodels
from make_reference import lines_of
from statsmodels.stats.multitest import multipletests

# Number of each method in nrd_adjust_method.
METHODS = {"sidak": 1, "holm-sidak": 3, "fdr_tsbh": 8, "fdr_tsbky": 9}
DISCRETE = {"up": 10, "down": 11, "adaptive up": 12, "adaptive down": 13}
ALPHAS = (0.05, 0.2)


def families():
    """P-values: few, equal ones, ends of the range, many small ones."""
    rng = random.Random(6)
    yield [0.0238]
    yield [0.04, 0.03]
    yield [0.368, 0.0238, 0.0238, 1.0, 0.0, 0.7, 0.0238]
    yield [0.001, 0.002, 0.003]
    yield [0.6, 0.7, 0.8, 0.9]
    yield [rng.random() ** 4 for _ in range(40)]
    yield [round(rng.random() ** 3, 2) for _ in range(60)]


def statsmodels_file():
    """Adjusted p-values of multipletests."""
    cases = [
        {
            "name": name,
            "method": [number],
            "alpha": [alpha],
            "p": p,
            "adjusted": multipletests(p, alpha, name)[1].tolist(),
        }
        for p in families()
        for name, number in METHODS.items()
        for alpha in ALPHAS
    ]
    source = f"statsmodels {statsmodels.__version__}, multipletests"
    return {"source": f"{source}; tests/reference/make_adjust.py", "cases": cases}


def cdf(support, t):
    """Chance of a p-value up to t."""
    return max((f for f in support if f <= t), default=Fraction(0))


def largest(terms, count):
    return sum(sorted(terms, reverse=True)[:count])


def rejected(p, supports, alpha, up, adaptive):
    """Tests that are rejected, by the critical values of the definition."""
    m = len(p)
    attainable = sorted({f for support in supports for f in support})

    def own(t):
        at = [cdf(support, t) for support in supports]
        return None if 1 in at else [f / (1 - f) for f in at]

    def allowed(t, k, terms):
        return terms is not None and (
            largest(terms, m - k + 1 if adaptive else m) <= alpha * k
        )

    tau = max((t for t in attainable if own(t) and sum(own(t)) <= alpha * m), default=0)

    def with_tau(t):
        return [cdf(support, t) / (1 - cdf(support, tau)) for support in supports]

    def critical(k):
        if up:
            found = [t for t in attainable if t <= tau and allowed(t, k, with_tau(t))]
        else:
            found = [t for t in attainable if allowed(t, k, own(t))]
        return max(found, default=0)

    ordered = sorted(p)
    within = [ordered[k - 1] <= critical(k) for k in range(1, m + 1)]
    if up:
        count = max((k for k in range(1, m + 1) if within[k - 1]), default=0)
    else:
        count = next((k for k in range(m) if not within[k]), m)
    return [int(count > 0 and value <= ordered[count - 1]) for value in p]


def discrete_file():
    """Small families with supports in 64ths or 60ths."""
    rng = random.Random(7)
    cases = []
    for _ in range(60):
        base = rng.choice([60, 64])
        lists = [
            sorted([*rng.sample(range(1, base // 2), rng.randint(2, 6)), base])
            for _ in range(3)
        ]
        chosen = [rng.randrange(3) for _ in range(rng.randint(1, 9))]
        places = [rng.choice(lists[s][:2]) for s in chosen]
        # Doubles that stand for the fractions, so that both compare alike.
        supports = [[Fraction(k / base) for k in lists[s]] for s in chosen]
        p = [Fraction(k / base) for k in places]
        alpha = rng.choice([0.0638, 0.2385, 0.4915])
        case = {
            "alpha": [alpha],
            "p": [float(value) for value in p],
            "values": [k / base for values in lists for k in values],
            "start": [sum(map(len, lists[:s])) for s in range(4)],
            "list": chosen,
        }
        for name in DISCRETE:
            found = rejected(
                p, supports, Fraction(alpha), name.endswith("up"), "adaptive" in name
            )
            case[name.replace(" ", "_")] = found
        cases.append(case)
    source = "critical values by their definition, in fractions"
    return {"source": f"{source}; tests/reference/make_adjust.py", "cases": cases}


def main(directory):
    """Write every reference file into a directory."""
    files = {"adjust_statsmodels": statsmodels_file(), "adjust_discrete": discrete_file()}
    for name, value in files.items():
        text = "".join(lines_of(value))
        json.loads(text)
        (Path(directory) / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
