"""Where suites are kept: the protocol, the rule for ids, and the way from a place to a store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Protocol

from testsuites.calibration import Calibration
from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.model import AnySuite

MAX_ID_CHARACTERS = 200
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
    """Open the store at a place: a directory of suites, or ``s3://bucket/prefix``.

    Raises:
        SuiteNotFound: there is no such store, or the place is of a kind that this release cannot open.
        SuiteInvalid: the place is that of a single suite.
        SuiteUnavailable: the store cannot be read now.
    """
    text = os.fspath(place)
    in_s3 = text.startswith("s3://")
    if text.endswith((".zip", ".tar", ".gz")) or ("://" in text and not in_s3):
        raise SuiteNotFound(
            f"{text}: this release opens directories and s3://bucket/prefix only; copy the suites to one of them first"
        )
    if in_s3:
        from testsuites.s3 import S3Store

        return S3Store(text)
    from testsuites.directory import DirectoryStore

    return DirectoryStore(text)
