"""From a ratio to a figure: what takes, or is, so many times what it may be."""

from __future__ import annotations

import math

from verifier.components.base import ComponentError


def falling(ratio: float, full: float, none: float) -> float:
    """Return 1 up to `full`, 0 from `none` on, and what lies between on a logarithmic scale.

    On that scale a step from twice to four times costs what one from four to eight times does, so there is as much to
    gain from halving a bad figure as from halving a middling one.
    """
    if ratio <= full:
        return 1.0
    if ratio >= none:
        return 0.0
    return math.log(none / ratio) / math.log(none / full)


def check_times(full: float, none: float) -> None:
    """Refuse bounds that cannot be used. `full` is 1 at least, so that being better than the reference pays nothing.

    Raises:
        ComponentError: as above.
    """
    if not 1.0 <= full < none < math.inf:  # NaN too
        raise ComponentError(f"full, none: {full} and {none} must be 1 or more, finite, and the lower one first")


def check_at_least_0(**numbers: float) -> None:
    """Refuse numbers below 0, and those that are not finite.

    Raises:
        ComponentError: names the first of them.
    """
    for name, number in numbers.items():
        if not 0.0 <= number < math.inf:
            raise ComponentError(f"{name}: {number} must be 0 or more, and finite")


def check_share(**numbers: float) -> None:
    """Refuse numbers that are not from 0 to 1.

    Raises:
        ComponentError: names the first of them.
    """
    for name, number in numbers.items():
        if not 0.0 <= number <= 1.0:
            raise ComponentError(f"{name}: {number} must be from 0 to 1")
