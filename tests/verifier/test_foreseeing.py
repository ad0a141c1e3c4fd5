"""Which calls test code makes is found without a solution, where that can be told; a wrong guess changes no grade."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from sandbox import Call, Limits, LocalSandbox, Program, SandboxFault
from sandbox.inside.values import NotPlainData
from sandbox.job import Brought
from sandbox.local import Script
from sandbox.local.sandbox import LocalSession
from tests.verifier.answers import fenced, script
from testsuites import ScriptSuite
from testsuites.directory import DirectoryStore
from verifier import foreseeing
from verifier.calibrating.observing import Recorder
from verifier.foreseeing import Foreseer
from verifier.judging import judge
from verifier.limits import ORACLE_LIMITS
from verifier.oracle import Oracle

STORE = DirectoryStore(Path(__file__).resolve().parents[2] / "testsuites" / "bundled")
BUNDLED = [suite for suite in STORE.ids() if isinstance(STORE.load(suite), ScriptSuite)]


@pytest.fixture(scope="module")
def oracle_sandbox() -> Iterator[LocalSandbox]:
    """Real processes for test code."""
    with LocalSandbox(1) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def foreseer(oracle_sandbox: LocalSandbox) -> Foreseer:
    """One for all tests."""
    return Foreseer(oracle_sandbox)


def calls(foreseer: Foreseer, *tests: str, setup: str = "") -> list[tuple[Any, ...]]:
    """Foresee the calls of tests; return the arguments of each."""
    return [call.args for call in foreseer.calls_of(script(*tests, setup=setup))]


@pytest.mark.parametrize("suite_id", BUNDLED)
def test_the_calls_of_bundled_suites_are_found(sandbox: LocalSandbox, foreseer: Foreseer, suite_id: str) -> None:
    """All that a right solution is asked, in order, with what one call brings to another."""
    suite, reference = STORE.load(suite_id), STORE.reference(suite_id)
    assert isinstance(suite, ScriptSuite)
    assert reference is not None
    oracle = Oracle(1)
    try:
        with sandbox.open(Program(source=reference), Limits()) as session:
            recorder = Recorder(session)
            assert {result.verdict for result in oracle.examine(suite, recorder)} == {"accepted"}
    finally:
        oracle.close()
    values = [run.value for _, run in recorder.calls]
    found = [
        (call.function, tuple(values[arg.call] if isinstance(arg, Brought) else arg for arg in call.args))
        for call in foreseer.calls_of(suite)
    ]
    assert found == [(call.function, call.args) for call, _ in recorder.calls]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("assert f(1) == 2\nassert f(2) == 3", [(1,), (2,)]),
        ("assert tuple(f(1)) == (1,)\nassert set(f(2)) == {1}", [(1,), (2,)]),
        ("assert sorted(f([3, 1])) == [1, 3]", [([3, 1],)]),
        ("assert abs(f(1.5) - 0.5) < 1e-6\nassert round(f(2), 3) == 1", [(1.5,), (2,)]),
        ("import math\nassert math.isclose(f(1), 2, rel_tol=1e-9)\nassert f(2) == 3", [(1,), (2,)]),
        ("for n in range(3):\n    assert f(n) == n, f'{n}: {f(n)}'", [(0,), (1,), (2,)]),
        ("assert [f(n) for n in (1, 2)] == [1, 2]", [(1,), (2,)]),
        ("assert all(f(n) for n in (1, 2))\nassert not f(3)", [(1,), (2,), (3,)]),
        ("assert f(1) is None or f(2)", [(1,), (2,)]),
        ("assert f(1) and f(2) and f(3)", [(1,), (2,), (3,)]),
        ("assert int(f(1)) + float(f(2)) == 3", [(1,), (2,)]),
        ("assert 'x' in f(1)\nassert f(2)[0]['k'] == 1\nassert len(f(3)) == 2", [(1,), (2,), (3,)]),
        ("assert f(1).upper() == 'X'\nassert -f(2) + 1 == 3\nassert 2 ** f(3) % 5 == 1", [(1,), (2,), (3,)]),
        ("assert isinstance(f(1), list)\nassert type(f(2)) is int", [(1,), (2,)]),
        ("result = f(1)\nassert result == 1, 'no'\nassert f(2)", [(1,), (2,)]),
        ("try:\n    f(-1)\n    assert False\nexcept ValueError:\n    pass\nassert f(2)", [(-1,), (2,)]),
        ("assert f(f(1)) == 3", [(1,), (Brought(0),)]),
        ("x = f(1)\ny = f(x)\nassert f(y, x) == 1", [(1,), (Brought(0),), (Brought(1), Brought(0))]),
        ("assert f(1)\nassert f(f(2) + 1) == 3\nassert f(4)", [(1,), (2,), (4,)]),
        ("assert f([f(1)]) == 1\nassert f(2)", [(1,), (2,)]),
        ("import unittest\nt = unittest.TestCase()\nt.assertEqual(f(1), 2)\nt.assertTrue(f(2))", [(1,), (2,)]),
        ("import unittest\nt = unittest.TestCase()\nt.assertAlmostEqual(f(1), 2)\nt.assertIn(1, f(2))", [(1,), (2,)]),
        ("assert f({}, {1: (2,)}, b'x') == f(*[1, 2])", [({}, {1: (2,)}, b"x"), (1, 2)]),
    ],
)
def test_the_calls_of_usual_test_code_are_found(foreseer: Foreseer, code: str, found: list[tuple[Any, ...]]) -> None:
    """As in the public sets of problems: asserts of every shape, tolerances, loops, calls of what came back."""
    assert calls(foreseer, code) == found


def test_a_check_function_is_called(foreseer: Foreseer) -> None:
    """The shape of HumanEval: a function with asserts, in the setup or in the test, called with the solution."""
    check = "def check(candidate):\n    assert candidate([1, 2]) == 1\n    assert candidate([]) is None\n"
    assert calls(foreseer, f"{check}check(f)") == [([1, 2],), ([],)]
    assert calls(foreseer, "check(f)", setup=check) == [([1, 2],), ([],)]


def test_each_test_goes_on_where_another_ends(foreseer: Foreseer) -> None:
    """An error, an unknown name or code that does not compile ends one test, and no other."""
    tests = (
        "assert f(1)\nraise KeyError\nassert f(2)",
        "assert f(3) == unknown",
        "def x(:",
        "a, b = f(4)\nf(5)",
        "f(6)",
    )
    assert calls(foreseer, *tests) == [(1,), (3,), (4,), (6,)]


def test_a_helper_that_wants_an_error_is_satisfied_or_ends_the_test(foreseer: Foreseer) -> None:
    """Nothing raises here: what such helpers call is found, and what comes after one that insists is not."""
    raises = """
