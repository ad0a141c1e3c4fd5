"""What a program of the judge's own user does to the limits, priority and processors of the processes around it.

The floor alone, as an ordinary user: there is nothing to keep it from that, so it is undone, or nothing is judged any
more.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sandbox import ordinary_user
from tests.sandbox.judge import ROOT, Judge
from tests.sandbox.processes import zygotes_of
from tests.sandbox.running import OVER_THE_FLOOR

pytestmark = pytest.mark.skipif(bool(ordinary_user.missing()), reason=ordinary_user.missing())


def _start(*layers: str) -> Judge:
    return Judge(*ordinary_user.command(), without=set(OVER_THE_FLOOR) - {*layers})


@pytest.fixture
def judge() -> Iterator[Judge]:
    """Start a judge with the floor alone, and warm it."""
    with _start() as judge:
        assert judge.tell("print(1)")["layers"] == ["floor"]
        yield judge


def _limits(pid: int) -> dict[str, str]:
    """Soft and hard limit by kind, as the kernel prints them: asking for them takes another privilege."""
    _, *lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return {line[:26].strip(): line[26:].strip() for line in lines}


def _threads(pid: int) -> list[int]:
    return [int(folder.name) for folder in Path(f"/proc/{pid}/task").iterdir()]


def _scheduling(pid: int) -> set[tuple[int, int, frozenset[int]]]:
    """Priority, policy and processors of each thread."""
    return {
        (os.getpriority(os.PRIO_PROCESS, each), os.sched_getscheduler(each), frozenset(os.sched_getaffinity(each)))
        for each in _threads(pid)
    }


SET_SOFT = """
import resource
amounts = {{'NOFILE': 3, 'AS': 1 << 20, 'NPROC': 0, 'CPU': 1 << 20, 'FSIZE': 1 << 20, 'STACK': 1 << 16}}
for name, amount in amounts.items():
    limit = getattr(resource, 'RLIMIT_' + name)
    resource.prlimit({pid}, limit, (amount, resource.prlimit({pid}, limit)[1]))
