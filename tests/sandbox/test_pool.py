"""The pool of workers: how many, which, and that none of them outlives the judge."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox import Call, Job, Limits, LocalSandbox, Outcome, Program, SandboxFault, Status, Stdin
from sandbox.errors import SandboxUnavailable
from sandbox.job import MEBIBYTE
from sandbox.local import zygote
from tests.sandbox.judge import ROOT, Judge
from tests.sandbox.processes import below, candidates_below, come_true, descriptors, gone, zygotes
from tests.sandbox.running import ADDED, QUICK, run_whole

SLEEPS = "import time\ntime.sleep(60)"
PATIENT = Limits(cpu_seconds=5, idle_seconds=60)


@pytest.fixture
def pool() -> Iterator[LocalSandbox]:
    """Two workers, not yet started."""
    with LocalSandbox(workers=2) as pool:
        yield pool


def test_no_more_programs_run_at_once_than_there_are_workers(pool: LocalSandbox) -> None:
    """Six callers at a time share two workers: two programs overlap, and never three."""
    source = "import time\nprint(time.monotonic())\ntime.sleep(0.3)\nprint(time.monotonic())"
    with ThreadPoolExecutor(6) as threads:
        spans = [run.stdout.split() for run in threads.map(lambda _: run_whole(pool, source), range(6))]
    starts, ends = zip(*(map(float, span) for span in spans), strict=True)
    most = max(sum(start <= moment < end for start, end in zip(starts, ends, strict=True)) for moment in starts)
    assert most == 2


def test_workers_are_used_again(pool: LocalSandbox) -> None:
    """One caller never needs a second zygote, whatever its programs do; a lost one is replaced."""
    before = zygotes()
    for source in ("print(1)", "1 / 0", "def f(:", "import os\nos._exit(3)", "while True: pass", "print(2)"):
        run_whole(pool, source, limits=Limits(cpu_seconds=0.2))
        assert len(zygotes() - before) == 1
    (first,) = zygotes() - before
    os.kill(first, signal.SIGKILL)
    assert run_whole(pool, "print(1)").stdout == b"1\n"
    assert len(zygotes() - before - {first}) == 1


def test_nothing_is_started_before_it_is_needed(pool: LocalSandbox) -> None:
    """Making a sandbox costs no process."""
    before = zygotes()
    with LocalSandbox(workers=3):
        assert zygotes() == before


def test_no_descriptor_is_lost(pool: LocalSandbox) -> None:
    """Fifty runs hold as many descriptors as one, and a closed sandbox holds none."""
    at_first = descriptors()
    with LocalSandbox(workers=1) as alone:
        run_whole(alone, "print(1)")
        warm = descriptors()
        job = Job(program=Program(source="print(1)"), inputs=(Stdin(b""), Stdin(b"x" * 100_000)), limits=QUICK)
        calls = Job(program=Program(source="def f(): return 1"), inputs=(Call(function="f"),) * 2, limits=QUICK)
        for _ in range(25):
            alone.run(job)
            alone.run(calls)
        assert descriptors() == warm
    assert warm > at_first
    assert descriptors() == at_first


def test_no_descriptor_is_lost_to_programs_that_break(pool: LocalSandbox) -> None:
    """Crashes, limits, failed builds, lost workers and refused arguments let go of everything."""
    at_first = descriptors()
    with LocalSandbox(workers=1) as alone:
        for source in (
            "1 / 0",
            "def f(:",
            "while True: pass",
            "print('x' * 2000)",
            "import os\nos.kill(os.getppid(), 9)",
        ):
            run_whole(alone, source, limits=Limits(cpu_seconds=0.1, output_bytes=1000))
        for source in ("def f(a): return object()", "def f(a):\n    while True: pass", "raise ValueError"):
            calls = (Call(function="f", args=(1,)),) * 2
            alone.run(Job(program=Program(source=source), inputs=calls, limits=Limits(cpu_seconds=0.1)))
        unsendable = Job(program=Program(source="def f(a): return a"), inputs=(Call(function="f", args=(object(),)),))
        with pytest.raises(ValueError, match="not plain data"):
            alone.run(unsendable)
    assert descriptors() == at_first


@pytest.mark.parametrize("kind", ["whole", "calls"])
def test_close_ends_what_runs(kind: str) -> None:
    """Runs under way raise at once, and no process and no descriptor of theirs is left."""
    at_first, before = descriptors(), zygotes()
    whole = Job(program=Program(source=SLEEPS), inputs=(Stdin(b""),), limits=PATIENT)
    calls = Job(
        program=Program(source="import time\ndef f(): time.sleep(60)"), inputs=(Call(function="f"),), limits=PATIENT
    )
    faults: list[SandboxFault] = []
    sandbox = LocalSandbox(workers=2)

    def use() -> None:
        try:
            sandbox.run(whole if kind == "whole" else calls)
        except SandboxFault as fault:
            faults.append(fault)

    users = [threading.Thread(target=use) for _ in range(2)]
    for user in users:
        user.start()
    assert come_true(lambda: sum(len(candidates_below(zygote)) == 1 for zygote in zygotes() - before) == 2, 20)
    tree = zygotes() - before
    tree = tree.union(*map(below, tree))
    start = time.monotonic()
    sandbox.close()
    for user in users:
        user.join(10)
    assert time.monotonic() - start < zygote._END_SECONDS, "no process had to be waited for in vain"
    assert [str(fault) for fault in faults] == ["the sandbox was closed"] * 2
    assert gone(tree, 0)
    assert descriptors() == at_first


def test_close_wakes_callers_that_wait_for_a_worker(pool: LocalSandbox) -> None:
    """Whoever waits for a place is told as well."""
    before = zygotes()
    with ThreadPoolExecutor(4) as threads:
        runs = [threads.submit(run_whole, pool, SLEEPS, b"", PATIENT) for _ in range(4)]
        assert come_true(lambda: sum(len(candidates_below(zygote)) == 1 for zygote in zygotes() - before) == 2, 20)
        pool.close()
        assert [type(run.exception(10)) for run in runs] == [SandboxFault] * 4


def test_close_may_be_repeated_and_ends_all_use(pool: LocalSandbox) -> None:
    """A closed sandbox says so, and starts nothing."""
    run_whole(pool, "print(1)")
    before = zygotes()
    pool.close()
    pool.close()
    left = zygotes()
    assert len(before - left) == 1
    with pytest.raises(SandboxFault, match="closed"):
        run_whole(pool, "print(1)")
    with pytest.raises(SandboxFault, match="closed"), pool.open(Program(source=""), QUICK):
        pass
    assert zygotes() == left


def test_an_interpreter_that_does_not_start_is_a_refusal(pool: LocalSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant I10: the caller is told what is missing, every time, and loses no descriptor or place by it."""
    before = descriptors()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        for _ in range(3):
            with pytest.raises(SandboxUnavailable, match="does not start"):
                run_whole(pool, "print(1)")
        assert descriptors() == before
    assert run_whole(pool, "print(1)").stdout == b"1\n"


