"""verl: rows of a trainer, with the tests in `reward_model.ground_truth`, an inline suite.

Where a row has assert lines, verl runs those and leaves its inputs and outputs aside.
"""

from __future__ import annotations

from typing import Any

import msgspec

from testsuites.importers.cases import nested
from testsuites.importers.naming import named_id, statement_id
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.importers.statements import asked
from testsuites.inline import inline_suite

_FIELD = "reward_model.ground_truth"


class _RewardModel(msgspec.Struct, frozen=True, kw_only=True):
    ground_truth: str | dict[str, Any]


class _Extra(msgspec.Struct, frozen=True, kw_only=True):
    index: int | str | None = None
    split: str | None = None


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    reward_model: _RewardModel
    data_source: str | None = None
    prompt: str | list[Any] | None = None
    extra_info: _Extra | None = None


def _imported(row: _Row) -> Imported:
    problem = asked(row.prompt)
    suite = inline_suite(_one_kind(nested(row.reward_model.ground_truth, dict[str, Any], _FIELD)), suite_id=_FIELD)
    return Imported(suite=msgspec.structs.replace(suite, id=_id(row, problem)), problem=problem)


def _one_kind(tests: dict[str, Any]) -> dict[str, Any]:
    """Return the tests without nulls, and with assert lines or inputs and outputs, not both."""
    tests = {name: value for name, value in tests.items() if value is not None}
    lines = tests.get("assert_case")
    if not isinstance(lines, list) or not ("inputs" in tests or "outputs" in tests):
        return tests
    told = [bool(line) for line in lines]
    if any(told) and not all(told):
        raise ValueError(f"{_FIELD}: assert_case[{told.index(False)}]: empty, unlike others")
    left_out = {"inputs", "outputs", "fn_name"} if any(told) else {"assert_case"}
    return {name: value for name, value in tests.items() if name not in left_out}


def _id(row: _Row, problem: str) -> str:
    extra = row.extra_info or _Extra()
    if extra.index is not None:
        return named_id(
            "verl",
            "/".join(
                str(part) for part in (row.data_source, extra.split, extra.index) if part != "" and part is not None
            ),
        )
    if not problem:
        raise ValueError("extra_info.index: missing, and there is no prompt to tell the row by")
    return statement_id("verl", problem)


read = Reader(kind=_Row, build=_imported)
