"""The filter on system calls: what its program says of every number, and what it does to live programs.

Live, it stands alone over the floor; each act is also tried without it.
"""

from __future__ import annotations

import errno
import itertools
import os
import re
import signal
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Job, Limits, LocalSandbox, Program, Run, Status, Stdin
from sandbox.inside import seccomp, system_calls
from sandbox.inside.system_calls import MACHINES, NEWEST_KNOWN
from tests.sandbox.bpf import Machine
from tests.sandbox.running import OVER_THE_FLOOR, build, run_calls, run_whole

MACHINE = os.uname().machine
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
OTHERS = {0x40000003: "i386", 0x40000028: "arm", 0xC00000F3: "riscv64", 0: "none"}
X32 = 0x40000000
ALLOW, KILL = 0x7FFF0000, 0x80000000
GROUPS = {
    ALLOW: system_calls.ALLOWED,
    0x50000 | errno.EMFILE: system_calls.NO_DESCRIPTOR,
    0x50000 | errno.ENOENT: system_calls.NO_NAME,
    KILL: system_calls.FORBIDDEN,
}
DENIED, UNKNOWN = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
OWN = 4321
"""The process id that filters are made for here."""


def _filter(machine: str) -> Machine:
    made = seccomp.Filter(machine)
    return Machine(bytes(made.code).replace(struct.pack("=I", seccomp._OWN_PID), struct.pack("=I", OWN)))


FILTERS = {machine: _filter(machine) for machine in MACHINES}
EXPECTED = {
    machine: {number: action for action, group in GROUPS.items() for number in system_calls.on(machine, group).values()}
    for machine in MACHINES
}


@pytest.mark.parametrize("machine", MACHINES)
def test_every_number_is_answered_as_the_tables_say(machine: str) -> None:
    """What no table names fails with EPERM, what is newer than the tables with ENOSYS, x32 ends the program."""
    decided_by_argument = set(system_calls.on(machine, system_calls.BY_ARGUMENT).values())
    run = FILTERS[machine].run
    for number in set(range(1024)) - decided_by_argument:
        expected = EXPECTED[machine].get(number, DENIED if number <= NEWEST_KNOWN else UNKNOWN)
        assert run(ARCHITECTURES[machine], number) == expected, number
    assert run(ARCHITECTURES[machine], X32 - 1) == UNKNOWN
    for number in (*range(1024), (1 << 31) - X32, (1 << 32) - X32 - 1):
        assert run(ARCHITECTURES[machine], X32 + number) == KILL, number


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("other", [*OTHERS, *ARCHITECTURES.values()])
def test_another_architecture_ends_the_program(machine: str, other: int) -> None:
    """Its numbers mean other calls (32-bit ones on x86_64 come from `int 0x80`)."""
    if other != ARCHITECTURES[machine]:
        assert {FILTERS[machine].run(other, number) for number in range(600)} == {KILL}


