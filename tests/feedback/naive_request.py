"""Requests and readings as one writes them without a thought of attacks; only to show that the attacks work."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.feedback.endpoint import Reply, Request
from tests.feedback.evidences import CRITERIA
from verifier.feedback.request import BEST_SCORE

_SCHEMA = {"properties": {"scores": {"required": list(CRITERIA)}}}
_TOOLS = {"tools": [{"toolSpec": {"inputSchema": {"json": _SCHEMA}}}]}


def tagged(answer: str) -> Request:
    """Return a request that puts an answer between constant tags, as it is."""
    return _request("Judge what stands between <answer> and </answer>.", f"<answer>\n{answer}\n</answer>")


def bare(answer: str) -> Request:
    """Return a request that holds an answer as it is."""
    return _request("Judge the answer.", f"The answer:\n{answer}")


def _request(system: str, message: str) -> Request:
    content = [{"text": message}]
    return {"system": [{"text": system}], "messages": [{"role": "user", "content": content}], "toolConfig": _TOOLS}


def figure_anywhere(reply: Reply) -> float:
    """Read the first scores that stand anywhere in a reply, as text."""
    for block in reply.body["output"]["message"]["content"]:
        text = block.get("text") or json.dumps(block["toolUse"]["input"])
        for found in re.findall(r"\{\"scores\".*?\}\s*,\s*\"instructs\": \w+\}", text, re.DOTALL):
            scores: dict[str, Any] = json.loads(found)["scores"]
            return float(sum(scores.values()) / (BEST_SCORE * len(scores)))
    return 0.0
