"""Namespaces: processes and objects of the machine are out of sight, and a worker dies as one.

As root, and as an ordinary user by way of a user namespace. There is no filter on system calls here, so programs may
start processes and signal whom they find.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from sandbox.inside import kernel
from tests.sandbox import ordinary_user
from tests.sandbox.judge import Judge
from tests.sandbox.processes import below, candidates_below, come_true, gone
from tests.sandbox.running import OVER_THE_FLOOR

PRIVILEGED = os.getuid() == 0
OTHERS = ("landlock", "seccomp")
needs_ordinary_user = pytest.mark.skipif(bool(ordinary_user.missing()), reason=ordinary_user.missing())
USERS = [
    pytest.param("root", marks=pytest.mark.skipif(not PRIVILEGED, reason="needs root")),
    pytest.param("ordinary", marks=needs_ordinary_user),
]


def _start(user: str, without: tuple[str, ...] = OTHERS) -> Judge:
    return Judge(*(ordinary_user.command() if user == "ordinary" else ()), without=without)


def _check(judge: Judge) -> None:
    told = judge.tell("print(1)")
    assert told["stdout"] == "1\n"
    if "namespaces" not in told["layers"]:
        pytest.skip("this host allows no new namespaces")


@pytest.fixture(scope="module", params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    """Name who runs the judge."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def judge(user: str) -> Iterator[Judge]:
    """Start a judge with one worker in namespaces of its own."""
    with _start(user) as judge:
        _check(judge)
        yield judge


@pytest.fixture
def short_lived(user: str) -> Iterator[Judge]:
    """Start another for a test that ends it."""
    with _start(user) as judge:
        _check(judge)
        yield judge


@pytest.fixture(scope="module")
def without() -> Iterator[Judge]:
    """Start a judge of an ordinary user on the floor alone."""
    with _start("ordinary", OVER_THE_FLOOR) as judge:
        yield judge


