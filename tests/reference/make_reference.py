"""Make the reference files of the C and Python tests, with the standard library alone.

Everything here is enumeration and rational arithmetic: ``float`` turns a
``fractions.Fraction`` into the nearest double (ties to even), so each expected double is
the right one. The files are the same bits at every run::

    python3 make_reference.py [directory]
"""

import json
import random
import sys
from pathlib import Path

import make_big
import make_bootstrap
import make_crosswalk
import make_decimal
import make_exact
import make_gap
import make_inequality
import make_matrix
import make_moments
import make_moments_digest
import make_order
import make_random
import make_regression
import make_resource


def column_validity():
    """Bitmaps read bit by bit, least significant first, from an offset on."""
    rng = random.Random(1)
    cases = []
    for length, offset in [(0, 3), (1, 0), (1, 7), (7, 1), (8, 8), (19, 5), (75, 13)]:
        bitmap = [rng.randrange(256) for _ in range((length + offset + 7) // 8)]
        bits = [byte >> k & 1 for byte in bitmap for k in range(8)]
        nans = [int(rng.random() < 0.3) for _ in range(length)]
        valid = bits[offset : offset + length]
        cases.append(
            {
                "offset": [offset],
                "bitmap": bitmap,
                "nan": nans,
                "valid": valid,
                "count": [sum(valid)],
                "count_numbers": [sum(v and not x for v, x in zip(valid, nans))],
            }
        )
    return {"source": "bits listed one by one", "cases": cases}


FILES = {
    "bootstrap_enumeration": make_bootstrap.bootstrap_enumeration,
    "column_validity": column_validity,
    "crosswalk_rules": make_crosswalk.crosswalk_rules,
    "decimal_double": make_decimal.decimal_double,
    "decimal_ratio": make_decimal.decimal_ratio,
    "decimal_sum": make_decimal.decimal_sum,
    "decimal_parse": make_decimal.decimal_parse,
    "exact_sum": make_exact.exact_sum,
    "exact_product": make_exact.exact_product,
    "big_arithmetic": make_big.big_arithmetic,
    "attainment_completions": make_matrix.attainment_completions,
    "gap_criteria": make_matrix.gap_criteria,
    "inequality_groups": make_inequality.inequality_groups,
    "gap_sums": make_gap.gap_sums,
    "moments_columns": make_moments.moments_columns,
    "moments_anova": make_moments.moments_anova,
    "moments_decimals": make_moments.moments_decimals,
    "moments_digest": make_moments_digest.moments_digest,
    "order_rank": make_order.order_rank,
    "order_quantile": make_order.order_quantile,
    "order_frequency": make_order.order_frequency,
    "order_weighted": make_order.order_weighted,
    "random_philox": make_random.random_philox,
    "random_stream": make_random.random_stream,
    "random_poisson": make_random.random_poisson,
    "regression_fit": make_regression.regression_fit,
    "resource_margins": make_resource.resource_margins,
    "resource_sum": make_resource.resource_sum,
    "resource_ratio": make_resource.resource_ratio,
    "resource_ratio_wide": make_resource.resource_ratio_wide,
}


def json_of(item):
    """Write an item; JSON has no NaN, which is null, and reads an infinity off 1e999."""
    return json.dumps(item).replace("NaN", "null").replace("Infinity", "1e999")


def lines_of(value):
    """Yield the text of one file: a line for each key, and for each case."""
    separator = "{"
    for key, item in value.items():
        if key == "cases":
            cases = ",\n  ".join(map(json_of, item))
            yield f'{separator}\n "cases": [\n  {cases}\n ]'
        else:
            yield f"{separator}\n {json.dumps(key)}: {json_of(item)}"
        separator = ","
    yield "\n}\n"


def main(directory):
    """Write every reference file into a directory."""
    for name, make in FILES.items():
        value = make()
        value["source"] += "; tests/reference/make_reference.py"
        path = Path(directory) / f"{name}.json"
        path.write_text("".join(lines_of(value)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
