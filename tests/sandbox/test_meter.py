"""What the judge reads of other processes, on real ones."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Limits, Status
from sandbox.job import MEBIBYTE
from sandbox.local import proc
from sandbox.local.meter import Meter
from tests.sandbox.processes import come_true, descriptors

ROOMY = Limits(cpu_seconds=30, idle_seconds=30)
SPIN = "while :; do :; done"


@contextlib.contextmanager
def _running(*command: str) -> Iterator[int]:
    """Run a command below a process that has no other child, as a candidate is run."""
    parent = ("sh", "-c", '"$@" & echo $!; wait', "sh")
    with subprocess.Popen([*parent, *command], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        try:
            yield pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def spinner() -> Iterator[int]:
    """Start a process that computes."""
    with _running("sh", "-c", SPIN) as pid:
        yield pid


@pytest.fixture
def sleeper() -> Iterator[int]:
    """Start a process that waits."""
    with _running("sleep", "60") as pid:
        assert come_true(lambda: not proc.wants_a_processor(pid), 5)
        yield pid


@pytest.fixture
def ended() -> Iterator[int]:
    """Start a process that ends, and that nobody has reaped."""
    with subprocess.Popen(["true"]) as process:
        assert come_true(lambda: b"\nState:\tZ" in Path(f"/proc/{process.pid}/status").read_bytes(), 5)
        yield process.pid


def _nobody() -> int:
    """Find a process id that no process has."""
    with subprocess.Popen(["true"]) as process:
        return process.pid


@pytest.mark.parametrize("name", ["plain", "a b) S 1 (c", ") R 7 7 7"])
def test_a_parent_is_found_whatever_the_childs_name(name: str) -> None:
    """A process chooses its name, which stands in the middle of the line that is read."""
    source = f"import ctypes; ctypes.CDLL(None).prctl(15, {name.encode()!r}); print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert name[:15].encode() in Path(f"/proc/{process.pid}/stat").read_bytes()
        assert proc.parent_of(process.pid) == os.getpid()
        process.communicate(b"\n")


def test_a_process_that_is_gone_is_an_error() -> None:
    """An OSError, as for any file of it."""
    for look in (proc.parent_of, proc.usage_elsewhere):
        with pytest.raises(OSError, match="No such"):
            look(_nobody())


FAMILY = """
import os, time
def burn():
    end = time.process_time() + 0.2
    while time.process_time() < end: pass
if os.fork() == 0:
    for _ in range(2):
        if os.fork() == 0:
            burn()
            os._exit(0)
        os.wait()
    if os.fork() == 0:
        burn()
        hoard = b'x' * (20 << 20)
        print(os.getppid(), os.getpid(), flush=True)
    time.sleep(60)
time.sleep(60)
"""
"""A child that has reaped two busy ones, and a busy grandchild that lives and holds 20 MiB of its own."""


def test_what_a_process_started_is_added_up() -> None:
    """Children that live and those that were reaped count; the process itself, and memory shared by forks, do not."""
    with subprocess.Popen([sys.executable, "-c", FAMILY], stdout=subprocess.PIPE) as top:
        assert top.stdout is not None
        child, grandchild = map(int, top.stdout.readline().split())
        of_child, of_grandchild = map(proc.usage_elsewhere, (child, grandchild))
        for pid in (grandchild, child, top.pid):
            os.kill(pid, signal.SIGKILL)
    assert of_child.cpu_seconds == pytest.approx(0.6, abs=0.1)
    assert 15 * MEBIBYTE < of_child.resident_bytes < 25 * MEBIBYTE
    assert of_grandchild.cpu_seconds < 0.1
    assert of_grandchild.resident_bytes == 0


SEGMENTS = """
import ctypes, os, sys, time
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = ctypes.c_int, ctypes.c_void_p, ctypes.c_int
libc.shmdt.argtypes = (ctypes.c_void_p,)
segments = [libc.shmget(0, 20 << 20, 0o600 | 0o1000) for _ in range(3)]
for segment in segments:
    place = libc.shmat(segment, None, 0)
    ctypes.memset(place, 1, 20 << 20)
    if segment != segments[0]: libc.shmdt(place)
