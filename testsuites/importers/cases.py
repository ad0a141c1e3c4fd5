"""Tests that a data set lists one by one, `[{"input": ..., "output": ...}]`, in the spellings that there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from testsuites.decoding import convert, read_json
from testsuites.inline import inline_suite
from testsuites.model import AnySuite, CallSuite, Comparator, ScriptSuite, StdioSuite, SuiteLimits

_PROGRAM = frozenset({None, "", "stdin", "stdin_stdout"})
_FUNCTION = frozenset({"functional", "function_call"})

T = TypeVar("T")
Suite = TypeVar("Suite", StdioSuite, CallSuite, ScriptSuite)


class CaseMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """What DeepCoder writes beside a test of LiveCodeBench."""

    func_name: str | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One test.

    Attributes:
        input: text for standard input; for a function a list of arguments, or a text with one JSON value on each line.
        output: text; for a function the value, or its JSON text.
        type, testtype: which of the two; neither means standard input.
        fn_name, metadata: name of the function.
    """

    input: Any
    output: Any
    type: str | None = None
    testtype: str | None = None
    fn_name: str | None = None
    metadata: CaseMetadata | None = None

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Case()"


def nested(value: Any, kind: type[T], field: str) -> T:
    """Read a field that holds a value, or its JSON text.

    Raises:
        ValueError, SuiteInvalid: it does not hold `kind`; the message starts with `field`.
    """
    if isinstance(value, str):
        try:
            value = read_json(value)
        except ValueError as error:
            raise ValueError(f"{field}: {error}") from None
    return convert(value, kind, field)


def suite_of(
    parts: Mapping[str, Sequence[Case]],
    suite_id: str,
    *,
    function: str | None = None,
    limits: SuiteLimits | None = None,
    comparator: Comparator | None = None,
) -> AnySuite:
    """Make a stdio or call suite of listed tests.

    Args:
        parts: the tests by the field that lists them. Where there are several fields, tests are named after theirs.
        suite_id: the id to give to the suite.
        function: name of the function, where the tests do not tell it.
        limits: what each test may use.
        comparator: how outputs are compared.

    Raises:
        ValueError, SuiteInvalid: there are no tests, they are not of one kind, or one is none; the message names it.
    """
    suites: dict[str, StdioSuite | CallSuite] = {}
    for field, cases in parts.items():
        if not cases:
            continue
        suite = inline_suite(_columns(cases, field, function), suite_id=field)
        assert isinstance(suite, StdioSuite | CallSuite)  # noqa: S101 - inputs and outputs give no other
        suites[field] = suite
        _same_kind(next(iter(suites.values())), suite, field)
    if not suites:
        raise ValueError(f"{', '.join(parts)}: there are no tests")
    tests = [
        msgspec.structs.replace(test, name=f"{field.partition('_')[0]}-{number}") if len(parts) > 1 else test
        for field, suite in suites.items()
        for number, test in enumerate(suite.tests, start=1)
    ]
    return msgspec.structs.replace(
        next(iter(suites.values())),
        id=suite_id,
        tests=tuple(tests),
        limits=limits or SuiteLimits(),
        comparator=comparator or Comparator(),
    )


def numbers_exact(suite: AnySuite) -> AnySuite:
    """Return the suite with numbers compared by value and without tolerance, as LiveCodeBench's grader does."""
    if isinstance(suite, ScriptSuite):
        return suite
    name = "floats" if isinstance(suite, StdioSuite) else suite.comparator.name
    return msgspec.structs.replace(suite, comparator=Comparator(name=name, absolute=0.0, relative=0.0))


def limits_of(cpu_seconds: float | None, memory_bytes: float | None) -> SuiteLimits:
    """Return limits in a suite's units; data sets write 0 where they know none."""
    return SuiteLimits(cpu_seconds=cpu_seconds or None, memory_mb=memory_bytes / 1024**2 if memory_bytes else None)


def _columns(cases: Sequence[Case], field: str, function: str | None) -> dict[str, Any]:
    """Return the tests as an inline suite (`testsuites.inline`)."""
    calls = [_is_call(case, f"{field}[{number}]") for number, case in enumerate(cases)]
    if len(set(calls)) > 1:
        raise ValueError(
            f"{field}[{calls.index(not calls[0])}]: of another kind than those before; a suite has one kind"
        )
    inline: dict[str, Any] = {"inputs": [case.input for case in cases], "outputs": [case.output for case in cases]}
    if not calls[0]:
        return inline
    names = {case.fn_name or (case.metadata and case.metadata.func_name) or function for case in cases}
    name = names.pop()
    if names or not name:
        raise ValueError(f"{field}: " + ("its tests call several functions" if names else "no function is named"))
    return inline | {"fn_name": name}


def _is_call(case: Case, field: str) -> bool:
    kind = case.type or case.testtype
    if kind not in _PROGRAM | _FUNCTION:
        raise ValueError(f"{field}.type: not one of the known values")
    return kind in _FUNCTION


def _same_kind(first: StdioSuite | CallSuite, suite: StdioSuite | CallSuite, field: str) -> None:
    if type(first) is not type(suite):
        raise ValueError(f"{field}: of another kind than the tests before; a suite has one kind")
    if isinstance(first, CallSuite) and isinstance(suite, CallSuite) and first.entry_point != suite.entry_point:
        raise ValueError(f"{field}: calls another function than the tests before")
