"""Control messages: any bytes with descriptors, and the two bodies of a fixed form."""

from __future__ import annotations

import json
import os
import socket

from sandbox.inside import messages
from sandbox.job import MEBIBYTE, Limits
from sandbox.local.meter import Meter
from sandbox.local.program import Exited
from tests.decoders.decoder import HIDDEN, Decoder

_MESSAGE, _STARTED, _EXITED = range(3)
_COUNTS = (0, 2, 3)
"""Descriptors that a message brings. The first byte of an input says how many, and which of the forms follows."""


def _read(data: bytes) -> None:
    if len(data) < 2:
        return
    form, body = data[0] % 3, data[1 : messages.LONGEST]
    if form == _STARTED and len(body) == messages.STARTED_BODY.size:
        (cpu_ns,) = messages.STARTED_BODY.unpack(body)
        assert Meter(os.getpid(), cpu_ns, Limits()).cpu_seconds_of(0) == 0
    elif form == _EXITED and len(body) == messages.EXITED_BODY.size:
        exited = Exited._make(messages.EXITED_BODY.unpack(body))
        assert set(exited.anomalies) <= {"processes", "ipc", "files"}
        if os.WIFEXITED(exited.status) or os.WIFSIGNALED(exited.status):  # what os.wait4 reports
            assert exited.failure
    else:
        _send(body, _COUNTS[data[0] // 3 % 3])


def _send(message: bytes, count: int) -> None:
    """Send a message with so many descriptors: it arrives whole, and so do they."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        socket.send_fds(theirs, [message], [theirs.fileno()] * count)
        letter, descriptors = messages.receive(ours)
        for descriptor in descriptors:
            os.close(descriptor)
    assert letter == message
    assert len(set(descriptors)) == count


def _seeds() -> list[bytes]:
    build = messages.BUILT + json.dumps({"ok": False, "message": HIDDEN}).encode()
    return [
        *(bytes([first]) + message for first in (0, 3, 6) for message in (messages.RUN, messages.PROGRAM, build)),
        bytes([_STARTED]) + messages.STARTED_BODY.pack(5 * 10**9),
        bytes([_EXITED]) + messages.EXITED_BODY.pack(9, 10**9, 64 * MEBIBYTE, 1, 2, 3),
        bytes([_EXITED]) + messages.EXITED_BODY.pack(3 << 8, 10**9, 64 * MEBIBYTE, 0, 0, 0),
    ]


DECODER = Decoder(
    name="control",
    reads="control messages between judge, zygote, program and candidate",
    read=_read,
    seeds=_seeds,
)
