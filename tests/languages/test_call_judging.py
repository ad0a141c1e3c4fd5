"""Call suites and weak scripts in other languages, from the answer to the grade."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.languages.needs import need
from testsuites import CallSuite, ScriptSuite, SuiteInvalid, inline_suite
from testsuites.model import CallTest, ScriptTest, SuiteLimits
from testsuites.rules import check_suite
from verifier import Grade, Verifier
from verifier.calibrating.bench import Bench

_LIMITS = SuiteLimits(cpu_seconds=0.5)


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    """One for all tests, which keeps what was built."""
    with Verifier(workers=1, speed=1.0) as made:
        yield made


def _adding(**changes: Any) -> CallSuite:
    fields = {
        "id": "add",
        "language": "javascript",
        "entry_point": "add",
        "signature": "add(a: int, b: int) -> int",
        "limits": _LIMITS,
        "tests": (CallTest(args=(1, 2), expected=3), CallTest(args=(-1, 1), expected=0)),
    }
    return CallSuite(**{**fields, **changes})


def _weak(code: str, **changes: Any) -> ScriptSuite:
    fields = {"id": "weak", "language": "javascript", "names": ("add",), "limits": _LIMITS, "integrity": "weak"}
    return ScriptSuite(**{**fields, **changes}, tests=(ScriptTest(code=code),))


def _verdicts(grade: Grade) -> list[str]:
    return [str(test.verdict) for test in grade.tests]


@pytest.mark.parametrize(
    ("program", "verdicts"),
    [
        ("const add = (a, b) => a + b;", ["accepted", "accepted"]),
        ("const add = (a, b) => a - b;", ["wrong_answer", "wrong_answer"]),
        ("const add = (a, b) => (b === 1 ? missing : a + b);", ["accepted", "runtime_error"]),
        ("const add = (a, b) => { for (;;); };", ["time_limit_exceeded", "time_limit_exceeded"]),
        ("const add = (a, b) => {", ["compile_error", "compile_error"]),
        (
            "const add = () => ({ [Symbol.toPrimitive]: () => 3, valueOf: () => 3 });",
            ["runtime_error", "runtime_error"],
        ),
    ],
)
def test_calls_are_judged_by_their_values(verifier: Verifier, program: str, verdicts: list[str]) -> None:
    """The last of them is an object that equals whatever it is compared with in its own language: it is no data."""
    need("javascript")
    grade = verifier.grade(f"```js\n{program}\n```", _adding())
    assert (_verdicts(grade), grade.integrity) == (verdicts, "strong")


def test_a_suite_in_a_row_has_a_signature(verifier: Verifier) -> None:
    """As it has a function's name."""
    need("javascript")
    row = {"inputs": [[1.5], [2]], "outputs": [3.0, 4], "fn_name": "twice", "language": "javascript"}
    with pytest.raises(SuiteInvalid, match="signature: calls in javascript need one"):
        inline_suite(row)
    grade = verifier.grade("const twice = (x) => 2 * x;", {**row, "signature": "twice(x: float) -> float"})
    assert _verdicts(grade) == ["accepted", "accepted"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"signature": ""}, "signature: calls in javascript need one"),
        ({"signature": "sum(a: int) -> int"}, "signature: must begin with the entry point"),
        ({"tests": (CallTest(args=(1,), kwargs={"b": 1}, expected=1),)}, "take no kwargs"),
    ],
)
def test_a_suite_that_cannot_be_called_is_refused(changes: dict[str, Any], message: str) -> None:
    """When it is read, whatever is known then."""
    with pytest.raises(SuiteInvalid, match=message):
        check_suite(_adding(**changes), "add")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"signature": "add(a: int, b: int) -> integer"}, "add: signature: expected a type"),
        ({"signature": "add(a: int) -> int"}, r"tests\[0\].args: the signature takes 1"),
        ({"signature": "add(a: int, b: string) -> int"}, r"tests\[0\].args\[1\]: is no string"),
        ({"signature": "add(a: int, b: int) -> list<int>"}, r"tests\[0\].expected: is no list"),
    ],
)
def test_tests_that_do_not_fit_the_signature_are_the_suites_fault(
    verifier: Verifier, changes: dict[str, Any], message: str
) -> None:
    """No submission is blamed for them, and no value is in the message."""
    with pytest.raises(SuiteInvalid, match=message) as caught:
        verifier.grade("const add = (a, b) => a + b;", _adding(**changes))
    assert "-1" not in str(caught.value)


_TEST = "console.assert(add(1, 2) === 3);\nconsole.assert(add(-1, 1) === 0);"


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        ("const add = (a, b) => a + b;", "accepted"),
        ("const add = (a, b) => { console.log(a); return a + b; };", "accepted"),
        ("const add = (a, b) => a - b;", "runtime_error"),
        ("const add = (a, b) => process.exit(0);", "wrong_answer"),
        ("const add = (a, b) => { for (;;); };", "time_limit_exceeded"),
        ("const add = (a, b) => {", "compile_error"),
        # The attack that makes such suites weak: it reads the word that is to be written at the end, and writes it.
        ('process.stdout.write(require("fs").readFileSync(0)); process.exit(0); const add = 0;', "accepted"),
    ],
)
def test_test_code_in_the_solutions_process_is_marked_weak(verifier: Verifier, program: str, verdict: str) -> None:
    """A program that just ends itself is found out, and one that makes an effort is not: so each grade says it."""
    need("javascript")
    grade = verifier.grade(f"```js\n{program}\n```", _weak(_TEST))
    assert (_verdicts(grade), grade.integrity) == ([verdict], "weak")
    assert "console.assert" not in grade.message


def test_what_does_not_compile_shows_no_test_code(verifier: Verifier) -> None:
    """Compilers quote lines, and these would be hidden ones."""
    need("go")
    test = 'func rlvrTest() { if Add(1, 2) != "secret" { panic(1) } }'
    grade = verifier.grade("```go\nfunc Add(a, b int) int { return a + b }\n```", _weak(test, language="go"))
    assert _verdicts(grade) == ["compile_error"]
    assert grade.message == "the program does not compile with the test code"


@pytest.mark.parametrize(("language", "integrity"), [("javascript", ""), ("python", "weak")])
def test_weak_is_said_where_it_is_so_and_nowhere_else(language: str, integrity: str) -> None:
    """An author has to ask for it, and cannot get it for Python, where there is better."""
    with pytest.raises(SuiteInvalid, match="integrity: must be"):
        check_suite(_weak("", language=language, integrity=integrity), "weak")


def test_a_suite_with_an_impossible_signature_is_wrong_in_the_quick_way_too() -> None:
    """It is not taken for a language that is not served, which would end the work on all other suites."""
    with Bench(1, speed=1.0) as bench:
        suite = _adding(signature="add(a: int, b: int) -> itn")
        with pytest.raises(SuiteInvalid, match="add: signature: expected a type"):
            bench.report(suite, "const add = (a, b) => a + b;")
        assert not bench.accepts(suite, "const add = (a, b) => a + b;")
