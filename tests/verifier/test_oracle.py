"""Test code judges a solution that it cannot be reached by.

Each attack is first run against a grader that does what most do: the program and the test code in one interpreter.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest

from sandbox import Call, Limits, LocalSandbox, Program, Run, SandboxLost, Status
from sandbox.fake import FakeSandbox, FakeSession
from sandbox.job import MEBIBYTE
from sandbox.protocol import Foresee, nothing_foreseen
from tests.verifier.answers import fenced, script
from testsuites import ScriptSuite, ScriptTest, SuiteInvalid, SuiteLimits
from verifier import oracle as oracle_module
from verifier.judging import judge
from verifier.oracle import Oracle
from verifier.report import Report
from verifier.verdict import Verdict

QUICK = SuiteLimits(cpu_seconds=0.3, memory_mb=100, output_mb=1)
SPIN = "while True: pass"


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    """Real processes for test code."""
    oracle = Oracle(1)
    yield oracle
    oracle.close()


class Bench(NamedTuple):
    """Where solutions and test code run."""

    sandbox: LocalSandbox
    oracle: Oracle

    def report(self, suite: ScriptSuite, program: str) -> Report:
        """Judge a program."""
        return judge(suite, fenced(program), self.sandbox, self.oracle)

    def verdicts(self, suite: ScriptSuite, program: str) -> list[str]:
        """Judge a program; return the verdict on each test."""
        return [str(test.verdict) for test in self.report(suite, program).tests]


@pytest.fixture
def bench(sandbox: LocalSandbox, oracle: Oracle) -> Bench:
    """Both, ready."""
    return Bench(sandbox, oracle)


def naive_exit_code(program: str, suite: ScriptSuite) -> bool:
    """Grade as most do: one interpreter for both texts, and exit code 0 means passed."""
    return _run_together(program, suite).returncode == 0


def naive_marker(program: str, suite: ScriptSuite) -> bool:
    """Grade as some others do: the same, and the last line printed means passed."""
    return _run_together(program, suite, "print('ALL PASSED')").stdout.endswith(b"ALL PASSED\n")


def _run_together(program: str, suite: ScriptSuite, last: str = "") -> subprocess.CompletedProcess[bytes]:
    text = "\n".join([program, suite.setup, *(test.code for test in suite.tests), last])
    return subprocess.run([sys.executable, "-I", "-c", text], capture_output=True, timeout=60, check=False)


SQUARES = script(
    "check(f)",
    setup="""def check(candidate):
    expected = {3: 9, 0: 0}
    assert candidate(3) == expected[3]
    assert candidate(0) == 0
""",
)
UNITTEST = script(
    "case = Squares(); case.test_three(); case.test_zero()",
    setup="""import unittest
class Squares(unittest.TestCase):
    def test_three(self):
        self.assertEqual(f(3), 9)
    def test_zero(self):
        self.assertAlmostEqual(f(0), 0)
        self.assertTrue(f(1) == 1)
""",
)
WRONG = "def f(x): return 7"
LIAR = """class Liar{base}:
    __eq__ = lambda *_: True
    __ne__ = lambda *_: False
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda *_: True
    __hash__ = lambda *_: hash({hashed})
    __sub__ = __rsub__ = __add__ = __abs__ = __round__ = lambda *_: 0
    __len__ = lambda *_: 2
    __iter__ = lambda *_: iter(())
    __bool__ = lambda *_: {truth}
    strip = lower = split = lambda self, *_: self
