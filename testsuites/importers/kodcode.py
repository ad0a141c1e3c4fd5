"""KodCode: the tests are the text of a pytest file that says `from solution import ...` (`testsuites.collecting`)."""

from __future__ import annotations

import msgspec

from testsuites.collecting import collected
from testsuites.importers.naming import named_id
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.model import ScriptSuite


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    question: str
    solution: str | None = None
    test: str | None = None
    test_code: str | None = None
    question_id: str | int | None = None
    conversation_id: str | int | None = None
    id: str | int | None = None


def _imported(row: _Row) -> Imported:
    known = [name for name in (row.question_id, row.conversation_id, row.id) if name is not None]
    if not known:
        raise ValueError("row: missing field `question_id`")
    field, text = ("test", row.test) if row.test is not None else ("test_code", row.test_code)
    if text is None:
        raise ValueError("row: missing field `test`")
    try:
        suite = ScriptSuite(id=named_id("KodCode", known[0]), **collected(text))
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None
    return Imported(suite=suite, reference=row.solution, problem=row.question)


read = Reader(kind=_Row, build=_imported)
