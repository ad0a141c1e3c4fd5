"""A grade: the verdict on one answer, and the reward that a policy gave for it."""

from __future__ import annotations

from typing import Literal

import msgspec

from verifier.report import TestResult
from verifier.verdict import Verdict


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """What a trainer gets back for one answer. Holds nothing hidden.

    Attributes:
        suite: id of the suite.
        digest: which version of the suite; empty when the suite could not be found.
        verdict: verdict on the whole submission.
        reward: in the policy's range; None when not judged.
        judged: False when the judge failed. Such an answer has no reward; leave it out, or ask again.
        credit: share of the tests that earned credit, 0..1, less what a trivial program earns.
        baseline: what a trivial program earns on this suite, 0..1; 0 where the suite is not calibrated.
        tests: one result for each test.
        components: sides of the answer by name, each 0..1, or None where one was not judged (`verifier.components`).
        integrity: ``weak`` where the submission could say itself that it passed (docs/suites.md).
        message: what a person wants to know: diagnostics, why no program was found, what failed in the judge.
        layers: isolation layers that were in force.
        speed: how fast the machine counted, 1.0 being the reference machine; limits on processor time were divided by
            it.
        anomalies: kinds of what the audit found after the run and put right (`sandbox.Outcome`). They cost the judge
            something and the grade nothing.
        seconds: elapsed time that judging and measuring took.
    """

    suite: str
    digest: str
    verdict: Verdict
    reward: float | None
    judged: bool
    credit: float = 0.0
    baseline: float = 0.0
    tests: tuple[TestResult, ...] = ()
    components: dict[str, float | None] = {}
    integrity: Literal["strong", "weak"] = "strong"
    message: str = ""
    layers: tuple[str, ...] = ()
    speed: float = 1.0
    anomalies: tuple[str, ...] = ()
    seconds: float = 0.0


def not_judged(suite: str, digest: str, message: str) -> Grade:
    """Make the grade of an answer that the judge failed to judge: no reward, and why."""
    return Grade(suite=suite, digest=digest, verdict=Verdict.JUDGE_ERROR, reward=None, judged=False, message=message)
