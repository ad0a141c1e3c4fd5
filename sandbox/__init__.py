"""Run one untrusted program under limits and tell what happened. Knows no tests and no rewards."""

from sandbox.errors import SandboxError, SandboxFault, SandboxLost, SandboxUnavailable, UnsupportedLanguage
from sandbox.job import Call, Job, Limits, Program, Stdin
from sandbox.local import LocalSandbox
from sandbox.outcome import Build, Outcome, Run, Status
from sandbox.protocol import Sandbox, Session

__all__ = [
    "Build",
    "Call",
    "Job",
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
