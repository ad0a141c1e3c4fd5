"""The gate: every component, ours or a user's, is measured here and nowhere else.

What leaves it is a dictionary from names to numbers from 0 to 1, or to None where a component was not judged. A
component that there was nothing to measure for is left out. Whatever goes wrong in one is its own: the others and the
grade do not notice.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from verifier.components.base import Component, ComponentFault
from verifier.components.evidence import Evidence
from verifier.places import place_of

CORRECTNESS = "correctness"
"""What the kind of a policy pays for: the credit. Always measured, and never weighted."""

_LOG = logging.getLogger(__name__)


class Panel:
    """Measures the components of a policy. Used from several threads."""

    def __init__(self, components: Mapping[str, Component]) -> None:
        """Make a meter for each; nothing is started."""
        self._meters = {name: component.meter() for name, component in components.items()}
        self._of_accepted_only = frozenset(name for name, item in components.items() if item.of_accepted_only)

    def measure(self, evidence: Evidence) -> dict[str, float | None]:
        """Return each component's figure. Raises nothing.

        An answer without a program has none of what a program can have: its figures are 0. Those that only accepted
        programs have it lacks, as every failing program does.
        """
        found: dict[str, float | None] = {CORRECTNESS: evidence.report.due_credit}
        for name, meter in self._meters.items():
            if evidence.report.submission is None:
                if name not in self._of_accepted_only:
                    found[name] = 0.0
                continue
            try:
                figure = meter.measure(evidence)
            except ComponentFault as fault:
                _LOG.warning("component %s is not judged: %s", name, fault)
                found[name] = None
            except (Exception, SystemExit) as error:  # a function may call `exit`, and end nothing but itself
                _LOG.error("component %s failed: %s", name, place_of(error))
                found[name] = None
            else:
                if figure is not None:
                    found[name] = _checked(name, figure)
        return found

    def begin_batch(self) -> None:
        """Take note that another batch begins."""
        for meter in self._meters.values():
            meter.begin_batch()

    def interrupt(self) -> None:
        """End what is under way; it is not judged. The panel can be used again."""
        for meter in self._meters.values():
            meter.interrupt()


def _checked(name: str, figure: float) -> float | None:
    """Return a figure that is one; None, which is not judged, for anything else that a component may give."""
    if isinstance(figure, int | float) and 0.0 <= figure <= 1.0:  # not NaN either
        return abs(float(figure))  # never -0.0
    _LOG.error("component %s gave no number from 0 to 1", name)
    return None
