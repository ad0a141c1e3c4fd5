"""verifier.calibrating.observing: the inputs that a suite's tests use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Call, LocalSandbox, Stdin
from testsuites import CallSuite, CallTest, JudgeProgram, ScriptSuite, ScriptTest, StdioSuite, StdioTest
from verifier.calibrating.observing import Observed, input_key, observe
from verifier.oracle import Oracle

DOUBLE = "def f(x, by=2):\n    return x * by\n"


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    """One oracle for all."""
    oracle = Oracle(1)
    yield oracle
    oracle.close()


def _script(*codes: str, setup: str = "") -> ScriptSuite:
    return ScriptSuite(id="s", names=("f",), setup=setup, tests=tuple(ScriptTest(code=code) for code in codes))


def test_texts_and_calls_are_those_of_the_tests(sandbox: LocalSandbox, oracle: Oracle) -> None:
    """Each once, in order, with the expected answer; equal values of two types are two inputs."""
    stdio = StdioSuite(id="s", tests=tuple(StdioTest(stdin=text, stdout=text) for text in ("b", "é", "b")))
    found = observe(stdio, "", sandbox, oracle)
    assert found == (Observed(Stdin(b"b"), b"b"), Observed(Stdin("é".encode()), "é".encode()))
    tests = (CallTest(args=(1,), expected=2), CallTest(args=(1.0,), expected=2.0), CallTest(args=(1,), expected=2))
    calls = observe(CallSuite(id="s", entry_point="f", tests=tests), DOUBLE, sandbox, oracle)
    assert [(repr(item.input.args), item.answer) for item in calls if isinstance(item.input, Call)] == [
        ("(1,)", 2),
        ("(1.0,)", 2.0),
    ]


def test_test_code_is_watched_while_it_calls_the_reference(sandbox: LocalSandbox, oracle: Oracle) -> None:
    """Calls from loops and helpers, by position and by name, with what came back; a call that raises is left out."""
    setup = "def check(function):\n    for number in range(2):\n        assert function(number) == 2 * number\n"
    error = "try:\n    f()\nexcept TypeError:\n    pass\n"
    found = observe(_script("check(f)", "assert f('a', by=3) == 'aaa'", error, setup=setup), DOUBLE, sandbox, oracle)
    assert [item.input for item in found] == [
        Call(function="f", args=(0,)),
        Call(function="f", args=(1,)),
        Call(function="f", args=("a",), kwargs={"by": 3}),
    ]
    assert [item.answer for item in found] == [0, 2, "aaa"]


def test_an_interactive_suite_shows_nothing(sandbox: LocalSandbox, oracle: Oracle) -> None:
    """What a test holds is for its interactor: a program that is given that has nothing to do with the problem."""
    interactor = JudgeProgram(code="def interact(*_): return True")
    suite = StdioSuite(id="s", tests=(StdioTest(stdin="1", stdout=""),), interactor=interactor)
    assert observe(suite, "print(input())", sandbox, oracle) == ()


def test_a_reference_that_does_not_compile_shows_nothing(sandbox: LocalSandbox, oracle: Oracle) -> None:
    """There are no calls to watch then."""
    assert observe(_script("assert f(1) == 2"), "def f(", sandbox, oracle) == ()


def test_what_is_observed_is_not_shown() -> None:
    """Neither input nor answer is in the repr."""
    assert "7310" not in repr(Observed(Stdin(b"7310"), b"7310"))


def test_keys_tell_inputs_apart() -> None:
    """By function, arguments, their types and names."""
    calls = [
        Call(function="f", args=(1,)),
        Call(function="g", args=(1,)),
        Call(function="f", args=(True,)),
        Call(function="f", args=([1],)),
        Call(function="f", kwargs={"a": 1}),
    ]
    assert len(set(map(input_key, calls))) == len(calls)
