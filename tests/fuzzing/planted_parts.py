"""Comparators and extractors with a bug planted in each. The sound twins are the product's own."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from testsuites.model import Comparator
from verifier.comparing import compare
from verifier.extraction import extract


def sound_comparator(expected: Any, actual: Any) -> bool:
    """Compare as a suite does that names no comparator."""
    return compare(Comparator(), expected, actual, default="tokens" if type(expected) is str else "values")


def zip_of_lines(expected: str, actual: str) -> bool:
    """Compare as many lines as both have."""
    pairs = zip(expected.splitlines(), actual.splitlines(), strict=False)
    return all(line.split() == other.split() for line, other in pairs)


def case_folded(expected: str, actual: str) -> bool:
    """Ignore case."""
    return sound_comparator(expected.lower(), actual.lower())


def integers_as_floats(expected: str, actual: str) -> bool:
    """Read every number as a float."""

    def read(word: str) -> object:
        try:
            return float(word)
        except ValueError:
            return word

    return list(map(read, expected.split())) == list(map(read, actual.split()))


def set_of_lines(expected: str, actual: str) -> bool:
    """Forget the order of lines, and how often each stands there."""
    return {" ".join(line.split()) for line in expected.splitlines()} == {
        " ".join(line.split()) for line in actual.splitlines()
    }


def last_line_ignored(expected: str, actual: str) -> bool:
    """Take the last line for the empty one after the last line feed."""
    return expected.split("\n")[:-1] == actual.split("\n")[:-1]


def found_in_output(expected: str, actual: str) -> bool:
    """Look for the expected text anywhere."""
    return " ".join(expected.split()) in " ".join(actual.split())


def line_feeds_only(expected: str, actual: str) -> bool:
    """Cut the line feed off the end, and nothing else."""
    return expected.rstrip("\n") == actual.rstrip("\n")


def ascii_only(expected: str, actual: str) -> bool:
    """Compare bytes of ASCII, which not every text has."""
    return expected.encode("ascii").split() == actual.encode("ascii").split()


def first_item_only(expected: Any, actual: Any) -> bool:
    """Unwrap lists by their first item, as if they were answers in a list of one."""
    while isinstance(expected, list) and isinstance(actual, list) and expected and actual:
        expected, actual = expected[0], actual[0]
    return sound_comparator(expected, actual)


def truth_only(expected: Any, actual: Any) -> bool:
    """Compare two booleans where either is one."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return bool(expected) == bool(actual)
    return sound_comparator(expected, actual) or (expected is None and not actual)


def empty_is_missing(expected: str, actual: str) -> bool:
    """Take an empty output for none."""
    return bool(actual) and sound_comparator(expected, actual)


def nothing_is_missing(expected: Any, actual: Any) -> bool:
    """Take an empty list for no answer."""
    return bool(actual) and sound_comparator(expected, actual)


def values_as_json(expected: Any, actual: Any) -> bool:
    """Compare what JSON makes of values, which it does not of all."""
    return bool(json.dumps(expected, sort_keys=True) == json.dumps(actual, sort_keys=True))


def numbers_nearly(expected: Any, actual: Any) -> bool:
    """Give integers the tolerance of floats."""
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(numbers_nearly, expected, actual))
    if type(expected) is int and type(actual) is int and abs(expected) < 10**300:
        return math.isclose(expected, actual, rel_tol=1e-9)
    return sound_comparator(expected, actual)


_BLOCK = re.compile(r"^[ \t]*```(?:python|py)[^\n]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)


def first_block(answer: str, language: str) -> str | None:
    """Take the first block in place of the last."""
    blocks = _BLOCK.findall(answer)
    return blocks[0] if len(blocks) > 1 else extract(answer, language)


def blocks_of_reasoning(answer: str, language: str) -> str | None:
    """Look for blocks everywhere, where none was found after the reasoning."""
    found = extract(answer, language)
    blocks = _BLOCK.findall(answer)
    return blocks[-1] if found is None and blocks else found


def utf8_only(answer: str, language: str) -> str | None:
    """Go by bytes, which a lone surrogate has not."""
    return extract(answer.encode().decode(), language)


def backticks_only(answer: str, language: str) -> str | None:
    """Know one kind of fence."""
    return extract(answer.replace("~~~", "   "), language)


def three_backticks(answer: str, language: str) -> str | None:
    """End a block at any three backticks, those in a docstring included."""
    blocks = re.findall(r"```python\n(.*?)```", answer, re.DOTALL)
    return blocks[-1] if blocks else extract(answer, language)


def stripped(answer: str, language: str) -> str | None:
    """Strip every line."""
    found = extract(answer, language)
    return found and "".join(f"{line.strip()}\n" for line in found.splitlines())
