"""One answer's figure, and whose doing it is when there is none."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from verifier.components.ai_feedback import AIFeedback
from verifier.components.base import ComponentFault
from verifier.feedback.errors import Unusable
from verifier.feedback.reply import figure_of
from verifier.feedback.request import request_of

STAND_IN = "print('hello')"

_LOG = logging.getLogger(__name__)


def ask(converse: Callable[[dict[str, Any]], Any], feedback: AIFeedback, *, prompt: str, shown: str) -> float:
    """Ask a model about an answer; return 0 to 1.

    Where two replies cannot be used, the same is asked about a program that says nothing to anybody. If that has a
    figure, the answer kept its own from being given, and is worth 0. If not, it is not the answer's doing.

    Args:
        converse: sends a request, as `verifier.feedback.bedrock.Bedrock.converse`.
        feedback: the criteria.
        prompt: what the answer is an answer to.
        shown: what of the answer the model is shown.

    Raises:
        ComponentFault: it cannot be asked now, or its replies cannot be used whatever it is asked about.
    """

    def figure(text: str) -> float:
        return figure_of(converse(request_of(feedback, prompt=prompt, shown=text)), feedback.criteria)

    for _ in range(2):
        try:
            return figure(shown)
        except Unusable as unusable:
            reason = str(unusable)
    try:
        figure(STAND_IN)
    except Unusable as unusable:
        raise ComponentFault(f"no reply of {feedback.model} can be used: {unusable}; see docs/feedback.md") from None
    _LOG.warning("an answer is worth 0 to AI feedback, since no reply can be used: %s", reason)
    return 0.0
