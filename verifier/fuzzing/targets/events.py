"""The event of an AWS reward function that holds one answer."""

from __future__ import annotations

from typing import Any

PROMPT = "Write a program that solves the problem."
"""Nobody reads it: the problems are known by their tests."""


def event_of(answer: str, reference: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a batch of one sample: the conversation, and the suite inline."""
    messages = [{"role": "user", "content": PROMPT}, {"role": "assistant", "content": answer}]
    return [{"id": "1", "messages": messages, "reference_answer": reference}]


class Context:
    """Lambda's context object, as far as handlers ask it.

    Attributes:
        function_name, function_version, memory_limit_in_mb, aws_request_id: made up.
    """

    function_name = "SageMaker-target"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:SageMaker-target"
    memory_limit_in_mb = 2048
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def __init__(self, seconds: float) -> None:
        """Say that so much time is left, whenever it is asked."""
        self._milliseconds = int(seconds * 1000)

    def get_remaining_time_in_millis(self) -> int:
        """Return milliseconds."""
        return self._milliseconds
