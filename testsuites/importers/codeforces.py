"""open-r1/codeforces: official tests of Codeforces problems, with the site's own limits.

The site cuts long tests short, and those are not in the set: `official_tests_complete` says so. What is there is right,
so the suite is made all the same; `verifier suites calibrate` tells how much it misses.
"""

from __future__ import annotations

import msgspec

from testsuites.importers.cases import Case, limits_of, suite_of
from testsuites.importers.naming import named_id
from testsuites.importers.records import Imported
from testsuites.importers.rows import Reader
from testsuites.importers.statements import sections
from testsuites.model import JudgeProgram, StdioSuite
from testsuites.parsing import parse


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    official_tests: list[Case] | None
    title: str | None = None
    description: str | None = None
    input_format: str | None = None
    output_format: str | None = None
    interaction_format: str | None = None
    note: str | None = None
    examples: list[Case] | None = None
    time_limit: float | None = None
    memory_limit: float | None = None
    input_mode: str | None = None
    generated_checker: str | None = None


def _imported(row: _Row) -> Imported:
    if row.input_mode not in (None, "stdio"):
        raise ValueError("input_mode: programs that read or write files are not run")
    if row.interaction_format:
        raise ValueError("interaction_format: an interactive problem, which takes an interactor")
    suite = suite_of(
        {"official_tests": row.official_tests or []},
        named_id("Codeforces", row.id),
        limits=limits_of(row.time_limit, row.memory_limit * 1024**2 if row.memory_limit else None),
    )
    if row.generated_checker and row.generated_checker.strip():
        if not isinstance(suite, StdioSuite):
            raise ValueError("generated_checker: checks what programs print, and the tests call a function")
        suite = msgspec.structs.replace(suite, checker=_checker(row.generated_checker))
    return Imported(suite=suite, problem=_statement(row))


def _checker(code: str) -> JudgeProgram:
    """Return what decides where several answers are right: Python that prints 1 or 0."""
    try:
        parse(code)
    except ValueError as error:
        raise ValueError(f"generated_checker: {error}, in which alone checkers are run") from None
    return JudgeProgram(code=code, protocol="prints")


def _statement(row: _Row) -> str:
    examples = "\n\n".join(f"{case.input}\n---\n{case.output}" for case in row.examples or [])
    return sections(
        ("", row.title),
        ("", row.description),
        ("## Input", row.input_format),
        ("## Output", row.output_format),
        ("## Examples", examples),
        ("## Note", row.note),
    )


read = Reader(kind=_Row, build=_imported)
