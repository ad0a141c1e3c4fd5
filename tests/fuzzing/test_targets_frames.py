"""What comes from a target's process is a message, or is told to be none: its programs may write there too."""

from __future__ import annotations

import json
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.fuzzing.targets.frames import MAX_BYTES, ChannelClosedError, receive, send

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), _VALUES, max_size=4))
def test_a_message_arrives_as_it_was_sent(message: dict[str, object]) -> None:
    """Halves of surrogate pairs included: answers hold them."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send(ours, message, 5)
        assert receive(theirs, 5) == message


@given(st.binary(max_size=200) | st.binary(max_size=50).map(lambda data: struct.pack(">I", len(data)) + data))
def test_any_bytes_are_a_message_or_the_end(data: bytes) -> None:
    """Nothing else is raised, and nobody waits for what cannot come."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        ours.close()
        try:
            assert isinstance(receive(theirs, 5), dict)
        except ChannelClosedError:
            return
        assert isinstance(json.loads(data[4:]), dict)


@pytest.mark.parametrize(
    "data", [struct.pack(">I", MAX_BYTES + 1), b"\0\0\0\x02[]", struct.pack(">I", 100_000) + b"[" * 100_000]
)
def test_what_is_too_long_or_no_object_or_too_deep_is_no_message(data: bytes) -> None:
    """None of it is waited for, or kept."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(data)
        with pytest.raises(ChannelClosedError):
            receive(theirs, 5)


def test_half_a_message_is_waited_for_as_long_as_is_said() -> None:
    """Not for ever."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"\0\0\0\x02{")
        with pytest.raises(TimeoutError):
            receive(theirs, 0.05)
