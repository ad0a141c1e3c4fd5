"""The form of a file of sealed suites, version 1. docs/sealing.md says what it protects.

    magic      8 bytes, `rlvrseal`                                     )
    version    2 bytes                                                 ) the head
    length     4 bytes: of the header                                  )
    header     JSON: what the file key was wrapped with                )
    entries    two for each suite, in the order of ids: what grading reads, what lies beside
    index      the suites' ids, and the lengths of their entries
    start      8 bytes: where the index starts

Entries and index are AES-256-GCM (NIST SP 800-38D) under the file key, which is random and of this file alone. The
nonce is the entry's number, 0 for the index, so none is used twice. Associated data are the head, the number and the
id: an entry that was moved, swapped, or taken from another file or an older one does not open. The index names every
entry's length, so nothing can be left out or added. Integers are big-endian.

An entry is compressed (zlib) before it is encrypted, and is then a MessagePack map of names below the suite's folder to
contents. The index is a MessagePack list of `Entries`.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import NamedTuple

import msgspec

from testsuites.native import MAX_FILES, MAX_SUITE_BYTES

MAGIC = b"rlvrseal"
VERSION = 1
FIXED = struct.Struct(">8sHI")
START = struct.Struct(">Q")
TAG_BYTES = 16
KEY_BYTES = 32
NONCE_BYTES = 12
MAX_HEADER_BYTES = 16 * 1024
MAX_INDEX_BYTES = 64 * 1024 * 1024
MAX_ENTRY_BYTES = MAX_SUITE_BYTES + 300 * MAX_FILES
"""Of one entry before compression: contents of files and their names."""

_LABEL = b"rlvr-verifier sealed suites\0"


class GivenKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="given"):
    """The file key was wrapped with a key that is given: AES-256-GCM.

    Attributes:
        key_id: which key, as `testsuites.sealed_keys` names it; tells nothing about the key.
        nonce: random.
        wrapped: the file key, encrypted.
    """

    key_id: str
    nonce: bytes
    wrapped: bytes


class KmsKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="kms"):
    """The file key is a data key of AWS KMS.

    Attributes:
        arn: of the key of KMS that it comes from.
        wrapped: what KMS decrypts to it.
    """

    arn: str
    wrapped: bytes


Header = GivenKey | KmsKey


class Entries(NamedTuple):
    """A suite in the index: bytes of its two entries as they stand, and before compression."""

    id: str
    length: int
    beside_length: int
    size: int
    beside_size: int


def head(header: Header) -> bytes:
    """Return the first bytes of a file."""
    text = msgspec.json.encode(header)
    return FIXED.pack(MAGIC, VERSION, len(text)) + text


def nonce(number: int) -> bytes:
    """Return the nonce of an entry."""
    return number.to_bytes(NONCE_BYTES, "big")


def associated(file_head: bytes, number: int, suite_id: str) -> bytes:
    """Return what an entry is bound to."""
    return _LABEL + hashlib.sha256(file_head).digest() + START.pack(number) + suite_id.encode()


def inflate(data: bytes, size: int) -> bytes:
    """Return what was compressed, if it is of this size. No more memory than that is used.

    Raises:
        ValueError: it is of another size, or was not compressed.
    """
    inflating = zlib.decompressobj()
    try:
        plain = inflating.decompress(data, size + 1)
    except zlib.error:
        raise ValueError("not compressed") from None
    if len(plain) != size or not inflating.eof or inflating.unused_data:
        raise ValueError("of another size")
    return plain
