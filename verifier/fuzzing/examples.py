"""Read the examples that a problem statement shows: calls with their values, and inputs with their outputs.

A statement is free text. What is no example by the forms below is passed over; nothing is evaluated.
"""

from __future__ import annotations

import ast
import re
from itertools import pairwise

import msgspec

from testsuites.parsing import parse


class CallExample(msgspec.Struct, frozen=True):
    """A call and its value, both as Python text: ``name``, ``"(1, 2)"`` with the brackets, ``"3"``."""

    name: str
    arguments: str
    value: str


class RunExample(msgspec.Struct, frozen=True):
    """What a whole program reads and prints."""

    stdin: str
    stdout: str


_PROMPT = re.compile(r"^\s*>>> ?(.+)$")
_INLINE = re.compile(r"`([^`\n]+\))`\s+(?:is|returns|gives)\s+`([^`\n]+)`")
_PRINTS = re.compile(r"^prints\b(?:\s+`([^`\n]+)`)?")
_INPUT = re.compile(r"^[\s#*-]*(?:sample |example )?inputs?(?: \d+| example)?[\s:*-]*$", re.IGNORECASE)
_OUTPUT = re.compile(r"^[\s#*-]*(?:sample |example )?outputs?(?: \d+| example)?[\s:*-]*$", re.IGNORECASE)
_HEADING = re.compile(r"^\s*(?:#+ |\*\*|-----)|^[A-Z][a-z]+:?\s*$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")


def call_examples(statement: str, names: tuple[str, ...]) -> tuple[CallExample, ...]:
    """Return the calls of `names` whose value is shown, in the order of the statement.

    Three forms are read: a line ``>>> f(1)`` with the value on the next; ``assert f(1) == 2``, or the same behind a
    prompt; and ``f(1)`` between backticks, then "is", "returns" or "gives", then the value between backticks.
    """
    found: list[CallExample] = []
    for line, after in pairwise([*statement.splitlines(), ""]):
        prompt = _PROMPT.match(line)
        code = prompt[1] if prompt else line.strip()
        found += _compared(code, names) or (_called(code, after.strip(), names) if prompt else [])
    for call, value in _INLINE.findall(statement):
        found += _called(call, value, names)
    return tuple(found)


def run_examples(statement: str) -> tuple[RunExample, ...]:
    """Return the inputs that are shown with an output, in the order of the statement.

    Two forms are read: a line that says "Input", "Sample Input 1" or the like with a text below it, then the same for
    "Output"; and an indented block, a line that begins with "prints", and the output, between backticks in that line or
    as another block.
    """
    lines = statement.splitlines()
    found = []
    for number, line in enumerate(lines):
        if _INPUT.match(line):
            stdin, end = _body(lines, number + 1)
            end = _first_text(lines, end)
            if end < len(lines) and _OUTPUT.match(lines[end]):
                found.append(RunExample(stdin, _body(lines, end + 1)[0]))
        elif prints := _PRINTS.match(line):
            before, after = _indented(lines[:number][::-1])[::-1], _indented(lines[number + 1 :])
            stdout = prints[1] or "\n".join(after)
            if before and stdout:
                found.append(RunExample("\n".join(before) + "\n", stdout + "\n"))
    return tuple(found)


def is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is plain data, by `ast.literal_eval`."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return False
    return True


def _compared(code: str, names: tuple[str, ...]) -> list[CallExample]:
    """Read ``assert f(1) == 2`` or ``f(1) == 2``."""
    match _parsed(code):
        case ast.Assert(test=test) | ast.Expr(value=test):
            match test:
                case ast.Compare(left=call, ops=[ast.Eq()], comparators=[value]):
                    return _called(ast.unparse(call), ast.unparse(value), names)
    return []


def _called(code: str, value: str, names: tuple[str, ...]) -> list[CallExample]:
    """Read a call and its value; both must be literals."""
    match _parsed(code), _parsed(value):
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=args, keywords=[])), ast.Expr(value=shown):
            if name in names and all(map(is_literal, [*args, shown])):
                inside = ", ".join(map(ast.unparse, args)) + ("," if len(args) == 1 else "")
                return [CallExample(name, f"({inside})", ast.unparse(shown))]
    return []


def _parsed(code: str) -> ast.stmt | None:
    try:
        body = parse(code).body
    except ValueError:
        return None
    return body[0] if len(body) == 1 else None


def _first_text(lines: list[str], start: int) -> int:
    while start < len(lines) and not lines[start].strip():
        start += 1
    return start


def _body(lines: list[str], start: int) -> tuple[str, int]:
    """Return the text below a heading, and where it ends: a fenced block, or all up to an empty line or a heading."""
    start = end = _first_text(lines, start)
    if start < len(lines) and _FENCE.match(lines[start]):
        start = end = start + 1
        while end < len(lines) and not _FENCE.match(lines[end]):
            end += 1
        return "\n".join(lines[start:end]) + "\n", end + 1
    while end < len(lines) and lines[end].strip() and not _HEADING.match(lines[end]):
        end += 1
    return "\n".join(lines[start:end]) + "\n", end


def _indented(lines: list[str]) -> list[str]:
    """Return the lines of the next block that is indented by four spaces, without the four."""
    start = _first_text(lines, 0)
    end = start
    while end < len(lines) and lines[end].startswith("    "):
        end += 1
    return [line[4:] for line in lines[start:end]]
