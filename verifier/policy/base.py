"""What every policy is: a pure function from a report to a finite number.

Laws, checked when a policy is made, so that a policy that exists keeps them:

- every reward is finite and in the policy's range
- no submission that fails a test is paid as much as an accepted one
- a submission that does worse on a test (a stronger verdict, or less credit) is never paid more
- a submission without a program, one that does not compile, and one that breaks the rules earn no credit
- components tell accepted submissions apart, within what is at stake; nothing that they say moves any other reward

The last one makes the others hold whatever the components are: the worst accepted submission is still paid more than
the best that fails.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from verifier.components import ComponentError, component_of
from verifier.report import Report
from verifier.verdict import Verdict

NOT_MEASURED = 0.5
"""What a component counts as that was not judged, or that there was nothing to measure for: no gift, and no blame."""


class PolicyError(Exception):
    """A policy cannot be found, read or used. The message names the number and says what to do."""


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What the kinds share.

    Attributes:
        range: lowest and highest reward.
        neutral: what to send for an answer that was not judged, where a contract wants a number. Not a reward.
        components: what else is measured of an answer, by name: components, or their tables as a file has them.
        at_stake: what the weighted components decide of an accepted submission's reward: it loses all of it where they
            are 0, and nothing where they are 1. Nothing is at stake while no component has a weight.
    """

    range: tuple[float, float] = (-1.0, 1.0)
    neutral: float = 0.0
    components: dict[str, Any] = {}
    at_stake: float = 0.2

    def __post_init__(self) -> None:
        """Refuse a policy that breaks a law.

        Raises:
            PolicyError: as above.
        """
        low, high = self.range
        if not (low < high and math.isfinite(high - low)):
            raise PolicyError(f"range: [{low}, {high}] must be two finite numbers, the lower one first")
        self.check_in_range("neutral", self.neutral)
        if not 0.0 < self.at_stake < math.inf:
            raise PolicyError(f"at_stake: {self.at_stake} must be above 0, and finite; a weight of 0 pays for nothing")
        try:
            components = {name: component_of(name, table) for name, table in self.components.items()}
        except ComponentError as error:
            raise PolicyError(str(error)) from None
        msgspec.structs.force_setattr(self, "components", components)

    @property
    def stake(self) -> float:
        """What is at stake: `at_stake`, or 0 while no component has a weight."""
        return self.at_stake if any(component.weight for component in self.components.values()) else 0.0

    def check_stake(self, accepted: float, failing: float, name: str) -> None:
        """Refuse a stake that could bring an accepted submission down to a failing one, or below.

        Args:
            accepted: what an accepted submission is paid.
            failing: the best of what all others are paid.
            name: of the number that pays the latter.

        Raises:
            PolicyError: as above.
        """
        if not failing < accepted - self.stake:
            raise PolicyError(
                f"at_stake: an accepted submission could fall to {accepted - self.stake}, and {name} pays a failing"
                f" one up to {failing}; lower one of them"
            )

    def check_in_range(self, name: str, number: float) -> None:
        """Refuse a number outside the range.

        Raises:
            PolicyError: as above.
        """
        low, high = self.range
        if not low <= number <= high:  # NaN too
            raise PolicyError(f"{name}: {number} is not in the range [{low}, {high}]; change it, or `range`")

    def reward(self, report: Report, figures: Mapping[str, float | None] | None = None) -> float:
        """Return the reward for what judging found, in `range`.

        Args:
            report: what judging found.
            figures: what the components say, each from 0 to 1; one that is missing or None counts as `NOT_MEASURED`.

        Raises:
            ValueError: the submission was not judged, so there is nothing to reward.
        """
        verdict = report.verdict
        if verdict is Verdict.JUDGE_ERROR:
            raise ValueError("a submission that was not judged has no reward")
        paid = self.pay(verdict, report.due_credit)
        if verdict is Verdict.ACCEPTED and self.stake:
            return paid - self.stake * (1.0 - self._quality(figures or {}))
        return paid

    def pay(self, verdict: Verdict, credit: float) -> float:
        """Return the reward for a verdict on the whole submission and its credit (0..1). Each kind has its own."""
        raise NotImplementedError

    def _quality(self, figures: Mapping[str, float | None]) -> float:
        """Return the weighted mean of the figures, 0..1."""
        weights: dict[str, float] = {name: component.weight for name, component in self.components.items()}
        heaviest = max(weights.values())  # weights are brought to 1 at most, so that no sum is infinite
        shares = {name: weight / heaviest for name, weight in weights.items()}
        earned = math.fsum(
            share * (NOT_MEASURED if (figure := figures.get(name)) is None else figure)
            for name, share in shares.items()
        )
        return min(1.0, earned / math.fsum(shares.values()))
