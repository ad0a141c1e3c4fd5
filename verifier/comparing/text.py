"""Comparing what a program wrote with the expected text.

Everything here works on bytes: ASCII white space is the only white space, full-width digits are no digits, and bytes
that are not UTF-8 equal no expected text. An output is never split into more pieces than the expected text has, so
16 MiB of words cost little when three are expected.
"""

from __future__ import annotations

import math
import re

from verifier.comparing.tolerance import Tolerance

LONGEST_NUMBER = 1000
"""Bytes of the longest word that is read as a number; a longer one equals only the same text."""

_INTEGER = re.compile(rb"-?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(
    rb"""
    -? (?: (?:0|[1-9][0-9]*) \. [0-9]* (?:e[+-]?[0-9]+)?
         | (?:0|[1-9][0-9]*)            e[+-]?[0-9]+
         | \. [0-9]+                   (?:e[+-]?[0-9]+)?
         | inf | infinity | nan )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def lines_equal(expected: bytes, actual: bytes) -> bool:
    """Compare line by line, apart from white space at the end of lines and empty lines at the end of the text."""
    wanted = expected.rstrip().split(b"\n")
    given = actual.rstrip().split(b"\n", len(wanted))
    return len(wanted) == len(given) and all(
        line.rstrip() == other.rstrip() for line, other in zip(wanted, given, strict=True)
    )


def tokens_equal(expected: bytes, actual: bytes, tolerance: Tolerance, *, integers_too: bool) -> bool:
    """Compare word by word, with tolerance where the expected word is a float.

    Args:
        expected: the suite's text.
        actual: the program's output.
        tolerance: for floats.
        integers_too: tolerance also where the expected word is an integer and the actual one a float.
    """
    wanted = expected.split()
    given = actual.split(None, len(wanted))
    return len(wanted) == len(given) and all(
        word == other or _numbers_equal(word, other, tolerance, integers_too)
        for word, other in zip(wanted, given, strict=True)
    )


def _numbers_equal(expected: bytes, actual: bytes, tolerance: Tolerance, integers_too: bool) -> bool:
    if max(len(expected), len(actual)) > LONGEST_NUMBER:
        return False
    actual_is_float = bool(_FLOAT.fullmatch(actual))
    if _FLOAT.fullmatch(expected):
        comparable = actual_is_float or bool(_INTEGER.fullmatch(actual))
    else:
        comparable = integers_too and actual_is_float and bool(_INTEGER.fullmatch(expected))
    if not comparable or _overflows(expected) or _overflows(actual):
        return False
    return tolerance.allows(float(expected), float(actual))


def _overflows(number: bytes) -> bool:
    """Say whether a finite number is too large for a float; such numbers equal only the same text."""
    return math.isinf(float(number)) and not number[-1:].isalpha()
