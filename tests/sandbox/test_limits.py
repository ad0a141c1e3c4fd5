"""For each limit, a program on either side of it."""

from __future__ import annotations

import sys

import pytest

from sandbox import Job, Limits, LocalSandbox, Program, Run, Sandbox, Status, Stdin
from sandbox.job import MEBIBYTE
from tests.sandbox.running import run_bare, run_whole

SPIN = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\nprint('done')"


@pytest.mark.parametrize(("seconds", "status"), [(0.25, Status.FINISHED), (0.75, Status.CPU_LIMIT)])
def test_processor_time(sandbox: Sandbox, seconds: float, status: Status) -> None:
    """Half the limit passes; half as much again does not, and what it used is reported."""
    run = run_whole(sandbox, SPIN.format(seconds), limits=Limits(cpu_seconds=0.5))
    assert run.status is status
    assert min(seconds, 0.5) * 0.95 < run.cpu_seconds < 0.9


def test_processor_time_of_children_counts(sandbox: Sandbox) -> None:
    """Work that is given to other processes is charged to the program."""
    source = "import os\nfor _ in range(2):\n    if os.fork() == 0:\n        " + SPIN.format(0.4).replace(
        "\n", "\n        "
    )
    source += "\n        os._exit(0)\nfor _ in range(2): os.wait()"
    assert run_whole(sandbox, source, limits=Limits(cpu_seconds=0.5)).status is Status.CPU_LIMIT
    assert run_whole(sandbox, source, limits=Limits(cpu_seconds=2)).status is Status.FINISHED


def test_processor_time_of_threads_counts(sandbox: Sandbox) -> None:
    """Work in threads is charged to the program, also when its main thread has ended."""
    source = "import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin).start()"
    assert run_whole(sandbox, source, limits=Limits(cpu_seconds=0.3)).status is Status.CPU_LIMIT


def test_start_up_is_not_charged(sandbox: Sandbox) -> None:
    """Loading NumPy takes many times this limit."""
    run = run_whole(sandbox, "import numpy\nprint(numpy.arange(3).sum())", limits=Limits(cpu_seconds=0.05))
    assert run.status is Status.FINISHED


@pytest.mark.parametrize(("seconds", "status"), [(0.2, Status.FINISHED), (30, Status.IDLE_LIMIT)])
def test_idle_time(sandbox: Sandbox, seconds: float, status: Status) -> None:
    """A program that sleeps is told apart from one that computes."""
    run = run_whole(sandbox, f"import time\ntime.sleep({seconds})", limits=Limits(cpu_seconds=5, idle_seconds=0.6))
    assert run.status is status
    assert run.wall_seconds < 3


def test_reading_from_nothing_is_no_idling(sandbox: Sandbox) -> None:
    """Standard input ends; a program that wants more than it gets meets the end of it at once."""
    run = run_whole(sandbox, "import sys\nsys.stdin.read()\nsys.stdin.read()", limits=Limits(idle_seconds=0.5))
    assert run.status is Status.FINISHED


@pytest.mark.parametrize(("mebibytes", "status"), [(60, Status.FINISHED), (150, Status.MEMORY_LIMIT)])
def test_resident_memory(sandbox: Sandbox, mebibytes: int, status: Status) -> None:
    """The peak decides, and is reported; the judge's own memory is not in it."""
    ballast = bytearray(200 * MEBIBYTE)
    source = f"hoard = b'x' * ({mebibytes} << 20)\nprint(len(hoard))"
    run = run_whole(sandbox, source, limits=Limits(memory_bytes=100 * MEBIBYTE))
    assert run.status is status
    assert min(mebibytes, 100) * MEBIBYTE < run.peak_bytes < (mebibytes + 30) * MEBIBYTE
    assert len(ballast) > run.peak_bytes


def test_a_memory_error_that_is_caught_is_the_programs_business(sandbox: Sandbox) -> None:
    """Being refused memory and going on is allowed; holding too much is not."""
    source = "try:\n    bytearray(1 << 40)\nexcept MemoryError:\n    print('refused')"
    run = run_whole(sandbox, source)
    assert (run.status, run.stdout) == (Status.FINISHED, b"refused\n")


def test_memory_grows_to_a_hard_end(sandbox: Sandbox) -> None:
    """A program that hoards is stopped, wherever it hoards."""
    source = "hoard = []\nwhile True: hoard.append(bytearray(1 << 20))"
    run = run_whole(sandbox, source, limits=Limits(memory_bytes=64 * MEBIBYTE, cpu_seconds=10))
    assert run.status is Status.MEMORY_LIMIT
    assert run.peak_bytes < 700 * MEBIBYTE


@pytest.mark.parametrize(("size", "status"), [(1000, Status.FINISHED), (1001, Status.OUTPUT_LIMIT)])
def test_output(sandbox: Sandbox, size: int, status: Status) -> None:
    """The limit itself is allowed; one byte more is not, and no more than that byte is kept."""
    run = run_whole(sandbox, f"import sys\nsys.stdout.write('x' * {size})", limits=Limits(output_bytes=1000))
    assert (run.status, len(run.stdout)) == (status, size)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_endless_output_ends(sandbox: Sandbox, stream: str) -> None:
    """A program that never stops printing meets a limit, and the judge keeps little of what it prints."""
    source = f"import sys\nwhile True: sys.{stream}.write('x' * 65536)"
    run = run_whole(sandbox, source, limits=Limits(cpu_seconds=0.5, output_bytes=1 << 20))
    assert run.status in {Status.OUTPUT_LIMIT, Status.CPU_LIMIT}
    assert len(run.stdout) <= (1 << 20) + 1
    assert len(run.stderr_tail) <= 4096


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python 3.12 bounds the recursion of C code itself")
def test_stack(sandbox: Sandbox) -> None:
    """Recursion that overflows a usual 8 MiB stack is served: the stack is 64 MiB."""
    source = (
        "import sys\nfrom functools import lru_cache\nsys.setrecursionlimit(10**6)\n"
        "@lru_cache(None)\ndef f(n): return n and 1 + f(n - 1)\nprint(f(80_000))"
    )
    assert run_bare(source).returncode == -11
    assert run_whole(sandbox, source, limits=Limits(cpu_seconds=5)).stdout == b"80000\n"


@pytest.mark.parametrize(("threads", "status"), [(20, Status.FINISHED), (200, Status.CRASHED)])
def test_processes_and_threads(sandbox: Sandbox, threads: int, status: Status) -> None:
    """Threads are for honest programs; hundreds are not."""
    source = (
        "import threading\nwait = threading.Event()\n"
        f"threads = [threading.Thread(target=wait.wait, daemon=True) for _ in range({threads})]\n"
        "for thread in threads: thread.start()\nwait.set()"
    )
    assert run_whole(sandbox, source).status is status


def test_a_busy_machine_does_not_change_a_verdict() -> None:
    """Invariant I9: a program that needs half its limit passes with one worker, and with eight on two processors."""
    from concurrent.futures import ThreadPoolExecutor

    job = Job(
        program=Program(source=SPIN.format(0.2)), inputs=(Stdin(b""),), limits=Limits(cpu_seconds=0.4, idle_seconds=0.4)
    )
    with LocalSandbox(workers=8) as crowded, ThreadPoolExecutor(8) as threads:
        runs: list[Run] = [outcome.runs[0] for outcome in threads.map(crowded.run, [job] * 16)]
    assert {run.status for run in runs} == {Status.FINISHED}
