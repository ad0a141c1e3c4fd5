"""Mutants: programs that differ from the reference in one small thing, and are most likely wrong.

The operators are cosmic-ray's (https://cosmic-ray.readthedocs.io): all that need no arguments, wherever they apply.
"""

from __future__ import annotations

import ast
import random
import warnings
from collections.abc import Iterator

import msgspec
from cosmic_ray.ast import ast_nodes, get_ast  # type: ignore[import-untyped]
from cosmic_ray.mutating import mutate_code  # type: ignore[import-untyped]
from cosmic_ray.plugins import get_operator, operator_names  # type: ignore[import-untyped]


class Mutant(msgspec.Struct, frozen=True):
    """One mutant.

    Attributes:
        name: operator, occurrence (from 0) and line (from 1), such as ``NumberReplacer#3 line 12``.
        source: its whole program. It is most of the reference, so it is not in the repr.
    """

    name: str
    source: str

    def __repr__(self) -> str:
        """Name only."""
        return f"Mutant({self.name!r})"


def mutants_of(source: str) -> tuple[Mutant, ...]:
    """Return every mutant of a Python program, in the order of the operators and of their places in it.

    Left out are those that do not compile, and those that differ from the program or from an earlier mutant in nothing
    but layout or annotations. None are made of a program that does not compile, or is nested too deeply to be read.
    """
    original = _meaning(source)
    if original is None:
        return ()
    seen = {original}
    mutants = []
    for mutant in _candidates(source):
        meaning = _meaning(mutant.source)
        if meaning is not None and meaning not in seen:
            seen.add(meaning)
            mutants.append(mutant)
    return tuple(mutants)


def sample(mutants: tuple[Mutant, ...], most: int, seed: int) -> tuple[Mutant, ...]:
    """Return at most so many of them, drawn with that seed, in their order."""
    if len(mutants) <= most:
        return mutants
    drawn = random.Random(seed).sample(range(len(mutants)), most)  # noqa: S311 - a draw to repeat, and no secret
    return tuple(mutants[number] for number in sorted(drawn))


def _candidates(source: str) -> Iterator[Mutant]:
    nodes = list(ast_nodes(get_ast(source)))  # in the order in which cosmic-ray counts
    for name in operator_names():
        kind = get_operator(name)
        if kind.arguments():
            continue
        operator = kind()
        lines = [start[0] for node in nodes for start, _ in operator.mutation_positions(node)]
        for occurrence, line in enumerate(lines):
            mutated = mutate_code(source, operator, occurrence)
            if mutated is not None:
                yield Mutant(f"{name.rpartition('/')[2]}#{occurrence} line {line}", mutated)


def _meaning(source: str) -> str | None:
    """Return the same text for programs that do the same for certain; None for one that cannot be compiled here."""
    try:
        with warnings.catch_warnings():  # such as "is" with a literal: what mutants are made for
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            compile(source, "mutant", "exec", dont_inherit=True)
        return ast.dump(_Unannotated().visit(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Unannotated(ast.NodeTransformer):
    """Takes annotations away: they do nothing when a program runs."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)
