"""Conciseness: the length of a program against the reference's."""

from __future__ import annotations

import math

from verifier.components.base import Component, ComponentError
from verifier.components.evidence import Evidence
from verifier.components.length import tokens
from verifier.components.scale import check_times, falling


class Conciseness(Component, frozen=True, kw_only=True):
    """1 for a program of up to `full` times the reference's length, falling to 0 at `none` times.

    Being shorter than the reference pays nothing, so golfing does not.

    Attributes:
        full, none: times the reference's length.
        typical: words and signs that stand in for the reference's where the suite was not calibrated.
    """

    full: float = 2.0
    none: float = 10.0
    typical: int = 150

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be used.

        Raises:
            ComponentError: as above.
        """
        super().__post_init__()
        check_times(self.full, self.none)
        if not 1 <= self.typical < math.inf:
            raise ComponentError(f"typical: {self.typical} must be 1 or more")

    def measure(self, evidence: Evidence) -> float | None:
        """Return what is left of 1."""
        reference = evidence.reference.tokens if evidence.reference else 0
        return falling(tokens(evidence.report.submission or "") / (reference or self.typical), self.full, self.none)
