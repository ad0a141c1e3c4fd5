"""verifier.calibrating.hardening and .writing: gaps become tests, in the real sandbox."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Call, LocalSandbox, Stdin
from tests.verifier.answers import calls, fenced, script, stdio
from testsuites import AnySuite, CallTest, ScriptTest, StdioTest
from testsuites.appending import with_tests
from testsuites.calibration import Settings
from testsuites.directory import DirectoryStore
from testsuites.literals import NAMES
from verifier.calibrating.bench import Bench
from verifier.calibrating.hardening import Hardening, harden
from verifier.calibrating.mutants import Mutant
from verifier.calibrating.separating import Gap
from verifier.calibrating.tests_from_gaps import free_names, script_of
from verifier.calibrating.writing import HardenedRow, harden_store
from verifier.fuzzing.strategies import values
from verifier.judging import judge
from verifier.oracle import Oracle
from verifier.verdict import Verdict

CLAMP = "def f(x):\n    if x < 0:\n        return 0\n    return x\n"
SETTINGS = Settings(seed=0, mutants=40, inputs=60)
ONLY_POSITIVE = """\
kind = "call"
entry_point = "f"

# two of them
[[tests]]
args = [3]
expected = 3
[[tests]]
args = [0]
expected = 0
[[tests]]
args = [-400]
expected = 0
"""


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One bench for all."""
    with Bench(2) as bench:
        yield bench


def _gap(name: str, source: str, argument: Any, output: Any) -> Gap:
    return Gap(mutant=Mutant(name, source), input=Call(function="f", args=(argument,)), output=output)


def _wrong(*numbers: int) -> str:
    return f"def f(x):\n    return 99 if x in {numbers} else max(x, 0)\n"


def test_a_few_tests_close_all_gaps(bench: Bench) -> None:
    """One that shows several is taken before those that show one each, and none that is not needed."""
    gaps = [
        _gap("a", _wrong(1, 5), 1, 1),
        _gap("b", _wrong(2, 5), 2, 2),
        _gap("c", _wrong(5, 6), 5, 5),
        _gap("d", _wrong(7), 7, 7),
    ]
    found = harden(calls((3, 3), (-4, 0)), CLAMP, gaps, bench)
    assert found.closed == ("a", "b", "c", "d")
    assert found.open == ()
    assert found.tests == (
        CallTest(args=(5,), expected=5, name="gap-1"),
        CallTest(args=(7,), expected=7, name="gap-2"),
    )


def test_a_test_that_a_right_program_fails_is_not_added(bench: Bench) -> None:
    """Not one that another right program fails, nor one that the reference fails under another hash seed."""
    other = "def f(x):\n    return 8 if x == 7 else max(x, 0)\n"
    by_seed = "def f(x):\n    return hash('a') if x == 9 else max(x, 0)\n"
    suite = calls((3, 3), (-4, 0))
    found = harden(suite, CLAMP, [_gap("a", _wrong(7), 7, 7)], bench, second_references=[other])
    assert found == Hardening(open=("a",))
    found = harden(suite, by_seed, [_gap("a", _wrong(9, 6), 9, 0), _gap("b", _wrong(6), 6, 6)], bench)
    assert (found.closed, found.open) == (("a", "b"), ())
    assert [test.name for test in found.tests] == ["gap-1"]
    assert found.tests[0] == CallTest(args=(6,), expected=6, name="gap-1")


def test_each_kind_of_suite_gets_tests_of_its_kind(bench: Bench) -> None:
    """Test code with an assert; texts in and out."""
    found = harden(script("assert f(3) == 3"), CLAMP, [_gap("a", _wrong(5), 5, 5)], bench)
    assert found.tests == (ScriptTest(code="assert f(5) == 5\n", name="gap-1"),)
    echo, empty = "print(input())\n", "print(input() or 'nothing')\n"
    gap = Gap(mutant=Mutant("a", empty), input=Stdin(b"\n"), output=b"\n")
    assert harden(stdio(("a\n", "a\n")), echo, [gap], bench).tests == (
        StdioTest(stdin="\n", stdout="\n", name="gap-1"),
    )


def test_no_gap_no_test(bench: Bench) -> None:
    """Nothing is run."""
    assert harden(calls((3, 3)), CLAMP, [], bench) == Hardening()


def test_names_are_free() -> None:
    """Numbers go on after the last one."""
    assert free_names(["a", "", "gap-2", "gap-x"], 2) == ["gap-3", "gap-4"]
    assert free_names([], 1) == ["gap-1"]


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    """One oracle for all."""
    oracle = Oracle(1)
    yield oracle
    oracle.close()


