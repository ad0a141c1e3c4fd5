"""Run one untrusted program under limits and tell what happened. Knows no tests and no rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.errors import SandboxError, SandboxFault, SandboxLost, SandboxUnavailable, UnsupportedLanguage
from sandbox.job import Call, Job, Limits, Program, Stdin
from sandbox.local import LocalSandbox
from sandbox.outcome import Build, Outcome, Run, Status
from sandbox.protocol import Sandbox, Session

if TYPE_CHECKING:
    from sandbox.containers import DockerSandbox
    from sandbox.functions import LambdaSandbox

__all__ = [
    "Build",
    "Call",
    "DockerSandbox",
    "Job",
    "LambdaSandbox",
    "Limits",
    "LocalSandbox",
    "Outcome",
    "Program",
    "Run",
    "Sandbox",
    "SandboxError",
    "SandboxFault",
    "SandboxLost",
    "SandboxUnavailable",
    "Session",
    "Status",
    "Stdin",
    "UnsupportedLanguage",
]


def __getattr__(name: str) -> Any:
    """Load a sandbox that is somewhere else when it is asked for."""
    if name == "DockerSandbox":
        from sandbox.containers import DockerSandbox

        return DockerSandbox
    if name == "LambdaSandbox":
        from sandbox.functions import LambdaSandbox

        return LambdaSandbox
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