@contextlib.contextmanager
def _bystander() -> Iterator[subprocess.Popen[bytes]]:
    """Start a process of the ordinary user."""
    command = [*ordinary_user.command(), sys.executable, "-c", "print(1, flush=True)\ninput()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        yield process
        with contextlib.suppress(BrokenPipeError):
            process.communicate(b"\n")


KILL = (
    "import os\ntry:\n    os.kill({pid}, 9)\nexcept ProcessLookupError:\n    print('nobody')\nelse:\n    print('done')"
)


@needs_ordinary_user
def test_a_process_of_the_machine_cannot_be_named(judge: Judge, without: Judge) -> None:
    """A process of the same user dies of a signal on the floor alone; in a namespace its number is nobody's."""
    with _bystander() as victim:
        assert judge.run(KILL.format(pid=victim.pid)) == ("finished", "nobody\n")
        assert victim.poll() is None
        assert without.run(KILL.format(pid=victim.pid)) == ("finished", "done\n")
        assert victim.wait(5) == -signal.SIGKILL


@needs_ordinary_user
def test_killing_everybody_harms_nobody_outside(judge: Judge) -> None:
    """What a program can reach is its own worker: it is served twice, then it is a violation, and the judge goes on."""
    with _bystander() as victim:
        assert judge.run("import os\nos.kill(-1, 9)\nprint(1)")[0] == "violation"
        assert victim.poll() is None
    assert judge.run("print(1)") == ("finished", "1\n")


def test_process_one_cannot_be_killed_from_inside(judge: Judge) -> None:
    """The zygote is deaf to its namespace (pid_namespaces(7)), whoever its user is; the worker goes on."""
    (keeper,) = _children(judge.pid)
    zygotes = {keeper, *_children(keeper)}
    source = "import os\ntry: os.kill(1, 9); os.kill(1, 19)\nexcept PermissionError: pass\nprint('done')"
    assert judge.run(source) == ("finished", "done\n")
    assert come_true(lambda: below(judge.pid) == zygotes, 5)


def test_numbers_of_processes_are_the_namespaces_own(judge: Judge, without: Judge) -> None:
    """A program does not learn how many processes the machine starts, nor the number of its judge."""
    source = "import os\nprint(os.getpid(), os.getsid(0))\nfor n in range(1, 100000):\n    try: os.kill(n, 0)\n" + (
        "    except ProcessLookupError: continue\n    except PermissionError: pass\n    print(n)"
    )
    status, stdout = judge.run(source)
    me, session, *seen = map(int, stdout.split())
    assert (status, me) == ("finished", session)
    assert set(seen) <= {1, me - 1, me}
    assert str(without.pid) in without.run(source)[1].split()


SHARED = """
import ctypes
libc = ctypes.CDLL(None)
print(libc.shmget({key}, 64, {flags}) >= 0, libc.semget({key}, 1, {flags}) >= 0, libc.msgget({key}, {flags}) >= 0)
"""
MAKE, LOOK, KEY = 0o1666, 0o666, 0x5EC0DE
_LIBC = ctypes.CDLL(None)
_MAKERS = ((_LIBC.shmget, (64,)), (_LIBC.semget, (1,)), (_LIBC.msgget, ()))


def test_objects_of_the_machine_are_out_of_sight(judge: Judge, without: Judge) -> None:
    """Shared memory, semaphores and queues that anybody may use are seen on the floor, and not from a namespace."""
    memory, semaphores, queue = (make(KEY, *size, MAKE) for make, size in _MAKERS)
    try:
        assert judge.run(SHARED.format(key=KEY, flags=LOOK)) == ("finished", "False False False\n")
        assert without.run(SHARED.format(key=KEY, flags=LOOK)) == ("finished", "True True True\n")
    finally:
        kernel.remove_shared_memory(memory)
        kernel.remove_semaphores(semaphores)
        kernel.remove_message_queue(queue)


def test_objects_are_gone_for_the_next_program(judge: Judge) -> None:
    """Of the same worker; two workers have different namespaces."""
    told = judge.tell(SHARED.format(key=KEY, flags=MAKE))
    assert (told["stdout"], told["anomalies"]) == ("True True True\n", ["ipc"])
    assert judge.run(SHARED.format(key=KEY, flags=LOOK)) == ("finished", "False False False\n")


def test_workers_share_no_objects(judge: Judge, user: str) -> None:
    """What a program makes is not seen by one that runs at the same time in another worker."""
    leave = SHARED.format(key=KEY, flags=MAKE) + "import time\nprint('made', flush=True)\ntime.sleep(60)"
    with _start(user) as other:
        other.send(leave, limits={"cpu_seconds": 5, "idle_seconds": 30})
        assert come_true(lambda: len(candidates_below(other.pid)) == 1, 20)
        assert [judge.run(SHARED.format(key=KEY, flags=LOOK)) for _ in range(3)] == [
            ("finished", "False False False\n")
        ] * 3
        other.process.kill()


TREE = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork(): os._exit(0)
        break
time.sleep(60)
"""
PATIENT = {"cpu_seconds": 5, "idle_seconds": 60}


def _grow(judge: Judge) -> tuple[int, int, set[int]]:
    """Have a program detach three daemons; return the keeper, process 1 and all processes below the judge."""
    judge.send(TREE, limits=PATIENT)
    assert come_true(lambda: len(candidates_below(judge.pid)) == 4, 20), "candidate and three daemons"
    (keeper,) = _children(judge.pid)
    (first,) = _children(keeper)
    return keeper, first, below(judge.pid)


def _children(pid: int) -> list[int]:
    return [child.pid for child in psutil.Process(pid).children()]


@pytest.mark.parametrize("victim", ["judge", "keeper", "process 1"])
def test_a_worker_dies_as_one(short_lived: Judge, victim: str) -> None:
    """Whoever of those above dies by SIGKILL, every process of the namespace dies at once, daemons included."""
    keeper, first, tree = _grow(short_lived)
    os.kill({"judge": short_lived.pid, "keeper": keeper, "process 1": first}[victim], signal.SIGKILL)
    if victim == "judge":
        short_lived.process.wait()
        assert gone(tree, 1)
        return
    assert gone(tree, 1)
    # A loss may be an accident: the program is run once more, in a new worker, which is lost as well.
    assert come_true(lambda: len(candidates_below(short_lived.pid)) == 4, 20)
    (keeper,) = _children(short_lived.pid)
    assert keeper not in tree
    os.kill(keeper, signal.SIGKILL)
    assert short_lived.receive()["status"] == "violation"
    assert short_lived.run("print(1)") == ("finished", "1\n")


def test_a_worker_that_dies_before_a_build_is_no_compile_error(user: str) -> None:
    """Invariant I7: the keeper is dead, and the zygote below it may take one more order; another builds the program."""
    for _ in range(8):
        with _start(user) as judge:
            _check(judge)
            (keeper,) = _children(judge.pid)
            os.kill(keeper, signal.SIGKILL)
            assert judge.run("print(1)") == ("finished", "1\n")


def test_a_detached_daemon_does_not_outlive_its_run(judge: Judge) -> None:
    """All that a namespace holds is killed at one go, whoever its parent is."""
    told = judge.tell(
        TREE.replace("time.sleep(60)", "time.sleep(0.1) if os.getsid(0) == os.getpid() else time.sleep(60)")
    )
    assert (told["status"], told["anomalies"]) == ("finished", ["processes"])
    assert candidates_below(judge.pid) == set()


def test_a_fork_bomb_ends_with_its_run(judge: Judge) -> None:
    """Every process of it is dead afterwards, and the next program may fork again."""
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    assert judge.run(bomb, limits={"cpu_seconds": 0.3})[0] in {"cpu_limit", "crashed"}
    assert candidates_below(judge.pid) == set()
    assert judge.run("import os\nif os.fork(): print(os.waitstatus_to_exitcode(os.wait()[1]))") == ("finished", "0\n")
