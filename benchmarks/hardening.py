"""Harden HumanEval, and compare with HumanEval+, which people and models wrote to find what HumanEval lets through.

Mutants of each reference that pass HumanEval and fail HumanEval+ are the extra catches of HumanEval+. How many of them
does our hardened HumanEval catch, and how many others? Are the inputs that we make valid: does the contract that
HumanEval+ states for each problem refuse any? Problems are left out, and told, whose reference fails HumanEval+; and
contracts are that refuse HumanEval's own inputs.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measuring import Stopwatch, imported, options, show
from benchmarks.progress import Progress
from sandbox import Call, Job, Limits, Program, Status
from testsuites.appending import with_tests
from testsuites.directory import DirectoryStore
from verifier.calibrating.bench import Bench
from verifier.calibrating.calibrating import accepted_of
from verifier.calibrating.gold import Gold, examine, limited
from verifier.calibrating.hardening import harden
from verifier.calibrating.mutants import mutants_of, sample
from verifier.calibrating.observing import AnyInput, observe
from verifier.calibrating.separating import inputs_for, separate

_CONTRACT_LIMITS = Limits(cpu_seconds=2.0, max_time_outs=100)


class Compared(NamedTuple):
    """What came of one problem.

    Attributes:
        id: of its suite.
        made, killed: mutants, and those that HumanEval kills.
        plus: names of survivors that HumanEval+ kills.
        ours: names of survivors that the hardened HumanEval kills.
        tests: that were added.
        inputs, invalid: made, and those that the contract refuses; None where it refuses HumanEval's own.
        tests_invalid: inputs of the added tests that the contract refuses.
    """

    id: str
    made: int
    killed: int
    plus: frozenset[str]
    ours: frozenset[str]
    tests: int
    inputs: int
    invalid: int | None
    tests_invalid: int


def main() -> int:
    """Return 0."""
    example = "python -m benchmarks.hardening ../shared/data/HumanEval.jsonl.gz ../shared/data/HumanEvalPlus.jsonl.gz"
    parser = options(__doc__, example)
    parser.add_argument("humaneval", type=Path, help="HumanEval's file")
    parser.add_argument("humanevalplus", type=Path, help="HumanEval+'s file")
    parser.add_argument("--suites", type=Path, help="folder to keep the suites of both in, or to find them in")
    parser.add_argument("--inputs", type=int, default=200, help="inputs to make for a problem (default 200)")
    parser.add_argument("--mutants", type=int, default=200, help="most mutants of a reference (default 200)")
    parser.add_argument("--step", type=int, default=1, help="take every so-manieth problem (default 1)")
    given = parser.parse_args()
    folders = [given.suites / name if given.suites else None for name in ("humaneval", "humanevalplus")]
    watch = Stopwatch()
    with (
        imported("humaneval", given.humaneval, folders[0], given.workers) as base,
        imported("humanevalplus", given.humanevalplus, folders[1], given.workers) as plus,
        Bench(given.workers) as bench,
    ):
        contracts = dict(_contracts(given.humanevalplus))
        ids = list(base.store.ids())[:: given.step]
        compared, left_out = [], {}
        with Progress("problems", len(ids)) as progress:
            for done, suite_id in enumerate(ids, start=1):
                gold = examine(plus.store.load(suite_id), base.store.reference(suite_id), bench)
                if gold.problem:
                    left_out[suite_id] = gold.problem
                else:
                    made = (given.mutants, given.inputs)
                    compared.append(_compare(suite_id, base.store, plus.store, gold, contracts[suite_id], bench, *made))
                progress.show(done)
    show(_figures(compared) | {"left_out": len(left_out), "seconds": round(watch.wall_seconds, 1)}, given.json)
    if not given.json:
        _print_differences(compared, left_out)
    return 0


def _compare(
    suite_id: str,
    base: DirectoryStore,
    plus: DirectoryStore,
    plus_gold: Gold,
    contract: str,
    bench: Bench,
    most_mutants: int,
    most_inputs: int,
) -> Compared:
    suite, reference = base.load(suite_id), base.reference(suite_id) or ""
    gold = examine(suite, reference, bench)
    mutants = sample(mutants_of(reference), most_mutants, seed=0)
    survivors = accepted_of(limited(suite, gold), mutants, bench)
    by_plus = accepted_of(limited(plus.load(suite_id), plus_gold), survivors, bench)
    found = separate(suite, reference, survivors, bench.sandbox, bench.oracle, inputs=most_inputs)
    hardening = harden(suite, reference, found.gaps, bench)
    hardened = limited(with_tests(suite, hardening.tests), gold)
    by_ours = accepted_of(hardened, survivors, bench) if hardening.tests else survivors
    names = frozenset(mutant.name for mutant in survivors)
    own = [item.input for item in observe(suite, reference, bench.sandbox, bench.oracle)]
    made = inputs_for(suite, reference, bench.sandbox, bench.oracle, inputs=most_inputs)
    contradicted = _refused(contract, own, bench) > 0
    shown = [gap.input for gap in found.gaps]
    return Compared(
        id=suite_id,
        made=len(mutants),
        killed=len(mutants) - len(survivors),
        plus=names - {mutant.name for mutant in by_plus},
        ours=names - {mutant.name for mutant in by_ours},
        tests=len(hardening.tests),
        inputs=len(made),
        invalid=None if contradicted else _refused(contract, made, bench),
        tests_invalid=0 if contradicted else _refused(contract, shown, bench),
    )


def _contracts(path: Path) -> Iterable[tuple[str, str]]:
    """Yield for each problem a program whose function returns where its contract holds, and raises where not."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield row["task_id"], f"{row['prompt']}{row['contract']}\n    return True\n"


