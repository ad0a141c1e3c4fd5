"""Messages of the runner protocol as JSON, for a Lambda function: compressed, as text.

Lambda takes 6 MB for an event and 6 MB for a reply (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
"""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from sandbox.remote.messages import NotAMessage

MOST_TEXT = 6_000_000
"""Characters of a message's text: what surrounds it stays below 6 MiB."""
MOST_BYTES = 128 * 1024 * 1024
"""Of a message as such: what a text may be unpacked to."""

_FIELD = "rlvr_verifier_message"
_LEVEL = 1  # a tenth of the time of the usual 6, and a fifth more bytes


def pack(message: bytes) -> dict[str, str]:
    """Return the JSON object that carries a message."""
    return {_FIELD: base64.b64encode(zlib.compress(message, _LEVEL)).decode("ascii")}


def fits(packed: dict[str, str]) -> bool:
    """Whether Lambda takes it."""
    return length_of(packed) <= MOST_TEXT


def length_of(packed: dict[str, str]) -> int:
    """Return the characters of a message's text."""
    return len(packed[_FIELD])


def is_packed(data: Any) -> bool:
    """Whether decoded JSON is such an object."""
    return isinstance(data, dict) and isinstance(data.get(_FIELD), str)


def unpack(data: Any) -> bytes:
    """Return the message that decoded JSON carries.

    Raises:
        NotAMessage: it carries none, or one over `MOST_BYTES`.
    """
    try:
        if is_packed(data):
            unpacker = zlib.decompressobj()
            message = unpacker.decompress(base64.b64decode(data[_FIELD], validate=True), MOST_BYTES)
            if unpacker.eof and not unpacker.unused_data:
                return message
    except (binascii.Error, zlib.error, ValueError):
        pass
    raise NotAMessage("not a message of the runner protocol")
