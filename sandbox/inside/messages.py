"""The messages on control sockets: one letter, then a fixed or JSON body; descriptors ride along.

judge to zygote     PROGRAM [control socket, program file, artefact, launcher]     END
zygote to judge     READY json                                 ENDED
judge to program    RUN [descriptors]
program to judge    BUILT json; STARTED, sent by the candidate before its first line; EXITED. Between these two BOOTED,
                    where the candidate is a runtime that is given the program then

The judge learns from the kernel which process sent READY, BUILT and STARTED.
"""

from __future__ import annotations

import struct
from _socket import CMSG_SPACE, socket  # the module socket would bring others, which make every fork slower

READY = b"Z"
PROGRAM = b"P"
END = b"E"
ENDED = b"e"

BUILT = b"B"
RUN = b"R"
STARTED = b"S"
BOOTED = b"O"
EXITED = b"X"

STARTED_BODY = struct.Struct("<Q")
"""Processor time spent before the first line of the program, in nanoseconds; of BOOTED too."""

EXITED_BODY = struct.Struct("<iQQIII")
"""Wait status; processor time of the whole tree in nanoseconds; peak resident bytes; then what it left behind:
processes, System V objects and keys, names in folders."""

LONGEST = 65536
"""Longest message in bytes."""

_DESCRIPTORS = {4 * count: struct.Struct(f"{count}i") for count in (2, 3, 4)}
_ROOM = CMSG_SPACE(4 * 4)


def receive(control: socket) -> tuple[bytes, tuple[int, ...]]:
    """Receive a letter, nothing when the other end is closed, and the descriptors that ride along (unix(7))."""
    letter, ancillary, _, _ = control.recvmsg(LONGEST, _ROOM)
    if not ancillary:
        return letter, ()
    return letter, _DESCRIPTORS[len(ancillary[0][2])].unpack(ancillary[0][2])
