"""From a gap to a hidden test of the suite's own kind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sandbox import Call, Stdin
from testsuites import AnySuite, CallSuite, CallTest, ScriptTest, StdioTest
from testsuites.literals import NAMES, write_literal
from verifier.calibrating.observing import AnyInput

PREFIX = "gap-"

_CLOSE = """\
def _close(found, expected):
    from math import isclose

    if isinstance(expected, float) and isinstance(found, (int, float)):
        if expected != expected:
            return found != found
        return isclose(found, expected, rel_tol=1e-6, abs_tol=1e-6)
    if isinstance(expected, (list, tuple)):
        return isinstance(found, (list, tuple)) and len(found) == len(expected) and all(map(_close, found, expected))
    if isinstance(expected, dict):
        if not isinstance(found, dict) or found.keys() != expected.keys():
            return False
        return all(_close(found[key], expected[key]) for key in expected)
    return found == expected


"""


def test_of(suite: AnySuite, item: AnyInput, output: Any, name: str) -> StdioTest | CallTest | ScriptTest:
    """Return a test that gives an input and expects an output.

    Args:
        suite: the suite that it is for.
        item: `Stdin` for a stdio suite, `Call` for others.
        output: bytes, which are UTF-8, or the value.
        name: of the test.
    """
    if isinstance(item, Stdin):
        return StdioTest(stdin=item.data.decode(), stdout=output.decode(), name=name)
    if isinstance(suite, CallSuite):
        return CallTest(args=item.args, kwargs=item.kwargs, expected=output, read_back=item.read_back, name=name)
    return ScriptTest(code=script_of(item, output), name=name)


def script_of(call: Call, expected: Any) -> str:
    """Return test code that asserts what a call returns, with tolerance for floats, and lists as good as tuples."""
    arguments = [
        *map(write_literal, call.args),
        *(f"{name}={write_literal(value)}" for name, value in call.kwargs.items()),
    ]
    asked, wanted = f"{call.function}({', '.join(arguments)})", write_literal(expected)
    condition = f"_close({asked}, {wanted})" if _is_loose(expected) else f"{asked} == {wanted}"
    names = NAMES if any(word in f"{asked} {wanted}" for word in ("nan", "inf", "Decimal(", "Fraction(")) else ""
    return f"{names}{_CLOSE if _is_loose(expected) else ''}assert {condition}\n"


def free_names(taken: Collection[str], count: int) -> list[str]:
    """Return so many names for tests that none has: ``gap-1`` and on, after the last that is taken."""
    numbers = [int(name.removeprefix(PREFIX)) for name in taken if name.removeprefix(PREFIX).isdecimal()]
    first = max(numbers, default=0) + 1
    return [f"{PREFIX}{number}" for number in range(first, first + count)]


def _is_loose(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_is_loose, value.values()))
    if isinstance(value, list):
        return any(map(_is_loose, value))
    return isinstance(value, float | tuple)
