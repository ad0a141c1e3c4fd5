"""Counts of a grade's tests, the same in replies, log records and metrics."""

from __future__ import annotations

from verifier.grade import Grade
from verifier.verdict import Verdict


def tests_run(grade: Grade) -> int:
    """Return how many tests were started; after three time-outs the rest is not."""
    return sum(result.wall_seconds > 0 for result in grade.tests)


def pass_rate(grade: Grade) -> float:
    """Return the share of the tests that were accepted, without weights and groups, 0..1."""
    passed = sum(result.verdict is Verdict.ACCEPTED for result in grade.tests)
    return passed / max(1, len(grade.tests))
