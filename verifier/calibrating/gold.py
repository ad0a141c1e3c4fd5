"""The gate before everything else: the reference passes, again and again, whatever the order of its sets."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence

import msgspec

from testsuites import AnySuite, SuiteInvalid, SuiteLimits
from testsuites.calibration import Cost
from verifier.calibrating.bench import Bench
from verifier.components.length import tokens
from verifier.limits import sandbox_limits
from verifier.report import Report
from verifier.verdict import Verdict

REPEATS = 3
"""How often a right program is judged under the hash seed 0; once more under another."""
_WHEN = ("", " the second time", " the third time", " under another hash seed")

LEAST_SECONDS = 0.25
"""Processor time that a mutant may use for a test, on the reference machine, however quick the reference is."""
MOST_TIMES = 10.0
"""How many times as long as the reference a mutant may take for a test."""


class Gold(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the reference.

    Attributes:
        problem: why it is not gold, empty where it is; says nothing hidden.
        cpu_seconds: the most processor time that a test took, on the reference machine.
        cost: of all tests together.
    """

    problem: str = ""
    cpu_seconds: float = 0.0
    cost: Cost | None = None


def examine(suite: AnySuite, reference: str | None, bench: Bench) -> Gold:
    """Judge the reference `REPEATS` times, then under another hash seed.

    Raises:
        SandboxError: as for `verifier.judging.judge`.
    """
    if reference is None:
        return Gold(problem="there is no reference.py beside it")
    reports = []
    try:
        for number, report in enumerate(judgings(suite, reference, bench)):
            if report.verdict is not Verdict.ACCEPTED:
                return Gold(problem=f"the reference fails{_WHEN[number]}: {first_failure(report)}")
            reports.append(report)
    except SuiteInvalid as error:
        return Gold(problem=str(error))
    seconds = max(test.cpu_seconds * report.speed for report in reports for test in report.tests)
    return Gold(cpu_seconds=seconds, cost=_cost(reports, reference))


def judgings(suite: AnySuite, source: str, bench: Bench, repeats: int = REPEATS) -> Iterator[Report]:
    """Judge a program so many times, then under another hash seed, each time when the report is asked for.

    Raises:
        SandboxError, SuiteInvalid: as for `verifier.judging.judge`.
    """
    for number in range(repeats + 1):
        yield bench.report(suite, source, other_hash_seed=number == repeats)


def first_failure(report: Report) -> str:
    """Say which test failed first, and how, of a report that is not accepted."""
    failed = next(test for test in report.tests if test.verdict is not Verdict.ACCEPTED)
    return f"test {failed.name}: {failed.verdict}" + (f", {failed.detail}" if failed.detail else "")


def limited(suite: AnySuite, gold: Gold) -> AnySuite:
    """Return the suite with a limit on processor time that suits mutants, never above its own.

    It is `MOST_TIMES` that of the reference, `LEAST_SECONDS` at least: a mutant that never ends costs little, and one
    that takes longer counts as killed, as is usual where mutants are tested.
    """
    allowed = sandbox_limits(suite.limits).cpu_seconds
    seconds = min(allowed, max(LEAST_SECONDS, MOST_TIMES * gold.cpu_seconds))
    limits: SuiteLimits = msgspec.structs.replace(suite.limits, cpu_seconds=seconds)
    return msgspec.structs.replace(suite, limits=limits)


def _cost(reports: Sequence[Report], reference: str) -> Cost:
    totals = [math.fsum(test.cpu_seconds for test in report.tests) * report.speed for report in reports]
    middle = statistics.median(totals)
    return Cost(
        cpu_seconds=_rounded(middle),
        cpu_spread=_rounded(max(abs(total - middle) for total in totals)),
        peak_bytes=max(test.peak_bytes for report in reports for test in report.tests),
        tokens=tokens(reference),
    )


def _rounded(seconds: float) -> float:
    """Leave three digits: the next ones are noise."""
    return float(f"{seconds:.3g}")
