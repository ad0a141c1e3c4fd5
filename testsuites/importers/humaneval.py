"""HumanEval: a prompt to complete, and test code that defines `check(candidate)`."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike

import msgspec

from testsuites.importers.records import Draft, Imported, Rejected
from testsuites.importers.rows import read_records
from testsuites.model import ScriptSuite, ScriptTest


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    task_id: str
    prompt: str
    entry_point: str
    canonical_solution: str
    test: str


def read(path: str | PathLike[str]) -> Iterator[Imported | Draft | Rejected]:
    """Yield a script suite of one test for each problem; raises as `read_records`."""
    return read_records(path, _Row, _imported)


def _imported(row: _Row) -> Imported:
    suite = ScriptSuite(
        id=row.task_id,
        names=(row.entry_point,),
        # Some checks call helpers that the prompt defines. The solution's own names are bound after the setup ran.
        setup=f"{row.prompt}\n{row.test}\n",
        tests=(ScriptTest(code=f"check({row.entry_point})\n", name="check"),),
    )
    return Imported(suite=suite, reference=row.prompt + row.canonical_solution, problem=row.prompt)
