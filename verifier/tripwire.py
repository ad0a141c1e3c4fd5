"""A test that no program can pass. Should one pass it, the judge is broken: nothing that it says counts.

A tripwire is the suite once more, up to a test that the submission has just passed, with an expected value there that
is random. It is judged as every suite is, in a job of its own after the grading: so the grade, its time-outs and what
the program remembers from call to call stay what they are without it. No program can tell the two apart: each of its
processes is given what a grading gives it. Where processes are not shared, only that one test is run again.

Where test code decides there is no expected value to change. The test gets one more assert, of two random texts that
differ: that asserts are carried out, and failures reported, is what it proves. Where a checker or an interactor
decides, a checker that compares two such texts has the last word.
"""

from __future__ import annotations

import contextlib
import random
import secrets
from typing import Any

import msgspec

from sandbox import Sandbox, SandboxError
from testsuites import (
    AnySuite,
    CallSuite,
    CallTest,
    JudgeProgram,
    ScriptSuite,
    ScriptTest,
    StdioSuite,
    StdioTest,
    SuiteInvalid,
)
from verifier.judging import judge
from verifier.oracle import Oracle
from verifier.report import Report
from verifier.verdict import Verdict

QUARANTINED = (
    "tripwire: a test that no program can pass was passed, so the judge is broken or betrayed and judges nothing more; "
    "distrust the rewards before this, find the cause, then start anew"
)
"""Why a verifier does not judge."""

_CHANCE = random.SystemRandom()  # a seed of the caller's, or a fork, must not make it foreseeable


def due(rate: float) -> bool:
    """Draw whether a grading carries a tripwire; `rate` is the share that does, 0..1."""
    return _CHANCE.random() < rate


def is_tripped(suite: AnySuite, answer: str, report: Report, sandbox: Sandbox, oracle: Oracle) -> bool:
    """Run a tripwire beside a grading that is over; return whether it was passed.

    Nothing is run where no test was accepted: then there is no reward to guard, and no input on which the program is
    known to end. A fault of the sandbox leaves the question open, and the grade as it is.

    Args:
        suite: what the answer was graded against.
        answer: the model's text.
        report: what the grading found.
        sandbox: where the submission ran.
        oracle: where the test code ran.
    """
    accepted = [number for number, test in enumerate(report.tests) if test.verdict is Verdict.ACCEPTED]
    if not accepted:
        return False
    with contextlib.suppress(SandboxError, SuiteInvalid, OSError):
        tripwire = armed(suite, _CHANCE.choice(accepted))
        return judge(tripwire, answer, sandbox, oracle).tests[-1].verdict is Verdict.ACCEPTED
    return False


def armed(suite: AnySuite, number: int) -> AnySuite:
    """Return the suite up to test `number` (from 0), which no program can pass, as the last of its tests.

    Tests before it are left out where each has a process of its own.
    """
    match suite:
        case StdioSuite(checker=None, interactor=None):
            return msgspec.structs.replace(suite, tests=(_unpassable_output(suite.tests[number]),))
        case StdioSuite():
            return msgspec.structs.replace(suite, tests=(suite.tests[number],), checker=_refusing_checker())
        case CallSuite():
            calls_before = () if suite.fresh else suite.tests[:number]
            return msgspec.structs.replace(suite, tests=(*calls_before, _unpassable_call(suite.tests[number])))
        case ScriptSuite():
            last = _unpassable_code(suite.tests[number])
            return msgspec.structs.replace(suite, tests=(*suite.tests[:number], last))


def _unpassable_output(test: StdioTest) -> StdioTest:
    return msgspec.structs.replace(test, stdout=_text())


def _refusing_checker() -> JudgeProgram:
    return JudgeProgram(code=f"def check(*_): return {_text()!r} == {_text()!r}")


def _unpassable_call(test: CallTest) -> CallTest:
    return msgspec.structs.replace(test, expected=_unpassable_value(test.expected), also_accepted=())


def _unpassable_code(test: ScriptTest) -> ScriptTest:
    return msgspec.structs.replace(test, code=f"{test.code}\nassert {_text()!r} == {_text()!r}\n")


def _unpassable_value(expected: Any) -> Any:
    """Return a value of the same kind that cannot be foreseen, so that the same comparison is put to the test.

    There is no random float in it: a suite's tolerance may accept many.
    """
    kind = type(expected)
    if kind is int:
        return secrets.randbits(256) | 1 << 256  # equals no float (`verifier.comparing.values`)
    if kind in (list, tuple) and expected:
        place = _CHANCE.randrange(len(expected))
        return kind((*expected[:place], _text(), *expected[place + 1 :]))
    if kind is dict and expected:
        return {**expected, _CHANCE.choice(list(expected)): _text()}
    return _text()


def _text() -> str:
    """Return 32 random bytes in hexadecimal; the letter before them keeps them from being read as a number."""
    return "x" + secrets.token_hex(32)
