"""How fast programs run on this machine, so that a limit means the same work everywhere.

The work is done by a clean interpreter, started as those that programs run in, and weighed by processor time. Noise
must not move a verdict: a speed counts in steps, rounded towards 1, and one from 3/4 to 4/3 of the reference machine's
counts as 1.
"""

from __future__ import annotations

import math
import subprocess
import sys
import threading
from pathlib import Path

from sandbox.errors import SandboxUnavailable
from sandbox.local.gate import gate
from sandbox.local.process_own import ProcessOwn
from sandbox.local.zygote import CLEAN, ENVIRONMENT

_REFERENCE_NS = 1_150_000
"""What the work of `sandbox/inside/speed.py` takes on the reference machine: a core of an AMD EPYC as clouds rent them
out in 2026, CPython 3.11. Another interpreter counts as another machine does, for what matters is how long a program
takes. There, Debian's 3.11.2 took 1.06 ms and, built without optimisation by profiles, 3.11.7 took 1.37 ms, 3.12.1 and
3.13.0 took 1.65 ms: none is at the edge of a step, where noise could move it."""

_STEP = 4 / 3
_MOST_STEPS = 7
"""A speed counts as 1/7.5 at least and as 7.5 at most, whatever is measured."""
_MOST_MEASUREMENTS = 3
"""A machine that seems slow is asked again: something may have slowed it for a moment, and nothing makes it faster."""
_LONGEST_SECONDS = 60.0
_INSIDE = Path(__file__).resolve().parent.parent / "inside" / "speed.py"

_lock = ProcessOwn(threading.Lock)
_known: list[float] = []


def machine_speed() -> float:
    """Return how fast programs run here, 1.0 being the reference machine; measured once in the life of a process.

    Raises:
        SandboxUnavailable: the interpreter cannot be started.
    """
    with _lock():  # two at once would measure each other
        if not _known:
            with gate().starting():
                _known.append(_measure())
        return _known[0]


def _measure() -> float:
    speed = 0.0
    for _ in range(_MOST_MEASUREMENTS):
        speed = max(speed, stepped(_REFERENCE_NS / _measure_ns()))
        if speed >= 1:
            break
    return speed


def stepped(speed: float) -> float:
    """Return the step at or before `speed`, seen from 1: a power of 4/3, in bounds."""
    steps = math.trunc(math.log(speed, _STEP))
    return float(_STEP ** max(-_MOST_STEPS, min(_MOST_STEPS, steps)))


def _measure_ns() -> int:
    try:
        done = subprocess.run(
            [sys.executable, *CLEAN, str(_INSIDE)],
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST_SECONDS,
            check=True,
        )
        return int(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise SandboxUnavailable(
            f"the machine's speed cannot be measured ({type(error).__name__}); set it, as in LocalSandbox(speed=1.0)"
        ) from None
