"""Whole programs with standard input: the verifier beside a new interpreter for each test, as most graders run them.

155 programs with 1,107 tests in all. Both sides compare outputs with the same function, and must give every test the
same verdict. The verifier's processor time includes the start of its processes in every round.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measuring import Stopwatch, add_rounds, options, show
from benchmarks.references import fenced
from testsuites import Comparator
from verifier import Verdict, Verifier
from verifier.batch import grade_many
from verifier.comparing import compare
from verifier.sample import Sample

_TIME_OUT_SECONDS = 30


class Round(NamedTuple):
    """One pass over all tests.

    Attributes:
        verdicts: one for each test of each program.
        wall_seconds, cpu_seconds: for the whole pass.
    """

    verdicts: list[list[Verdict]]
    wall_seconds: float
    cpu_seconds: float


def main() -> int:
    """Return 0 when both sides agree on every test."""
    parser = options(__doc__, "python -m benchmarks.stdio ../shared/data/humaneval_stdio.json --rounds 3")
    parser.add_argument("source", type=Path, help="humaneval_stdio.json")
    add_rounds(parser)
    given = parser.parse_args()
    rows = json.loads(given.source.read_text("utf-8"))
    bare, ours = [], []
    for _ in range(given.rounds):
        bare.append(run_bare(rows, given.workers))
        ours.append(run_verifier(rows, given.workers))
    tests = sum(len(row["inputs"]) for row in rows)
    agreed = all(one.verdicts == bare[0].verdicts for one in bare + ours)
    show({"tests": tests, **_figures(bare, ours, tests), "verdicts_equal": agreed}, given.json)
    return not agreed


def run_bare(rows: list[dict[str, Any]], workers: int) -> Round:
    """Run ``python program.py`` for each test."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as threads:

        def judge(number: int) -> list[Verdict]:
            row = rows[number]
            path = Path(folder, f"{number}.py")
            path.write_text(row["program"], "utf-8")
            return [_verdict(path, *test) for test in zip(row["inputs"], row["outputs"], strict=True)]

        watch = Stopwatch()
        verdicts = list(threads.map(judge, range(len(rows))))
        return Round(verdicts, watch.wall_seconds, watch.cpu_seconds)


def _verdict(path: Path, given: str, expected: str) -> Verdict:
    command = [sys.executable, str(path)]
    ran = subprocess.run(command, input=given.encode(), capture_output=True, timeout=_TIME_OUT_SECONDS, check=False)
    if ran.returncode:
        return Verdict.RUNTIME_ERROR
    right = compare(Comparator(), expected, ran.stdout, default="tokens")
    return Verdict.ACCEPTED if right else Verdict.WRONG_ANSWER


def run_verifier(rows: list[dict[str, Any]], workers: int) -> Round:
    """Grade each program against the suite of its tests."""
    samples = [
        Sample(
            id=row["task_id"],
            answer=fenced(row["program"]),
            suite={"inputs": row["inputs"], "outputs": row["outputs"]},
        )
        for row in rows
    ]
    whole = Stopwatch()
    with Verifier(workers=workers) as verifier:
        list(grade_many(verifier, samples[:workers] * 2, workers=workers))  # a trainer's verifier is warm
        watch = Stopwatch()
        grades = list(grade_many(verifier, samples, workers=workers))
        wall_seconds = watch.wall_seconds
    # Of processes that live on, the processor time is known only when they end.
    return Round([[test.verdict for test in grade.tests] for grade in grades], wall_seconds, whole.cpu_seconds)


def _figures(bare: list[Round], ours: list[Round], tests: int) -> dict[str, float]:
    rates = [statistics.median(tests / one.wall_seconds for one in side) for side in (bare, ours)]
    costs = [statistics.median(one.cpu_seconds * 1000 / tests for one in side) for side in (bare, ours)]
    return {
        "subprocess_tests_per_second": round(rates[0], 1),
        "verifier_tests_per_second": round(rates[1], 1),
        "ratio": round(rates[1] / rates[0], 2),
        "subprocess_cpu_ms_per_test": round(costs[0], 2),
        "verifier_cpu_ms_per_test": round(costs[1], 2),
    }


if __name__ == "__main__":
    raise SystemExit(main())