SIGNALLING = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "prlimit64")
CLOCKS = ("clock_gettime", "clock_getres", "clock_nanosleep")
BY_ARGUMENT = [
    *((name, (OWN,), ALLOW) for name in SIGNALLING),
    *((name, (pid,), KILL) for name in SIGNALLING for pid in (OWN - 1, OWN + 1, 1, (1 << 64) - 1, (1 << 64) - OWN)),
    *((name, (0,), ALLOW) for name in ("kill", "prlimit64")),
    *((name, (0,), KILL) for name in SIGNALLING[1:-1]),
    ("clone", (0x3D0F00,), ALLOW),  # a thread, as glibc makes it
    ("clone", (0x3D4F00,), DENIED),  # a thread for which its maker sleeps (CLONE_VFORK)
    ("clone", (signal.SIGCHLD,), DENIED),  # fork
    ("clone", (0x4100 | signal.SIGCHLD,), DENIED),  # vfork
    ("clone", (0x10000000 | signal.SIGCHLD,), DENIED),  # a new user namespace
    ("clone3", (0, 0), UNKNOWN),
    ("prctl", (15,), ALLOW),  # PR_SET_NAME
    *(("prctl", (option,), DENIED) for option in (1, 4, 8, 22, 24, 36, 38, 59)),
    *(("mmap", (0, 4096, 3, flags), ALLOW) for flags in (0x2, 0x22, 0x20022)),  # MAP_PRIVATE ...
    *(("mmap", (0, 4096, 3, flags), DENIED) for flags in (0x1, 0x3, 0x21)),  # MAP_SHARED, MAP_SHARED_VALIDATE
    *((name, (clock,), ALLOW) for name in CLOCKS for clock in (0, 1, 2, 3, 4, 11)),
    *((name, (clock,), DENIED) for name in CLOCKS for clock in (0xFFFFFFFA, (1 << 64) - 6, ~(OWN << 3) & 0xFFFFFFFF)),
    *(("fcntl", (0, command), ALLOW) for command in (1, 2, 3)),  # F_GETFD, F_SETFD, F_GETFL
    *(("fcntl", (0, 4, flags), ALLOW) for flags in (0, 0x800)),  # F_SETFL: nothing, O_NONBLOCK
    *(("fcntl", (0, 4, flags), DENIED) for flags in (0x2000, 0x4000, 0x10000)),  # O_ASYNC, O_DIRECT
    *(("fcntl", (0, command), DENIED) for command in (5, 6, 7, 8, 10, 15, 36, 1024, 1031)),  # F_SETLK, F_SETOWN ...
    *(("ioctl", (0, command), ALLOW) for command in (0x5401, 0x541B)),  # TCGETS, FIONREAD
    *(
        ("ioctl", (0, command), 0x50000 | errno.ENOTTY) for command in (0x5412, 0x8901, 0x5452)
    ),  # TIOCSTI, FIOSETOWN ...
]


@pytest.mark.parametrize("machine", MACHINES)
def test_arguments_decide_where_they_have_to(machine: str) -> None:
    """Threads and no processes, signals to itself and to nobody else, the status of descriptors and of no name."""
    numbers = system_calls.on(machine, system_calls.BY_ARGUMENT)
    assert set(numbers) == {name for name, _, _ in BY_ARGUMENT}
    for name, arguments, expected in BY_ARGUMENT:
        assert FILTERS[machine].run(ARCHITECTURES[machine], numbers[name], arguments) == expected, (name, arguments)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_decision_takes_few_instructions(machine: str) -> None:
    """The search is a tree: every call is slowed down by it."""
    machine_run = FILTERS[machine].run
    for number in range(600):
        machine_run(ARCHITECTURES[machine], number, (7, 7, 7, 7))
    assert FILTERS[machine].longest <= 24


@given(
    st.sampled_from(MACHINES),
    st.integers(0, (1 << 32) - 1),
    st.lists(st.integers(0, (1 << 64) - 1), min_size=6, max_size=6),
)
def test_no_arguments_open_what_the_tables_close(machine: str, number: int, arguments: list[int]) -> None:
    """Whatever the arguments, a call is allowed only where a table says so."""
    decided = {*system_calls.on(machine, system_calls.BY_ARGUMENT).values()}
    if FILTERS[machine].run(ARCHITECTURES[machine], number, arguments) == ALLOW:
        assert number in decided or EXPECTED[machine][number] == ALLOW


def test_no_call_is_in_two_tables() -> None:
    """Neither by its name nor by its number on a machine."""
    groups = [*GROUPS.values(), system_calls.BY_ARGUMENT, system_calls.MADE_BY_THE_SANDBOX]
    for one, other in itertools.combinations(groups, 2):
        assert not one.keys() & other.keys()
        for machine in MACHINES:
            numbers = system_calls.on(machine, one).values()
            assert not set(numbers) & set(system_calls.on(machine, other).values())
            assert len(set(numbers)) == len(numbers)


HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}


