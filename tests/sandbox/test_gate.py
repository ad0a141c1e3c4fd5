"""One untrusted candidate at a time, and none beside an interpreter that starts, where nothing else parts them."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from sandbox import SandboxFault
from sandbox.local import gate
from sandbox.local.gate import Gate
from tests.sandbox import ordinary_user
from tests.sandbox.judge import ROOT


def _started(act: Callable[[], None]) -> threading.Event:
    """Do it in a thread of its own; return what is set when it is done."""
    done = threading.Event()

    def run() -> None:
        act()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    return done


def _start_something(keeper: Gate) -> None:
    with keeper.starting():
        pass


def test_a_second_worker_waits_for_the_first() -> None:
    """And comes in as soon as the first has left; a worker does not wait for itself."""
    keeper = Gate()
    keeper.enter("a")
    keeper.enter("a")
    second = _started(lambda: keeper.enter("b"))
    assert not second.wait(0.1)
    keeper.leave("a")
    keeper.leave("a")
    assert second.wait(5)


def test_what_starts_waits_for_the_candidate_and_holds_the_next() -> None:
    """Nothing may trace an interpreter between its exec and its first line."""
    keeper = Gate()
    keeper.enter("a")
    starter = _started(lambda: _start_something(keeper))
    assert not starter.wait(0.1)
    keeper.leave("a")
    assert starter.wait(5)
    with keeper.starting():
        entered = _started(lambda: keeper.enter("b"))
        assert not entered.wait(0.1)
    assert entered.wait(5)


def test_waiting_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that nobody leaves is the sandbox's fault, and lets go of who waited."""
    monkeypatch.setattr(gate, "_PATIENCE_SECONDS", 0.05)
    keeper = Gate()
    keeper.enter("a")
    with pytest.raises(SandboxFault, match="come to an end"):
        keeper.enter("b")
    with pytest.raises(SandboxFault, match="come to an end"):
        _start_something(keeper)
    keeper.leave("a")
    keeper.enter("c")


VICTIM = """
import os, time
os.nice(7)
time.sleep({seconds})
print(1)
"""
"""Is told from all others by its priority, which says too that its first line has run."""

MURDERER = """
import os, time
own, end = os.getpid(), time.monotonic() + {seconds}
def is_victim(pid):
    try: return os.getpriority(os.PRIO_PROCESS, pid) == 7 and os.getsid(pid) == pid
    except OSError: return False
while time.monotonic() < end:
    for pid in filter(is_victim, range(max(1, own - 4000), own + 4000)):
        os.kill(pid, 9)
        end = 0
    time.sleep(0.01)
"""
"""Ends once it has killed a victim. It leaves alone what has not come to its first line, whose loss is no crash."""

RACE = """
import sys, threading
from sandbox import Job, Limits, LocalSandbox, Program, Status, Stdin
from sandbox.local import gate
from tests.sandbox.running import OVER_THE_FLOOR
from tests.sandbox.test_gate import MURDERER, VICTIM

def run(source):
    limits = Limits(cpu_seconds=10, idle_seconds=60)
    return sandbox.run(Job(program=Program(source=source), inputs=(Stdin(b""),), limits=limits)).runs[0].status

name, murder_seconds, life_seconds = sys.argv[1:]
with LocalSandbox(2, require=("floor",), without=OVER_THE_FLOOR, speed=1.0) as sandbox:
    leases = [sandbox._lease(set()) for _ in range(2)]
    [lease.__enter__() for lease in leases], [lease.__exit__(None, None, None) for lease in leases]  # both are warm
    if name == "open":
        gate.Gate.enter = lambda self, worker: None
    murderer = threading.Thread(target=run, args=(MURDERER.format(seconds=murder_seconds),))
    murderer.start()
    ends = set()
    while murderer.is_alive() and Status.CRASHED not in ends:
        ends.add(run(VICTIM.format(seconds=life_seconds)))
    murderer.join()
    print(*sorted(ends))
"""


@pytest.mark.skipif(bool(ordinary_user.missing()), reason=ordinary_user.missing())
@pytest.mark.parametrize(
    ("name", "murder_seconds", "life_seconds", "expected"), [("open", 30, 30, "crashed"), ("kept", 1, 0.1, "finished")]
)
def test_a_program_cannot_kill_one_of_another_worker(
    name: str, murder_seconds: float, life_seconds: float, expected: str
) -> None:
    """Its answer would be a run-time error that it has not earned; with the gate open that is what happens.

    With the gate open both live until one is killed, so that they meet however slow the machine is.
    """
    race = [sys.executable, "-c", RACE, name, str(murder_seconds), str(life_seconds)]
    command = [*ordinary_user.command(), *race]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert (ended.stdout.strip(), ended.stderr) == (expected, "")
