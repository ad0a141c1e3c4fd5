"""The smallest program for an exploit: the target pays it as the reference, and a referee does not accept it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Self

import msgspec

from testsuites.model import AnySuite
from verifier.fuzzing.attacking import Attempt, Result
from verifier.fuzzing.exploits import LONGEST_TEXT, entry_of, shown
from verifier.fuzzing.fences import fenced
from verifier.fuzzing.gating import Measured
from verifier.fuzzing.reducing import EnoughError, reduce_program, reduce_text
from verifier.fuzzing.target import TargetBroken
from verifier.fuzzing.targets import BaseTarget, OutOfTime
from verifier.verdict import Verdict
from verifier.verifier import Verifier

_SLOWER = 5.0
"""A smaller program may take so many times as long as the exploit did, and a second."""


def for_reducing(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Return those that fooled the target: the shortest of each row first, then the others."""
    fooled = [each for each in attempts if each.result is Result.FOOLED]
    shortest: dict[str, Attempt] = {}
    for attempt in sorted(fooled, key=lambda each: len(entry_of(each.id).text)):
        shortest.setdefault(attempt.row, attempt)
    return [*shortest.values(), *(each for each in fooled if each not in shortest.values())]


class Reducer:
    """Reduces exploits of one target. The referee is our own verifier. Use it as a context manager."""

    def __init__(self, target: BaseTarget, measured: Mapping[str, Measured]) -> None:
        """Start nothing yet; `measured` is what `gating.gate` found."""
        self._target = target
        self._measured = measured
        self._referee = Verifier(workers=1)

    def reduced(self, attempt: Attempt, seconds: float) -> Attempt:
        """Return the attempt with what is left of its program, after so many seconds at most."""
        place = self._measured[attempt.suite]
        suite = place.problem.suite
        entry = entry_of(attempt.id)
        timeout = self._target.timeout
        self._target.until = time.monotonic() + seconds
        self._target.timeout = min(timeout, 1.0 + _SLOWER * attempt.seconds)
        try:
            if entry.source is not None:
                smallest = reduce_program(entry.source, lambda text: self._fools(fenced(text), suite, place.paid))
            elif len(entry.text) <= LONGEST_TEXT:
                smallest = reduce_text(entry.text, lambda text: self._fools(text, suite, place.paid))
            else:
                smallest = shown(entry)
        finally:
            self._target.timeout, self._target.until = timeout, None
            self._target.refresh()
        return msgspec.structs.replace(attempt, smallest=smallest)

    def _fools(self, answer: str, suite: AnySuite, reference_paid: float) -> bool:
        """Whether the target pays an answer that deserves nothing.

        Raises:
            EnoughError: time is up.
        """
        if self._referee.grade(answer, suite).verdict in (Verdict.ACCEPTED, Verdict.JUDGE_ERROR):
            return False
        try:
            paid = self._target.pay(answer, suite)
        except OutOfTime:
            raise EnoughError from None
        except TargetBroken:
            return False
        return paid is not None and paid >= reference_paid

    def __enter__(self) -> Self:
        """Return the reducer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the referee."""
        self._referee.close()
