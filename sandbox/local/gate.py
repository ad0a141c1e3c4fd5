"""Where nothing else keeps them apart: one untrusted candidate at a time, and none while an interpreter starts.

A candidate that has the judge's uid, and is under no layer that forbids signals and tracing, can kill those of other
workers, whose answers would be taken for crashes, and pass them notes.

Between its exec and its first line, a new interpreter can be traced by any process of its user: exec makes a process
dumpable again (prctl(2), PR_SET_DUMPABLE). Whoever traces it has a process with every door open: in Lambda it could ask
the Runtime API for the hidden tests. So, for candidates that have the judge's uid and are under no layer that forbids
tracing, starting waits until they are dead, and they wait while something starts. Holds within one judge; two judges
of the same user on one machine do not know of each other.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from sandbox.errors import SandboxFault
from sandbox.local.process_own import ProcessOwn

_PATIENCE_SECONDS = 3600.0
"""Every candidate comes to an end by its limits; one that serves many slow calls takes its time."""


class Gate:
    """Knows the worker whose candidate could harm others, and how many interpreters start. One for each judge."""

    def __init__(self) -> None:
        """Nothing runs and nothing starts."""
        self._changed = threading.Condition()
        self._inside: set[object] = set()
        self._starting = 0

    @contextlib.contextmanager
    def starting(self) -> Iterator[None]:
        """Keep such candidates away while an interpreter starts.

        Raises:
            SandboxFault: one of them does not end.
        """
        with self._changed:
            self._starting += 1
        try:
            self._wait(lambda: not self._inside)
            yield
        finally:
            with self._changed:
                self._starting -= 1
                self._changed.notify_all()

    def enter(self, worker: object) -> None:
        """Wait for those of other workers to end, and note that a worker starts such a candidate.

        Raises:
            SandboxFault: something that starts does not come to an end.
        """
        with self._changed:
            self._wait(lambda: not self._starting and self._inside <= {worker})
            self._inside.add(worker)

    def leave(self, worker: object) -> None:
        """Note that a worker's candidate is dead, and all that it started. Doing so twice changes nothing."""
        with self._changed:
            self._inside.discard(worker)
            self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, _PATIENCE_SECONDS):
                raise SandboxFault("neither a worker nor a program can be started: others do not come to an end")


gate = ProcessOwn(Gate)
"""That of this process."""
