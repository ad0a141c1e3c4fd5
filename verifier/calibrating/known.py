"""Programs that are known to be right or wrong, whatever the suite says of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from testsuites import SuiteInvalid
from testsuites.directory import Labelled
from verifier.calibrating.bench import Bench
from verifier.calibrating.material import Material
from verifier.calibrating.rewriting import rewritten
from verifier.extraction import extract
from verifier.fuzzing.nulls import NullProgram, null_battery
from verifier.verdict import Verdict


class Known(NamedTuple):
    """A program by its name; no source where an answer holds no program."""

    name: str
    source: str | None


class Earned(NamedTuple):
    """What a program of the null battery earns, 0..1."""

    null: NullProgram
    credit: float
    accepted: bool


def known(submission: Labelled, material: Material) -> Known:
    """Return the program of a labelled submission."""
    text = submission.text
    source = extract(text, material.suite.language) if submission.is_answer else text
    return Known(f"submissions/{submission.label}/{submission.name}", source)


def right_programs(material: Material) -> list[Known]:
    """Return the submissions that are labelled as accepted, and rewritings of the reference; not itself."""
    again = [Known(f"reference, {name}", source) for name, source in rewritten(material.reference or "").items()]
    return again + [known(item, material) for item in material.submissions if item.label == Verdict.ACCEPTED]


def wrong_programs(material: Material) -> list[Known]:
    """Return the submissions that are labelled with another verdict on a program."""
    labels = set(Verdict) - {Verdict.ACCEPTED, Verdict.JUDGE_ERROR}
    return [known(item, material) for item in material.submissions if item.label in labels]


def second_references(material: Material, refused: Collection[str] = ()) -> list[str]:
    """Return the programs of submissions labelled as accepted, without those that the suite refuses, by name."""
    labelled = [known(item, material) for item in material.submissions if item.label == Verdict.ACCEPTED]
    return [item.source for item in labelled if item.source is not None and item.name not in refused]


def earned_by_nulls(material: Material, bench: Bench) -> list[Earned]:
    """Judge the null battery. What breaks the suite's test code earns nothing.

    Raises:
        SandboxError: as for `verifier.judging.judge`.
    """

    def judged(null: NullProgram) -> Earned:
        try:
            report = bench.report(material.suite, null.source)
        except SuiteInvalid:
            return Earned(null, 0.0, accepted=False)
        return Earned(null, report.due_credit, accepted=report.verdict is Verdict.ACCEPTED)

    return bench.each(judged, null_battery(material.suite, material.statement))
