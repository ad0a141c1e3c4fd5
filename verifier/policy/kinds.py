"""The kinds of policy."""

from __future__ import annotations

import math
from itertools import pairwise

from verifier.policy.base import Policy, PolicyError
from verifier.verdict import Verdict


class Graded(Policy, frozen=True, kw_only=True, tag="graded"):
    """A floor that tells how a submission fails, and a small part for the tests that it passes. The default.

    All tests accepted pay `accepted`. Otherwise the strongest verdict pays its floor, plus ``partial * credit`` unless
    that verdict leaves no credit.

    Attributes:
        accepted: for a submission that passes every test.
        wrong_answer: floor, as all that follow; named like the verdicts.
        partial: what full credit adds to a floor.
    """

    accepted: float = 1.0
    wrong_answer: float = -0.8
    runtime_error: float = -0.9
    output_limit_exceeded: float = -0.9
    memory_limit_exceeded: float = -0.9
    time_limit_exceeded: float = -0.9
    compile_error: float = -1.0
    no_code: float = -1.0
    security_violation: float = -1.0
    partial: float = 0.4

    def __post_init__(self) -> None:
        """Refuse numbers that break a law.

        Raises:
            PolicyError: as above.
        """
        super().__post_init__()
        judged = [verdict for verdict in Verdict if verdict is not Verdict.JUDGE_ERROR]
        for verdict in judged:
            self.check_in_range(verdict, self.floor(verdict))
        for worse, better in pairwise(judged):
            if self.floor(worse) > self.floor(better):
                raise PolicyError(
                    f"{worse}: {self.floor(worse)} pays more than the milder {better} ({self.floor(better)}); lower it"
                )
        if not 0.0 <= self.partial < math.inf:
            raise PolicyError(f"partial: {self.partial} must be 0 or more, and finite")
        best_failing = self.floor(Verdict.WRONG_ANSWER) + self.partial
        if best_failing >= self.accepted:
            raise PolicyError(
                f"partial: wrong_answer + partial ({self.wrong_answer} + {self.partial}) reaches accepted"
                f" ({self.accepted}), so a failing submission could be paid like a right one; lower it"
            )
        self.check_stake(self.accepted, best_failing, "wrong_answer + partial")

    def floor(self, verdict: Verdict) -> float:
        """Return the number that is named like `verdict`."""
        number: float = getattr(self, verdict)
        return number

    def pay(self, verdict: Verdict, credit: float) -> float:
        """Return ``accepted``, or ``floor + partial * credit``."""
        if verdict is Verdict.ACCEPTED:
            return self.accepted
        return self.floor(verdict) + self.partial * credit


class Binary(Policy, frozen=True, kw_only=True, tag="binary"):
    """The top of the range for an accepted submission, the bottom for any other."""

    def __post_init__(self) -> None:
        """Refuse a stake as large as the range.

        Raises:
            PolicyError: as above.
        """
        super().__post_init__()
        self.check_stake(self.range[1], self.range[0], "range")

    def pay(self, verdict: Verdict, credit: float) -> float:
        """Return one end of the range."""
        low, high = self.range
        return high if verdict is Verdict.ACCEPTED else low


class Linear(Policy, frozen=True, kw_only=True, tag="linear"):
    """The credit, stretched over the range, less what is at stake; that part is for accepted submissions."""

    def __post_init__(self) -> None:
        """Refuse a stake as large as the range.

        Raises:
            PolicyError: as above.
        """
        super().__post_init__()
        self.check_stake(self.range[1], self.range[0], "range")

    def pay(self, verdict: Verdict, credit: float) -> float:
        """Return ``low + (high - stake - low) * credit``, and `high` for an accepted submission only."""
        low, high = self.range
        if verdict is Verdict.ACCEPTED:
            return high
        # Tests of no weight, and rounding, can give a failing submission full credit.
        worst_accepted = high - self.stake
        return min(low + (worst_accepted - low) * credit, math.nextafter(worst_accepted, low))


class Stepped(Policy, frozen=True, kw_only=True, tag="stepped"):
    """A reward for each threshold of credit.

    Attributes:
        steps: pairs of credit and reward, ascending. The first credit is 0; the last is 1 and stands for an accepted
            submission. A failing one is paid by the highest step below 1 that its credit reaches.
    """

    steps: tuple[tuple[float, float], ...] = ((0.0, -1.0), (0.25, -0.8), (0.5, -0.6), (0.75, -0.4), (1.0, 1.0))

    def __post_init__(self) -> None:
        """Refuse steps that break a law.

        Raises:
            PolicyError: as above.
        """
        super().__post_init__()
        if len(self.steps) < 2 or self.steps[0][0] != 0.0 or self.steps[-1][0] != 1.0:
            raise PolicyError("steps: must begin at credit 0 and end at credit 1, such as [[0, -1], [1, 1]]")
        for number, (_, reward) in enumerate(self.steps, 1):
            self.check_in_range(f"steps, reward of step {number}", reward)
        for number, ((credit, reward), (next_credit, next_reward)) in enumerate(pairwise(self.steps), 2):
            if not credit < next_credit or next_reward < reward:
                raise PolicyError(
                    f"steps: step {number} must have a higher credit than the step before, and pay no less"
                )
        if self.steps[-1][1] <= self.steps[-2][1]:
            raise PolicyError(
                f"steps: the last step pays {self.steps[-1][1]}, no more than the one before it, so a failing"
                " submission could be paid like a right one; raise it"
            )
        self.check_stake(self.steps[-1][1], self.steps[-2][1], "steps")

    def pay(self, verdict: Verdict, credit: float) -> float:
        """Return the reward of the step that the credit reaches."""
        if verdict is Verdict.ACCEPTED:
            return self.steps[-1][1]
        return next(reward for threshold, reward in reversed(self.steps[:-1]) if credit >= threshold)
