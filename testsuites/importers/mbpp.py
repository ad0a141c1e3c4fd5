"""MBPP, full and sanitized: a sentence, a solution, and assert lines.

The challenge tests of the full set are left out, as its own evaluation leaves them out.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

import msgspec

from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.model import ScriptSuite, ScriptTest
from testsuites.names import names_taken
from testsuites.parsing import parse


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    task_id: int | str
    code: str
    test_list: list[str]
    prompt: str = ""
    text: str = ""
    test_imports: list[str] = []
    test_setup_code: str = ""


def _imported(row: _Row) -> Imported:
    if not row.test_list:
        raise ValueError("test_list: empty")
    setup = "\n".join([*row.test_imports, row.test_setup_code]).strip()
    names = names_taken(row.test_list, setup=setup, solution=row.code)
    # Some tests use a module that only the solution imports; taken from a submission, it could be anything.
    setup = "\n".join([*_imports(row.code, names), setup]).strip()
    names = names_taken(row.test_list, setup=setup, solution=row.code)
    if not names:
        raise ValueError("test_list: takes nothing from the solution")
    suite = ScriptSuite(
        id=f"Mbpp/{row.task_id}",
        names=names,
        setup=setup,
        tests=tuple(ScriptTest(code=line) for line in row.test_list),
    )
    # The sentence alone does not say what to call the function: one test is shown, as in MBPP+.
    problem = f"{(row.prompt or row.text).strip()}\n\n{row.test_list[0]}\n"
    return Imported(suite=suite, reference=row.code, problem=problem)


def _imports(solution: str, names: Collection[str]) -> list[str]:
    """Return the solution's import statements that bind one of the names."""
    statements = [node for node in parse(solution).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return [
        ast.unparse(statement)
        for statement in statements
        if any((alias.asname or alias.name.partition(".")[0]) in names for alias in statement.names)
    ]


read = Reader(kind=_Row, build=_imported)
