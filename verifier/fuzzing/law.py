"""What a law is, and what came of checking one.

A law is a property of a subject: of a `Setting` (a target and the problems it is tried with), a policy, a comparator or
an extractor. Hypothesis makes the cases and shrinks the one that breaks it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from hypothesis.strategies import SearchStrategy

from verifier.fuzzing.problem import Problem
from verifier.fuzzing.target import Target

Subject = TypeVar("Subject")


class LawBroken(AssertionError):
    """A case that breaks a law.

    Attributes:
        told: what happened, in one line, with the numbers that tell it.
        example: the text that did it, for a person to read: an answer, a program, or a pair of values.
        problem: id of the problem it was tried on; empty where there is none.
    """

    def __init__(self, told: str, *, example: str, problem: str = "") -> None:
        """Make it from its parts, as above."""
        super().__init__(told)
        self.told = told
        self.example = example
        self.problem = problem


class Setting(msgspec.Struct, frozen=True):
    """The subject of the laws of whole verifiers: a target, and problems that it carries (at least one)."""

    target: Target
    problems: tuple[Problem, ...]


class Law(msgspec.Struct, Generic[Subject], frozen=True, kw_only=True):
    """One law.

    Attributes:
        name: a few words joined by hyphens, such as ``reference-is-accepted``.
        says: the law in one sentence.
        cases: makes the strategy of cases for a subject; None where the law does not apply to it.
        check: tries one case; raises `LawBroken` where the law does not hold.
    """

    name: str
    says: str
    cases: Callable[[Subject], SearchStrategy[Any] | None]
    check: Callable[[Subject, Any], None]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What came of checking a law.

    Attributes:
        law: its name.
        holds: False where a case breaks it; None where it does not apply, or no case could be tried in the time.
        cases: how many were tried, shrinking left out.
        seconds: how long that took.
        told, example, problem: as in `LawBroken`, of the smallest case that breaks it.
    """

    law: str
    holds: bool | None
    cases: int = 0
    seconds: float = 0.0
    told: str = ""
    example: str = ""
    problem: str = ""
