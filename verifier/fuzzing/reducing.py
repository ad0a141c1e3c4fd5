"""The smallest program that still does it: statements are dropped, bodies unwrapped, constants shortened.

One change after another is tried, and kept where what is left still has the property. Every change makes the text
shorter, so it ends; the number of tries is bounded too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

TRIES = 300


class EnoughError(Exception):
    """Raised by a property to end a reduction before its time; what was found so far is kept."""


def reduce_program(source: str, still: Callable[[str], bool], tries: int = TRIES) -> str:
    """Return a shorter Python program that still has a property, or the text itself.

    Args:
        source: the program, which has it. Where it does not parse, its lines are dropped instead.
        still: tells whether a program has it; may raise `EnoughError`.
        tries: how often that is asked, at most.
    """
    try:
        plain = ast.unparse(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError):
        return reduce_text(source, still, tries)
    search = _Search(source, still, tries)
    if search.keeps(plain, even_longer=True):
        search.exhaust(_smaller_programs)
    return search.best if len(search.best) < len(source) else source


def reduce_text(text: str, still: Callable[[str], bool], tries: int = TRIES) -> str:
    """Return fewer lines of a text that still have a property; arguments as for `reduce_program`."""
    search = _Search(text, still, tries)
    search.exhaust(_fewer_lines)
    return search.best


class _Search:
    """Walks downhill.

    Attributes:
        best: the smallest text so far that has the property.
    """

    def __init__(self, text: str, still: Callable[[str], bool], tries: int) -> None:
        self.best = text
        self._still = still
        self._left = tries
        self._seen = {text}

    def keeps(self, text: str, *, even_longer: bool = False) -> bool:
        """Try a text, and make it the best one where it has the property."""
        if text in self._seen or self._left <= 0 or (len(text) >= len(self.best) and not even_longer):
            return False
        self._seen.add(text)
        self._left -= 1
        try:
            found = self._still(text)
        except EnoughError:
            self._left = 0
            return False
        if found:
            self.best = text
        return found

    def exhaust(self, smaller: Callable[[str], Iterator[str]]) -> None:
        """Try what can be made of the best text until nothing of it is kept."""
        while self._left > 0 and any(map(self.keeps, smaller(self.best))):
            pass


def _smaller_programs(source: str) -> Iterator[str]:
    yield "pass"  # where nothing at all does it too, but an answer must have a program
    tree = ast.parse(source)
    for change in (_without_statements, _unwrapped, _with_short_constants):
        yield from change(tree)


def _without_statements(tree: ast.Module) -> Iterator[str]:
    """Drop runs of statements from each body: all, then halves, then single ones."""
    for owner, field in _bodies(tree):
        body = getattr(owner, field)
        size = len(body)
        while size:
            for start in range(0, len(body), size):
                rest = body[:start] + body[start + size :]
                if not rest and owner is not tree and field == "body":
                    rest = [ast.Pass()]
                yield from _changed(tree, owner, field, rest)
            size //= 2


def _unwrapped(tree: ast.Module) -> Iterator[str]:
    """Put the body of a statement in its place."""
    for owner, field in _bodies(tree):
        body = getattr(owner, field)
        for place, statement in enumerate(body):
            for inner in ("body", "orelse", "finalbody"):
                inside = getattr(statement, inner, None)
                if isinstance(inside, list) and inside:
                    yield from _changed(tree, owner, field, body[:place] + inside + body[place + 1 :])


def _with_short_constants(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str | bytes):
            for value in (
                type(node.value)(),
                type(node.value)(1) if isinstance(node.value, int | float) else node.value[:1],
            ):
                yield from _changed(tree, node, "value", value)


def _bodies(tree: ast.Module) -> list[tuple[ast.AST, str]]:
    """Return where lists of statements are, the outer ones first."""
    return [
        (node, field)
        for node in ast.walk(tree)
        for field in ("body", "orelse", "finalbody", "handlers")
        if isinstance(getattr(node, field, None), list) and getattr(node, field)
    ]


def _changed(tree: ast.Module, owner: ast.AST, field: str, value: object) -> Iterator[str]:
    """Yield the program with one field changed, where that is a program; the tree stays as it is."""
    before = getattr(owner, field)
    setattr(owner, field, value)
    try:
        text = ast.unparse(ast.fix_missing_locations(tree))
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, AttributeError, IndexError):  # such as try alone
        return
    finally:
        setattr(owner, field, before)
    yield text


def _fewer_lines(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    size = len(lines)
    while size:
        for start in range(0, len(lines), size):
            yield "".join(lines[:start] + lines[start + size :])
        size //= 2
