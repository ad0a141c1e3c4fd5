"""The laws that verifiers and their parts have to keep, as `Law` values.

TARGET_LAWS       of whole verifiers, of which nothing is known but what they pay       subject: a `Setting`
POLICY_LAWS       of what turns a report into a reward                                  subject: a policy
COMPARATOR_LAWS   of ``(expected, actual) -> bool``, for texts and for values           subject: that function
EXTRACTOR_LAWS    of ``(answer, language) -> str | None``                               subject: that function
"""

from __future__ import annotations

from typing import Any

from verifier.fuzzing.law import Law, Setting
from verifier.fuzzing.laws.accepting import ACCEPTING
from verifier.fuzzing.laws.comparators import COMPARATOR_LAWS
from verifier.fuzzing.laws.components import COMPONENT_LAWS
from verifier.fuzzing.laws.extractors import EXTRACTOR_LAWS
from verifier.fuzzing.laws.paying import PAYING
from verifier.fuzzing.laws.policies import REPORT_LAWS
from verifier.fuzzing.laws.refusing import REFUSING

POLICY_LAWS: tuple[Law[Any], ...] = (*REPORT_LAWS, *COMPONENT_LAWS)
TARGET_LAWS: tuple[Law[Setting], ...] = (*PAYING, *ACCEPTING, *REFUSING)

__all__ = ["COMPARATOR_LAWS", "EXTRACTOR_LAWS", "POLICY_LAWS", "TARGET_LAWS"]
