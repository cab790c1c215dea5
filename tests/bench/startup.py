"""Time to start `import nrd` and `nrd reproduce`, beside `import numpy`.

usage: python tests/bench/startup.py [RUNS]

Whole processes take turns, so that a machine whose speed drifts slows all alike. Medians of
the runs and of the ratios to `import numpy` are printed; nothing is asserted.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

PYTHON = sys.executable
NRD = str(Path(PYTHON).parent / "nrd")
COMMANDS = {
    "import numpy": [PYTHON, "-c", "import numpy"],
    "import nrd": [PYTHON, "-c", "import nrd"],
    "nrd reproduce binh-gia-2024": [NRD, "reproduce", "binh-gia-2024"],
    "nrd reproduce --format json": [NRD, "reproduce", "binh-gia-2024", "--format", "json"],
}


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main(runs: int = 15) -> None:
    """Time all commands in turn and print medians."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for command in COMMANDS.values():
        seconds(command)
    for _ in range(runs):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    base = times["import numpy"]
    print(f"{'command':32}{'seconds':>9}{'x numpy':>9}")
    for name, found in times.items():
        ratio = statistics.median(a / b for a, b in zip(found, base, strict=True))
        print(f"{name:32}{statistics.median(found):9.3f}{ratio:9.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