def _numbers_in(header: str) -> dict[str, int]:
    """Numbers by name, of a 64-bit machine; names with 3264 stand for what has another name on a 32-bit one."""
    found: dict[str, int] = {}
    same: dict[str, str] = {}
    for name, number, other in re.findall(r"#define __NR(?:3264)?_(\w+) (?:(\d+)|__NR3264_(\w+))", header):
        if number:
            found[name] = int(number)
        else:
            same.setdefault(name, other)  # the first of two is that of a 64-bit machine
    return found | {name: found[other] for name, other in same.items() if other in found}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_tables_are_those_of_the_kernels_headers(machine: str) -> None:
    """Every number, and that a machine lacks a call."""
    paths = [path for path in map(Path, HEADERS[machine]) if path.exists()]
    if not paths:
        pytest.skip(f"no kernel headers for {machine} here (linux-libc-dev)")
    real = _numbers_in(paths[0].read_text())
    assert {"rseq", "statx", "newfstatat"} <= real.keys(), "the header was understood"
    of_other_languages = (
        system_calls.BECOMING,
        system_calls.FOR_EVENTS,
        system_calls.WITH_FILES,
        system_calls.WITH_PROCESSES,
    )
    tables = [*GROUPS.values(), system_calls.BY_ARGUMENT, system_calls.MADE_BY_THE_SANDBOX, *of_other_languages]
    wrong = {
        name: (numbers[MACHINES.index(machine)], real.get(name))
        for table in tables
        for name, numbers in table.items()
        if numbers[MACHINES.index(machine)] != real.get(name)
    }
    assert wrong == {}
    assert NEWEST_KNOWN in real.values()


def test_a_machine_without_a_table_is_refused() -> None:
    """There is nothing to filter by."""
    with pytest.raises(ValueError, match="riscv64"):
        seccomp.Filter("riscv64")


@pytest.fixture(scope="module")
def filtered() -> Iterator[LocalSandbox]:
    """Make one with the filter and, since some calls may succeed without it, a user of its own."""
    with LocalSandbox(workers=1, without=set(OVER_THE_FLOOR) - {"seccomp", "uid"}) as sandbox:
        if "seccomp" not in build(sandbox, "").layers:
            pytest.skip("no filter can be installed here")
        yield sandbox


@pytest.fixture(scope="module")
def unfiltered() -> Iterator[LocalSandbox]:
    """Make the same without it."""
    with LocalSandbox(workers=1, without=set(OVER_THE_FLOOR) - {"uid"}) as sandbox:
        yield sandbox


def _number(name: str) -> int:
    groups = [system_calls.FORBIDDEN, system_calls.BY_ARGUMENT, system_calls.NO_NAME]
    return next(numbers[name] for group in groups if name in (numbers := system_calls.on(MACHINE, group)))


CALL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
result = libc.syscall(*(ctypes.c_long(int(part)) for part in input().split()), 0, 0, 0, 0, 0, 0)
print(result, os.strerror(ctypes.get_errno()))
"""


def _each(sandbox: LocalSandbox, *lines: str) -> tuple[Run, ...]:
    """Make each system call in a candidate of its own: its number and first arguments."""
    inputs = tuple(Stdin(line.encode()) for line in lines)
    return sandbox.run(Job(program=Program(source=CALL), inputs=inputs, limits=Limits(cpu_seconds=0.5))).runs


def test_a_forbidden_call_ends_the_program(filtered: LocalSandbox, unfiltered: LocalSandbox) -> None:
    """Each of them is a violation; without the filter each one comes back, failed or not."""
    names = list(system_calls.on(MACHINE, system_calls.FORBIDDEN))
    lines = [str(_number(name)) for name in names]
    seen = {name: (run.status, run.exit_code) for name, run in zip(names, _each(filtered, *lines), strict=True)}
    assert seen == dict.fromkeys(names, (Status.VIOLATION, -signal.SIGSYS))
    bare = _each(unfiltered, *lines)
    assert {name: run.status for name, run in zip(names, bare, strict=True)} == dict.fromkeys(names, Status.FINISHED)


@pytest.mark.parametrize("name", ["kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "prlimit64"])
def test_reaching_for_another_process_ends_the_program(filtered: LocalSandbox, name: str) -> None:
    """Whether it is there or not: its parent, process 1, all of them, a number that nobody has."""
    calls = [f"{_number(name)} {pid} 0" for pid in (os.getppid(), 1, -1, 1 << 22)]
    assert {run.status for run in _each(filtered, *calls)} == {Status.VIOLATION}


def test_a_call_by_x32_numbers_ends_the_program(filtered: LocalSandbox) -> None:
    """Such numbers are another way to the same calls."""
    runs = _each(filtered, str(X32 + 39), str(X32 + 1))
    assert [run.status for run in runs] == [Status.VIOLATION] * 2


PROCESSES = {
    "fork": "os.fork() or os._exit(0)",
    "forkpty": "os.forkpty()[0] or os._exit(0)",
    "clone": f"clone({int(signal.SIGCHLD)})",
    "clone into a user namespace": f"clone({0x10000000 | int(signal.SIGCHLD)})",
}
CLONE = f"""
import ctypes, os
def clone(flags):
    libc = ctypes.CDLL(None, use_errno=True)
    pid = libc.syscall({_number("clone")}, flags, 0, 0, 0, 0)
    if pid == 0: os._exit(0)
    if pid == -1: raise OSError(ctypes.get_errno(), "clone")
