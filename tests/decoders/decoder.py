"""What a decoder under test is, and what counts as a crash."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import msgspec

HIDDEN = "hidden 7491"
"""Stands in seeds wherever hidden data stands. No exception's text may hold it; no id, which is shown, is like it."""
FOUND = "found:"
"""Begins the line in which a worker tells of a crash."""
REGRESSIONS = Path(__file__).parent / "regressions"
"""Inputs that once were crashes: a folder for each decoder that had some."""

_SECONDS = 0.5
_SECONDS_EACH_BYTE = 2e-5
_TRIES = 3

Mutate = Callable[[bytes, int, Random], bytes | None]
"""Makes another input of at most so many bytes; None where it cannot."""


class Decoder(msgspec.Struct, frozen=True, kw_only=True):
    """One decoder.

    Attributes:
        name: one word.
        reads: what it reads, and from whom.
        read: decodes bytes, and asserts what must hold of what came of them.
        refuses: what it documents to raise.
        seeds: makes valid inputs, each of which it accepts.
        words: tags, keys and the like, for inputs to be made of.
        mutate: changes an input in keeping with its form; None leaves that to libFuzzer alone.
        longest: bytes of the longest input to try.
    """

    name: str
    reads: str
    read: Callable[[bytes], None]
    refuses: tuple[type[Exception], ...] = ()
    seeds: Callable[[], Sequence[bytes]]
    words: tuple[str, ...] = ()
    mutate: Mutate | None = None
    longest: int = 4096


class TooSlow(AssertionError):
    """An input took more processor time than its length allows."""


class Told(AssertionError):
    """An exception's text, or that of one behind it, shows hidden data."""


def check(decoder: Decoder, data: bytes) -> bool:
    """Try one input; return whether the decoder accepted it.

    Raises:
        Exception: a crash: whatever `Decoder.refuses` does not list, an assertion, `TooSlow` or `Told`.
    """
    allowed = _SECONDS + len(data) * _SECONDS_EACH_BYTE
    for _ in range(_TRIES):  # what else the machine does costs a moment now and then
        start = time.thread_time()
        accepted = _try(decoder, data)
        spent = time.thread_time() - start
        if spent <= allowed:
            return accepted
    raise TooSlow(f"{spent:.2f} s for {len(data)} bytes; {allowed:.2f} s are allowed")


def _try(decoder: Decoder, data: bytes) -> bool:
    try:
        decoder.read(data)
    except decoder.refuses as error:
        shown: BaseException | None = error
        while shown is not None:
            if HIDDEN in str(shown):
                raise Told(type(shown).__name__) from None
            shown = shown.__cause__ or (None if shown.__suppress_context__ else shown.__context__)
        return False
    return True
