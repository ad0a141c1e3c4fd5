"""The standard checkers of testlib, which Polygon offers by name: `program INPUT OUTPUT ANSWER NAME`.

The importer gives the text of this file to suites, as their checker: it needs nothing but Python. It ends with the exit
codes of testlib, and reads bytes, as testlib does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

OK, WRONG, PRESENTATION, FAIL = 0, 1, 2, 3

_WORD = re.compile(rb"[^ \t\r\n]+")
_INTEGER = re.compile(rb"0|-?[1-9][0-9]*")
_DOUBLE = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LONG, _INT = 64, 32
_MOST_DIGITS = 20

Read = Callable[[bytes, int], Any]
"""Returns what a word means, or raises `Ended` with the exit code that is given."""


class Ended(Exception):
    """What was read is not as it must be: the exit code says whose fault that is."""

    def __init__(self, code: int) -> None:
        """Keep the exit code."""
        super().__init__()
        self.code = code


def words(text: bytes) -> Iterator[bytes]:
    """Yield the words of a text."""
    return (match[0] for match in _WORD.finditer(text))


def word(text: bytes, _fault: int) -> bytes:
    """Return the word itself."""
    return text


def huge(text: bytes, fault: int) -> bytes:
    """Return the digits of an integer of any size, which is written in one way only."""
    if not _INTEGER.fullmatch(text):
        raise Ended(fault)
    return text


def integer(bits: int) -> Read:
    """Return the reader of an integer of so many bits, which is written in one way only."""

    def read(text: bytes, fault: int) -> int:
        if len(huge(text, fault)) > _MOST_DIGITS or not -(2 ** (bits - 1)) <= int(text) < 2 ** (bits - 1):
            raise Ended(fault)
        return int(text)

    return read


def double(text: bytes, fault: int) -> float:
    """Return a number that is written with a point, an exponent, both or neither."""
    if not _DOUBLE.fullmatch(text):
        raise Ended(fault)
    return float(text)


def yes_or_no(text: bytes, fault: int) -> bytes:
    """Return YES or NO, which may be written in any case."""
    if text.upper() not in (b"YES", b"NO"):
        raise Ended(fault)
    return text.upper()


def within(most: float) -> Callable[[float, float], bool]:
    """Return a test for numbers that are no further apart."""
    return lambda expected, found: not abs(expected - found) > most


def close(most: float) -> Callable[[float, float], bool]:
    """Return testlib's test for numbers whose absolute or relative error is no larger."""
    most += 1e-15

    def test(expected: float, found: float) -> bool:
        if abs(expected) > 1e300 or abs(found) > 1e300:
            return abs(expected) > 1e300 and abs(found) > 1e300 and (expected > 0) == (found > 0)
        if abs(found - expected) <= most:
            return True
        ends = sorted((expected * (1.0 - most), expected * (1.0 + most)))
        return ends[0] <= found <= ends[1]

    return test


def equal(expected: object, found: object) -> bool:
    """Tell whether two things are the same."""
    return expected == found


def one(read: Read, same: Callable[[Any, Any], bool] = equal) -> Callable[[bytes, bytes], bool]:
    """Return the checker of a single word."""

    def check(output: bytes, answer: bytes) -> bool:
        expected, found = next(words(answer), None), words(output)
        if expected is None:
            raise Ended(FAIL)
        first = next(found, None)
        meant = read(expected, FAIL)
        return first is not None and same(meant, read(first, PRESENTATION)) and next(found, None) is None

    return check


def many(read: Read, same: Callable[[Any, Any], bool] = equal) -> Callable[[bytes, bytes], bool]:
    """Return the checker of words that come in one order."""

    def check(output: bytes, answer: bytes) -> bool:
        for expected, found in zip_longest(words(answer), words(output)):
            if expected is None or found is None or not same(read(expected, FAIL), read(found, PRESENTATION)):
                return False
        return True

    return check


def unordered(output: bytes, answer: bytes) -> bool:
    """Check integers that may come in any order."""
    read = integer(_LONG)
    expected = sorted(read(text, FAIL) for text in words(answer))
    return expected == sorted(read(text, PRESENTATION) for text in words(output))


def lines(same: Callable[[bytes, bytes], bool]) -> Callable[[bytes, bytes], bool]:
    """Return the checker of lines. An empty one at the end of the answer is none; the output may end in blanks."""

    def check(output: bytes, answer: bytes) -> bool:
        expected, found = ended(answer), ended(output)
        if expected and not expected[-1]:
            expected.pop()
        if len(found) < len(expected) or any(line.strip(b" \t\r") for line in found[len(expected) :]):
            return False
        return all(map(same, expected, found))

    return check


def ended(text: bytes) -> list[bytes]:
    """Return the lines of a text, without their ends."""
    parts = text.replace(b"\r\n", b"\n").split(b"\n")
    return parts if parts[-1] else parts[:-1]


def same_words(expected: bytes, found: bytes) -> bool:
    """Tell whether two lines have the same words."""
    return expected.split() == found.split()


def cases(read: Read, count: int | None = None) -> Callable[[bytes, bytes], bool]:
    """Return the checker of `Case 1: ...`, `Case 2: ...`, with so many words each where a number is given."""

    def parsed(text: bytes, fault: int) -> list[list[Any]]:
        found: list[list[Any]] = []
        rest = words(text)
        for item in rest:
            if item == b"Case":
                found.append([])
                if next(rest, b"") != b"%d:" % len(found):
                    raise Ended(fault)
            elif found:
                found[-1].append(read(item, fault))
            else:
                raise Ended(fault)
        if count is not None and any(len(case) != count for case in found):
            raise Ended(fault)
        return found

    return lambda output, answer: parsed(answer, FAIL) == parsed(output, PRESENTATION)


CHECKERS: dict[str, Callable[[bytes, bytes], bool]] = {
    "acmp": one(double, within(1e-6)),
    "caseicmp": cases(integer(_LONG), 1),
    "casencmp": cases(integer(_LONG)),
    "casewcmp": cases(word),
    "dcmp": one(double, close(1e-6)),
    "fcmp": lines(equal),
    "hcmp": one(huge),
    "icmp": one(integer(_INT)),
    "lcmp": lines(same_words),
    "ncmp": many(integer(_LONG)),
    "nyesno": many(yes_or_no),
    "rcmp": one(double, within(1.5e-6 + 1e-15)),
    "rcmp4": many(double, close(1e-4)),
    "rcmp6": many(double, close(1e-6)),
    "rcmp9": many(double, close(1e-9)),
    "rncmp": many(double, within(1.5e-5 + 1e-15)),
    "uncmp": unordered,
    "wcmp": many(word),
    "yesno": one(yes_or_no),
}


def main() -> None:
    """Check one output."""
    output, answer = (Path(path).read_bytes() for path in sys.argv[2:4])
    try:
        sys.exit(OK if CHECKERS[sys.argv[4]](output, answer) else WRONG)
    except Ended as error:
        sys.exit(error.code)


if __name__ == "__main__":
    main()