FORK = """
import os, psutil
from sandbox import Job, LocalSandbox, Program, Stdin

def run(sandbox):
    job = Job(program=Program(source="print(1)"), inputs=(Stdin(b""),))
    assert sandbox.run(job).runs[0].stdout == b"1\\n"
    children = psutil.Process().children()
    return [child.pid for child in children if any(part.endswith("inside/__main__.py") for part in child.cmdline())]

with LocalSandbox(workers=1) as sandbox:
    own = run(sandbox)
    child = os.fork()
    other = run(sandbox)
    assert len(other) == 1
    if child == 0:
        sandbox.close()
        os._exit(other == own)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "the child used its parent's zygote"
    assert other == own == run(sandbox), "the child took its parent's zygote away"
"""


def test_a_judge_that_forks_shares_no_worker_with_its_child() -> None:
    """Both are served at the same time, each by a zygote of its own, and the child's `close` closes only that."""
    ended = subprocess.run([sys.executable, "-c", FORK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


TREE = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        break
time.sleep(60)
"""


@pytest.mark.parametrize("without", [("seccomp",), ADDED], ids=["namespaces", "floor"])
def test_no_process_outlives_a_judge_that_is_killed(without: tuple[str, ...]) -> None:
    """SIGKILL leaves the judge no chance to clean up; everything it started ends by itself, daemons included."""
    with Judge(without=without) as judge:
        judge.send(TREE, limits={"cpu_seconds": 5, "idle_seconds": 60})
        assert come_true(lambda: len(candidates_below(judge.pid)) == 4, 20), "candidate, three daemons"
        tree = below(judge.pid)
        judge.process.kill()
        judge.process.wait()
        assert gone(tree, 10)


def test_workers_cannot_be_told_apart() -> None:
    """Invariant I9: hash order and random numbers are the same in each worker."""
    source = "import random, time\ntime.sleep(0.2)\nprint({'a', 'b', 'c', 'd'}, hash('x'), random.random())"
    before = zygotes()
    with LocalSandbox(workers=3) as pool, ThreadPoolExecutor(3) as threads:
        outputs = [run.stdout for run in threads.map(lambda _: run_whole(pool, source), range(3))]
        assert len(zygotes() - before) == 3
    assert len(set(outputs)) == 1
    assert outputs[0].count(b"\n") == 1


def _whole(source: str, *inputs: bytes) -> Job:
    return Job(program=Program(source=source), inputs=tuple(map(Stdin, inputs or (b"",))), limits=_LIMITS)


def _calls(source: str, *args: object, live: int = 0) -> Job:
    inputs = tuple(Call(function="f", args=(each,), live=live) for each in args)
    return Job(program=Program(source=source), inputs=inputs, limits=_LIMITS)


_LIMITS = Limits(cpu_seconds=0.4, idle_seconds=0.4, memory_bytes=96 * MEBIBYTE, output_bytes=10_000, max_time_outs=1)
EVERY_STATUS = {
    "finished": _whole("print(input()[::-1])", b"abc", b"xyz"),
    "long output": _whole("print('x' * 9_000)"),
    "crashed": _whole("print(1)\nraise ValueError"),
    "killed": _whole("import os\nos.kill(os.getpid(), 9)"),
    "cpu limit, then not run": _whole("while True: pass", b"1", b"2"),
    "idle limit": _whole("import time\ntime.sleep(60)"),
    "memory limit": _whole("hoard = b'x' * (128 << 20)"),
    "output limit": _whole("print('x' * 20_000)"),
    "not built": _whole("def f(:"),
    "values, and not data": _calls("def f(a): return {a, 1} if a else object()", 3, 0, 5),
    "an object that test code asked for": _calls("def f(a): return object()", 1, live=1),
    "calls that die": _calls("import os\ndef f(a): return os._exit(1) if a == 1 else a", 0, 1, 2),
    "violation": _calls("import os\ndef f(a):\n    os.kill(os.getppid(), 9)\n    os.read(3, 1)", 1),
}


def _seen(outcome: Outcome) -> object:
    """All that a verdict may depend on."""
    return outcome.build, [(run.status, run.stdout, run.value, run.error) for run in outcome.runs]


def test_outcomes_do_not_depend_on_the_load() -> None:
    """Invariant I9: these programs end alike one by one and four at a time; between them they have every status."""
    with LocalSandbox(workers=1) as serial:
        expected = {name: _seen(serial.run(job)) for name, job in EVERY_STATUS.items()}
        statuses = {run.status for job in EVERY_STATUS.values() for run in serial.run(job).runs}
    assert statuses == set(Status)
    with LocalSandbox(workers=4) as crowded, ThreadPoolExecutor(4) as threads:
        outcomes = threads.map(crowded.run, EVERY_STATUS.values())
        assert dict(zip(EVERY_STATUS, map(_seen, outcomes), strict=True)) == expected
