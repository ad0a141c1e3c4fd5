"""Suites that travel with a row."""

from __future__ import annotations

import json
from typing import Any

from tests.decoders.decoder import HIDDEN, Decoder
from tests.decoders.mutating import of_json
from testsuites.errors import SuiteInvalid
from testsuites.inline import inline_suite, suite_reference
from testsuites.model import AnySuite


def _read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    named = suite_reference(text)
    assert named is None or named
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        assert _outcome(value) == _outcome(text), "an object and its text are not the same suite"
    suite = inline_suite(text, suite_id="row")
    assert suite.tests
    assert HIDDEN not in repr(suite)


def _outcome(value: dict[str, Any] | str) -> str:
    """Return the digest of a suite, or why there is none."""
    try:
        suite: AnySuite = inline_suite(value, suite_id="row")
    except SuiteInvalid as error:
        return str(error)
    return suite.digest


def _seeds() -> list[bytes]:
    limits = {"cpu_seconds": 1.5, "memory_mb": 64, "output_mb": None}
    suites: list[dict[str, Any]] = [
        {"inputs": [HIDDEN, ["1", "2"]], "outputs": [HIDDEN, "3"], "limits": limits, "comparator": "tokens"},
        {"inputs": [[1, HIDDEN]], "outputs": [[2]], "fn_name": "f", "comparator": {"name": "values", "absolute": 0}},
        {"inputs": [f'1\n"{HIDDEN}"\n', "2"], "outputs": ["[1]", "NaN"], "fn_name": "f", "language": "python"},
        {"assert_case": [f"assert f(1) == '{HIDDEN}'", "assert g(2)"], "other": 1},
        {"assert_case": [{"input": HIDDEN, "output": [HIDDEN]}]},
    ]
    return [json.dumps(suite).encode() for suite in suites]


_WORDS = (
    *("inputs", "outputs", "fn_name", "assert_case", "language", "limits", "comparator", "suite", "input", "output"),
    *("cpu_seconds", "memory_mb", "output_mb", "name", "absolute", "relative", "tokens", "values", "inputz", "f"),
    *("assert f(1) == 1", "assert ", "[1]", "1\n2", '"\\ud800"', "python"),
)
DECODER = Decoder(
    name="inline",
    reads="suites that travel with a row or an event",
    read=_read,
    refuses=(SuiteInvalid,),
    seeds=_seeds,
    words=_WORDS,
    mutate=of_json(_WORDS),
    longest=16384,
)