class raises:
    def __init__(self, kind): self.kind = kind
    def __enter__(self): return self
    def __exit__(self, kind, error, trace):
        if kind is None: raise RuntimeError("did not raise")
        return issubclass(kind, self.kind)
"""
    insisting = "with raises(ValueError):\n    f(-1)\nassert f(1)"
    assert calls(foreseer, insisting, "assert f(2)", setup=raises) == [(-1,), (2,)]
    refuses = """
def refuses(function, *args):
    try: function(*args)
    except ValueError: return True
    return False
"""
    assert calls(foreseer, "assert refuses(f, -1)\nassert f(1)", setup=refuses) == [(-1,), (1,)]


def test_names_and_keywords_are_kept(foreseer: Foreseer) -> None:
    """Of each function that lives elsewhere."""
    suite = script("assert f(1, key=[2]) == g()\nassert g(x=None)", names=("f", "g"))
    found = [(call.function, call.args, call.kwargs) for call in foreseer.calls_of(suite)]
    assert found == [("f", (1,), {"key": [2]}), ("g", (), {}), ("g", (), {"x": None})]


@pytest.mark.parametrize(
    ("setup", "test"),
    [
        ("def broken(:", "assert f(1)"),
        ("raise KeyError", "assert f(1)"),
        ("", "import os\nos._exit(0)\nassert f(1)"),
        ("", "f(object())"),
    ],
    ids=["does not compile", "raises", "ends its process", "sends no data"],
)
def test_broken_test_code_has_no_calls(foreseer: Foreseer, setup: str, test: str) -> None:
    """And nothing is raised: what is wrong with it is found where it is run in earnest."""
    assert calls(foreseer, test, setup=setup) == []


def test_code_that_asks_without_end_is_stopped(foreseer: Foreseer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop until an answer changes finds none that does; fewer calls are enough here."""
    monkeypatch.setattr(foreseeing, "_MOST_CALLS", 100)
    found = calls(foreseer, "while f(1) != 0: pass", "assert f(2)")
    assert found[0] == (1,)
    assert len(found) == 100


def test_code_that_computes_without_end_is_stopped(oracle_sandbox: LocalSandbox) -> None:
    """After its time, a short one here; what it called before is found."""
    limits = Limits(cpu_seconds=0.2, idle_seconds=0.5)
    names = [name for name, value in vars(foreseeing).items() if isinstance(value, Limits)]
    with mock.patch.multiple(foreseeing, **dict.fromkeys(names, limits)):
        assert calls(Foreseer(oracle_sandbox), "x = f(1)\nwhile x > 0: x -= 1") == [(1,)]
    assert names


def test_the_limits_of_foreseeing_are_those_of_test_code_or_lower() -> None:
    """It is only a guess."""
    (limits,) = [value for value in vars(foreseeing).values() if isinstance(value, Limits)]
    assert limits.cpu_seconds <= ORACLE_LIMITS.cpu_seconds
    assert limits.memory_bytes <= ORACLE_LIMITS.memory_bytes