print(os.getpid(), flush=True)
sys.stdin.read()
for segment in segments: libc.shmctl(segment, 0, None)
"""
"""Makes three segments of 20 MiB, fills them, keeps one attached, and removes them at its end."""


def test_shared_memory_that_nobody_has_attached_is_counted() -> None:
    """It is in no process's resident memory; what is attached is counted there. Nobody else's is counted."""
    command = ("sh", "-c", '"$@"; true', "sh", sys.executable, "-c", SEGMENTS)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        with _running("sleep", "60") as other:
            assert proc.usage_elsewhere(other).resident_bytes == 0
        assert proc.usage_elsewhere(pid).resident_bytes == 40 * MEBIBYTE
        parent.communicate()


def test_who_wants_a_processor(spinner: int, sleeper: int, ended: int) -> None:
    """A process that computes does; one that sleeps, is stopped, has ended or never was does not."""
    assert come_true(lambda: proc.wants_a_processor(spinner), 5)
    os.kill(spinner, signal.SIGSTOP)
    assert come_true(lambda: not proc.wants_a_processor(spinner), 5)
    assert not proc.wants_a_processor(sleeper)
    assert not proc.wants_a_processor(ended)
    assert not proc.wants_a_processor(_nobody())


def test_the_living_of_a_user_are_found_and_the_dead_are_not(sleeper: int, ended: int) -> None:
    """Every living process of the user, and none of another's."""
    found = {int(folder.name) for folder in proc.processes_of(os.getuid())}
    assert {os.getpid(), sleeper} <= found
    assert ended not in found
    assert list(proc.processes_of(64999)) == []


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to become another user")
def test_processes_and_threads_of_another_user_are_counted() -> None:
    """A user with one process of three threads has three."""
    threads = "for _ in range(2): threading.Thread(target=time.sleep, args=(60,)).start()"
    user = 64900 + os.getpid() % 100  # nobody's, and another run of this test has another
    program = f"import os, threading, time\nos.setuid({user})\n{threads}\nprint(flush=True)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert [int(folder.name) for folder in proc.processes_of(user)] == [process.pid]
        assert proc.threads_of(user) == 3
        process.kill()


def test_a_meter_counts_processor_time_from_where_it_is_told(spinner: int) -> None:
    """The start is not charged, and every `begin` starts again at nothing; a process that is stopped uses none."""
    with contextlib.closing(Meter(spinner, 0, ROOMY)) as meter:
        assert come_true(lambda: meter.look() is None and meter.cpu_seconds > 0.15, 10)
        os.kill(spinner, signal.SIGSTOP)
        assert come_true(lambda: not proc.wants_a_processor(spinner), 5)
        meter.look()
        total = time.clock_gettime_ns((~spinner << 3) | 2)
        assert meter.cpu_seconds == meter.cpu_seconds_of(total) == total / 1e9
        late = Meter(spinner, total, ROOMY)
        late.look()
        late.close()
        assert late.cpu_seconds == 0
        wall_seconds = meter.wall_seconds
        meter.begin()
        assert meter.wall_seconds < wall_seconds
        meter.look()
        assert meter.cpu_seconds == meter.cpu_seconds_of(total) == 0


@pytest.mark.parametrize(
    ("limits", "status"),
    [
        (Limits(cpu_seconds=0.05, idle_seconds=0.05), Status.CPU_LIMIT),
        (Limits(cpu_seconds=30, idle_seconds=0.05), None),
        (Limits(cpu_seconds=30, memory_bytes=65536), Status.MEMORY_LIMIT),
        (Limits(cpu_seconds=0.05, memory_bytes=65536), Status.CPU_LIMIT),
    ],
)
def test_a_meter_tells_the_limit_that_a_busy_process_passed(
    spinner: int, limits: Limits, status: Status | None
) -> None:
    """Time comes before memory, and whoever computes is not idle, however little processor it gets."""
    with contextlib.closing(Meter(spinner, 0, limits)) as meter:
        assert come_true(lambda: meter.wall_seconds > 0.2 and time.clock_gettime((~spinner << 3) | 2) > 0.1, 10)
        assert meter.look() is status
        assert 65536 < meter.peak_bytes < 64 * MEBIBYTE


@pytest.mark.parametrize(
    ("share", "while_it_runs", "at_its_end"),
    [(0.9, None, None), (1.2, None, Status.CPU_LIMIT), (1.6, Status.CPU_LIMIT, Status.CPU_LIMIT)],
)
def test_a_meter_kills_at_one_limit_and_judges_by_another(
    spinner: int, share: float, while_it_runs: Status | None, at_its_end: Status | None
) -> None:
    """A process that has used this share of its limit, and has stopped there."""
    clock = (~spinner << 3) | 2
    assert come_true(lambda: time.clock_gettime(clock) > 0.1, 10)
    os.kill(spinner, signal.SIGSTOP)
    assert come_true(lambda: not proc.wants_a_processor(spinner), 5)
    limits = Limits(cpu_seconds=time.clock_gettime(clock) / share)
    with contextlib.closing(Meter(spinner, 0, limits)) as meter:
        assert (meter.look(), meter.last_look()) == (while_it_runs, at_its_end)


