"""The naive graders of `tests.attacks.naive` as targets, in the shapes that trainers call.

They run programs unprotected: never as root, and never but in a target's own process.
"""

from __future__ import annotations

import json
import os
from typing import Any

from tests.attacks.naive import GRADERS, TAKES_ANSWERS
from testsuites import inline_suite
from verifier.extraction import extract

if os.getuid() == 0:
    raise PermissionError("these graders protect nothing; use another user")


def exit_code(answer: str, reference_answer: dict[str, Any]) -> float:
    """Our shape."""
    return _reward("exit_code", answer, reference_answer)


def in_process(answer: str, reference_answer: dict[str, Any]) -> dict[str, float]:
    """Our shape, with a dictionary."""
    return {"reward": _reward("in_process", answer, reference_answer)}


def shared_result(completions: list[str], ground_truth: list[dict[str, Any]], **columns: object) -> list[float]:
    """TRL's shape, with texts."""
    del columns
    return [_reward("shared_result", answer, truth) for answer, truth in zip(completions, ground_truth, strict=True)]


def marker(
    prompts: list[Any], completions: list[list[dict[str, str]]], verification_info: list[dict[str, Any]]
) -> list[float]:
    """TRL's shape, with conversations."""
    del prompts
    return [
        _reward("marker", conversation[-1]["content"], info)
        for conversation, info in zip(completions, verification_info, strict=True)
    ]


def zip_lines(data_source: str, solution_str: str, ground_truth: str, extra_info: object = None) -> float:
    """As verl calls."""
    del data_source, extra_info
    return _reward("zip_lines", solution_str, json.loads(ground_truth))


def lenient(data_source: str, solution_str: str, ground_truth: str, extra_info: object = None) -> dict[str, Any]:
    """As verl calls, with a dictionary."""
    del data_source, extra_info
    score = _reward("lenient", solution_str, json.loads(ground_truth))
    return {"score": score, "acc": score == 1.0}


def report_file(event: list[dict[str, Any]], context: Any) -> list[dict[str, Any]]:
    """Amazon's shape."""
    assert context.get_remaining_time_in_millis() > 0
    return [
        {
            "id": sample["id"],
            "aggregate_reward_score": _reward(
                "report_file", sample["messages"][-1]["content"], sample["reference_answer"]
            ),
        }
        for sample in event
    ]


def unittest_run(event: list[dict[str, Any]], context: Any) -> dict[str, Any]:
    """Amazon's shape, in an HTTP envelope."""
    del context
    results = [
        {
            "id": sample["id"],
            "aggregate_reward_score": _reward(
                "unittest_run", sample["messages"][-1]["content"], sample["reference_answer"]
            ),
        }
        for sample in event
    ]
    return {"statusCode": 200, "headers": {}, "body": json.dumps(results)}


async def first_block(answer: str, reference_answer: dict[str, Any]) -> float:
    """Our shape, asynchronous."""
    return _reward("first_block", answer, reference_answer)


def _reward(grader: str, answer: str, reference: dict[str, Any]) -> float:
    text = answer if grader in TAKES_ANSWERS else extract(answer, "python")
    return float(text is not None and GRADERS[grader](text, inline_suite(reference)))
