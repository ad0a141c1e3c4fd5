"""Ids for rows, from what a data set calls them, or from what they ask."""

from __future__ import annotations

import hashlib
import re

_NO_PART_OF_AN_ID = re.compile(r"[^A-Za-z0-9._/-]+", re.ASCII)
_LONGEST_NAME = 150
_DIGITS = 16


def named_id(prefix: str, name: str | int) -> str:
    """Return ``prefix/name``, with a dash in place of what an id cannot hold, such as spaces."""
    return f"{prefix}/{_NO_PART_OF_AN_ID.sub('-', str(name)[:_LONGEST_NAME]).strip('-/')}"


def statement_id(prefix: str, statement: str) -> str:
    """Return ``prefix/`` and 16 hexadecimal digits of the SHA-256 of the statement, for rows that have no id.

    So it is the same in whichever file and place the row is, and whoever has the prompt can tell it.
    """
    return f"{prefix}/{hashlib.sha256(statement.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"
