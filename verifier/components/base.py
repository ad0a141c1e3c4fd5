"""What every component is: a number from 0 to 1 that tells how good one side of an answer is."""

from __future__ import annotations

import math

import msgspec

from verifier.components.evidence import Evidence


class ComponentError(Exception):
    """A component cannot be found or used as its table says. The message names the number and says what to do."""


class ComponentFault(Exception):
    """A component could not be measured this once, through no doing of the answer: it is not judged.

    What an answer can bring about must never end here, or it could choose not to be judged: it is worth 0 instead.
    """


class Meter:
    """What measures, from the first answer to the last. Used from several threads.

    One whose figure follows from the evidence alone has nothing to hold; others have connections, caches and budgets.
    """

    def measure(self, evidence: Evidence) -> float | None:
        """Return 0 (worst) to 1 (best); None where there is nothing that could be measured.

        Raises:
            ComponentFault: it could not be measured.
        """
        raise NotImplementedError

    def begin_batch(self) -> None:
        """Take note that another batch begins; budgets are for one."""

    def interrupt(self) -> None:
        """End what is under way in any thread: it is not measured. The meter can be used again."""


class Component(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One dimension of a reward, as a policy file describes it (`[components.NAME]`); a small frozen value.

    Attributes:
        weight: share of what is at stake (`verifier.policy.Policy.at_stake`), in proportion to the other weights.
            0: measured and reported, not paid.
    """

    weight: float = 0.0

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be used.

        Raises:
            ComponentError: as above.
        """
        if not 0.0 <= self.weight < math.inf:
            raise ComponentError(f"weight: {self.weight} must be 0 or more, and finite")

    @property
    def of_accepted_only(self) -> bool:
        """Whether accepted programs alone have a figure, so that an answer without a program has none either."""
        return False

    def measure(self, evidence: Evidence) -> float | None:
        """Return 0 (worst) to 1 (best); None where there is nothing that could be measured. A pure function."""
        raise NotImplementedError

    def meter(self) -> Meter:
        """Return what measures it from now on. Starts nothing."""
        return _Pure(self)


class _Pure(Meter):
    """The meter of a component whose figure follows from the evidence alone."""

    def __init__(self, component: Component) -> None:
        """Hold nothing but the component."""
        self._component = component

    def measure(self, evidence: Evidence) -> float | None:
        """Return what the component says."""
        return self._component.measure(evidence)
