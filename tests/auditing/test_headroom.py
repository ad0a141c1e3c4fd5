"""verifier.auditing.headroom: what a reference needs, of several gradings, and which limits are told."""

from __future__ import annotations

import pytest

from tests.verifier.answers import calls
from testsuites import SuiteLimits
from verifier.auditing.findings import Kind
from verifier.auditing.headroom import Headroom, headroom, limit_findings
from verifier.report import Report, TestResult
from verifier.verdict import Verdict

MIB = 1024 * 1024
SUITE = calls((1, 1), (2, 2), limits=SuiteLimits(cpu_seconds=1.0, memory_mb=100.0))


def _report(*seconds: float, peaks: tuple[int, ...] = (0, 0), speed: float = 1.0) -> Report:
    tests = tuple(
        TestResult(name=f"t{number}", verdict=Verdict.ACCEPTED, cpu_seconds=used, peak_bytes=peak * MIB)
        for number, (used, peak) in enumerate(zip(seconds, peaks, strict=True), start=1)
    )
    return Report(suite="s", digest="", tests=tests, speed=speed)


def _room(cpu_seconds: float, limit: float = 1.0, peak: int = 0, memory: int = 100) -> Headroom:
    return Headroom(
        cpu_seconds=cpu_seconds,
        cpu_seconds_limit=limit,
        slowest_test="t1",
        peak_bytes=peak * MIB,
        memory_bytes_limit=memory * MIB,
        largest_test="t2",
    )


def test_what_is_needed_is_the_median_of_the_test_that_needs_most() -> None:
    """One grading that a busy machine slowed down changes nothing; figures are of the reference machine."""
    reports = [
        _report(0.1, 0.3, peaks=(60, 20)),
        _report(0.1, 9.0, peaks=(50, 20)),
        _report(0.2, 0.6, peaks=(70, 20), speed=0.5),
    ]
    found = headroom(SUITE, reports)
    assert (found.cpu_seconds, found.slowest_test) == (0.3, "t2")
    assert (found.peak_bytes, found.largest_test) == (60 * MIB, "t1")
    assert (found.cpu_seconds_limit, found.memory_bytes_limit) == (1.0, 100 * MIB)


def test_limits_that_an_author_left_out_are_the_verifiers() -> None:
    """They are compared all the same."""
    found = headroom(calls((1, 1), (2, 2)), [_report(0.1, 0.2)])
    assert (found.cpu_seconds_limit, found.memory_bytes_limit) == (5.0, 512 * MIB)


@pytest.mark.parametrize(
    ("room", "kinds"),
    [
        (_room(0.5), []),
        (_room(0.51), [(Kind.TIGHT_LIMIT, "processor time", "t1")]),
        (_room(0.5, peak=51), [(Kind.TIGHT_LIMIT, "memory", "t2")]),
        (_room(0.5, peak=50), []),
        (_room(0.0, 5.0), []),
        (_room(0.0, 5.01), [(Kind.LOOSE_LIMIT, "processor time", "t1")]),
        (_room(0.06, 6.0), []),
        (_room(0.06, 6.01), [(Kind.LOOSE_LIMIT, "processor time", "t1")]),
        (_room(0.5, peak=0, memory=1600), []),
        (_room(0.5, peak=20, memory=2001), [(Kind.LOOSE_LIMIT, "memory", "t2")]),
    ],
)
def test_limits_on_either_side(room: Headroom, kinds: list[tuple[Kind, str, str]]) -> None:
    """Twice what is needed is enough, and a hundred times is not far; memory that is not known is not compared."""
    assert [(item.kind, item.name, item.test) for item in limit_findings("s", room, 2.0)] == kinds


def test_both_figures_are_told() -> None:
    """With how far they are apart, and how far they should be."""
    (finding,) = limit_findings("s", _room(0.4), 3.0)
    assert finding.words == "needs 0.4 s, limit 1 s, 2.5 times that; 3 times are asked for"
    (finding,) = limit_findings("s", _room(0.0, 10.0), 3.0)
    assert finding.words == "needs 0 s, limit 10 s; more than 100 times"
