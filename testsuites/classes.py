"""Which names of the solution test code uses as classes, found by reading it.

An object's class may answer for operators between the object and the test's own data (`Vector(1, 2) * 3`), and where a
function is tested that would be the solution's word on what is expected: a class in its place answers 0 to
``abs(Sum(1, 2) - 3)``. So what counts is what the test code does with a name, and never what the solution made of it.
A name that begins with a capital is one of a class where the test code

- has it where nothing but a class can stand: ``except``, ``isinstance``, ``raises``, a base, an annotation, a pattern;
- asks it for something: ``Color.RED``, ``Color["RED"]``;
- uses what a call of it brings as no data can be used: ``Stack().push(1)``, ``with Lock(): ...``;
- changes what a call without arguments brought: ``numbers = Numbers()``, ``numbers.append(1)``;
- compares what operators make of it with another: ``Money(1) + Money(2) == Money(3)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from testsuites.class_uses import uses_of
from testsuites.parsing import parse


@lru_cache(256)
def classes_used(texts: tuple[str, ...], module: str) -> frozenset[str]:
    """Return the names that pieces of test code import from `module` and use as classes; none of what is not Python."""
    trees = list(_parsed(texts))
    names = _Names(trees, module)
    if not names.local and not names.modules and not names.star:
        return frozenset()
    return frozenset(name for tree in trees for name in uses_of(tree, names.of) if name[:1].isupper())


def _parsed(texts: Iterable[str]) -> Iterator[ast.Module]:
    for text in texts:
        try:
            yield parse(text)
        except ValueError:
            continue


class _Names:
    """How test code calls what it imports.

    Attributes:
        local: names here, and those that they have in the solution.
        modules: names here of the solution itself.
        star: all of its names are imported.
    """

    def __init__(self, trees: list[ast.Module], module: str) -> None:
        self.local: dict[str, str] = {}
        self.modules: set[str] = set()
        self.star = False
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
                    self.local |= {alias.asname or alias.name: alias.name for alias in node.names}
                elif isinstance(node, ast.Import):
                    self.modules |= {alias.asname or module for alias in node.names if alias.name == module}
        self.star = "*" in self.local

    def of(self, node: ast.AST) -> str:
        """Return the name in the solution of what an expression is; "" where it is something else."""
        match node:
            case ast.Name(id=name) if name in self.local or self.star:
                return self.local.get(name, name)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in self.modules:
                return name
        return ""
