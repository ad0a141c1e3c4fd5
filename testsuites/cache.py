"""Suites that were read before, kept in memory for as long as what they were read from stays the same."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Generic, NamedTuple, TypeVar

MAX_SUITES = 256
MAX_BYTES = 128 * 1024 * 1024

T = TypeVar("T")


class _Kept(NamedTuple, Generic[T]):
    fingerprint: object
    suite: T
    size: int
    seen_at: float  # when it was last known to be the same, on the clock of `time.monotonic`


class SuiteCache(Generic[T]):
    """The suites used last, by id: at most `MAX_SUITES`, and of more than `MAX_BYTES` only one. Safe for threads.

    `T` is what is kept of each: the suite, or the suite with what lies beside it.
    """

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept[T]] = OrderedDict()
        self._bytes = 0

    def get(self, suite_id: str, fingerprint: object) -> T | None:
        """Return the suite if it was kept with an equal fingerprint."""
        with self._lock:
            kept = self._kept.get(suite_id)
            if kept is None or kept.fingerprint != fingerprint:
                return None
            self._kept[suite_id] = kept._replace(seen_at=time.monotonic())
            self._kept.move_to_end(suite_id)
            return kept.suite

    def recent(self, suite_id: str, seconds: float) -> T | None:
        """Return the suite if it was known to be the same less than so long ago."""
        with self._lock:
            kept = self._kept.get(suite_id)
            if kept is None or time.monotonic() >= kept.seen_at + seconds:
                return None
            self._kept.move_to_end(suite_id)
            return kept.suite

    def keep(self, suite_id: str, fingerprint: object, suite: T, *, size: int) -> None:
        """Keep a suite, in place of an older one of its id and of those not used for longest.

        Args:
            suite_id: its id.
            fingerprint: equal as long as the suite need not be read again.
            suite: the suite.
            size: bytes that it was read from.
        """
        with self._lock:
            if suite_id in self._kept:
                self._bytes -= self._kept.pop(suite_id).size
            self._kept[suite_id] = _Kept(fingerprint, suite, size, time.monotonic())
            self._bytes += size
            while len(self._kept) > MAX_SUITES or (self._bytes > MAX_BYTES and len(self._kept) > 1):
                self._bytes -= self._kept.popitem(last=False)[1].size