def test_a_meter_tells_who_is_idle(sleeper: int, spinner: int) -> None:
    """A process that sleeps, and one that is stopped, pass the idle limit; and not before it."""
    limits = Limits(cpu_seconds=30, idle_seconds=0.2)
    os.kill(spinner, signal.SIGSTOP)
    for pid in (sleeper, spinner):
        with contextlib.closing(Meter(pid, 0, limits)) as meter:
            assert meter.look() is None
            assert come_true(lambda meter=meter: meter.look() is Status.IDLE_LIMIT, 5)  # type: ignore[misc]
            assert meter.wall_seconds > 0.2


def test_nobody_is_idle_while_the_judge_does_not_look(sleeper: int) -> None:
    """A process that sleeps meanwhile may wait for the judge to read; what it sleeps after that is its own."""
    limits = Limits(cpu_seconds=30, idle_seconds=0.3)
    with contextlib.closing(Meter(sleeper, 0, limits)) as meter:
        for _ in range(2):
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                pass
            assert meter.look() is None
            assert meter.wall_seconds > 0.5
            meter.begin()
        start = time.monotonic()
        assert come_true(lambda: meter.look() is Status.IDLE_LIMIT, 5)
        assert time.monotonic() - start > 0.25


def test_waiting_for_the_judge_to_take_an_answer_is_not_idleness(sleeper: int) -> None:
    """Who has answered sleeps until the judge comes: on a busy machine that adds up, over thousands of calls."""
    with contextlib.closing(Meter(sleeper, 0, ROOMY)) as meter:
        for _ in range(3):
            time.sleep(0.3)
            assert meter.last_look() is None
        assert meter.idle_seconds == 0.0


def test_a_busy_machine_makes_nobody_idle() -> None:
    """Processes that compete for one processor get a third of it each, and none of them idles."""
    processor = min(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        pids = [stack.enter_context(_running("sh", "-c", SPIN)) for _ in range(3)]
        for pid in pids:
            os.sched_setaffinity(pid, {processor})
        meter = stack.enter_context(contextlib.closing(Meter(pids[0], 0, ROOMY)))
        meter.begin()
        assert come_true(lambda: meter.look() is None and meter.wall_seconds > 0.9, 10)
        assert meter.cpu_seconds < 0.8 * meter.wall_seconds
        assert meter.idle_seconds < 0.1


def test_a_net_under_idleness(spinner: int) -> None:
    """Who never seems to idle, and uses little, is stopped after ten times all that its limits allow together."""
    parent = proc.parent_of(spinner)
    processor = min(os.sched_getaffinity(0))
    with _running("sh", "-c", SPIN) as rival:
        for pid in (spinner, rival):
            os.sched_setaffinity(pid, {processor})
        os.setpriority(os.PRIO_PROCESS, spinner, 19)
        used = time.clock_gettime_ns((~spinner << 3) | 2)
        limits = Limits(cpu_seconds=0.05, idle_seconds=0.005)
        with contextlib.closing(Meter(spinner, used, limits)) as meter:
            assert come_true(lambda: meter.look() is not None, 10)
            assert meter.wall_seconds > 0.5
            assert (meter.look(), proc.parent_of(spinner)) == (Status.IDLE_LIMIT, parent)


def test_a_meter_waits_to_be_due(sleeper: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two looks nothing is read, and a small limit is looked at soon."""
    limits = Limits(cpu_seconds=3000, memory_bytes=4096)
    with contextlib.closing(Meter(sleeper, 0, limits)) as meter:
        assert meter.milliseconds_to_next_look <= 50
        assert come_true(lambda: meter.look_when_due() is Status.MEMORY_LIMIT, 5)
    with monkeypatch.context() as patch:
        patch.setattr("sandbox.local.meter._LOOK_SECONDS", 60.0)  # so that it cannot pass before the next line
        meter = Meter(sleeper, 0, limits)
        assert 0 < meter.milliseconds_to_next_look <= 60_000
        assert (meter.look_when_due(), meter.peak_bytes) == (None, 0)
        meter.close()
    with contextlib.closing(Meter(sleeper, 0, Limits(cpu_seconds=0.004))) as meter:
        assert meter.milliseconds_to_next_look < 5


@pytest.mark.parametrize("buried", [False, True])
def test_a_meter_of_a_process_that_ended_finds_nothing(ended: int, buried: bool) -> None:
    """It raises nothing and charges nothing: what is known then comes from the parent that reaped it."""
    pid = _nobody() if buried else ended
    with contextlib.closing(Meter(pid, 0, ROOMY)) as meter:
        assert meter.look() is None
        assert meter.cpu_seconds < 0.1
        assert meter.peak_bytes == 0
        meter.begin()
        assert meter.look() is None


def test_a_meter_lets_go_of_its_process(sleeper: int) -> None:
    """One descriptor at most, given back once, also when it is closed twice."""
    before = descriptors()
    meter = Meter(sleeper, 0, ROOMY)
    for _ in range(3):
        meter.look()
        assert descriptors() == before + 1
    meter.close()
    meter.close()
    assert descriptors() == before
