"""A program ends its runner, and leaves something to the next one: in a container like Lambda, with the floor alone.

The emulator keeps the container, as Lambda keeps an environment, and starts the runner again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from sandbox import Job, LambdaSandbox, Limits, Program, SandboxFault, Status, Stdin
from sandbox.outcome import Run
from sandbox.remote import losses
from tests.containers.image import docker
from tests.containers.tiers import LAMBDA_EPERM
from tests.functions.containers import function
from tests.functions.endpoint import endpoint
from tests.functions.runners import RUNNER, called_at

pytestmark = [pytest.mark.emulator, pytest.mark.usefixtures("docker_engine")]

LIMITS = Limits(cpu_seconds=1.0, idle_seconds=1.0)
ENDS_ALL = "import os\nos.kill(-1, 9)\nos.kill(os.getpid(), 9)"
STAYS_AND_ENDS_ALL = """
import os, time
if os.fork() == 0:
    while True:
        try:
            os.kill(-1, 9)
        except OSError:
            pass
        time.sleep(0.01)
time.sleep(60)
"""
GOES_ON_WHERE_IT_WAS = """
import os
try:
    done = int(os.readlink("/tmp/done"))
    os.unlink("/tmp/done")
except OSError:
    done = 0
if done < 2:
    os.symlink(str(done + 1), "/tmp/done")
    os.kill(-1, 9)
    os.kill(os.getpid(), 9)
print(done)
"""
LEAVES_AN_OBJECT = "import ctypes\nctypes.CDLL(None).shmget(0x1234, 4096, 0o1777)\n" + ENDS_ALL
FINDS_AN_OBJECT = "import ctypes\nprint(ctypes.CDLL(None).shmget(0x1234, 0, 0) != -1)"


@contextlib.contextmanager
def runner(image: str, **environment: str) -> Iterator[tuple[str, LambdaSandbox]]:
    """Start a runner; give its container, and a sandbox that calls it."""
    with (
        function(image, RUNNER, LAMBDA_EPERM, environment) as (container, address),
        endpoint({"runner": [address]}) as server,
        called_at(server.url),
        LambdaSandbox("runner", 1) as sandbox,
    ):
        yield container, sandbox


def run_though_lost(sandbox: LambdaSandbox, source: str) -> Run:
    """Run a program; ask again, a few times, where on a busy machine harmless programs were lost with it."""
    for _ in range(4):
        with contextlib.suppress(SandboxFault):
            return run(sandbox, source)
    return run(sandbox, source)


def run(sandbox: LambdaSandbox, source: str) -> Run:
    """Run a program once."""
    return sandbox.run(Job(program=Program(source=source), inputs=(Stdin(b""),), limits=LIMITS)).runs[0]


def test_who_ends_the_runner_broke_the_rules_and_the_next_program_runs(verifier_image: str) -> None:
    """Three times where harmless programs live: no program may choose to be left without a verdict."""
    with runner(verifier_image) as (_, sandbox):
        assert run(sandbox, "print(1)").stdout == b"1\n"
        assert run(sandbox, ENDS_ALL).status is Status.VIOLATION
        assert run(sandbox, "print(2)").stdout == b"2\n"


def test_a_process_that_outlived_its_runner_ends_no_other(verifier_image: str) -> None:
    """The next runner begins by ending whatever is there."""
    with runner(verifier_image) as (_, sandbox):
        assert run_though_lost(sandbox, STAYS_AND_ENDS_ALL).status is Status.VIOLATION
        assert run(sandbox, "print(2)").stdout == b"2\n"


def test_without_the_sweep_it_ends_every_other(verifier_image: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it is for: nothing runs there any more. An honest program is not judged, nor taken for the cause."""
    monkeypatch.setattr(losses, "_FIRST_PAUSE_SECONDS", 0.05)
    with runner(verifier_image, VERIFIER_SWEEP="off") as (_, sandbox):
        for source in (STAYS_AND_ENDS_ALL, "print(2)"):
            with pytest.raises(SandboxFault, match="harmless programs are lost there too"):
                run(sandbox, source)


@pytest.mark.parametrize(("sweep", "verdict"), [("on", Status.VIOLATION), ("off", Status.FINISHED)])
def test_no_program_goes_on_where_it_was_when_it_ended_the_runner(
    verifier_image: str, sweep: str, verdict: Status
) -> None:
    """A name in /tmp would make three tries of one, with three times the limit; without the sweep it does."""
    with runner(verifier_image, VERIFIER_SWEEP=sweep) as (container, sandbox):
        assert run(sandbox, GOES_ON_WHERE_IT_WAS).status is verdict
        if sweep == "on":
            run(sandbox, "pass")
            assert docker("exec", container, "ls", "/tmp").stdout == ""


@pytest.mark.parametrize(("sweep", "found"), [("on", b"False\n"), ("off", b"True\n")])
def test_no_object_of_a_program_that_ended_the_runner_is_there_for_the_next(
    verifier_image: str, sweep: str, found: bytes
) -> None:
    """Shared memory outlives processes; without the sweep one submission finds what another left."""
    with runner(verifier_image, VERIFIER_SWEEP=sweep) as (_, sandbox):
        assert run(sandbox, LEAVES_AN_OBJECT).status is Status.VIOLATION
        assert run(sandbox, FINDS_AN_OBJECT).stdout == found
