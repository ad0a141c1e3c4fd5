"""The other way round than `testsuites.inline`: a suite becomes the ``reference_answer`` that a request carries."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from testsuites.errors import SuiteError
from testsuites.inline import inline_suite
from testsuites.literals import is_json
from testsuites.model import AnySuite, CallSuite, Comparator, ScriptSuite, SuiteLimits


def inline_reference(suite: AnySuite) -> dict[str, Any]:
    """Return what `testsuites.inline.inline_suite` reads back as the same suite, names of tests apart.

    Raises:
        ValueError: the form cannot say all that this suite does: weights, groups, set-up code, keyword arguments,
            values that are no JSON and the like. The message quotes nothing.
    """
    for reference in _forms(suite):
        try:
            again = inline_suite(reference, suite_id=suite.id)
        except SuiteError:
            continue
        if again.digest == _nameless(suite).digest:
            return reference
    raise ValueError(f"{suite.id}: cannot travel as an inline reference_answer")


def carries_inline(suite: AnySuite) -> bool:
    """Say whether `inline_reference` can write the suite."""
    try:
        inline_reference(suite)
    except ValueError:
        return False
    return True


def _nameless(suite: AnySuite) -> AnySuite:
    tests: Any = tuple(msgspec.structs.replace(test, name="") for test in suite.tests)
    return msgspec.structs.replace(suite, tests=tests)


def _forms(suite: AnySuite) -> list[dict[str, Any]]:
    """Return the ways to write a suite, the usual one first."""
    head = _head(suite)
    if isinstance(suite, ScriptSuite):
        return [{"assert_case": [test.code for test in suite.tests], **head}]
    if not isinstance(suite, CallSuite):
        return [
            {"inputs": [test.stdin for test in suite.tests], "outputs": [test.stdout for test in suite.tests], **head}
        ]
    inputs = [list(test.args) for test in suite.tests]
    outputs = [test.expected for test in suite.tests]
    if not is_json(inputs) or not is_json(outputs):
        return []
    head["fn_name"] = suite.entry_point
    lines = ["\n".join(map(json.dumps, given)) for given in inputs]
    texts = [json.dumps(expected) for expected in outputs]  # where lists of one would be taken for wrapped values
    return [{"inputs": inputs, "outputs": outputs, **head}, {"inputs": lines, "outputs": texts, **head}]


def _head(suite: AnySuite) -> dict[str, Any]:
    """Return what differs from the defaults."""
    head: dict[str, Any] = {}
    if suite.language != "python":
        head["language"] = suite.language
    if suite.limits != SuiteLimits():
        limits = msgspec.to_builtins(suite.limits)
        head["limits"] = {name: limit for name, limit in limits.items() if limit is not None}
    if suite.comparator != Comparator():
        head["comparator"] = msgspec.to_builtins(suite.comparator)
    return head
