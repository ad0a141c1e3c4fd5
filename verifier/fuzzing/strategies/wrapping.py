"""Programs that are a reference with something around it: its answers are changed on their way out, by an expression.

The expression is over ``said``, the text that a whole program printed, or ``value``, what a function returned. Tests
are told apart by a checksum of what the program is given, so that no hidden input stands in the program.
"""

from __future__ import annotations

import ast
import contextlib
import re
import zlib
from collections.abc import Collection
from typing import Any

import msgspec

from testsuites.literals import read_literal
from testsuites.model import AnySuite, CallSuite, ScriptSuite, StdioSuite
from testsuites.parsing import parse
from verifier.fuzzing.problem import Problem

SAID = "said"
VALUE = "value"

_LEAVES_EARLY = re.compile(r"exit|quit|atexit|fork|os\.|\bopen\b|threading")
"""What may keep a reference from reaching the line after its last one, or print around ``sys.stdout``."""
_FLAT = ".replace('(', '[').replace(',)', ']').replace(')', ']')"
"""Writes a tuple like a list: a target that sends arguments as JSON makes lists of them."""


class KnownTest(msgspec.Struct, frozen=True):
    """A test whose one run or call is known.

    Attributes:
        key: checksum of the input, as a wrapped program computes it.
        right: all outputs that are right.
    """

    key: int
    right: tuple[Any, ...]

    def __repr__(self) -> str:
        """Without outputs."""
        return f"KnownTest({self.key})"


def known_tests(problem: Problem) -> dict[int, KnownTest]:
    """Return the tests that a wrapped reference can answer apart from others, by their number from 0.

    Empty where the reference cannot be wrapped. Tests of equal input are one test to a program, and have equal keys.
    """
    suite, reference = problem.suite, problem.reference
    if isinstance(suite, StdioSuite):
        if _LEAVES_EARLY.search(reference):
            return {}
        return {
            number: KnownTest(_checksum(" ".join(test.stdin.split())), (test.stdout,))
            for number, test in enumerate(suite.tests)
        }
    name = entry_point(suite)
    if not name or not _defines(reference, name):
        return {}
    calls = _known_calls(suite, name)
    return {number: KnownTest(_checksum(_plain(args)), right) for number, (args, right) in calls.items()}


def entry_point(suite: AnySuite) -> str:
    """Return the one function that a suite calls; empty where it calls none, or several."""
    match suite:
        case CallSuite(entry_point=name):
            return name
        case ScriptSuite(names=(name,)):
            return name
    return ""


def wrapped(problem: Problem, expression: str, keys: Collection[int] | None = None, *, action: str = "") -> str:
    """Return the reference with its answers changed.

    Args:
        problem: one that `known_tests` knows tests of.
        expression: what is answered instead, over `SAID` or `VALUE`.
        keys: of the tests that it is answered to; None for all.
        action: a statement to carry out before, to those tests only.
    """
    if isinstance(problem.suite, StdioSuite):
        return _around_program(problem.reference, expression, keys, action)
    return _around_function(problem.reference, entry_point(problem.suite), expression, keys, action)


def _around_program(reference: str, expression: str, keys: Collection[int] | None, action: str) -> str:
    binary = "buffer" in reference
    stdin = "io.TextIOWrapper(io.BytesIO(_given.encode()))" if binary else "io.StringIO(_given)"
    stdout = "io.TextIOWrapper(io.BytesIO(), write_through=True)" if binary else "io.StringIO()"
    said = "sys.stdout.buffer.getvalue().decode()" if binary else "sys.stdout.getvalue()"
    chosen = "" if keys is None else f"if zlib.crc32(' '.join(_given.split()).encode()) in {_set(keys)}:\n    "
    changed = f"{action}; {SAID} = {expression}" if action else f"{SAID} = {expression}"
    head, body = _split(reference)
    return (
        f"{head}import io, re, sys, zlib\n"
        f"_given = sys.stdin.read()\nsys.stdin, _shown, sys.stdout = {stdin}, sys.stdout, {stdout}\n"
        f"{body}\n"
        f"{SAID}, sys.stdout = {said}, _shown\n{chosen}{changed}\nsys.stdout.write({SAID})\n"
    )


