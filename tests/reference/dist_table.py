"""Print the accuracy of the distribution functions against 50 digits, in Markdown.

Of nrd, SciPy and the GSL that is installed:

    python tests/reference/dist_table.py

With --nrd, of nrd alone.
"""

import ctypes
import ctypes.util
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
# Shapes of each law, and its name in SciPy and in GSL.
CONTINUOUS = {
    "normal": ((), "norm", "ugaussian"),
    "t": (("df",), "t", "tdist"),
    "chi2": (("df",), "chi2", "chisq"),
    "f": (("df1", "df2"), "f", "fdist"),
    "beta": (("a", "b"), "beta", "beta"),
}
DISCRETE = {
    "binomial": ("n", "p"),
    "hypergeometric": ("population", "successes", "n"),
}


def reference(law):
    return json.loads((FOLDER / f"dist_{law}.json").read_text(encoding="utf-8"))


def of_nrd(law):
    """Functions cdf, sf, quantile and isf of a law by nrd."""
    from nrd._core import call, ffi, lib

    def function(name):
        full = f"nrd_dist_{law}_{name}"
        kind = ffi.typeof(getattr(lib, full)).args[-2]

        def value(*arguments):
            out = ffi.new(kind)
            call(full, law, *arguments, out)
            return out[0]

        return value

    return [function(name) for name in ("cdf", "sf", "quantile", "isf")]


def of_scipy(law):
    """The same by SciPy."""
    from scipy import stats

    names = {"binomial": "binom", "hypergeometric": "hypergeom"}
    made = getattr(stats, CONTINUOUS[law][1] if law in CONTINUOUS else names[law])
    return [made.cdf, made.sf, made.ppf, made.isf]


def of_gsl(law):
    """The same by GSL, which has no quantiles of discrete laws."""
    gsl = ctypes.CDLL(ctypes.util.find_library("gsl"))
    gsl.gsl_set_error_handler_off()

    def function(name, *kinds):
        found = getattr(gsl, f"gsl_cdf_{name}")
        found.restype, found.argtypes = ctypes.c_double, kinds
        return found

    if law in CONTINUOUS:
        shapes, _, name = CONTINUOUS[law]
        kinds = [ctypes.c_double] * (1 + len(shapes))
        return [function(f"{name}_{end}", *kinds) for end in ("P", "Q", "Pinv", "Qinv")]
    whole = ctypes.c_uint
    if law == "binomial":
        ends = [function(f"{law}_{e}", whole, ctypes.c_double, whole) for e in "PQ"]
        return [lambda k, n, p, end=end: end(k, p, n) for end in ends]
    ends = [function(f"{law}_{e}", *[whole] * 4) for e in "PQ"]
    return [lambda k, all_, n1, n, end=end: end(k, n1, all_ - n1, n) for end in ends]


def error(found, expected):
    """The relative error; 1 where there is no number."""
    size = abs(float(found) - expected) / abs(expected)
    return size if size <= 1 else 1.0


def continuous(law, functions):
    """Points, and the largest errors of shares and of quantiles."""
    cdf, sf, quantile, isf = functions
    ref = reference(law)
    rows = list(zip(*(ref[name] for name in CONTINUOUS[law][0]), strict=True))
    rows = rows or [()] * len(ref["point"])
    share = point = 0.0
    for i, shapes in enumerate(rows):
        at, tail = ref["point"][i], ref["tail"][i]
        share = max(share, error(cdf(at, *shapes), ref["lower"][i]))
        share = max(share, error(sf(at, *shapes), ref["upper"][i]))
        inverse = isf if ref["side"][i] else quantile
        point = max(point, error(inverse(tail, *shapes), at))
    return len(rows), f"{share:.1e}", f"{point:.1e}"


def discrete(law, functions):
    """The same; of quantiles how many counts are other ones."""
    points, share, wrong, asked = 0, 0.0, 0, 0
    for case in reference(law)["cases"]:
        shapes = [case[name][0] for name in DISCRETE[law]]
        for k, lower, upper in zip(case["k"], case["lower"], case["upper"], strict=True):
            for function, expected in zip(functions, (lower, upper), strict=False):
                if expected > 0:
                    share = max(share, error(function(k, *shapes), expected))
            points += 1
        for function, name in zip(functions[2:], ("quantile", "isf"), strict=False):
            for p, count in zip(case["share"], case[name], strict=True):
                wrong += int(function(p, *shapes)) != count
                asked += 1
    return points, f"{share:.1e}", f"{wrong} of {asked}" if asked else "none"


def main():
    """Print the tables."""
    peers = {"nrd": of_nrd}
    if "--nrd" not in sys.argv[1:]:
        peers |= {"SciPy": of_scipy, "GSL": of_gsl}
    for laws, measured, second in (
        (CONTINUOUS, continuous, "quantile, isf"),
        (DISCRETE, discrete, "other counts"),
    ):
        head = [f"{peer}: {what}" for peer in peers for what in ("cdf, sf", second)]
        print(f"| law | points | {' | '.join(head)} |\n|{'---|' * (len(head) + 2)}")
        for law in laws:
            found = [measured(law, functions(law)) for functions in peers.values()]
            cells = [cell for row in found for cell in row[1:]]
            print(f"| `{law}` | {found[0][0]} | {' | '.join(cells)} |")
        print()


if __name__ == "__main__":
    main()
