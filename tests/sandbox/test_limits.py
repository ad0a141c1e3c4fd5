"""For each limit, a program on either side of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import msgspec
import pytest

from sandbox import Job, Limits, LocalSandbox, Program, Run, Sandbox, Status, Stdin
from sandbox.job import MEBIBYTE
from tests.sandbox.processes import busy_machine
from tests.sandbox.running import run_bare, run_calls, run_whole

SPIN = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\nprint('done')"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[LocalSandbox]:
    """Take limits as they are written, whatever the machine."""
    with LocalSandbox(workers=2, speed=1.0) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def with_processes() -> Iterator[LocalSandbox]:
    """Do the same, and let programs start processes."""
    with LocalSandbox(workers=1, speed=1.0, without=("seccomp",)) as sandbox:
        yield sandbox


@pytest.mark.parametrize(("seconds", "status"), [(0.25, Status.FINISHED), (3.0, Status.CPU_LIMIT)])
def test_processor_time(sandbox: Sandbox, seconds: float, status: Status) -> None:
    """Half the limit passes; more than half as much again does not, and what it used is reported."""
    run = run_whole(sandbox, SPIN.format(seconds), limits=Limits(cpu_seconds=0.5))
    assert run.status is status
    assert min(seconds, 0.75) * 0.95 < run.cpu_seconds < min(seconds, 0.75) * 2


@pytest.mark.parametrize(("seconds", "output"), [(0.6, b"done\n"), (3.0, b"")])
def test_killed_at_the_hard_limit_and_judged_at_the_soft_one(sandbox: Sandbox, seconds: float, output: bytes) -> None:
    """A program may run on to one and a half limits, and it is too slow all the same."""
    run = run_whole(sandbox, SPIN.format(seconds), limits=Limits(cpu_seconds=0.5))
    assert (run.status, run.stdout) == (Status.CPU_LIMIT, output)
    assert (run.exit_code == 0) == (seconds < 0.75)


def test_processor_time_of_children_counts(with_processes: Sandbox) -> None:
    """Work that is given to other processes is charged to the program."""
    source = "import os\nfor _ in range(2):\n    if os.fork() == 0:\n        " + SPIN.format(0.4).replace(
        "\n", "\n        "
    )
    source += "\n        os._exit(0)\nfor _ in range(2): os.wait()"
    assert run_whole(with_processes, source, limits=Limits(cpu_seconds=0.5)).status is Status.CPU_LIMIT
    assert run_whole(with_processes, source, limits=Limits(cpu_seconds=2)).status is Status.FINISHED


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
    assert run.wall_seconds < 20


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


def test_what_another_program_loaded_is_not_charged(sandbox: Sandbox) -> None:
    """NumPy belongs to the program that names it, and to none that the same zygote serves after it."""
    with_numpy = run_whole(sandbox, "import numpy", limits=Limits(memory_bytes=100 * MEBIBYTE))
    without = run_whole(sandbox, "", limits=Limits(memory_bytes=20 * MEBIBYTE))
    assert (with_numpy.status, without.status) == (Status.FINISHED, Status.FINISHED)
    assert without.peak_bytes < with_numpy.peak_bytes < 60 * MEBIBYTE


def test_the_sum_that_met_the_limit_is_reported(with_processes: Sandbox) -> None:
    """Three processes that hold 30 MiB each pass a limit of 80 MiB together, and the figure says so."""
    hold = "hoard = b'x' * (30 << 20)\ntime.sleep(30)"
    source = f"import os, time\nos.fork()\nos.fork()\n{hold}"
    run = run_whole(with_processes, source, limits=Limits(memory_bytes=80 * MEBIBYTE, idle_seconds=5))
    assert run.status is Status.MEMORY_LIMIT
    assert 80 * MEBIBYTE < run.peak_bytes < 200 * MEBIBYTE


def test_shared_memory_counts_where_it_can_be_had() -> None:
    """Segments that a program fills and lets go of are charged to it."""
    source = """
import ctypes, time
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = ctypes.c_int, ctypes.c_void_p, ctypes.c_int
libc.shmdt.argtypes = (ctypes.c_void_p,)
for _ in range(5):
    place = libc.shmat(libc.shmget(0, 20 << 20, 0o600 | 0o1000), None, 0)
    ctypes.memset(place, 1, 20 << 20)
    libc.shmdt(place)
