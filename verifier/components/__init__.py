"""The dimensions of a reward: how good one side of an answer is, 0 to 1 (docs/rewards.md).

`Component` is what all share, `Evidence` what they look at, and `Panel` the gate that everything passes. One file for
each component; `loading` finds them by name.
"""

from __future__ import annotations

from verifier.components.ai_feedback import AIFeedback
from verifier.components.base import Component, ComponentError, ComponentFault, Meter
from verifier.components.code_health import CodeHealth
from verifier.components.conciseness import Conciseness
from verifier.components.custom import Custom
from verifier.components.efficiency import Efficiency
from verifier.components.evidence import Evidence
from verifier.components.format import Format
from verifier.components.loading import component_of, panel_of
from verifier.components.panel import Panel
from verifier.components.safety import Safety

__all__ = [
    "AIFeedback",
    "CodeHealth",
    "Component",
    "ComponentError",
    "ComponentFault",
    "Conciseness",
    "Custom",
    "Efficiency",
    "Evidence",
    "Format",
    "Meter",
    "Panel",
    "Safety",
    "component_of",
    "panel_of",
]
