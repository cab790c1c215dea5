"""Long calls that are stopped with Ctrl-C, and children of fork."""

import os
import sys

import pytest
from support import assert_stops, run_python

LONG_UPDATE = """
import numpy, nrd
x = numpy.random.default_rng(1).standard_normal(4_000_000)
state = nrd.Moments([str(i) for i in range(24)], threads=2)
state.update({str(i): x[:9] for i in range(24)})
before = state.to_bytes()
for _ in range(3):
    try:
        print("ready", flush=True)
        state.update({str(i): x for i in range(24)})
    except KeyboardInterrupt:
        assert state.to_bytes() == before
        print("stopped", flush=True)
assert float(nrd.mean(x[:3])) == nrd.mean(x[2::-1]).columns["mean"][0]
print("usable", flush=True)
"""

LONG_QUANTILE = """
import numpy, nrd
n = 8_000_000
x = numpy.random.default_rng(1).standard_normal(n)
table = {**{str(i): x for i in range(24)}, "w": x * x, "g": numpy.arange(n) % 1000}
for _ in range(3):
    try:
        print("ready", flush=True)
        nrd.quantile(table, 0.5, by="g", type=1, weights="w", weight_kind="precision")
    except KeyboardInterrupt:
        print("stopped", flush=True)
assert float(nrd.quantile(x[:3], 0.5)) == sorted(x[:3])[1]
print("usable", flush=True)
"""

LONG_DESCRIPTION = """
import numpy, nrd
x = numpy.random.default_rng(1).standard_normal(8_000_000)
for _ in range(3):
    try:
        print("ready", flush=True)
        nrd.describe({str(i): x for i in range(24)})
    except KeyboardInterrupt:
        print("stopped", flush=True)
assert nrd.describe(x[:3]).columns["max"] == [max(x[:3])]
print("usable", flush=True)
"""

LONG_PROJECTION = """
import numpy, nrd
n = 100_000
rates = numpy.random.default_rng(1).uniform(1, 99, 8 * n)
data = {"a": numpy.arange(n).repeat(8), "t": numpy.tile(numpy.arange(8), n), "v": rates}
trends = nrd.poverty_trends(data, unit="a", time="t", value="v")
drawn = {"target": 5, "method": "bootstrap", "n_resamples": 50_000}
for call, options in (
    (trends.project, drawn),
    (trends.joints, {"most": 1, "n_resamples": 50_000}),
    (trends.project, {**drawn, "progress": lambda done, total: None}),
):
    try:
        print("ready", flush=True)
        call(**options)
    except KeyboardInterrupt:
        print("stopped", flush=True)
assert trends.area(3).project().states == ("made",)
print("usable", flush=True)
"""

LONG = [LONG_UPDATE, LONG_QUANTILE, LONG_DESCRIPTION, LONG_PROJECTION]

FORK = """
import os, numpy, nrd
x = numpy.random.default_rng(1).standard_normal(200_000)
expected = float(nrd.mean(x, threads=4))
child = os.fork()
if child == 0:
    same = float(nrd.mean(x, threads=4)) == expected
    os._exit(0 if same else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals as here")
@pytest.mark.parametrize("script", LONG)
def test_a_long_call_can_be_stopped(script):
    assert_stops(script, (0.05, 0.1, 0.15), "usable\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_child_of_fork_can_compute():
    with run_python(FORK) as process:
        assert process.communicate(timeout=60) == ("0\n", "")
