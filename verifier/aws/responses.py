"""Grades become the reply that trainers read: for each sample its id, one finite reward, and metrics.

Nothing hidden is in a reply: no text of a suite, a program or a diagnostic, only numbers and the caller's own ids.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import mean
from typing import Any

from verifier.aws.counts import pass_rate, tests_run
from verifier.components.loading import TAKEN
from verifier.grade import Grade
from verifier.sample import Sample
from verifier.verdict import Verdict

_SCORE = "aggregate_reward_score"

_COUNTED = {
    Verdict.TIME_LIMIT_EXCEEDED: "timeouts",
    Verdict.MEMORY_LIMIT_EXCEEDED: "memory_limits",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "output_limits",
    Verdict.RUNTIME_ERROR: "runtime_errors",
    Verdict.WRONG_ANSWER: "wrong_answers",
}
"""Metrics that count tests of one verdict."""

_FLAGGED = (Verdict.ACCEPTED, Verdict.COMPILE_ERROR, Verdict.NO_CODE, Verdict.SECURITY_VIOLATION)
"""Verdicts of a whole submission that are metrics of their own, 0 or 1."""


def build_response(samples: Sequence[Sample], grades: Sequence[Grade], *, neutral: float) -> list[dict[str, Any]]:
    """Return one result for each sample, in order.

    For a sample that was not judged, everything of type "Reward" is the mean over the judged samples of the same
    prompt, so that it says nothing about the model: the mean of its group stays what it is, and its advantage is zero.
    Its metric `judged` is 0.

    Args:
        samples: what was asked.
        grades: one for each sample.
        neutral: the score when no sample of the same prompt was judged; its other rewards are then 0.
    """
    rewards = [_rewards(grade) for grade in grades]
    judged = defaultdict(list)
    for sample, own in zip(samples, rewards, strict=True):
        if own is not None:
            judged[sample.prompt_key].append(own)
    results = []
    for sample, grade, own in zip(samples, grades, rewards, strict=True):
        given = (
            own or _mean(judged.get(sample.prompt_key, [])) or {_SCORE: neutral, "correctness": 0.0, "pass_rate": 0.0}
        )
        metrics = [(name, value, "Reward") for name, value in given.items() if name != _SCORE]
        metrics += [(name, value, "Metric") for name, value in _counts(grade, judged=own is not None).items()]
        results.append(
            {
                "id": sample.id,
                _SCORE: given[_SCORE],
                "metrics_list": [{"name": name, "value": value, "type": kind} for name, value, kind in metrics],
            }
        )
    return results


def in_envelope(results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the results in the envelope of an HTTP reply."""
    body = json.dumps(results, allow_nan=False)
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": body}


def _rewards(grade: Grade) -> dict[str, float] | None:
    """Return the score and its parts; None when there is none, or one that JSON cannot carry."""
    rewards = {
        _SCORE: math.nan if grade.reward is None else grade.reward,
        "correctness": grade.credit,
        "pass_rate": pass_rate(grade),
        **{name: figure for name, figure in grade.components.items() if figure is not None and name not in TAKEN},
    }
    return rewards if grade.judged and all(map(math.isfinite, rewards.values())) else None


def _mean(group: list[dict[str, float]]) -> dict[str, float]:
    """Return the mean of each reward over a group; nothing for an empty group."""
    names = dict.fromkeys(name for rewards in group for name in rewards)
    return {name: mean(rewards[name] for rewards in group if name in rewards) for name in names}


def _counts(grade: Grade, *, judged: bool) -> dict[str, int]:
    """Describe one grade in counts, and in flags of 0 or 1."""
    tests = Counter(result.verdict for result in grade.tests)
    return {
        "judged": int(judged),
        **{verdict.value: int(judged and grade.verdict is verdict) for verdict in _FLAGGED},
        **{name: tests[verdict] for verdict, name in _COUNTED.items()},
        "tests_run": tests_run(grade),
        "tests_expected": len(grade.tests),
    }
