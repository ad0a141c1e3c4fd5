"""NeMo-Gym, its environment code_gen: the tests are in `verifier_metadata.unit_tests`, an inline suite.

Its grader is that of LiveCodeBench.
"""

from __future__ import annotations

from typing import Any

import msgspec

from testsuites.importers.cases import nested, numbers_exact
from testsuites.importers.naming import named_id, statement_id
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.importers.statements import asked
from testsuites.inline import inline_suite

_FIELD = "verifier_metadata.unit_tests"


class _Metadata(msgspec.Struct, frozen=True, kw_only=True):
    unit_tests: str | dict[str, Any]


class _Params(msgspec.Struct, frozen=True, kw_only=True):
    input: str | list[Any]


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    verifier_metadata: _Metadata
    responses_create_params: _Params
    hash_id: str | int | None = None


def _imported(row: _Row) -> Imported:
    problem = asked(row.responses_create_params.input)
    tests = nested(row.verifier_metadata.unit_tests, dict[str, Any], _FIELD)
    suite = numbers_exact(inline_suite(tests, suite_id=_FIELD))
    if row.hash_id is None and not problem:
        raise ValueError("hash_id: missing, and there is no prompt to tell the row by")
    suite_id = statement_id("NeMo-Gym", problem) if row.hash_id is None else named_id("NeMo-Gym", row.hash_id)
    return Imported(suite=msgspec.structs.replace(suite, id=suite_id), problem=problem)


read = Reader(kind=_Row, build=_imported)