time.sleep(30)
"""
    with LocalSandbox(workers=1, without=("seccomp", "namespaces"), speed=1.0) as sandbox:
        run = run_whole(sandbox, source, limits=Limits(memory_bytes=80 * MEBIBYTE, idle_seconds=5))
    assert run.status is Status.MEMORY_LIMIT
    assert 80 * MEBIBYTE < run.peak_bytes < 150 * MEBIBYTE


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
    with LocalSandbox(workers=8, speed=1.0) as crowded, ThreadPoolExecutor(8) as threads:
        runs: list[Run] = [outcome.runs[0] for outcome in threads.map(crowded.run, [job] * 16)]
    assert {run.status for run in runs} == {Status.FINISHED}


SLEEP = "import time\ntime.sleep({})"
HOARD = "hoard = b'x' * ({} << 20)"
WRITE = "print('x' * ({} - 1))"
NEST = "import sys, functools\nsys.setrecursionlimit(10**6)\n" + (
    "@functools.lru_cache(None)\ndef f(n): return n and 1 + f(n - 1)\nf({})"
)
START = "import threading\nwait = threading.Event()\n" + (
    "for _ in range({}): threading.Thread(target=wait.wait, daemon=True).start()\nwait.set()"
)
TIGHT = Limits(
    cpu_seconds=0.1,
    idle_seconds=0.35,
    memory_bytes=64 * MEBIBYTE,
    output_bytes=5000,
    stack_bytes=16 * MEBIBYTE,
    processes=8,
    max_time_outs=10,
)
NO_PROCESSOR_LIMIT = msgspec.structs.replace(TIGHT, cpu_seconds=5.0)


@pytest.mark.parametrize(
    ("source", "limits", "inside", "outside", "status"),
    [
        (SPIN, TIGHT, 0.075, 0.13, Status.CPU_LIMIT),
        (SLEEP, TIGHT, 0.25, 0.9, Status.IDLE_LIMIT),  # while the judge has no processor nobody idles
        (HOARD, NO_PROCESSOR_LIMIT, 40, 60, Status.MEMORY_LIMIT),
        (WRITE, TIGHT, 5000, 5001, Status.OUTPUT_LIMIT),
        (NEST, NO_PROCESSOR_LIMIT, 15_000, 200_000, Status.CRASHED),
        (START, TIGHT, 8, 20, Status.CRASHED),
    ],
    ids=["processor", "idle", "memory", "output", "stack", "threads"],
)
def test_ten_times_the_same_on_a_busy_machine(
    sandbox: Sandbox, source: str, limits: Limits, inside: float, outside: float, status: Status
) -> None:
    """Invariant I9: just inside a limit passes and just outside does not, whatever else the machine does."""
    inputs = (Stdin(b""),) * 10
    with busy_machine():
        for amount, expected in [(inside, Status.FINISHED), (outside, status)]:
            job = Job(program=Program(source=source.format(amount)), inputs=inputs, limits=limits)
            assert [run.status for run in sandbox.run(job).runs] == [expected] * 10


@pytest.mark.parametrize(("size", "status"), [(1000, Status.FINISHED), (10_000, Status.OUTPUT_LIMIT)])
def test_a_value_has_the_limit_of_an_output(sandbox: Sandbox, size: int, status: Status) -> None:
    """A value that is too long is not read to its end."""
    (run,) = run_calls(sandbox, "def f(n): return 'x' * n", (size,), limits=Limits(output_bytes=4000))
    assert run.status is status
    assert (run.value is None) == (status is Status.OUTPUT_LIMIT)


def test_half_as_fast_a_machine_gives_twice_the_time() -> None:
    """A program that needs 0.3 s meets a limit of 0.2 s, but not where the machine is half as fast."""
    job = Job(program=Program(source=SPIN.format(0.3)), inputs=(Stdin(b""),), limits=Limits(cpu_seconds=0.2))
    outcomes = []
    for speed in (1.0, 0.5):
        with LocalSandbox(workers=1, speed=speed) as sandbox:
            outcomes.append(sandbox.run(job))
    assert [outcome.runs[0].status for outcome in outcomes] == [Status.CPU_LIMIT, Status.FINISHED]
    assert [outcome.speed for outcome in outcomes] == [1.0, 0.5]
    assert all(0.28 < outcome.runs[0].cpu_seconds < 0.4 for outcome in outcomes)
