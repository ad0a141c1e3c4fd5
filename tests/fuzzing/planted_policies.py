"""Policies with a bug planted in each. The sound twin of all of them is `Graded()`."""

from __future__ import annotations

import math
from collections.abc import Callable

from verifier.policy import Graded
from verifier.report import Report
from verifier.verdict import Verdict

SOUND = Graded()
_BAD = (Verdict.SECURITY_VIOLATION, Verdict.NO_CODE, Verdict.COMPILE_ERROR)


class Policy:
    """A function as a policy, in the range of `Graded`."""

    range = (-1.0, 1.0)

    def __init__(self, reward: Callable[[Report], float]) -> None:
        """Pay what `reward` says."""
        self.reward = reward


def full_credit_is_the_top(report: Report) -> float:
    """Stretch the credit over the range, and forget that a test may weigh nearly nothing."""
    return SOUND.reward(report) if report.verdict in _BAD else 2 * report.credit - 1


def nan_without_weight(report: Report) -> float:
    """Divide by whole weights, which may all be 0."""
    total = sum(int(test.weight) for test in report.tests)
    return SOUND.reward(report) if total else math.nan


def failures_pay(report: Report) -> float:
    """Give a little for each test that failed, as an effort."""
    failed = sum(test.verdict is not Verdict.ACCEPTED for test in report.tests)
    return min(0.9, SOUND.reward(report) + 0.3 * failed) if failed else 1.0


def bonus_leaves_the_range(report: Report) -> float:
    """Add a bonus for many tests after all bounds were looked after."""
    return SOUND.reward(report) + 0.05 * (len(report.tests) > 4 and report.verdict is Verdict.ACCEPTED)


def first_test_counts_double(report: Report) -> float:
    """Weigh by position."""
    first = report.tests[0].verdict is Verdict.ACCEPTED
    return SOUND.reward(report) + (0.0 if report.verdict is Verdict.ACCEPTED else 0.05 * first)


def violation_keeps_credit(report: Report) -> float:
    """Pay for passed tests also where another broke the rules."""
    return -1 + 0.4 * report.credit if report.verdict is Verdict.SECURITY_VIOLATION else SOUND.reward(report)


def judge_errors_are_neutral(report: Report) -> float:
    """Pay 0 where nobody knows."""
    return 0.0 if report.verdict is Verdict.JUDGE_ERROR else SOUND.reward(report)


def worst_verdict_unseen(report: Report) -> float:
    """Take the weakest verdict for that of the submission: one pass is enough."""
    passed = any(test.verdict is Verdict.ACCEPTED for test in report.tests)
    return 1.0 if passed and report.verdict is Verdict.RUNTIME_ERROR else SOUND.reward(report)


def remembering() -> Callable[[Report], float]:
    """Pay less for what was paid before."""
    seen: set[int] = set()

    def reward(report: Report) -> float:
        paid = SOUND.reward(report)
        known = len(report.tests) in seen
        seen.add(len(report.tests))
        return max(-1.0, paid - 0.01) if known else paid

    return reward
