"""Small wrong changes to a right output: each is one that graders are known to miss.

A change is a Python expression over ``said`` (what was printed) or ``value`` (what was returned), so that a program can
make it without knowing the output. Whether the result is wrong is decided here by a rule of its own, not by the
comparators under test, and doubtful changes are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from testsuites.model import Comparator
from verifier.fuzzing.strategies.wrapping import VALUE

_TEXT_CHANGES = (
    "said.rstrip()[:-1]",  # the last character
    "said.rstrip() + '\\n0\\n'",  # a line more
    "said.rstrip() + ' 0'",  # a word more
    "'0\\n' + said",
    "said.rstrip().rpartition('\\n')[0] + '\\n'",  # the last line
    "said.rstrip().rpartition(' ')[0] + '\\n'",  # the last word of a line
    "said.partition('\\n')[2]",  # the first line
    "'\\n'.join(said.rstrip().split('\\n')[::-1]) + '\\n'",
    "' '.join(said.split()[::-1]) + '\\n'",
    "said.swapcase()",
    "re.sub(r'\\d+(?=\\D*$)', lambda digits: str(int(digits[0]) ^ 1), said)",  # the last number, by one
    "re.sub(r'\\d+', lambda digits: str(int(digits[0]) ^ 1), said, count=1)",
    "re.sub(r'\\d+(?=\\D*$)', lambda digits: '-' + digits[0], said)",
    "''",
)
_USUAL = Comparator()
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
_LONGEST_INTEGER = 4000
"""Digits; Python refuses to read more than 4,300."""


def text_spoilers(right: str) -> tuple[str, ...]:
    """Return the expressions over ``said`` that make a wrong text of a right one, whatever the comparator."""
    if re.search(rf"\d{{{_LONGEST_INTEGER}}}", right):
        return ("''",)
    return tuple(change for change in _TEXT_CHANGES if surely_differs(right, apply(change, said=right)))


def value_spoilers(*right: Any, comparator: Comparator = _USUAL) -> tuple[str, ...]:
    """Return the expressions over ``value`` that make a wrong value of the first of all that are right.

    Args:
        right: all values that are right.
        comparator: of the suite, whose tolerance may be wide.
    """
    found = []
    for change in _changes(right[0], VALUE, depth=3):
        wrong = apply(change, value=right[0])
        if not any(may_equal(wrong, accepted, comparator) for accepted in right):
            found.append(change)
    return tuple(dict.fromkeys(found))


def apply(change: str, **names: Any) -> Any:
    """Carry out one of these expressions, which are this file's own."""
    return eval(change, {"re": re, **names})  # noqa: S307


def surely_differs(right: str, other: str) -> bool:
    """Tell whether two texts differ in more than white space and the way that floats are written."""
    words, others = right.split(), other.split()
    return len(words) != len(others) or any(map(_words_differ, words, others))


def may_equal(wrong: Any, right: Any, comparator: Comparator = _USUAL) -> bool:
    """Tell whether some comparator could rightly call them equal: ``==``, a tolerance, or a list for a tuple."""
    if isinstance(wrong, list | tuple) and isinstance(right, list | tuple):
        return len(wrong) == len(right) and all(map(may_equal, wrong, right, repeat(comparator)))
    if isinstance(wrong, float) or isinstance(right, float):
        numbers = isinstance(wrong, int | float) and isinstance(right, int | float)
        relative, absolute = max(0.01, comparator.relative), max(0.1, comparator.absolute)
        return numbers and (not abs(wrong - right) > max(absolute, relative * abs(right)))
    if isinstance(wrong, str) and isinstance(right, str):
        return not surely_differs(right, wrong)
    return bool(wrong == right)


def _words_differ(word: str, other: str) -> bool:
    if word == other:
        return False
    if _INTEGER.fullmatch(word) and _INTEGER.fullmatch(other):
        return max(len(word), len(other)) > _LONGEST_INTEGER or int(word) != int(other)
    return not (_is_number(word) and _is_number(other))


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _changes(right: Any, place: str, *, depth: int) -> Iterator[str]:
    """Make changes to the value at a place, such as ``value[2]``; nothing inside of sets, or below `depth`."""
    match right:
        case bool():
            yield f"not {place}"
        case int():
            yield f"{place} + 1"
            yield f"-{place}"
        case float():
            yield f"{place} + 1 + abs({place})"
        case str():
            yield f"{place} + 'x'"
            yield f"{place}[:-1]"
            yield f"{place}.swapcase()"
        case list() | tuple():
            yield f"[*{place}, 0]"
            yield f"{place}[:-1]"
            yield f"{place}[::-1]"
            yield f"{place}[:1]"
            for number, item in enumerate(right if depth else ()):
                for change in _changes(item, f"{place}[{number}]", depth=depth - 1):
                    yield f"[*{place}[:{number}], {change}, *{place}[{number + 1}:]]"
        case dict():
            yield f"{{**{place}, 'x': 0}}"
            yield f"dict([*{place}.items()][:-1])"
        case _:
            yield "'x'"
    yield "None"
