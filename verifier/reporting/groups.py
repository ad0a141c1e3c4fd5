"""Groups of answers to the same prompt in the same step. One whose rewards are all equal teaches GRPO nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from verifier.reporting.rows import GradeRow
from verifier.reporting.timeline import Part

MOST_OPEN = 20_000


class _Group(msgspec.Struct):
    """One group: where it began, the reward of its first answer, and whether all others had the same."""

    position: int
    reward: float
    answers: int = 1
    flat: bool = True


class Groups:
    """Counts groups in the parts of a timeline, from their second answer on. Those not seen for long are forgotten."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: OrderedDict[int, _Group] = OrderedDict()

    def add(self, key: int, position: int, reward: float, at: Callable[[int], Part]) -> None:
        """Take one judged answer.

        Args:
            key: of its group.
            position: of the answer on the timeline; a group belongs where its first answer is.
            reward: what it got.
            at: gives the part at a position.
        """
        group = self._open.get(key)
        if group is None:
            self._open[key] = _Group(position, reward)
            if len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
            return
        self._open.move_to_end(key)
        group.answers += 1
        if group.answers == 2:
            part = at(group.position)
            part.groups += 1
            part.flat_groups += 1
        if group.flat and reward != group.reward:
            group.flat = False
            at(group.position).flat_groups -= 1


def group_key(row: GradeRow) -> int:
    """Return a key that is equal for answers of one group.

    That is the row's `group` within its step; without one, its suite within its step; without steps, its id. A hash,
    since ids may be long.
    """
    if row.group is not None:
        return hash(("group", row.step, row.group))
    if row.step is not None:
        return hash(("suite", row.step, row.suite, row.digest))
    return hash(("id", repr(row.id)))
