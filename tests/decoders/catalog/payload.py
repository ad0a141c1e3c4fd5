"""Messages as the JSON of a Lambda function: any JSON, and any bytes where compressed ones belong."""

from __future__ import annotations

import base64
import json
import zlib

from sandbox.remote import payload
from sandbox.remote.messages import NotAMessage
from tests.decoders.decoder import HIDDEN, Decoder

_JSON, _PACKED, _MESSAGE = b"{", b"z", b"m"
"""The first byte of an input: JSON; or else what follows is compressed bytes, or a message."""
(_FIELD,) = payload.pack(b"")


def _read(data: bytes) -> None:
    form, body = data[:1], data[1:]
    if form == _MESSAGE:
        event: object = payload.pack(body)
        assert payload.is_packed(event)
        assert payload.unpack(event) == body, "a message changes on its way"
        return
    if form == _PACKED:
        event = {_FIELD: base64.b64encode(body).decode()}
    else:
        try:
            event = json.loads(data)
        except (ValueError, RecursionError):  # the event came as JSON
            return
    message = payload.unpack(event)
    assert payload.is_packed(event)
    assert len(message) <= payload.MOST_BYTES
    assert payload.unpack(payload.pack(message)) == message


def _seeds() -> list[bytes]:
    packed = json.dumps(payload.pack(HIDDEN.encode() * 3)).encode()
    return [
        packed,
        _MESSAGE + b"\x81\xa2is\xa5Start",
        _PACKED + zlib.compress(b"x" * 5000, 9),
        _PACKED + zlib.compress(HIDDEN.encode(), 0),
        _PACKED + zlib.compress(bytes(range(256)) * 4, 1),
    ]


DECODER = Decoder(
    name="payload",
    reads="compressed messages in a function's event or reply",
    read=_read,
    refuses=(NotAMessage,),
    seeds=_seeds,
    words=(_FIELD, '{"', '":"', '"}', "==", "\\ud800", "\\u00e9"),
    longest=8192,
)
