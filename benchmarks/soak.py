"""Send thousands of submissions, one in ten hostile, through one verifier: nothing may stay behind, no grade change.

First each submission is graded alone: that is how it must always end. Then all are graded in a shuffled order, several
at once. Honest ones are the bundled labelled submissions and the honest programs of the corpus of attacks; hostile ones
are its attacks, but for those that no judge outlives. Time-outs cost seconds each, so they are a set share of the
honest ones. Ctrl-C ends the run, and shows what is known by then.
"""

from __future__ import annotations

import gc
import random
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from itertools import chain, cycle, islice
from typing import Any

import psutil

from benchmarks.measuring import options, show
from benchmarks.progress import Progress
from benchmarks.submissions import Essence, Submission, bundled
from benchmarks.traces import Footprint, Traces, footprint, look, look_until
from sandbox import LocalSandbox
from verifier import Verdict, Verifier
from verifier.fuzzing.exploits import corpus

HOSTILE_SHARE = 0.1
MOST_GROWTH_MB = 20.0
_MUST_BE_NOTHING = (
    *("not_judged", "honest_changed", "hostile_changed"),
    *("left_processes", "left_descriptors", "left_names", "left_objects"),
)
_TIER = "this host"  # none of those that the corpus makes exceptions for
_LOOK_SECONDS = 0.5
_INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main() -> int:
    """Return 0 when nothing was left and no grade has changed."""
    parser = options(__doc__, "python -m benchmarks.soak --submissions 10000", workers=4)
    parser.add_argument("--submissions", type=int, default=10_000, help="how many (default 10000)")
    parser.add_argument(
        "--slow-share", type=float, default=0.01, help="share of time-outs among the honest ones (default 0.01)"
    )
    parser.add_argument("--warm-up", type=int, default=500, help="graded before memory is first measured (default 500)")
    parser.add_argument("--seed", type=int, default=0, help="of the order (default 0)")
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="PATTERN", help="names that others make, as in '/tmp/pytest*'"
    )
    given = parser.parse_args()
    plan = planned(bundled() + attacks(), given.submissions, given.slow_share, given.seed)
    soak = Soak(plan, given.workers, given.warm_up, given.ignore)
    interrupted = False
    try:
        soak.run()
    except KeyboardInterrupt:
        interrupted = True
    figures = soak.figures()
    failures = failed(figures)
    figures |= {"failed": failures, "interrupted": interrupted}
    if given.json:
        figures["changed"] = soak.changed
    show(figures, given.json)
    if not given.json:
        print(*soak.changed, sep="\n")
    return _INTERRUPTED if interrupted else bool(failures)


def attacks() -> list[Submission]:
    """Return the programs of the corpus, hostile and honest, but for those that no judge outlives on this host."""
    with LocalSandbox(workers=1) as sandbox:
        layers, _ = sandbox.survey()
    store = corpus.store()
    submissions = []
    for entry in corpus.load():
        ending = entry.ending(layers, _TIER)
        if ending.reward is not None and not ending.spoils:
            submissions += [
                Submission(
                    name=f"{entry.id}@{suite_id}",
                    answer=entry.text,
                    suite=store.load(suite_id),
                    slow=ending.verdict == Verdict.TIME_LIMIT_EXCEEDED,
                    hostile=entry.row != corpus.HONEST,
                )
                for suite_id in entry.suites
            ]
    return submissions


def planned(submissions: Collection[Submission], count: int, slow_share: float, seed: int) -> list[Submission]:
    """Return `count` submissions in a shuffled order, all of a kind equally often.

    Args:
        submissions: what to choose from.
        count: how many.
        slow_share: share of the slow among the honest ones, 0..1.
        seed: of the choice and the order.
    """
    chance = random.Random(seed)  # noqa: S311 - an order, no secret
    hostile = round(HOSTILE_SHARE * count)
    slow = round(slow_share * (count - hostile))

    def some(number: int, *, hostile: bool, slow: bool | None = None) -> Iterator[Submission]:
        those = [each for each in submissions if each.hostile is hostile and slow in (None, each.slow)]
        return islice(cycle(chance.sample(those, len(those))), number)

    plan = list(
        chain(
            some(hostile, hostile=True),
            some(slow, hostile=False, slow=True),
            some(count - hostile - slow, hostile=False, slow=False),
        )
    )
    chance.shuffle(plan)
    return plan


def failed(figures: dict[str, Any]) -> list[str]:
    """Return the names of the figures that are not what they must be."""
    found = [name for name in _MUST_BE_NOTHING if figures[name]]
    if figures["memory_growth_mb"] > MOST_GROWTH_MB:
        found.append("memory_growth_mb")
    return found


