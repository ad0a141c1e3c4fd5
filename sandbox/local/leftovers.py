"""What a program leaves on the machine when it kills the process that would look for it (`sandbox.inside.audit`).

It can do that where nothing filters its system calls. So the judge looks as well, after a lease that ended badly.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from sandbox.inside.audit import Audit, Place
from sandbox.inside.keyrings import Keyrings
from sandbox.inside.names import Names
from sandbox.inside.system_v import SystemVObjects


class Leftovers:
    """What there was before a lease."""

    def __init__(self, uid: int, folders: Sequence[str], *, keys: bool) -> None:
        """Look around.

        Args:
            uid: the user of the programs.
            folders: folders that belong to the sandbox alone.
            keys: whether programs can leave keys in keyrings; some hosts end a process for asking.
        """
        self._proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        places: list[Place] = [SystemVObjects(self._proc, uid)]
        if keys and uid == os.getuid():
            places.append(Keyrings(own_session=False))  # the judge keeps its session's, which programs do not see
        self._objects = Audit(places)
        self._names = Audit([Names(folder) for folder in folders])

    def remove(self) -> list[str]:
        """Remove what is new; return kinds of what there was, in the words of `sandbox.Outcome.anomalies`."""
        found = {"ipc": self._objects.clean(), "files": self._names.clean()}
        return [kind for kind, count in found.items() if count]

    def close(self) -> None:
        """Let go of a descriptor."""
        os.close(self._proc)