"""


@pytest.mark.parametrize("way", ["fork", "clone"])
def test_no_process_can_be_made(filtered: LocalSandbox, unfiltered: LocalSandbox, way: str) -> None:
    """By any way it fails with PermissionError, which a program may catch; without the filter it works."""
    source = (
        f"{CLONE}\ntry:\n    {PROCESSES[way]}\nexcept PermissionError:\n    print('denied')\nelse:\n    print('made')"
    )
    assert run_whole(filtered, source).stdout == b"denied\n"
    assert run_whole(unfiltered, source).stdout == b"made\n"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (f"{_number('clone')} {0x10000000 | int(signal.SIGCHLD)}", errno.EPERM),
        (f"{_number('clone')} {0x4100 | int(signal.SIGCHLD)}", errno.EPERM),
        (f"{_number('clone3')} 0 0", errno.ENOSYS),
        *([("58", errno.EPERM), ("57", errno.EPERM), ("59", errno.EPERM)] if MACHINE == "x86_64" else []),
        ("449999", errno.ENOSYS),
    ],
)
def test_other_calls_fail_and_the_program_goes_on(filtered: LocalSandbox, line: str, error: int) -> None:
    """New user namespaces, vfork, clone3, fork, execve, and what no kernel knows yet."""
    (run,) = _each(filtered, line)
    assert (run.status, run.stdout.decode()) == (Status.FINISHED, f"-1 {os.strerror(error)}\n")


OF_A_RIGHT_PROGRAM = {
    "threads with big stacks": (
        "import threading\nthreading.stack_size(64 << 20)\nfound = []\n"
        "threads = [threading.Thread(target=found.append, args=(1,)) for _ in range(8)]\n"
        "for thread in threads: thread.start()\nfor thread in threads: thread.join()\nassert len(found) == 8"
    ),
    "a pool of threads": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool: assert list(pool.map(abs, [-1, 2])) == [1, 2]"
    ),
    "a signal to itself": (
        "import os, signal\nseen = []\nsignal.signal(signal.SIGUSR1, lambda *_: seen.append(1))\n"
        "signal.raise_signal(signal.SIGUSR1)\nos.kill(os.getpid(), signal.SIGUSR1)\nos.kill(0, signal.SIGUSR1)\n"
        "import threading\nsignal.pthread_kill(threading.get_ident(), signal.SIGUSR1)\nassert len(seen) == 4"
    ),
    "an alarm": (
        "import signal\nseen = []\nsignal.signal(signal.SIGALRM, lambda *_: seen.append(1))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.01)\nsignal.pause()\nsignal.alarm(100)\nsignal.alarm(0)\nassert seen"
    ),
    "its own limits": (
        "import os, resource\nresource.setrlimit(resource.RLIMIT_STACK, resource.getrlimit(resource.RLIMIT_STACK))\n"
        "resource.prlimit(os.getpid(), resource.RLIMIT_NOFILE)\nresource.prlimit(0, resource.RLIMIT_CPU)\n"
        "import sys\nsys.setrecursionlimit(10**6)"
    ),
    "the status of what is open": (
        "import os\nassert all(os.fstat(n).st_mode for n in range(3))\nassert not os.isatty(0)\n"
        "import stat\nassert stat.S_ISFIFO(os.fstat(1).st_mode)"
    ),
    "clocks and sleep": (
        "import time\nstart = time.monotonic()\ntime.sleep(0.01)\ntime.time(), time.process_time()\n"
        "time.thread_time(), time.localtime(), time.perf_counter_ns()\nassert time.monotonic() > start"
    ),
    "chance": "import os, random, secrets, uuid\nos.urandom(8), random.SystemRandom().random(), secrets.token_hex()",
    "memory": (
        "import gc, mmap\nwith mmap.mmap(-1, 1 << 20) as room:\n    room[:3] = b'abc'\n    room.resize(1 << 21)\n"
        "hoard = bytearray(30 << 20)\ndel hoard\ngc.collect()"
    ),
    "who and where it is": (
        "import os, platform\nos.getuid(), os.getgid(), os.getgroups(), os.getppid(), os.getpgrp(), os.uname()\n"
        "os.cpu_count(), os.sched_getaffinity(0), os.times(), platform.python_version()"
    ),
    "input by every way": (
        "import os, select, sys\nassert select.select([0], [], [], 1)[0] == [0]\nassert os.read(0, 3) == b'abc'\n"
        "assert open(0, 'rb').read(2) == b'de'"
    ),
    "asyncio": "import asyncio\nassert asyncio.run(asyncio.sleep(0.01, 5)) == 5",
    "a fault handler": "import faulthandler, sys\nfaulthandler.enable()\nfaulthandler.dump_traceback()",
}


@pytest.mark.parametrize("name", OF_A_RIGHT_PROGRAM)
def test_what_right_programs_do_is_allowed(sandbox: LocalSandbox, name: str) -> None:
    """Under all layers."""
    run = run_whole(sandbox, OF_A_RIGHT_PROGRAM[name] + "\nprint('well')", b"abcde")
    assert (run.status, run.stdout) == (Status.FINISHED, b"well\n"), run.stderr_tail.decode()


def test_numpy_computes_under_the_filter(sandbox: LocalSandbox) -> None:
    """Linear algebra, random numbers and a Fourier transform."""
    pytest.importorskip("numpy")
    source = (
        "import numpy as np\na = np.random.default_rng(1).random((200, 200))\n"
        "np.linalg.svd(a @ a), np.fft.fft(a), np.sort(a, axis=None)\nprint('well')"
    )
    assert run_whole(sandbox, source).stdout == b"well\n"


def test_ending_itself_is_a_crash_and_no_violation(sandbox: LocalSandbox) -> None:
    """Signals that a program sends to itself are its own affair."""
    ends = {"os.abort()": "SIGABRT", "os.kill(os.getpid(), 15)": "SIGTERM", "os.kill(os.getpid(), 9)": "SIGKILL"}
    for act, error in ends.items():
        run = run_whole(sandbox, f"import os\n{act}")
        assert (run.status, run.error) == (Status.CRASHED, error)


NO_DESCRIPTOR = {
    "a file": "open('/etc/passwd')",
    "a folder": "os.listdir('/')",
    "a socket": "socket.socket()",
    "a pair of sockets": "socket.socketpair()",
    "a pipe": "os.pipe()",
    "a copy": "os.dup2(1, 9)",
    "a memory file": "os.memfd_create('x')",
    "an event": "os.eventfd(0)",
    "a poll": "select.epoll()",
}
NO_NAME = {
    "look": "os.stat('/etc/passwd')",
    "follow": "os.readlink('/proc/self/exe')",
    "make": "os.mkdir('/tmp/x')",
    "remove": "os.unlink('/etc/passwd')",
    "rename": "os.rename('/etc/passwd', '/etc/x')",
    "change": "os.chmod('/etc/passwd', 0)",
    "cut short": "os.truncate('/etc/passwd', 0)",
    "enter": "os.chdir('/tmp')",
}


@pytest.mark.parametrize(
    ("acts", "number"), [(NO_DESCRIPTOR, errno.EMFILE), (NO_NAME, errno.ENOENT)], ids=["descriptor", "name"]
)
def test_refusals_look_as_they_do_without_the_filter(filtered: LocalSandbox, acts: dict[str, str], number: int) -> None:
    """No descriptor is to be had, and no name exists."""
    source = (
        "import os, select, socket\ndef f(act):\n    try:\n        eval(act)\n"
        "    except OSError as error:\n        return error.errno"
    )
    runs = run_calls(filtered, source, *((act,) for act in acts.values()))
    assert {name: run.value for name, run in zip(acts, runs, strict=True)} == dict.fromkeys(acts, number)


OWNER = "import fcntl, os\nfcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())\nprint('owned')"


def test_a_pipe_signals_nobody(filtered: LocalSandbox, unfiltered: LocalSandbox) -> None:
    """The kernel sends the owner of a pipe a signal when it can be read: another way to signal a process (fcntl(2))."""
    run = run_whole(filtered, OWNER)
    assert (run.status, run.error) == (Status.CRASHED, "PermissionError")
    assert run_whole(unfiltered, OWNER).stdout == b"owned\n"


SHARE = f"""
import ctypes
libc = ctypes.CDLL(None)
print(libc.syscall({_number("mmap")}, 0, 4096, 3, 0x21, -1, 0) != -1)  # MAP_SHARED | MAP_ANONYMOUS
"""


def test_no_memory_is_shared(filtered: LocalSandbox, unfiltered: LocalSandbox) -> None:
    """Shared memory without a name stays filled, and is in nobody's figures, once it is let go of."""
    assert run_whole(filtered, SHARE).stdout == b"False\n"
    assert run_whole(unfiltered, SHARE).stdout == b"True\n"