def f(x): return {made}
"""


def lying(test: str, made: str = "Liar()", base: str = "", hashed: str = "9", truth: bool = True) -> tuple[str, str]:
    """Return a program that answers with a liar, and the test that it is to fool."""
    return LIAR.format(base=base, made=made, hashed=hashed, truth=truth), test


LIES = {
    "equal to a number": lying("assert f(3) == 9"),
    "equal from the right": lying("assert 9 == f(3)"),
    "not unequal": lying("assert not f(3) != 9"),
    "less and more": lying("assert 8 < f(3)\nassert f(3) < 10"),
    "close": lying("assert abs(f(3) - 9) < 1e-6"),
    "in a list": lying("assert f(3) in [9]"),
    "in a set": lying("assert f(3) in {9}"),
    "a key": lying("assert {9: True}[f(3)]"),
    "an int": lying("assert isinstance(f(3), int) and f(3) == 9", "Liar(7)", "(int)"),
    "a float": lying("assert f(3) == 9.0", "Liar(7)", "(float)"),
    "a str": lying("assert f(3).strip().lower() == 'nine'", "Liar('seven')", "(str)"),
    "bytes": lying("assert f(3) == b'nine'", "Liar(b'seven')", "(bytes)"),
    "a list": lying("assert f(3) == [9]", "Liar([7])", "(list)"),
    "its length": lying("assert len(f(3)) == 2", "Liar([7])", "(list)"),
    "its items": lying("assert all(a == b for a, b in zip(f(3), [9]))", "Liar([7])", "(list)"),
    "its truth": lying("assert not f(3)", "Liar([7])", "(list)", truth=False),
    "a tuple": lying("assert f(3) == (9,)", "Liar([7])", "(tuple)"),
    "a dict": lying("assert f(3) == {9: 9}", "Liar({7: 7})", "(dict)"),
    "what it contains": lying("assert 9 in f(3)", "Liar({7: 7})", "(dict)"),
    "a set": lying("assert f(3) == {9}", "Liar({7})", "(set)"),
    "a frozenset": lying("assert f(3) == frozenset({9})", "Liar({7})", "(frozenset)"),
    "inside a list": lying("assert f(3) == [9]", "[Liar()]"),
    "inside a dict": lying("assert f(3) == {'a': 9}", "{'a': Liar()}"),
    "its class": (
        "class Liar:\n    __class__ = int\n    __eq__ = lambda *_: True\ndef f(x): return Liar()",
        "assert isinstance(f(3), int)\nassert f(3) == 9",
    ),
}


@pytest.mark.parametrize(("program", "test"), LIES.values(), ids=LIES)
def test_an_object_that_lies_pays_nothing(bench: Bench, program: str, test: str) -> None:
    """B1: the test code is fooled in the liar's own interpreter, and sees plain data or a stranger from here."""
    suite = script(test)
    assert naive_exit_code(program, suite)
    assert bench.report(suite, program).credit == 0.0


EXITS = {
    f"A1 {way}, {place}": (SQUARES, program.format(way=way))
    for way in ("exit(0)", "quit()", "raise SystemExit", "import sys; sys.exit(0)", "import os; os._exit(0)")
    for place, program in (("at import", "{way}"), ("in a call", "def f(x): {way}"))
}
PATCHES = {
    f"B2 {name}": (
        script(test, setup="import json, math, operator"),
        f"import builtins, json, math, operator\n{program}",
    )
    for name, test, program in (
        ("operator", "assert operator.eq(f(3), 9)", f"operator.eq = lambda *_: True\n{WRONG}"),
        ("all", "assert all(f(n) == n * n for n in range(3))", f"builtins.all = lambda _: True\n{WRONG}"),
        ("abs", "assert abs(f(3) - 9) < 1e-6", f"builtins.abs = lambda _: 0\n{WRONG}"),
        ("isinstance", "assert isinstance(f(3), str)", f"builtins.isinstance = lambda *_: True\n{WRONG}"),
        ("sorted", "assert sorted([f(1), f(2)]) == [1, 4]", f"builtins.sorted = lambda _: [1, 4]\n{WRONG}"),
        ("len", "assert len(f(3)) == 2", "builtins.len = lambda _: 2\ndef f(x): return [7]"),
        ("zip", "assert not [1 for a, b in zip([f(3)], [9]) if a != b]", f"builtins.zip = lambda *_: []\n{WRONG}"),
        ("str", "assert str(f(3)) == '9'", f"builtins.str = lambda _: '9'\n{WRONG}"),
        ("math", "assert math.isclose(f(3), 9)", f"math.isclose = lambda *_: True\n{WRONG}"),
        ("json", "assert json.dumps(f(3)) == '9'", f"json.dumps = lambda _: '9'\n{WRONG}"),
    )
}
BY_EXIT_CODE = {
    **EXITS,
    **PATCHES,
    "A2 atexit": (SQUARES, f"import atexit, os\natexit.register(os._exit, 0)\n{WRONG}"),
    "A2 excepthook": (SQUARES, f"import os, sys\nsys.excepthook = lambda *_: os._exit(0)\n{WRONG}"),
    "A3 skip": (
        script(
            "result = unittest.TestResult()\nSquares('test_three').run(result)\nassert result.wasSuccessful()",
            setup=UNITTEST.setup,
        ),
        "import unittest\ndef f(x): raise unittest.SkipTest",
    ),
    "A4 a decorator that waits": (SQUARES, f"{WRONG}\n@lambda check: lambda candidate: None"),
    "A6 another program": (SQUARES, "import os\nos.execv('/bin/true', ['true'])"),
    "B2 unittest": (
        UNITTEST,
        "import unittest\nfor name in ('assertEqual', 'assertAlmostEqual', 'assertTrue'):\n"
        f"    setattr(unittest.TestCase, name, lambda *_: None)\n{WRONG}",
    ),
    "B3 the caller's variables": (SQUARES, "import sys\ndef f(x): return sys._getframe(1).f_locals['expected'][x]"),
    "B3 the caller's code": (
        script("def test():\n    assert f(3) == 1234567\ntest()"),
        "import sys\ndef f(x): return max(c for c in sys._getframe(1).f_code.co_consts if isinstance(c, int))",
    ),
    "C1 inspect": (SQUARES, "import inspect\ndef f(x): return inspect.stack()[1].frame.f_locals['expected'][x]"),
    "C1 the collector": (
        script("assert f(3) == EXPECTED['three']", setup="EXPECTED = {'three': [1234567]}"),
        "import gc\n"
        "def f(x):\n    return next(o['three'] for o in gc.get_objects() if type(o) is dict if 'three' in o)",
    ),
    "C1 referrers": (
        script("assert f(3) == EXPECTED", setup="EXPECTED = [1234567]\nKEPT = ['here', EXPECTED]"),
        "import gc\n"
        "def f(x):\n    return next(o for o in gc.get_objects() if type(o) is list and o[:1] == ['here'])[1]",
    ),
    "C1 the main module": (
        script("assert f(3) == EXPECTED", setup="EXPECTED = [1234567]"),
        "import sys\ndef f(x): return sys.modules['__main__'].EXPECTED",
    ),
    "C6 an argument": (
        script("given = [3, 1]\nassert f(given) == sorted(given)"),
        "def f(x):\n    x.clear()\n    return []",
    ),
}
EVERYWHERE = "import os\nfor number in range(32):\n    try: os.write(number, {text!r})\n    except OSError: pass\n"
FRAME = len(text := b'["end","passed",""]').to_bytes(4, "big") + text
"""What the test code's process would say to the judge."""
BY_MARKER = {
    "E1 the last word": (SQUARES, EVERYWHERE.format(text=b"ALL PASSED\n") + "os._exit(0)"),
    "E1 and an honest face": (SQUARES, f"{WRONG}\n{EVERYWHERE.format(text=FRAME + FRAME)}print('ALL PASSED')"),
    "E1 at exit": (SQUARES, f"import atexit\natexit.register(print, 'ALL PASSED')\n{WRONG}"),
}


