"""What came of a campaign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from verifier.fuzzing.attacking import TRIED, Attempt, Result
from verifier.fuzzing.exploits import entry_of, meanings, shown
from verifier.fuzzing.law import Finding, Law

_LINES, _LINE = 40, 200


class LawScore(msgspec.Struct, frozen=True, kw_only=True):
    """One law.

    Attributes:
        name: its name.
        says: the law in one sentence.
        finding: what came of checking it; None where it was not checked.
        why_not: why it was not.
    """

    name: str
    says: str
    finding: Finding | None = None
    why_not: str = ""

    @property
    def broken(self) -> bool:
        """Whether a case breaks it."""
        return self.finding is not None and self.finding.holds is False


class RowScore(msgspec.Struct, frozen=True, kw_only=True):
    """The exploits of one row, counted.

    Attributes:
        row: such as A1.
        says: what its programs try.
        counts: how many fared so.
        smallest: the shortest program that fooled the target, reduced where there was time; empty where none did.
        by: id of the exploit that it was made from.
    """

    row: str
    says: str
    counts: dict[Result, int]
    smallest: str = ""
    by: str = ""

    @property
    def tried(self) -> int:
        """How many were tried."""
        return sum(self.counts.get(result, 0) for result in TRIED)


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a campaign found. Holds no input, expected output or test code of a suite.

    Attributes:
        target: as its user named it.
        seed: of everything that was drawn.
        range: lowest and highest reward that it may pay.
        seconds: how long it took.
        reference_paid: what the reference is paid, by the id of the problem.
        left_out: why nothing is measured on other problems, by id.
        refused: those of `left_out` where that is the target's fault.
        attempts: one for each exploit that was asked for.
        laws: one for each law that was asked for.
        interrupted: it was ended early.
    """

    target: str
    seed: int
    range: tuple[float, float] | None = None
    seconds: float = 0.0
    reference_paid: dict[str, float] = {}
    left_out: dict[str, str] = {}
    refused: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    laws: tuple[LawScore, ...] = ()
    interrupted: bool = False

    @property
    def fooled(self) -> tuple[Attempt, ...]:
        """Exploits that are paid like a right answer."""
        return tuple(each for each in self.attempts if each.result is Result.FOOLED)

    @property
    def broken(self) -> tuple[LawScore, ...]:
        """Laws that a case breaks."""
        return tuple(law for law in self.laws if law.broken)

    @property
    def counts(self) -> dict[Result, int]:
        """How many exploits fared so."""
        return dict(Counter(each.result for each in self.attempts))

    @property
    def tried(self) -> int:
        """How many exploits were tried."""
        return sum(each.result in TRIED for each in self.attempts)

    @property
    def held(self) -> bool:
        """No exploit fooled it, no law is broken, and no reference was refused."""
        return not (self.fooled or self.broken or self.refused)

    @property
    def rows(self) -> tuple[RowScore, ...]:
        """The exploits by row, in the order of the corpus."""
        found: dict[str, list[Attempt]] = {row: [] for row in meanings()}
        for attempt in self.attempts:
            found[attempt.row].append(attempt)
        return tuple(row_score(row, attempts) for row, attempts in found.items() if attempts)

    def data(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON."""
        whole: dict[str, Any] = msgspec.to_builtins(self)
        counts = {str(result): self.counts.get(result, 0) for result in Result}
        return {
            "target": self.target,
            "held": self.held,
            "exploits": {"tried": self.tried, **counts},
            "rows": msgspec.to_builtins(self.rows),
            **whole,
        }


def shortened(text: str) -> str:
    """Return a program or an answer for a person to read: no line of more than 200 characters, and at most 40 lines."""
    lines = [
        line if len(line) <= _LINE else f"{line[:_LINE]}... ({len(line):,} characters)"
        for line in text.split("\n")[:_LINES]
    ]
    more = text.count("\n") + 1 - _LINES
    return "\n".join(lines + [f"... ({more} lines more)"] * (more > 0))


def law_score(law: Law[Any], finding: Finding | None) -> LawScore:
    """Return what came of a law, with the reason where nothing did; a finding of None: there was no time for it."""
    if finding is not None and finding.holds is None and not finding.cases:
        why_not = "no time for a case, or it says nothing of such a target"
        return LawScore(name=law.name, says=law.says, finding=finding, why_not=why_not)
    return LawScore(name=law.name, says=law.says, finding=finding, why_not="" if finding else "no time")


def row_score(row: str, attempts: Sequence[Attempt]) -> RowScore:
    """Count the exploits of one row."""
    fooled = [each for each in attempts if each.result is Result.FOOLED]
    texts = {each.id: each.smallest or shown(entry_of(each.id)) for each in fooled}
    best = min(fooled, key=lambda each: (not each.smallest, len(texts[each.id])), default=None)
    return RowScore(
        row=row,
        says=meanings()[row],
        counts=dict(Counter(each.result for each in attempts)),
        smallest=texts[best.id] if best else "",
        by=best.id if best else "",
    )
