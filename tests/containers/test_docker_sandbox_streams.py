"""The multiplexed stream, cut anywhere. The engine's end is a socket pair here: a real engine cuts where it likes."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.containers.attached import Attached
from sandbox.errors import SandboxLost
from sandbox.inside.frames import HEADER

MESSAGES = st.lists(st.binary(max_size=300), min_size=1, max_size=4)
CUTS = st.lists(st.integers(1, 50), min_size=1, max_size=20)


def chunk(stream: int, data: bytes) -> bytes:
    """Return what the engine sends of a stream."""
    return struct.pack(">BxxxI", stream, len(data)) + data


def frame(message: bytes) -> bytes:
    """Return what a runner sends."""
    return HEADER.pack(len(message)) + message


def pieces(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """Cut data into pieces of these sizes, over and over."""
    place, number = 0, 0
    while place < len(data):
        size = sizes[number % len(sizes)]
        yield data[place : place + size]
        place, number = place + size, number + 1


@pytest.fixture
def ends() -> Iterator[tuple[Attached, socket.socket]]:
    """Connect two ends: ours, and the engine's."""
    ours, theirs = socket.socketpair()
    with theirs, closing(Attached(ours, ours)) as attached:
        yield attached, theirs


@settings(deadline=None)
@given(MESSAGES, CUTS, CUTS)
def test_messages_come_whole_however_they_are_cut(messages: list[bytes], cuts: list[int], chunks: list[int]) -> None:
    """Frames, chunks of the two streams, and what the kernel hands over at a time, are cut in places of their own."""
    ours, theirs = socket.socketpair()
    with theirs, closing(Attached(ours, ours)) as attached:
        output = b"".join(map(frame, messages))
        sent = b"".join(chunk(1, part) + chunk(2, b"noise\n") for part in pieces(output, chunks))
        sender = threading.Thread(target=lambda: [theirs.sendall(part) for part in pieces(sent, cuts)])
        sender.start()
        assert [attached.receive(300, time.monotonic() + 5) for _ in messages] == messages
        sender.join()
    assert "noise".startswith(attached.last_words)


def test_what_is_sent_has_nothing_around_its_frames(ends: tuple[Attached, socket.socket]) -> None:
    """The engine hands on what it gets."""
    attached, theirs = ends
    attached.send(b"abc", time.monotonic() + 5)
    assert theirs.recv(100) == b"\x00\x00\x00\x03abc"


def test_a_message_that_is_too_long_is_not_waited_for(ends: tuple[Attached, socket.socket]) -> None:
    """Its length is enough to tell, and nothing of it is held."""
    attached, theirs = ends
    theirs.sendall(chunk(1, HEADER.pack(301)))
    with pytest.raises(SandboxLost, match="longer than any right one"):
        attached.receive(300, time.monotonic() + 5)


def test_nobody_waits_for_ever(ends: tuple[Attached, socket.socket]) -> None:
    """Neither for a reply that does not come, or drips, nor for room to send."""
    attached, theirs = ends
    theirs.sendall(chunk(1, b"\x00\x00"))
    with pytest.raises(SandboxLost, match="in time"):
        attached.receive(300, time.monotonic() + 0.05)
    with pytest.raises(SandboxLost, match="in time"):
        attached.send(bytes(1 << 24), time.monotonic() + 0.05)


def test_the_end_wakes_who_waits(ends: tuple[Attached, socket.socket]) -> None:
    """Cut by another thread, or closed at the other end."""
    attached, theirs = ends
    threading.Timer(0.05, attached.cut).start()
    with pytest.raises(SandboxLost, match="ended"):
        attached.receive(300, time.monotonic() + 5)
    theirs.close()
    with pytest.raises(SandboxLost):
        attached.send(b"abc", time.monotonic() + 5)


def test_of_standard_error_the_last_line_is_kept(ends: tuple[Attached, socket.socket]) -> None:
    """However much there is."""
    attached, theirs = ends
    for _ in range(10):
        theirs.sendall(chunk(2, b"x" * 1000 + b"\n"))
    theirs.sendall(chunk(2, b"why it ended\n\n") + chunk(1, frame(b"")))
    assert attached.receive(0, time.monotonic() + 5) == b""
    assert attached.last_words == "why it ended"
    assert len(attached._tail) <= 4096


def test_a_stream_is_silent_until_something_comes(ends: tuple[Attached, socket.socket]) -> None:
    """A word unasked, or the end, breaks the silence."""
    attached, theirs = ends
    assert attached.silent
    theirs.sendall(chunk(1, frame(b"a") + frame(b"b")))
    assert not attached.silent
    attached.receive(1, time.monotonic() + 5)
    assert not attached.silent, "a second message"
    attached.receive(1, time.monotonic() + 5)
    assert attached.silent
    theirs.close()
    assert not attached.silent
