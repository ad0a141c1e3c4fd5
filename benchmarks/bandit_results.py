"""What became of a policy under a reward design."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.bandit_answers import BEHAVIOURS, Class, start
from benchmarks.bandit_arms import Arm
from benchmarks.bandit_designs import Design
from benchmarks.bandit_learning import Numbers, Training, train

MOST = 0.9
"""A behaviour that has so much of the answers has won."""

STARTS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
"""Shares of right answers before training that are tried."""

_RIGHT = np.array([behaviour.is_right for behaviour in BEHAVIOURS])


class Result(NamedTuple):
    """One design, trained with.

    Attributes:
        design: which.
        rewards: of each problem (rows) and behaviour (columns).
        shares: of each behaviour before the first step and after each: seeds, steps + 1, behaviours.
    """

    design: Design
    rewards: Numbers
    shares: Numbers

    def of(self, *kinds: Class) -> Numbers:
        """Return the share of some classes of behaviour together: seeds, steps + 1."""
        return _sum(self.shares, np.array([behaviour.kind in kinds for behaviour in BEHAVIOURS]))

    @property
    def right(self) -> Numbers:
        """The share of right answers: what is wanted."""
        return _sum(self.shares, _RIGHT)

    @property
    def final(self) -> dict[str, float]:
        """The share of each behaviour in the end, median over the seeds, the largest first."""
        shares = np.median(self.shares[:, -1], axis=0)
        named = {behaviour.name: float(share) for behaviour, share in zip(BEHAVIOURS, shares, strict=True)}
        return dict(sorted(named.items(), key=lambda item: -item[1]))

    @property
    def winner(self) -> Class:
        """The class with the largest share in the end, mean over the seeds."""
        return max(Class, key=lambda kind: float(self.of(kind)[:, -1].mean()))

    @property
    def steps(self) -> int | None:
        """Steps until right answers have `MOST`, median over the seeds; None unless they do in the end, in each."""
        if (self.right[:, -1] < MOST).any():
            return None
        return int(np.median((self.right >= MOST).argmax(axis=1)))

    @property
    def paid(self) -> Numbers:
        """The mean reward after each step, over seeds, as a share of what the design can pay on these problems."""
        mean = (self.shares @ self.rewards.mean(axis=0)).mean(axis=0)
        low, high = self.rewards.min(axis=1).mean(), self.rewards.max(axis=1).mean()
        return np.asarray((mean - low) / (high - low))


def result(design: Design, arms: Sequence[Sequence[Arm]], right: float, training: Training) -> Result:
    """Train with a design, from a policy that gives so many right answers."""
    rewards = np.array([[design.reward(arm) for arm in row] for row in arms])
    return Result(design, rewards, train(rewards, np.array(start(right)), training))


def reach(design: Design, arms: Sequence[Sequence[Arm]], training: Training) -> float | None:
    """Return the smallest of `STARTS` from which every seed comes to be right; None where not even the largest does."""
    return next((right for right in STARTS if result(design, arms, right, training).steps is not None), None)


def _sum(shares: Numbers, which: Numbers) -> Numbers:
    return np.asarray(shares[:, :, which].sum(axis=2))
