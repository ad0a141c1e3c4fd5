"""Verdicts, in the words of the field, and the one order in which they outrank each other."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Verdict(enum.StrEnum):
    """How a test, or a whole submission, was judged.

    Listed from the strongest to the weakest: the verdict of a submission is the strongest of its tests' verdicts, so
    it is accepted only when every test is.
    """

    JUDGE_ERROR = enum.auto()
    """The judge's own fault. Not a statement about the submission: not judged, never a reward."""
    SECURITY_VIOLATION = enum.auto()
    """It broke the rules of the sandbox."""
    NO_CODE = enum.auto()
    """The answer holds no program in the suite's language."""
    COMPILE_ERROR = enum.auto()
    """The program does not compile."""
    TIME_LIMIT_EXCEEDED = enum.auto()
    """It used more processor time than allowed, or did nothing for too long."""
    MEMORY_LIMIT_EXCEEDED = enum.auto()
    """It held more memory than allowed."""
    OUTPUT_LIMIT_EXCEEDED = enum.auto()
    """It wrote more than allowed."""
    RUNTIME_ERROR = enum.auto()
    """It raised, ended with a non-zero exit code, or was ended by a signal."""
    WRONG_ANSWER = enum.auto()
    """It ended well and gave something else than expected."""
    ACCEPTED = enum.auto()
    """It gave what was expected."""


WITHOUT_CREDIT = frozenset({Verdict.SECURITY_VIOLATION, Verdict.NO_CODE, Verdict.COMPILE_ERROR})
"""Verdicts on a submission that leave nothing of the credit that its tests earned."""

_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}


def strongest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that outranks the others.

    Raises:
        ValueError: there is none to choose from; an empty suite is an error, never a pass.
    """
    return min(verdicts, key=_RANK.__getitem__)
