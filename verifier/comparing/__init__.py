"""Where an output meets an expected value (docs/comparing.md).

tokens   words of a text, with tolerance where the expected word is a float; the default for stdio suites
words    words of a text, as Kattis's default validator: with tolerance for numbers only where the suite sets one
floats   as tokens, and with tolerance where the expected word is an integer and the actual one a float
lines    lines of a text, apart from white space at their ends
exact    bytes
values   Python values; the default for call suites
"""

from __future__ import annotations

from typing import Any, Literal

from testsuites.errors import SuiteInvalid
from testsuites.model import Comparator
from verifier.comparing.text import lines_equal, tokens_equal
from verifier.comparing.tolerance import Tolerance
from verifier.comparing.values import values_equal
from verifier.comparing.words import words_equal


def compare(
    comparator: Comparator, expected: Any, actual: Any, *, default: Literal["tokens", "values"] | None = None
) -> bool:
    """Say whether an actual output may stand for the expected one. False for anything the output may hold.

    Args:
        comparator: the suite's comparator.
        expected: a text, or for `values` any value of exact built-in types, Decimal or Fraction.
        actual: what the program gave: bytes or a text, or for `values` a value of the same types.
        default: comparator to use when the suite names none: `tokens` for stdio suites, `values` for call suites.

    Raises:
        ValueError: neither the suite nor the caller names a comparator.
        SuiteInvalid: the comparator is for texts and the expected value is none.
    """
    name = comparator.name or default
    if name is None:
        raise ValueError("the suite names no comparator; pass the default of its kind")
    tolerance = Tolerance(comparator.absolute, comparator.relative)
    if name == "values":
        return values_equal(expected, actual, tolerance)
    if type(expected) is not str:
        raise SuiteInvalid(f"comparator: {name} compares texts and the expected value is no text; use values")
    wanted, given = _utf8(expected), _utf8(actual)
    if wanted is None or given is None:
        return False
    if name == "exact":
        return wanted == given
    if name == "lines":
        return lines_equal(wanted, given)
    if name == "words":
        return words_equal(wanted, given, comparator)
    return tokens_equal(wanted, given, tolerance, integers_too=name == "floats")


def _utf8(text: Any) -> bytes | None:
    """Return the bytes of a text; None for what is no text, and for one that UTF-8 cannot write (a lone surrogate)."""
    if type(text) is bytes:
        return text
    if type(text) is not str:
        return None
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None
