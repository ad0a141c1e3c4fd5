"""The Lambda handler on this machine: Amazon's runtime client under Amazon's Runtime Interface Emulator.

    this process  --HTTP, an event-->  emulator  <--Runtime API-->  python -m awslambdaric verifier.lambda_handler

The emulator (emulator_binary.py) differs from Lambda: it serves one call at a time and dies of two, answers errors and
time-outs with status 200, and lets processes in a session of their own outlive a time-out.
"""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from verifier.aws.emulator_binary import EmulatorError, fetch_emulator, find_emulator

__all__ = ["Emulator", "EmulatorError", "invoke_once"]

MAX_PAYLOAD_BYTES = 6 * 1024 * 1024  # docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html

_PATH = "/2015-03-31/functions/function/invocations"
_START_SECONDS = 20.0
_STOP_SECONDS = 10.0
_SLACK_SECONDS = 30.0  # how much longer than the function's time-out a reply is waited for
_TRIES = 3
_LOG_TAIL = 2000

# Becomes the emulator, so that it is the emulator that inherits orphans: stopping can then find every descendant.
_AS_SUBREAPER = """
import ctypes, os, sys
PR_SET_CHILD_SUBREAPER = 36  # prctl(2); kept across exec
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


class Emulator:
    """A Lambda function on this machine, from `__enter__` to `__exit__`. Calls from several threads take turns.

    with Emulator({"VERIFIER_SUITES": "suites"}) as function:
        reply = function.invoke(event)
    """

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        *,
        timeout_seconds: float = 300.0,
        handler: str = "verifier.lambda_handler",
    ) -> None:
        """Start nothing yet.

        Args:
            environment: variables of the function, besides those of this process.
            timeout_seconds: the function's time-out, in whole seconds as Lambda has it; at least 1.
            handler: module and name of the function, joined by a dot.
        """
        self.timeout_seconds = max(1, round(timeout_seconds))
        self._handler = handler
        self._environment = {
            **os.environ,
            **(environment or {}),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(self.timeout_seconds),
        }
        self._calls = threading.Lock()
        self._resources = contextlib.ExitStack()
        self._process: subprocess.Popen[bytes]
        self._log: Path
        self._port: int

    def __enter__(self) -> Self:
        """Start the emulator, and wait until it takes calls.

        Raises:
            EmulatorError: a tool is missing, or the emulator does not start.
        """
        binary = find_emulator()
        if importlib.util.find_spec("awslambdaric") is None:
            raise EmulatorError("the Lambda runtime client is not installed; run: pip install 'rlvr-verifier[lambda]'")
        with self._resources:
            self._log = Path(self._resources.enter_context(tempfile.TemporaryDirectory(prefix="emulator-"))) / "log"
            for _ in range(_TRIES):  # another process can take a port between its choice and its use
                self._start(binary)
                if self._is_ready():
                    self._resources = self._resources.pop_all()
                    return self
                self._stop()
            raise EmulatorError(f"the Lambda emulator does not start; it wrote:\n{self.log[-_LOG_TAIL:]}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the emulator and every process that came from it."""
        with self._resources:
            self._stop()

    @property
    def endpoint(self) -> str:
        """The address at which it answers; the function is called ``function`` there."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> str:
        """What the emulator and the function have written so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def invoke(self, event: object) -> Any:
        """Call the function and return its reply, decoded.

        Raises:
            EmulatorError: the function raised, ended, or ran out of time; or the event or the reply is over 6 MB, or
                not JSON.
        """
        try:
            payload = json.dumps(event, allow_nan=False).encode()
        except ValueError:
            raise EmulatorError("the event holds NaN or an infinity, which the Lambda runtime does not read") from None
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise EmulatorError(f"the event has {len(payload)} bytes, and Lambda takes {MAX_PAYLOAD_BYTES}; split it")
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self.timeout_seconds + _SLACK_SECONDS)
        try:
            with self._calls, contextlib.closing(connection):
                connection.request("POST", _PATH, payload, {"Content-Type": "application/json"})
                text = connection.getresponse().read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise self._failure(f"the Lambda emulator did not answer ({type(error).__name__})") from None
        return self._reply(text)

    def _reply(self, text: str) -> Any:
        """Tell a reply from a failure: the emulator sends both with status 200, and neither with an error header."""
        try:
            reply = json.loads(text)
        except ValueError:
            if text.startswith("Task timed out"):
                raise self._failure(f"the function ran out of its {self.timeout_seconds} s; allow more") from None
            raise self._failure("the reply is not JSON; replies over 6 MB are cut off") from None
        if isinstance(reply, dict) and "errorType" in reply and "errorMessage" in reply:
            raise self._failure(f"the function failed: {reply['errorType']}: {reply['errorMessage']}")
        return reply

    def _failure(self, message: str) -> EmulatorError:
        return EmulatorError(f"{message}; the end of its log:\n{self.log[-_LOG_TAIL:]}")

    def _start(self, binary: Path) -> None:
        self._port, runtime_port = _free_ports()
        emulator = [
            *(str(binary), "--log-level", "error"),
            *("--runtime-interface-emulator-address", f"127.0.0.1:{self._port}"),
            *("--runtime-api-address", f"127.0.0.1:{runtime_port}"),
        ]
        function = [sys.executable, "-m", "awslambdaric", self._handler]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _AS_SUBREAPER, *emulator, *function],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )

    def _is_ready(self) -> bool:
        """Wait until the emulator takes connections; False when it has ended, or takes too long."""
        give_up = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < give_up:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
                return self._process.poll() is None
            time.sleep(0.01)
        return False

    def _stop(self) -> None:
        """Kill the emulator and all its descendants.

        Each is stopped before any is killed, so that none can start another, and the emulator goes last: while it
        lives, orphans are its children and can be found.
        """
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._process.pid)
            found: set[psutil.Process] = set()
            while new := set(root.children(recursive=True)) - found:
                found |= new
                _each(new, "suspend")
            _each(found, "kill")
            give_up = time.monotonic() + _STOP_SECONDS
            while any(map(_is_alive, found)) and time.monotonic() < give_up:
                time.sleep(0.005)
        self._process.kill()
        self._process.wait()


def _each(processes: set[psutil.Process], action: str) -> None:
    """Do something to processes, some of which may have ended."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            getattr(process, action)()


def _is_alive(process: psutil.Process) -> bool:
    """Whether a process still runs. A zombie does not: the emulator does not collect the orphans it inherits."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def invoke_once(event: object, *, suites: str | None, policy: str | None, timeout: float = 300.0) -> Any:
    """Send one event through the handler and return its reply, fetching the emulator when it is not here yet.

    Args:
        event: decoded JSON.
        suites: as VERIFIER_SUITES; None leaves that of this process.
        policy: as VERIFIER_POLICY; likewise.
        timeout: seconds the function may take.

    Raises:
        EmulatorError: as `Emulator`.
    """
    given = {"VERIFIER_SUITES": suites, "VERIFIER_POLICY": policy}
    environment = {name: value for name, value in given.items() if value is not None}
    try:
        find_emulator()
    except EmulatorError:
        fetch_emulator()
    with Emulator(environment, timeout_seconds=timeout) as function:
        return function.invoke(event)


def _free_ports() -> tuple[int, int]:
    """Return two ports of 127.0.0.1 that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
