"""Time-outs that are in doubt are run again; nothing else is, and no program wins by it more than is said here."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from sandbox import Call, Job, Limits, LocalSandbox, Outcome, Program, Run, Status, Stdin
from sandbox.job import MEBIBYTE
from sandbox.local import retrying, zygote
from sandbox.local.program import ProgramProcess
from sandbox.local.retrying import MOST_ATTEMPTS, Progress
from sandbox.outcome import Build
from tests.sandbox.processes import zygotes
from tests.sandbox.repeats import first_run

LIMITS = Limits(cpu_seconds=0.2, memory_bytes=64 * MEBIBYTE, output_bytes=1000)
IN_DOUBT = 0.25
"""Processor time between the soft and the hard limit."""

SPIN = """import os, time
def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[LocalSandbox]:
    """Take limits as they are written."""
    with LocalSandbox(workers=1, speed=1.0) as sandbox:
        yield sandbox


def _run(sandbox: LocalSandbox, source: str, inputs: int = 1, limits: Limits = LIMITS) -> Outcome:
    job = Job(program=Program(source=SPIN + source), inputs=(Stdin(b""),) * inputs, limits=limits)
    return sandbox.run(job)


def _slow_at_first(sandbox: LocalSandbox, monkeypatch: pytest.MonkeyPatch, then: str) -> Outcome:
    """Run a program that is too slow in its first run, and does something in later ones."""
    _run(sandbox, "")  # a zygote is warm
    first = f"if {first_run(monkeypatch)}:\n    print('draft', flush=True)\n    spin({IN_DOUBT})\n"
    return _run(sandbox, f"{first}else:\n    {then}")


def test_a_time_out_in_doubt_is_run_three_times(sandbox: LocalSandbox) -> None:
    """A quarter above the limit, each time: it stands, with the figures of the last run."""
    (run,) = _run(sandbox, f"spin({IN_DOUBT})").runs
    assert (run.status, run.attempts) == (Status.CPU_LIMIT, 3)
    assert IN_DOUBT * 0.95 < run.cpu_seconds < LIMITS.hard_cpu_seconds


@pytest.mark.parametrize(
    ("then", "status", "stdout"),
    [
        ("print('right')", Status.FINISHED, b"right\n"),
        ("raise KeyError", Status.CRASHED, b""),
        ("x = b'x' * (70 << 20)", Status.MEMORY_LIMIT, b""),
        ("print('x' * 2000)", Status.OUTPUT_LIMIT, b"x" * 1001),
    ],
    ids=["finished", "crashed", "memory", "output"],
)
def test_the_first_run_that_is_no_time_out_stands(
    sandbox: LocalSandbox, monkeypatch: pytest.MonkeyPatch, then: str, status: Status, stdout: bytes
) -> None:
    """Whatever it brought; and what the run before it wrote is gone."""
    (run,) = _slow_at_first(sandbox, monkeypatch, then).runs
    assert (run.status, run.stdout, run.attempts) == (status, stdout, 2)
    assert run.cpu_seconds < LIMITS.cpu_seconds


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("print(1)", Status.FINISHED),
        ("spin(0.17); print(1)", Status.FINISHED),
        ("spin(0.17); raise KeyError", Status.CRASHED),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", Status.CPU_LIMIT),
        ("x = b'x' * (70 << 20)", Status.MEMORY_LIMIT),
        ("print('x' * 2000)", Status.OUTPUT_LIMIT),
        ("time.sleep(60)", Status.IDLE_LIMIT),
        ("spin(60)", Status.CPU_LIMIT),
    ],
)
def test_nothing_else_is_run_again(sandbox: LocalSandbox, source: str, status: Status) -> None:
    """No answer, crash or other limit, however close to the limit on time, and no time-out that is beyond doubt."""
    (run,) = _run(sandbox, source).runs
    assert (run.status, run.attempts) == (status, 1)


