"""System V shared memory, semaphores and message queues that one user made (sysvipc(7), proc(5))."""

from __future__ import annotations

import contextlib
import os

from . import kernel

_REMOVE = {
    "shm": kernel.remove_shared_memory,
    "sem": kernel.remove_semaphores,
    "msg": kernel.remove_message_queue,
}


class SystemVObjects:
    """A place where programs can leave something (`audit.Place`): kind and number of each object."""

    def __init__(self, proc: int, uid: int) -> None:
        """Take a descriptor of /proc, and the user."""
        self._proc = proc
        self._uid = uid

    def look(self) -> set[tuple[str, int]]:
        """Return what the user has made."""
        found: set[tuple[str, int]] = set()
        for kind in _REMOVE:
            with contextlib.suppress(FileNotFoundError):  # a kernel without them
                found.update((kind, number) for number in self._numbers(kind))
        return found

    def remove(self, thing: tuple[str, int]) -> None:
        """Remove one, whoever owns it by now."""
        kind, number = thing
        _REMOVE[kind](number)

    def _numbers(self, kind: str) -> list[int]:
        descriptor = os.open(f"sysvipc/{kind}", os.O_RDONLY, dir_fd=self._proc)
        with os.fdopen(descriptor, "rb") as table:
            head, *rows = [line.split() for line in table]
        ours = [row for row in (dict(zip(head, each, strict=False)) for each in rows) if int(row[b"cuid"]) == self._uid]
        # All candidates are dead when this looks: a segment that is attached is somebody else's.
        return [int(row[head[1]]) for row in ours if row.get(b"nattch", b"0") == b"0"]
