"""Efficiency: the processor time and the memory of a program against the reference's."""

from __future__ import annotations

import math

from testsuites.calibration import Cost
from verifier.components.base import Component
from verifier.components.evidence import Evidence
from verifier.components.scale import check_at_least_0, check_share, check_times, falling
from verifier.report import Report
from verifier.verdict import Verdict

_MIB = 1024 * 1024


class Efficiency(Component, frozen=True, kw_only=True):
    """1 for an accepted program that costs up to `full` times what the reference may, falling to 0 at `none` times.

    What the reference may cost is what it did, and the slack: costs are measured, and so differ each time. Costing
    less than that pays nothing. There is nothing to measure where a program is not accepted, or the suite was not
    calibrated.

    Attributes:
        full, none: times what the reference may cost.
        slack_seconds: processor time on the reference machine that is noise, for each test; what the reference's
            gradings differed by comes on top.
        slack_mib: memory that is noise.
        memory: the share of memory in the figure; processor time has the rest, and all of it where memory is unknown.
    """

    full: float = 1.5
    none: float = 10.0
    slack_seconds: float = 0.001
    slack_mib: float = 16.0
    memory: float = 0.25

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be used.

        Raises:
            ComponentError: as above.
        """
        super().__post_init__()
        check_times(self.full, self.none)
        check_at_least_0(slack_seconds=self.slack_seconds, slack_mib=self.slack_mib)
        check_share(memory=self.memory)

    @property
    def of_accepted_only(self) -> bool:
        """Yes: what a program costs that does not do its work says nothing."""
        return True

    def measure(self, evidence: Evidence) -> float | None:
        """Return the weighted mean of both."""
        report, cost = evidence.report, evidence.reference
        if cost is None or report.verdict is not Verdict.ACCEPTED:
            return None
        time, memory = self._time(report, cost), self._memory(report, cost)
        return time if memory is None else (1 - self.memory) * time + self.memory * memory

    def _time(self, report: Report, cost: Cost) -> float:
        used = math.fsum(test.cpu_seconds for test in report.tests) * report.speed
        return self._figure(used, cost.cpu_seconds + cost.cpu_spread + self.slack_seconds * len(report.tests))

    def _memory(self, report: Report, cost: Cost) -> float | None:
        used = max(test.peak_bytes for test in report.tests)
        if not (used and cost.peak_bytes):
            return None
        return self._figure(used, cost.peak_bytes + self.slack_mib * _MIB)

    def _figure(self, used: float, may: float) -> float:
        return falling(used / may if may else math.inf, self.full, self.none) if used else 1.0
