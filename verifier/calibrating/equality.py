"""Whether a suite has one right answer for each input, so that a program that answers otherwise is wrong."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from testsuites import AnySuite, CallSuite, ScriptSuite
from testsuites.parsing import parse

_KEEPS_THE_ANSWER = frozenset({"abs", "fabs", "list", "tuple", "str", "bool", "isclose", "copy", "deepcopy"})
_DISTANCES = frozenset({"abs", "fabs"})
_COMPARES = frozenset(
    {"assertEqual", "assertTrue", "assertFalse", "assertAlmostEqual", "isclose", "allclose", "assertIs"}
)


def has_one_answer(suite: AnySuite) -> bool:
    """Say whether the suite compares what comes back with one value.

    It does not where a checker or an interactor decides, where a call test accepts other values too, or where test code
    does anything else with an answer than comparing it, such as sorting it first or putting it into a formula: then
    several answers may be right.
    """
    if isinstance(suite, CallSuite):
        return not any(test.also_accepted for test in suite.tests)
    if not isinstance(suite, ScriptSuite):
        return suite.checker is None and suite.interactor is None
    try:
        tree = parse("\n".join((suite.setup, *(test.code for test in suite.tests))))
    except ValueError:
        return False
    names = _aliases(tree, set(suite.names))
    return all(_is_compared(path, names) for path in _answers(tree, names))


def _aliases(tree: ast.Module, names: set[str]) -> set[str]:
    """Return the names under which test code knows the solution: those, and parameters that they are passed as."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    known: set[str] = set()
    while known != names:
        known = set(names)
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=called), args=given) if called in functions:
                    parameters = functions[called].args.args
                    for parameter, value in zip(parameters, given, strict=False):
                        if isinstance(value, ast.Name) and value.id in known:
                            names = names | {parameter.arg}
                case ast.Assign(targets=[ast.Name(id=target)], value=ast.Name(id=source)) if source in known:
                    names = names | {target}
    return known


def _answers(tree: ast.Module, names: set[str]) -> Iterator[list[ast.AST]]:
    """Yield the path from each answer of the solution, or each use of one that was kept, up to the statement."""
    paths = list(_paths(tree, []))
    kept = set()
    for path in paths:
        match path:
            case [ast.Call(func=ast.Name(id=name)), ast.Assign(targets=[ast.Name(id=target)]), *_] if name in names:
                kept.add(target)
    for path in paths:
        match path[0]:
            case ast.Call(func=ast.Name(id=name)) if name in names:
                yield path
            case ast.Name(id=name, ctx=ast.Load()) if name in kept:
                yield path


def _paths(node: ast.AST, above: list[ast.AST]) -> Iterator[list[ast.AST]]:
    path = [node, *above]
    yield path
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Assert) and child is node.msg):  # what a failure is told with decides nothing
            yield from _paths(child, path)


def _is_compared(path: list[ast.AST], names: set[str]) -> bool:
    """Whether nothing but comparing happens to the answer at the head of a path."""
    distance = False
    for below, node in itertools.pairwise(path):
        match node:
            case ast.Compare(ops=operators):
                exact = all(isinstance(operator, ast.Eq | ast.NotEq | ast.Is | ast.IsNot) for operator in operators)
                return exact or distance
            case ast.Assert() | ast.If() | ast.IfExp() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.Assign(value=value) if value is below:
                return True  # the uses of what it is kept as are looked at by themselves
            case ast.Expr() | ast.UnaryOp(op=ast.USub()) | ast.BinOp(op=ast.Sub()):
                continue
            case ast.Call(func=called) if below is not called:
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                if name in _COMPARES:
                    return True
                distance = distance or name in _DISTANCES
                if name not in _KEEPS_THE_ANSWER and name not in names:
                    return False
            case _:
                return isinstance(node, ast.Module | ast.FunctionDef | ast.For | ast.With)
    return False
