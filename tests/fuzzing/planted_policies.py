"""Policies with a bug planted in each. The sound twin of all of them is `Graded()`, or one with weighted components."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from verifier.policy import Graded
from verifier.report import Report
from verifier.verdict import Verdict

SOUND = Graded()
WEIGHTED = Graded(components={"format": {"weight": 1.0}, "conciseness": {"weight": 2.0}}, at_stake=0.3)
Figures = Mapping[str, float | None]
_BAD = (Verdict.SECURITY_VIOLATION, Verdict.NO_CODE, Verdict.COMPILE_ERROR)


class Policy:
    """A function as a policy, in the range of `Graded`."""

    range = (-1.0, 1.0)

    def __init__(self, reward: Callable[[Report], float]) -> None:
        """Pay what `reward` says."""
        self.reward = reward


class WeightedPolicy:
    """A function of a report and figures as a policy that has the components of `WEIGHTED`."""

    range = WEIGHTED.range
    components = WEIGHTED.components

    def __init__(self, reward: Callable[[Report, Figures], float]) -> None:
        """Pay what `reward` says."""
        self._reward = reward

    def reward(self, report: Report, figures: Figures | None = None) -> float:
        """As for `verifier.policy.Policy`."""
        return self._reward(report, figures or {})


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


def format_pays_failures(report: Report, figures: Figures) -> float:
    """Pay a failing answer a little for being well written."""
    paid = WEIGHTED.reward(report, figures)
    return paid + 0.05 * (figures.get("format") or 0.0) if report.verdict is Verdict.WRONG_ANSWER else paid


def too_much_at_stake(report: Report, figures: Figures) -> float:
    """Let components take from an accepted answer more than lies between it and a failing one."""
    loss = SOUND.reward(report) - WEIGHTED.reward(report, figures)
    return SOUND.reward(report) - 5 * loss


def shorter_is_worse(report: Report, figures: Figures) -> float:
    """Read a share as if it were its opposite."""
    conciseness = figures.get("conciseness")
    return WEIGHTED.reward(report, {**figures, "conciseness": None if conciseness is None else 1.0 - conciseness})


def nan_where_not_judged(report: Report, figures: Figures) -> float:
    """Take what was not judged for a number."""
    missing = report.verdict is Verdict.ACCEPTED and None in figures.values()
    return math.nan if missing else WEIGHTED.reward(report, figures)


OF_COMPONENTS = (format_pays_failures, too_much_at_stake, shorter_is_worse, nan_where_not_judged)
