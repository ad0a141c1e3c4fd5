"""Programs that do the same as one that is given, written otherwise. All raise ValueError where it is not Python."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from testsuites.parsing import parse

_READS_NAMES = frozenset({"locals", "vars", "dir", "eval", "exec", "globals", "inspect", "_getframe"})


def laid_out_anew(source: str) -> str:
    """Write it as Python's own printer does: without comments, in one layout."""
    return f"{ast.unparse(parse(source))}\n"


def below_if(source: str) -> str:
    """Put all but what has to stand first below ``if True:``."""
    body = parse(source).body
    first = 0
    while first < len(body) and _stands_first(body[first]):
        first += 1
    inside = ast.If(test=ast.Constant(True), body=body[first:] or [ast.Pass()], orelse=[])
    tree = ast.Module(body=[*body[:first], inside], type_ignores=[])
    return f"{ast.unparse(ast.fix_missing_locations(tree))}\n"


def locals_renamed(source: str, suffix: str = "_") -> str:
    """Give the local variables of functions other names; those that could mean anything else are kept."""
    tree = parse(source)
    kept = {*_bound_otherwise(tree), *dir(builtins)}
    taken = {*_names(tree), *kept}
    for function in _outermost_functions(tree):
        if _READS_NAMES & {*_words(function)} or any(isinstance(node, ast.ClassDef) for node in ast.walk(function)):
            continue
        stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and _is_stored(node)}
        new = {name: f"{name}{suffix}" for name in stored - kept if f"{name}{suffix}" not in taken}
        _rename(function, new)
    return f"{ast.unparse(tree)}\n"


def moved_into_a_class(source: str, name: str) -> str:
    """Make a function a method of ``class Solution``; leave the program alone where that is not plainly possible."""
    tree = parse(source)
    given = f"{name}_given"
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    used = [*_names(tree), *_bound_otherwise(tree)]
    if (
        len(functions) != 1
        or given in used
        or "Solution" in used
        or used.count(name) != 1 + [*_names(tree)].count(name)
    ):
        return source
    functions[0].name = given
    _rename(tree, {name: given})
    method = f"class Solution:\n    def {name}(self, *args, **kwargs):\n        return {given}(*args, **kwargs)\n"
    return f"{ast.unparse(tree)}\n{method}"


def _stands_first(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.ImportFrom(module="__future__"):
            return True
    return False


def _rename(tree: ast.AST, new: dict[str, str]) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)


def _names(tree: ast.AST) -> Iterator[str]:
    return (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _words(tree: ast.AST) -> Iterator[str]:
    """Return names, and what is asked for by a dot."""
    yield from _names(tree)
    yield from (node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _outermost_functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield node
        else:
            yield from _outermost_functions(node)


def _bound_otherwise(tree: ast.AST) -> Iterator[str]:
    """Return the names that are bound by something else than an assignment in a function, or are seen from outside."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg(arg=name) | ast.alias(name=name, asname=None) | ast.alias(asname=str(name)):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names
    for statement in _outside_functions(tree):
        yield from _names(statement)


def _outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """Return the parts of a program that are in no function; what they name is global, or an attribute of a class."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (*node.decorator_list, node.args)
        elif isinstance(node, ast.ClassDef):
            yield from _outside_functions(node)
        else:
            yield node
