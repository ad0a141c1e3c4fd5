"""The keys that suites are sealed with: where they come from, and how they wrap the key of a file.

    VERIFIER_SEAL_KEY=...         32 random bytes as base64
    VERIFIER_SEAL_KEY=kms:KEY     a key of AWS KMS: its ARN, or alias/NAME
    VERIFIER_SEAL_KEY_FILE=PATH   a file that holds the base64; nobody but its owner and group may read it

A key is in no argument, message or repr. Needs `cryptography` (the extra `seal`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from testsuites.errors import SuiteInvalid, SuiteNotFound, SuiteUnavailable
from testsuites.sealed_format import KEY_BYTES, NONCE_BYTES, GivenKey, Header

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY = "VERIFIER_SEAL_KEY"
KEY_FILE = "VERIFIER_SEAL_KEY_FILE"
KMS_PREFIX = "kms:"

_WRAPPING = b"rlvr-verifier file key 1"
_ID_LABEL = b"rlvr-verifier key id\0"
_ID_DIGITS = 16
_MAX_FILE_BYTES = 1024
_NOT_FOR_OTHERS = stat.S_IRWXO | stat.S_IWGRP | stat.S_IXGRP  # a group may read: Kubernetes mounts secrets so


class Sealing(NamedTuple):
    """A new file key, ready to encrypt, and the header that it can be found by."""

    cipher: AESGCM
    header: Header


class _Given(NamedTuple):
    """A key that was given, ready to wrap, and its id."""

    cipher: AESGCM
    key_id: str


def new_file_key(place: str, environment: Mapping[str, str] = os.environ) -> Sealing:
    """Make the key of a new file, and wrap it with the key that the environment names.

    Args:
        place: the file's, for messages.
        environment: where the key is looked for.

    Raises:
        SuiteNotFound: a library is not installed.
        SuiteUnavailable: no key is set, it cannot be used, or KMS does not give one.
    """
    cipher_of = _cipher(place)
    arn = _kms_key(environment)
    if arn is not None:
        from testsuites.sealed_kms import new_data_key

        return Sealing(*new_data_key(arn, place))
    given = _given(environment, place)
    file_key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    return Sealing(cipher_of(file_key), GivenKey(given.key_id, nonce, given.cipher.encrypt(nonce, file_key, _WRAPPING)))


def file_cipher(header: Header, place: str, environment: Mapping[str, str] = os.environ) -> AESGCM:
    """Unwrap the key of a file with the key that the environment names.

    Args:
        header: the file's.
        place: the file's, for messages.
        environment: where the key is looked for.

    Raises:
        SuiteInvalid: the file was sealed with another key, or changed since.
        SuiteNotFound: a library is not installed.
        SuiteUnavailable: no key is set, it cannot be used, or KMS does not decrypt.
    """
    cipher_of = _cipher(place)
    from cryptography.exceptions import InvalidTag

    arn = _kms_key(environment)
    if not isinstance(header, GivenKey):
        if arn is None:
            raise SuiteUnavailable(
                f"{place}: is sealed with a key of AWS KMS; set {KEY} to {KMS_PREFIX} and the key's ARN, "
                f"which the file says is {header.arn[:200]!r}"
            )
        from testsuites.sealed_kms import data_key

        return data_key(header, arn, place)
    if arn is not None:
        raise SuiteInvalid(f"{place}: is sealed with a given key, {header.key_id[:_ID_DIGITS]!r}, and {KEY} names KMS")
    given = _given(environment, place)
    if given.key_id != header.key_id:
        raise SuiteInvalid(
            f"{place}: is sealed with another key, {header.key_id[:_ID_DIGITS]!r}; the one that is set is "
            f"{given.key_id!r}"
        )
    try:
        return cipher_of(given.cipher.decrypt(header.nonce, header.wrapped, _WRAPPING))
    except (InvalidTag, ValueError):
        raise SuiteInvalid(
            f"{place}: was changed after it was sealed; copy it again, or seal the suites again"
        ) from None


def write_new_key(path: Path) -> str:
    """Write a new key to a file that only its owner can read, and return the key's id.

    Raises:
        SuiteNotFound: `cryptography` is not installed.
        SuiteInvalid: there is such a file, or it cannot be written.
    """
    key = secrets.token_bytes(KEY_BYTES)
    key_id = _named(key, "a new key").key_id
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(base64.b64encode(key) + b"\n")
    except FileExistsError:
        raise SuiteInvalid(f"{path}: is there already; a key that sealed something must not be lost") from None
    except OSError as error:
        raise SuiteInvalid(f"{path}: cannot be written: {error.strerror}") from None
    return key_id


def _kms_key(environment: Mapping[str, str]) -> str | None:
    text = environment.get(KEY, "").strip()
    return text.removeprefix(KMS_PREFIX) if text.startswith(KMS_PREFIX) else None


def _given(environment: Mapping[str, str], place: str) -> _Given:
    text, file = environment.get(KEY, "").strip(), environment.get(KEY_FILE, "")
    if text and file:
        raise SuiteUnavailable(f"{place}: both {KEY} and {KEY_FILE} are set; keep one")
    if not text and not file:
        raise SuiteUnavailable(
            f"{place}: needs the key of the sealed suites; set {KEY_FILE} to the path of a key file, or {KEY} "
            "(docs/sealing.md)"
        )
    name = KEY_FILE if file else KEY
    try:
        key = base64.b64decode(_file_text(Path(file), place) if file else text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SuiteUnavailable(
            f"{place}: {name} does not give {KEY_BYTES} bytes as base64; `verifier suites seal --new-key FILE` makes a "
            "key"
        )
    return _named(key, place)


def _file_text(path: Path, place: str) -> str:
    """Return what a key file holds, if others cannot read it too."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise SuiteUnavailable(f"{place}: {KEY_FILE}: {path}: cannot be read: {error.strerror}") from None
    if mode & _NOT_FOR_OTHERS:
        raise SuiteUnavailable(
            f"{place}: {KEY_FILE}: {path}: others than its owner may use this key (mode {stat.S_IMODE(mode):04o}); "
            f"run: chmod 600 {path}"
        )
    return data.decode("ascii", "replace").strip()


def _named(key: bytes, place: str) -> _Given:
    return _Given(_cipher(place)(key), hashlib.sha256(_ID_LABEL + key).hexdigest()[:_ID_DIGITS])


def _cipher(place: str) -> type[AESGCM]:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ModuleNotFoundError:
        raise SuiteNotFound(
            f"{place}: needs cryptography; install it with: pip install 'rlvr-verifier[seal]'"
        ) from None
    return AESGCM
