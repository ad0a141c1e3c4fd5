"""What one event comes to in metrics (docs/monitoring.md): numbers under names that never change.

Counts are one value for an event; what is measured of each sample is one value for each, so that CloudWatch can tell
how the values are spread. No name holds the id of a suite, a sample or a training: each new name is paid for.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from verifier.aws.counts import pass_rate, tests_run
from verifier.grade import Grade
from verifier.sample import Sample
from verifier.verdict import Verdict

_COUNT, _SECONDS, _PLAIN = "Count", "Seconds", "None"  # units of CloudWatch; the last is for what has none

UNITS = {
    "reward": _PLAIN,
    "reward_share": _PLAIN,
    "pass_rate": _PLAIN,
    "samples": _COUNT,
    "judged": _COUNT,
    "not_judged": _COUNT,
    **{verdict.value: _COUNT for verdict in Verdict if verdict is not Verdict.JUDGE_ERROR},
    "tests_run": _COUNT,
    "tests_expected": _COUNT,
    "groups": _COUNT,
    "zero_variance_groups": _COUNT,
    "components_not_judged": _COUNT,
    "tripwires": _COUNT,
    "seconds": _SECONDS,
    "batch_seconds": _SECONDS,
}
"""Every metric, and its unit, besides those of components."""

COMPONENT = "component_"
"""What the metric of a component is called, with the component's name behind it: a name of a user's takes no other."""

_DIGITS = 6  # enough for every use, and half the length in the log


class Metric(NamedTuple):
    """One metric of an event.

    Attributes:
        unit: as CloudWatch calls it.
        values: finite numbers; at least one.
    """

    unit: str
    values: list[float]


def measure(
    samples: Sequence[Sample],
    grades: Sequence[Grade],
    *,
    bounds: tuple[float, float],
    quarantined: bool,
    seconds: float,
) -> dict[str, Metric]:
    """Return the metrics of an event by name; one of which there is no finite value is left out.

    Args:
        samples: of the event.
        grades: one for each sample.
        bounds: lowest and highest reward of the policy.
        quarantined: a tripwire was passed (`verifier.tripwire`).
        seconds: that the event took.
    """
    judged = [grade for grade in grades if grade.judged]
    verdicts = Counter(grade.verdict.value for grade in judged)
    spreads = _spreads(samples, grades)
    rewards = [grade.reward for grade in judged if grade.reward is not None]
    found: dict[str, list[float]] = {
        "reward": rewards,
        "reward_share": [_share(reward, bounds) for reward in rewards],
        "pass_rate": [pass_rate(grade) for grade in judged],
        "samples": [len(grades)],
        "judged": [len(judged)],
        "not_judged": [len(grades) - len(judged)],
        **{verdict.value: [verdicts[verdict.value]] for verdict in Verdict if verdict is not Verdict.JUDGE_ERROR},
        "tests_run": [sum(map(tests_run, judged))],
        "tests_expected": [sum(len(grade.tests) for grade in judged)],
        "groups": [len(spreads)],
        "zero_variance_groups": [spreads.count(0.0)],
        "components_not_judged": [sum(list(grade.components.values()).count(None) for grade in judged)],
        "tripwires": [int(quarantined)],
        "seconds": [grade.seconds for grade in judged],
        "batch_seconds": [seconds],
    }
    measured = {name: Metric(UNITS[name], _finite(values)) for name, values in found.items()}
    measured |= {COMPONENT + name: Metric(_PLAIN, _finite(values)) for name, values in _components(judged).items()}
    return {name: metric for name, metric in measured.items() if metric.values}


def _spreads(samples: Sequence[Sample], grades: Sequence[Grade]) -> list[float]:
    """Return the distance from the lowest to the highest reward, for each prompt of which several were judged."""
    rewards = defaultdict(list)
    for sample, grade in zip(samples, grades, strict=True):
        if grade.judged and grade.reward is not None and sample.prompt_key:
            rewards[sample.prompt_key].append(grade.reward)
    return [max(group) - min(group) for group in rewards.values() if len(group) > 1]


def _share(reward: float, bounds: tuple[float, float]) -> float:
    """Return where a reward lies in the policy's range, 0..1: CloudWatch has no percentiles of negative numbers."""
    low, high = bounds
    return min(1.0, max(0.0, (reward - low) / (high - low)))


def _components(grades: Sequence[Grade]) -> Mapping[str, list[float]]:
    """Return the figures of each component that was measured."""
    figures: dict[str, list[float]] = {}
    for grade in grades:
        for name, figure in grade.components.items():
            if figure is not None:
                figures.setdefault(name, []).append(figure)
    return figures


def _finite(values: Sequence[float]) -> list[float]:
    return [round(value, _DIGITS) for value in values if math.isfinite(value)]
