"""Verifiers to attack, by name: ours, Python functions, HTTP endpoints, Lambda functions; and parts of verifiers."""

from __future__ import annotations

from verifier.fuzzing.targets.base import BaseTarget, OutOfTime
from verifier.fuzzing.targets.errors import TargetError
from verifier.fuzzing.targets.inline import inline_reference
from verifier.fuzzing.targets.opening import Part, open_subject, open_target
from verifier.fuzzing.targets.shapes import SHAPES

__all__ = [
    "SHAPES",
    "BaseTarget",
    "OutOfTime",
    "Part",
    "TargetError",
    "inline_reference",
    "open_subject",
    "open_target",
]
