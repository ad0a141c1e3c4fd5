"""Programs that solve nothing, and still pass every test."""

from __future__ import annotations

from collections.abc import Iterator

from verifier.auditing.findings import Finding, Kind
from verifier.calibrating.bench import Bench
from verifier.calibrating.gold import Gold, limited
from verifier.calibrating.material import Material
from verifier.fuzzing.nulls import KNOWS_EXAMPLES, NullProgram, null_battery


def trivial_findings(material: Material, cpu_seconds: float, bench: Bench) -> Iterator[Finding]:
    """Judge the null battery, and yield a finding for each program that is accepted.

    Args:
        material: the suite, and the statement whose examples such a program may know.
        cpu_seconds: what the reference needs for a test; 0 where it is not known.
        bench: what to run programs with.

    Raises:
        SandboxError: as for `verifier.judging.judge`.
    """
    suite = limited(material.suite, Gold(cpu_seconds=cpu_seconds))
    nulls = null_battery(material.suite, material.statement)
    accepted = bench.each(lambda null: bench.accepts(suite, null.source), nulls)
    for null in (null for null, passes in zip(nulls, accepted, strict=True) if passes):
        yield Finding(kind=_kind(null), suite=material.suite.id, name=null.name)


def _kind(null: NullProgram) -> Kind:
    # One that looks at its input may be right, where the problem asks for a sum; one that knows examples is not.
    solves_nothing = null.is_blind or null.name == KNOWS_EXAMPLES
    return Kind.TRIVIAL_ACCEPTED if solves_nothing else Kind.PERHAPS_TRIVIAL
