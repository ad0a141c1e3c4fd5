"""What can be measured on a target: problems whose reference it accepts, and what it pays for being right."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import msgspec

from testsuites.model import AnySuite, CallSuite, StdioSuite
from verifier.fuzzing.fences import fenced
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.target import Target, TargetBroken

_NEITHER = "neither"
_STAYS = "cannot travel inline"
_WRONG_ONES = 6
"""Wrong programs that are tried: one for each problem, until so many have been paid something."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A problem whose reference the target accepts.

    Attributes:
        problem: the problem.
        paid: what the reference is paid: whatever is paid as much is taken for right.
    """

    problem: Problem
    paid: float


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """What came of trying references.

    Attributes:
        measured: by the id of the suite.
        left_out: why nothing can be measured on the others, by the id of the suite.
        refused: those of `left_out` whose reference is refused although the target accepts others of its kind.
    """

    measured: dict[str, Measured]
    left_out: dict[str, str]
    refused: tuple[str, ...]

    @property
    def problem(self) -> str:
        """What is wrong with the target, judged by its references alone; empty where nothing is."""
        if not self.measured:
            told = [each for each in self.left_out.items() if each[1] != _STAYS] or [*self.left_out.items()]
            suite, reason = told[0]
            return (
                "on no problem is the reference paid more than a wrong program, so nothing can be measured;"
                f" {suite}: {reason}"
            )
        return "; ".join(f"the reference of {suite} is refused: {self.left_out[suite]}" for suite in self.refused)


def gate(target: Target, problems: Iterable[Problem], progress: Callable[[str], None] = lambda suite: None) -> Gate:
    """Try the reference of each problem, and a program that is plainly wrong.

    A reference counts as accepted when it is paid more than halfway from the least to the most that any program here is
    paid: what a target pays for being right is not known beforehand.
    """
    right: dict[str, float] = {}
    wrong: list[float] = []
    left_out: dict[str, str] = {}
    tried: dict[str, Problem] = {}
    for problem in problems:
        suite = problem.suite
        tried[suite.id] = problem
        if not target.carries(suite):
            left_out[suite.id] = _STAYS
        else:
            paid = _paid(target, fenced(problem.reference), suite)
            if isinstance(paid, str):
                left_out[suite.id] = paid
            else:
                right[suite.id] = paid
                if len(wrong) < _WRONG_ONES and isinstance(
                    paid := _paid(target, _wrong_answer(suite), suite), float | int
                ):
                    wrong.append(paid)
        progress(suite.id)
    most = max(right.values(), default=math.nan)
    least = min([*right.values(), *wrong] if wrong else [target.range[0]])
    measured = {}
    for suite_id, paid in right.items():
        if paid > (least + most) / 2:
            measured[suite_id] = Measured(problem=tried[suite_id], paid=paid)
        else:
            left_out[suite_id] = f"pays the reference {paid:+g}, and wrong programs {least:+g}"
    kinds = {type(each.problem.suite) for each in measured.values()}
    refused = [suite_id for suite_id in left_out if suite_id in right and type(tried[suite_id].suite) in kinds]
    return Gate(measured=measured, left_out=left_out, refused=tuple(refused))


def _paid(target: Target, answer: str, suite: AnySuite) -> float | str:
    """Return what an answer is paid, or why it is paid nothing that counts."""
    try:
        paid = target.pay(answer, suite)
    except TargetBroken as error:
        return f"the target {error}"
    if paid is None:
        return "the target declines to judge"
    return paid if math.isfinite(paid) else "the target pays what is no finite number"


def _wrong_answer(suite: AnySuite) -> str:
    if isinstance(suite, StdioSuite):
        return fenced(f"print({_NEITHER!r})\n")
    names = (suite.entry_point,) if isinstance(suite, CallSuite) else suite.names
    return fenced("".join(f"def {name}(*args, **named):\n    return {_NEITHER!r}\n" for name in names))
