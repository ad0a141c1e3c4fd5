"""Passes that are worth a look: none is proof of anything, and each names why."""

from __future__ import annotations

import enum
from collections import Counter, deque
from collections.abc import Iterator

import msgspec

from verifier.reporting.rows import GradeRow

GAMEABLE = 0.5
"""Share that a program earns which solves nothing, from which on a pass of the suite is worth little."""

MOST_EXAMPLES = 20
_LONGEST = 120


class Why(enum.StrEnum):
    """Why a pass is worth a look. The value is what is shown of it."""

    LEFT_SOMETHING = "left something behind"
    """The audit found something after the run, and put it right."""
    GAMEABLE = "on a gameable suite"
    """A program that solves nothing earns half of the suite or more."""
    RETRIED = "passed at the second try"
    """A test had timed out, and was run again."""
    CHEAP = "far cheaper than others"
    """It used less than a tenth of the processor time that accepted answers to the suite use."""
    ONLY_ONE = "the only pass of a suite"
    """Many tried this suite, and nobody else passed."""


class Pass(msgspec.Struct, frozen=True):
    """Which accepted answer.

    Attributes:
        id: as in the row, as text, cut where it is long.
        suite: likewise.
        position: its step, or the number of its row.
    """

    id: str
    suite: str
    position: int

    @classmethod
    def of(cls, row: GradeRow, position: int) -> Pass:
        """Name the answer of a row."""
        return cls(str(row.id)[:_LONGEST], row.suite[:_LONGEST], position)


class Suspicion(msgspec.Struct, frozen=True):
    """One pass, and why it is worth a look."""

    answer: Pass
    why: Why
    detail: str


class Suspicions:
    """Counts by reason, with the last examples of each."""

    def __init__(self) -> None:
        """Begin with none."""
        self.counts: Counter[Why] = Counter()
        self._examples: dict[Why, deque[Suspicion]] = {why: deque(maxlen=MOST_EXAMPLES) for why in Why}

    def add(self, row: GradeRow, position: int) -> None:
        """Look at one accepted answer."""
        for why, detail in _reasons(row):
            self.counts[why] += 1
            self._examples[why].append(Suspicion(Pass.of(row, position), why, detail))

    def examples(self) -> list[Suspicion]:
        """Return the last examples of each reason, the newest first."""
        return [example for why in Why for example in reversed(self._examples[why])]


def _reasons(row: GradeRow) -> Iterator[tuple[Why, str]]:
    """Tell why one row by itself is worth a look."""
    if row.anomalies:
        yield Why.LEFT_SOMETHING, ", ".join(sorted(set(row.anomalies)))[:_LONGEST]
    if row.baseline >= GAMEABLE:
        yield Why.GAMEABLE, f"a program that solves nothing earns {row.baseline:.0%}"
    again = sum(test.attempts > 1 for test in row.tests)
    if again:
        yield Why.RETRIED, f"{again} of {len(row.tests)} tests were run again"
