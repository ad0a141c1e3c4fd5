"""Safety: what the sandbox saw of a program."""

from __future__ import annotations

from verifier.components.base import Component
from verifier.components.evidence import Evidence
from verifier.components.scale import check_share
from verifier.verdict import Verdict


class Safety(Component, frozen=True, kw_only=True):
    """0 for a program that broke the rules of the sandbox, 1 for one that left nothing behind.

    Attributes:
        untidy: for one that kept the rules and left something that the audit had to put right (`Report.anomalies`).
    """

    untidy: float = 0.5

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be used.

        Raises:
            ComponentError: as above.
        """
        super().__post_init__()
        check_share(untidy=self.untidy)

    def measure(self, evidence: Evidence) -> float | None:
        """Return 0, `untidy` or 1."""
        if evidence.report.verdict is Verdict.SECURITY_VIOLATION:
            return 0.0
        return self.untidy if evidence.report.anomalies else 1.0
