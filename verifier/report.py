"""A report: what judging one submission against one suite found, before any reward is chosen."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from verifier.verdict import WITHOUT_CREDIT, Verdict, strongest


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one test.

    Attributes:
        name: the test's name, or its number in the suite.
        verdict: how it was judged.
        weight: the test's share of the credit.
        group: tests of one group earn their credit only together.
        detail: what went wrong, in words that hold nothing hidden; never shown to the policy.
        cpu_seconds, wall_seconds, peak_bytes: as measured, the last time.
        attempts: how often it was run: more than once after time-outs that may have been the machine's doing.
    """

    __test__ = False  # not a test class for pytest

    name: str
    verdict: Verdict
    weight: float = 1.0
    group: str | None = None
    detail: str = ""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    attempts: int = 1


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything judging found.

    Attributes:
        suite: id of the suite.
        digest: which version of the suite.
        tests: exactly one result for each test of the suite, in its order.
        layers: isolation layers that were in force.
        speed: how fast the machine counted, 1.0 being the reference machine; limits on processor time were divided by
            it.
        anomalies: kinds of what the audit found after the run and put right (`sandbox.Outcome`).
        integrity: ``weak`` where the submission could say itself that it passed (`verifier.weak`).
        message: for the submission as a whole: compiler diagnostics, or why there is no program, or what failed in the
            judge.
        submission: the program that was found in the answer; None where there is none.
        baseline: pass rate that a trivial program earns on this suite, 0..1, once it has been calibrated.
    """

    suite: str
    digest: str
    tests: tuple[TestResult, ...]
    layers: tuple[str, ...] = ()
    speed: float = 1.0
    anomalies: tuple[str, ...] = ()
    message: str = ""
    integrity: Literal["strong", "weak"] = "strong"
    submission: str | None = None
    baseline: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """The strongest verdict of the tests."""
        return strongest(result.verdict for result in self.tests)

    @property
    def credit(self) -> float:
        """Weighted share of the tests that were accepted, in 0..1, corrected for what a trivial program earns.

        A group counts as one test of its members' total weight, accepted when they all are.
        """
        failed_groups = {
            result.group for result in self.tests if result.group is not None and result.verdict is not Verdict.ACCEPTED
        }
        earned = math.fsum(  # exact, so that the order of the tests does not matter
            result.weight
            for result in self.tests
            if result.verdict is Verdict.ACCEPTED and result.group not in failed_groups
        )
        rate = earned / math.fsum(result.weight for result in self.tests)
        if self.baseline >= 1.0:
            return float(rate == 1.0)
        return max(0.0, (rate - self.baseline) / (1.0 - self.baseline))

    @property
    def due_credit(self) -> float:
        """The credit that may be paid: none where the verdict leaves none (`verifier.verdict.WITHOUT_CREDIT`)."""
        return 0.0 if self.verdict in WITHOUT_CREDIT else self.credit
