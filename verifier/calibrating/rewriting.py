"""Programs that do what the reference does, written otherwise. A verifier that refuses one refuses a right answer."""

from __future__ import annotations

import ast
import builtins
import symtable
import warnings
from collections.abc import Iterator

_REACHES_NAMES_AS_TEXT = frozenset(
    {"locals", "globals", "vars", "dir", "eval", "exec", "getattr", "setattr", "hasattr", "inspect", "sys"}
)


def rewritten(source: str) -> dict[str, str]:
    """Return rewritten programs by the name of what was done; none for what does not compile or is nested too deeply.

    They differ from the program, and from each other.
    """
    try:
        with warnings.catch_warnings():  # of the reference's author's doing
            warnings.simplefilter("ignore")
            programs = {
                "layout": ast.unparse(ast.parse(source)) + "\n",
                "wrapped-in-if": ast.unparse(_wrapped(ast.parse(source))) + "\n",
                "renamed-locals": ast.unparse(_renamed(ast.parse(source), source)) + "\n",
                "crlf-line-ends": source.replace("\r\n", "\n").replace("\n", "\r\n"),
            }
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    first = {program: name for name, program in reversed(programs.items())}
    return {name: program for name, program in programs.items() if first[program] == name and program != source}


def _wrapped(tree: ast.Module) -> ast.Module:
    """Put all but what has to stand first under ``if True:``."""
    first = 0
    while first < len(tree.body) and _stands_first(tree.body[first]):
        first += 1
    if first == len(tree.body):
        return tree
    body = ast.If(test=ast.Constant(True), body=tree.body[first:], orelse=[])
    return ast.fix_missing_locations(ast.Module(body=[*tree.body[:first], body], type_ignores=[]))


def _stands_first(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.ImportFrom(module="__future__"):
            return True
    return False


def _renamed(tree: ast.Module, source: str) -> ast.Module:
    """Rename what is a local variable wherever it occurs; nothing where names may be text somewhere."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(_written_otherwise(tree))
    if not _REACHES_NAMES_AS_TEXT.isdisjoint(names):
        return tree
    table = symtable.symtable(source, "reference", "exec")
    visible = {*_bound_outside_functions(table), *_written_otherwise(tree), *dir(builtins)}
    renamed = {
        name: f"{name}_renamed"
        for name in _bound_in_functions(table)
        if name not in visible and not name.startswith("__") and f"{name}_renamed" not in names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = renamed.get(node.id, node.id)
    return tree


def _written_otherwise(tree: ast.Module) -> Iterator[str]:
    """Every identifier that is not a plain `ast.Name`: of functions, parameters, attributes, imports, captures."""
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if isinstance(node, ast.Name | ast.Constant) and field in ("id", "value"):
                continue
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str):
                    yield from item.split(".")


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _bound_outside_functions(table: symtable.SymbolTable) -> set[str]:
    """Names that a module or a class has: others may ask for them."""
    outside = (scope for scope in _tables(table) if scope.get_type() != "function")
    return {symbol.get_name() for scope in outside for symbol in scope.get_symbols() if symbol.is_assigned()}


def _bound_in_functions(table: symtable.SymbolTable) -> list[str]:
    inside = (scope for scope in _tables(table) if scope.get_type() == "function")
    return sorted({name.get_name() for scope in inside for name in scope.get_symbols() if name.is_local()})
