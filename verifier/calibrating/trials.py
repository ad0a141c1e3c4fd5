"""What programs answer to inputs that were made: which inputs are valid, and where a mutant answers otherwise.

An input is valid where the reference ends on it quickly and without an exception, gives an answer of a kind that it
gives in the suite, every other right program agrees, and the answer does not hang on the noise of floats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import msgspec

from sandbox import Call, Job, Program, Run, Sandbox, Status, Stdin
from testsuites import AnySuite, CallSuite, StdioSuite
from verifier.calibrating.equality import has_one_answer
from verifier.calibrating.mutants import Mutant
from verifier.calibrating.observing import AnyInput, Observed, input_key
from verifier.comparing import compare
from verifier.limits import sandbox_limits

REFERENCE_SECONDS = 0.5
"""Processor time for one input: what takes longer is not tried."""
TIMES_SLOWER = 20
_LEAST_SECONDS = 0.25
_FIRST_BATCH = 32
_MOST_TIME_OUTS = 5
_NUDGE = 1e-9
_EXACT = 1024.0
"""Sums, differences and products of a few multiples of a 1024th are exact in floats."""


class Trials:
    """Tries inputs on the programs of one suite. Every program runs in the sandbox."""

    def __init__(
        self,
        suite: AnySuite,
        reference: str,
        second_references: Sequence[str],
        observed: Sequence[Observed],
        sandbox: Sandbox,
    ) -> None:
        """Try nothing yet; `observed` are the suite's own inputs and answers."""
        self._suite, self._sandbox = suite, sandbox
        self._reference, self._seconds = reference, second_references
        self._limits = sandbox_limits(suite.limits)
        self._one_answer = has_one_answer(suite)
        self._kinds = {_kind(item.answer) for item in observed}
        self._answers: dict[str, Run | None] = {}

    def answers(self, inputs: Sequence[AnyInput]) -> list[Run | None]:
        """Return what the reference answers to each input, None where it is not valid.

        Raises:
            SandboxError: as for `Sandbox.run`.
        """
        new = {key: item for item in inputs if (key := input_key(item)) not in self._answers}
        for key, run in zip(new, self._valid(list(new.values())), strict=True):
            self._answers[key] = run
        return [self._answers[input_key(item)] for item in inputs]

    def agrees(self, known: Sequence[Observed]) -> list[bool]:
        """Say of each input whether the reference gives it the answer that is known.

        Raises:
            SandboxError: as for `Sandbox.run`.
        """
        runs = self._run(self._reference, [item.input for item in known], REFERENCE_SECONDS)
        return [
            run.status is Status.FINISHED and self._same(finished(item.answer), run)
            for item, run in zip(known, runs, strict=True)
        ]

    def first_difference(self, mutant: Mutant, inputs: Sequence[AnyInput], answers: Sequence[Run]) -> int | None:
        """Return the index of the first of some valid inputs to which the mutant answers otherwise; None if to none.

        Raises:
            SandboxError: as for `Sandbox.run`.
        """
        start, size = 0, _FIRST_BATCH
        while start < len(inputs):
            batch, expected = inputs[start : start + size], answers[start : start + size]
            slowest = max(run.cpu_seconds for run in expected)
            runs = self._run(mutant.source, batch, max(_LEAST_SECONDS, TIMES_SLOWER * slowest), time_outs=1)
            for number, (item, right, run) in enumerate(zip(batch, expected, runs, strict=True)):
                if run.status is Status.NOT_RUN:
                    return None  # it did not time out a second time, so nobody knows
                if self._differs(right, run) and self._repeats(mutant, item, right):
                    return start + number
            start, size = start + size, 2 * size
        return None

    def differences(self, mutant: Mutant, inputs: Sequence[AnyInput], answers: Sequence[Run]) -> list[int]:
        """Return the indices of those valid inputs to which the mutant answers otherwise; it may have more.

        Raises:
            SandboxError: as for `Sandbox.run`.
        """
        runs = self._run(mutant.source, inputs, 4 * _LEAST_SECONDS, time_outs=2)
        return [
            number for number, (right, run) in enumerate(zip(answers, runs, strict=True)) if self._differs(right, run)
        ]

    def _repeats(self, mutant: Mutant, item: AnyInput, right: Run) -> bool:
        """Whether reference and mutant, each in new processes, differ once more on this input alone."""
        (again,) = self._run(self._reference, [item], REFERENCE_SECONDS)
        seconds = max(4 * _LEAST_SECONDS, 2 * TIMES_SLOWER * right.cpu_seconds)
        (other,) = self._run(mutant.source, [item], seconds)
        return not self._differs(right, again) and self._differs(right, other)

    def _differs(self, right: Run, run: Run) -> bool:
        """Whether a run is wrong where `right` is the reference's."""
        if run.status is Status.FINISHED:
            return self._one_answer and not self._same(right, run)
        return run.status is not Status.NOT_RUN

    def _same(self, right: Run, run: Run) -> bool:
        comparator = self._suite.comparator
        if isinstance(self._suite, StdioSuite):
            return compare(comparator, right.stdout.decode(), run.stdout, default="tokens")
        if isinstance(self._suite, CallSuite):
            return compare(comparator, right.value, run.value, default="values")
        return compare(msgspec.structs.replace(comparator, name="values"), right.value, run.value)

    def _valid(self, inputs: list[AnyInput]) -> list[Run | None]:
        if not inputs:
            return []
        found: list[Run | None] = [
            run if self._is_answer(run) else None for run in self._run(self._reference, inputs, REFERENCE_SECONDS)
        ]
        for second in self._seconds:
            self._keep_agreed(second, inputs, inputs, found)
        self._keep_free_of_noise(inputs, found)
        return found

    def _is_answer(self, run: Run) -> bool:
        if run.status is not Status.FINISHED:
            return False
        if not isinstance(self._suite, StdioSuite):
            return _kind(run.value) in self._kinds
        try:
            run.stdout.decode()
        except UnicodeDecodeError:
            return False
        return _kind(run.stdout) in self._kinds

    def _keep_agreed(
        self, source: str, inputs: list[AnyInput], asked: Sequence[AnyInput], found: list[Run | None]
    ) -> None:
        """Forget the answers that a right program does not give where it is asked, in place of each input, another."""
        numbers = [number for number, run in enumerate(found) if run is not None]
        if not numbers:
            return
        runs = self._run(source, [asked[number] for number in numbers], REFERENCE_SECONDS)
        for number, run in zip(numbers, runs, strict=True):
            right = found[number]
            if right is None or run.status is not Status.FINISHED or not self._same(right, run):
                found[number] = None

    def _keep_free_of_noise(self, inputs: list[AnyInput], found: list[Run | None]) -> None:
        """Forget the answers that hang on how floats are rounded.

        They do not where all floats of an input are short; or where the same numbers as fractions lead to the same
        answer; or where that of numbers a little larger, and a little smaller, is the same.
        """
        doubtful = [number for number, item in enumerate(inputs) if found[number] and _has_long_floats(item)]
        if not doubtful:
            return
        asked = [inputs[number] for number in doubtful]
        exact, stable = [found[number] for number in doubtful], [found[number] for number in doubtful]
        self._keep_agreed(self._reference, asked, [_mapped(item, _fraction) for item in asked], exact)
        for nudge in (1 - _NUDGE, 1 + _NUDGE):
            moved = [_mapped(item, lambda value, nudge=nudge: value * nudge) for item in asked]
            self._keep_agreed(self._reference, asked, moved, stable)
        for number, one, other in zip(doubtful, exact, stable, strict=True):
            found[number] = one or other

    def _run(
        self, source: str, inputs: Sequence[AnyInput], cpu_seconds: float, time_outs: int = _MOST_TIME_OUTS
    ) -> tuple[Run, ...]:
        limits = msgspec.structs.replace(
            self._limits,
            cpu_seconds=min(self._limits.cpu_seconds, cpu_seconds),
            idle_seconds=1.0,
            max_time_outs=time_outs,
        )
        program = Program(source=source, language=self._suite.language)
        return self._sandbox.run(Job(program=program, inputs=tuple(inputs), limits=limits)).runs  # type: ignore[arg-type]