print('set')
"""
SET_FOR_EACH = "import os\nfor thread in {threads}: {act}\nprint('set')"
ONE_PROCESSOR = "os.sched_setaffinity(thread, [min(os.sched_getaffinity(thread))])"
OTHER_POLICY = "os.sched_setscheduler(thread, os.SCHED_BATCH, os.sched_param(0))"


def test_soft_limits_are_put_right(judge: Judge) -> None:
    """A judge that may open nothing, or starts no process, would fail answers that have done nothing."""
    before = _limits(judge.pid)
    told = judge.tell(SET_SOFT.format(pid=judge.pid))
    assert (told["stdout"], told["anomalies"]) == ("set\n", ["rlimits"])
    assert _limits(judge.pid) == before
    told = judge.tell("print(1)")
    assert (told["stdout"], told["anomalies"]) == ("1\n", [])


@pytest.mark.parametrize("act", [ONE_PROCESSOR, OTHER_POLICY], ids=["processors", "policy"])
def test_scheduling_is_put_right(judge: Judge, act: str) -> None:
    """Of every thread of the judge, whichever of them looks: each has its own."""
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("needs two processors")
    before = _scheduling(judge.pid)
    assert len(_threads(judge.pid)) >= 2
    told = judge.tell(SET_FOR_EACH.format(threads=_threads(judge.pid), act=act))
    assert (told["stdout"], told["anomalies"]) == ("set\n", ["priority"])
    assert _scheduling(judge.pid) == before
    told = judge.tell("print(1)")
    assert (told["stdout"], told["anomalies"]) == ("1\n", [])


@pytest.mark.parametrize("which", ["first", "last"])
def test_one_thread_alone_is_put_right(judge: Judge, which: str) -> None:
    """The first is not the one that looks; the last may be."""
    if len(os.sched_getaffinity(0)) == 1:
        pytest.skip("needs two processors")
    before = _scheduling(judge.pid)
    threads = sorted(_threads(judge.pid))
    thread = threads[0 if which == "first" else -1]
    assert judge.tell(SET_FOR_EACH.format(threads=[thread], act=ONE_PROCESSOR))["anomalies"] == ["priority"]
    assert _scheduling(judge.pid) == before


FOR_GOOD = {
    "hard limit": "import resource\nresource.prlimit({pid}, resource.RLIMIT_NOFILE, (60, 60))",
    "priority": "import os\nos.setpriority(os.PRIO_PROCESS, {pid}, 19)",
    "idle policy": "import os\nos.sched_setscheduler({pid}, os.SCHED_IDLE, os.sched_param(0))",
    "priority of the user": "import os\nos.setpriority(os.PRIO_USER, 0, 19)",
}


@pytest.mark.parametrize("name", FOR_GOOD)
def test_what_cannot_be_had_back_ends_judging(judge: Judge, name: str) -> None:
    """The answers after that one are not judged (invariant I7), in words that say what to do."""
    if resource.getrlimit(resource.RLIMIT_NICE)[1] not in {0, 1} and name != "hard limit":
        pytest.skip("this user may raise priorities")
    told = judge.tell(FOR_GOOD[name].format(pid=judge.pid))
    assert "rlimits" in told["anomalies"] if name == "hard limit" else "priority" in told["anomalies"]
    for _ in range(2):
        told = judge.tell("print(1)")
        assert told["fault"] == "SandboxFault"
        assert "start the judge again" in told["text"]


PERSISTENT = """
import os, resource, time
candidate, program = os.getpid(), os.getppid()
if os.fork() == 0:
    os.setsid()
    while True: resource.prlimit({pid}, resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
if os.fork() == 0:
    while resource.prlimit({pid}, resource.RLIMIT_FSIZE)[0] != 1 << 20: time.sleep(0.001)
    os.kill(program, 9)
    while os.getppid() in (candidate, program): time.sleep(0.001)
    os.kill(os.getppid(), 9)  # the zygote, which inherited it
time.sleep(10)
"""


def test_what_is_done_again_and_again_is_put_right(judge: Judge) -> None:
    """A daemon that killed all above it goes on until it is found and killed; the judge looks once more after that."""
    before = _limits(judge.pid)
    told = judge.tell(PERSISTENT.format(pid=judge.pid))
    assert (told["status"], told["anomalies"]) == ("violation", ["rlimits"])
    assert _limits(judge.pid) == before
    assert judge.tell("print(1)")["anomalies"] == []


def test_what_can_be_had_back_is_put_right_beside_what_cannot(judge: Judge) -> None:
    """One limit that was lowered for good keeps no other from being put right."""
    before = _limits(judge.pid)
    source = SET_SOFT + "resource.prlimit({pid}, resource.RLIMIT_CORE, (0, 0))"
    judge.tell(source.format(pid=judge.pid))
    after = _limits(judge.pid)
    assert after.pop("Max core file size") != before.pop("Max core file size")
    assert after == before


CHANGES: dict[str, Callable[[int], str]] = {
    "limit": lambda pid: f"import resource\nresource.prlimit({pid}, resource.RLIMIT_NPROC, (1, 1))",
    "priority": lambda pid: f"import os\nos.setpriority(os.PRIO_PROCESS, {pid}, 19)",
    "processors": lambda pid: f"import os\nos.sched_setaffinity({pid}, [min(os.sched_getaffinity(0))])",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_zygote_that_was_changed_is_thrown_away(judge: Judge, name: str) -> None:
    """All later programs would be forked from it; the next one is served by another, as ever."""
    if name == "processors" and len(os.sched_getaffinity(0)) == 1:
        pytest.skip("needs two processors")
    (zygote,) = zygotes_of(judge.pid)
    assert judge.tell("print(1)")["stdout"] == "1\n"
    assert zygotes_of(judge.pid) == {zygote}
    assert judge.tell(CHANGES[name](zygote))["status"] == "finished"
    told = judge.tell("print(1)")
    assert (told["stdout"], told["anomalies"]) == ("1\n", [])
    assert not zygotes_of(judge.pid) & {zygote}


def test_a_parent_that_was_changed_serves_nobody_else(judge: Judge) -> None:
    """The process between zygote and program ends with its job: what was done to it is gone with it."""
    judge.tell("import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))")
    told = judge.tell("import os, resource\nprint(resource.prlimit(os.getppid(), resource.RLIMIT_CPU)[1])")
    assert told["stdout"] == f"{resource.getrlimit(resource.RLIMIT_CPU)[1]}\n"


@pytest.mark.parametrize("name", FOR_GOOD)
def test_the_filter_denies_all_of_this(name: str) -> None:
    """Nothing of the judge is changed, and the next program is judged."""
    with _start("seccomp") as judge:
        if "seccomp" not in judge.tell("print(1)")["layers"]:
            pytest.skip("no filter can be installed here")
        before = _limits(judge.pid), _scheduling(judge.pid)
        told = judge.tell(FOR_GOOD[name].format(pid=judge.pid))
        assert (told["status"], told["anomalies"]) == ("violation" if name == "hard limit" else "crashed", [])
        assert (_limits(judge.pid), _scheduling(judge.pid)) == before
        assert judge.run("print(1)") == ("finished", "1\n")


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
@pytest.mark.parametrize("name", FOR_GOOD)
def test_a_user_of_its_own_denies_it_as_well(name: str) -> None:
    """Where the judge is root, programs may do that to their own parent only."""
    with Judge(without=set(OVER_THE_FLOOR) - {"uid"}) as judge:
        before = _limits(judge.pid), _scheduling(judge.pid)
        told = judge.tell(FOR_GOOD[name].format(pid=judge.pid))
        assert told["status"] == ("finished" if name == "priority of the user" else "crashed")
        assert (_limits(judge.pid), _scheduling(judge.pid)) == before
        assert judge.run("print(1)") == ("finished", "1\n")


TWO_SANDBOXES = """
import os, resource, threading
from sandbox import Limits, LocalSandbox
from tests.sandbox.processes import come_true
from tests.sandbox.running import OVER_THE_FLOOR, run_whole

PATIENT = Limits(idle_seconds=30)
SIZE = resource.RLIMIT_FSIZE
LOWER = f'''
import resource, time
resource.prlimit({os.getpid()}, {SIZE}, (1 << 20, resource.prlimit({os.getpid()}, {SIZE})[1]))
time.sleep(2)
'''
before = resource.getrlimit(SIZE)
one, other = (LocalSandbox(workers=1, without=OVER_THE_FLOOR) for _ in range(2))
run_whole(one, ""), run_whole(other, "")  # both are warm, and wait for nothing
first = threading.Thread(target=run_whole, args=(one, LOWER, b'', PATIENT))
first.start()
assert come_true(lambda: resource.getrlimit(SIZE) != before, 5)
second = threading.Thread(target=run_whole, args=(other, ""))
second.start()
assert come_true(lambda: other._busy, 5), "it has its worker while the first runs"
first.join(), second.join()
assert resource.getrlimit(SIZE) == before
one.close(), other.close()
"""


def test_what_one_sandbox_suffered_is_not_what_another_restores() -> None:
    """A script suite uses two at a time: the second begins while a program of the first has lowered a limit."""
    command = [*ordinary_user.command(), sys.executable, "-c", TWO_SANDBOXES]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