def _passes(sandbox: LocalSandbox, oracle: Oracle, test_code: str, answer: str) -> bool:
    source = f"{NAMES}def f(*args):\n    return {answer}\n"
    return judge(script(test_code), fenced(source), sandbox, oracle).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("expected", "accepted", "refused"),
    [
        (3, "3", "4"),
        (0.3, "0.1 + 0.2", "0.31"),
        (0.3, "0.3", "'0.3'"),
        (math.nan, "nan", "0.0"),
        (math.inf, "inf", "1e308"),
        ([1.5, (2,)], "(1.5 + 1e-9, [2])", "[1.5]"),
        ([1.5, math.nan], "[1.5, nan]", "[nan, 1.5]"),
        ({"a": 0.5}, "{'a': 0.5 + 1e-9}", "{'b': 0.5}"),
        ({1, 2}, "{2, 1}", "{2}"),
        (b"\x00'", "b'\\x00\\''", "b''"),
        (None, "None", "0"),
        ("it's\n\\", "'it\\'s\\n\\\\'", "''"),
    ],
)
def test_test_code_compares_as_the_judge_does(
    sandbox: LocalSandbox, oracle: Oracle, expected: Any, accepted: str, refused: str
) -> None:
    """Floats with tolerance, NaN equal to NaN, lists as good as tuples; all else exactly."""
    code = script_of(Call(function="f", args=([math.nan, {1}, b"\x00"], None)), expected)
    assert _passes(sandbox, oracle, code, accepted)
    assert not _passes(sandbox, oracle, code, refused)


@given(st.lists(values(), max_size=2), values())
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
def test_any_value_can_be_written(arguments: list[Any], expected: Any) -> None:
    """The text compiles, whatever is asked and expected."""
    compile(script_of(Call(function="f", args=tuple(arguments)), expected), "test", "exec")


def _store(folder: Path, **suites: str) -> DirectoryStore:
    for name, text in suites.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "suite.toml").write_text(text)
        (folder / name / "reference.py").write_text(CLAMP)
    return DirectoryStore(folder)


def _row(store: DirectoryStore, bench: Bench, **settings: Any) -> HardenedRow:
    (row,) = harden_store(store, list(store.ids()), SETTINGS, bench, **settings)
    return row


def test_a_suite_is_hardened_in_place(tmp_path: Path, bench: Bench) -> None:
    """Tests are added, the comment stays, the record is that of the new suite, and the second time nothing is done."""
    store = _store(tmp_path, clamp=ONLY_POSITIVE)
    row = _row(store, bench)
    assert row.problem == ""
    assert row.before is not None
    assert row.after is not None
    assert row.before.mutants.gaps > 0
    assert row.after.mutants.score == 1.0 > row.before.mutants.score
    suite = store.load("clamp")
    assert suite.digest == row.after.digest != row.before.digest
    assert len(suite.tests) == 3 + row.added
    assert store.calibration("clamp") == row.after
    assert "# two of them" in (tmp_path / "clamp" / "suite.toml").read_text()
    again = _row(store, bench)
    assert (again.added, again.before, again.after) == (0, row.after, row.after)
    assert store.load("clamp").digest == suite.digest


def test_a_suite_is_hardened_elsewhere(tmp_path: Path, bench: Bench) -> None:
    """The old one is as it was, but for its record; the new one has reference and record, and is not made twice."""
    store, there = _store(tmp_path / "in", clamp=ONLY_POSITIVE), DirectoryStore(tmp_path / "out", create=True)
    row = _row(store, bench, output=there)
    assert row.after is not None
    assert row.added > 0
    assert (tmp_path / "in" / "clamp" / "suite.toml").read_text() == ONLY_POSITIVE
    assert store.calibration("clamp") == row.before
    assert there.reference("clamp") == CLAMP
    assert there.calibration("clamp") == row.after
    kept = _row(store, bench, output=there)
    assert (kept.is_new, kept.added, kept.after) == (False, 0, row.after)
    (tmp_path / "in" / "clamp" / "suite.toml").write_text(
        ONLY_POSITIVE.replace("[3]\nexpected = 3", "[8]\nexpected = 8")
    )
    assert _row(store, bench, output=there).is_new


def test_a_suite_that_is_not_gold_is_told_and_left_alone(tmp_path: Path, bench: Bench) -> None:
    """There is nothing to compare mutants with."""
    store = _store(tmp_path, clamp=ONLY_POSITIVE.replace("expected = 3", "expected = 4"))
    row = _row(store, bench)
    assert "the reference fails" in row.problem
    assert row.added == 0


def test_the_added_tests_do_not_change_what_old_ones_are_worth_to_each_other(bench: Bench) -> None:
    """Their weights stay; a new test weighs 1."""
    suite: AnySuite = calls(id="s", tests=(CallTest(args=(3,), expected=3, weight=7), CallTest(args=(-4,), expected=0)))
    found = harden(suite, CLAMP, [_gap("a", _wrong(5), 5, 5)], bench)
    assert [test.weight for test in with_tests(suite, found.tests).tests] == [7.0, 1.0, 1.0]
