"""Verifiers that do as a test says, for the faults that a real one has no reason to show."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from verifier.grade import Grade
from verifier.policy import Policy
from verifier.verdict import Verdict

NEUTRAL = -0.25


def judged(reward: float = 1.0, *, credit: float = 1.0) -> Grade:
    """Make a grade with this reward."""
    verdict = Verdict.ACCEPTED if credit == 1.0 else Verdict.WRONG_ANSWER
    components: dict[str, float | None] = {"correctness": credit}
    return Grade(
        suite="s",
        digest="sha256:0",
        verdict=verdict,
        reward=reward,
        judged=True,
        credit=credit,
        components=components,
    )


def unjudged(message: str = "interrupted") -> Grade:
    """Make a grade that is none."""
    return Grade(suite="s", digest="", verdict=Verdict.JUDGE_ERROR, reward=None, judged=False, message=message)


class Judge:
    """Grades by a function of the answer; `interrupt` sets `interrupted`, which that function may wait for."""

    policy = Policy(neutral=NEUTRAL)
    quarantined = False

    def __init__(self, grade: Callable[[str], Grade]) -> None:
        """Take the function."""
        self._grade = grade
        self.interrupted = threading.Event()

    def grade(self, answer: str, suite: Any, *, prompt: str = "") -> Grade:
        """Grade one answer."""
        return self._grade(answer)

    def begin_batch(self) -> None:
        """Spend nothing on any."""

    def interrupt(self) -> None:
        """Wake what waits."""
        self.interrupted.set()
