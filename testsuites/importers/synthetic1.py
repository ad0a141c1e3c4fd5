"""SYNTHETIC-1: coding rows carry their tests in `verification_info`; rows of other tasks are refused.

The column holds an object, its JSON text, or the text of a Python literal, which is parsed and never evaluated.
"""

from __future__ import annotations

from typing import Any

import msgspec

from testsuites.decoding import convert, read_json
from testsuites.importers.cases import Case, suite_of
from testsuites.importers.naming import named_id
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.importers.statements import unfenced
from testsuites.literals import read_literal

_LONGEST_LITERAL = 16 * 1024 * 1024  # a syntax tree takes many times the memory of its text


class _Info(msgspec.Struct, frozen=True, kw_only=True):
    test_cases: Any
    language: str | None = None


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    problem_id: str | int
    prompt: str
    verification_info: str | dict[str, Any]
    gold_standard_solution: str | None = None


def _imported(row: _Row) -> Imported:
    info = convert(_value(row.verification_info, "verification_info"), _Info, "verification_info")
    field = "verification_info.test_cases"
    cases = convert(_value(info.test_cases, field), list[Case], field)
    suite = suite_of({field: cases}, named_id("SYNTHETIC-1", row.problem_id))
    solution = row.gold_standard_solution
    return Imported(
        suite=msgspec.structs.replace(suite, language=info.language or "python"),
        reference=unfenced(solution) if solution else None,
        problem=row.prompt,
    )


def _value(text: Any, field: str) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return read_json(text)
    except ValueError as error:
        if len(text) <= _LONGEST_LITERAL:
            try:
                return read_literal(text)
            except ValueError:
                pass
        raise ValueError(f"{field}: {error}") from None


read = Reader(kind=_Row, build=_imported)