def finished(answer: Any) -> Run:
    """Return the run of a program that gave this answer: bytes, or a value."""
    return Run(status=Status.FINISHED, value=answer, stdout=answer if isinstance(answer, bytes) else b"")


def _kind(answer: Any) -> str:
    """Return the sort of an answer: one of a sort that is not in the suite is a sign of an invalid input."""
    if isinstance(answer, bytes):
        return "text" if answer.strip() else "nothing"
    return "number" if type(answer) in (int, float) else type(answer).__name__


def _has_long_floats(item: AnyInput) -> bool:
    return isinstance(item, Call) and any(map(_is_long, _floats([item.args, item.kwargs])))


def _is_long(value: float) -> bool:
    return math.isfinite(value) and not (value * _EXACT).is_integer()


def _floats(value: Any) -> list[float]:
    if isinstance(value, float):
        return [value]
    if isinstance(value, dict):
        return _floats([*value.keys(), *value.values()])
    if isinstance(value, list | tuple | set | frozenset):
        return [number for item in value for number in _floats(item)]
    return []


def _fraction(value: float) -> Any:
    return Fraction(repr(value)) if math.isfinite(value) else value


def _mapped(item: AnyInput, change: Any) -> AnyInput:
    """Return the same call with every float in its arguments changed."""
    if isinstance(item, Stdin):
        return item
    return msgspec.structs.replace(item, args=_changed(item.args, change), kwargs=_changed(item.kwargs, change))


def _changed(value: Any, change: Any) -> Any:
    if isinstance(value, float):
        return change(value)
    if isinstance(value, dict):
        return {_changed(key, change): _changed(found, change) for key, found in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(_changed(found, change) for found in value)
    return value
