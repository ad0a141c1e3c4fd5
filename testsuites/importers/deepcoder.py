"""DeepCoder: `tests` is the JSON text of a list of tests, or of lists of inputs and outputs. Rows have no ids.

Tests with a `testtype` come from LiveCodeBench, and count as there.
"""

from __future__ import annotations

from typing import Any

import msgspec

from testsuites.decoding import convert
from testsuites.importers.apps import first_program
from testsuites.importers.cases import Case, CaseMetadata, nested, numbers_exact, suite_of
from testsuites.importers.naming import statement_id
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.importers.statements import sections, unfenced
from testsuites.inline import inline_suite


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    problem: str
    tests: str | list[Any] | dict[str, Any]
    solutions: str | list[str] | None = None
    starter_code: str | None = None
    metadata: str | dict[str, Any] | None = None


def _imported(row: _Row) -> Imported:
    suite_id = statement_id("DeepCoder", row.problem)
    tests = nested(row.tests, Any, "tests")
    if isinstance(tests, dict):
        suite = inline_suite(tests, suite_id="tests")
        suite = msgspec.structs.replace(suite, id=suite_id)
    else:
        cases = convert(tests, list[Case], "tests")
        metadata = nested(row.metadata or {}, CaseMetadata, "metadata")
        suite = suite_of({"tests": cases}, suite_id, function=metadata.func_name)
        if cases[0].testtype:
            suite = numbers_exact(suite)
    reference = first_program(row.solutions)
    return Imported(
        suite=suite,
        reference=unfenced(reference) if reference else None,
        problem=sections(("", row.problem), ("", row.starter_code)),
    )


read = Reader(kind=_Row, build=_imported)
