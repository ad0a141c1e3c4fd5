"""Messages between the campaign and the process that a target runs in: four bytes of length, then JSON."""

from __future__ import annotations

import json
import socket
import struct
import time
from typing import Any

MAX_BYTES = 64 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class ChannelClosedError(Exception):
    """The other end is gone, or what came is no message."""


def send(channel: socket.socket, message: dict[str, Any], seconds: float | None = None) -> None:
    """Write one message.

    Raises:
        ChannelClosedError: as above.
        TimeoutError: it was not taken in so many seconds.
    """
    data = json.dumps(message).encode()
    channel.settimeout(seconds)
    try:
        channel.sendall(_LENGTH.pack(len(data)) + data)
    except TimeoutError:
        raise
    except OSError:
        raise ChannelClosedError from None


def receive(channel: socket.socket, seconds: float | None = None) -> dict[str, Any]:
    """Read one message.

    Raises:
        ChannelClosedError: as above.
        TimeoutError: it was not there, whole, after so many seconds.
    """
    until = None if seconds is None else time.monotonic() + seconds
    (length,) = _LENGTH.unpack(_read(channel, _LENGTH.size, until))
    if length > MAX_BYTES:
        raise ChannelClosedError
    try:
        message = json.loads(_read(channel, length, until))
    except (ValueError, RecursionError):
        raise ChannelClosedError from None
    if not isinstance(message, dict):
        raise ChannelClosedError
    return message


def _read(channel: socket.socket, length: int, until: float | None) -> bytes:
    data = bytearray()
    while len(data) < length:
        channel.settimeout(None if until is None else max(0.001, until - time.monotonic()))
        try:
            part = channel.recv(min(length - len(data), 1 << 16))
        except TimeoutError:
            raise
        except OSError:
            raise ChannelClosedError from None
        if not part:
            raise ChannelClosedError
        data += part
    return bytes(data)
