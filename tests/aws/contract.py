"""The rules that a reply to a trainer must keep, written from AWS's documentation and apart from the product's code."""

from __future__ import annotations

import json
import math
from typing import Any

REWARDS = {"correctness", "pass_rate"}
METRICS = {"judged", "accepted", "compile_error", "timeouts", "tests_run", "tests_expected"}


def results_of(reply: Any, ids: list[Any]) -> list[dict[str, Any]]:
    """Return the results of a bare reply, after checking each rule; `ids` are those of the samples sent."""
    assert isinstance(reply, list)
    json.loads(json.dumps(reply, allow_nan=False).encode("utf-8"))
    assert [result["id"] for result in reply] == ids
    for result in reply:
        _check_number(result["aggregate_reward_score"])
        kinds = {}
        for metric in result["metrics_list"]:
            assert set(metric) == {"name", "value", "type"}
            assert isinstance(metric["name"], str)
            assert metric["type"] in ("Reward", "Metric")
            _check_number(metric["value"])
            assert metric["name"] not in kinds, "a metric is there twice"
            kinds[metric["name"]] = metric["type"]
        assert all(kinds[name] == "Reward" for name in REWARDS)
        assert all(kinds[name] == "Metric" for name in METRICS)
    return reply


def enveloped_results_of(reply: Any, ids: list[Any]) -> list[dict[str, Any]]:
    """Return the results of a reply in an HTTP envelope, likewise."""
    assert set(reply) == {"statusCode", "headers", "body"}
    assert reply["statusCode"] == 200
    assert reply["headers"] == {"content-type": "application/json"}
    assert isinstance(reply["body"], str)
    return results_of(json.loads(reply["body"]), ids)


def id_of(item: Any) -> Any:
    """Return the id that a result must have for this sample: its own, unless UTF-8 or JSON has no way to write it."""
    given = item.get("id") if isinstance(item, dict) else None
    if isinstance(given, str):
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in given)
    return given if isinstance(given, int | float) and math.isfinite(given) else None


def metric(result: dict[str, Any], name: str) -> float:
    """Return the value of one metric."""
    return next(entry["value"] for entry in result["metrics_list"] if entry["name"] == name)


def _check_number(value: Any) -> None:
    assert isinstance(value, int | float)
    assert not isinstance(value, bool)
    assert math.isfinite(value)
