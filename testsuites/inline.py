"""Suites that travel with a training row: the `reference_answer` or `ground_truth` of APPS, TACO, verl and AWS presets.

    {"inputs": [...], "outputs": [...]}                       stdio: a text or a list of lines for each test
    {"inputs": [...], "outputs": [...], "fn_name": "f"}       call: a list of arguments for each test, or a text with
                                                              one JSON value per line (and then outputs are JSON texts)
    {"assert_case": ["assert f(1) == 2", ...]}                script
    {"assert_case": [{"input": "...", "output": "..."}]}      stdio
    with any of them: "language", "limits" {"cpu_seconds", "memory_mb", "output_mb"}, "comparator" (a name, or a table)

Rows carry columns of their own, so other fields are left alone, except those that look like a misspelt field.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from testsuites.decoding import convert, read_json
from testsuites.errors import SuiteInvalid
from testsuites.model import (
    AnySuite,
    CallSuite,
    CallTest,
    Comparator,
    ScriptSuite,
    ScriptTest,
    StdioSuite,
    StdioTest,
    SuiteLimits,
)
from testsuites.names import names_taken
from testsuites.rules import check_suite


class _InlineFields(msgspec.Struct, frozen=True, kw_only=True):
    inputs: list[Any] | None = None
    outputs: list[Any] | None = None
    fn_name: str | None = None
    signature: str | None = None
    assert_case: list[Any] | None = None
    language: str | None = None
    limits: SuiteLimits | None = None
    comparator: str | Comparator | None = None


def inline_suite(value: Any, *, suite_id: str = "inline") -> AnySuite:
    """Build the suite that a row carries.

    Args:
        value: the object shown above, or its JSON text.
        suite_id: the id to give to the suite; messages start with it.

    Raises:
        SuiteInvalid: a field is missing, of a wrong type, or does not fit another; the message names it.
    """
    fields = convert(_object(value, suite_id), _InlineFields, suite_id)
    head: dict[str, Any] = {
        "id": suite_id,
        "language": fields.language or "python",
        "limits": fields.limits or SuiteLimits(),
        "comparator": _comparator(fields.comparator, suite_id),
    }
    try:
        suite = _suite(fields, head)
    except ValueError as error:
        raise SuiteInvalid(f"{suite_id}: {error}") from None
    check_suite(suite, suite_id)
    return suite


def suite_reference(value: Any) -> str | None:
    """Return the suite id that a row names in place of carrying a suite: ``"id"`` or ``{"suite": "id"}``.

    None when the value is an inline suite, or neither. A text that starts like a JSON object or list is JSON, not an
    id.
    """
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            value = read_json(value)
        except ValueError:
            return None
    elif isinstance(value, str):
        return value.strip() or None
    name = value.get("suite") if isinstance(value, dict) else None
    return name if isinstance(name, str) and name else None


def _object(value: Any, place: str) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = read_json(value)
        except ValueError as error:
            raise SuiteInvalid(f"{place}: {error}") from None
    if not isinstance(value, dict):
        raise SuiteInvalid(f"{place}: expected an object with inputs and outputs, or assert_case")
    others = [str(name)[:40] for name in value if name not in _InlineFields.__struct_fields__]
    if others:
        _refuse_misspelt(others, place)
    return value


def _refuse_misspelt(names: Sequence[str], place: str) -> None:
    import difflib  # 18 ms, and most rows have no other fields

    for name in names:
        close = difflib.get_close_matches(name, _InlineFields.__struct_fields__, n=1, cutoff=0.85)
        if close:
            raise SuiteInvalid(f"{place}: unknown field; did you mean {close[0]}?")


def _comparator(value: str | Comparator | None, place: str) -> Comparator:
    if isinstance(value, str):
        return convert({"name": value}, Comparator, f"{place}: comparator")
    return value or Comparator()


def _suite(fields: _InlineFields, head: dict[str, Any]) -> AnySuite:
    if fields.inputs or fields.outputs:
        if fields.assert_case:
            raise ValueError("assert_case: give either it or inputs and outputs")
        inputs, outputs = fields.inputs or [], fields.outputs or []
        if len(inputs) != len(outputs):
            raise ValueError(f"outputs: {len(outputs)} of them for {len(inputs)} inputs")
        if fields.fn_name:
            calls = _calls(inputs, outputs)
            return CallSuite(**head, entry_point=fields.fn_name, signature=fields.signature or "", tests=calls)
        return StdioSuite(**head, tests=_programs(inputs, outputs))
    if not fields.assert_case:
        raise ValueError("inputs: there are none, and no assert_case; a suite needs at least one test")
    if all(isinstance(case, str) for case in fields.assert_case):
        return _script(fields, head)
    return StdioSuite(**head, tests=_cases(fields.assert_case))


def _programs(inputs: Sequence[Any], outputs: Sequence[Any]) -> tuple[StdioTest, ...]:
    return tuple(
        StdioTest(stdin=_text(given, f"inputs[{number}]"), stdout=_text(expected, f"outputs[{number}]"))
        for number, (given, expected) in enumerate(zip(inputs, outputs, strict=True))
    )


def _text(value: Any, field: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    raise ValueError(f"{field}: expected a text or a list of lines")


def _calls(inputs: Sequence[Any], outputs: Sequence[Any]) -> tuple[CallTest, ...]:
    if all(isinstance(given, str) for given in inputs):
        return tuple(
            CallTest(args=_lines(given, f"inputs[{number}]"), expected=_json(expected, f"outputs[{number}]"))
            for number, (given, expected) in enumerate(zip(inputs, outputs, strict=True))
        )
    for number, given in enumerate(inputs):
        if not isinstance(given, list):
            raise ValueError(f"inputs[{number}]: expected a list of arguments")  # noqa: TRY004 - a fault of the data
    # APPS puts most returned values into a list of one. When every output is one, nothing tells a wrapped value from
    # a value that is itself a list of one, so both are accepted.
    if all(isinstance(expected, list) and len(expected) == 1 for expected in outputs):
        return tuple(
            CallTest(args=tuple(given), expected=expected[0], also_accepted=(expected,))
            for given, expected in zip(inputs, outputs, strict=True)
        )
    return tuple(
        CallTest(args=tuple(given), expected=expected) for given, expected in zip(inputs, outputs, strict=True)
    )


def _lines(text: str, field: str) -> tuple[Any, ...]:
    return tuple(_json(line, field) for line in text.split("\n") if line.strip())


def _json(text: Any, field: str) -> Any:
    if not isinstance(text, str):
        raise ValueError(f"{field}: expected a JSON text, as its inputs are")  # noqa: TRY004 - a fault of the data
    try:
        return read_json(text)
    except ValueError as error:
        raise ValueError(f"{field}: {error}") from None


def _script(fields: _InlineFields, head: dict[str, Any]) -> ScriptSuite:
    tests = tuple(ScriptTest(code=case) for case in fields.assert_case or ())
    try:
        names = names_taken(test.code for test in tests)
    except ValueError as error:
        raise ValueError(f"assert_case: {error}") from None
    if not names:
        raise ValueError("assert_case: takes nothing from the solution")
    return ScriptSuite(**head, names=names, tests=tests)


def _cases(cases: Sequence[Any]) -> tuple[StdioTest, ...]:
    return tuple(_case(case, f"assert_case[{number}]") for number, case in enumerate(cases))


def _case(case: Any, field: str) -> StdioTest:
    if not (isinstance(case, dict) and "input" in case and "output" in case):
        raise ValueError(f"{field}: expected an assert line, or an object with input and output, like the others")
    return StdioTest(stdin=_text(case["input"], f"{field}.input"), stdout=_text(case["output"], f"{field}.output"))
