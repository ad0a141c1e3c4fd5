"""Which names a piece of test code takes from the solution."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from testsuites.parsing import parse


def names_taken(tests: Iterable[str], *, setup: str = "", solution: str = "") -> tuple[str, ...]:
    """Return the names that test code reads and that neither Python, `setup` nor the test code itself defines.

    In order of first use, so that the first is most often the function under test.

    Args:
        tests: pieces of test code.
        setup: code that runs before them.
        solution: a solution, when there is one: a name that it defines is taken even when Python has one like it.

    Raises:
        ValueError: one of the texts is not Python. The message holds no part of it.
    """
    defined = (set(dir(builtins)) - _bound(parse(solution))) | _bound(parse(setup))
    taken: dict[str, None] = {}
    for test in tests:
        tree = parse(test)
        own = _bound(tree)
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        for name in sorted(names, key=lambda node: (node.lineno, node.col_offset)):
            if name.id not in defined and name.id not in own:
                taken[name.id] = None
    return tuple(taken)


def _bound(tree: ast.Module) -> set[str]:
    """Every name that the code gives a value to, in whatever scope."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.arg(arg=name):
                bound.add(name)
            case ast.alias(name=name, asname=alias):
                bound.add(alias or name.partition(".")[0])
            case ast.ExceptHandler(name=str() as name):
                bound.add(name)
    return bound
