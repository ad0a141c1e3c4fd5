"""A judge in a process of its own, for tests that kill it, fork it, or run it as another user.

``python -m tests.sandbox.judge`` reads one JSON object a line, {"source", "limits"?, "patience"?}, runs that program
and answers one line, {"status", "stdout"}. `patience` is how long it waits, in seconds, for a process that may be
stopped.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox import Limits, LocalSandbox
from sandbox.local import program
from tests.sandbox.running import QUICK, run_whole

ROOT = Path(__file__).parent.parent.parent


class Judge:
    """The handle on such a process."""

    def __init__(self, *prefix: str, **environment: str) -> None:
        """Start it by a command that ``prefix`` begins."""
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.sandbox.judge"],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def send(self, source: str, **order: Any) -> None:
        """Ask for a run."""
        assert self.process.stdin is not None
        print(json.dumps({"source": source, **order}), file=self.process.stdin, flush=True)

    def receive(self) -> tuple[str, str]:
        """Wait for a run's status and output."""
        assert self.process.stdout is not None
        answer = json.loads(self.process.stdout.readline())
        return answer["status"], answer["stdout"]

    def run(self, source: str, **order: Any) -> tuple[str, str]:
        """Run a program; return its status and its output."""
        self.send(source, **order)
        return self.receive()

    def __enter__(self) -> Self:
        """Return the handle itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let it end."""
        with self.process:
            self.process.communicate()


def _main() -> None:
    patience = program._ANSWER_SECONDS
    with LocalSandbox(workers=1) as sandbox:
        for line in sys.stdin:
            order = json.loads(line)
            program._ANSWER_SECONDS = order.get("patience", patience)
            limits = Limits(**order["limits"]) if "limits" in order else QUICK
            run = run_whole(sandbox, order["source"], limits=limits)
            print(json.dumps({"status": run.status, "stdout": run.stdout.decode()}), flush=True)


if __name__ == "__main__":
    _main()
