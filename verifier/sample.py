"""A sample: one answer to grade, as it came in."""

from __future__ import annotations

from typing import Any

import msgspec


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One answer, and the suite that it is graded against.

    Attributes:
        id: whatever the caller sent, to be sent back; None when it sent nothing.
        answer: the model's text; empty when there is none, which is graded as an answer without a program.
        suite: id in the store, or an inline suite.
        prompt: what the model was asked, where the caller has it; empty otherwise.
        prompt_key: equal for answers to the same prompt; a hash, never the prompt.
        step: of the training, where the caller says it.
        problem: why this sample cannot be graded, naming the field and quoting nothing; None when it can.
    """

    id: Any
    answer: str = ""
    suite: str | dict[str, Any] | None = None
    prompt: str = ""
    prompt_key: str = ""
    step: int | None = None
    problem: str | None = None

    def __repr__(self) -> str:
        """Id, sizes and problem only: an answer may quote its problem, and a suite is hidden."""
        suite = "inline suite" if isinstance(self.suite, dict) else repr(self.suite)
        return f"Sample({self.id!r}, {len(self.answer)} characters, {suite}, problem={self.problem!r})"
