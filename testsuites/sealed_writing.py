"""Seal a store into one file, and unseal it into a folder. One suite at a time is in memory, and the index."""

from __future__ import annotations

import os
import shutil
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from testsuites.errors import SuiteInvalid
from testsuites.loading import loaded
from testsuites.packed import Packed
from testsuites.sealed_format import (
    MAX_ENTRY_BYTES,
    MAX_INDEX_BYTES,
    START,
    Entries,
    GivenKey,
    associated,
    head,
    nonce,
)
from testsuites.sealed_keys import Sealing, new_file_key

_LEVEL = 6
Told = Callable[[str], None]
"""Is told the id of each suite that is done."""


class SealedFile(NamedTuple):
    """What was sealed.

    Attributes:
        suites: how many.
        size: bytes of the file.
        key: id of the key, or the ARN of the key of KMS.
    """

    suites: int
    size: int
    key: str


def seal(whole: Packed, place: str, output: Path, told: Told = lambda _: None) -> SealedFile:
    """Encrypt all suites into a file, with the key that the environment names (`testsuites.sealed_keys`).

    Each suite is read once as grading reads it, so none is sealed that cannot be used. The file appears whole or not at
    all.

    Args:
        whole: the suites (`testsuites.whole.open_whole`).
        place: theirs, for messages.
        output: the file; one that is there is replaced.
        told: as above.

    Raises:
        SuiteInvalid: there are no suites, one cannot be used, or the file cannot be written.
        SuiteNotFound, SuiteUnavailable: there is no key, or a suite cannot be read now.
    """
    if not whole.ids:
        raise SuiteInvalid(f"{place}: holds no suites; name the folder that holds them")
    sealing = new_file_key(str(output))
    file_head = head(sealing.header)
    rows: list[Entries] = []
    with _written(output), _draft(output) as draft, draft.open("wb") as file:
        file.write(file_head)
        for suite_id in whole.ids:
            files = whole.files(suite_id)
            loaded(place, suite_id, files)
            number = 2 * len(rows) + 1
            length, size = _add(file, sealing, file_head, number, suite_id, files)
            beside_length, beside_size = _add(file, sealing, file_head, number + 1, suite_id, whole.beside(suite_id))
            rows.append(Entries(suite_id, length, beside_length, size, beside_size))
            told(suite_id)
        start = file.tell()
        index = sealing.cipher.encrypt(nonce(0), msgspec.msgpack.encode(rows), associated(file_head, 0, ""))
        if len(index) > MAX_INDEX_BYTES:
            raise SuiteInvalid(f"{place}: holds too many suites for one file; split it")
        file.write(index + START.pack(start))
        written = file.tell()
    header = sealing.header
    return SealedFile(len(rows), written, header.key_id if isinstance(header, GivenKey) else header.arn)


def unseal(sealed: Packed, folder: Path, told: Told = lambda _: None) -> int:
    """Write all suites, and what lies beside them, into a new folder, and return how many there are.

    The folder appears whole or not at all.

    Args:
        sealed: the suites.
        folder: not there, or empty.
        told: as above.

    Raises:
        SuiteInvalid: the folder holds something or cannot be written, or a suite cannot be opened.
        SuiteUnavailable: a suite cannot be read now.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise SuiteInvalid(f"{folder}: is there already; give the name of a folder to be made")
    with _written(folder), _draft(folder) as draft:
        draft.mkdir(parents=True)
        for suite_id in sealed.ids:
            for name, data in (sealed.files(suite_id) | sealed.beside(suite_id)).items():
                path = draft / suite_id / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            told(suite_id)
    return len(sealed.ids)


def _add(
    file: IO[bytes], sealing: Sealing, file_head: bytes, number: int, suite_id: str, files: dict[str, bytes]
) -> tuple[int, int]:
    """Write an entry, and return its length and what it was before compression."""
    plain = msgspec.msgpack.encode(files)
    if len(plain) > MAX_ENTRY_BYTES:
        raise SuiteInvalid(f"{suite_id}: its files have names that are too long")
    data = sealing.cipher.encrypt(nonce(number), zlib.compress(plain, _LEVEL), associated(file_head, number, suite_id))
    file.write(data)
    return len(data), len(plain)


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Yield a name beside the target; what is there in the end becomes the target, or goes if the block fails."""
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        yield draft
        os.replace(draft, target)  # noqa: PTH105 - the same call, named for what it does where the target is there
    finally:
        if draft.is_dir():
            shutil.rmtree(draft)
        else:
            draft.unlink(missing_ok=True)


@contextmanager
def _written(target: Path) -> Iterator[None]:
    """Tell what the system says of a target that cannot be written."""
    try:
        yield
    except OSError as error:
        raise SuiteInvalid(f"{target}: cannot be written: {error.strerror}") from None
