"""What a target returned becomes a number, or the word that it declined."""

from __future__ import annotations

import json
from typing import Any

KEYS = ("reward", "score", "aggregate_reward_score")
"""Where the number is in a dictionary; the first that is there."""


class NoRewardError(Exception):
    """What came is no reward. The message says what it is, and quotes nothing."""


def reward_of(value: Any) -> float | None:
    """Return the number in a number, a grade, or a dictionary with one of `KEYS`; None for None.

    Raises:
        NoRewardError: as above.
    """
    if isinstance(value, dict):
        key = next((key for key in KEYS if key in value), None)
        if key is None:
            raise NoRewardError(f"returned a dictionary without {', '.join(KEYS[:-1])} or {KEYS[-1]}")
        value = value[key]
    elif hasattr(value, "reward"):
        value = value.reward
    if value is None:
        return None
    if isinstance(value, str | bytes) or not hasattr(value, "__float__"):
        raise NoRewardError(f"returned a {type(value).__name__}, which is no reward")
    try:
        return float(value)
    except Exception:  # such as an array of many numbers
        raise NoRewardError(f"returned a {type(value).__name__}, which is no number") from None


def only_reward_of(values: Any) -> float | None:
    """Return the number in a list of one.

    Raises:
        NoRewardError: it is no list, or holds another number of rewards.
    """
    if isinstance(values, str | bytes | dict) or not hasattr(values, "__len__"):
        raise NoRewardError(f"returned a {type(values).__name__} for one answer, not a list of one reward")
    if len(values) != 1:
        raise NoRewardError(f"returned {len(values)} rewards for one answer")
    return reward_of(values[0])


def reply_reward(reply: Any) -> float | None:
    """Return the number in the reply of an AWS reward function, in an HTTP envelope or without.

    None too where a metric says that the answer was not judged, as ours does.

    Raises:
        NoRewardError: it is no such reply.
    """
    if isinstance(reply, dict) and "errorType" in reply:
        raise NoRewardError(f"failed with {str(reply['errorType'])[:80]}")
    if isinstance(reply, dict) and "body" in reply:
        status = reply.get("statusCode", 200)
        if status != 200:
            raise NoRewardError(f"replied with status {str(status)[:20]}")
        reply = reply["body"]
        if isinstance(reply, str):
            try:
                reply = json.loads(reply)
            except (ValueError, RecursionError):
                raise NoRewardError("replied with a body that is not JSON") from None
    if isinstance(reply, dict):
        reply = [reply]
    if not isinstance(reply, list) or len(reply) != 1 or not isinstance(reply[0], dict):
        raise NoRewardError("replied with something else than a list of one result")
    if _declined(reply[0].get("metrics_list")):
        return None
    if "aggregate_reward_score" not in reply[0]:
        raise NoRewardError("replied without an aggregate_reward_score")
    return reward_of(reply[0])


def _declined(metrics: Any) -> bool:
    return isinstance(metrics, list) and any(
        isinstance(metric, dict) and metric.get("name") == "judged" and metric.get("value") == 0 for metric in metrics
    )