class Counting(LocalSandbox):
    """Counts the scripts that it runs; fails at the first ones."""

    def __init__(self, failures: int = 0) -> None:
        """Fail so often."""
        super().__init__(1)
        self.scripts = 0
        self._failures = failures

    def run_script(self, *arguments: Any) -> Any:
        """Count."""
        self.scripts += 1
        if self.scripts <= self._failures:
            raise SandboxFault("not today")
        return super().run_script(*arguments)


def test_what_was_found_is_remembered() -> None:
    """By what a suite holds, not by its name; the last ones of many."""
    with Counting() as sandbox:
        foreseer = Foreseer(sandbox)
        for _ in range(3):
            assert calls(foreseer, "assert f(1)") == [(1,)]
        assert sandbox.scripts == 1
        assert calls(foreseer, "assert f(2)") == [(2,)]
        assert sandbox.scripts == 2
        with mock.patch.object(foreseeing, "_REMEMBERED", 1):
            calls(foreseer, "assert f(3)")
            calls(foreseer, "assert f(1)")
        assert sandbox.scripts == 4


def test_a_fault_is_not_raised() -> None:
    """A guess that cannot be made is none."""
    with Counting(failures=1) as sandbox:
        assert calls(Foreseer(sandbox), "assert f(1)") == []


class Misled(LocalSandbox):
    """Asks for the calls that are foreseen, as a sandbox does that is far away, and makes none of them."""

    def open(self, program: Program, limits: Limits, foresee: Any = None) -> LocalSession:
        """Ask, and go on."""
        self.foreseen: Sequence[Call] = foresee()
        return super().open(program, limits)


@pytest.mark.parametrize("program", ["def f(x): return x + 1", "def f(x): return 0", "def f(x): raise KeyError", "x ="])
def test_foreseeing_changes_no_grade(sandbox: LocalSandbox, program: str) -> None:
    """The same report, test by test, whether or not calls were foreseen; also of code that keeps a state."""
    suite = script(
        "seen = []\ndef note(x):\n    seen.append(x)\n    return x\nassert note(f(1)) == 2",
        "assert seen == [2]\nassert f(f(1)) == 3",
        "assert f(-1) == 0\nfor n in range(f(2)): assert f(n) == n + 1",
    )
    oracle = Oracle(1)
    try:
        plain = judge(suite, fenced(program), sandbox, oracle)
        with Misled(1) as misled:
            foreseen = judge(suite, fenced(program), misled, oracle)
            assert misled.foreseen
    finally:
        oracle.close()
    assert [(test.verdict, test.detail) for test in foreseen.tests] == [
        (test.verdict, test.detail) for test in plain.tests
    ]


class Slow(LocalSandbox):
    """Runs a script when it is let."""

    def __init__(self) -> None:
        """Let none."""
        super().__init__(2)
        self.let = threading.Event()
        self.begun = threading.Semaphore(0)

    def run_script(self, script: Script, *arguments: Any) -> Any:
        """Wait where the test says so."""
        self.begun.release()
        if "wait" in script.parts[0]:
            self.let.wait(20)
        if "wrong" in script.parts[0]:
            raise NotPlainData("on purpose")
        return super().run_script(script, *arguments)


def test_one_finds_for_all_that_ask_meanwhile() -> None:
    """Answers to one problem come many at a time; those to another one are not kept waiting."""
    with Slow() as sandbox, ThreadPoolExecutor(5) as threads:
        foreseer = Foreseer(sandbox)
        waiting = [threads.submit(calls, foreseer, "wait = 1\nf(1)") for _ in range(4)]
        assert sandbox.begun.acquire(timeout=20)
        assert threads.submit(calls, foreseer, "f(2)").result(timeout=20) == [(2,)]
        assert sandbox.begun.acquire(timeout=20)
        sandbox.let.set()
        assert [found.result(timeout=20) for found in waiting] == [[(1,)]] * 4
        assert not sandbox.begun.acquire(blocking=False)


def test_an_error_of_ours_keeps_nobody_waiting() -> None:
    """It is raised where it happened, and others go on, without a guess or with one of their own."""
    ended = threading.Semaphore(0)
    with Slow() as sandbox:
        foreseer = Foreseer(sandbox)

        def ask() -> None:
            with contextlib.suppress(NotPlainData):
                assert calls(foreseer, "wait = wrong = 1\nf(1)") == []
            ended.release()

        for _ in range(2):
            threading.Thread(target=ask, daemon=True).start()
        assert sandbox.begun.acquire(timeout=20)
        sandbox.let.set()
        for _ in range(2):
            assert ended.acquire(timeout=5)
