"""How a container is closed in, seen from the engine and from inside; and bombs, which leave the next program alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Call, DockerSandbox, Job, Limits, Program, Status, Stdin
from sandbox.job import MEBIBYTE
from tests.containers.image import docker
from tests.containers.pools import containers, inspected
from tests.sandbox.running import run_whole

MEMORY = 512 * MEBIBYTE
SMALL = Limits(cpu_seconds=3, idle_seconds=1, memory_bytes=64 * MEBIBYTE, output_bytes=MEBIBYTE)


@pytest.fixture(scope="module")
def small(verifier_image: str) -> Iterator[DockerSandbox]:
    """One container of little memory."""
    with DockerSandbox(verifier_image, workers=1, speed=1.0, memory_bytes=MEMORY) as sandbox:
        run_whole(sandbox, "print(1)", limits=SMALL)
        yield sandbox


@pytest.fixture(scope="module")
def container(small: DockerSandbox) -> str:
    """Return the id of its container."""
    (found,) = containers(os.getpid())
    return found


def inside(container: str, command: str) -> str:
    """Return what a shell command says that is run as the runner is, after the runner has started."""
    return docker("exec", container, "sh", "-c", f"{{ {command}; }} 2>&1").stdout.strip()


def field(container: str, name: str) -> str:
    """Return a field of the runner's /proc/1/status."""
    return inside(container, f"sed -n 's/^{name}:\\t//p' /proc/1/status")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NetworkMode", "none"),
        ("IpcMode", "none"),
        ("ReadonlyRootfs", True),
        ("CapDrop", ["ALL"]),
        ("CapAdd", None),
        ("Privileged", False),
        ("SecurityOpt", ["no-new-privileges"]),
        ("Memory", MEMORY),
        ("MemorySwap", MEMORY),
        ("PidsLimit", 1024),
        ("LogConfig", {"Type": "none", "Config": {}}),
        ("AutoRemove", True),
        ("Binds", None),
        ("PidMode", ""),
        ("UsernsMode", ""),
    ],
)
def test_the_engine_was_told_so(container: str, name: str, value: Any) -> None:
    """What the engine enforces is what it was asked to."""
    assert inspected(container)["HostConfig"][name] == value


def test_nothing_of_the_host_is_in_it(container: str, verifier_image: str) -> None:
    """Its environment is the image's, its name says nothing, and nothing is mounted but memory."""
    found = inspected(container)
    image = docker("image", "inspect", "--format", "{{json .Config.Env}}", verifier_image).stdout
    assert sorted(found["Config"]["Env"]) == sorted(json.loads(image))
    assert found["Config"]["Hostname"] == "sandbox"
    assert found["Mounts"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("CapEff", "0" * 16), ("CapBnd", "0" * 16), ("CapInh", "0" * 16), ("NoNewPrivs", "1"), ("Seccomp", "2")],
)
def test_the_runner_has_no_privilege(container: str, name: str, value: str) -> None:
    """The kernel says so of process 1."""
    assert field(container, name) == value


def test_the_runner_is_nobody_else(container: str, verifier_image: str) -> None:
    """Each container has a user of its own, whom nobody else is, and no other group."""
    uid = inspected(container)["Config"]["User"].split(":")[0]
    assert field(container, "Uid").split() == [uid] * 4
    assert field(container, "Gid").split() == [uid] * 4
    assert field(container, "Groups").split() in ([], [uid])
    assert int(uid) >= 20000
    before = set(containers(os.getpid()))
    with DockerSandbox(verifier_image, workers=1, speed=1.0) as other:
        run_whole(other, "print(1)")
        (second,) = set(containers(os.getpid())) - before
        assert inspected(second)["Config"]["User"] != inspected(container)["Config"]["User"]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("ls /sys/class/net", "lo"),
        ("cat /proc/net/route | wc -l", "1"),
        ("ls -d /dev/shm /dev/mqueue", "ls: cannot access '/dev/shm': No such file or directory"),
        ("touch /anything", "touch: cannot touch '/anything': Read-only file system"),
        ("touch /opt/verifier/bin/x", "touch: cannot touch '/opt/verifier/bin/x': Read-only file system"),
        ("cp /bin/true /tmp/x && /tmp/x; rm /tmp/x", "Permission denied"),
        ("head -c 70000000 /dev/zero > /tmp/full; rm /tmp/full", "No space left on device"),
    ],
)
def test_what_can_be_tried_inside_is_denied(container: str, command: str, answer: str) -> None:
    """No network, no shared memory, no file to write but a little in /tmp, and nothing there that can be executed."""
    assert answer in inside(container, command)


