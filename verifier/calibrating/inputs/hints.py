"""What a reference says about its inputs: the constants that it holds, and the examples in its docstrings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

from testsuites.literals import read_literal
from testsuites.parsing import parse

_LONGEST_TEXT = 40
_LONGEST_EXAMPLE = 2_000


class Hints(NamedTuple):
    """Constants of a program, without its docstrings.

    Attributes:
        numbers: integers and floats.
        texts: texts of at most 40 characters, and the single characters of longer ones.
    """

    numbers: tuple[int | float, ...] = ()
    texts: tuple[str, ...] = ()


def hints_of(source: str) -> Hints:
    """Return what a Python program says; nothing where it is none."""
    try:
        tree = parse(source)
    except ValueError:
        return Hints()
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    numbers: dict[int | float, None] = {}
    texts: dict[str, None] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in prose:
            continue
        value = node.value
        if isinstance(value, int | float) and type(value) is not bool:
            numbers[value] = None
        elif isinstance(value, str) and value:
            texts.update(dict.fromkeys([value] if len(value) <= _LONGEST_TEXT else sorted(set(value))))
    return Hints(tuple(numbers), tuple(texts))


def examples_of(source: str, function: str) -> tuple[tuple[Any, ...], ...]:
    """Return the arguments of every call of a function that a docstring shows with literal arguments."""
    try:
        tree = parse(source)
    except ValueError:
        return ()
    found: list[tuple[Any, ...]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            prose = ast.get_docstring(node) or ""
            found.extend(args for text in _calls_in(prose, function) if (args := _arguments(text)) is not None)
    return tuple(found)


def _calls_in(prose: str, function: str) -> Iterator[str]:
    """Yield what may be the text between the brackets of each call, shorter ones first."""
    start = prose.find(f"{function}(")
    while start >= 0:
        after = start + len(function) + 1
        line = prose[after : after + _LONGEST_EXAMPLE].partition("\n")[0]
        for end, character in enumerate(line):
            if character == ")" and _arguments(line[:end]) is not None:
                yield line[:end]
                break
        start = prose.find(f"{function}(", after)


def _arguments(text: str) -> tuple[Any, ...] | None:
    try:
        value = read_literal(f"({text},)" if text.strip() else "()")
    except ValueError:
        return None
    return value if isinstance(value, tuple) else None
