"""What a model said, read from the arguments of its one tool call and from nothing else.

Text beside the call is not looked at: a model that thinks aloud may quote the answer, forged calls included.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Annotated, Any

import msgspec

from verifier.components.base import ComponentFault
from verifier.feedback.errors import Unusable
from verifier.feedback.request import BEST_SCORE, TOOL


class _Scores(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Arguments of the call."""

    scores: dict[str, Annotated[int, msgspec.Meta(ge=0, le=BEST_SCORE)]]
    instructs: bool


def figure_of(response: Any, criteria: Collection[str]) -> float:
    """Return the mean of the scores, 0 to 1; 0 for an answer that instructs its judge.

    Args:
        response: of Converse, as boto3 gives it.
        criteria: names of the scores, all of which must be there, and no others.

    Raises:
        Unusable: there is none, which an answer can bring about.
        ComponentFault: that is no response of Converse, which no answer can.
    """
    content = _content(response)
    if response["stopReason"] != "tool_use":
        raise Unusable(f"it ended with {response['stopReason']}, not with a call")
    calls = [block["toolUse"] for block in content if isinstance(block, Mapping) and "toolUse" in block]
    if len(calls) != 1 or not isinstance(calls[0], Mapping) or calls[0].get("name") != TOOL:
        raise Unusable("it is not one call of the tool")
    try:
        said = msgspec.convert(calls[0].get("input"), _Scores)
    except msgspec.ValidationError:
        raise Unusable("its arguments are not what was asked for") from None
    if said.scores.keys() != set(criteria):
        raise Unusable("its scores are not those of the criteria")
    if said.instructs:
        return 0.0
    return math.fsum(said.scores.values()) / (BEST_SCORE * len(said.scores))


def _content(response: Any) -> list[Any]:
    """Return the blocks of the model's message."""
    try:
        content, reason = response["output"]["message"]["content"], response["stopReason"]
    except (KeyError, TypeError, IndexError):
        raise ComponentFault("what came back is no response of the Converse API") from None
    if not (isinstance(content, list) and isinstance(reason, str)):
        raise ComponentFault("what came back is no response of the Converse API")
    return content
