"""Write the C source of ``nrd._core._native`` from the public headers of libnrd.

usage: build_native.py INCLUDE_DIR OUTPUT
"""

import re
import sys
from pathlib import Path

from cffi import FFI

# In the order of their types: each header uses only those before it.
HEADERS = (
    "status.h",
    "column.h",
    "decimal.h",
    "exact.h",
    "parallel.h",
    "random.h",
    "order.h",
    "order_groups.h",
    "criteria.h",
    "level.h",
    "assess.h",
    "attainment.h",
    "gap.h",
    "resource.h",
    "crosswalk.h",
    "moments.h",
    "anova.h",
    "powers.h",
    "regression.h",
    "dist.h",
    "inequality.h",
    "interval.h",
    "adjust.h",
    "bootstrap.h",
    "bootstrap_interval.h",
    "bootstrap_moments.h",
    "permutation.h",
    "joinpoint.h",
    "projection.h",
    "sandwich.h",
    "wild.h",
    "kendall.h",
    "slope.h",
    "trend.h",
    "trend_serial.h",
)
MARKED = re.compile(r"/\* cffi: begin \*/(.*?)/\* cffi: end \*/", re.DOTALL)
MACROS = re.compile(r"\bNRD_(?:API|NODISCARD)\b")


def declarations(header: Path) -> str:
    """Return what stands between the two marks, as plain C."""
    marked = MARKED.search(header.read_text(encoding="utf-8"))
    if marked is None:
        raise SystemExit(f"{header}: the cffi marks are missing")
    return MACROS.sub("", marked[1])


def main(include_dir: str, output: str) -> None:
    """Emit the C source; CMake compiles it with libnrd."""
    folder = Path(include_dir) / "nrd"
    ffibuilder = FFI()
    ffibuilder.cdef("\n".join(declarations(folder / name) for name in HEADERS))
    ffibuilder.set_source("nrd._core._native", "#include <nrd/nrd.h>")
    ffibuilder.emit_c_code(output)


if __name__ == "__main__":
    main(*sys.argv[1:])
