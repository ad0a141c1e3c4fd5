"""verifier.calibrating.gold: the reference passes, again and again, under every hash seed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Job, LocalSandbox, Program, Stdin
from tests.verifier.answers import calls, script, stdio
from testsuites import AnySuite, SuiteLimits
from testsuites.calibration import Cost
from verifier.calibrating.bench import OTHER_HASH_SEED, Bench
from verifier.calibrating.gold import Gold, examine, limited
from verifier.report import Report, TestResult
from verifier.verdict import Verdict

DOUBLES = "def f(x): return 2 * x\n"
FIRST_OF_A_SET = "print(*{'north', 'east', 'south', 'west', 'up', 'down'})\n"
SECRET = 271828


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One bench for all."""
    with Bench(2) as bench:
        yield bench


def _printed(source: str, hash_seed: int) -> str:
    with LocalSandbox(1, hash_seed=hash_seed) as sandbox:
        outcome = sandbox.run(Job(program=Program(source=source), inputs=(Stdin(b""),)))
    return outcome.runs[0].stdout.decode()


def test_a_sandbox_has_the_hash_seed_that_it_was_given() -> None:
    """Two sandboxes with one seed agree on the order of a set; another seed gives another; 0 is the default."""
    shown = [_printed("print(hash('a'))", seed) for seed in (0, 1, 1)]
    assert shown[0] != shown[1] == shown[2]
    with LocalSandbox(1) as sandbox:
        outcome = sandbox.run(Job(program=Program(source="print(hash('a'))"), inputs=(Stdin(b""),)))
    assert outcome.runs[0].stdout.decode() == shown[0]


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_hash_seed_that_python_refuses_is_refused(seed: int) -> None:
    """Python takes 0 to 4294967295."""
    with pytest.raises(ValueError, match="hash_seed must be from 0 to 4294967295"):
        LocalSandbox(1, hash_seed=seed)


def test_a_reference_that_passes_is_gold(bench: Bench) -> None:
    """In each kind of suite."""
    assert examine(calls((1, 2), (3, 6)), DOUBLES, bench).problem == ""
    assert examine(script("assert f(2) == 4"), DOUBLES, bench).problem == ""
    assert examine(stdio(("3", "6")), "print(2 * int(input()))", bench).problem == ""


def test_what_a_reference_costs_is_measured(bench: Bench) -> None:
    """By the gradings that the gate makes anyway; a reference that fails has no cost."""
    busy = "def f(x):\n    return sum(1 for _ in range(10**6)) * 0 + 2 * x\n"
    gold = examine(calls((1, 2), (3, 6), (4, 8)), busy, bench)
    assert gold.cost is not None
    assert 0.01 < gold.cost.cpu_seconds < 3.01 * gold.cpu_seconds
    assert gold.cost.peak_bytes > 1_000_000
    assert gold.cost.tokens == 27
    assert examine(calls((1, 3)), busy, bench).cost is None


class _Told:
    """Reports with known figures, which no real clock gives: one grading is slow, and the machine is half as fast."""

    def __init__(self) -> None:
        """Begin with the first grading."""
        self._seconds = iter([0.2, 0.0201, 0.0202468, 0.0204])

    def report(self, suite: AnySuite, source: str, *, other_hash_seed: bool) -> Report:
        """Return the next grading, of two tests."""
        seconds = next(self._seconds)
        tests = [
            TestResult(name=str(peak), verdict=Verdict.ACCEPTED, cpu_seconds=seconds, peak_bytes=peak)
            for peak in (5, 7)
        ]
        return Report(suite="s", digest="", tests=tuple(tests), speed=0.5)


def test_a_cost_is_a_median() -> None:
    """Of the gradings' totals on the reference machine, with three digits, so that one that is slow moves little."""
    gold = examine(calls((1, 2), (3, 6)), DOUBLES, _Told())  # type: ignore[arg-type]
    assert gold.cost == Cost(cpu_seconds=0.0203, cpu_spread=0.18, peak_bytes=7, tokens=10)
    assert gold.cpu_seconds == 0.1


def test_a_reference_that_fails_is_not(bench: Bench) -> None:
    """The first test that it fails is told, and nothing of what is in it."""
    gold = examine(calls((1, 2), (SECRET, SECRET)), DOUBLES, bench)
    assert gold.problem == "the reference fails: test 2: wrong_answer"
    crash = examine(calls((SECRET, 2)), "def f(x): raise KeyError(x)", bench)
    assert crash.problem == "the reference fails: test 1: runtime_error, KeyError"


def test_a_reference_that_hangs_on_the_hash_seed_is_not(bench: Bench) -> None:
    """It passes each time under the seed that answers are graded with, and fails under another."""
    assert _printed(FIRST_OF_A_SET, 0) != _printed(FIRST_OF_A_SET, OTHER_HASH_SEED)
    suite = stdio(("", _printed(FIRST_OF_A_SET, 0)))
    gold = examine(suite, FIRST_OF_A_SET, bench)
    assert gold.problem == "the reference fails under another hash seed: test 1: wrong_answer"


def test_a_suite_without_a_reference_is_not(bench: Bench) -> None:
    """The file that is missing is named."""
    assert examine(calls((1, 2)), None, bench).problem == "there is no reference.py beside it"


def test_a_suite_whose_test_code_is_broken_is_not(bench: Bench) -> None:
    """Its test is named, and its code is not quoted."""
    gold = examine(script(f"assert f({SECRET}, ", id="broken"), DOUBLES, bench)
    assert gold.problem.startswith("broken: ")
    assert str(SECRET) not in gold.problem


def test_mutants_have_ten_times_as_long_as_the_reference_and_never_more_than_the_suite_allows() -> None:
    """But a quarter of a second at least, so that what else the machine does kills none."""
    suite = calls((1, 2), limits=SuiteLimits(cpu_seconds=4.0, memory_mb=64.0))
    assert limited(suite, Gold(cpu_seconds=0.001)).limits == SuiteLimits(cpu_seconds=0.25, memory_mb=64.0)
    assert limited(suite, Gold(cpu_seconds=0.2)).limits.cpu_seconds == 2.0
    assert limited(suite, Gold(cpu_seconds=3.0)).limits.cpu_seconds == 4.0
    assert limited(calls((1, 2)), Gold(cpu_seconds=3.0)).limits.cpu_seconds == 5.0
    assert limited(calls((1, 2), limits=SuiteLimits(cpu_seconds=0.1)), Gold()).limits.cpu_seconds == 0.1
