"""A judge in a process of its own, for tests that kill it, fork it, or run it as another user.

``python -m tests.sandbox.judge OPTIONS`` takes arguments of `LocalSandbox` as a JSON object. It reads one JSON object a
line, {"source", "language"?, "stdin"?, "limits"?, "patience"?}, runs that program and answers one line, {"status",
"stdout", "build", "layers", "anomalies"}, or {"fault", "text"} with the class and text of what the sandbox raised.
`build` is what is wrong with the program, and `patience` how long it waits, in seconds, for a process that may be
stopped. Programs are run by a thread that is not its first, as in the product.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox import Job, Limits, LocalSandbox, Program, Stdin
from sandbox.errors import SandboxError
from sandbox.local import program
from tests.sandbox.running import QUICK

ROOT = Path(__file__).parent.parent.parent


class Judge:
    """The handle on such a process."""

    def __init__(
        self,
        *prefix: str,
        without: Collection[str] = (),
        require: Collection[str] | None = None,
        holds_no_secrets: bool = False,
        **environment: str,
    ) -> None:
        """Start it by a command that ``prefix`` begins, to judge without some layers, or not without others."""
        options: dict[str, Any] = {"without": [*without], "require": None if require is None else [*require]}
        options["holds_no_secrets"] = holds_no_secrets
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.sandbox.judge", json.dumps(options)],
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

    def receive(self) -> dict[str, Any]:
        """Wait for what it says of a run."""
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def tell(self, source: str, **order: Any) -> dict[str, Any]:
        """Run a program; return all that it says of that."""
        self.send(source, **order)
        return self.receive()

    def run(self, source: str, **order: Any) -> tuple[str, str]:
        """Run a program; return its status and its output."""
        answer = self.tell(source, **order)
        return answer["status"], answer["stdout"]

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
    with LocalSandbox(workers=1, **json.loads(sys.argv[1])) as sandbox, ThreadPoolExecutor(1) as thread:
        for line in sys.stdin:
            order = json.loads(line)
            program._ANSWER_SECONDS = order.get("patience", patience)
            limits = Limits(**order["limits"]) if "limits" in order else QUICK
            print(json.dumps(thread.submit(_tell, sandbox, order, limits).result()), flush=True)


def _tell(sandbox: LocalSandbox, order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    program = Program(source=order["source"], language=order.get("language", "python"))
    try:
        outcome = sandbox.run(Job(program=program, inputs=(Stdin(order.get("stdin", "").encode()),), limits=limits))
    except SandboxError as error:
        return {"fault": type(error).__name__, "text": str(error)}
    (run,) = outcome.runs
    return {
        "status": run.status,
        "stdout": run.stdout.decode(),
        "build": outcome.build.message,
        "layers": outcome.layers,
        "anomalies": outcome.anomalies,
    }


if __name__ == "__main__":
    _main()
