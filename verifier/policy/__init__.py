"""Where a report becomes a reward (docs/rewards.md).

`Policy` is what all kinds share and what the laws are; `Graded`, `Binary`, `Linear` and `Stepped` are the kinds;
`load_policy` finds one by name or reads one from a file.
"""

from __future__ import annotations

from verifier.policy.base import Policy, PolicyError
from verifier.policy.kinds import Binary, Graded, Linear, Stepped
from verifier.policy.loading import load_policy

__all__ = ["Binary", "Graded", "Linear", "Policy", "PolicyError", "Stepped", "load_policy"]
