"""From a suite author's limits to a sandbox's."""

from __future__ import annotations

from sandbox import Limits
from sandbox.job import MEBIBYTE
from testsuites import SuiteLimits

ORACLE_LIMITS = Limits(cpu_seconds=20.0, memory_bytes=1024 * MEBIBYTE, output_bytes=64 * MEBIBYTE)
"""What test code may use between two calls of the solution."""


def sandbox_limits(limits: SuiteLimits) -> Limits:
    """Return the sandbox's limits for one test; what the author left out keeps its default."""
    given: dict[str, float | int] = {}
    if limits.cpu_seconds is not None:
        given["cpu_seconds"] = limits.cpu_seconds
    if limits.memory_mb is not None:
        given["memory_bytes"] = round(limits.memory_mb * MEBIBYTE)
    if limits.output_mb is not None:
        given["output_bytes"] = round(limits.output_mb * MEBIBYTE)
    return Limits(**given)  # type: ignore[arg-type]
