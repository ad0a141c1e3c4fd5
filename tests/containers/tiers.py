"""Kinds of hosts that tests make from containers, and the command that runs Python on one of them.

The `docker` command does it, through `subprocess`: a test then reads as what a person would type, standard streams and
exit code are those of a process, and the tests need no package for it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.containers.engine import OWNER_LABEL, ROOT, owner, the_engine

PLACE = "/opt/verifier"
"""Where the repository is, read-only, in every tier."""

_PROFILES = ROOT / "container" / "seccomp"


@dataclass(frozen=True)
class Tier:
    """One kind of host: what `docker run` is told."""

    name: str
    options: tuple[str, ...]


_HARDENED = (
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--read-only",
    "--network=none",
    "--tmpfs=/tmp:rw,exec,nosuid,nodev,mode=1777,size=256m",
)


def _lambda(profile: Path) -> tuple[str, ...]:
    """Return what was reported of AWS Lambda: no /dev/shm, 1,024 descriptors and processes, a filter of its own."""
    return (
        *_HARDENED,
        "--ipc=none",
        "--ulimit=nofile=1024:1024",
        "--ulimit=nproc=1024:1024",
        f"--security-opt=seccomp={profile}",
    )


DOCKER_DEFAULT = Tier("docker-default", _HARDENED)
"""A hardened container with Docker's own filter on system calls: no privilege, but seccomp and Landlock."""

LAMBDA_EPERM = Tier("lambda-eperm", _lambda(_PROFILES / "lambda-eperm.json"))
"""AWS Lambda as it was reported: system calls that could bring other layers are refused."""

LAMBDA_KILL = Tier("lambda-kill", _lambda(_PROFILES / "lambda-kill.json"))
"""AWS Lambda at its worst: those calls end the process with SIGSYS."""

TIERS = (DOCKER_DEFAULT, LAMBDA_EPERM, LAMBDA_KILL)

_NOTHING: Mapping[str, str] = MappingProxyType({})


def command(tier: Tier, *arguments: str, environment: Mapping[str, str] = _NOTHING) -> list[str]:
    """Return the command that runs `python3 ARGUMENTS` on a new host of that tier, in the repository's folder.

    It is for a test that has the fixture `docker_engine`. Standard streams and exit code are Python's; the container is
    removed when it ends. Each has a uid of its own, without privilege: RLIMIT_NPROC counts the processes that a uid has
    in all containers of a machine (setrlimit(2); no user namespaces here).
    """
    uid = 100_000 + secrets.randbelow(900_000)
    variables = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": PLACE, **environment}
    return the_engine().docker(
        "run", "--rm", "--interactive",
        f"--label={OWNER_LABEL}={owner()}",
        f"--user={uid}:{uid}",
        f"--volume={ROOT}:{PLACE}:ro",
        f"--workdir={PLACE}",
        *(f"--env={name}={value}" for name, value in variables.items()),
        *tier.options,
        the_engine().image,
        "python3", *arguments,
    )  # fmt: skip
