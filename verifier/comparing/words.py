"""Comparing texts as Kattis's default output validator does, with the flags that a problem gives it.

Everything here works on bytes. White space is that of ASCII. As there, what is a number is decided by the word of the
suite alone, and only where there is a tolerance; capitals are those of ASCII.
"""

from __future__ import annotations

import math
import re

from testsuites.model import Comparator
from verifier.comparing.text import LONGEST_NUMBER
from verifier.comparing.tolerance import Tolerance

_SPACE = re.compile(rb"([ \t\n\r\v\f]+)")
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEXADECIMAL = re.compile(rb"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)(?:[pP][+-]?[0-9]+)?")
"""What C's `strtod` reads as a finite number."""


def words_equal(expected: bytes, actual: bytes, comparator: Comparator) -> bool:
    """Compare word by word.

    Args:
        expected: the suite's text.
        actual: the program's output.
        comparator: says whether capitals and white space count, and how far a number may be off.
    """
    if comparator.space_sensitive:
        wanted = _SPACE.split(expected)
        given = _SPACE.split(actual, len(wanted) // 2 + 1)
    else:
        wanted = expected.split()
        given = actual.split(None, len(wanted))
    tolerance = None
    if comparator.absolute > 0 or comparator.relative > 0:
        tolerance = Tolerance(comparator.absolute, comparator.relative)
    return len(wanted) == len(given) and all(
        _same(word, other, tolerance, case=comparator.case_sensitive) for word, other in zip(wanted, given, strict=True)
    )


def _same(expected: bytes, actual: bytes, tolerance: Tolerance | None, *, case: bool) -> bool:
    if tolerance is not None and (number := _number(expected)) is not None:
        other = _number(actual)
        return other is not None and tolerance.allows(number, other)
    return expected == actual or (not case and expected.lower() == actual.lower())


def _number(word: bytes) -> float | None:
    """Return the finite number that a word stands for; None where it stands for none, or is too long for one."""
    if len(word) > LONGEST_NUMBER:
        return None
    if _DECIMAL.fullmatch(word):
        value = float(word)
        return value if math.isfinite(value) else None
    if _HEXADECIMAL.fullmatch(word):
        try:
            return float.fromhex(word.decode("ascii"))
        except OverflowError:
            return None
    return None
