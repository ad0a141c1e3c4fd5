"""Check one law: Hypothesis makes the cases, and shrinks the one that breaks it, within a budget."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from hypothesis.errors import FlakyFailure, Unsatisfiable

from verifier.fuzzing.law import Finding, Law, LawBroken, Subject
from verifier.fuzzing.searching import search
from verifier.fuzzing.target import TargetBroken


def check(law: Law[Subject], subject: Subject, *, examples: int, seed: int, seconds: float) -> Finding:
    """Try a law on at most so many cases, and shrink the first that breaks it.

    The same seed gives the same cases, as long as the time suffices. Nothing is printed, and no database is used.

    Args:
        law: the law.
        subject: what has to keep it.
        examples: most cases to try, shrinking left out.
        seed: of everything that is drawn.
        seconds: elapsed time for all, shrinking included. A case that has begun is brought to its end.

    Raises:
        Exception: the law itself failed on a case; a subject's own failure is a finding.
    """
    cases = law.cases(subject)
    if cases is None:
        return Finding(law=law.name, holds=None)
    trials = _Trials(law, subject, seconds)
    with contextlib.suppress(_Broken, FlakyFailure, _OutOfTime, Unsatisfiable):
        search(trials.try_, cases, examples=examples, seed=seed)
    return trials.finding()


class _Broken(Exception):
    """A case breaks the law; one class and one place, so that Hypothesis takes all that do for one failure."""


class _OutOfTime(BaseException):
    """Ends Hypothesis: it takes every `Exception` for a failure of the case."""


class _Trials:
    """The cases of one law, as they are tried."""

    def __init__(self, law: Law[Subject], subject: Subject, seconds: float) -> None:
        self._law = law
        self._subject = subject
        self._start = time.monotonic()
        self._end = self._start + seconds
        self._cases = 0
        self._seconds = 0.0
        self._broken: LawBroken | None = None
        """By the case tried last of those that break it: Hypothesis ends on the smallest."""

    def finding(self) -> Finding:
        if self._broken is None:
            return Finding(
                law=self._law.name, holds=True if self._cases else None, cases=self._cases, seconds=self._seconds
            )
        return Finding(
            law=self._law.name,
            holds=False,
            cases=self._cases,
            seconds=self._seconds,
            told=self._broken.told,
            example=self._broken.example,
            problem=self._broken.problem,
        )

    def try_(self, case: Any) -> None:
        if time.monotonic() > self._end:
            raise _OutOfTime
        shrinking = self._broken is not None
        broken = None
        try:
            self._law.check(self._subject, case)
        except LawBroken as error:
            broken = error
        except TargetBroken as error:
            broken = LawBroken(f"the target gave no reward: {error}", example="")
        if not shrinking:
            self._cases += 1
            self._seconds = time.monotonic() - self._start
        if broken:
            self._broken = broken
            raise _Broken
