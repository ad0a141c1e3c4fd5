"""A training run cut into parts, each a range of steps. Parts are doubled where there would be too many."""

from __future__ import annotations

import msgspec

from verifier.reporting.histogram import Histogram
from verifier.reporting.spread import Spread
from verifier.verdict import Verdict

MOST_PARTS = 50


class Part(msgspec.Struct):
    """What happened in a range of steps.

    Attributes:
        first, last: steps that occurred, or numbers of rows.
        not_judged: answers without a reward. They are in nothing else here.
        verdicts: answers by verdict.
        rewards, paid: the rewards, as mean and spread, and by size.
        components: figures by component.
        groups, flat_groups: groups of two answers or more, and those of which all had the same reward.
    """

    first: int
    last: int
    not_judged: int = 0
    verdicts: dict[Verdict, int] = {}
    rewards: Spread = msgspec.field(default_factory=Spread)
    paid: Histogram = msgspec.field(default_factory=Histogram)
    components: dict[str, Spread] = {}
    groups: int = 0
    flat_groups: int = 0

    def merge(self, other: Part) -> None:
        """Take everything of another part."""
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.not_judged += other.not_judged
        for verdict, count in other.verdicts.items():
            self.verdicts[verdict] = self.verdicts.get(verdict, 0) + count
        self.rewards.merge(other.rewards)
        self.paid.merge(other.paid)
        for name, figures in other.components.items():
            self.components.setdefault(name, Spread()).merge(figures)
        self.groups += other.groups
        self.flat_groups += other.flat_groups


class Timeline:
    """Parts in order, `MOST_PARTS` at most, all but the ends equally long."""

    def __init__(self) -> None:
        """Begin with parts of one step."""
        self._width = 1
        self._parts: dict[int, Part] = {}

    def at(self, step: int) -> Part:
        """Return the part that a step is in."""
        while True:
            part = self._parts.get(step // self._width)
            if part is None and len(self._parts) >= MOST_PARTS:
                self._double()
                continue
            if part is None:
                part = self._parts[step // self._width] = Part(step, step)
            part.first, part.last = min(part.first, step), max(part.last, step)
            return part

    def parts(self) -> list[Part]:
        """Return the parts, the earliest first."""
        return [self._parts[number] for number in sorted(self._parts)]

    def _double(self) -> None:
        self._width *= 2
        parts: dict[int, Part] = {}
        for number in sorted(self._parts):
            if number // 2 in parts:
                parts[number // 2].merge(self._parts[number])
            else:
                parts[number // 2] = self._parts[number]
        self._parts = parts


def merged(parts: list[Part]) -> Part:
    """Return one part that has everything of some; there is at least one."""
    whole = Part(parts[0].first, parts[0].last)
    for part in parts:
        whole.merge(part)
    return whole
