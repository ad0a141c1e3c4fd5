"""Code health: what a linter finds in a program."""

from __future__ import annotations

import re

from verifier.components.base import Component, ComponentError, Meter
from verifier.components.evidence import Evidence
from verifier.components.linter import Linter

LONGEST = 65_536
"""Characters of the longest program that is looked at, which bounds ruff's memory; a longer one is worth 0."""

_RULE = re.compile(r"[A-Z]+[0-9]*")


class CodeHealth(Component, frozen=True, kw_only=True):
    """``half / (half + findings)``: 1 for a program in which ruff finds nothing. Python only; needs the extra `health`.

    Findings are counted, not set against the length: a program is not made better by lines that do nothing. Comments
    that silence ruff do not silence it here.

    Attributes:
        half: so many findings leave half.
        select: codes of ruff's rules, or beginnings of codes. The built-in ones speak of mistakes, of what is never
            used and of what is hard to follow, not of layout.
    """

    half: float = 4.0
    select: tuple[str, ...] = ("F", "B0", "C90", "E7", "PLE", "PLW0", "S102", "S307")

    def __post_init__(self) -> None:
        """Refuse numbers and rules that cannot be used.

        Raises:
            ComponentError: as above, or there is no ruff.
        """
        super().__post_init__()
        if not 0.0 < self.half < float("inf"):
            raise ComponentError(f"half: {self.half} must be above 0, and finite")
        for rule in self.select:
            if not _RULE.fullmatch(rule):
                raise ComponentError(f"select: {rule!r} is no code of a rule, such as F or B006")
        if not self.select:
            raise ComponentError("select: choose one rule at least")
        Linter(self.select)

    def meter(self) -> Meter:
        """Return what runs the linter."""
        return _Health(self)


class _Health(Meter):
    """Runs ruff on each program."""

    def __init__(self, component: CodeHealth) -> None:
        """Start nothing."""
        self._half = component.half
        self._linter = Linter(component.select)

    def measure(self, evidence: Evidence) -> float | None:
        """Return what the findings leave; 0 for a program that ruff fails on.

        Raises:
            ComponentFault: ruff does not work here, or was interrupted.
        """
        if evidence.language != "python":
            return None
        program = evidence.report.submission or ""
        findings = self._linter.findings(program) if len(program) <= LONGEST else None
        return 0.0 if findings is None else self._half / (self._half + findings)

    def interrupt(self) -> None:
        """End what is under way."""
        self._linter.interrupt()
