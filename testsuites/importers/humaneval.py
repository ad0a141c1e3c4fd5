"""HumanEval: a prompt to complete, and test code that defines `check(candidate)`."""

from __future__ import annotations

import msgspec

from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.model import ScriptSuite, ScriptTest


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str


def _imported(row: _Row) -> Imported:
    suite = ScriptSuite(
        id=row.task_id,
        names=(row.entry_point,),
        # Some checks call helpers that the prompt defines. The solution's own names are bound after the setup ran.
        setup=f"{row.prompt}\n{row.test}\n",
        tests=(ScriptTest(code=f"check({row.entry_point})\n", name="check"),),
    )
    return Imported(suite=suite, reference=row.prompt + row.canonical_solution, problem=row.prompt)


read = Reader(kind=_Row, build=_imported)