def test_both_naive_graders_tell_right_from_wrong() -> None:
    """They are fooled below by attacks, not by everything."""
    for naive in (naive_exit_code, naive_marker):
        assert naive("def f(x): return x * x", SQUARES)
        assert not naive(WRONG, SQUARES)


@pytest.mark.parametrize(("suite", "program"), BY_EXIT_CODE.values(), ids=BY_EXIT_CODE)
def test_an_attack_on_the_interpreter_pays_nothing(bench: Bench, suite: ScriptSuite, program: str) -> None:
    """What ends with exit code 0 beside its tests earns nothing apart from them."""
    assert naive_exit_code(program, suite)
    assert bench.report(suite, program).credit == 0.0


@pytest.mark.parametrize(("suite", "program"), BY_MARKER.values(), ids=BY_MARKER)
def test_forged_words_pay_nothing(bench: Bench, suite: ScriptSuite, program: str) -> None:
    """E1: whatever is written, and to whichever descriptor, is no verdict."""
    assert naive_marker(program, suite)
    assert bench.report(suite, program).credit == 0.0


@pytest.mark.parametrize("suite", [SQUARES, UNITTEST], ids=["check", "unittest"])
def test_the_right_solution_is_accepted(bench: Bench, suite: ScriptSuite) -> None:
    """The suites that the attacks fail can be passed, whatever else the program patches or prints."""
    program = (
        "import operator, unittest\noperator.eq = unittest.TestCase = None\nprint('ALL PASSED')\ndef f(x): return x * x"
    )
    report = bench.report(suite, program)
    assert (report.verdict, report.credit) == (Verdict.ACCEPTED, 1.0)


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        ("def f(x): return x * x", "accepted"),
        (WRONG, "wrong_answer"),
        ("def f(x): return None", "wrong_answer"),
        ("def f(x): return object()", "wrong_answer"),
        ("def f(x): return 1 // 0", "runtime_error"),
        ("def f(x): assert False", "runtime_error"),
        ("def f(x): raise type('Odd', (Exception,), {})", "runtime_error"),
        ("def f(): return 9", "runtime_error"),
        ("def g(x): return 9", "runtime_error"),
        ("raise ValueError", "runtime_error"),
        ("import os\ndef f(x): os._exit(3)", "runtime_error"),
        ("import os\ndef f(x): os.kill(os.getpid(), 9)", "runtime_error"),
        (f"def f(x):\n    {SPIN}", "time_limit_exceeded"),
        ("def f(x): return len('x' * 200_000_000)", "memory_limit_exceeded"),
        ("def f(x): raise MemoryError", "memory_limit_exceeded"),
        ("def f(x): return 'x' * 2_000_000", "output_limit_exceeded"),
        ("import os\ndef f(x): os.write(4, b'\\0\\0\\0\\4four')", "security_violation"),
        ("def f(x) return 9", "compile_error"),
    ],
)
def test_each_end_has_its_verdict(bench: Bench, program: str, verdict: str) -> None:
    """How a call ends, and what an assert makes of its value, decide the test."""
    suite = script("assert f(3) == 9", "assert f(4) == 16", limits=QUICK)
    assert bench.verdicts(suite, program) == [verdict] * 2


