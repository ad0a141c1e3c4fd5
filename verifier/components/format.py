"""Format: whether an answer is written so that nobody can mistake which part of it is the program."""

from __future__ import annotations

from verifier.components.base import Component
from verifier.components.evidence import Evidence
from verifier.extraction import layout


class Format(Component, frozen=True, kw_only=True):
    """The share of three conditions that the answer meets, as extraction sees it (docs/answers.md).

    - Reasoning that is opened is closed.
    - The program stands in a fenced block that is closed, and tagged with the suite's language.
    - There is no second block that could be the program.

    An answer that is a program from its first character to its last meets the first and the third: it cannot be
    mistaken here, but has no fence, and other readers of it may need one.
    """

    def measure(self, evidence: Evidence) -> float | None:
        """Return the share."""
        seen = layout(evidence.answer, evidence.language, evidence.report.submission)
        return (seen.is_balanced + seen.is_fenced + (seen.candidates <= 1)) / 3
