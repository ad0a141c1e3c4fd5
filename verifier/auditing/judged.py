"""The reference and the labelled submissions, each judged several times."""

from __future__ import annotations

import msgspec

from testsuites import SuiteInvalid
from verifier.calibrating.bench import Bench
from verifier.calibrating.gold import REPEATS, judgings
from verifier.calibrating.known import Known, known
from verifier.calibrating.material import Material
from verifier.report import Report
from verifier.verdict import Verdict

REFERENCE = "reference"


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one program.

    Attributes:
        name: `REFERENCE`, or ``submissions/LABEL/NAME``.
        label: the verdict that is due, as its folder has it.
        reports: one for each time; none where an answer holds no program, and fewer where the suite broke.
        problem: why the suite cannot be judged with it; empty where it can.
    """

    name: str
    label: str
    reports: tuple[Report, ...] = ()
    problem: str = ""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict of each time."""
        return tuple(report.verdict for report in self.reports) or (Verdict.NO_CODE,)

    @property
    def is_reference(self) -> bool:
        """Whether it is the reference."""
        return self.name == REFERENCE


def judged(material: Material, bench: Bench) -> list[Judged]:
    """Judge the reference, where there is one, and every submission, under two hash seeds.

    Those that are to be accepted are judged several times under the first: what is right has to pass every time. Others
    are judged once under each, for they may take all the time that there is.

    Raises:
        SandboxError: as for `verifier.judging.judge`.
    """
    programs = [(item.label, known(item, material)) for item in material.submissions]
    if material.reference is not None:
        programs.insert(0, (Verdict.ACCEPTED, Known(REFERENCE, material.reference)))

    def judge(program: tuple[str, Known]) -> Judged:
        label, (name, source) = program
        repeats = REPEATS if label == Verdict.ACCEPTED else 1
        reports: list[Report] = []
        try:
            for report in judgings(material.suite, source, bench, repeats) if source is not None else ():
                reports.append(report)
        except SuiteInvalid as error:
            return Judged(name=name, label=label, reports=tuple(reports), problem=str(error))
        return Judged(name=name, label=label, reports=tuple(reports))

    return bench.each(judge, programs)
