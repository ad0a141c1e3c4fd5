"""Answers that are judged already, and the component that looks at them."""

from __future__ import annotations

from typing import Any

from verifier.components import AIFeedback, Evidence
from verifier.extraction import extract
from verifier.report import Report, TestResult
from verifier.verdict import Verdict

CRITERIA = {"readability": "Could a stranger follow it?", "structure": "Is each part about one thing?"}
PROGRAM = "def double(number):\n    return 2 * number\n"


def feedback(**numbers: Any) -> AIFeedback:
    """Return the component with two criteria."""
    return AIFeedback(**{"model": "any.model-v1:0", "criteria": CRITERIA, "attempts": 1, **numbers})


def fenced(program: str, before: str = "", after: str = "") -> str:
    """Return an answer with a program in it."""
    return f"{before}\n```python\n{program}\n```\n{after}"


def evidence(
    answer: str,
    *,
    verdict: Verdict = Verdict.ACCEPTED,
    prompt: str = "Write double(number).",
    language: str = "python",
    program: str | None = None,
) -> Evidence:
    """Return what is known of an answer; its program is the one that is extracted, unless one is given."""
    found = program if program is not None else extract(answer, language)
    report = Report(suite="s", digest="", tests=(TestResult(name="1", verdict=verdict),), submission=found)
    return Evidence(report=report, answer=answer, language=language, prompt=prompt)
