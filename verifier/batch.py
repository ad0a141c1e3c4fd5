"""Grade many samples at once, in order, whatever happens to one of them.

One thread for each worker; they wait for sandboxes, so threads are enough. Samples are taken from their source as
workers come free, so a source of any length is never held in memory. When the deadline passes, or the caller goes away
(Ctrl-C), what runs is killed and what has not begun never begins.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Any, Protocol

from sandbox.errors import SandboxError
from testsuites.errors import SuiteError
from verifier.grade import Grade, not_judged
from verifier.places import place_of
from verifier.sample import Sample

TOO_LATE = "not judged: the deadline passed first; send fewer samples at once, or allow more time"

_LOG = logging.getLogger(__name__)
_AHEAD = 4  # samples under way or waiting for each worker: enough that a slow one does not leave the others idle
_STOP_SECONDS = 1.0
_STOP_STEP_SECONDS = 0.02


class Grader(Protocol):
    """What `grade_many` needs of a `verifier.Verifier`."""

    def grade(self, answer: str, suite: str | dict[str, Any], /, *, prompt: str = "") -> Grade:
        """Grade one answer to a prompt."""
        ...

    def interrupt(self) -> None:
        """Kill what runs now; the grades under way come back as not judged."""
        ...


def grade_many(
    verifier: Grader,
    samples: Iterable[Sample],
    *,
    workers: int,
    deadline: float | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Grade]:
    """Yield one grade for each sample, in order.

    Args:
        verifier: grades one answer; used from several threads. Interrupting it reaches everything that it runs, so do
            not share it with another batch at the same time.
        samples: may be endless; at most ``4 * workers`` are taken before their grades are.
        workers: samples graded at once.
        deadline: reading of `clock` from which on nothing is graded: `verifier` is interrupted, and the samples left
            are not judged. None: no deadline.
        clock: seconds that only grow.

    Raises:
        ValueError: `workers` is not positive.
        Exception: only what `samples` raises.
    """
    source = iter(samples)
    waiting: deque[tuple[Sample, Future[Grade]]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="grade")
    try:
        while not _passed(deadline, clock):
            for sample in islice(source, _AHEAD * workers - len(waiting)):
                waiting.append((sample, pool.submit(_grade, verifier, sample)))
            if not waiting:
                return
            try:
                grade = waiting[0][1].result(None if deadline is None else max(0.0, deadline - clock()))
            except TimeoutError:
                continue
            waiting.popleft()
            yield grade
        _stop(verifier, [future for _, future in waiting])
        for sample, future in waiting:
            finished = future.done() and not future.cancelled()
            yield future.result() if finished else ungraded(sample, TOO_LATE)
        waiting.clear()
        for sample in source:
            yield ungraded(sample, TOO_LATE)
    finally:
        _stop(verifier, [future for _, future in waiting])
        pool.shutdown(wait=False)


def ungraded(sample: Sample, message: str) -> Grade:
    """Return the grade of a sample that the judge could not grade. The message must hold nothing hidden."""
    return not_judged(sample.suite if isinstance(sample.suite, str) else "", "", message)


def _grade(verifier: Grader, sample: Sample) -> Grade:
    """Grade one sample; an error of any kind stays its own."""
    if sample.problem is not None:
        return ungraded(sample, sample.problem)
    if sample.suite is None:
        return ungraded(sample, "suite: missing")
    try:
        return verifier.grade(sample.answer, sample.suite, prompt=sample.prompt)
    except (SuiteError, SandboxError) as error:
        return ungraded(sample, str(error))
    except Exception as error:
        _LOG.error("the judge failed: %s", place_of(error))
        return ungraded(sample, f"the judge failed: {type(error).__name__}; its log says where")


def _passed(deadline: float | None, clock: Callable[[], float]) -> bool:
    return deadline is not None and clock() >= deadline


def _stop(verifier: Grader, futures: list[Future[Grade]]) -> None:
    """Let nothing begin, and kill what runs.

    Interrupts again and again for a short while: a worker may have been about to start a program when the first
    interrupt came.
    """
    running = {future for future in futures if not future.cancel() and not future.done()}
    give_up = time.monotonic() + _STOP_SECONDS
    while running and time.monotonic() < give_up:
        verifier.interrupt()
        running = wait(running, timeout=_STOP_STEP_SECONDS).not_done
