"""What became of the answers to one suite."""

from __future__ import annotations

import math

import msgspec

from verifier.reporting.rows import GradeRow
from verifier.reporting.spread import Spread
from verifier.reporting.suspicions import Pass
from verifier.verdict import Verdict

MOST_SUITES = 20_000
OTHER_SUITES = "(other suites)"
LONGEST_ID = 200


class SuiteTally(msgspec.Struct):
    """Counts for one suite; all but `not_judged` are of judged answers.

    Attributes:
        suite: its id, cut at `LONGEST_ID` characters.
        not_judged: answers without a reward.
        accepted: how many passed.
        retried: how many had a time-out that was tried again.
        rewards, credits: as mean and spread.
        seconds: that judging took; the longest beside it.
        baseline: what a trivial program earns; the last that was told.
        costs: logarithm of the processor time of accepted answers.
        cheapest: the accepted answer that used the least, with its processor time.
        first: the first that was accepted.
    """

    suite: str
    not_judged: int = 0
    accepted: int = 0
    retried: int = 0
    rewards: Spread = msgspec.field(default_factory=Spread)
    credits: Spread = msgspec.field(default_factory=Spread)
    seconds: Spread = msgspec.field(default_factory=Spread)
    longest_seconds: float = 0.0
    tests: int = 0
    baseline: float = 0.0
    costs: Spread = msgspec.field(default_factory=Spread)
    cheapest: tuple[float, Pass] | None = None
    first: Pass | None = None

    def add(self, row: GradeRow, reward: float, position: int) -> None:
        """Take one judged answer."""
        self.rewards.add(reward)
        self.credits.add(row.credit)
        self.seconds.add(row.seconds)
        self.longest_seconds = max(self.longest_seconds, row.seconds)
        self.tests = max(self.tests, len(row.tests))
        self.baseline = row.baseline
        self.retried += any(test.attempts > 1 for test in row.tests)
        if row.verdict is Verdict.ACCEPTED:
            self._add_accepted(row, position)

    def _add_accepted(self, row: GradeRow, position: int) -> None:
        self.accepted += 1
        if self.first is None:
            self.first = Pass.of(row, position)
        cost = math.fsum(test.cpu_seconds for test in row.tests)
        if cost > 0.0:
            self.costs.add(math.log(cost))
            if self.cheapest is None or cost < self.cheapest[0]:
                self.cheapest = cost, Pass.of(row, position)
