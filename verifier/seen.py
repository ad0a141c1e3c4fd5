"""Which texts were seen, for so many that a set of them would fill the memory."""

from __future__ import annotations

import contextlib
import sqlite3
from types import TracebackType
from typing import Self


class Seen:
    """A set of texts in a temporary file, which is gone when it is closed. Use as a context manager, in one thread."""

    def __init__(self) -> None:
        """Start empty."""
        self._database = sqlite3.connect("")  # a database without a name is a temporary file with a small cache
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE seen (text TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, text: str) -> None:
        """Take note of a text; one that was seen stays so."""
        self._database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (text,))

    def __contains__(self, text: object) -> bool:
        """Say whether a text was added."""
        with contextlib.closing(self._database.execute("SELECT 1 FROM seen WHERE text = ?", (text,))) as found:
            return found.fetchone() is not None

    def __enter__(self) -> Self:
        """Return the set itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget everything."""
        self._database.close()
