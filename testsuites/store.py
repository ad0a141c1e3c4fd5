"""Where suites are kept: the protocol, the rule for ids, and the way from a place to a store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Protocol

from testsuites.errors import SuiteInvalid, SuiteNotFound
from testsuites.model import AnySuite

MAX_ID_CHARACTERS = 200
_PART = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)


class Store(Protocol):
    """Suites by id. Implementations are safe to use from several threads."""

    def ids(self) -> Iterator[str]:
        """Yield the id of every suite, sorted."""
        ...

    def load(self, suite_id: str) -> AnySuite:
        """Return one suite.

        Raises:
            SuiteNotFound: there is none of that id.
            SuiteInvalid: it cannot be used, or the id is not one.
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
    """Open the store at a place: a directory of suites.

    Raises:
        SuiteNotFound: there is no such directory, or the place is of a kind that this release cannot open.
    """
    from testsuites.directory import DirectoryStore

    text = os.fspath(place)
    if "://" in text or text.endswith((".zip", ".tar", ".gz")):
        raise SuiteNotFound(f"{text}: this release opens directories only; copy the suites to a directory first")
    return DirectoryStore(text)
