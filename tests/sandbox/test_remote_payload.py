"""Messages as JSON for a Lambda function: they arrive as they were, and nothing else is unpacked."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sandbox.remote import payload
from sandbox.remote.messages import NotAMessage
from verifier.fuzzing.strategies import json_values

LAMBDA_TAKES = 6 * 1024 * 1024
(FIELD,) = payload.pack(b"")


def field(data: bytes) -> dict[str, str]:
    """Put bytes where a message would be."""
    return {FIELD: base64.b64encode(data).decode()}


@settings(deadline=None)
@given(st.binary())
@example(b"x" * 1_000_000)
def test_a_message_arrives_as_it_was(message: bytes) -> None:
    """Through JSON, as Lambda takes and gives it."""
    data = json.loads(json.dumps(payload.pack(message)))
    assert payload.is_packed(data)
    assert payload.unpack(data) == message


@given(json_values() | st.fixed_dictionaries({FIELD: json_values()}))
@example({FIELD: ""})
@example({FIELD: "\u00e9"})
@example({FIELD: "\ud800"})
@example({FIELD: "e\nA=="})
@example([{FIELD: ""}])
def test_anything_else_is_no_message(data: Any) -> None:
    """An event can be any JSON."""
    with pytest.raises(NotAMessage, match="not a message of the runner protocol"):
        payload.unpack(data)


@given(st.binary())
def test_bytes_that_are_not_compressed_are_no_message(data: bytes) -> None:
    """What zlib does not read to its end was not packed here."""
    with pytest.raises(NotAMessage):
        payload.unpack(field(data))


@pytest.mark.parametrize("cut", [1, 4, 20])
def test_a_message_that_was_cut_off_is_none(cut: int) -> None:
    """The emulator cuts off what is over 6 MB."""
    with pytest.raises(NotAMessage):
        payload.unpack(field(zlib.compress(b"hidden" * 100)[:-cut]))


def test_a_message_with_something_after_it_is_none() -> None:
    """One text holds one message."""
    with pytest.raises(NotAMessage):
        payload.unpack(field(zlib.compress(b"one") + zlib.compress(b"two")))


def test_a_bomb_is_not_unpacked() -> None:
    """A few hundred kilobytes that stand for more than may be held are refused, without saying what they held."""
    packer = zlib.compressobj(9)
    piece = bytes(1 << 20)
    parts = [packer.compress(piece) for _ in range((payload.MOST_BYTES >> 20) + 1)]
    bomb = field(b"".join([*parts, packer.flush()]))
    assert payload.fits(bomb)
    with pytest.raises(NotAMessage, match=r"^not a message of the runner protocol$"):
        payload.unpack(bomb)


def test_what_fits_is_taken_by_lambda() -> None:
    """The longest that fits stays below 6 MB with all that surrounds it; a bit more does not fit."""
    text = "A" * payload.MOST_TEXT
    assert payload.fits({FIELD: text})
    assert len(json.dumps({FIELD: text})) < LAMBDA_TAKES
    assert not payload.fits({FIELD: text + "A"})
