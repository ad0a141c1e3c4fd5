"""The seam between what attacks and what is attacked: a target is given an answer and a suite, and pays."""

from __future__ import annotations

from typing import Protocol

from testsuites.model import AnySuite


class TargetBroken(Exception):
    """The target raised, died, hung, or returned what is no reward. The message tells which, and quotes nothing."""


class Target(Protocol):
    """Any verifier, ours or another's. One caller at a time.

    Attributes:
        name: as its user named it.
        range: lowest and highest reward that it may pay.
    """

    name: str
    range: tuple[float, float]

    def carries(self, suite: AnySuite) -> bool:
        """Say whether the target's form of a request can hold this suite."""
        ...

    def pay(self, answer: str, suite: AnySuite) -> float | None:
        """Return the reward for an answer, whatever number it is, or None where the target declines to judge.

        Raises:
            TargetBroken: there is no reward.
        """
        ...

    def renewed(self, hash_seed: int) -> Target | None:
        """Return the same target in new processes with that ``PYTHONHASHSEED``; None where they are out of reach."""
        ...

    def close(self) -> None:
        """Let go of every process and connection. Safe to call twice."""
        ...