def test_it_is_run_again_by_processes_started_for_it(sandbox: LocalSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zygote for each run; afterwards there are no more than there are workers."""
    _run(sandbox, "")
    started: list[zygote.Zygote] = []

    class Counted(zygote.Zygote):
        def __init__(self, *demands: Any) -> None:
            super().__init__(*demands)
            started.append(self)

    before = zygotes()
    monkeypatch.setattr("sandbox.local.sandbox.Zygote", Counted)
    _run(sandbox, f"spin({IN_DOUBT})")
    assert len(started) == 2
    assert len(zygotes()) == len(before)


def test_a_program_that_leaves_something_behind_is_not_run_again() -> None:
    """Its next run could find there what this one worked out. Where the same program leaves nothing, it is."""
    limits = Limits(cpu_seconds=0.2, idle_seconds=0.5)
    leave = "if os.fork() == 0:\n    time.sleep(60)\n"
    with LocalSandbox(workers=1, speed=1.0, without=("seccomp",)) as sandbox:
        for left, attempts in [(leave, 1), ("", 3)]:
            (run,) = _run(sandbox, f"import os\n{left}spin({IN_DOUBT})", limits=limits).runs
            assert (run.status, run.attempts) == (Status.CPU_LIMIT, attempts)


def test_an_endless_program_costs_three_limits(sandbox: LocalSandbox) -> None:
    """It is killed at the hard limit, beyond doubt: three times for a hundred inputs, and never again."""
    runs = _run(sandbox, "spin(60)", inputs=100).runs
    assert [run.status for run in runs] == [Status.CPU_LIMIT] * 3 + [Status.NOT_RUN] * 97
    assert {run.attempts for run in runs} == {1}
    assert sum(run.cpu_seconds for run in runs) < 3 * 2.5 * LIMITS.cpu_seconds


def test_a_program_that_is_always_in_doubt_costs_six_runs(sandbox: LocalSandbox) -> None:
    """Three time-outs and three repeats for a hundred inputs: less than nine limits."""
    runs = _run(sandbox, f"spin({IN_DOUBT})", inputs=100).runs
    assert [run.status for run in runs] == [Status.CPU_LIMIT] * 3 + [Status.NOT_RUN] * 97
    assert [run.attempts for run in runs[:3]] == [3, 2, 1]


def test_a_time_out_that_did_not_stand_is_not_counted(sandbox: LocalSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """After one, three others are still run."""
    _run(sandbox, "")
    source = f"if {first_run(monkeypatch)}: spin({IN_DOUBT})\nif input() == 'endless': spin(60)"
    inputs = (Stdin(b"short"),) + (Stdin(b"endless"),) * 4
    outcome = sandbox.run(Job(program=Program(source=SPIN + source), inputs=inputs, limits=LIMITS))
    assert [run.status for run in outcome.runs] == [Status.FINISHED] + [Status.CPU_LIMIT] * 3 + [Status.NOT_RUN]
    assert [run.attempts for run in outcome.runs] == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("fresh", [False, True])
def test_calls_are_run_again_too(sandbox: LocalSandbox, fresh: bool) -> None:
    """The one that timed out, in a new program; those before it keep their values, and those after it go on."""
    source = f"""
calls = 0
def f(n):
    global calls
    calls += 1
    if n == 2: spin({IN_DOUBT})
    return n, calls
"""
    inputs = tuple(Call(function="f", args=(n,)) for n in range(5))
    job = Job(program=Program(source=SPIN + source), inputs=inputs, limits=LIMITS, fresh=fresh)
    runs = sandbox.run(job).runs
    assert [run.status for run in runs] == [
        Status.FINISHED, Status.FINISHED, Status.CPU_LIMIT, Status.FINISHED, Status.FINISHED
    ]  # fmt: skip
    assert [run.attempts for run in runs] == [1, 1, 3, 1, 1]
    counts = [1, 1, 1, 1] if fresh else [1, 2, 1, 2]
    assert [run.value for run in runs if run.value] == [
        (n, count) for n, count in zip([0, 1, 3, 4], counts, strict=True)
    ]


def test_a_coin_is_thrown_once(sandbox: LocalSandbox) -> None:
    """Of runs that answer by chance, right or wrong or not at all, one answer is taken: that of the only run."""
    coin = "import os\nface = os.urandom(1)[0] & 1\nprint(face)\nif face: raise SystemExit(3)"
    runs = _run(sandbox, coin, inputs=40).runs
    assert {run.attempts for run in runs} == {1}
    assert {(run.status, run.stdout) for run in runs} == {(Status.FINISHED, b"0\n"), (Status.CRASHED, b"1\n")}


END = {
    "right": Run(status=Status.FINISHED, stdout=b"right"),
    "wrong": Run(status=Status.FINISHED, stdout=b"wrong"),
    "in doubt": Run(status=Status.CPU_LIMIT, stdout=b"right", cpu_seconds=IN_DOUBT),
}


class _Built:
    """All that `Progress` needs to know of a program process whose runs are written down beforehand."""

    build = Build(ok=True)
    layers = ("floor",)
    clean = True


def _chance(monkeypatch: pytest.MonkeyPatch, chances: dict[str, Fraction]) -> Fraction:
    """Return the chance that a program whose runs end so is taken to be right, over all that can happen."""
    total = Fraction(0)
    for ends in itertools.product(END, repeat=MOST_ATTEMPTS):
        runs = iter([END[end] for end in ends])
        monkeypatch.setattr(retrying, "run_whole", lambda *_, runs=runs: next(runs))
        progress = Progress(Job(program=Program(source=""), inputs=(Stdin(b""),), limits=LIMITS))
        while not progress.done:
            progress.go_on(_Built())  # type: ignore[arg-type]
        (run,) = progress.outcome(1.0, ()).runs
        if run.status is Status.FINISHED and run.stdout == b"right":
            weight = Fraction(1)
            for end in ends:
                weight *= chances[end]
            total += weight
    return total


@pytest.mark.parametrize("p", [Fraction(1, 2), Fraction(1, 30)])
@pytest.mark.parametrize("q", [Fraction(0), Fraction(1, 3), Fraction(9, 10)])
def test_timing_out_by_chance_wins_nothing(monkeypatch: pytest.MonkeyPatch, p: Fraction, q: Fraction) -> None:
    """A guess that is right with chance p is right with chance p at most, however often it is not given (q)."""
    chance = _chance(monkeypatch, {"right": p * (1 - q), "wrong": (1 - p) * (1 - q), "in doubt": q})
    assert chance == p * (1 - q**MOST_ATTEMPTS)


def test_timing_out_instead_of_being_wrong_wins_processor_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search by chance, which knows when it has not found anything, gets three tries in place of one.

    That is what the repeats give away (docs/limits.md), for three inputs of a job at most: time, to a program that can
    check its own answer, and no lots to one that cannot.
    """
    p = Fraction(1, 10)
    chance = _chance(monkeypatch, {"right": p, "wrong": Fraction(0), "in doubt": 1 - p})
    assert chance == 1 - (1 - p) ** MOST_ATTEMPTS


def test_a_job_repeats_three_runs_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many of its inputs are in doubt, and although each passes the next time."""
    runs = iter([END["in doubt"], END["right"]] * 3 + [END["in doubt"]] + [END["right"]] * 6)
    monkeypatch.setattr(retrying, "run_whole", lambda *_: next(runs))
    progress = Progress(Job(program=Program(source=""), inputs=(Stdin(b""),) * 10, limits=LIMITS))
    while not progress.done:
        progress.go_on(_Built())  # type: ignore[arg-type]
    found = progress.outcome(1.0, ()).runs
    assert [run.attempts for run in found] == [2, 2, 2, 1, 1, 1, 1, 1, 1, 1]
    assert [run.status for run in found] == [Status.FINISHED] * 3 + [Status.CPU_LIMIT] + [Status.FINISHED] * 6


def test_a_program_that_does_not_build_again_keeps_its_time_out(
    sandbox: LocalSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that fails in fresh processes is not what the job is judged by."""
    built: list[ProgramProcess] = []

    class Unlucky(ProgramProcess):
        def __init__(self, *args: Any, **order: Any) -> None:
            super().__init__(*args, **order)
            built.append(self)
            if len(built) > 1:
                self.build = Build(ok=False, message="takes too long")

    monkeypatch.setattr("sandbox.local.programs.ProgramProcess", Unlucky)
    outcome = _run(sandbox, f"spin({IN_DOUBT})", inputs=3)
    assert outcome.build.ok
    assert [run.status for run in outcome.runs] == [Status.CPU_LIMIT, Status.NOT_RUN, Status.NOT_RUN]
    assert [run.attempts for run in outcome.runs] == [1, 1, 1]
