"""One line on standard error that says how far a long run has come."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

_TERMINAL_SECONDS = 0.2
_LOG_SECONDS = 30.0


class Progress:
    """A line that is written anew on a terminal, and added to a log now and then. Used by one thread."""

    def __init__(self, what: str, total: int) -> None:
        """`total` things are to be done; `what` names them."""
        self._what, self._total = what, total
        self._start = time.monotonic()
        self._on_terminal = sys.stderr.isatty()
        self._next = 0.0

    def show(self, done: int) -> None:
        """Say that so many are done, unless that was said a moment ago."""
        now = time.monotonic()
        if now >= self._next or done == self._total:
            self._next = now + (_TERMINAL_SECONDS if self._on_terminal else _LOG_SECONDS)
            seconds = now - self._start
            left = f", {seconds * (self._total - done) / done:.0f} s to go" if 0 < done < self._total else ""
            line = f"{self._what}: {done} of {self._total}, {seconds:.0f} s{left}"
            print(f"\r{line:<78}" if self._on_terminal else line, end="", file=sys.stderr)
            if not self._on_terminal:
                print(file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        """Return the line itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line as it is, and what follows on the next."""
        if self._on_terminal:
            print(file=sys.stderr)
