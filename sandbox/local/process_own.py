"""Things of which each process has its own: a process that is forked from a judge starts with new ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class ProcessOwn(Generic[T]):
    """Call it to get the thing of this process."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Make one now, and another in each process that is forked: locks that were held would be held for ever."""
        self._make = make
        self._renew()
        os.register_at_fork(after_in_child=self._renew)

    def __call__(self) -> T:
        """Return it."""
        return self._thing

    def _renew(self) -> None:
        self._thing = self._make()
