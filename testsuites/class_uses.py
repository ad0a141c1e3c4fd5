"""Uses that tell a class from a function (`testsuites.classes`), in one piece of test code."""

from __future__ import annotations

import ast
import collections
import datetime
import decimal
import fractions
import types
from collections.abc import Callable, Iterator

NameOf = Callable[[ast.AST], str]
"""Returns the name in the solution of what an expression is, or ""."""

_DATA = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range, decimal.Decimal, fractions.Fraction)
_RARE = (collections.deque, datetime.date, datetime.time, datetime.datetime, datetime.timedelta)
_NO_DATA = (BaseException, types.GeneratorType, types.FunctionType)
_METHODS_OF_RARE = {name for kind in _RARE for name in dir(kind) if callable(getattr(kind, name))}
_OF_VALUES = _METHODS_OF_RARE.union(*map(dir, (*_DATA, *_NO_DATA)))
"""Attributes that a function's value may be asked for. Those of dates are left out: clocks have hours too."""

_TAKE_CLASSES = {"isinstance": 1, "issubclass": 1, "assertIsInstance": 1, "assertNotIsInstance": 1}
_TAKE_CLASSES |= {"raises": 0, "assertRaises": 0, "assertRaisesRegex": 0}
"""Functions with a class, or a tuple of them, at that place."""

_EQUALITY = frozenset({"assertEqual", "assertEquals", "assertNotEqual"})
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def uses_of(tree: ast.Module, name_of: NameOf) -> Iterator[str]:
    """Yield the names of what is used as a class; "" among them."""
    for node in ast.walk(tree):
        yield from map(name_of, _stands_as_class(node))
    kept = _kept_by_classes(tree, name_of)
    fixtures = _fixtures(tree, name_of, kept)
    for scope in _scopes(tree):
        own = {node.id for node in _within(scope) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        others = {spelling: made for spelling, made in (kept | fixtures).items() if spelling not in own}
        held = others | _held(scope, name_of)
        for node in _within(scope):
            yield from _used_as_object(node, held, name_of)


def _stands_as_class(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions of a node that nothing but a class can be."""
    match node:
        case ast.ExceptHandler(type=ast.expr() as kind):
            yield from _each(kind)
        case ast.ClassDef(bases=bases):
            yield from bases
        case ast.MatchClass(cls=kind):
            yield kind
        case ast.arg(annotation=ast.expr() as annotation) | ast.AnnAssign(annotation=annotation):
            yield from ast.walk(annotation)
        case ast.FunctionDef(returns=ast.expr() as annotation) | ast.AsyncFunctionDef(returns=ast.expr() as annotation):
            yield from ast.walk(annotation)
        case ast.Attribute(value=owner, attr=name) if not name.startswith("__"):
            yield owner
        case ast.Subscript(value=owner):
            yield owner
        case ast.Compare(left=ast.Call(func=ast.Name(id="type")), comparators=[kind]):
            yield kind
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in _TAKE_CLASSES:
            for kind in args[_TAKE_CLASSES[name] :][:1]:
                yield from _each(kind)


def _each(kinds: ast.expr) -> list[ast.expr]:
    return kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the file, and each of its functions: a variable of one is none of another's."""
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTION):
            yield node


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """Walk through a scope and what is in it, but not into its functions' own statements."""
    left = list(ast.iter_child_nodes(scope))
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, _FUNCTION):
            left += ast.iter_child_nodes(node)


Held = dict[str, set[tuple[str, bool]]]
"""For a variable, as it is written: the names of what may have made its value, and whether without arguments."""


def _made(node: ast.AST | None, name_of: NameOf) -> tuple[str, bool] | None:
    """Return what made the value of an expression: a call, or calculating with what a call brings."""
    match node:
        case ast.Call(func=function, args=args, keywords=keywords) if name := name_of(function):
            return name, not args and not keywords
        case ast.BinOp(left=left, right=right):
            return _made(left, name_of) or _made(right, name_of)
        case ast.UnaryOp(operand=operand):
            return _made(operand, name_of)
    return None


def _held(scope: ast.AST, name_of: NameOf) -> Held:
    """Return what variables of a scope are given by a call."""
    held: Held = {}
    for node in _within(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                variables: list[ast.expr] = targets
            case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                variables = [target]
            case _:
                continue
        if made := _made(value, name_of):
            for variable in variables:
                held.setdefault(ast.unparse(variable), set()).add(made)
    return held


def _kept_by_classes(tree: ast.Module, name_of: NameOf) -> Held:
    """Return what attributes of ``self`` and ``cls`` are given anywhere, and variables outside functions."""
    held = _held(tree, name_of)
    for scope in _scopes(tree):
        for spelling, made in _held(scope, name_of).items():
            if spelling.startswith(("self.", "cls.")):
                held.setdefault(f"self.{spelling.partition('.')[2]}", set()).update(made)
    return held


def _fixtures(tree: ast.Module, name_of: NameOf, kept: Held) -> Held:
    """Return what functions with a decorator give: those of fixtures are variables of tests."""
    given: Held = {}
    for scope in _scopes(tree):
        if isinstance(scope, _FUNCTION) and scope.decorator_list:
            held = kept | _held(scope, name_of)
            for node in _within(scope):
                if isinstance(node, ast.Return | ast.Yield) and node.value:
                    made = _made(node.value, name_of)
                    given.setdefault(scope.name, set()).update(
                        {made} if made else held.get(ast.unparse(node.value), ())
                    )
    return given


def _used_as_object(node: ast.AST, held: Held, name_of: NameOf) -> Iterator[str]:
    def makers(value: ast.AST) -> set[tuple[str, bool]]:
        made = _made(value, name_of)
        return {made} if made else held.get(ast.unparse(value), set()) if isinstance(value, _VARIABLE) else set()

    match node:
        case ast.Attribute(value=value, attr=name) if name not in _OF_VALUES:
            yield from (maker for maker, _ in makers(value))
        case ast.withitem(context_expr=value):
            yield from (maker for maker, _ in makers(value))
        case ast.Subscript(value=value, slice=ast.Tuple(), ctx=ast.Store()):
            yield from (maker for maker, _ in makers(value))
        case (
            ast.Expr(value=ast.Call(func=ast.Attribute(value=value)))
            | ast.Subscript(value=value, ctx=ast.Store() | ast.Del())
        ):
            yield from (maker for maker, is_bare in makers(value) if is_bare)
        case ast.Call(func=ast.Name(id="repr"), args=[value]):
            yield from (maker for maker, _ in makers(value))
        case ast.Call(func=ast.Name(id="str" | "repr"), args=[ast.BinOp(left=left, right=right)]):
            yield from (maker for maker, _ in makers(left) | makers(right))
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            yield from _calculated(left, right, makers)
            yield from _calculated(right, left, makers)
        case ast.Call(func=ast.Attribute(attr=name), args=[left, right, *_]) if name in _EQUALITY:
            yield from _calculated(left, right, makers)
            yield from _calculated(right, left, makers)


_VARIABLE = ast.Name | ast.Attribute


def _calculated(result: ast.expr, other: ast.expr, makers: Callable[[ast.AST], set[tuple[str, bool]]]) -> Iterator[str]:
    """Yield the maker of `other`, a call, if it made an operand of `result` as well."""
    match result if isinstance(other, ast.Call) else None:
        case ast.BinOp(left=left, right=right):
            operands = makers(left) | makers(right)
        case ast.UnaryOp(operand=operand):
            operands = makers(operand)
        case _:
            return
    names = {maker for maker, _ in operands}
    yield from (maker for maker, _ in makers(other) if maker in names)
