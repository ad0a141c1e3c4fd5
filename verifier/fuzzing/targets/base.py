"""What the targets share, over what `verifier.fuzzing.target` asks of one."""

from __future__ import annotations

import abc
import math
import time

from testsuites.model import AnySuite
from verifier.fuzzing.target import TargetBroken


class OutOfTime(TargetBroken):
    """The time of the campaign ended before the target answered: nothing is known of it."""


class BaseTarget(abc.ABC):
    """A target that a user named.

    Attributes:
        name: as its user named it.
        range: lowest and highest reward.
        timeout: seconds for each answer.
        exposed: a program that harms its surroundings could harm this machine: nothing is known to stand in between.
        is_ours: it is this verifier.
        until: when the campaign has no more time for answers, on the clock of `time.monotonic`; None: never.
    """

    exposed: bool = True
    is_ours: bool = False

    def __init__(self, name: str, *, range: tuple[float, float], timeout: float) -> None:
        """Keep what is said of it."""
        self.name = name
        self.range = range
        self.timeout = timeout
        self.until: float | None = None

    @abc.abstractmethod
    def carries(self, suite: AnySuite) -> bool:
        """Say whether the target's form of a request can hold this suite."""

    @abc.abstractmethod
    def ask(self, answer: str, suite: AnySuite, seconds: float) -> float | None:
        """Return the reward for an answer, within so many seconds.

        Raises:
            TargetBroken: there is no reward.
        """

    def pay(self, answer: str, suite: AnySuite) -> float | None:
        """Return the reward for an answer, or None where the target declines to judge.

        Raises:
            TargetBroken: there is no reward.
        """
        until = math.inf if self.until is None else self.until
        left = until - time.monotonic()
        if left <= 0:
            raise OutOfTime("was not asked: no time is left")
        try:
            return self.ask(answer, suite, min(self.timeout, left))
        except TargetBroken:
            if left < self.timeout and time.monotonic() >= until:
                raise OutOfTime("was not waited for: no time is left") from None
            raise

    def renewed(self, hash_seed: int) -> BaseTarget | None:
        """Return the same target in new processes with that ``PYTHONHASHSEED``; None where they are out of reach."""
        return None

    def refresh(self) -> None:
        """Let nothing of earlier answers reach the next ones, where that is in reach."""
        return

    @abc.abstractmethod
    def close(self) -> None:
        """Let go of every process and connection. Safe to call twice."""
