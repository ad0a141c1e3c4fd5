"""A program with one thing changed in it."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from hypothesis import strategies as st

from testsuites.parsing import parse

_COMPARISONS: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Lt: ast.LtE(), ast.LtE: ast.Lt(), ast.Gt: ast.GtE(), ast.GtE: ast.Gt(), ast.Eq: ast.NotEq(),
    ast.NotEq: ast.Eq(), ast.In: ast.NotIn(), ast.NotIn: ast.In(), ast.Is: ast.IsNot(), ast.IsNot: ast.Is(),
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], ast.operator] = {
    ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Add(), ast.FloorDiv: ast.Mod(), ast.Mod: ast.FloorDiv(),
    ast.Div: ast.FloorDiv(), ast.Pow: ast.Mult(), ast.BitAnd: ast.BitOr(), ast.BitOr: ast.BitAnd(),
    ast.BitXor: ast.BitAnd(), ast.LShift: ast.RShift(), ast.RShift: ast.LShift(),
}  # fmt: skip


def mutated(source: str) -> st.SearchStrategy[str]:
    """Make a program with a single change: an operator, a constant, a condition, a statement or a returned value.

    For example ``return a - b`` for ``return a + b``. Most are wrong, and some never end. Shrinks to the change that
    comes first in the program.

    Raises:
        ValueError: it is no Python program, or holds nothing to change.
    """
    tree = parse(source)
    count = sum(len(_changes(node)) for node in ast.walk(tree))
    if not count:
        raise ValueError("the program holds nothing to change")
    return st.integers(0, count - 1).map(lambda number: _changed(tree, number))


def _changed(tree: ast.Module, number: int) -> str:
    """Carry out change `number` of all that are possible, in the order of the program."""
    tree = copy.deepcopy(tree)
    for parent in ast.walk(tree):
        for field, place, node in _children(parent):
            changes = _changes(node)
            if number < len(changes):
                _put(parent, field, place, changes[number])
                return f"{ast.unparse(ast.fix_missing_locations(tree))}\n"
            number -= len(changes)
    raise IndexError(number)


def _changes(node: ast.AST) -> list[ast.AST]:
    """Return what may stand in the place of a node."""
    match node:
        case ast.Compare(left=left, ops=[first, *others], comparators=comparators) if type(first) in _COMPARISONS:
            return [ast.Compare(left=left, ops=[_COMPARISONS[type(first)], *others], comparators=comparators)]
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return [ast.BinOp(left=left, op=_OPERATORS[type(operator)], right=right)]
        case ast.BoolOp(op=operator, values=values):
            return [ast.BoolOp(op=ast.Or() if isinstance(operator, ast.And) else ast.And(), values=values)]
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            return [operand]
        case ast.Constant(value=bool() as value):
            return [ast.Constant(not value)]
        case ast.Constant(value=int() | float() as value):
            return [ast.Constant(value + 1), ast.Constant(-value - 1)]
        case ast.If(test=test, body=body, orelse=orelse):
            return [ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=body, orelse=orelse)]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return [ast.IfExp(test=test, body=orelse, orelse=body)]
        case ast.Return(value=ast.expr()):
            return [ast.Return(value=ast.Constant(None))]
        case ast.Break():
            return [ast.Continue()]
        case ast.Expr() | ast.Assign() | ast.AugAssign():
            return [ast.Pass()]
    return []


def _children(parent: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """Return the nodes right below one, each with the field that it is in and its place where that is a list."""
    if isinstance(parent, ast.JoinedStr):
        return  # its texts have a syntax of their own
    for field, value in ast.iter_fields(parent):
        if isinstance(value, ast.AST):
            yield field, None, value
        elif isinstance(value, list):
            yield from ((field, place, node) for place, node in enumerate(value) if isinstance(node, ast.AST))


def _put(parent: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node
