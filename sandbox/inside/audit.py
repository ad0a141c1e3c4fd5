"""After each candidate: find what it left behind on the machine, and remove it.

Needed only where no layer keeps a candidate from making such things. Processes are `reaping`'s business.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, Protocol


class Place(Protocol):
    """Where programs can leave something."""

    def look(self) -> set[Any]:
        """Return what is there."""
        ...

    def remove(self, thing: Any) -> None:
        """Remove one of them.

        Raises:
            OSError: it is gone already, or somebody else's.
        """
        ...


class Audit:
    """What there was before the program's first candidate."""

    def __init__(self, places: Sequence[Place], *, ours: bool = False) -> None:
        """Look around.

        Args:
            places: where to look, now and after each candidate.
            ours: nobody but programs has anything there: what there is already was left by one whose judge was killed,
                and is removed.
        """
        self._before: list[tuple[Place, set[Any]]] = [(place, set() if ours else place.look()) for place in places]
        if ours:
            self.clean()

    def clean(self) -> int:
        """Remove what is new; return how much there was."""
        count = 0
        for place, before in self._before:
            for thing in place.look() - before:
                count += 1
                with contextlib.suppress(OSError):  # another worker's audit was faster
                    place.remove(thing)
        return count
