"""Group-relative policy optimisation over the arms of a bandit.

GRPO as in Shao et al., "DeepSeekMath: Pushing the Limits of Mathematical Reasoning in Open Language Models", 2024,
arXiv:2402.03300. A policy is a softmax over behaviours, the same for all problems, as the habits of a model are. A step
draws groups of answers, to each problem in turn. An answer's advantage is its reward less the mean of its group, over
the group's standard deviation; the logits follow the gradient of the mean advantage.

Left out: the clipping of ratios, since each group is used for one step and so every ratio is 1; the mean over an
answer's tokens, since an answer is one choice; and the pull towards the first policy, which changes how fast and how
far a behaviour spreads, not which one is paid most.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_SMALL = 1e-4


class Training(NamedTuple):
    """How to train.

    Attributes:
        steps: how many.
        seeds: runs that differ in chance only.
        seed: of that chance.
        groups: in a step.
        answers: in a group.
        rate: what a mean advantage of 1 adds to a logit in a step.
        divided: by the group's standard deviation. Not so in "Dr. GRPO" (Liu et al., "Understanding R1-Zero-Like
            Training: A Critical Perspective", 2025, arXiv:2503.20783).
    """

    steps: int = 1000
    seeds: int = 5
    seed: int = 0
    groups: int = 8
    answers: int = 16
    rate: float = 0.2
    divided: bool = True


def train(rewards: Numbers, start: Numbers, training: Training) -> Numbers:
    """Return the share of each behaviour before the first step and after each: seeds, steps + 1, behaviours.

    Args:
        rewards: of each problem (rows) and behaviour (columns).
        start: share of each behaviour at first; one of 0 stays at 0.
        training: how.
    """
    problems, behaviours = rewards.shape
    asked = rewards[np.arange(training.groups) % problems]  # what each group's answers are paid
    group = np.arange(training.groups)[:, None]
    chance = np.random.default_rng(training.seed)
    with np.errstate(divide="ignore"):
        logits = np.tile(np.log(start), (training.seeds, 1))
    shares = np.empty((training.seeds, training.steps + 1, behaviours))
    shares[:, 0] = start
    for step in range(training.steps):
        bounds = np.cumsum(shares[:, step], axis=1)
        bounds[:, -1] = 1.0
        drawn = chance.random((training.seeds, training.groups * training.answers))
        chosen = np.array([row.searchsorted(at, side="right") for row, at in zip(bounds, drawn, strict=True)])
        paid = asked[group, chosen.reshape(training.seeds, training.groups, training.answers)]
        advantage = paid - paid.mean(axis=-1, keepdims=True)
        if training.divided:
            advantage /= paid.std(axis=-1, keepdims=True) + _SMALL
        # A group's advantages add up to 0, so the softmax adds no term for what was not drawn.
        for seed, (arms, of_arm) in enumerate(zip(chosen, advantage.reshape(chosen.shape), strict=True)):
            earned = np.bincount(arms, of_arm, behaviours)
            logits[seed] += training.rate * earned / chosen.shape[1]
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares[:, step + 1] = odds / odds.sum(axis=1, keepdims=True)
    return shares
