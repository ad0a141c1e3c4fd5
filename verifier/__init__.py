"""Grade models' answers to programming problems by running them against hidden tests.

from verifier import Verifier

with Verifier("suites") as verifier:
    grade = verifier.grade(answer, "two-sum")
    print(grade.verdict, grade.reward)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verifier.grade import Grade
from verifier.policy import Policy, PolicyError, load_policy
from verifier.report import Report, TestResult
from verifier.verdict import Verdict
from verifier.verifier import Verifier

if TYPE_CHECKING:
    from verifier.aws.handler import lambda_handler

__all__ = [
    "Grade",
    "Policy",
    "PolicyError",
    "Report",
    "TestResult",
    "Verdict",
    "Verifier",
    "lambda_handler",
    "load_policy",
]


def __getattr__(name: str) -> Any:
    """Load the Lambda handler when it is asked for: it reads settings, and sets up logging."""
    if name == "lambda_handler":
        from verifier.aws.handler import lambda_handler

        return lambda_handler
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