LOOK_BY_A_FLAG = f"""
import ctypes
status = (ctypes.c_uint64 * 64)()
print(ctypes.CDLL(None).syscall({_number("newfstatat")}, -100, b"/proc", status, 0x1000))
"""


def test_a_flag_does_not_make_names_visible(filtered: LocalSandbox, unfiltered: LocalSandbox) -> None:
    """AT_EMPTY_PATH allows an empty name, and is no promise of one (stat(2))."""
    assert run_whole(filtered, LOOK_BY_A_FLAG).stdout == b"-1\n"
    assert run_whole(unfiltered, LOOK_BY_A_FLAG).stdout == b"0\n"


INT_80 = """
import ctypes, mmap
protection = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
code = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=protection)
code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20; int 0x80; ret: getpid by its 32-bit number
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))())
"""


@pytest.mark.skipif(MACHINE != "x86_64", reason="32-bit calls of x86_64")
def test_a_32_bit_call_ends_the_program(filtered: LocalSandbox, unfiltered: LocalSandbox) -> None:
    """Its number is that of another call; the filter looks at the architecture before the number."""
    if run_whole(unfiltered, INT_80).status is not Status.FINISHED:
        pytest.skip("this kernel has no 32-bit calls")
    assert run_whole(filtered, INT_80).status is Status.VIOLATION


def test_a_handler_cannot_catch_a_violation(filtered: LocalSandbox) -> None:
    """SIGSYS is not delivered: neither a handler nor ignoring it keeps the program alive."""
    for setting in ("lambda *_: None", "signal.SIG_IGN"):
        source = f"import os, signal\nsignal.signal(signal.SIGSYS, {setting})\nos.kill(os.getppid(), 0)\nprint('alive')"
        run = run_whole(filtered, source)
        assert (run.status, run.stdout) == (Status.VIOLATION, b"")


def test_a_thread_that_breaks_the_rules_ends_the_program(filtered: LocalSandbox) -> None:
    """Not the thread alone."""
    source = (
        "import os, threading\nthread = threading.Thread(target=os.kill, args=(os.getppid(), 0))\nthread.start()\n"
        "thread.join()\nprint('alive')"
    )
    assert run_whole(filtered, source).status is Status.VIOLATION


def test_a_program_may_not_claim_a_violation_by_accident(filtered: LocalSandbox) -> None:
    """Raising SIGSYS oneself is told as what it looks like: a violation is never worth more than a crash."""
    assert run_whole(filtered, "import signal\nsignal.raise_signal(signal.SIGSYS)").status is Status.VIOLATION