def _around_function(reference: str, name: str, expression: str, keys: Collection[int] | None, action: str) -> str:
    """Put a function of the same name around it; calls that the reference makes of itself stay its own."""
    chosen = "" if keys is None else f" if _key in {_set(keys)} else {VALUE}"
    acts = f"    if _key in {_set(keys or ())}: {action}\n" if action else ""
    head, body = _split(reference)
    return (
        f"{head}import zlib\n{body}\n"
        f"_right = {name}\n"
        f"def {name}(*args, **kwargs):\n"
        f"    global {name}\n"
        f"    _key = zlib.crc32(repr((args, kwargs)){_FLAT}.encode())\n"
        f"{acts}"
        f"    {name}, _again = _right, {name}\n"
        f"    try:\n        {VALUE} = _right(*args, **kwargs)\n"
        f"    finally:\n        {name} = _again\n"
        f"    return ({expression}){chosen}\n"
    )


def _plain(args: Any) -> str:
    """Write arguments as the wrapper does, by `_FLAT`."""
    return repr(args).replace("(", "[").replace(",)", "]").replace(")", "]")


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode())


def _set(keys: Collection[int]) -> str:
    return "{" + ", ".join(map(str, sorted(keys))) + "}" if keys else "()"


def _known_calls(suite: AnySuite, name: str) -> dict[int, tuple[Any, tuple[Any, ...]]]:
    """Return arguments and right values of the tests that make one call, with arguments that have one spelling."""
    found: dict[int, tuple[Any, tuple[Any, ...]]] = {}
    if isinstance(suite, CallSuite):
        for number, test in enumerate(suite.tests):
            if test.read_back is None and _has_one_spelling((test.args, test.kwargs)):
                found[number] = ((test.args, test.kwargs), (test.expected, *test.also_accepted))
    elif isinstance(suite, ScriptSuite):
        for number, code in enumerate(test.code for test in suite.tests):
            call = _asserted_call(code, name)
            if call and _has_one_spelling(call[0]):
                found[number] = ((call[0], {}), (call[1],))
    return found


def _asserted_call(code: str, name: str) -> tuple[Any, Any] | None:
    """Read ``assert name(1, 2) == 3``, where nothing else is in the test."""
    with contextlib.suppress(ValueError):
        match parse(code).body:
            case [ast.Assert(test=ast.Compare(left=ast.Call() as call, ops=[ast.Eq()], comparators=[value]))]:
                if isinstance(call.func, ast.Name) and call.func.id == name and not call.keywords:
                    return tuple(read_literal(ast.unparse(arg)) for arg in call.args), read_literal(ast.unparse(value))
    return None


def _has_one_spelling(value: Any) -> bool:
    """Tell whether two equal values are written alike: not so for sets, whose order depends on the process."""
    if isinstance(value, list | tuple):
        return all(map(_has_one_spelling, value))
    if isinstance(value, dict):
        return all(map(_has_one_spelling, [*value, *value.values()]))
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    return value is None or isinstance(value, bool | int | float | bytes)


def _defines(reference: str, name: str) -> bool:
    """Tell whether a function of that name stands at the top of the program."""
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in _body(reference))


def _split(reference: str) -> tuple[str, str]:
    """Return the lines that have to come first, such as ``from __future__ import annotations``, and the others."""
    first = [node for node in _body(reference) if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    lines = reference.splitlines(keepends=True)
    end = first[-1].end_lineno or 0 if first else 0
    return "".join(lines[:end]), "".join(lines[end:])


def _body(reference: str) -> list[ast.stmt]:
    try:
        return parse(reference).body
    except ValueError:
        return []
