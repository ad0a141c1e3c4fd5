"""Control sockets, from the judge's side: the kernel says which process a message came from (unix(7), SCM_CREDENTIALS).

In a process namespace of its own a process does not know the number that it has here.
"""

from __future__ import annotations

import socket
import struct

from sandbox.inside import messages

_CREDENTIALS = struct.Struct("3i")  # struct ucred: process, user, group


def control_sockets() -> tuple[socket.socket, socket.socket]:
    """Make a pair: the judge's end, and the end to give away."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def receive_from(control: socket.socket) -> tuple[bytes, int]:
    """Receive a message, empty when the other end is closed; return it and the process id of who sent it.

    Raises:
        OSError: as `socket.socket.recv`.
    """
    message, ancillary, _, _ = control.recvmsg(messages.LONGEST, socket.CMSG_SPACE(_CREDENTIALS.size))
    return message, _CREDENTIALS.unpack(ancillary[0][2])[0] if ancillary else -1
