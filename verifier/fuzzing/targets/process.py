"""The campaign's side of a target that runs in a process of its own."""

from __future__ import annotations

import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verifier.fuzzing.target import TargetBroken
from verifier.fuzzing.targets.errors import TargetError
from verifier.fuzzing.targets.frames import ChannelClosedError, receive, send

_START_SECONDS = 120.0
"""Longest that importing the target's module may take: some load models."""
_STOP_SECONDS = 10.0
_ROOT = str(Path(__file__).parents[3])
_RUN = "import sys; sys.path.append(sys.argv.pop()); from verifier.fuzzing.targets.worker import main; main()"


class WorkerProcess:
    """One worker and its keeper, from `start` to `stop`.

    Attributes:
        shape: how the function is called, once started.
    """

    def __init__(self, order: dict[str, Any], environment: Mapping[str, str]) -> None:
        """Start nothing yet.

        Args:
            order: what the worker is to load: `target`, `path`, `shape`, `column` and `seconds`.
            environment: its variables, besides those of this process.
        """
        self.shape = ""
        self._order = order
        self._environment = environment
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether it was started and not stopped."""
        return self._keeper is not None

    def start(self) -> None:
        """Start it, in an empty folder, and wait until the target's module is imported.

        Raises:
            TargetError: the module or the function cannot be had.
        """
        self._folder = tempfile.mkdtemp(prefix="target-")
        self._channel, theirs = socket.socketpair()
        reading, self._lifeline = os.pipe()
        try:
            self._keeper = subprocess.Popen(
                [sys.executable, "-c", _RUN, str(theirs.fileno()), str(reading), _ROOT],
                cwd=self._folder,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), reading),
                start_new_session=True,
            )
        finally:
            theirs.close()
            os.close(reading)
        self._ended = os.pidfd_open(self._keeper.pid)
        try:
            ready = self._exchange(self._order, _START_SECONDS)
        except TargetBroken as error:
            raise TargetError(f"importing {self._order['target'].partition(':')[0]}: it {error}") from None
        if "unusable" in ready:
            self.stop()
            raise TargetError(str(ready["unusable"]))
        self.shape = str(ready.get("shape"))

    def ask(self, answer: str, reference: dict[str, Any], seconds: float) -> float | None:
        """Have one answer judged.

        Raises:
            TargetBroken: there is no reward; what hangs or has died is not running any more.
        """
        reply = self._exchange({"answer": answer, "reference": reference}, seconds)
        if "broken" in reply:
            raise TargetBroken(str(reply["broken"]))
        reward = reply.get("reward")
        if not isinstance(reward, int | float | None):
            self.stop()
            raise TargetBroken("said what is no reward")
        return reward

    def stop(self) -> None:
        """Kill it with all that it started, and wait for that. Safe to call twice."""
        if self._keeper is None:
            return
        keeper, self._keeper = self._keeper, None
        self._channel.close()
        os.close(self._lifeline)
        try:
            keeper.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()
        finally:
            os.close(self._ended)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _exchange(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a message, and wait for the reply.

        Raises:
            TargetBroken: none came; it is not running any more.
        """
        give_up = time.monotonic() + seconds
        try:
            send(self._channel, message, seconds)
            self._wait(give_up)
            return receive(self._channel, max(0.001, give_up - time.monotonic()))
        except TimeoutError:
            problem = f"gave no answer in {seconds:g} s"
        except ChannelClosedError:
            problem = "died"
        except BaseException:
            self.stop()
            raise
        self.stop()
        raise TargetBroken(problem)

    def _wait(self, give_up: float) -> None:
        """Wait for a reply, or the end of the keeper: what the worker started may hold the channel open.

        Raises:
            ChannelClosedError: the keeper has ended.
            TimeoutError: neither.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(self._channel, selectors.EVENT_READ)
            selector.register(self._ended, selectors.EVENT_READ)
            ready = {key.fileobj for key, _ in selector.select(max(0.0, give_up - time.monotonic()))}
        if not ready:
            raise TimeoutError
        if self._channel not in ready:
            raise ChannelClosedError