def test_memory_and_processes_are_bounded(small: DockerSandbox, container: str) -> None:
    """Whatever gets out of the sandbox's own limits meets the container's; the runner and its next program live on."""
    python = "/opt/verifier/bin/python"
    hoard = docker("exec", container, python, "-c", "hoard = b'x' * (600 << 20)")
    assert hoard.returncode == 137
    threads = "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    crowd = docker("exec", container, python, "-c", threads)
    assert "can't start new thread" in crowd.stderr
    assert run_whole(small, "print(2)", limits=SMALL).stdout == b"2\n"
    assert containers(os.getpid()) == [container]


BOMBS = {
    "fork": ("import os\nwhile True: os.fork()", {Status.CRASHED}),
    "threads": (
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,)).start()",
        {Status.IDLE_LIMIT},
    ),
    "memory": ("hoard = []\nwhile True: hoard.append(b'x' * (1 << 24))", {Status.MEMORY_LIMIT}),
    "output": ("while True: print('x' * 100000)", {Status.OUTPUT_LIMIT}),
    # It computes, or waits for the runner, which reads all that and throws it away.
    "error output": ("import sys\nwhile True: sys.stderr.write('x' * 100000)", {Status.CPU_LIMIT, Status.IDLE_LIMIT}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_leaves_the_next_program_alone(small: DockerSandbox, container: str, name: str) -> None:
    """It meets its limit as it does anywhere, and the same container serves the next."""
    source, statuses = BOMBS[name]
    limits = Limits(cpu_seconds=0.5, idle_seconds=1, memory_bytes=64 * MEBIBYTE, output_bytes=MEBIBYTE)
    assert run_whole(small, source, limits=limits).status in statuses
    assert run_whole(small, "print(2)", limits=SMALL).stdout == b"2\n"
    assert containers(os.getpid()) == [container]


def test_much_output_on_each_of_many_inputs_does_not_end_the_runner(small: DockerSandbox, container: str) -> None:
    """More than the container holds comes through, whole, in parts; and the budget of time-outs is that of the job."""
    source = "import sys\nif input() == 'wait':\n while True: pass\nprint('x' * 15_000_000)"
    limits = Limits(cpu_seconds=0.3, memory_bytes=64 * MEBIBYTE, output_bytes=16 * MEBIBYTE, max_time_outs=2)
    inputs = tuple(Stdin(data) for data in [b"wait", *[b"go"] * 39, b"wait", b"go"])
    runs = small.run(Job(program=Program(source=source), inputs=inputs, limits=limits)).runs
    assert [run.status for run in runs] == [
        Status.CPU_LIMIT,
        *[Status.FINISHED] * 39,
        Status.CPU_LIMIT,
        Status.NOT_RUN,
    ]
    assert {len(run.stdout) for run in runs[1:40]} == {15_000_001}
    assert containers(os.getpid()) == [container]


def test_much_returned_by_each_of_many_calls_does_not_end_the_runner(small: DockerSandbox, container: str) -> None:
    """Values are brought back before there are too many: no program may choose to be left without a verdict."""
    calls = tuple(Call(function="f", args=(number,)) for number in range(30))
    source = f"def f(x): return [x] * {4 * MEBIBYTE // 3}"
    limits = Limits(cpu_seconds=3, memory_bytes=128 * MEBIBYTE, output_bytes=5 * MEBIBYTE)
    outcome = small.run(Job(program=Program(source=source), inputs=calls, limits=limits))
    assert {run.status for run in outcome.runs} == {Status.FINISHED}
    assert [run.value[0] for run in outcome.runs] == list(range(30))
    assert containers(os.getpid()) == [container]
