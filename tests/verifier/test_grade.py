"""A grade says what a trainer may know, and nothing that is hidden."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import msgspec
import pytest

from tests.verifier.answers import calls, fenced, stdio
from testsuites import AnySuite, CallSuite, Comparator, ScriptSuite, ScriptTest, StdioSuite, SuiteError, SuiteLimits
from verifier import Grade, Verdict, Verifier
from verifier.grade import not_judged
from verifier.judging import judge
from verifier.oracle import Oracle

INPUT, EXPECTED, TEST_CODE = "inp4711put", "exp0815ected", "tst1138code"
SECRETS = (INPUT, EXPECTED, TEST_CODE)
LIMITS = SuiteLimits(cpu_seconds=0.3, memory_mb=100, output_mb=1)

SUITES: dict[str, AnySuite] = {
    "stdio": stdio((INPUT, EXPECTED), limits=LIMITS),
    "call": calls((INPUT, EXPECTED), limits=LIMITS),
    "script": ScriptSuite(
        id="script",
        names=("f",),
        setup=f"{TEST_CODE} = '{EXPECTED}'",
        tests=(ScriptTest(code=f"assert f('{INPUT}') == {TEST_CODE}"),),
        limits=LIMITS,
    ),
}
BODIES = {
    "answers": f"print('{EXPECTED}')",
    "echoes": "print(x)",
    "complains": "import sys; print(x, file=sys.stderr); raise ValueError(x)",
    "names an exception": "raise type(x, (Exception,), {})(x)",
    "names a key": "raise KeyError(x)",
    "names a module": "__import__(x)",
    "ends with a text": "raise SystemExit(x)",
    "spins": "while x: pass",
    "floods": "print(x * 2_000_000)",
    "hoards": "y = x * 200_000_000",
    "forges": "import os; os.write(4, b'\\0\\0\\0\\4four')",
}


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    """Grades suites that come with the answer."""
    with Verifier(workers=1) as verifier:
        yield verifier


def program(kind: str, body: str) -> str:
    """Return a program for a suite of this kind; a function returns what a whole program would print."""
    if kind == "stdio":
        return f"x = input()\n{body}"
    return f"def f(x):\n    {'return' + body.removeprefix('print') if body.startswith('print') else body}"


def assert_hides(text: str) -> None:
    """Fail when a text holds something hidden."""
    assert [secret for secret in SECRETS if secret in text] == []


def test_an_answer_that_was_not_judged_has_no_reward() -> None:
    """Invariant I7: neither a good one nor a bad one, and the message says why."""
    grade = not_judged("s", "sha256:0", "the disk is full")
    assert (grade.reward, grade.judged, grade.verdict) == (None, False, Verdict.JUDGE_ERROR)
    assert (grade.credit, grade.tests, grade.components) == (0.0, (), {})
    assert (grade.suite, grade.digest, grade.message) == ("s", "sha256:0", "the disk is full")


def test_a_grade_can_be_sent_and_read_again(verifier: Verifier) -> None:
    """Through JSON it comes back equal."""
    for grade in [verifier.grade(fenced(program("call", BODIES["echoes"])), SUITES["call"]), not_judged("s", "", "m")]:
        assert msgspec.json.decode(msgspec.json.encode(grade), type=Grade) == grade


@pytest.mark.parametrize("kind", SUITES)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_nothing_hidden_is_in_a_grade(
    verifier: Verifier, kind: str, body: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Invariant I8: not in its repr, its JSON, its report's repr, the log, or what the judge prints."""
    caplog.set_level(logging.DEBUG)
    grade = verifier.grade(fenced(program(kind, body)), SUITES[kind])
    assert grade.judged
    assert (grade.verdict is Verdict.ACCEPTED) == (EXPECTED in body)
    assert_hides(repr(grade) + str(grade) + msgspec.json.encode(grade).decode())
    assert_hides(caplog.text + "".join(capfd.readouterr()))


@pytest.mark.parametrize("prefix", ["SIG", "exit code "])
def test_nothing_hidden_is_in_a_forged_end(verifier: Verifier, prefix: str) -> None:
    """Invariant I8, for a program that speaks in its driver's place."""
    forges = f"""
import json, os, sys
def f(x):
    text = json.dumps([sys._getframe(1).f_locals["number"], ["raised", {prefix!r} + x, ""]]).encode()
    os.write(4, len(text).to_bytes(4, "big") + text)
    os._exit(0)
"""
    assert_hides(repr(verifier.grade(fenced(forges), SUITES["call"])))


@pytest.mark.parametrize("kind", SUITES)
def test_nothing_hidden_is_in_the_values_on_the_way(kind: str, verifier: Verifier) -> None:
    """A suite, its tests and the report on them can be logged by anybody."""
    oracle = Oracle(1)
    try:
        report = judge(SUITES[kind], fenced(program(kind, BODIES["echoes"])), verifier._engine.sandbox, oracle)
    finally:
        oracle.close()
    assert_hides(repr(report) + repr(SUITES[kind]) + repr(SUITES[kind].tests) + repr(report.tests[0]))


BROKEN: dict[str, AnySuite] = {
    "test code": ScriptSuite(id="s", names=("f",), tests=(ScriptTest(code=f"assert {INPUT!r} == {EXPECTED!r}"),)),
    "test code's syntax": ScriptSuite(id="s", names=("f",), tests=(ScriptTest(code=f"{TEST_CODE} {INPUT}"),)),
    "setup": ScriptSuite(id="s", names=("f",), setup=f"raise {TEST_CODE}", tests=(ScriptTest(code="f(1)"),)),
    "setup's syntax": ScriptSuite(id="s", names=("f",), setup=f"{TEST_CODE} {INPUT}", tests=(ScriptTest(code="f(1)"),)),
    "comparator": CallSuite(
        id="s", entry_point="f", tests=calls((INPUT, [EXPECTED])).tests, comparator=Comparator(name="exact")
    ),
}


@pytest.mark.parametrize("suite", BROKEN.values(), ids=BROKEN)
def test_nothing_hidden_is_in_an_error(verifier: Verifier, suite: AnySuite) -> None:
    """Not in its message, nor in the errors behind it that a traceback would show."""
    with pytest.raises(SuiteError) as caught:
        verifier.grade(fenced("def f(x): return x"), suite)
    shown = traceback.format_exception_only(caught.value)
    behind = caught.value.__cause__ or (None if caught.value.__suppress_context__ else caught.value.__context__)
    assert_hides("".join(shown) + repr(behind))


@pytest.mark.parametrize("inline", [{"inputs": [INPUT], "outputs": [[4]]}, {"inputs": INPUT, "outputs": EXPECTED}])
def test_nothing_hidden_is_in_an_error_about_an_inline_suite(verifier: Verifier, inline: dict[str, object]) -> None:
    """A suite that cannot be read is not quoted."""
    with pytest.raises(SuiteError) as caught:
        verifier.grade("", inline)
    assert_hides(str(caught.value))


def test_a_stdio_suite_shows_its_size_alone() -> None:
    """Of the suite that a grade was given for, a repr tells id and number of tests."""
    assert repr(StdioSuite(id="a/b", tests=stdio(("1", "2"), ("3", "4")).tests)) == "StdioSuite('a/b', 2 tests)"
