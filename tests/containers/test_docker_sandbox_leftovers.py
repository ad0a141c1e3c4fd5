"""Whatever becomes of a judge, no container of it is left; and nobody else's is touched."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sandbox import DockerSandbox
from sandbox.containers.reaping import LABELS, OWNER, has_died, this_process
from tests.containers.image import docker
from tests.containers.pools import containers, heard, judge, none_left
from tests.sandbox.processes import come_true
from tests.sandbox.running import run_whole

IDLE = """
with DockerSandbox(image, workers=2, speed=1.0, fresh=FRESH) as sandbox:
    sandbox.run(job())
    say("ready")
    import time
    time.sleep(60)
"""
RUNS = """
import threading
sandbox = DockerSandbox(image, workers=2, speed=1.0, fresh=FRESH)
sandbox.run(job())
for _ in range(2):
    threading.Thread(target=sandbox.run, args=(job(ENDLESS, PATIENT),)).start()
say("ready")
"""
STARTS = """
sandbox = DockerSandbox(image, workers=1)
say("ready")
sandbox.run(job())
"""


@pytest.mark.parametrize("fresh", [False, True], ids=["pooled", "fresh"])
@pytest.mark.parametrize("source", [IDLE, RUNS], ids=["idle", "runs"])
def test_no_container_outlives_a_judge_that_is_killed(source: str, fresh: bool, verifier_image: str) -> None:
    """SIGKILL leaves no chance to clean up: the end of the connection ends the runner, endless programs included."""
    with judge(verifier_image, source.replace("FRESH", str(fresh))) as process:
        assert heard(process, "ready")
        wanted = 1 if source is IDLE else 2
        assert come_true(lambda: len(containers(process.pid, "--filter=status=running")) >= wanted, 20)
        come_true(lambda: False, 0.7)  # until programs run in them
        process.kill()
        process.wait()
        assert none_left(process.pid)


@pytest.mark.parametrize("steps", range(6))
def test_what_a_judge_was_killed_over_goes_with_the_next(steps: int, verifier_image: str) -> None:
    """Killed between any two steps of a start, a judge may leave one that never ran: whoever starts next removes it."""
    with judge(verifier_image, STARTS) as process:
        assert heard(process, "ready")
        come_true(lambda: bool(containers(process.pid)), 5 if steps else 0.05)
        come_true(lambda: False, 0.06 * steps)
        process.kill()
        process.wait()
        with DockerSandbox(verifier_image, workers=1, speed=1.0) as sandbox:
            run_whole(sandbox, "print(1)")
        assert none_left(process.pid)


def test_a_container_that_never_ran_is_removed_if_its_owner_is_dead(verifier_image: str) -> None:
    """Of three that were only made, the dead owner's goes; the living one's, and another machine's, stay."""
    dead = subprocess.Popen([sys.executable, "-c", "import time\ntime.sleep(60)"])
    owners = {"dead": owner_of(dead.pid), "alive": this_process(), "elsewhere": f"0000-1111:1:{dead.pid}:1"}
    dead.kill()
    dead.wait()
    labels = [f"--label={name}={value}" for name, value in LABELS.items()]
    made = {
        name: docker("create", *labels, f"--label={OWNER}={owner}", verifier_image).stdout.strip()
        for name, owner in owners.items()
    }
    try:
        with DockerSandbox(verifier_image, workers=1, speed=1.0) as sandbox:
            run_whole(sandbox, "print(1)")
        left = docker("ps", "--all", "--quiet", "--no-trunc").stdout.split()
        assert {name for name, container in made.items() if container in left} == {"alive", "elsewhere"}
    finally:
        docker("rm", "--force", *made.values())


def owner_of(pid: int) -> str:
    """Name another process of this machine as it would name itself."""
    place = this_process().rsplit(":", 2)[0]
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - as short as it gets
        return f"{place}:{pid}:{file.read().rpartition(')')[2].split()[19]}"


def test_owners_are_told_apart() -> None:
    """Only a process that was seen here, and is no more, has died; a zombie has, and one whose number is another's."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = owner_of(child.pid)
    place, pid, start = name.rsplit(":", 2)
    assert not has_died(name)
    assert has_died(f"{place}:{pid}:{int(start) - 1}")
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert has_died(name)
    child.communicate()
    assert has_died(name)
    machine, namespace = place.split(":")
    assert not has_died(f"{machine[:-1]}x:{namespace}:{pid}:{start}")
    assert not has_died(f"{machine}:1{namespace}:{pid}:{start}")
    assert not has_died(this_process())
    assert not has_died(f"{place}:1:{start}".replace(f":{start}", f":{_start_of_init()}"))
    for odd in ("", "::", "a:b:c:d", f"{place}:-1:{start}", f"{place}:99999999999:{start}", f"{place}:{pid}:"):
        assert not has_died(odd)


def _start_of_init() -> str:
    return owner_of(1).rsplit(":", 1)[1]
