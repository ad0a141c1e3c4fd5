"""MBPP+: a prompt that shows assert lines, arguments as JSON, and a reference that says what they lead to.

The assert lines tell what the arguments' JSON and the reference's answers do not: which lists are tuples or sets
(`shapes`), and how an answer counts as right:

    assert f(...) == literal                            equal values
    assert math.isclose(f(...), literal, rel_tol=x)     equal within x
    assert set(f(...)) == set(literal)                  equal as sets
    assert f(...), assert not f(...)                    equally true
"""

from __future__ import annotations

import ast
import math
from collections import defaultdict
from typing import Any

import msgspec

from testsuites.importers.records import Draft
from testsuites.importers.rows import Reader
from testsuites.importers.shapes import Shape
from testsuites.literals import read_literal
from testsuites.model import Comparator
from testsuites.parsing import parse

# Their assert lines compare sequences, yet the statement asks for no order and the reference lists a set.
_UNORDERED = frozenset({"Mbpp/2", "Mbpp/579", "Mbpp/769"})


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    assertion: str
    base_input: list[list[Any]]
    plus_input: list[list[Any]] | dict[str, Any]
    atol: float = 0.0


class _Asserts(ast.NodeVisitor):
    """What the assert lines tell."""

    def __init__(self, entry_point: str) -> None:
        self.entry_point = entry_point
        self.shapes: defaultdict[int, Shape] = defaultdict(lambda: Shape(numbers_as_text=True))
        self.relative: float | None = None
        self.view: str | None = None

    def visit_Assert(self, node: ast.Assert) -> None:
        match node.test:
            case ast.UnaryOp(op=ast.Not(), operand=ast.Call()) | ast.Call(func=ast.Name()):
                self.view = "bool(answer)"
            case ast.Compare(left=ast.Call(func=ast.Name(id="set"))):
                self.view = "set(answer)"
            case ast.Call(func=ast.Attribute(attr="isclose"), keywords=[ast.keyword(arg="rel_tol", value=tolerance)]):
                self.relative = _number(tolerance)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id == self.entry_point:
            for position, argument in enumerate(node.args):
                try:
                    literal = read_literal(ast.unparse(argument))
                except ValueError:  # an expression such as 14 * 14 shows no type that JSON could have lost
                    continue
                self.shapes[position].see(literal)
        self.generic_visit(node)


def _number(node: ast.expr) -> float:
    """Read a tolerance.

    Raises:
        ValueError: it is none.
    """
    try:
        number = float(read_literal(ast.unparse(node)))
    except (ValueError, TypeError, OverflowError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise ValueError("assertion: rel_tol: expected a number, finite and not negative")
    return number


def _draft(row: _Row) -> Draft:
    if isinstance(row.plus_input, dict) and row.plus_input:
        raise ValueError("plus_input: expected a list")
    asserts = _Asserts(row.entry_point)
    asserts.visit(parse(row.assertion))
    return Draft(
        id=row.task_id,
        entry_point=row.entry_point,
        arguments=tuple(
            tuple(asserts.shapes[position].restore(argument) for position, argument in enumerate(arguments))
            for arguments in [*row.base_input, *row.plus_input]
        ),
        reference=row.canonical_solution.strip() + "\n",
        problem=row.prompt,
        comparator=Comparator(
            absolute=row.atol if row.atol > 0 else Comparator().absolute,
            relative=asserts.relative or Comparator().relative,
        ),
        view="set(answer)" if row.task_id in _UNORDERED else asserts.view,
    )


read = Reader(kind=_Row, build=_draft)
