"""The Docker Engine that tests use, if one answers; `.ci/docker` starts it and makes the image."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

OWNER_LABEL = "rlvr-verifier-tests"
"""Label of every container that tests start; its value is the `owner`."""


@dataclass(frozen=True)
class Engine:
    """Where an engine answers (a value for DOCKER_HOST), and the name of the tests' image."""

    host: str
    image: str

    def docker(self, *arguments: str) -> list[str]:
        """Return the command line of a `docker` command for this engine."""
        return ["docker", "--host", self.host, *arguments]

    def missing(self) -> str:
        """Return why tests in containers cannot run here, and what to do; empty where they can."""
        if not _succeeds(self.docker("version")):
            return f"no Docker Engine answers at {self.host}; run .ci/docker start"
        if not _succeeds(self.docker("image", "inspect", self.image)):
            return f"image missing: {self.image}; run .ci/docker image"
        return ""

    def remove_containers(self) -> None:
        """End and remove containers of this process, and of others on this machine that have died meanwhile.

        A `docker run` that is interrupted, or killed after a time-out, leaves its container running.
        """
        form = "{{.ID}} {{.Label " + f'"{OWNER_LABEL}"' + "}}"
        listing = self.docker("ps", "--all", "--filter", f"label={OWNER_LABEL}", "--format", form)
        listed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.splitlines()
        left = [name for name, of in map(str.split, listed) if of == owner() or _has_died(of)]
        if left:
            subprocess.run(self.docker("rm", "--force", "--volumes", *left), capture_output=True, check=False)


def owner() -> str:
    """Return a name of this process: that of the machine and its process id."""
    return f"{platform.node()}:{os.getpid()}"


def _has_died(process: str) -> bool:
    """Whether an `owner` was a process of this machine and is gone."""
    machine, _, number = process.rpartition(":")
    return machine == platform.node() and not Path(f"/proc/{number}").exists()


@cache
def the_engine() -> Engine:
    """Return the engine and the image that `.ci/docker` names; `Engine.missing` tells whether they are there."""
    named = subprocess.run([ROOT / ".ci" / "docker", "env"], capture_output=True, text=True, check=True).stdout
    values = dict(line.split("=", 1) for line in named.splitlines())
    return Engine(host=values["DOCKER_HOST"], image=values["VERIFIER_TEST_IMAGE"])


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False
