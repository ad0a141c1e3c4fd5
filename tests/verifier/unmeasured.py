"""What two gradings of one answer must agree in: all that was not measured."""

from __future__ import annotations

import re
from typing import Any

from verifier import Grade

_FIGURE = re.compile(r"^(processor time|idle|memory) [0-9.]+ (?=(s|MiB), limit )")
"""At the beginning of a test's detail (`verifier.findings.detail_of`)."""


def unmeasured(grade: Grade) -> tuple[Any, ...]:
    """Return everything in a grade but what was measured; in the details the limits and all other words stay."""
    tests = [
        (test.name, test.verdict, test.weight, test.group, _FIGURE.sub(r"\1 ", test.detail)) for test in grade.tests
    ]
    return grade.suite, grade.digest, grade.verdict, grade.reward, grade.credit, grade.message, grade.layers, tests