class Soak:
    """One run. What is known of it can be asked for at any time, also after an interrupt.

    Attributes:
        changed: the submissions whose grade was another in company than alone, with both.
    """

    def __init__(self, plan: Sequence[Submission], workers: int, warm_up: int, ignore: Collection[str] = ()) -> None:
        """Start nothing yet.

        Args:
            plan: what is graded, in this order.
            workers: how many at once.
            warm_up: how many are graded before memory is first measured.
            ignore: patterns of names that other programs make in the folders that are looked at.
        """
        self._plan = plan
        self._workers = workers
        self._warm_up = min(warm_up, len(plan) // 2)
        self._ignore = ignore
        self._worker = footprint()
        self._before = self._after = look()
        self._lock = threading.Lock()
        self._expected: dict[str, Essence] = {}
        self.changed: list[str] = []
        self._not_judged = 0
        self._changes = {False: 0, True: 0}  # of honest ones, of hostile ones
        self._graded = {False: 0, True: 0}
        self._left_processes = self._left_descriptors = 0
        self._quiet_seconds = self._seconds = 0.0
        self._growth_bytes = 0

    def run(self) -> None:
        """Grade each submission alone, then all of them, and look around."""
        begin = time.monotonic()
        try:
            self._grade_alone()
            self._quiet_seconds = time.monotonic() - begin
            self._grade_all()
        finally:
            self._after = look_until(self._is_clean)

    def figures(self) -> dict[str, Any]:
        """Return what is known."""
        after, before = self._after, self._before
        graded = sum(self._graded.values())
        return {
            "submissions": graded,
            "hostile": self._graded[True],
            "different": len(self._expected),
            "seconds_alone": round(self._quiet_seconds, 1),
            "seconds": round(self._seconds, 1),
            "submissions_per_second": round(graded / self._seconds, 1) if self._seconds else 0.0,
            "not_judged": self._not_judged,
            "honest_changed": self._changes[False],
            "hostile_changed": self._changes[True],
            "left_processes": max(self._left_processes, after.descendants - before.descendants)
            + len(after.strays - before.strays),
            "left_descriptors": max(self._left_descriptors, after.descriptors - before.descriptors),
            "left_names": after.names_since(before, self._ignore),
            "left_objects": len(after.objects - before.objects),
            "memory_growth_mb": round(self._growth_bytes / 1e6, 1),
        }

    def _grade_alone(self) -> None:
        different = {submission.name: submission for submission in self._plan}
        with Verifier(workers=1) as verifier, Progress("alone", len(different)) as progress:
            for submission in different.values():
                found = self._expected[submission.name] = _graded(verifier, submission)
                self._not_judged += found.reward is None
                progress.show(len(self._expected))

    def _grade_all(self) -> None:
        source = iter(self._plan)
        with Verifier(workers=self._workers) as verifier, Progress("together", len(self._plan)) as progress:
            begin = time.monotonic()
            try:
                self._grade(verifier, islice(source, self._warm_up), progress)
                warm_bytes = _resident_bytes()
                self._grade(verifier, source, progress)
            finally:
                self._seconds = time.monotonic() - begin
            self._growth_bytes = _resident_bytes() - warm_bytes
            self._left_processes, self._left_descriptors = self._left_beside_idle_workers()

    def _grade(self, verifier: Verifier, source: Iterator[Submission], progress: Progress) -> None:
        """Grade what the source holds; no grade is kept, so that only the verifier can make this process grow."""
        stopped = threading.Event()

        def next_one() -> Submission | None:
            with self._lock:
                return None if stopped.is_set() else next(source, None)

        def work() -> None:
            while (submission := next_one()) is not None:
                found = _graded(verifier, submission)
                if not stopped.is_set():
                    self._enter(submission, found)

        with ThreadPoolExecutor(self._workers) as threads:
            running = {threads.submit(work) for _ in range(self._workers)}
            try:
                while running:
                    done, running = wait(running, _LOOK_SECONDS, FIRST_EXCEPTION)
                    for future in done:
                        future.result()
                    progress.show(sum(self._graded.values()))
            finally:
                stopped.set()
                if running:  # an error, or Ctrl-C: what is under way is killed
                    verifier.interrupt()

    def _enter(self, submission: Submission, found: Essence) -> None:
        expected = self._expected[submission.name]
        with self._lock:
            self._graded[submission.hostile] += 1
            self._not_judged += found.reward is None
            if found != expected:
                self._changes[submission.hostile] += 1
                self.changed.append(f"{submission.name}\n  alone: {expected}\n  found: {found}")

    def _left_beside_idle_workers(self) -> tuple[int, int]:
        """Return how many processes and descriptors there are that no idle worker accounts for."""

        def left(now: Traces) -> Footprint:
            before, workers = self._before, now.workers - self._before.workers
            return Footprint(
                now.descendants - before.descendants - workers * self._worker.processes,
                now.descriptors - before.descriptors - workers * self._worker.descriptors,
            )

        return left(look_until(lambda now: left(now) == (0, 0)))

    def _is_clean(self, now: Traces) -> bool:
        before = self._before
        return (
            now[1:3] == before[1:3]
            and now.strays <= before.strays
            and now.objects <= before.objects
            and not now.names_since(before, self._ignore)
        )


def _graded(verifier: Verifier, submission: Submission) -> Essence:
    return Essence.of(verifier.grade(submission.answer, submission.suite))


def _resident_bytes() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    raise SystemExit(main())
