"""When two floats count as equal."""

from __future__ import annotations

import math

import msgspec


class Tolerance(msgspec.Struct, frozen=True):
    """How far an actual float may be from the expected one; either bound is enough.

    Attributes:
        absolute: largest difference.
        relative: largest difference, as a share of the expected float.
    """

    absolute: float
    relative: float

    def allows(self, expected: float, actual: float) -> bool:
        """Say whether `actual` may stand for `expected`. NaN stands for NaN, an infinity for itself only."""
        if expected == actual:
            return True
        if math.isnan(expected):
            return math.isnan(actual)
        if math.isinf(expected) or math.isinf(actual):
            return False
        return abs(expected - actual) <= max(self.absolute, self.relative * abs(expected))
