"""What of an answer the model is shown."""

from __future__ import annotations

from verifier.components.ai_feedback import AIFeedback
from verifier.components.evidence import Evidence
from verifier.extraction import is_python
from verifier.feedback.errors import NotShown
from verifier.feedback.plain_code import plain_code
from verifier.feedback.request import sent_length


def shown_of(evidence: Evidence, feedback: AIFeedback) -> str:
    """Return the part of an answer that `AIFeedback.sees` names, whole.

    Raises:
        NotShown: it is longer than `AIFeedback.longest`, or there is no such part.
    """
    text = _part_of(evidence, feedback)
    if sent_length(text) > feedback.longest:
        raise NotShown
    return text


def _part_of(evidence: Evidence, feedback: AIFeedback) -> str:
    if feedback.sees == "answer":
        return evidence.answer
    program = evidence.report.submission
    if program is None:
        raise NotShown
    if feedback.sees == "code" and is_python(evidence.language):
        return plain_code(program)
    return program