def _refused(contract: str, inputs: Iterable[AnyInput], bench: Bench) -> int:
    """Count the inputs that a contract refuses."""
    calls = tuple(item for item in inputs if isinstance(item, Call))
    if not calls:
        return 0
    runs = bench.sandbox.run(Job(program=Program(source=contract), inputs=calls, limits=_CONTRACT_LIMITS)).runs
    return sum(run.status is not Status.FINISHED for run in runs)


def _figures(compared: list[Compared]) -> dict[str, Any]:
    made, killed = sum(item.made for item in compared), sum(item.killed for item in compared)
    plus, ours = sum(len(item.plus) for item in compared), sum(len(item.ours) for item in compared)
    both = sum(len(item.plus & item.ours) for item in compared)
    either = sum(len(item.plus | item.ours) for item in compared)
    judged = [item for item in compared if item.invalid is not None]
    inputs, invalid = sum(item.inputs for item in judged), sum(item.invalid or 0 for item in judged)
    return {
        "problems": len(compared),
        "mutants": made,
        "killed_by_humaneval": killed,
        "score_before": round(killed / (killed + either), 4) if killed + either else None,
        "score_hardened": round((killed + ours) / (killed + either), 4) if killed + either else None,
        "score_of_humanevalplus": round((killed + plus) / (killed + either), 4) if killed + either else None,
        "extra_catches_of_humanevalplus": plus,
        "of_these_ours": both,
        "share": round(both / plus, 4) if plus else None,
        "ours_alone": ours - both,
        "tests_added": sum(item.tests for item in compared),
        "inputs": inputs,
        "inputs_refused_by_contract": invalid,
        "share_refused": round(invalid / inputs, 4) if inputs else None,
        "gap_inputs_refused": sum(item.tests_invalid for item in judged),
        "contracts_that_refuse_humanevals_own": len(compared) - len(judged),
    }


def _print_differences(compared: list[Compared], left_out: dict[str, str]) -> None:
    for item in compared:
        if item.plus - item.ours:
            print(f"{item.id}: {len(item.plus - item.ours)} of {len(item.plus)} extra catches not found")
        if item.invalid:
            print(f"{item.id}: {item.invalid} of {item.inputs} inputs refused by the contract")
    for suite_id, problem in left_out.items():
        print(f"{suite_id}: left out: {problem}")


if __name__ == "__main__":
    raise SystemExit(main())
