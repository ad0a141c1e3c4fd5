"""Programs that try to use more than they may without being seen. Each of them once succeeded, or nearly."""

from __future__ import annotations

import pytest

from sandbox import Limits, LocalSandbox, Status
from sandbox.job import MEBIBYTE
from tests.sandbox.running import run_calls, run_whole

IDLERS = {
    "many threads that wait for a processor together": """
import hashlib, threading, time
barrier, done = threading.Barrier(40), []
def work():
    barrier.wait()
    hashlib.pbkdf2_hmac("sha256", b"a" * 64, b"b" * 16, 20000)
    done.append(1)
    time.sleep(60)
for _ in range(40): threading.Thread(target=work, daemon=True).start()
while len(done) < 40: time.sleep(0.01)
time.sleep(4)
""",
    "a thread that is made as vfork does": """
import ctypes, time
libc = ctypes.CDLL(None)
stack = ctypes.create_string_buffer(1 << 20)
FLAGS = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000 | 0x4000
top = ctypes.c_void_p(ctypes.addressof(stack) + (1 << 20) - 64)
libc.clone(ctypes.cast(libc.pause, ctypes.c_void_p), top, FLAGS, None)
time.sleep(4)
""",
}


@pytest.mark.parametrize("name", IDLERS)
def test_nothing_excuses_idleness(each_sandbox: LocalSandbox, name: str) -> None:
    """Neither waiting that is over nor a sleep that looks like one for a disk."""
    run = run_whole(each_sandbox, IDLERS[name], limits=Limits(cpu_seconds=3, idle_seconds=0.6))
    assert run.status is Status.IDLE_LIMIT
    assert run.wall_seconds < 3.5


LEADERLESS = """
import ctypes, sys, threading, time
frame = sys._getframe().f_back
inside, module = frame.f_globals, frame.f_locals["module"]
def serve():
    time.sleep(0.05)
    inside["write_frame"](inside["OUT"], inside["values"].encode([0, ["ready"]]))
    while True:
        inside["write_frame"](inside["OUT"], inside["_answer"](module, inside["read_frame"](inside["IN"]), None))
threading.Thread(target=serve, daemon=True).start()
def f(size): return len(b"x" * (size << 20))
ctypes.CDLL(None).syscall({"x86_64": 60}.get(__import__("os").uname().machine, 93), 0)
"""
"""Its first thread ends, and another goes on to serve the channel: the figures of the process are those of the dead."""


def test_a_process_without_its_first_thread_is_measured_too(each_sandbox: LocalSandbox) -> None:
    """Its memory is that of the threads that live."""
    limits = Limits(cpu_seconds=2, idle_seconds=2, memory_bytes=96 * MEBIBYTE)
    small, big = run_calls(each_sandbox, LEADERLESS, (1,), (300,), limits=limits)
    assert (small.status, small.value) == (Status.FINISHED, 1 << 20)
    assert big.status is Status.MEMORY_LIMIT


NAMED = "import ctypes; ctypes.CDLL(None).prctl(15, b'VmHWM:1kB')\ndef f(size): return len(b'x' * (size << 20))"


def test_a_name_is_no_figure(each_sandbox: LocalSandbox) -> None:
    """A program chooses its name, which stands above the figures that are read."""
    limits = Limits(cpu_seconds=2, idle_seconds=2, memory_bytes=96 * MEBIBYTE)
    (run,) = run_calls(each_sandbox, NAMED, (300,), limits=limits)
    assert run.status is Status.MEMORY_LIMIT


UNCOUNTED = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(30):
    if os.fork() == 0:
        end = time.process_time() + 0.1
        while time.process_time() < end: pass
        os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
"""


def test_children_that_nobody_waits_for_are_charged(floor: LocalSandbox) -> None:
    """The kernel adds their time to nobody's: what was seen of them while they lived counts."""
    run = run_whole(floor, UNCOUNTED, limits=Limits(cpu_seconds=0.6, idle_seconds=20))
    assert run.status is Status.CPU_LIMIT


SHARED = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
print(libc.mmap(None, ctypes.c_size_t(1 << 20), 3, 0x21, -1, ctypes.c_long(0)) == ctypes.c_void_p(-1).value)
"""


def test_shared_memory_without_a_name_is_refused(sandbox: LocalSandbox) -> None:
    """Filled and let go of, it would stay and be in nobody's figures; `mmap.mmap(-1, size)` gets private memory."""
    assert run_whole(sandbox, SHARED).stdout == b"True\n"
    honest = "import mmap\npages = mmap.mmap(-1, 1 << 20)\npages[:3] = b'abc'\nprint(pages[:4], type(pages).__name__)"
    assert run_whole(sandbox, honest).stdout == b"b'abc\\x00' mmap\n"


def test_a_stream_cannot_be_made_costly(sandbox: LocalSandbox) -> None:
    """A pipe in packet mode would have the judge read each write by itself; non-blocking is as free as ever."""
    source = "import fcntl, os\nfcntl.fcntl(1, fcntl.F_SETFL, {})\nprint(1)"
    assert run_whole(sandbox, source.format("os.O_DIRECT")).status is Status.CRASHED
    assert run_whole(sandbox, source.format("os.O_NONBLOCK")).stdout == b"1\n"
