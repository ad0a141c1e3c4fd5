"""The tests in a file of tests, found by reading it: nothing of it is run.

A file is what `unittest` or pytest would collect: classes that derive from ``TestCase``, functions called ``test...``,
methods so called of classes called ``Test...``. Each function is a test of the suite, and each set of its parameters,
where they can be counted from the text. What is known here not to be served is refused with its name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

from testsuites.model import ScriptTest
from testsuites.parsing import parse

MODULE = "solution"
"""Name by which a file of tests imports the solution, unless the suite says another."""

_FIXTURES_NOT_SERVED = frozenset(
    {"capfd", "capsys", "caplog", "mocker", "monkeypatch", "pytester", "recwarn", "request", "tmp_path", "tmpdir"}
    | {"benchmark", "capfdbinary", "capsysbinary", "tmp_path_factory", "event_loop"}
)
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_MOST_CASES = 100_000


class _Found(NamedTuple):
    """One test function, with all that decorates it."""

    name: str
    function: ast.FunctionDef | ast.AsyncFunctionDef
    decorators: list[ast.expr]
    unittest: bool


def collected(source: str, module: str = MODULE) -> dict[str, Any]:
    """Return the fields of a `ScriptSuite` for a file of tests: ``names``, ``tests``, ``setup`` and ``module``.

    Args:
        source: text of the file.
        module: name by which it imports the solution.

    Raises:
        ValueError: the file is not Python, holds no test, or asks for what is not served. The message names the test
            and quotes no more of the file.
    """
    tree = parse(source)
    names = _names_imported(tree, module)
    if not names:
        raise ValueError(f"imports nothing from {module}")
    tests: list[ScriptTest] = []
    for found in _tests(tree):
        _refuse(found)
        if _is_marked(found, "skip"):
            continue
        cases = None if found.unittest else _cases(found, tree)
        tests += _selectors(found.name, cases)
    if not tests:
        raise ValueError("holds no test")
    return {"names": names, "tests": tuple(tests), "setup": source, "module": module}


def _selectors(name: str, cases: int | None) -> Iterator[ScriptTest]:
    if cases is None:
        yield ScriptTest(code=f"__run_test__({name!r})", name=name)
    for case in range(cases or 0):
        yield ScriptTest(code=f"__run_test__({name!r}, {case})", name=f"{name}[{case}]")


def _names_imported(tree: ast.Module, module: str) -> tuple[str, ...]:
    """Return the names that the file takes from the solution, in order."""
    names: dict[str, None] = {}
    aliases = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
            names |= dict.fromkeys(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            aliases |= {alias.asname or module for alias in node.names if alias.name == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            names[node.attr] = None
    return tuple(name if name != "*" else module for name in names)


def _tests(tree: ast.Module) -> Iterator[_Found]:
    """Yield the tests in the order of the file; those of a base class in the file, where its heir stands."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in _last_of_each_name(tree.body):
        if isinstance(node, _FUNCTION) and node.name.startswith("test"):
            yield _Found(node.name, node, node.decorator_list, unittest=False)
        elif isinstance(node, ast.ClassDef):
            line = _line_of(node, classes)
            case = any(_is_test_case(base) for each in line for base in each.bases)
            if case or node.name.startswith("Test"):
                yield from _methods(node.name, line, case)


def _methods(owner: str, line: list[ast.ClassDef], case: bool) -> Iterator[_Found]:
    methods: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    for each in reversed(line):
        for node in each.body:
            if isinstance(node, _FUNCTION) and node.name.startswith("test"):
                methods[node.name] = node
    decorators = [decorator for each in line for decorator in each.decorator_list]
    for name, method in methods.items():
        yield _Found(f"{owner}.{name}", method, [*decorators, *method.decorator_list], unittest=case)


def _last_of_each_name(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a file without the functions and classes that later ones replace."""
    last = {node.name: node for node in body if isinstance(node, _FUNCTION | ast.ClassDef)}
    return [node for node in body if not isinstance(node, _FUNCTION | ast.ClassDef) or last[node.name] is node]


def _line_of(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """Return a class and those of the file that it derives from."""
    line = [node]
    for each in line:  # grows meanwhile
        bases = [classes[base.id] for base in each.bases if isinstance(base, ast.Name) and base.id in classes]
        line += [base for base in bases if base not in line]
    return line


def _is_test_case(base: ast.expr) -> bool:
    name = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
    return name.endswith("TestCase")


def _refuse(found: _Found) -> None:
    if isinstance(found.function, ast.AsyncFunctionDef):
        raise ValueError(f"{found.name}: a test that is a coroutine is not supported")  # noqa: TRY004 - a fault of the file
    for mark in ("expectedFailure", "xfail"):
        if _is_marked(found, mark):
            raise ValueError(f"{found.name}: a test that is expected to fail is not supported")
    if not found.unittest:
        for argument in (*found.function.args.args, *found.function.args.kwonlyargs):
            if argument.arg in _FIXTURES_NOT_SERVED:
                raise ValueError(f"{found.name}: the fixture {argument.arg} is not supported")


def _is_marked(found: _Found, mark: str) -> bool:
    return any(_name_of(decorator) == mark for decorator in found.decorators)


def _name_of(decorator: ast.expr) -> str:
    """Return the last part of a decorator's name."""
    if isinstance(decorator, ast.Call):
        decorator = decorator.func
    return decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")


def _cases(found: _Found, tree: ast.Module) -> int | None:
    """Return how many sets of parameters a test has; None where it has none, or they cannot be counted."""
    product = None
    for decorator in found.decorators:
        if _name_of(decorator) == "parametrize" and isinstance(decorator, ast.Call):
            given = decorator.args[1:2] + [each.value for each in decorator.keywords if each.arg == "argvalues"]
            count = _count(given[0], tree) if given else None
            if count is None:
                return None
            product = (product or 1) * count
    if product == 0:
        raise ValueError(f"{found.name}: has no set of parameters")
    return product if product is None or product <= _MOST_CASES else None


def _count(values: ast.expr, tree: ast.Module) -> int | None:
    """Count the items of a list or tuple in the text, or of one that a name of the file was given once."""
    if isinstance(values, ast.Name):
        stores = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node.id == values.id
            if isinstance(node.ctx, ast.Store)
        ]
        given = [
            node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            if any(isinstance(target, ast.Name) and target.id == values.id for target in node.targets)
        ]
        if len(stores) != 1 or len(given) != 1 or _is_changed(values.id, tree):
            return None
        values = given[0]
    if isinstance(values, ast.List | ast.Tuple) and not any(isinstance(item, ast.Starred) for item in values.elts):
        return len(values.elts)
    return None


def _is_changed(name: str, tree: ast.Module) -> bool:
    """Whether the file may change a list of that name: it asks it for a member, or assigns to it or an item."""
    return any(
        isinstance(node.value, ast.Name) and node.value.id == name
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) or (isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load))
    )
