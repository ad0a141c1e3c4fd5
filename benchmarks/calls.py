"""Calls with plain data: HumanEval+ through the verifier, beside a plain loop in one interpreter.

The loop has no limits and no isolation, and uses one processor: it shows what the calls themselves cost. Both sides
compare with the same function. Two problems with inputs of megabytes are left out unless --all is given.
"""

from __future__ import annotations

import copy
import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.measuring import Stopwatch, add_rounds, imported, options, show
from benchmarks.references import fenced
from testsuites import CallSuite
from testsuites.directory import DirectoryStore
from verifier import Verdict, Verifier
from verifier.comparing import compare

_GIANTS = {"HumanEval/15", "HumanEval/130"}


def main() -> int:
    """Return 0 when both sides accept everything."""
    parser = options(__doc__, "python -m benchmarks.calls ../shared/data/HumanEvalPlus.jsonl.gz --suites build/plus")
    parser.add_argument("source", type=Path, help="HumanEvalPlus.jsonl.gz")
    parser.add_argument("--suites", type=Path, help="folder to keep its suites in, or to find them in")
    parser.add_argument("--all", action="store_true", help="the two giant problems as well")
    add_rounds(parser)
    given = parser.parse_args()
    with imported("humanevalplus", given.source, given.suites, given.workers) as suites:
        left_out = set() if given.all else _GIANTS
        problems = [(suite, program) for suite, program in _problems(suites.store) if suite.id not in left_out]
        rounds = [(run_loop(problems), run_verifier(problems, given.workers)) for _ in range(given.rounds)]
    inputs = sum(len(suite.tests) for suite, _ in problems)
    accepted = [sum(counts) for counts in zip(*(((loop[0], ours[0]) for loop, ours in rounds)), strict=True)]
    rates = [statistics.median(inputs / side[1] for side in sides) for sides in zip(*rounds, strict=True)]
    agreed = accepted == [inputs * given.rounds] * 2
    show(
        {
            "problems": len(problems),
            "inputs": inputs,
            "loop_inputs_per_second": round(rates[0]),
            "verifier_inputs_per_second": round(rates[1]),
            "ratio": round(rates[1] / rates[0], 3),
            "all_accepted": agreed,
        },
        given.json,
    )
    return not agreed


def _problems(store: DirectoryStore) -> list[tuple[CallSuite, str]]:
    suites = ((store.load(suite_id), store.reference(suite_id)) for suite_id in store.ids())
    return [(suite, program) for suite, program in suites if isinstance(suite, CallSuite) and program]


def run_loop(problems: list[tuple[CallSuite, str]]) -> tuple[int, float]:
    """Call each function in this process; return how many values are right, and the seconds it took."""
    watch = Stopwatch()
    right = 0
    for suite, program in problems:
        namespace: dict[str, Any] = {}
        exec(program, namespace)  # noqa: S102 - a data set's own solutions
        function = namespace[suite.entry_point]
        for test in suite.tests:
            value = function(*copy.deepcopy(test.args))
            right += compare(suite.comparator, test.expected, value, default="values")
    return right, watch.wall_seconds


def run_verifier(problems: list[tuple[CallSuite, str]], workers: int) -> tuple[int, float]:
    """Grade each solution; return how many tests are accepted, and the seconds it took once processes were warm."""
    answers = [(fenced(program), suite) for suite, program in problems]
    with Verifier(workers=workers) as verifier, ThreadPoolExecutor(workers) as threads:
        list(threads.map(lambda answer: verifier.grade(*answer), answers[:workers]))
        watch = Stopwatch()
        grades = list(threads.map(lambda answer: verifier.grade(*answer), answers))
        seconds = watch.wall_seconds
    return sum(test.verdict is Verdict.ACCEPTED for grade in grades for test in grade.tests), seconds


if __name__ == "__main__":
    raise SystemExit(main())
