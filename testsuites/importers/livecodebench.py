"""LiveCodeBench: public and private tests, on standard input or of a method of `Solution`.

Its grader compares numbers by value, exactly, and knows no tolerance; so does the suite.
"""

from __future__ import annotations

from typing import Any

import msgspec

from testsuites.importers.cases import Case, CaseMetadata, nested, numbers_exact, suite_of
from testsuites.importers.naming import named_id
from testsuites.importers.packed import read_packed
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.importers.statements import sections


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    question_id: str | int
    question_content: str
    public_test_cases: str | list[Any]
    private_test_cases: str | list[Any]
    question_title: str | None = None
    starter_code: str | None = None
    metadata: str | dict[str, Any] | None = None


def _imported(row: _Row) -> Imported:
    metadata = nested(row.metadata or {}, CaseMetadata, "metadata")
    parts = {
        "public_test_cases": _cases(row.public_test_cases, "public_test_cases"),
        "private_test_cases": _cases(row.private_test_cases, "private_test_cases"),
    }
    suite = suite_of(parts, named_id("LiveCodeBench", row.question_id), function=metadata.func_name)
    problem = sections(("", row.question_title), ("", row.question_content), ("", row.starter_code))
    return Imported(suite=numbers_exact(suite), problem=problem)


def _cases(tests: str | list[Any], field: str) -> list[Case]:
    if isinstance(tests, str) and not tests.lstrip().startswith("["):
        try:
            tests = read_packed(tests)
        except ValueError as error:
            raise ValueError(f"{field}: {error}") from None
    return nested(tests, list[Case], field)


read = Reader(kind=_Row, build=_imported)
