"""What a component looks at."""

from __future__ import annotations

import msgspec

from testsuites.calibration import Cost
from verifier.report import Report


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of one answer once it is judged. Holds nothing hidden: no test, no reference solution.

    Attributes:
        report: what judging found; `Report.submission` is the program.
        answer: the model's text, reasoning and prose included.
        language: that submissions are written in, such as ``python``.
        prompt: what the model was asked, where the caller has it.
        reference: what the suite's reference solution costs, where the suite was calibrated.
    """

    report: Report
    answer: str = ""
    language: str = "python"
    prompt: str = ""
    reference: Cost | None = None

    def __repr__(self) -> str:
        """Verdict and sizes only: an answer may quote its problem."""
        return f"Evidence({self.report.suite!r}, {self.report.verdict}, {len(self.answer)} characters)"
