"""APPS, and TACO in the same shape: `input_output` is the JSON text of an inline suite."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from typing import Any

import msgspec

from testsuites.decoding import read_json
from testsuites.importers.records import Draft, Imported, Rejected
from testsuites.importers.rows import read_records
from testsuites.inline import inline_suite
from testsuites.store import check_id


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    question: str
    input_output: str | dict[str, Any]
    problem_id: int | str | None = None
    id: int | str | None = None
    solutions: str | list[str] = ""
    starter_code: str = ""


def read(path: str | PathLike[str]) -> Iterator[Imported | Draft | Rejected]:
    """Yield a stdio or call suite for each problem; raises as `read_records`."""
    return read_records(path, _Row, _imported)


def _imported(row: _Row) -> Imported:
    number = row.id if row.problem_id is None else row.problem_id
    if number is None:
        raise ValueError("row: missing field `problem_id`")
    suite_id = f"APPS/{number}"
    check_id(suite_id)  # it stands before what is wrong with the suite
    problem = row.question
    if row.starter_code.strip():
        problem += f"\n\n{row.starter_code}"
    return Imported(
        suite=inline_suite(row.input_output, suite_id=suite_id),
        reference=_first(row.solutions),
        problem=problem,
    )


def _first(solutions: str | list[str]) -> str | None:
    """Return the first solution; they come as JSON text, empty for problems without one."""
    found = read_json(solutions) if isinstance(solutions, str) and solutions.strip() else solutions
    if not isinstance(found, list) or not all(isinstance(solution, str) for solution in found):
        return None
    return found[0] if found else None
