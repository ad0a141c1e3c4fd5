"""How far a suite's limits are from what its reference needs."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

import msgspec

from testsuites import AnySuite
from verifier.auditing.findings import Finding, Kind
from verifier.limits import sandbox_limits
from verifier.report import Report

LIMIT_FACTOR = 2.0
"""How many times what the reference needs a limit should be at least, unless told otherwise."""
LOOSE_FACTOR = 100.0
"""From how many times on it is told that a limit is far away."""

_LEAST_SECONDS = 0.05
_LEAST_BYTES = 16 * 1024 * 1024
"""A reference that needs less counts as needing this much: limits below `LOOSE_FACTOR` times that gain little."""


class Headroom(msgspec.Struct, frozen=True, kw_only=True):
    """What the reference needs on the test that needs most, and what the suite allows.

    Attributes:
        cpu_seconds: processor time on the reference machine, the median of several gradings.
        cpu_seconds_limit: likewise.
        slowest_test: the test that it is of.
        peak_bytes: memory, likewise; 0 where it is not known.
        memory_bytes_limit: likewise.
        largest_test: the test that it is of.
    """

    cpu_seconds: float
    cpu_seconds_limit: float
    slowest_test: str
    peak_bytes: int
    memory_bytes_limit: int
    largest_test: str


def headroom(suite: AnySuite, reports: Sequence[Report]) -> Headroom:
    """Measure by reports of a reference that was accepted."""
    limits = sandbox_limits(suite.limits)
    tests = list(zip(*(report.tests for report in reports), strict=True))
    speeds = [report.speed for report in reports]
    names = [results[0].name for results in tests]
    seconds = [
        statistics.median(result.cpu_seconds * speed for result, speed in zip(results, speeds, strict=True))
        for results in tests
    ]
    peaks = [statistics.median_low([result.peak_bytes for result in results]) for results in tests]
    return Headroom(
        cpu_seconds=float(f"{max(seconds):.3g}"),  # the next digits are noise
        cpu_seconds_limit=limits.cpu_seconds,
        slowest_test=names[seconds.index(max(seconds))],
        peak_bytes=max(peaks),
        memory_bytes_limit=limits.memory_bytes,
        largest_test=names[peaks.index(max(peaks))],
    )


def limit_findings(suite_id: str, room: Headroom, factor: float) -> Iterator[Finding]:
    """Yield a finding for each limit that is nearer than `factor` times what is needed, or very far."""
    for name, test, need, limit, least, shown in (
        ("processor time", room.slowest_test, room.cpu_seconds, room.cpu_seconds_limit, _LEAST_SECONDS, _seconds),
        ("memory", room.largest_test, room.peak_bytes, room.memory_bytes_limit, _LEAST_BYTES, _mebibytes),
    ):
        if need and limit < factor * need:
            kind, asked = Kind.TIGHT_LIMIT, f"{factor:g} times are asked for"
        elif limit > LOOSE_FACTOR * max(need, least):
            kind, asked = Kind.LOOSE_LIMIT, f"more than {LOOSE_FACTOR:g} times"
        else:
            continue
        times = f", {limit / need:.1f} times that" if need else ""
        words = f"needs {shown(need)}, limit {shown(limit)}{times}; {asked}"
        yield Finding(kind=kind, suite=suite_id, name=name, test=test, words=words)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3g} s"


def _mebibytes(size: float) -> str:
    return f"{size / 1024**2:.0f} MiB"
