"""Attack a verifier: exploits that it must not pay, laws that it must keep, strategies that make what it is given.

from verifier.fuzzing import open_target, run

with contextlib.closing(open_target("my_rewards:reward", shape="trl")) as target:
    scorecard = run(target, seconds=60)
    print(scorecard.held, [attempt.id for attempt in scorecard.fooled])

`verifier.fuzzing.strategies` and `verifier.fuzzing.laws` are for tests of one's own (docs/fuzzing.md). Needs the extra
`fuzz` (hypothesis), which nothing outside this package and `verifier.calibrating` imports.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verifier.fuzzing.campaign import run
    from verifier.fuzzing.checking import check
    from verifier.fuzzing.law import Finding, Law, LawBroken, Setting
    from verifier.fuzzing.problem import Problem
    from verifier.fuzzing.scorecard import Scorecard
    from verifier.fuzzing.target import Target, TargetBroken
    from verifier.fuzzing.targets import open_target

__all__ = [
    "Finding",
    "Law",
    "LawBroken",
    "Problem",
    "Scorecard",
    "Setting",
    "Target",
    "TargetBroken",
    "check",
    "open_target",
    "run",
]

_MODULES = {
    "Finding": "law",
    "Law": "law",
    "LawBroken": "law",
    "Problem": "problem",
    "Scorecard": "scorecard",
    "Setting": "law",
    "Target": "target",
    "TargetBroken": "target",
    "check": "checking",
    "open_target": "targets",
    "run": "campaign",
}


def __getattr__(name: str) -> Any:
    """Load a part when it is asked for: the plugin is loaded by every run of pytest, and needs none of them."""
    if name in _MODULES:
        return getattr(importlib.import_module(f"verifier.fuzzing.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
