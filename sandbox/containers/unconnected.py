"""Close what the SDK leaves open: the socket of a connection that could not be made.

docker-py makes a Unix socket and forgets it where connect(2) fails (docker/transport/unixconn.py). The traceback of the
error still holds it, in a cycle, so its descriptor would be taken until cycles are collected.
"""

from __future__ import annotations

import socket
import traceback


def close_sockets_of(error: BaseException) -> None:
    """Close the sockets that functions held as the error, or what brought it about, left them."""
    cause: BaseException | None = error
    while cause is not None:
        for frame, _ in traceback.walk_tb(cause.__traceback__):
            for value in frame.f_locals.values():
                if isinstance(value, socket.socket):
                    value.close()
        cause = cause.__cause__ or cause.__context__
