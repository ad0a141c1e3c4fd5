"""How many programs can compute at once here."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path

_LAMBDA_MB_FOR_A_PROCESSOR = 1769  # docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html


def available_processors(environment: Mapping[str, str] = os.environ) -> int:
    """Return how many programs can compute at once: the least of what the kernel, the cgroup and Lambda allow."""
    found = [len(os.sched_getaffinity(0)), *_cgroup_processors()]
    memory = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    if memory.isdecimal():
        found.append(math.ceil(int(memory) / _LAMBDA_MB_FOR_A_PROCESSOR))
    return max(1, min(found))


def _cgroup_processors() -> list[int]:
    """Return the cgroup's share of processor time, rounded up, when it has a limit (cgroups(7), cpu.max)."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return [] if quota == "max" else [math.ceil(int(quota) / int(period))]
    except (OSError, ValueError):
        return []  # no such file, as with the first version of cgroups
