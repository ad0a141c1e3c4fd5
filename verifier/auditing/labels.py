"""Whether programs get the verdict that is due to them, each time they are judged."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.auditing.findings import Finding, Kind
from verifier.auditing.judged import Judged
from verifier.calibrating.gold import first_failure
from verifier.verdict import Verdict

_LABELS = frozenset(Verdict) - {Verdict.JUDGE_ERROR}


def label_findings(suite_id: str, item: Judged) -> Iterator[Finding]:
    """Yield what is wrong with the verdicts of a program, one finding at most."""
    found = _found(item)
    if found is not None:
        kind, words = found
        yield Finding(kind=kind, suite=suite_id, name=item.name, words=words)


def _found(item: Judged) -> tuple[Kind, str] | None:
    verdicts = set(item.verdicts)
    if item.label not in _LABELS:
        return Kind.UNKNOWN_LABEL, f"gets {item.verdicts[0]}"
    if item.label == Verdict.ACCEPTED:
        if verdicts == {Verdict.ACCEPTED}:
            return None
        if item.is_reference and Verdict.ACCEPTED in verdicts:
            return None  # not every time: it is flaky, which is told with its tests
        return (Kind.REFERENCE_REFUSED if item.is_reference else Kind.RIGHT_REFUSED), _refused(item)
    if Verdict.ACCEPTED in verdicts:
        return Kind.WRONG_ACCEPTED, "each time" if len(verdicts) == 1 else "not each time"
    others = [verdict for verdict in item.verdicts if verdict != item.label]
    return (Kind.OTHER_VERDICT, f"gets {others[0]}") if others else None


def _refused(item: Judged) -> str:
    if not item.reports:
        return "holds no program"
    return first_failure(next(report for report in item.reports if report.verdict is not Verdict.ACCEPTED))
