"""Audit one suite: whether it can be trained on.

The straight line: reference and submissions judged -> labels, flaky tests, limits -> programs that solve nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from testsuites import SuiteInvalid
from verifier.auditing.findings import Finding, Kind, Severity
from verifier.auditing.flaky import flaky_findings
from verifier.auditing.headroom import LIMIT_FACTOR, Headroom, headroom, limit_findings
from verifier.auditing.judged import Judged, judged
from verifier.auditing.labels import label_findings
from verifier.auditing.trivial import trivial_findings
from verifier.calibrating.bench import Bench
from verifier.calibrating.material import Material
from verifier.verdict import Verdict

Told = Callable[[float], None]
"""Is told which share of the work on a suite is done, 0..1."""

_AFTER_PROGRAMS = 0.6
_DOES_NOTHING = "pass\n"


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one suite.

    Attributes:
        suite: its id.
        digest: which version of it; empty where it cannot be used.
        findings: what is the matter, in the order of `Kind`.
        tests: how many it has.
        has_reference: whether a `reference.py` lies beside it.
        submissions: how many labelled ones do.
        headroom: of its limits; None where no reference is accepted.
    """

    suite: str
    digest: str = ""
    findings: tuple[Finding, ...] = ()
    tests: int = 0
    has_reference: bool = False
    submissions: int = 0
    headroom: Headroom | None = None

    @property
    def errors(self) -> int:
        """How many findings say that it cannot be trained on."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)


def audit(
    material: Material, bench: Bench, *, limit_factor: float = LIMIT_FACTOR, told: Told = lambda share: None
) -> Audit:
    """Say what keeps a suite from being trained on; what cannot be checked without a reference is left out.

    Args:
        material: the suite, and what lies beside it.
        bench: what to run programs with.
        limit_factor: how many times what the reference needs a limit should be at least.
        told: is told how far the work is.

    Raises:
        SandboxError: the sandbox's own fault.
    """
    suite = material.suite
    programs = judged(material, bench)
    told(_AFTER_PROGRAMS)
    room = None
    found = list(_broken(material, programs, bench))
    if material.reference is None:
        found.append(Finding(kind=Kind.NO_REFERENCE, suite=suite.id))
    for item in programs:
        if not item.problem:
            found += label_findings(suite.id, item)
            found += flaky_findings(suite.id, item)
        if item.is_reference and set(item.verdicts) == {Verdict.ACCEPTED} and not item.problem:
            room = headroom(suite, item.reports)
            found += limit_findings(suite.id, room, limit_factor)
    found += trivial_findings(material, room.cpu_seconds if room else 0.0, bench)
    order = list(Kind)
    return Audit(
        suite=suite.id,
        digest=suite.digest,
        findings=tuple(sorted(found, key=lambda finding: order.index(finding.kind))),
        tests=len(suite.tests),
        has_reference=material.reference is not None,
        submissions=len(material.submissions),
        headroom=room,
    )


def _broken(material: Material, programs: Sequence[Judged], bench: Bench) -> list[Finding]:
    """Return a finding for each way in which the suite breaks, whatever program showed it.

    Without a right program one that does nothing has to show it.
    """
    suite = material.suite
    shown = {item.problem: item.name for item in reversed(programs) if item.problem}
    if not any(item.label == Verdict.ACCEPTED for item in programs):
        try:
            bench.report(suite, _DOES_NOTHING)
        except SuiteInvalid as error:
            shown.setdefault(str(error), "a program that does nothing")
    return [
        Finding(kind=Kind.BROKEN, suite=suite.id, name=name, words=words.removeprefix(f"{suite.id}: "))
        for words, name in shown.items()
    ]
