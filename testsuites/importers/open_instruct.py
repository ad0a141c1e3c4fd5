"""open-instruct: the label is a list of assert lines, or of inputs and outputs, which count as in LiveCodeBench.

Labels come as lists, as JSON text, packed as LiveCodeBench packs its private tests, or one of these in a list of one.
"""

from __future__ import annotations

from typing import Any

import msgspec

from testsuites.decoding import convert
from testsuites.importers.cases import nested, numbers_exact
from testsuites.importers.naming import named_id, statement_id
from testsuites.importers.packed import read_packed
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.importers.statements import asked
from testsuites.inline import inline_suite


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    label: str | list[Any] | None = None
    ground_truth: str | list[Any] | None = None
    messages: str | list[Any] | None = None
    prompt: str | list[Any] | None = None
    id: str | int | None = None


def _imported(row: _Row) -> Imported:
    field = "label" if row.label is not None else "ground_truth"
    label = row.label if row.label is not None else row.ground_truth
    if label is None:
        raise ValueError("row: missing field `label`")
    suite = numbers_exact(inline_suite({"assert_case": _tests(label, field)}, suite_id=field))
    problem = asked(row.messages) or asked(row.prompt)
    if row.id is None and not problem:
        raise ValueError("id: missing, and there is no prompt to tell the row by")
    suite_id = statement_id("OpenInstruct", problem) if row.id is None else named_id("OpenInstruct", row.id)
    return Imported(suite=msgspec.structs.replace(suite, id=suite_id), problem=problem)


def _tests(label: str | list[Any], field: str) -> list[Any]:
    match label:
        case [str() as text] if not text.lstrip().startswith("assert"):
            label = text
    if isinstance(label, str) and not label.lstrip().startswith("["):
        try:
            label = read_packed(label)
        except ValueError as error:
            raise ValueError(f"{field}: {error}") from None
    return convert(nested(label, list[Any], field), list[Any], field)


read = Reader(kind=_Row, build=_imported)
