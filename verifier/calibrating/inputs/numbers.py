"""Integers and floats: their range, widened a little, its edges, and what the reference compares with."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_MOST_DECIMALS = 6
_SMALL = 12
_LONGEST = 10**20
_FEWEST_MARKS = 8
_LARGEST = 1e12
"""Floats up to this size are exact to some decimals."""
_POWERS_OF_TEN = frozenset(10**exponent for exponent in range(1, 40))
_FAR = 1_000_000
"""Constants up to this size are tried, though no such number was seen."""


class Integers:
    """Integers of the signs that were seen, in a range that is a little wider."""

    def __init__(self, values: Sequence[int], constants: Sequence[int | float] = ()) -> None:
        """At least one value; `constants` are numbers of the reference."""
        self._low, self._high, capped = _range(values)
        near = {0, 1, -1, 2, self._low, self._high, min(values), max(values)}
        around = {int(c) + step for c in constants if abs(c) <= _FAR for step in (-1, 0, 1)}
        near |= {number for number in around if self._low <= number <= self._high}
        far = {number for number in around if number > self._high and not capped}
        self._edges = sorted({number for number in near if self._low <= number <= self._high} | far, key=_simplest)

    @cached_property
    def fresh(self) -> SearchStrategy[int]:
        """Return one from the range, a small one, an edge, or one of repeated digits."""
        low, high = max(self._low, -_SMALL), min(self._high, _SMALL)
        small = [st.integers(low, high)] if low <= high else []
        return st.one_of(*small, st.integers(self._low, self._high), st.sampled_from(self._edges), *self._digits())

    def changed(self, value: int) -> SearchStrategy[int]:
        """Return a neighbour, a multiple, the same with the other sign, or one made anew."""
        near = (value - 1, value + 1, -value, value * 2, value // 2, value * 10, value // 10, value + 10, value - 10)
        inside = [number for number in near if self.holds(number)]
        return st.one_of(*([st.sampled_from(inside)] if inside else []), self.fresh)

    def holds(self, value: Any) -> bool:
        """Say whether it is an integer in the range, or near a constant of the reference."""
        return type(value) is int and (self._low <= value <= self._high or value in self._edges)

    def _digits(self) -> list[SearchStrategy[int]]:
        """Numbers whose digits matter: few different ones, so that they repeat and mirror each other."""
        if not 10 <= self._high < _LONGEST:
            return []
        longest = len(str(self._high))
        digits = st.lists(st.integers(0, 9), min_size=1, max_size=3).flatmap(
            lambda few: st.lists(st.sampled_from(few), min_size=1, max_size=longest)
        )
        return [digits.map(lambda found: int("".join(map(str, found)))).filter(self.holds)]


class Floats:
    """Floats with as many decimals as were seen, in a range that is a little wider."""

    def __init__(self, values: Sequence[float], constants: Sequence[int | float] = ()) -> None:
        """At least one value; `constants` are numbers of the reference."""
        finite = [value for value in values if abs(value) <= _LARGEST]
        self._special = [value for value in values if not abs(value) <= _LARGEST]
        self._scale: int = 10 ** min(_MOST_DECIMALS, max([1, *map(_decimals, finite)]))
        scaled = [round(constant * self._scale) for constant in constants if abs(constant) <= _FAR]
        self._integers = Integers([round(value * self._scale) for value in finite], scaled) if finite else None

    @cached_property
    def fresh(self) -> SearchStrategy[float]:
        """Return one from the range, more often one of few decimals."""
        kinds: list[SearchStrategy[float]] = [st.sampled_from(self._special)] if self._special else []
        if self._integers is not None:
            kinds.append(self._integers.fresh.map(self._whole).filter(self.holds))
            kinds.append(self._integers.fresh.map(self._scaled))
        return st.one_of(kinds)

    def changed(self, value: float) -> SearchStrategy[float]:
        """Return a neighbour, the same with the other sign, or one made anew."""
        near = [number for number in (value - 1, value + 1, -value, value * 2, value / 2) if self.holds(number)]
        return st.one_of(*([st.sampled_from(near)] if near else []), self.fresh)

    def holds(self, value: Any) -> bool:
        """Say whether it is a float in the range with no more decimals; a huge one, NaN, infinity only as seen."""
        if type(value) is not float:
            return False
        if not abs(value) <= _LARGEST:
            return repr(value) in map(repr, self._special)
        scaled = round(value * self._scale)
        return scaled / self._scale == value and self._integers is not None and self._integers.holds(scaled)

    def _scaled(self, number: int) -> float:
        return number / self._scale

    def _whole(self, number: int) -> float:
        """Return a float near it that is a multiple of a half, whose sums and differences are exact."""
        return round(2 * number / self._scale) / 2


def _range(values: Sequence[int]) -> tuple[int, int, bool]:
    """Return the lowest and the highest integer to make, and whether the highest seen looks like a limit.

    The more different values were seen, the closer to their range it stays. A highest value that is a power of ten is
    taken for the limit that the problem states, and where only 0 and 1 were seen, often, they are marks.
    """
    seen = sorted(set(values))
    lowest, highest = seen[0], seen[-1]
    room = max(1, 2 * (highest - lowest) // len(seen)) if len(seen) > 1 else max(10, abs(highest))
    marks = seen == [0, 1] and len(values) >= _FEWEST_MARKS
    capped = marks or highest in _POWERS_OF_TEN
    high = highest if capped else highest + room
    if highest <= 0:
        high = min(high, 0 if highest == 0 else -1)
    low = lowest - room
    if lowest == 0:
        low = 0
    elif lowest > 0:
        low = 1 if lowest <= _SMALL else max(1, low)
    return low, high, capped


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _simplest(number: int) -> tuple[int, bool]:
    return abs(number), number < 0
