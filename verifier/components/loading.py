"""Finding a component by its name, and reading its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from verifier.components.ai_feedback import AIFeedback
from verifier.components.base import Component, ComponentError
from verifier.components.code_health import CodeHealth
from verifier.components.conciseness import Conciseness
from verifier.components.custom import Custom
from verifier.components.efficiency import Efficiency
from verifier.components.format import Format
from verifier.components.panel import CORRECTNESS
from verifier.components.safety import Safety

BUILT_IN: dict[str, type[Component]] = {
    "format": Format,
    "safety": Safety,
    "conciseness": Conciseness,
    "efficiency": Efficiency,
    "code_health": CodeHealth,
    "ai_feedback": AIFeedback,
}
"""Each component that a policy file can name, by that name. A table with a `function` is a user's own."""

ALWAYS = ("format", "safety", "conciseness", "efficiency")
"""Measured whatever the policy says, so that they can be watched: they cost next to nothing."""

TAKEN = frozenset(
    {"aggregate_reward_score", "pass_rate", "judged", "tests_run", "tests_expected"}
    | {"timeouts", "memory_limits", "output_limits", "runtime_errors", "wrong_answers"}
    | {"accepted", "compile_error", "no_code", "security_violation"}
)
"""Names that the reply to a trainer has for metrics of its own (`verifier.aws.responses`): none may be there twice."""


def component_of(name: str, table: Mapping[str, Any] | Component) -> Component:
    """Return the component that a policy's table describes.

    Args:
        name: its name there, which is its name in grades, metrics and logs.
        table: its numbers; a component is returned as it is.

    Raises:
        ComponentError: there is none of that name, or a number cannot be used. The message begins with ``components``.
    """
    place = f"components.{name}"
    if name == CORRECTNESS:
        raise ComponentError(f"{place}: correctness is what the kind of the policy pays for; weigh the others")
    if name in TAKEN:
        raise ComponentError(f"{place}: replies have a metric of that name already; choose another")
    if not (name.isidentifier() and name.isascii()):
        raise ComponentError(f"{place}: name a component with letters, digits and underscores")
    if isinstance(table, Component):
        return table
    if not isinstance(table, Mapping):
        raise ComponentError(f"{place}: expected a table, such as {{ weight = 1 }}")
    kind = Custom if "function" in table else BUILT_IN.get(name)
    if kind is None:
        raise ComponentError(
            f"{place}: there is no such component; use {', '.join(sorted(BUILT_IN))}, or give it a `function`"
        )
    try:
        return msgspec.convert(dict(table), kind)
    except (ComponentError, msgspec.ValidationError) as error:
        raise ComponentError(f"{place}: {error}") from None


def panel_of(components: Mapping[str, Component]) -> dict[str, Component]:
    """Return those that are always measured, and those of a policy, which take their places."""
    return {name: BUILT_IN[name]() for name in ALWAYS if name in BUILT_IN} | dict(components)
