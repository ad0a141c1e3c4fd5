"""What every policy is: a pure function from a report to a finite number.

Laws, checked when a policy is made, so that a policy that exists keeps them:

- every reward is finite and in the policy's range
- no submission that fails a test is paid as much as an accepted one
- a submission that does worse on a test (a stronger verdict, or less credit) is never paid more
- a submission without a program, one that does not compile, and one that breaks the rules earn no credit
"""

from __future__ import annotations

import math

import msgspec

from verifier.report import Report
from verifier.verdict import Verdict

WITHOUT_CREDIT = frozenset({Verdict.SECURITY_VIOLATION, Verdict.NO_CODE, Verdict.COMPILE_ERROR})
"""Verdicts that leave nothing of the credit that other tests earned."""


class PolicyError(Exception):
    """A policy cannot be found, read or used. The message names the number and says what to do."""


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What the kinds share.

    Attributes:
        range: lowest and highest reward.
        neutral: what to send for an answer that was not judged, where a contract wants a number. Not a reward.
    """

    range: tuple[float, float] = (-1.0, 1.0)
    neutral: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a policy that breaks a law.

        Raises:
            PolicyError: as above.
        """
        low, high = self.range
        if not (low < high and math.isfinite(high - low)):
            raise PolicyError(f"range: [{low}, {high}] must be two finite numbers, the lower one first")
        self.check_in_range("neutral", self.neutral)

    def check_in_range(self, name: str, number: float) -> None:
        """Refuse a number outside the range.

        Raises:
            PolicyError: as above.
        """
        low, high = self.range
        if not low <= number <= high:  # NaN too
            raise PolicyError(f"{name}: {number} is not in the range [{low}, {high}]; change it, or `range`")

    def reward(self, report: Report) -> float:
        """Return the reward for what judging found, in `range`.

        Raises:
            ValueError: the submission was not judged, so there is nothing to reward.
        """
        verdict = report.verdict
        if verdict is Verdict.JUDGE_ERROR:
            raise ValueError("a submission that was not judged has no reward")
        return self.pay(verdict, 0.0 if verdict in WITHOUT_CREDIT else report.credit)

    def pay(self, verdict: Verdict, credit: float) -> float:
        """Return the reward for a verdict on the whole submission and its credit (0..1). Each kind has its own."""
        raise NotImplementedError
