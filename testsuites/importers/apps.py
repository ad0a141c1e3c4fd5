"""APPS: `input_output` is the JSON text of an inline suite."""

from __future__ import annotations

from typing import Any

import msgspec

from testsuites.decoding import read_json
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.inline import inline_suite
from testsuites.store import check_id


class AppsRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row; those of TACO have the same fields and no number."""

    question: str
    input_output: str | dict[str, Any]
    problem_id: int | str | None = None
    id: int | str | None = None
    solutions: str | list[str] | None = None
    starter_code: str | None = None


def imported(row: AppsRow, suite_id: str) -> Imported:
    """Return a stdio or call suite.

    Raises:
        ValueError, SuiteInvalid: the id or the tests cannot be used.
    """
    check_id(suite_id)  # it stands before what is wrong with the suite
    problem = row.question
    if row.starter_code and row.starter_code.strip():
        problem += f"\n\n{row.starter_code}"
    return Imported(
        suite=inline_suite(row.input_output, suite_id=suite_id),
        reference=first_program(row.solutions),
        problem=problem,
    )


def first_program(solutions: str | list[str] | None) -> str | None:
    """Return the first solution; they come as JSON text, empty for problems without one."""
    found = read_json(solutions) if isinstance(solutions, str) and solutions.strip() else solutions
    if not isinstance(found, list) or not all(isinstance(solution, str) for solution in found):
        return None
    return found[0] if found else None


def _imported(row: AppsRow) -> Imported:
    number = row.id if row.problem_id is None else row.problem_id
    if number is None:
        raise ValueError("row: missing field `problem_id`")
    return imported(row, f"APPS/{number}")


read = Reader(kind=AppsRow, build=_imported)
