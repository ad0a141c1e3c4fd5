"""What was built last, kept for those that come with the same program: another sample, or another try."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from sandbox.job import MEBIBYTE, Limits, Program
from sandbox.languages import Language
from sandbox.languages.presence import fingerprint
from sandbox.local.building import Built, build
from sandbox.local.zygote import Zygote

MAX_BYTES = 256 * MEBIBYTE
MAX_COUNT = 64
"""Each is a descriptor of the judge."""


class Builds:
    """Keeps builds in the judge's memory, within bounds; builds nothing twice at a time. Safe to use from threads."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, Built] = OrderedDict()
        self._bytes = 0
        self._under_way: dict[bytes, threading.Event] = {}

    def of(self, program: Program, language: Language, zygote: Zygote, limits: Limits) -> Built:
        """Return what building a program gives (`sandbox.local.building.build`), from an earlier time where it can."""
        key = _key(program, language)
        while True:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
                other = self._under_way.get(key)
                if other is None:
                    ours = self._under_way[key] = threading.Event()
                    break
            other.wait()  # it comes to an end by its limits; where it kept nothing, this one is next
        try:
            built = build(program, language, zygote, limits)
            if built.certain:
                self._keep(key, built)
            return built
        finally:
            with self._lock:
                del self._under_way[key]
            ours.set()

    def _keep(self, key: bytes, built: Built) -> None:
        with self._lock:
            self._kept[key] = built
            self._bytes += _size(built)
            while len(self._kept) > MAX_COUNT or self._bytes > MAX_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= _size(oldest)


def _key(program: Program, language: Language) -> bytes:
    """Stand for all that a build depends on: the program, what the language's file says, and the compiler itself."""
    parts = repr((language, fingerprint(language), program.source))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()


def _size(built: Built) -> int:
    return built.artefact.size if built.artefact else 0