@pytest.mark.parametrize("kind", ["ExceptionGroup", "BaseExceptionGroup"])
def test_a_group_of_exceptions_is_an_exception(bench: Bench, kind: str) -> None:
    """Whatever a solution raises is a runtime error."""
    assert bench.verdicts(script("f(3)"), f"def f(x): raise {kind}('', [ValueError()])") == ["runtime_error"]


def test_tests_are_judged_one_by_one(bench: Bench) -> None:
    """A failure, a crash and a limit leave the tests after them alone; details say what happened."""
    suite = script(*(f"assert f({number}) == {number}" for number in range(5)), limits=QUICK)
    program = "def f(x):\n    if x == 1: return 7\n    if x == 2: raise KeyError\n    while x == 3: pass\n    return x"
    results = bench.report(suite, program).tests
    assert [test.verdict for test in results] == [
        "accepted", "wrong_answer", "runtime_error", "time_limit_exceeded", "accepted"
    ]  # fmt: skip
    limit = 0.3 / bench.sandbox.speed
    slow = results[3].detail.removeprefix("processor time ").removesuffix(f" s, limit {limit:.2f} s")
    assert [test.detail for test in results if test is not results[3]] == ["", "", "KeyError", ""]
    assert 1.5 * limit < results[3].cpu_seconds <= float(slow) < 4 * limit


def test_an_exception_may_be_what_is_expected(bench: Bench) -> None:
    """The test code sees the nearest built-in class and the text, and may catch it."""
    suite = script("try:\n    f(3)\nexcept ValueError as error:\n    assert str(error) == 'odd'\nelse:\n    assert 0")
    odd = "class Odd(ValueError): pass\ndef f(x): raise "
    assert bench.verdicts(suite, odd + "Odd('odd')") == ["accepted"]
    assert bench.verdicts(suite, odd + "Odd('even')") == ["wrong_answer"]
    assert bench.verdicts(suite, odd + "KeyError('odd')") == ["runtime_error"]
    assert bench.verdicts(suite, "def f(x): return 3") == ["wrong_answer"]


def test_an_object_counts_by_its_truth(bench: Bench) -> None:
    """What is no plain data is as true or false as it says, for tests that ask no more."""
    program = "import re\ndef f(x): return re.match('a', x)"
    assert bench.verdicts(script("assert f('a')", "assert not f('b')"), program) == ["accepted"] * 2


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        (f"def f(x):\n    {SPIN}", "time_limit_exceeded"),
        ("import time\ndef f(x): time.sleep(60)", "time_limit_exceeded"),
        ("def f(x): return len('x' * 200_000_000)", "memory_limit_exceeded"),
        ("def f(x): return 'x' * 2_000_000", "output_limit_exceeded"),
        ("import os\ndef f(x): os._exit(0)", "runtime_error"),
        ("import os\ndef f(x): os.write(4, b'\\0\\0\\0\\4four')", "security_violation"),
    ],
)
@pytest.mark.parametrize(
    "test",
    ["try:\n    f(3)\nexcept BaseException:\n    pass", "try:\n    f(3)\nfinally:\n    f = lambda x: 9\n    f(3)"],
    ids=["swallowed", "replaced"],
)
def test_a_limit_wins_over_what_the_test_code_makes_of_it(bench: Bench, test: str, program: str, verdict: str) -> None:
    """Test code that expects an exception does not take a limit for one."""
    assert bench.verdicts(script(test, limits=QUICK), program) == [verdict]


