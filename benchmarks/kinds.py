"""Do script tests and call tests agree? Count what each accepts, and compare them program by program.

HumanEval and sanitized MBPP are imported as script tests; HumanEval+ and MBPP+, which have the same problems, as call
tests. Every canonical solution is graded by its own suite. Then, for each problem of both kinds, right and wrong
programs are graded by the script suite, and by a call suite of the inputs that the script has; each difference is told.
"""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.kinds_programs import programs
from benchmarks.measuring import Stopwatch, Suites, imported, options, show
from benchmarks.progress import Progress
from testsuites import AnySuite, SuiteInvalid, SuiteLimits
from verifier.calibrating.bench import Bench

_LIMITS = SuiteLimits(cpu_seconds=2.0, memory_mb=512.0)
"""For all programs that are compared: mutants may not end."""


class Difference(NamedTuple):
    """A program on which the kinds do not agree.

    Attributes:
        id: of the problem.
        program: what the program is.
        script, call: the verdict of each kind.
    """

    id: str
    program: str
    script: str
    call: str


class Compared(NamedTuple):
    """What came of the problems that there are in both kinds.

    Attributes:
        problems, programs: how many were compared.
        accepted: programs that both kinds accept.
        refused: programs that both refuse.
        differences: the others.
    """

    problems: int
    programs: int
    accepted: int
    refused: int
    differences: list[Difference]


def main() -> int:
    """Return 0 when every canonical solution is accepted; differences are for people to read."""
    parser = options(__doc__, "python -m benchmarks.kinds ../shared/data --suites build/kinds")
    parser.add_argument("data", type=Path, help="folder with the four data sets, as their authors publish them")
    parser.add_argument("--suites", type=Path, help="folder to keep the suites in, or to find them in")
    parser.add_argument("--step", type=int, default=1, help="take every so-manieth problem (default 1)")
    given = parser.parse_args()
    figures: dict[str, Any] = {}
    differences: list[Difference] = []
    watch = Stopwatch()
    failed = False
    with Bench(given.workers) as bench:
        for script_format, script_file, call_format, call_file in (
            ("humaneval", "HumanEval.jsonl.gz", "humanevalplus", "HumanEvalPlus.jsonl.gz"),
            ("mbpp", "sanitized-mbpp.json", "mbppplus", "MbppPlus.jsonl.gz"),
        ):
            folders = [given.suites / name if given.suites else None for name in (script_format, call_format)]
            with (
                imported(script_format, given.data / script_file, folders[0], given.workers) as scripts,
                imported(call_format, given.data / call_file, folders[1], given.workers) as calls,
            ):
                for name, suites in ((script_format, scripts), (call_format, calls)):
                    ids = list(suites.store.ids())[:: given.step]
                    refused = refused_references(suites, ids, bench)
                    failed = failed or bool(refused)
                    figures[name] = f"{len(ids) - len(refused)} of {len(ids)} canonical solutions accepted"
                    figures |= {f"{name} refuses {suite_id}": verdict for suite_id, verdict in refused.items()}
                found = compare(scripts, calls, base_inputs(given.data / call_file), bench, step=given.step)
            same = f"{found.accepted} accepted and {found.refused} refused by both"
            counted = f"{found.problems} problems, {found.programs} programs: {same}, {len(found.differences)} differ"
            figures[f"{script_format} and {call_format}"] = counted
            differences += found.differences
    figures["seconds"] = round(watch.wall_seconds, 1)
    shown = {"differences": [difference._asdict() for difference in differences]} if given.json else {}
    show(figures | shown, given.json)
    if not given.json:
        for difference in differences:
            print(f"{difference.id}, {difference.program}: script {difference.script}, call {difference.call}")
    return int(failed)


def refused_references(suites: Suites, ids: Iterable[str], bench: Bench) -> dict[str, str]:
    """Return the suites that refuse their own reference, with the verdict of each."""
    ids = list(ids)
    store = suites.store
    verdicts = bench.each(lambda each: _verdict(store.load(each), store.reference(each) or "", bench), ids)
    return {each: verdict for each, verdict in zip(ids, verdicts, strict=True) if verdict != "accepted"}


def base_inputs(path: Path) -> dict[str, int]:
    """Return how many inputs of each problem of HumanEval+ or MBPP+ come from its first tests; those come first."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {row["task_id"]: len(row["base_input"]) for row in map(json.loads, file)}


def compare(scripts: Suites, calls: Suites, base: dict[str, int], bench: Bench, *, step: int = 1) -> Compared:
    """Grade programs for each problem that there is in both kinds, every `step`th of them.

    Args:
        scripts: suites of script tests.
        calls: suites of the same ids of call tests.
        base: how many tests of each call suite the script has, too; they come first.
        bench: what to run programs with.
        step: as above.
    """
    ids = sorted(set(scripts.store.ids()) & set(calls.store.ids()))[::step]
    accepted = refused = 0
    differences: list[Difference] = []
    with Progress("problems", len(ids)) as progress:
        for done, suite_id in enumerate(ids, start=1):
            script, call = scripts.store.load(suite_id), calls.store.load(suite_id)
            pair = _limited(script), _limited(msgspec.structs.replace(call, tests=call.tests[: base[suite_id]]))
            references = [suites.store.reference(suite_id) or "" for suites in (scripts, calls)]
            made = list(programs(_entry_point(call), *references))
            of_script, of_call = (
                bench.each(functools.partial(_verdict, suite, bench=bench), [source for _, source in made])
                for suite in pair
            )
            for (name, _), by_script, by_call in zip(made, of_script, of_call, strict=True):
                if (by_script == "accepted") != (by_call == "accepted"):
                    differences.append(Difference(suite_id, name, by_script, by_call))
                elif by_script == "accepted":
                    accepted += 1
                else:
                    refused += 1
            progress.show(done)
    return Compared(len(ids), accepted + refused + len(differences), accepted, refused, differences)


def _entry_point(suite: AnySuite) -> str:
    """Return the function that a suite of HumanEval+ or MBPP+ tests; some of those are scripts of one name."""
    return str(getattr(suite, "entry_point", "") or getattr(suite, "names", ("",))[0])


def _limited(suite: AnySuite) -> AnySuite:
    return msgspec.structs.replace(suite, limits=_LIMITS)


def _verdict(suite: AnySuite, source: str, bench: Bench) -> str:
    try:
        return str(bench.report(suite, source).verdict)
    except SuiteInvalid as error:
        return f"not judged: {error}"


if __name__ == "__main__":
    raise SystemExit(main())
