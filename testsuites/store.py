"""Where suites are kept: the protocol, the rule for ids, and the way from a place to a store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from testsuites.calibration import Calibration
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.model import AnySuite

if TYPE_CHECKING:
    from testsuites.one_file import OneFile

MAX_ID_CHARACTERS = 200
ARCHIVE, SEALED = ".zip", ".sealed"
ONE_FILE = (ARCHIVE, SEALED)
"""How the names of stores end that are one file."""

_OTHER_ARCHIVES = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar")
_PART = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)


class Store(Protocol):
    """Suites by id. Implementations are safe to use from several threads."""

    def ids(self) -> Iterator[str]:
        """Yield the id of every suite, sorted.

        Raises:
            SuiteInvalid: a suite is kept where no id leads.
            SuiteUnavailable: the store cannot be read now.
        """
        ...

    def load(self, suite_id: str) -> AnySuite:
        """Return one suite.

        Raises:
            SuiteNotFound: there is none of that id.
            SuiteInvalid: it cannot be used, or the id is not one.
            SuiteUnavailable: the store cannot be read now.
        """
        ...

    def calibration(self, suite_id: str) -> Calibration | None:
        """Return the record that is kept beside a suite, if there is one; its digest may be another's.

        Raises:
            SuiteNotFound, SuiteUnavailable: as for `load`.
            SuiteInvalid: it cannot be read, or the suite or its id cannot be used.
        """
        ...


def check_id(suite_id: str) -> None:
    """Return if the text can be a suite's id: parts of letters, digits, ``._-`` joined by ``/``.

    Raises:
        SuiteInvalid: it cannot. The text is not shown: it may be an expected output in the wrong place.
    """
    parts = suite_id.split("/")
    if len(suite_id) > MAX_ID_CHARACTERS or not all(_PART.fullmatch(part) and part.strip(".") for part in parts):
        raise SuiteInvalid("a suite's id has parts of letters, digits, '.', '_' or '-', joined by '/'; this is not one")


def open_store(place: str | os.PathLike[str]) -> Store:
    """Open the store at a place.

        suites                                a folder of suites
        suites.zip                            an archive of such a folder
        suites.sealed                         such a folder, encrypted by `verifier suites seal`
        s3://bucket/prefix                    a folder's files as objects
        s3://bucket/suites.zip, .sealed       one of the files above, read into memory

    Raises:
        SuiteNotFound: there is no such store, the place is of a kind that this release cannot open, or a library that
            it needs is not installed.
        SuiteInvalid: the place is that of a single suite, or holds no store that can be used.
        SuiteUnavailable: the store cannot be read now, or there is no key to read it with.
    """
    text = os.fspath(place)
    in_s3 = text.startswith("s3://")
    if text.endswith(ONE_FILE) and (in_s3 or not os.path.isdir(text)):  # noqa: PTH112 - `text` may be no path
        return _open_packed(text)
    if in_s3:
        from testsuites.s3 import S3Store

        return S3Store(text)
    if text.endswith(_OTHER_ARCHIVES) or "://" in text:
        raise SuiteNotFound(
            f"{text}: this release opens folders, .zip and .sealed files, and s3://bucket/prefix; copy the suites to "
            "one of them first"
        )
    from testsuites.directory import DirectoryStore

    return DirectoryStore(text)


def _open_packed(place: str) -> Store:
    from testsuites.packed import PackedStore

    if place.startswith("s3://"):
        from testsuites.s3_objects import S3Object

        file: OneFile = S3Object(place)
    else:
        from testsuites.one_file import LocalFile

        file = LocalFile(place)
    if place.endswith(SEALED):
        from testsuites.sealed import Sealed

        return PackedStore(file, Sealed)
    from testsuites.archive import Archive

    return PackedStore(file, Archive)
