"""Grade the bundled labelled submissions again and again, and find every grade that differs.

One at a time and several at once, by a new verifier for each pass (cold) and by one that has graded before (warm), in
another order each time. Two grades are the same when verdict, reward and the verdict on each test are. The first grade
of a submission is what all others are compared with.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from benchmarks.measuring import options, show
from benchmarks.progress import Progress
from benchmarks.submissions import Essence, Submission, bundled
from verifier import Verifier


class Mode(NamedTuple):
    """How a pass is made."""

    name: str
    workers: int
    cold: bool


class Difference(NamedTuple):
    """Two gradings of a submission that do not agree."""

    suite: str
    submission: str
    mode: str
    first: Essence
    found: Essence

    def __str__(self) -> str:
        """On three lines."""
        return f"{self.submission}, {self.mode}\n  first: {self.first}\n  found: {self.found}"


def main() -> int:
    """Return 0 when there is no difference."""
    parser = options(__doc__, "python -m benchmarks.determinism --repeats 5", workers=4)
    parser.add_argument("--repeats", type=int, default=5, help="passes in each of the four modes (default 5)")
    given = parser.parse_args()
    submissions = bundled()
    begin = time.monotonic()
    differences = find_differences(submissions, given.repeats, given.workers)
    figures: dict[str, Any] = {
        "submissions": len(submissions),
        "passes": 4 * given.repeats,
        "gradings": 4 * given.repeats * len(submissions),
        "differences": len(differences),
        "seconds": round(time.monotonic() - begin, 1),
    }
    if given.json:
        figures["different"] = [difference._asdict() for difference in differences]
    show(figures, given.json)
    if not given.json:
        print(*differences, sep="\n")
    return bool(differences)


def modes(workers: int) -> tuple[Mode, ...]:
    """Return the four modes; `workers` are those of the passes that grade several at once."""
    return (
        Mode("one at a time, cold", 1, cold=True),
        Mode("one at a time, warm", 1, cold=False),
        Mode(f"{workers} at once, cold", workers, cold=True),
        Mode(f"{workers} at once, warm", workers, cold=False),
    )


def find_differences(submissions: Sequence[Submission], repeats: int, workers: int) -> list[Difference]:
    """Grade every submission `repeats` times in each mode; return the gradings that differ from the first."""
    firsts: dict[str, Essence] = {}
    differences = []
    done, total = 0, repeats * len(modes(workers)) * len(submissions)
    with contextlib.ExitStack() as cleanup, Progress("gradings", total) as progress:
        warm = {mode: cleanup.enter_context(_warmed(mode, submissions)) for mode in modes(workers) if not mode.cold}
        for repeat in range(repeats):
            for mode in modes(workers):
                order = random.Random(f"{mode.name} {repeat}").sample(submissions, len(submissions))  # noqa: S311
                with contextlib.nullcontext(warm[mode]) if mode in warm else Verifier(workers=mode.workers) as verifier:
                    for submission, found in _one_pass(verifier, order, mode.workers):
                        first = firsts.setdefault(submission.name, found)
                        if found != first:
                            suite_id = submission.suite.id
                            differences.append(Difference(suite_id, submission.name, mode.name, first, found))
                        done += 1
                        progress.show(done)
    return differences


@contextlib.contextmanager
def _warmed(mode: Mode, submissions: Sequence[Submission]) -> Iterator[Verifier]:
    """Give a verifier that has graded before."""
    with Verifier(workers=mode.workers) as verifier:
        quick = [submission for submission in submissions if not submission.slow]
        for _ in _one_pass(verifier, quick[: 2 * mode.workers], mode.workers):
            pass
        yield verifier


def _one_pass(
    verifier: Verifier, submissions: Sequence[Submission], workers: int
) -> Iterator[tuple[Submission, Essence]]:
    with ThreadPoolExecutor(workers) as threads:
        grades = threads.map(lambda submission: verifier.grade(submission.answer, submission.suite), submissions)
        yield from zip(submissions, map(Essence.of, grades), strict=True)


if __name__ == "__main__":
    raise SystemExit(main())
