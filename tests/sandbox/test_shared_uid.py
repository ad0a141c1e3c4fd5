"""Without privilege, as in a Lambda function: candidates have the judge's uid, and the floor has to hold alone."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator

import pytest

from sandbox.local.proc import processes_of
from tests.sandbox import judge as judges
from tests.sandbox import ordinary_user
from tests.sandbox.judge import Judge
from tests.sandbox.processes import alive, zygotes_of
from tests.sandbox.running import OVER_THE_FLOOR
from tests.sandbox.test_floor import ACTS, DAEMON, MARKER

PRIVILEGED = os.getuid() == 0
_UID = 64950
"""Nobody's, and outside the range that workers take theirs from."""
_PLAIN = ("setpriv", f"--reuid={_UID}", f"--regid={_UID}", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all")
_READING = (
    *("setpriv", f"--reuid={_UID}", f"--regid={_UID}", "--clear-groups"),
    *(f"--{which}=-all,+dac_read_search" for which in ("inh-caps", "ambient-caps", "bounding-set")),
)
"""The interpreter may lie in a folder that only root reads."""

pytestmark = pytest.mark.skipif(PRIVILEGED and shutil.which("setpriv") is None, reason="needs setpriv (util-linux)")


def _start(without: Collection[str] = OVER_THE_FLOOR, **environment: str) -> Judge:
    return Judge(*(_READING if PRIVILEGED else ()), without=without, **environment)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """Start an unprivileged judge with one worker and the floor alone."""
    with _start(**{MARKER: "1"}) as judge:
        yield judge


def test_candidates_have_the_uid_of_the_judge(judge: Judge) -> None:
    """What the other tests of this file are about."""
    assert judge.run("import os\nprint(os.getuid(), os.geteuid())") == (
        "finished",
        f"{_UID} {_UID}\n" if PRIVILEGED else f"{os.getuid()} {os.geteuid()}\n",
    )


CAPABILITIES = """
import ctypes
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
sets = (ctypes.c_uint32 * 6)()
assert ctypes.CDLL(None).capget(header, sets) == 0
print(*sets)
"""


def test_no_capability_of_the_judge_reaches_a_candidate(judge: Judge) -> None:
    """The right to read anything, that a judge may be started with, stays behind."""
    if PRIVILEGED:
        bare = subprocess.run([*_READING, sys.executable, "-c", CAPABILITIES], capture_output=True, check=True)
        assert bare.stdout == b"4 4 4 0 0 0\n", "without the sandbox it is there"
    assert judge.run(CAPABILITIES) == ("finished", "0 0 0 0 0 0\n")


@pytest.mark.parametrize("name", ACTS)
def test_the_floor_denies_what_it_denies_with_privilege(judge: Judge, name: str) -> None:
    """Files, sockets, descriptors and the judge's environment are out of reach (test_floor.py shows them allowed)."""
    assert judge.run(ACTS[name]) == ("crashed", "")


@pytest.fixture(scope="module")
def layered() -> Iterator[Judge]:
    """Start another with all layers that an ordinary user can have."""
    if reason := ordinary_user.missing():
        pytest.skip(reason)
    with Judge(*ordinary_user.command(), **{MARKER: "1"}) as judge:
        yield judge


@pytest.mark.parametrize("name", ACTS)
def test_all_layers_deny_the_same(layered: Judge, name: str) -> None:
    """Whatever denies it first, it looks the same to the program."""
    assert layered.run(ACTS[name]) == ("crashed", "")


def test_a_detached_daemon_does_not_outlive_its_run(judge: Judge) -> None:
    """A double fork in a session of its own is found and killed before the run is judged."""
    status, stdout = judge.run(DAEMON)
    assert status == "finished"
    assert not alive(int(stdout))


def test_a_fork_bomb_ends_with_its_run(judge: Judge) -> None:
    """It stays within its allowance, is dead afterwards, and the next program may fork again."""
    bomb = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    assert judge.run(bomb, limits={"cpu_seconds": 0.3})[0] in {"cpu_limit", "crashed"}
    assert judge.run("import os\nif os.fork(): print(os.waitstatus_to_exitcode(os.wait()[1]))") == ("finished", "0\n")


KILLERS = {
    "kill its parent": "import os\nos.kill(os.getppid(), 9)\nprint(1)",
    "stop its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nprint(1)",
}


@pytest.mark.parametrize("name", KILLERS)
def test_a_filter_makes_it_a_violation_that_costs_no_worker(layered: Judge, name: str) -> None:
    """The program dies before the signal is sent, and the same worker serves the next one."""
    if "seccomp" not in layered.tell("print(1)")["layers"]:
        pytest.skip("no filter can be installed here")
    workers = zygotes_of(layered.pid)
    assert layered.run(KILLERS[name]) == ("violation", "")
    assert layered.run("print(1)") == ("finished", "1\n")
    assert zygotes_of(layered.pid) == workers


@pytest.mark.parametrize("name", KILLERS)
def test_attacking_its_parent_is_a_violation(judge: Judge, name: str) -> None:
    """No program may choose not to be judged; the next one is served as ever."""
    limits = {"cpu_seconds": 1, "idle_seconds": 0.2}
    assert judge.run(KILLERS[name], limits=limits, patience=1) == ("violation", "")
    assert judge.run("print(1)") == ("finished", "1\n")


ORPHAN = """
import os, time
candidate, program = os.getpid(), os.getppid()
if os.fork() == 0:
    os.setsid()
    os.write(1, b'%d' % os.getpid())
    os.kill(program, 9)
    while os.getppid() in (candidate, program): time.sleep(0.001)
    os.kill(os.getppid(), 9)  # the zygote, which inherited it
time.sleep(10)
"""


def test_a_daemon_that_kills_everything_above_it_does_not_outlive_its_run(judge: Judge) -> None:
    """A process that nobody inherits could otherwise kill the processes of every later submission."""
    # Its output is lost with its run: the processes that closed their doors are looked for instead.
    assert judge.run(ORPHAN) == ("violation", "")
    assert _candidates_of(_UID if PRIVILEGED else os.getuid()) == []
    assert judge.run("print(1)") == ("finished", "1\n")


def _candidates_of(uid: int) -> list[int]:
    """Living processes of a user that may open no descriptor, as no process but a candidate is limited."""
    closed = re.compile(rb"^Max open files +0 +0 ", re.MULTILINE)
    found = []
    for folder in processes_of(uid):
        with contextlib.suppress(OSError):
            if closed.search((folder / "limits").read_bytes()):
                found.append(int(folder.name))
    return found


EXPOSED = """
import sys
from sandbox import LocalSandbox
from sandbox.inside import kernel
if sys.argv[1] == "judge":
    LocalSandbox(workers=1)
else:
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
kernel.keep_only_capabilities()  # a reader without them could otherwise not look at it in any case
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("file", ["environ", "maps", "auxv"])
@pytest.mark.parametrize("kind", ["plain", "judge"])
def test_the_judge_hides_from_processes_of_its_own_uid(kind: str, file: str) -> None:
    """A plain process of the same uid reads these files of an ordinary process, and none of a judge."""
    command = [*(_READING if PRIVILEGED else ()), sys.executable, "-c", EXPOSED, kind]
    with subprocess.Popen(command, cwd=judges.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as target:
        assert target.stdout is not None
        assert target.stdout.readline() == b"ready\n"
        reader = [*(_PLAIN if PRIVILEGED else ()), "cat", f"/proc/{target.pid}/{file}"]
        read = subprocess.run(reader, capture_output=True, check=False)
        target.communicate()
    if kind == "plain":
        assert read.stdout != b""
    else:
        assert (read.returncode, read.stdout) == (1, b"")