def test_the_strongest_limit_decides(bench: Bench) -> None:
    """A test whose calls meet two limits gets the verdict that outranks the other."""
    swallow = "for n in range(2):\n    try: f(n)\n    except BaseException: pass"
    program = "def f(x):\n    while x: pass\n    return 'x' * 2_000_000"
    assert bench.verdicts(script(swallow, limits=QUICK), program) == ["time_limit_exceeded"]


def test_calls_of_one_test_share_its_processor_time(bench: Bench) -> None:
    """Five calls of 0.12 s pass a limit of 0.3 s together, in one test; in five they do not."""
    slow = (
        "import time\ndef f(x):\n    end = time.process_time() + 0.12\n"
        "    while time.process_time() < end: pass\n    return x"
    )
    together = script("assert [f(n) for n in range(5)] == [0, 1, 2, 3, 4]", limits=QUICK)
    apart = script(*["assert f(1) == 1"] * 5, limits=QUICK)
    assert bench.verdicts(together, slow) == ["time_limit_exceeded"]
    assert bench.verdicts(apart, slow) == ["accepted"] * 5


def test_a_test_may_not_call_for_ever(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of calls in one test is bounded, and each test has a count of its own."""
    monkeypatch.setattr(oracle_module, "_MOST_CALLS", 20)
    program = "def f(x): return x"
    assert bench.verdicts(script(*["for n in range(20): f(n)"] * 2), program) == ["accepted"] * 2
    endless = script("while True:\n    try: f(1)\n    except Exception: pass", "f(1)")
    assert bench.verdicts(endless, program) == ["time_limit_exceeded", "accepted"]


@pytest.mark.parametrize(
    ("suite", "message"),
    [
        (script("'s3cret'.nope\nf(1)", "f(1)"), "script: test 1 is broken: it raises AttributeError before it calls"),
        (script("f(1)", "s3cret ="), "script: test 2 is broken: it raises SyntaxError before it calls"),
        (script("import s3cret"), "script: test 1 is broken: it raises ModuleNotFoundError before it calls"),
        (script("import os; s3cret = 1; os._exit(0)"), "script: test 1 is broken: its process ends before it calls"),
        (script("f(object())"), "script: test 1 is not supported: it gives the program an object that is neither data"),
        (script("f(1)", setup="s3cret"), "script: the test code's setup raises NameError"),
        (script("f(1)", setup="s3cret ="), "script: the test code's setup does not compile"),
        (script("f(1)", setup="import os; s3cret = os._exit(0)"), "script: the test code's setup raises"),
        (
            ScriptSuite(id="a/b", names=("f",), tests=(ScriptTest(code="assert 's3cret' == 1", name="second"),)),
            "a/b: test second is broken: it raises AssertionError before it calls the solution",
        ),
    ],
)
def test_broken_test_code_is_the_suites_fault(bench: Bench, suite: ScriptSuite, message: str) -> None:
    """The message names suite, test and exception, and quotes no code; the solution is not judged."""
    with pytest.raises(SuiteInvalid, match=f"^{message}") as caught:
        bench.report(suite, "def f(x): return x")
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("tests", [["pass"], ["assert True", "g = f"]])
def test_tests_that_never_call_the_solution_are_the_suites_fault(bench: Bench, tests: list[str]) -> None:
    """Invariant I6: a suite that asks nothing is no pass for everybody."""
    with pytest.raises(SuiteInvalid, match=r"^script: "):
        bench.report(script(*tests), WRONG)


DEEP = "[" * 99 + "]" * 99
"""As deep as a value may be; no deeper one can be sent."""

SHARED = [
    pytest.param(script("answer = f(3)", "assert answer == 9"), "def f(x): return 7", id="a value"),
    pytest.param(
        script("KEPT.append(f(3))", "b = bytearray(KEPT[0])\nf(1)", setup="KEPT = []"),
        "def f(x): return 10**15",
        id="memory",
    ),
    pytest.param(
        script("KEPT.append(f(3))", "while KEPT[0]: pass\nf(1)", setup="KEPT = []"), "def f(x): return 1", id="time"
    ),
]


@pytest.mark.parametrize(("suite", "program"), SHARED)
def test_what_an_earlier_test_was_given_breaks_no_later_one(
    bench: Bench, suite: ScriptSuite, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invariant I7: tests share a namespace, so a wrong answer may fail a later test; it is judged all the same."""
    monkeypatch.setattr(oracle_module, "ORACLE_LIMITS", Limits(cpu_seconds=0.3))
    report = bench.report(suite, program)
    assert report.tests[1].verdict not in (Verdict.ACCEPTED, Verdict.JUDGE_ERROR)


@pytest.mark.parametrize("test", ["assert f(f(3)) == 81", "assert f([f(3)]) == 81"])
@pytest.mark.parametrize("answer", ["object()", DEEP], ids=["object", "deep"])
def test_an_answer_that_cannot_be_sent_back_is_judged(bench: Bench, test: str, answer: str) -> None:
    """Invariant I7: test code that hands an answer on is not broken by what the answer is."""
    assert bench.report(script(test), f"def f(x): return {answer}").credit == 0.0


def test_a_value_too_deep_to_be_passed_on_is_judged(bench: Bench) -> None:
    """Invariant I7: a forged frame that can be read and not written again is the solution's doing."""
    program = """
import os, sys
def f(x):
    text = ('[%d,["value",' % sys._getframe(1).f_locals["number"] + '[' * 150 + ']' * 150 + ']]').encode()
    os.write(4, len(text).to_bytes(4, 'big') + text)
    while True: pass
"""
    report = bench.report(script("assert f(3) == 9", limits=QUICK), program)
    assert report.credit == 0.0


def test_test_code_that_hangs_on_an_answer_is_stopped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The solution chose the answer, so it is judged; tests that were never reached share the verdict."""
    monkeypatch.setattr(oracle_module, "ORACLE_LIMITS", Limits(cpu_seconds=0.3))
    suite = script("assert f(0) == 0", "n = f(9)\nwhile n: n += 1", "assert f(1) == 1")
    assert bench.verdicts(suite, "def f(x): return x") == ["accepted", *["time_limit_exceeded"] * 2]
    assert bench.verdicts(suite, "def f(x): return x if x < 9 else 0") == ["accepted"] * 3


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("len('x' * f(1))", "memory_limit_exceeded"),
        ("import os\nif f(1): os._exit(0)", "runtime_error"),
        ("import os, signal\nif f(1): os.kill(os.getpid(), signal.SIGSEGV)", "runtime_error"),
    ],
)
def test_an_answer_that_kills_the_test_code_is_judged(
    bench: Bench, test: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory and life of the test code's process are bounded too, and no program may choose not to be judged."""
    monkeypatch.setattr(oracle_module, "ORACLE_LIMITS", Limits(cpu_seconds=5, memory_bytes=100 * MEBIBYTE))
    assert bench.verdicts(script(test), "def f(x): return 200_000_000") == [verdict]
    assert bench.verdicts(script("assert f(1)"), "def f(x): return 200_000_000") == ["accepted"]


class LosingSession(FakeSession):
    """A session whose processes die at the first calls."""

    def __init__(self, losses: int) -> None:
        """Take how many calls are lost."""
        super().__init__(self.reply)
        self.losses = losses
        self.events: list[str] = []

    def reply(self, call: Call) -> Run:
        """Lose the process, or answer."""
        self.losses -= 1
        self.events.append("lost" if self.losses >= 0 else "answered")
        if self.losses >= 0:
            raise SandboxLost("gone")
        return Run(status=Status.FINISHED, value=9)

    def restart(self, *, fresh: bool = False) -> None:
        """Note it."""
        self.events.append("restarted")


class LosingSandbox(FakeSandbox):
    """Opens one `LosingSession`."""

    def __init__(self, losses: int) -> None:
        """Take how many calls are lost."""
        super().__init__()
        self.session = LosingSession(losses)

    def open(self, program: Program, limits: Limits, foresee: Foresee = nothing_foreseen) -> LosingSession:
        """Open it."""
        return self.session


@pytest.mark.parametrize(("losses", "verdict"), [(0, "accepted"), (1, "accepted"), (2, "security_violation")])
def test_a_lost_process_gets_one_more_try(oracle: Oracle, losses: int, verdict: str) -> None:
    """Once is an accident; twice, in fresh processes, is the solution's doing."""
    sandbox = LosingSandbox(losses)
    report = judge(script("assert f(3) == 9", "assert f(4) == 9"), fenced("pass"), sandbox, oracle)
    assert [test.verdict for test in report.tests] == [verdict] * 2
    events = sandbox.session.events
    assert events.count("lost") == losses
    assert {after for event, after in pairwise(events) if event == "lost"} <= {"restarted"}
