"""CodeContests: public, private and generated tests, limits, and solutions that are right or wrong.

Rows come as the Parquet files on Hugging Face have them, columns within a test list, or as JSON written from the
original protocol buffers. Its grader folds case and allows 1e-5; the suite allows that and keeps case.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from testsuites.directory import Labelled
from testsuites.importers.cases import Case, limits_of, suite_of
from testsuites.importers.naming import named_id
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.model import Comparator

_COMPARATOR = Comparator(absolute=1e-5)
_PYTHON3 = (3, "PYTHON3")
_KEPT = 3
"""Labelled submissions of each label; rows have hundreds."""


class _TestColumns(msgspec.Struct, frozen=True, kw_only=True):
    input: list[str]
    output: list[str]


class _SolutionColumns(msgspec.Struct, frozen=True, kw_only=True):
    language: list[int | str]
    solution: list[str]


class _Solution(msgspec.Struct, frozen=True, kw_only=True):
    solution: str
    language: int | str = 0


class _Duration(msgspec.Struct, frozen=True, kw_only=True):
    seconds: int | str | None = None
    nanos: int | None = None


_Tests = _TestColumns | list[Case] | None
_Solutions = _SolutionColumns | list[_Solution] | None


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    description: str
    public_tests: _Tests = None
    private_tests: _Tests = None
    generated_tests: _Tests = None
    time_limit: _Duration | float | str | None = None
    memory_limit_bytes: int | str | None = None
    solutions: _Solutions = None
    incorrect_solutions: _Solutions = None
    input_file: str | None = None
    output_file: str | None = None


def _imported(row: _Row) -> Imported:
    if row.input_file or row.output_file:
        raise ValueError("input_file, output_file: programs that read or write files are not run")
    fields = ("public_tests", "private_tests", "generated_tests")
    memory_bytes = _number(row.memory_limit_bytes or 0, "memory_limit_bytes")
    suite = suite_of(
        {field: _cases(getattr(row, field), field) for field in fields},
        named_id("CodeContests", row.name),
        limits=limits_of(_seconds(row.time_limit), memory_bytes),
        comparator=_COMPARATOR,
    )
    right = list(_python(row.solutions, "solutions"))
    wrong = list(_python(row.incorrect_solutions, "incorrect_solutions"))
    labelled = [("accepted", text) for text in right[1:][:_KEPT]] + [("wrong_answer", text) for text in wrong[:_KEPT]]
    return Imported(
        suite=suite,
        reference=right[0] if right else None,
        problem=row.description,
        submissions=tuple(
            Labelled(label=label, name=f"codecontests-{number}", text=text, is_answer=False)
            for number, (label, text) in enumerate(labelled, start=1)
        ),
    )


def _cases(tests: _Tests, field: str) -> list[Case]:
    if not isinstance(tests, _TestColumns):
        return tests or []
    if len(tests.input) != len(tests.output):
        raise ValueError(f"{field}.output: {len(tests.output)} of them for {len(tests.input)} inputs")
    return [Case(input=given, output=expected) for given, expected in zip(tests.input, tests.output, strict=True)]


def _python(solutions: _Solutions, field: str) -> Iterator[str]:
    if not isinstance(solutions, _SolutionColumns):
        pairs = [(one.language, one.solution) for one in solutions or []]
    elif len(solutions.language) == len(solutions.solution):
        pairs = list(zip(solutions.language, solutions.solution, strict=True))
    else:
        raise ValueError(f"{field}.language: not one for each solution")
    return (text for language, text in pairs if language in _PYTHON3)


def _seconds(limit: _Duration | float | str | None) -> float | None:
    """Return a limit in seconds; protocol buffers write durations as JSON like ``1.5s``."""
    if isinstance(limit, _Duration):
        return _number(limit.seconds or 0, "time_limit.seconds") + _number(limit.nanos or 0, "time_limit.nanos") / 1e9
    if isinstance(limit, str):
        return _number(limit.removesuffix("s"), "time_limit")
    return limit


def _number(number: int | str, field: str) -> float:
    try:
        return float(number)
    except (ValueError, OverflowError):
        raise ValueError(f"{field}: expected a number") from None


read = Reader(kind=_Row, build=_imported)
