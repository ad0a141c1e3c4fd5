"""Containers of a `DockerSandbox`, as the engine sees them, and judges that hold some in a process of their own."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from sandbox import Limits
from sandbox.containers.reaping import OWNER
from tests.containers.engine import ROOT
from tests.containers.image import docker
from tests.sandbox.processes import come_true

ENDLESS = "import time\nwhile True: time.sleep(1)"
PATIENT = Limits(cpu_seconds=60, idle_seconds=60)

_BEGIN = """
import sys
from sandbox import *
from tests.containers.pools import ENDLESS, PATIENT

image = sys.argv[1]
def job(source="print(1)", limits=Limits()):
    return Job(program=Program(source=source), inputs=(Stdin(b""),), limits=limits)
def say(word):
    print(word, flush=True)
"""


def containers(pid: int, *options: str) -> list[str]:
    """Return the ids of the containers that a process owns, in any state unless an option of `docker ps` says so."""
    form = "{{.ID}} {{.Label " + f'"{OWNER}"' + "}}"
    listing = docker("ps", "--all", "--no-trunc", f"--filter=label={OWNER}", *options, "--format", form).stdout
    return [name for name, owner in map(str.split, listing.splitlines()) if owner.split(":")[-2] == str(pid)]


def none_left(pid: int, seconds: float = 60) -> bool:
    """Whether all containers of a process are gone, soon."""
    return come_true(lambda: not containers(pid), seconds)


def inspected(container: str) -> Any:
    """Return all that the engine knows of a container."""
    return json.loads(docker("container", "inspect", container).stdout)[0]


@contextlib.contextmanager
def judge(image: str, source: str) -> Iterator[subprocess.Popen[str]]:
    """Run Python in a process of its own; it knows `image`, `job`, `say` and what `sandbox` exports. It is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", _BEGIN + source, image],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str], word: str) -> bool:
    """Whether the next line that a judge says is this word."""
    assert process.stdout is not None
    return process.stdout.readline() == f"{word}\n"
