"""Calibrate one suite: which wrong programs it accepts, which right ones it refuses, and what triviality is worth.

The straight line: gold gate -> programs known to be right or wrong -> mutants -> survivors told apart -> record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from testsuites import AnySuite
from testsuites.calibration import Calibration, Mutants, Settings
from verifier.calibrating.bench import Bench
from verifier.calibrating.gold import examine, limited
from verifier.calibrating.known import Earned, Known, earned_by_nulls, right_programs, second_references, wrong_programs
from verifier.calibrating.material import Material
from verifier.calibrating.mutants import Mutant, mutants_of, sample
from verifier.calibrating.rates import share
from verifier.calibrating.separating import separate

Told = Callable[[float], None]
"""Is told which share of the work on a suite is done, 0..1."""

AnyProgram = TypeVar("AnyProgram", Known, Mutant)

_AFTER_GOLD, _AFTER_KNOWN, _AFTER_MUTANTS = 0.05, 0.2, 0.6


def calibrate(material: Material, settings: Settings, bench: Bench, told: Told = lambda share: None) -> Calibration:
    """Return the record of a suite; the same material and settings give the same, but for processor time and memory.

    Raises:
        SandboxError: the sandbox's own fault.
    """
    suite, reference = material.suite, material.reference
    record = Calibration(digest=suite.digest, evidence=material.evidence, settings=settings, gold=False)
    gold = examine(suite, reference, bench)
    if reference is None or gold.problem:
        return msgspec.structs.replace(record, problem=gold.problem)
    told(_AFTER_GOLD)

    earned = earned_by_nulls(material, bench)
    right, wrong = right_programs(material), wrong_programs(material)
    accepted = set(accepted_of(suite, [*right, *wrong], bench))
    right_refused = [program.name for program in right if program not in accepted]
    wrong_accepted = [program.name for program in wrong if program in accepted]
    told(_AFTER_KNOWN)

    possible = mutants_of(reference)
    made = sample(possible, settings.mutants, settings.seed)
    survivors = accepted_of(limited(suite, gold), made, bench)
    told(_AFTER_MUTANTS)

    # One that looks at its input may be right: the length of a list is, where the problem asks for it.
    doubtful = [_mutant(item) for item in earned if item.accepted and not item.null.is_blind]
    separation = separate(
        suite,
        reference,
        [*survivors, *doubtful],
        bench.sandbox,
        bench.oracle,
        second_references=second_references(material, right_refused),
        inputs=settings.inputs,
        seed=settings.seed,
    )
    proved = {gap.mutant for gap in separation.gaps}
    gaps = [mutant.name for mutant in survivors if mutant in proved]
    nulls = [item for item in earned if _mutant(item) not in doubtful or _mutant(item) in proved]
    nulls_accepted = tuple(item.null.name for item in nulls if item.accepted)
    best = max(nulls, key=lambda item: item.credit)
    all_accepted = (*gaps, *(f"null {name}" for name in nulls_accepted), *wrong_accepted)
    killed = len(made) - len(survivors)
    return msgspec.structs.replace(
        record,
        gold=True,
        baseline=best.credit,
        baseline_program=best.null.name if best.credit else "",
        nulls_accepted=nulls_accepted,
        mutants=Mutants(
            possible=len(possible),
            made=len(made),
            killed=killed,
            gaps=len(gaps),
            equivalent=len(survivors) - len(gaps),
        ),
        wrong_accepted=all_accepted,
        right_refused=tuple(right_refused),
        false_positives=share(len(all_accepted), killed + len(gaps) + len(nulls) + len(wrong)),
        false_negatives=share(len(right_refused), 1 + len(right)),  # with the reference
        inputs_tried=separation.inputs_tried,
        cost=gold.cost,
    )


def accepted_of(suite: AnySuite, programs: Sequence[AnyProgram], bench: Bench) -> list[AnyProgram]:
    """Return the programs that the suite accepts, in their order.

    Raises:
        SandboxError: as for `calibrate`.
    """
    verdicts = bench.each(lambda program: bench.accepts(suite, program.source), programs)
    return [program for program, accepted in zip(programs, verdicts, strict=True) if accepted]


def _mutant(earned: Earned) -> Mutant:
    return Mutant(f"null {earned.null.name}", earned.null.source)
