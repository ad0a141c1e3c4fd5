"""Numbers added up one by one: how many, their mean and their spread, and how two of them go together."""

from __future__ import annotations

import math

import msgspec


class Spread(msgspec.Struct):
    """Mean and spread of the numbers so far, by Welford's method, which does not lose small spreads of large numbers.

    Attributes:
        count: how many.
        mean: 0 where there are none.
        squares: sum of the squared distances from the mean.
    """

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, number: float) -> None:
        """Take one more number."""
        self.count += 1
        distance = number - self.mean
        self.mean += distance / self.count
        self.squares += distance * (number - self.mean)

    def merge(self, other: Spread) -> None:
        """Take all numbers of another."""
        count = self.count + other.count
        if count:
            distance = other.mean - self.mean
            self.squares += other.squares + distance * distance * self.count * other.count / count
            self.mean += distance * other.count / count
            self.count = count

    @property
    def deviation(self) -> float:
        """Standard deviation, of the numbers themselves."""
        return math.sqrt(max(0.0, self.squares) / self.count) if self.count else 0.0


def share(part: int, whole: int) -> Spread:
    """Return how a yes-or-no is spread, of which `part` of `whole` are yes."""
    mean = part / whole if whole else 0.0
    return Spread(whole, mean, whole * mean * (1.0 - mean))


def stands_out(before: Spread, after: Spread, by: float) -> float:
    """Return how much the mean changed, or 0 where it is less than `by`, or may well be chance (4 standard errors)."""
    if before.count < 2 or after.count < 2:
        return 0.0
    change = after.mean - before.mean
    error = math.sqrt(before.squares / before.count**2 + after.squares / after.count**2)
    return change if abs(change) >= by and abs(change) > 4.0 * error else 0.0


class Together(msgspec.Struct):
    """How two numbers of the same answers go together."""

    one: Spread = msgspec.field(default_factory=Spread)
    other: Spread = msgspec.field(default_factory=Spread)
    products: float = 0.0

    def add(self, one: float, other: float) -> None:
        """Take one more pair."""
        distance = one - self.one.mean
        self.one.add(one)
        self.other.add(other)
        self.products += distance * (other - self.other.mean)

    @property
    def correlation(self) -> float | None:
        """Pearson's correlation, -1..1; None where one of the two never changes."""
        spread = math.sqrt(max(0.0, self.one.squares) * max(0.0, self.other.squares))
        return max(-1.0, min(1.0, self.products / spread)) if spread > 1e-12 else None
