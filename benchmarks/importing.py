"""Import a data set of gigabytes, and grade an answer against each of its suites: the judge's memory stays flat.

The data set is made here, in the shape of APPS: a thousand stdio problems, all different, as large as it takes. What is
written, the data set and its suites, is deleted at the end.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measuring import Stopwatch, options, show
from benchmarks.progress import Progress
from benchmarks.references import fenced
from sandbox import LocalSandbox
from testsuites.directory import DirectoryStore
from verifier import Verdict, Verifier
from verifier.importing import ImportProgress, import_suites

MOST_MB = 300.0
_TESTS = 4
_RIGHT = fenced("print(sum(map(int, open(0).read().split())))")
_MEBIBYTE = 1024**2


def main() -> int:
    """Return 0 when every suite was imported and accepts the right program, and memory stayed below `MOST_MB`."""
    parser = options(__doc__, "python -m benchmarks.importing --gigabytes 2", workers=1)
    parser.add_argument("--gigabytes", type=float, default=2.0, help="size of the data set (default 2)")
    parser.add_argument("--problems", type=int, default=1000, help="how many it has (default 1000)")
    parser.add_argument("--folder", type=Path, help="where there is room for twice that (default: the temporary one)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        figures = measured(Path(folder), round(given.gigabytes * 1e9), given.problems, given.workers)
    figures["enough"] = figures["imported"] == figures["accepted"] == given.problems and figures["peak_mb"] < MOST_MB
    show(figures, given.json)
    return not figures["enough"]


def measured(folder: Path, size: int, problems: int, workers: int) -> dict[str, Any]:
    """Make the data set, import it, grade; return the figures."""
    source = folder / "rows.jsonl"
    with source.open("w") as file:
        file.writelines(rows(problems, size // problems))
    figures: dict[str, Any] = {"gigabytes": round(source.stat().st_size / 1e9, 3), "start_mb": resident_mb()}
    memory: list[float] = []
    watch = Stopwatch()
    with Progress("imported", problems) as line, LocalSandbox(workers) as sandbox:

        def after(progress: ImportProgress) -> None:
            memory.append(resident_mb())
            line.show(progress.written)

        figures["imported"] = import_suites("apps", source, folder / "suites", sandbox, after).written
    figures["import_seconds"] = round(watch.wall_seconds, 1)
    figures["import_grew_mb"] = grown(memory)
    figures["import_peak_mb"] = peak_mb()
    memory.clear()
    watch = Stopwatch()
    store = DirectoryStore(folder / "suites")
    accepted = 0
    with Progress("graded", problems) as line, Verifier(store, workers=workers) as verifier:
        for number, suite_id in enumerate(store.ids(), start=1):
            accepted += verifier.grade(_RIGHT, suite_id).verdict is Verdict.ACCEPTED
            memory.append(resident_mb())
            line.show(number)
    figures |= {"accepted": accepted, "grade_seconds": round(watch.wall_seconds, 1), "grade_grew_mb": grown(memory)}
    return figures | {"peak_mb": peak_mb()}


def rows(problems: int, row_bytes: int) -> Iterator[str]:
    """Yield the lines of a data set: sums of many numbers, other ones in each test."""
    count = row_bytes // _TESTS // len("123456 ")
    for problem in range(problems):
        firsts = [100_000 + problem * _TESTS + test for test in range(_TESTS)]
        tests = [(f"{first} " + "123456 " * (count - 1), first + 123_456 * (count - 1)) for first in firsts]
        inputs, outputs = [given for given, _ in tests], [f"{expected}\n" for _, expected in tests]
        row = {
            "problem_id": problem,
            "question": "Add.",
            "input_output": json.dumps({"inputs": inputs, "outputs": outputs}),
        }
        yield json.dumps(row) + "\n"


def resident_mb() -> float:
    """Return the resident memory of this process."""
    return round(psutil.Process().memory_info().rss / _MEBIBYTE, 1)


def peak_mb() -> float:
    """Return the most that it ever was."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return round(int(found[1]) / 1024, 1)


def grown(memory: list[float]) -> float:
    """Return by how much the most of the second half is above the most of the first."""
    half = len(memory) // 2
    return round(max(memory[half:]) - max(memory[:half]), 1)


if __name__ == "__main__":
    raise SystemExit(main())
