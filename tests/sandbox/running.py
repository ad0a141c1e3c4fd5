"""Short ways to run one program."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from sandbox import Call, Job, Limits, Outcome, Program, Run, Sandbox, Stdin

QUICK = Limits(cpu_seconds=1.0, idle_seconds=1.0)
ADDED = ("namespaces", "landlock", "seccomp")
"""The layers that a sandbox adds to a floor, a user id and an empty root."""
OVER_THE_FLOOR = ("namespaces", "uid", "chroot", "landlock", "seccomp")
"""All layers but the floor. Not to be left off together where the judge is root: a program would be root then."""


def run_whole(sandbox: Sandbox, source: str, stdin: bytes = b"", limits: Limits = QUICK) -> Run:
    """Run a program once."""
    return sandbox.run(Job(program=Program(source=source), inputs=(Stdin(stdin),), limits=limits)).runs[0]


def run_calls(sandbox: Sandbox, source: str, *args: tuple[Any, ...], **job: Any) -> tuple[Run, ...]:
    """Call its function ``f`` once for each tuple of arguments."""
    inputs = tuple(Call(function="f", args=each) for each in args)
    return sandbox.run(Job(program=Program(source=source), inputs=inputs, **{"limits": QUICK, **job})).runs


def build(sandbox: Sandbox, source: str) -> Outcome:
    """Run a program once and return the whole outcome."""
    return sandbox.run(Job(program=Program(source=source), inputs=(Stdin(b""),), limits=QUICK))


def run_bare(source: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a program as a plain subprocess, as most graders do: what happens without the sandbox."""
    return subprocess.run([sys.executable, "-c", source], input=stdin, capture_output=True, timeout=60, check=False)
