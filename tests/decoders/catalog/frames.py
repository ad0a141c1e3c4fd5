"""Frames: as the sandbox reads them, as the judge reads a candidate's, and as they come out of a container."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import time
from typing import cast

from sandbox.containers.attached import Attached
from sandbox.errors import SandboxLost
from sandbox.inside import frames, values
from sandbox.job import Limits
from sandbox.local.channel import Channel
from sandbox.local.meter import Meter
from sandbox.local.program import Exited, ProgramProcess
from sandbox.outcome import Status
from tests.decoders.decoder import Decoder
from tests.decoders.plain import exact

_LIMITS = Limits(cpu_seconds=3600, memory_bytes=1 << 40, output_bytes=1024)
_MOST_BYTES = 2048
_PIPE_HOLDS = 65536
_ENDS = (Status.FINISHED, Status.CRASHED, Status.VIOLATION, Status.OUTPUT_LIMIT)


def _read(data: bytes) -> None:
    data = data[: _PIPE_HOLDS // 2]
    _in_the_sandbox(data)
    _in_the_judge(data)
    _out_of_a_container(data)


def _in_the_sandbox(data: bytes) -> None:
    reader, writer = os.pipe()
    with contextlib.ExitStack() as ends:
        ends.callback(os.close, reader)
        with contextlib.ExitStack() as other_end:
            other_end.callback(os.close, writer)
            frames.write_frame(writer, data)
            assert frames.read_frame(reader) == data
            os.write(writer, data)
        read = b""
        with contextlib.suppress(EOFError):
            while True:
                read += _frame(frames.read_frame(reader))
    assert data.startswith(read), "frames hold what was not sent"


class _Program:
    """In place of a program process: its candidate has written some bytes and ended."""

    limits = _LIMITS

    def __init__(self, written: bytes) -> None:
        self._written = written
        self.control, self._theirs = socket.socketpair()

    def start(self, descriptors: list[int]) -> Meter:
        os.write(descriptors[1], self._written)
        return Meter(os.getpid(), 0, self.limits)

    def kill_candidate(self) -> None:
        pass

    def wait(self) -> Exited:
        return Exited(0, 0, 0, 0, 0, 0)

    def close(self) -> None:
        self.control.close()
        self._theirs.close()


def _in_the_judge(data: bytes) -> None:
    with contextlib.closing(_Program(data)) as program:
        channel = Channel(cast(ProgramProcess, program))
        run = channel.exchange()
        channel.close()
    assert run.status in _ENDS
    if run.status is Status.FINISHED:
        assert frames.HEADER.unpack_from(data)[0] <= len(data) - frames.HEADER.size, "half a frame was taken"
        number, answer = values.decode(data[frames.HEADER.size :])
        assert number == 0
        assert exact(answer) == exact(run.value)


def _out_of_a_container(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(data)
        attached = Attached(ours, ours)
        count = 0
        with contextlib.suppress(SandboxLost):
            while True:
                message = attached.receive(_MOST_BYTES, time.monotonic() + 60)
                assert len(message) <= _MOST_BYTES
                count += frames.HEADER.size + len(message)
        assert count <= len(data), "messages hold more than was sent"
        assert len(attached.last_words) <= len(data)


def _frame(body: bytes) -> bytes:
    return frames.HEADER.pack(len(body)) + body


def _chunk(stream: int, part: bytes) -> bytes:
    return struct.pack(">BxxxI", stream, len(part)) + part


def _seeds() -> list[bytes]:
    ready = _frame(values.encode([0, ["ready"]]))
    return [
        ready,
        _frame(b"") + ready + _frame(b"x" * 300),
        _frame(values.encode([1, ["value", [1, 2]]])),
        _chunk(1, ready) + _chunk(2, b"words\n") + _chunk(1, ready[:7]) + _chunk(1, ready[7:]),
        b"\xff\xff\xff\xff" + b"x" * 40,
        _chunk(1, frames.HEADER.pack(_MOST_BYTES) + b"x" * _MOST_BYTES),
    ]


DECODER = Decoder(
    name="frames",
    reads="frames on a pipe, from a candidate, out of a container",
    read=_read,
    seeds=_seeds,
    words=("\x00\x00\x00\x00", "\x01\x00\x00\x00", "\x02\x00\x00\x00", "\x00\x00\x00\x04", "\x00\x00\x08\x00"),
)
