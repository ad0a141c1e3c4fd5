"""Shares with their 95% confidence bounds, and counts of several suites together."""

from __future__ import annotations

import math
from collections.abc import Iterable

from testsuites.calibration import Mutants, Share

_Z = 1.959963984540054
"""97.5% of a standard normal distribution lie below it."""


def share(count: int, total: int) -> Share:
    """Return a count out of a total, with the bounds of Wilson's score interval.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212.

    Raises:
        ValueError: not 0 <= count <= total.
    """
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is no share")
    if total == 0:
        return Share(count=0, total=0, low=0.0, high=1.0)
    rate = count / total
    scale = 1 + _Z**2 / total
    middle = (rate + _Z**2 / (2 * total)) / scale
    reach = _Z * math.sqrt(rate * (1 - rate) / total + _Z**2 / (4 * total**2)) / scale
    low = 0.0 if count == 0 else max(0.0, middle - reach)
    high = 1.0 if count == total else min(1.0, middle + reach)
    return Share(count=count, total=total, low=low, high=high)


def pooled(shares: Iterable[Share]) -> Share:
    """Return the share of all together."""
    found = tuple(shares)
    return share(sum(item.count for item in found), sum(item.total for item in found))


def total(mutants: Iterable[Mutants]) -> Mutants:
    """Return the counts of all together."""
    found = tuple(mutants)
    return Mutants(**{name: sum(getattr(item, name) for item in found) for name in Mutants.__struct_fields__})
