"""Keys in the keyrings of this process's user (keyrings(7), keyctl(2)), which outlive processes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct

from . import kernel, system_calls

_JOIN_SESSION, _UNLINK, _READ, _GET_PERSISTENT = 1, 9, 11, 22
_SESSION, _USER, _USER_SESSION = -3, -4, -5
_ROOM_BYTES = 4096


class Keyrings:
    """A place where programs can leave something (`audit.Place`): ring and number of each key."""

    def __init__(self, *, own_session: bool) -> None:
        """Take the user's keyrings.

        Args:
            own_session: make a session keyring of this process's own, which ends with it and with what it starts. The
                user's persistent keyring is only looked into from there.

        Raises:
            OSError: the kernel has no keyrings, or keeps them from this process.
        """
        self._call = system_calls.number(os.uname().machine, "keyctl")
        self._rings = [_USER, _USER_SESSION]
        if not own_session:
            return
        self._keyctl(_JOIN_SESSION, None)
        with contextlib.suppress(OSError):  # not every kernel has persistent ones
            self._rings.append(self._keyctl(_GET_PERSISTENT, -1, _SESSION))

    def look(self) -> set[tuple[int, int]]:
        """Return what is in the user's keyrings."""
        found: set[tuple[int, int]] = set()
        for ring in self._rings:
            with contextlib.suppress(OSError):  # the user has no such ring
                buffer = ctypes.create_string_buffer(_ROOM_BYTES)
                size = min(self._keyctl(_READ, ring, buffer, _ROOM_BYTES), _ROOM_BYTES)
                found.update((ring, key) for (key,) in struct.iter_unpack("=i", buffer.raw[:size]))
        return found

    def remove(self, thing: tuple[int, int]) -> None:
        """Take a key out of a ring; it is freed when it is in none."""
        ring, key = thing
        self._keyctl(_UNLINK, key, ring)

    def _keyctl(self, operation: int, *arguments: object) -> int:
        return kernel.system_call(self._call, operation, *arguments)
